"""The week as a grid, where there is room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

IN_FRONT = """() => {
    const line = document.querySelector(".om-week__now");
    line.style.pointerEvents = "auto";
    const box = line.getBoundingClientRect();
    const at = (part) => document.elementFromPoint(box.left + box.width * part, box.top + 1);
    return [at(0.002) === line, at(0.5).closest(".om-slot") !== null];
}"""
"""Whether the line for now is in front at the edge of the day, and a slot in the middle of it."""


def test_line_for_now_strikes_nothing_out_and_shows_at_the_edge(browser: Browser, demo_address: str) -> None:
    with browser.new_context(base_url=demo_address, viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto("/r/de-brug/agenda")  # there is a booking just now
        assert page.evaluate(IN_FRONT) == [True, True]
