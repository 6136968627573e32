"""A letter on paper and on a phone, in Chromium."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests import builders as make
from tests.browser.looks import faults_of, listen
from tests.browser.machine import served
from tests.joining.deeds import a_letter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.cast import Neighbourhood

pytestmark = pytest.mark.browser


@pytest.fixture
def address(hood: Neighbourhood) -> Iterator[str]:
    """Where a neighbourhood of its own answers: joining changes it."""
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    with served(hood.app) as address:
        yield address


def choosing(browser: Browser, address: str) -> Page:
    """Sanne's page of letters, as wide as a sheet of A4; one home is ticked."""
    page = browser.new_page(base_url=address, viewport={"width": 794, "height": 1123})
    page.goto("/inloggen?next=/r/de-linde/brieven")
    page.fill("#email", "sanne@proef.example")
    page.fill("#password", make.PASSWORD)
    page.press("#password", "Enter")
    page.check("input[value=linde-14b]")
    return page


def printed(browser: Browser, address: str) -> Page:
    """Her print page with a letter for two homes."""
    page = choosing(browser, address)
    page.check("input[value=linde-16]")
    page.get_by_role("button", name="Maak brieven voor wat ik koos").click()
    expect(page.locator(".om-letter")).to_have_count(2)
    return page


def test_second_tap_does_not_take_the_letters_away(browser: Browser, address: str) -> None:
    page = choosing(browser, address)
    # Both taps in one turn: the answer to the first cannot have come yet.
    stopped = page.get_by_role("button", name="Maak brieven voor wat ik koos").evaluate(
        "button => { const stopped = [];"
        " button.form.addEventListener('submit', event => stopped.push(event.defaultPrevented));"
        " button.click(); button.click(); return stopped; }"
    )
    assert stopped == [False, True]
    expect(page.get_by_role("heading", level=1)).to_have_text("1 brief om af te drukken")
    expect(page.locator(".om-letter")).to_have_count(1)
    # Back on the page it can be asked for anew.
    page.get_by_role("link", name="Terug naar de woningen").click()
    page.check("input[value=linde-14b]")
    page.get_by_role("button", name="Maak brieven voor wat ik koos").click()
    expect(page.locator(".om-letter")).to_have_count(1)
    page.context.close()


def test_each_letter_is_one_sheet_of_a4_and_its_code_is_read(browser: Browser, address: str) -> None:
    page = printed(browser, address)
    assert faults_of(page) == []
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 2
    assert set(re.findall(rb"/MediaBox ?\[0 0 (\d+)[.\d]* (\d+)", pdf)) == {(b"594", b"841")}
    page.emulate_media(media="print")
    fits = "[...document.querySelectorAll('.om-letter')].every(e => e.scrollHeight <= e.clientHeight)"
    assert page.evaluate(fits)
    typed = ["".join(text.split()).lower() for text in page.locator(".om-code").all_inner_texts()]
    for letter, code in zip(page.locator(".om-letter").all(), typed, strict=True):
        picture = Image.open(io.BytesIO(letter.screenshot()))
        assert [found.text for found in zxingcpp.read_barcodes(picture)] == [
            f"http://127.0.0.1:8000/welkom/{code}"
        ]
    page.close()


def test_home_is_added_by_who_is_signed_in(browser: Browser, address: str, hood: Neighbourhood) -> None:
    code = a_letter(hood)
    phone = browser.new_page(base_url=address, viewport={"width": 360, "height": 740}, locale="nl-NL")
    complaints = listen(phone)
    phone.goto(f"/inloggen?next=/welkom/{code}")
    phone.fill("#email", "fatma@proef.example")
    phone.fill("#password", make.PASSWORD)
    phone.press("#password", "Enter")
    expect(phone.get_by_role("heading", name="Woon je hier ook?")).to_be_visible()
    assert faults_of(phone) == []
    phone.get_by_role("button", name="Ja, ik woon hier ook").click()
    expect(phone.locator("#accepts_rules-error")).to_be_visible()
    assert faults_of(phone) == []
    phone.get_by_text("Ik doe mee met de huisregels").click()
    phone.get_by_role("button", name="Ja, ik woon hier ook").dblclick()
    expect(phone.get_by_text("linde-14b staat nu bij jouw adressen.").first).to_be_visible()
    phone.goto(f"/welkom/{code}")
    expect(phone.get_by_role("heading", name="Je doet al mee")).to_be_visible()
    assert faults_of(phone) == []
    assert complaints == []
    phone.close()


