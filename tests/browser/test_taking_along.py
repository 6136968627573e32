"""An administrator takes a table along, as people do: a press, and it is in the folder of downloads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.machine import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_table_is_found_and_downloaded_and_the_page_stays(browser: Browser, demo_address: str) -> None:
    context = browser.new_context(base_url=demo_address, locale="nl-NL", accept_downloads=True)
    page = context.new_page()
    sign_in(page, "mo")
    page.goto("/mijn")
    page.get_by_role("link", name="Alle gegevens").click()
    page.get_by_role("link", name="Reserveringen Wie een ruimte").click()
    page.get_by_text("CSV", exact=True).click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download deze tabel").click()
    kept = coming.value
    assert kept.suggested_filename == "ontmoet-booking-2026-11-24.csv"
    assert Path(kept.path()).read_bytes().startswith(b"\xef\xbb\xbfid;public_id;room_id;")
    assert page.get_by_role("heading", level=1).inner_text() == "Reserveringen"
    context.close()
