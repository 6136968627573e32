"""Bytes over the line for somebody at the door: the first time, and later."""

from __future__ import annotations

import re
from pathlib import Path

from tests.bench.data import DEMO_PASSWORD, DOOR, RESIDENT
from tests.bench.rows import Row
from tests.real.browser import Browser
from tests.real.server import serving

MOST_FIRST, MOST_AGAIN = 60_000, 12_000
LOADED = re.compile(r'<(?:link|script)\b[^>]*?\b(?:href|src)="([^"]+)"[^>]*>')
NOT_FETCHED = ("apple-touch-icon",)
"""Only fetched when somebody puts the site on a home screen."""


def rows(url: str, folder: Path) -> list[Row]:
    """Heads and bodies, compressed as a browser asks for it."""
    with serving(url, folder, workers=2) as server:
        resident = server.browser().sign_in(RESIDENT, DEMO_PASSWORD)
        return [
            row
            for name, browser in (("anonymous", server.browser()), ("signed in", resident))
            for row in _visit(name, browser)
        ]


def _visit(name: str, browser: Browser) -> list[Row]:
    page, weight = _fetched(browser, DOOR)
    again = weight
    for tag in LOADED.finditer(page):
        if any(word in tag[0] for word in NOT_FETCHED):
            continue
        weight += _fetched(browser, tag[1])[1]
        if "immutable" not in browser.get(tag[1]).headers.get("cache-control", ""):
            again += _fetched(browser, tag[1])[1]
    return [
        Row(
            f"bytes of a first visit to the door, {name}",
            f"{weight:,}",
            f"≤ {MOST_FIRST:,}",
            weight <= MOST_FIRST,
        ),
        Row(f"bytes of the next visit, {name}", f"{again:,}", f"≤ {MOST_AGAIN:,}", again <= MOST_AGAIN),
    ]


def _fetched(browser: Browser, path: str) -> tuple[str, int]:
    plain = browser.get(path)
    answer = browser.get(path, Accept_Encoding="br, gzip")
    assert answer.status == 200, path
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    return plain.text, answer.sent_bytes + head
