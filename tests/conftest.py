"""Where tests look for what they share, which is in `tests.fixtures`; and where they keep their files."""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

MEMORY = Path("/dev/shm")  # noqa: S108 - everybody who keeps something there makes a folder of its own


def pytest_configure(config: pytest.Config) -> None:
    """A process that only hands out tests needs nothing they share, and begins two seconds sooner."""
    _keep_files_in_memory()
    if config.getoption("dist", "no") == "no":
        config.pluginmanager.register(import_module("tests.fixtures"))


def _keep_files_in_memory() -> None:
    """Unless they do not fit, or it is told where: most tests have a database of their own, and a disk takes
    its time over thousands of those. Processes that tests start keep theirs in the same place.
    """
    fits = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2**30
    if fits and "TMPDIR" not in os.environ:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