def test_child_sees_who_is_asked_when_the_box_is_ticked(
    browser: Browser, address: str, hood: Neighbourhood
) -> None:
    code = a_letter(hood)
    context = browser.new_context(
        base_url=address, viewport={"width": 360, "height": 740}, java_script_enabled=True, locale="nl-NL"
    )
    phone = context.new_page()
    complaints = listen(phone)
    phone.goto(f"/welkom/{code}")
    expect(phone.locator("#guardian")).to_be_hidden()
    phone.get_by_text("Ik ben jonger dan 16 jaar").click()
    expect(phone.locator("#guardian")).to_be_visible()
    assert faults_of(phone) == []
    phone.fill("#name", "Sem de Proef")
    phone.fill("#guardian", "Opa Jan")
    phone.fill("#pin", make.PIN)
    phone.get_by_text("Dit is niet mijn telefoon").click()
    phone.get_by_text("Ik doe mee met de huisregels").click()
    phone.get_by_role("button", name="Doe mee", exact=True).click()
    expect(phone.locator("#guardian-error")).to_be_visible()
    assert faults_of(phone) == []
    phone.get_by_text("Ik ben jonger dan 16 jaar").click()
    expect(phone.locator("#guardian-error")).to_be_visible()
    phone.get_by_text("Ik ben jonger dan 16 jaar").click()
    phone.fill("#guardian", "Noor de Proef")
    phone.fill("#pin", make.PIN)
    phone.get_by_role("button", name="Doe mee", exact=True).click()
    expect(phone.get_by_role("heading", name="Nog even wachten")).to_be_visible()
    assert faults_of(phone) == []
    phone.goto("/inloggen/adres")
    phone.fill("#address_name", "linde-14b")
    phone.fill("#nickname", "Sem")
    phone.fill("#pin", make.PIN)
    phone.get_by_role("button", name="Log in", exact=True).click()
    expect(phone.locator("#guardian")).to_be_visible()
    assert faults_of(phone) == []
    assert complaints == []
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_the_letter_to_a_booking_on_a_phone_without_email(
    browser: Browser, address: str, script: bool
) -> None:
    paper = printed(browser, address)
    picture = Image.open(io.BytesIO(paper.locator(".om-letter").first.screenshot()))
    scanned = zxingcpp.read_barcodes(picture)[0].text
    paper.close()
    context = browser.new_context(
        base_url=address,
        viewport={"width": 360, "height": 740},
        java_script_enabled=script,
        has_touch=True,
        locale="nl-NL",
    )
    phone = context.new_page()
    complaints = listen(phone)
    phone.goto(scanned.removeprefix("http://127.0.0.1:8000"))
    if script:
        assert faults_of(phone) == []
    phone.fill("#name", "Henk Mulder")
    phone.fill("#pin", "123456")
    phone.get_by_text("Dit is mijn eigen telefoon").tap()
    phone.get_by_text("Ik doe mee met de huisregels").tap()
    phone.get_by_role("button", name="Doe mee", exact=True).tap()
    expect(phone.get_by_text("Deze pincode is te makkelijk te raden.").first).to_be_visible()
    if script:
        assert faults_of(phone) == []
    phone.fill("#pin", make.PIN)
    phone.get_by_role("button", name="Doe mee", exact=True).tap()
    expect(phone.get_by_text("Welkom, Henk.")).to_be_visible()
    phone.get_by_role("link", name="Reserveer deze tijd").tap()
    phone.get_by_role("button", name="Reserveer", exact=True).tap()
    expect(phone.get_by_text("Gelukt, Henk.")).to_be_visible()
    assert complaints == []
    context.close()
