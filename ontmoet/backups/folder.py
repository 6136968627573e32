"""Where back-ups are made and kept: a folder in ONTMOET_DATA that only its owner can read."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ontmoet.web.settings import current_config

from .rules import SUFFIX, over

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

LOCK, WORK = ".lock", ".work"


class AtWork(Exception):
    """Another process makes a back-up of this house just now, or puts one back."""


def folder() -> Path:
    """The folder of this installation; made when it is not there."""
    path = current_config().data / "backups"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def workplace() -> Iterator[Path]:
    """An empty folder for what is not sealed, for one at a time; raises `AtWork`. What a process that was
    killed left in it goes first, and what it left of a back-up that it was writing.
    """
    home = folder()
    descriptor = os.open(home / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AtWork from None
        work = home / WORK
        shutil.rmtree(work, ignore_errors=True)
        for half in home.glob(f".*{SUFFIX}-*"):
            half.unlink()
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    finally:
        os.close(descriptor)


def place(file: Path, target: Path) -> None:
    """Give a file that is complete its name, for good: a power cut leaves the one before or this one."""
    with file.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(file, target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_old(now: datetime) -> int:
    """Remove back-ups that were kept long enough; how many."""
    home = folder()
    gone = over((path.name for path in home.iterdir()), now)
    for name in gone:
        with suppress(FileNotFoundError):
            (home / name).unlink()
    return len(gone)
