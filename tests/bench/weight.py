"""Bytes over the line for somebody at the door: the first time, and later."""

from __future__ import annotations

import re
from pathlib import Path

from tests.bench.data import DEMO_PASSWORD, DOOR, RESIDENT
from tests.bench.rows import Row
from tests.real.browser import Browser
from tests.real.server import serving

MOST_FIRST, MOST_AGAIN, MOST_TO_SCAN = 60_000, 12_000, 40_000
LOADED = re.compile(r'<(?:link|script)\b[^>]*?\b(?:href|src)="([^"]+)"[^>]*>')
NOT_FETCHED = ("apple-touch-icon",)
"""Only fetched when somebody puts the site on a home screen."""


def rows(url: str, folder: Path) -> list[Row]:
    """Heads and bodies, compressed as a browser asks for it."""
    with serving(url, folder, workers=2) as server:
        resident = server.browser().sign_in(RESIDENT, DEMO_PASSWORD)
        stranger = server.browser()
        return [
            *(
                row
                for name, browser in (("anonymous", stranger), ("signed in", resident))
                for row in _door(name, browser)
            ),
            *_scanner(stranger, resident),
        ]


def _door(name: str, browser: Browser) -> list[Row]:
    page, files = _weighed(browser, DOOR)
    first = page + sum(files.values())
    again = page + sum(
        weight
        for path, weight in files.items()
        if "immutable" not in browser.get(path).headers.get("cache-control", "")
    )
    return [
        Row(
            f"bytes of a first visit to the door, {name}",
            f"{first:,}",
            f"≤ {MOST_FIRST:,}",
            first <= MOST_FIRST,
        ),
        Row(f"bytes of the next visit, {name}", f"{again:,}", f"≤ {MOST_AGAIN:,}", again <= MOST_AGAIN),
    ]


def _scanner(stranger: Browser, resident: Browser) -> list[Row]:
    """Before a reader of codes is needed. Only who signed in gets there, so the letters and the style sheet
    came with the page before. Without a bar: for who kept nothing of that.
    """
    kept = _weighed(stranger, "/inloggen")[1]
    page, files = _weighed(resident, "/scan")
    coming = page + sum(weight for path, weight in files.items() if path not in kept)
    alone = page + sum(files.values())
    return [
        Row(
            "bytes of the scanner after signing in",
            f"{coming:,}",
            f"≤ {MOST_TO_SCAN:,}",
            coming <= MOST_TO_SCAN,
        ),
        Row("bytes of the scanner, nothing kept", f"{alone:,}"),
    ]


def _weighed(browser: Browser, path: str) -> tuple[int, dict[str, int]]:
    """The weight of a page, and of each file that it loads."""
    page, weight = _fetched(browser, path)
    loaded = [tag[1] for tag in LOADED.finditer(page) if not any(word in tag[0] for word in NOT_FETCHED)]
    return weight, {path: _fetched(browser, path)[1] for path in loaded}


def _fetched(browser: Browser, path: str) -> tuple[str, int]:
    plain = browser.get(path)
    answer = browser.get(path, Accept_Encoding="br, gzip")
    assert answer.status == 200, path
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    return plain.text, answer.sent_bytes + head
