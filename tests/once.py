"""What takes long to make is made by the first process of a run that needs it, for all of them."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", secrets.token_hex(6))
"""The same in all processes of one run."""


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """No other process is in here with the same file; who dies in here lets others in."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder of this name as `make` fills it. Others wait until it is there, and leave it as it is."""
    run = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent
    folder, unfinished = run / name, run / f"{name}.unfinished"
    with alone(run / f"{name}.lock"):
        if not folder.exists():
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(folder)
    return folder
