"""Jobs of a day by keys alone and without script: nothing here is tapped, clicked or swapped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from ontmoet.db import execute, unit_of_work
from ontmoet.keys.rules import person
from ontmoet.people.models import Person
from ontmoet.rooms.models import Home
from tests import builders as make
from tests.browser.machine import served
from tests.keys.deeds import a_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.cast import Neighbourhood

pytestmark = pytest.mark.browser

NEW_PIN = "926174"


@pytest.fixture
def address(hood: Neighbourhood) -> Iterator[str]:
    """Where a neighbourhood of its own answers. Noor also has a PIN; Ali has no e-mail, so is called."""
    home, person_row = Home.__table__, Person.__table__
    with hood.app.app_context(), unit_of_work():
        execute(
            update(person_row)
            .where(person_row.c.id == hood.people["ali"])
            .values(email=None, channel="call", phone="06 1234 5678")
        )
        where = execute(select(home.c.id).where(home.c.address_name == "linde-14b")).scalar_one()
    with hood.app.app_context():
        make.make_pin(person_id=hood.people["noor"], home_id=where, nickname="noor")
        make.make_rules(room_id=hood.linde)
    with served(hood.app) as address:
        yield address


@pytest.fixture
def page(blind: Browser, address: str) -> Iterator[Page]:
    context = blind.new_context(base_url=address, java_script_enabled=False, locale="nl-NL")
    yield context.new_page()
    context.close()


def go(page: Page, role: str, name: str) -> None:
    """Press Enter on a link or button."""
    page.get_by_role(role, name=name, exact=True).first.press("Enter")  # type: ignore[arg-type]


def choose(page: Page, name: str) -> None:
    """Press the space bar on a choice or a tick."""
    page.get_by_label(name).press("Space")


def say(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_visible()


def sign_in(page: Page, name: str) -> None:
    page.goto("/inloggen")
    page.fill("#email", f"{name}@proef.example")
    page.fill("#password", make.PASSWORD)
    page.press("#password", "Enter")


def test_resident_agrees_books_changes_cancels_and_leaves(page: Page) -> None:
    page.goto("/inloggen/adres")
    for field, typed in (("address_name", "linde-14b"), ("nickname", "noor"), ("pin", make.PIN)):
        page.fill(f"#{field}", typed)
    page.press("#pin", "Enter")
    page.goto("/r/de-linde")
    go(page, "link", "Reserveer deze tijd")
    go(page, "link", "Naar de huisregels")
    go(page, "button", "Ik doe mee met deze huisregels")
    go(page, "button", "Reserveer")
    say(page, "Gelukt, Noor.")
    booking = page.url
    page.get_by_role("link", name="Verander de tijd").press("Enter")
    page.get_by_label("Hoeveel mensen?").fill("7")
    go(page, "button", "Verander mijn reservering")
    expect(page).to_have_url(booking)
    say(page, "7 mensen")
    go(page, "button", "Zeg af")
    say(page, "Afgezegd.")

    page.goto("/mijn/pincode")
    page.fill("#current", make.PIN)
    page.fill("#pin", NEW_PIN)
    page.press("#pin", "Enter")
    expect(page.locator(".om-error-summary")).to_have_count(0)
    page.goto("/mijn/gegevens")
    with page.expect_download() as download:
        go(page, "button", "Download alles")
    assert download.value.suggested_filename.endswith(".zip")
    page.get_by_role("link", name="Lees wat er dan gebeurt").press("Enter")
    choose(page, "Ik weet het zeker")
    go(page, "button", "Wis mijn gegevens")
    expect(page).to_have_url(re.compile("/inloggen"))


def test_volunteers_and_staff_help_hand_out_and_tell(page: Page, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    sign_in(page, "sanne")
    page.goto("/r/de-linde/namens")
    page.fill("#name", "ali de")
    page.press("#name", "Enter")
    page.get_by_role("link", name="Ali de Proef").press("Enter")
    go(page, "link", "Naar de huisregels om te tekenen")
    go(page, "button", "Ali de Proef heeft getekend")
    go(page, "button", "Reserveer voor Ali de Proef")
    say(page, "Ali de Proef")
    expect(page).to_have_url(re.compile(r"/reserveringen/[0-9a-z]{10}$"))
    hood.work()
    page.goto("/r/de-linde/bellijst")
    page.get_by_role("button", name="Verteld aan Ali de Proef").press("Enter")
    say(page, "Al verteld")

    page.goto(f"/sleutels/{ring.public_id}")
    page.get_by_role("link", name="Aan iemand anders geven").press("Enter")
    page.fill("#name", "ali de")
    page.press("#name", "Enter")
    choose(page, "Morgenochtend")
    go(page, "button", "Geef de sleutel")
    assert ring.now.holder == person(hood.people["ali"])
    page.goto(f"/sleutels/{ring.public_id}")
    go(page, "button", "Neem terug")
    say(page, "Ligt in het kastje")

    page.goto("/r/de-linde/mensen")
    page.fill("#name", "noor de")
    page.press("#name", "Enter")
    page.get_by_role("link", name="Noor de Proef").press("Enter")
    page.get_by_role("link", name="Geef een functie").press("Enter")
    choose(page, "Sleutelbeheerder")
    go(page, "button", "Geef deze functie")
    say(page, "Sleutelbeheerder")
