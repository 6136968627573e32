"""The demo, served on loopback to a real browser; the clock stands at `TUESDAY`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.machine import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(autouse=True)
def _at_tuesday(moment: object) -> None:
    """The server shares our clock, which stands still during each test."""


@pytest.fixture(scope="session")
def demo_address(demo_app: Flask) -> Iterator[str]:
    """Where the demo answers."""
    with served(demo_app) as address:
        yield address
