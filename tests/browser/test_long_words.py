"""One long word that somebody typed, on the narrowest screen: everything wraps, nothing scrolls sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bookings.request_deeds import ask, let_ask
from tests.browser.machine import CAST, served, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.cast import Neighbourhood

pytestmark = pytest.mark.browser

AGENDA = ("?dag=2026-11-25", "?lijst=2026-11-24", "?maand=2026-11", "?week=2026-W48")


@pytest.mark.parametrize("word", ["Vrijwilligersbijeenkomst", "x" * 80])
def test_long_word_makes_no_page_wider_than_the_screen(
    blind: Browser, hood: Neighbourhood, word: str
) -> None:
    booked = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", purpose=word)
    let_ask(hood)
    asked = ask(hood, purpose=word)
    paths = [*(f"/r/de-linde/agenda{query}" for query in AGENDA), f"/reserveringen/{booked}", "/mijn"]
    with served(hood.app) as address:
        wide = {}
        for name, where in (("noor", paths), ("kim", [f"/reserveringen/{asked}", "/r/het-plein/aanvragen"])):
            with blind.new_page(base_url=address, viewport={"width": 320, "height": 640}) as page:
                sign_in(page, name, CAST)
                for path in where:
                    page.goto(path)
                    page.evaluate(
                        "document.querySelectorAll('details').forEach((each) => { each.open = true })"
                    )
                    wide[path] = page.evaluate("document.documentElement.scrollWidth")
                    assert word in page.content() or path == "/mijn"
    assert set(wide.values()) == {320}, wide
