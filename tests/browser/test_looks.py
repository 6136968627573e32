"""What is wrong with a page is found, in whatever look it is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.browser import looks
from tests.browser.looks import faults_at

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SOUND = """<!doctype html><html lang="nl"><meta name="viewport" content="width=device-width">
<title>Een pagina</title><style>
html {{ background: white; color: black }} body {{ margin: 0 }}
a {{ color: inherit; display: block; padding: 4px }}
@media (prefers-color-scheme: dark) {{ html {{ background: black; color: white }} }}
{}</style><main><h1>Een pagina</h1><div class="{}">Tekst</div><p><a href="#x">Verder</a></p></main>"""
PLANTED = {
    "": [],
    "@media (prefers-color-scheme: light) { div { color: silver } }": ["color-contrast"],
    "@media (prefers-color-scheme: dark) { div { color: #333 } }": ["color-contrast"],
    "@media (width > 1000px) { div { width: 1281px } }": ["scrolls sideways at 1280 px"],
    "div { width: 340px }": ["scrolls sideways at 320 px with letters twice as large"],
    "div { width: 16rem }": ["scrolls sideways at 320 px with letters twice as large"],
    "@media (width < 1000px) { a { padding: 0; font-size: 10px } }": ["cramped"],
    "@media (width > 1000px) { a { padding: 0; font-size: 10px } }": ["cramped"],
}
"""What is wrong with a page, and in which of the looks it is found."""


@pytest.fixture
def _looked_at_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages with a style sheet of their own, and ours, do not know each other's kinds."""
    monkeypatch.setattr(looks, "LOOKED_AT", set())


def _kind(fault: str) -> str:
    return re.split(r": <| at [0-9.]+ by ", fault)[0]


@pytest.mark.usefixtures("_looked_at_nothing")
@pytest.mark.parametrize("name", ["known", "planted-{}"], ids=["of one class", "each of its own"])
def test_fault_is_found_in_whatever_look_it_is_there(page: Page, name: str) -> None:
    for before in ((), ("data:text/html,",)):
        planted = {
            f"data:text/html,{quote(SOUND.format(style, name.format(f'{len(before)}{number}')))}": faults
            for number, (style, faults) in enumerate(PLANTED.items())
        }
        looks.LOOKED_AT.clear()
        found = faults_at(page, [*before, *planted])
        assert {
            path: [re.split(" at [0-9.]+ by|: <", fault)[0] for fault in found.get(path, [])]
            for path in planted
        } == planted


@pytest.mark.usefixtures("_looked_at_nothing")
def test_what_was_looked_at_is_not_looked_at_again(page: Page) -> None:
    light = next(style for style, faults in PLANTED.items() if "light" in style and faults)
    path = f"data:text/html,{quote(SOUND.format(light, 'known'))}"
    assert [[*faults_at(page, [path])] for _ in range(2)] == [[path], []]
