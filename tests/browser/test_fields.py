"""Forms on a phone: what is filled in can be read whole, and so can what stands beside and on a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.machine import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TOO_NARROW = """fields => fields.filter(field => {
  const room = field.offsetWidth;
  field.style.cssText = "inline-size: max-content; max-inline-size: none";
  const need = field.offsetWidth;
  field.style.cssText = "";
  return need > room;
}).map(field => field.id)"""
"""The fields that would be wider, had they the room for each of their answers."""


@pytest.mark.parametrize(
    "path",
    ["/r/de-linde/openingstijden/dagen", "/r/de-linde/sluitingen/nieuw", "/r/de-linde/reserveerregels"],
)
def test_date_or_length_of_time_is_read_whole_on_a_phone(page: Page, path: str) -> None:
    sign_in(page, "sanne")
    page.goto(path)
    fields = page.locator("input[type=date], select")
    assert fields.count() > 0
    assert fields.evaluate_all(TOO_NARROW) == []


def test_ring_of_the_time_that_is_asked_for_stands_clear_of_the_words(page: Page) -> None:
    sign_in(page, "noor")
    page.goto("/r/de-linde/reserveren?van=2026-12-02T19:00&tot=2026-12-02T21:00")
    assert page.locator(".om-dots i").first.get_attribute("class") == "om-new"
    words, first = page.locator("p:has(> .om-dots) > strong"), page.locator(".om-dots i").first
    ends = words.evaluate("words => [...words.getClientRects()].at(-1).right")
    # The ring is four wide.
    assert first.evaluate("dot => dot.getBoundingClientRect().left") - 4 - ends >= 4


def test_words_on_a_button_are_spread_over_its_lines(page: Page) -> None:
    sign_in(page, "sanne")
    page.goto("/r/de-linde/openingstijden")
    lines = page.get_by_role("button", name="Maandag tot en met vrijdag zo").evaluate("""button => {
      const words = document.createRange();
      words.selectNodeContents(button);
      return [...words.getClientRects()].map(line => line.width);
    }""")
    assert len(lines) == 2
    assert lines[1] > lines[0] / 2
