"""Where tests look for what they share, which is in `tests.fixtures`; and where they keep their files."""

from __future__ import annotations

import os
import tempfile
from importlib import import_module
from typing import TYPE_CHECKING

from tests.memory import memory_with_room_for

if TYPE_CHECKING:
    import pytest


def pytest_configure(config: pytest.Config) -> None:
    """A process that only hands out tests needs nothing they share, and begins two seconds sooner."""
    _keep_files_in_memory()
    if config.getoption("dist", "no") == "no":
        for name in ("tests.fixtures", "tests.workers"):
            config.pluginmanager.register(import_module(name))


def _keep_files_in_memory() -> None:
    """Unless it is told where, or they do not fit: those of a run in which all tests fail stay, and are 2 GB.
    Processes that tests start keep theirs in the same place.
    """
    memory = memory_with_room_for(gigabytes=3)
    if memory is not None and "TMPDIR" not in os.environ:
        os.environ["TMPDIR"] = tempfile.tempdir = str(memory)
