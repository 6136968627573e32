"""What comes out of the printer: on how many sheets, and which way up."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image

from tests.browser.machine import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

BOX = re.compile(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]")
SHEETS = {
    "/r/de-linde/agenda?week=2026-W48": ["lying"],
    "/r/de-linde/huisregels/afdrukken": ["standing"],
    "/r/de-linde/huisregels/op-papier": ["standing"],
    "/r/de-linde/bellijst/briefjes": ["standing"],
    "/r/de-linde/poster": ["standing"],
    "/r/de-ark/poster": ["standing"],
    "/r/de-linde/agenda/afdrukken?dag=2026-11-24": ["lying"],
    "/r/t-hoekje/agenda/afdrukken?week=2026-W48": ["lying"],
    "/r/t-hoekje/agenda/afdrukken?week=2026-W44&weken=4": ["lying"] * 4,
    # The busiest room: a week that does not fit goes on on a second sheet.
    "/r/de-linde/agenda/afdrukken?week=2026-W48": ["lying"] * 2,
}
"""What comes out of the printer for each page that is made for paper."""


@pytest.fixture
def sanne(browser: Browser, demo_address: str) -> Iterator[Page]:
    """The browser of a member of staff."""
    context = browser.new_context(base_url=demo_address, locale="nl-NL")
    page = context.new_page()
    sign_in(page, "sanne")
    yield page
    context.close()


def sheets(page: Page) -> list[str]:
    """Each sheet of the page, standing or lying, on a printer that was set to standing A4."""
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    return ["lying" if float(box[1]) > float(box[2]) else "standing" for box in BOX.finditer(printed)]


def test_what_is_made_for_paper_takes_so_many_sheets(sanne: Page) -> None:
    taken = {}
    for path in SHEETS:
        sanne.goto(path)
        taken[path] = sheets(sanne)
    assert taken == SHEETS


def test_week_on_paper_shows_all_seven_days_beside_each_other(sanne: Page) -> None:
    sanne.goto("/r/de-linde/agenda?week=2026-W48")
    sanne.set_viewport_size({"width": 360, "height": 740})
    sanne.emulate_media(media="print")
    days = sanne.locator(".om-week__day h2").all()
    assert len({round((day.bounding_box() or {"y": 0})["y"]) for day in days}) == 1
    assert len(days) == 7


def test_sheet_to_tally_on_cuts_nothing_off(sanne: Page) -> None:
    """As wide as A4 lying down within its margins: nothing goes over the edge, each row can hold strokes."""
    sanne.set_viewport_size({"width": 1032, "height": 718})
    sanne.goto("/r/de-linde/agenda/afdrukken?maand=2026-11")
    sanne.emulate_media(media="print")
    measured = sanne.evaluate(
        """() => {
            const rows = [...document.querySelectorAll(".om-tally tbody tr")];
            const days = [...document.querySelectorAll(".om-tally tbody")];
            const boxes = rows.map((row) => row.querySelector(".om-tally__marks").getBoundingClientRect());
            return {
                rows: rows.length,
                wide: document.documentElement.scrollWidth,
                least: Math.min(...boxes.map((box) => box.width)),
                low: Math.min(...boxes.map((box) => box.height)),
                day: Math.max(...days.map((day) => day.offsetHeight)),
            };
        }"""
    )
    assert measured["rows"] > 100
    assert measured["wide"] <= 1032
    assert measured["least"] >= 75 / 25.4 * 96
    assert measured["low"] >= 7.9 / 25.4 * 96
    assert measured["day"] < 718


@pytest.mark.parametrize(
    ("path", "place", "opens"),
    [
        ("/r/de-linde/poster", ".om-door-poster__code", "/r/de-linde"),
        (
            "/r/de-linde/agenda/afdrukken?week=2026-W48",
            ".om-tally__foot",
            "/r/de-linde/opkomst?dag=2026-11-23",
        ),
    ],
)
def test_code_on_paper_is_read_from_paper(sanne: Page, path: str, place: str, opens: str) -> None:
    sanne.goto(path)
    sanne.set_viewport_size({"width": 1032, "height": 1046})
    sanne.emulate_media(media="print")
    picture = Image.open(io.BytesIO(sanne.locator(place).first.screenshot()))
    codes = [code.text for code in zxingcpp.read_barcodes(picture)]
    assert codes == [f"http://127.0.0.1:8000{opens}"]
