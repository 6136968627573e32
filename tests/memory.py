"""Where tests keep files: a disk takes its time over thousands of databases."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - as sticky as /tmp, and used like it


def memory_with_room_for(gigabytes: int) -> Path | None:
    """The folder that is kept in memory, when so much fits in it."""
    fits = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > gigabytes * 2**30
    return MEMORY if fits else None
