"""The agenda in Chromium: turned by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.machine import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_turning_the_agenda_is_a_new_page_that_a_screen_reader_reads(
    blind: Browser, demo_address: str
) -> None:
    """What htmx would put in its place is not said, and leaves the focus nowhere."""
    with blind.new_page(base_url=demo_address, viewport={"width": 360, "height": 740}) as page:
        sign_in(page, "noor")
        page.goto("/r/de-linde/agenda")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.resource_type))
        for name in ("Week 49", "Dag", "Maand"):
            page.get_by_role("link", name=name, exact=True).first.press("Enter")
            page.wait_for_load_state()
        assert "document" in asked
        assert not {"xhr", "fetch"} & set(asked)
