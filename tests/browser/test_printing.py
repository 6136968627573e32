"""What comes out of the printer: on how many sheets, and which way up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_pages import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

BOX = re.compile(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]")


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


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/r/de-linde/agenda?week=2026-W48", ["lying"]),
        ("/r/de-linde/huisregels/afdrukken", ["standing"]),
        ("/r/de-linde/huisregels/op-papier", ["standing"]),
        ("/r/de-linde/bellijst/briefjes", ["standing"]),
    ],
)
def test_what_is_made_for_paper_takes_one_sheet(sanne: Page, path: str, expected: list[str]) -> None:
    sanne.goto(path)
    assert sheets(sanne) == expected


def test_week_on_paper_shows_all_seven_days_beside_each_other(sanne: Page) -> None:
    sanne.goto("/r/de-linde/agenda?week=2026-W48")
    sanne.set_viewport_size({"width": 360, "height": 740})
    sanne.emulate_media(media="print")
    days = sanne.locator(".om-week__day h2").all()
    assert len({round((day.bounding_box() or {"y": 0})["y"]) for day in days}) == 1
    assert len(days) == 7
