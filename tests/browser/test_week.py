"""The week as a grid, where there is room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from tests.browser.machine import CAST, served, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

    from tests.cast import Neighbourhood

pytestmark = pytest.mark.browser

LAPTOP: ViewportSize = {"width": 1280, "height": 900}

IN_FRONT = """() => {
    const line = document.querySelector(".om-week__now");
    line.style.pointerEvents = "auto";
    const box = line.getBoundingClientRect();
    const at = (part) => document.elementFromPoint(box.left + box.width * part, box.top + 1);
    return [at(0.002) === line, at(0.5).closest(".om-slot") !== null];
}"""
"""Whether the line for now is in front at the edge of the day, and a slot in the middle of it."""


def test_line_for_now_strikes_nothing_out_and_shows_at_the_edge(browser: Browser, demo_address: str) -> None:
    with browser.new_context(base_url=demo_address, viewport=LAPTOP) as context:
        page = context.new_page()
        page.goto("/r/de-brug/agenda")  # there is a booking just now
        assert page.evaluate(IN_FRONT) == [True, True]


SEEN = r"""() => {
    const letters = document.createRange();
    const title = document.querySelector("[data-booking] b").lastChild;
    letters.setStart(title, title.data.search(/\S/));
    letters.setEnd(title, title.data.search(/\S/) + 3);
    const { bottom, right } = letters.getBoundingClientRect();
    const slot = document.querySelector("[data-booking] .om-slot").getBoundingClientRect();
    return right < slot.right && bottom <= slot.bottom;
}"""
"""Whether the beginning of a title is drawn inside its slot."""


def test_half_an_hour_shows_how_its_title_begins(browser: Browser, hood: Neighbourhood) -> None:
    hood.book(
        "noor", "2026-11-25 14:00", "2026-11-25 14:30", purpose="Vrijwilligersbijeenkomst van de straat"
    )
    with served(hood.app) as address, browser.new_page(base_url=address, viewport=LAPTOP) as page:
        sign_in(page, "noor", CAST)
        page.goto("/r/de-linde/agenda")
        assert page.evaluate(SEEN)


LOOKS = """() => {
    const look = (name) => {
        const style = getComputedStyle(document.querySelector(name));
        return [style.borderTopStyle, style.borderTopWidth, style.borderTopColor, style.backgroundColor];
    };
    const names = [
        "slot--busy", "slot--open", "slot--closed",
        "swatch--busysoft", "swatch--open", "swatch--closedsoft", "swatch--white",
    ];
    return names.map((name) => look(`.om-${name}`));
}"""
"""How the edges and grounds are drawn of what is busy, for everybody and closed, and in the legend."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_legend_is_told_by_the_edges_of_the_week_where_colours_are_forced(
    browser: Browser, demo_address: str, scheme: Literal["light", "dark"]
) -> None:
    with browser.new_page(base_url=demo_address, viewport=LAPTOP) as page:
        page.emulate_media(forced_colors="active", color_scheme=scheme)
        page.goto("/stijlgids?deel=tijd")
        busy, is_open, closed, explains_busy, explains_open, explains_closed, explains_free = page.evaluate(
            LOOKS
        )
        assert explains_busy == busy
        assert explains_open == is_open
        # What is closed has stripes as well in the legend: the hours in which nobody may come have them.
        assert explains_closed[:2] == closed[:2]
        looks = (explains_busy, explains_open, explains_closed, explains_free)
        assert len({look[0] for look in looks}) == 4
