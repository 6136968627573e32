"""The screen in the hall: it fills a television either way up, and keeps what it shows without a link."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.browser.looks import listen

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SCREEN = "/r/de-linde/scherm"
A_MINUTE = 61_000


def test_screen_renews_itself_and_keeps_what_it_shows_when_nobody_answers(
    browser: Browser, demo_address: str, moment: Callable[[timedelta], None]
) -> None:
    context = browser.new_context(base_url=demo_address, viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    complaints = listen(page)
    page.clock.install()
    statuses: list[int] = []
    # Not before the first answer is in: the ones after it are counted.
    page.goto(SCREEN, wait_until="networkidle")
    expect(page.locator("#clock")).to_have_text("14:05")
    page.on("response", lambda response: statuses.append(response.status))

    moment(timedelta(minutes=1))
    page.clock.fast_forward(A_MINUTE)
    expect(page.locator("#updated")).to_have_text("Bijgewerkt om 14:06")
    assert statuses == [304]

    shown = page.locator("#screen").inner_text()
    context.set_offline(True)
    moment(timedelta(minutes=2))
    for _ in range(2):
        page.clock.fast_forward(A_MINUTE)
        expect(page.locator("#lost")).to_have_text("Geen verbinding sinds 14:06")
    expect(page.locator("#updated")).to_be_hidden()
    expect(page.locator("#clock")).to_have_text("14:08")
    assert page.locator("#screen").inner_text() == shown

    moment(timedelta(hours=2))  # what was going on is over
    context.set_offline(False)
    page.clock.fast_forward(A_MINUTE)
    expect(page.locator("#updated")).to_have_text("Bijgewerkt om 16:08")
    expect(page.locator("#lost")).to_be_hidden()
    assert page.locator("#screen").inner_text() != shown

    moment(timedelta(hours=7))
    page.clock.fast_forward(A_MINUTE)
    expect(page.locator("body.om-tv--night")).to_have_count(1)
    assert complaints == []
    context.close()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (1280, 720)])
def test_screen_fills_a_television_and_its_code_is_read(
    browser: Browser, demo_address: str, width: int, height: int
) -> None:
    context = browser.new_context(base_url=demo_address, viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(SCREEN)
    expect(page.locator("#clock")).to_be_visible()
    measured = page.evaluate(
        """() => {
            const seen = document.querySelector(".om-tv__list ul").getBoundingClientRect();
            const items = [...document.querySelectorAll(".om-tv__list li")];
            const rows = items.map((item) => item.getBoundingClientRect());
            const letters = [...document.querySelectorAll("main :is(h1, p, b, small, span)")];
            return {
                wide: document.documentElement.scrollWidth,
                high: document.documentElement.scrollHeight,
                cut: rows.filter((row) => row.left < seen.right && row.bottom > seen.bottom + 1).length,
                whole: rows.filter((row) => row.right <= seen.right + 1).length,
                least: Math.min(...letters.map((one) => parseFloat(getComputedStyle(one).fontSize))),
            };
        }"""
    )
    assert (measured["wide"], measured["high"]) == (width, height)
    assert (measured["cut"], measured["whole"]) == (0, 4)
    assert measured["least"] >= max(width, height) * 34 / 1920
    # The picture moves a little after a while, and no scroll bar appears.
    moved = page.evaluate(
        """() => {
            const main = document.querySelector("main");
            main.getAnimations()[0].currentTime = 700_000;
            const box = main.getBoundingClientRect();
            return [box.x, box.y, document.documentElement.clientWidth];
        }"""
    )
    assert moved == [6, 6, width]
    picture = Image.open(io.BytesIO(page.screenshot()))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["http://127.0.0.1:8000/r/de-linde"]
    context.close()


def test_screen_without_script_asks_again_by_itself(browser: Browser, demo_address: str) -> None:
    context = browser.new_context(base_url=demo_address, java_script_enabled=False)
    page = context.new_page()
    page.goto(SCREEN)
    expect(page.locator("#updated")).to_have_text("Bijgewerkt om 14:05")
    expect(page.locator("meta[http-equiv=refresh]")).to_have_attribute("content", "60")
    context.close()
