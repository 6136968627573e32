"""Coming, closing up and answering on a phone: by taps, without script too, and axe finds nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.bookings.pictures import a_picture
from tests.browser.looks import faults_of
from tests.browser.machine import CAST, served, sign_in
from tests.watching import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from tests.cast import Neighbourhood

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def address(hood: Neighbourhood) -> Iterator[str]:
    """Where a neighbourhood of its own answers: what is said here stays said."""
    with served(hood.app) as address:
        yield address


def test_resident_comes_closes_up_and_answers_by_taps(
    browser: Browser,
    address: str,
    hood: Neighbourhood,
    moment: Callable[[timedelta], None],
) -> None:
    came = hood.book("noor", "2026-11-24 14:15", "2026-11-24 16:00")
    stayed = hood.book("noor", "2026-11-24 18:00", "2026-11-24 19:00")
    context = browser.new_context(base_url=address, viewport=PHONE, java_script_enabled=True)
    page = context.new_page()
    sign_in(page, "noor", CAST)
    page.goto("/r/de-linde")
    assert faults_of(page) == []
    page.get_by_role("button", name="Ik ben er").click()
    page.get_by_text("Aangemeld om 14:05").wait_for()
    assert faults_of(page) == []

    moment(timedelta(hours=1))
    page.goto(f"/reserveringen/{came}")
    assert faults_of(page) == []
    page.get_by_role("link", name="Afsluitlijst").click()
    assert faults_of(page) == []
    page.get_by_label("Netjes achtergelaten").focus()
    page.keyboard.press("Space")
    page.get_by_label("Lampen uit").check()
    page.fill("#note", "x" * 200)
    page.set_input_files(
        "#photo", {"name": "foto.png", "mimeType": "image/png", "buffer": a_picture("PNG", (1200, 900))}
    )
    page.get_by_role("button", name="Klaar").click()
    page.get_by_text("Zo bleef de ruimte achter").wait_for()
    assert faults_of(page) == []
    shown = page.get_by_role("link", name="Bekijk de foto").get_attribute("href")
    assert page.request.get(f"{address}{shown}").headers["content-type"] == "image/jpeg"

    moment(timedelta(hours=5))
    page.goto(f"/reserveringen/{stayed}")
    assert faults_of(page) == []
    page.get_by_role("link", name="Was je er?").click()
    assert faults_of(page) == []
    page.get_by_role("button", name="Nee, het ging niet door").click()
    page.get_by_text("Er was niemand.").wait_for()
    context.close()
    found = rows(hood.app, "select kind, was_there from use_trace order by id")
    assert [(row.kind, row.was_there) for row in found] == [
        ("check_in", None),
        ("closing", None),
        ("answer", 0),
    ]


def test_without_script_it_goes_the_same(browser: Browser, address: str, hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-24 14:15", "2026-11-24 16:00")
    context = browser.new_context(base_url=address, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "noor", CAST)
    page.goto("/r/de-linde")
    page.get_by_role("button", name="Ik ben er").click()
    assert page.get_by_text("Aangemeld om 14:05").is_visible()
    context.close()
