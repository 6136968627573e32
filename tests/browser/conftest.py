"""The demo, served on loopback to a real browser; the clock stands at `TUESDAY`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.looks import on_a_phone
from tests.browser.machine import chromium, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Page, Playwright


@pytest.fixture(autouse=True)
def _at_tuesday(moment: object) -> None:
    """The server shares our clock, which stands still during each test."""


@pytest.fixture(scope="session")
def demo_address(demo_app: Flask) -> Iterator[str]:
    """Where the demo answers."""
    with served(demo_app) as address:
        yield address


@pytest.fixture(scope="session")
def blind(playwright: Playwright) -> Iterator[Browser]:
    """A browser that lays pages out but never draws them, which takes a quarter less time. What is pressed is
    pressed by keyboard: before it clicks, Playwright waits until a button is drawn where it stands.
    """
    with chromium(playwright, "--disable-threaded-compositing") as running:
        yield running


@pytest.fixture
def page(blind: Browser, demo_address: str) -> Iterator[Page]:
    """A tab in that browser, on a phone by day, that has axe in each page it visits."""
    with on_a_phone(blind, demo_address) as context:
        yield context.new_page()
