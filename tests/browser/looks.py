"""Pages in Chromium as people see them: what axe finds in each look, and where one scrolls sideways."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, ViewportSize

    Look = tuple[ViewportSize, Literal["light", "dark"]]
    Rules = dict[str, object]

SMALLEST, PHONE, LAPTOP = (
    {"width": width, "height": height} for width, height in ((320, 640), (360, 740), (1280, 800))
)
SCRIPT = "\n".join(
    Path(name).read_text(encoding="utf-8")
    for name in ("node_modules/axe-core/axe.min.js", "tests/browser/looks.js")
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
OF_SIZES = ["scrollable-region-focusable"]
OF_THE_LOOK = [*OF_COLOURS, *OF_SIZES, "target-size"]
"""Rules of axe whose answer depends on colours and sizes, and takes longest to find."""
LOOKED_AT: set[str] = set()
"""The kinds that the rules of the look were asked about: most pages are made of the same."""


def on_a_phone(browser: Browser, address: str) -> BrowserContext:
    """A visit on a phone by day, with axe in each page. Sending it along after every page took twice as
    long.
    """
    context = browser.new_context(
        base_url=address, viewport=PHONE, color_scheme="light", reduced_motion="reduce", locale="nl-NL"
    )
    context.add_init_script(SCRIPT)
    return context


def faults_of(page: Page) -> list[str]:
    """What axe finds as the page is looked at, and what of its look on a laptop in the dark; and where it
    scrolls sideways: so, there and on the smallest phone.
    """
    # After a press the next page is there before its content is.
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    by_day: Look = (page.viewport_size or PHONE, "light")
    _look(page, *by_day)
    faults = [*_at_first(page), *_on_the_smallest(page)]
    _look(page, LAPTOP, "dark")
    faults += _faults(page)
    _look(page, *by_day)
    return faults


def faults_at(page: Page, paths: Iterable[str | None]) -> dict[str | None, list[str]]:
    """The same of many pages, each opened on a phone by day or on a laptop in the dark, by turns, and looked
    at in the other; with the browser's own letters at 200 % on the smallest phone. Who goes on from one of
    them opens it first.
    """
    found = {}
    browser = page.context.new_cdp_session(page)
    looks: list[Look] = [(PHONE, "light"), (LAPTOP, "dark")]
    for path in paths:
        _open(page, str(path))
        faults = [*_at_first(page), *_on_the_smallest(page, browser)]
        _look(page, *looks[1])
        faults += _faults(page, _only(OF_SIZES) if page.viewport_size == PHONE else None)
        if faults:
            found[path] = faults
        looks.reverse()
    browser.detach()
    _look(page, PHONE, "light")
    return found


def listen(page: Page) -> list[str]:
    """What the browser complains about: blocked by policy, script errors."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    return complaints


def _open(page: Page, path: str) -> None:
    """A page without a script is the same wherever its markup stands. In the place of the one before it is
    there in a third of the time, and axe, that has been there longer, is quicker too.
    """
    if page.url == "about:blank" or not page.evaluate("path => looks.show(path)", path):
        page.goto(path)


def _look(page: Page, size: ViewportSize, scheme: Literal["light", "dark"]) -> None:
    page.set_viewport_size(size)
    # A colour on its way to another is neither of the two.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


def _at_first(page: Page) -> list[str]:
    # It is on a phone that there is little room.
    elsewhere = {*OF_THE_LOOK} - ({*OF_SIZES} if page.viewport_size == PHONE else set())
    return _faults(page, {"runOnly": TAGS, "rules": {rule: {"enabled": False} for rule in elsewhere}})


def _faults(page: Page, rules: Rules | None = None) -> list[str]:
    """What axe finds by these rules, and of its look in kinds that were not looked at yet; and whether it
    scrolls sideways.
    """
    faults, kinds = page.evaluate("rules => looks.page(rules)", rules)
    new = sorted({*kinds} - LOOKED_AT)
    if new:
        of_the_look, new = page.evaluate(
            "([kinds, rules]) => looks.elements(kinds, rules)", [new, _only(OF_THE_LOOK)]
        )
        faults += of_the_look
        LOOKED_AT.update(new)
    return list(faults)


def _on_the_smallest(page: Page, browser: CDPSession | None = None) -> list[str]:
    """Whether it scrolls sideways on the smallest phone; given a browser, with letters twice as large."""
    page.set_viewport_size(SMALLEST)
    if browser is None:
        return list(page.evaluate("looks.sideways()"))
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    faults = [f"{fault} with letters twice as large" for fault in page.evaluate("looks.sideways()")]
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    return faults


def _only(rules: list[str]) -> Rules:
    return {"runOnly": {"type": "rule", "values": rules}}
