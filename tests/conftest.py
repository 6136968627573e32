"""Where tests look for what they share: all of it is in `tests.fixtures`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_configure(config: pytest.Config) -> None:
    """A process that only hands out tests to others needs none of it, and begins two seconds sooner."""
    if config.getoption("dist", "no") == "no":
        config.pluginmanager.register(import_module("tests.fixtures"))
