"""Whether the house can write at all, without waiting for whoever writes just now and without writing."""

from __future__ import annotations

import os
import shutil
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

LEAST_ROOM = 10 * 1024 * 1024
"""Bytes left on a disk below which it is as good as full."""

_BESIDE = ("", "-wal", "-shm", "-next", "-writers")
"""What SQLite and those who wait for their turn have open, by the end of its name."""


class Hindrance(StrEnum):
    """Why nothing can be written."""

    FULL = "disk full"
    READ_ONLY = "read-only"


def hindrance(connection: Connection, data: Path) -> Hindrance | None:
    """What keeps the database, or the folder `data`, from being written to; None when nothing does."""
    if connection.dialect.name == "sqlite":
        file = Path(str(connection.engine.url.database))
        is_read_only = not all(os.access(path, os.W_OK) for path in _of_sqlite(file))
        places = {file.absolute().parent, data}
    else:
        setting = connection.execute(text("select current_setting('transaction_read_only')"))
        is_read_only = setting.scalar_one() == "on"
        places = {data}
    if is_read_only or not os.access(data, os.W_OK):
        return Hindrance.READ_ONLY
    if any(shutil.disk_usage(place).free < LEAST_ROOM for place in places):
        return Hindrance.FULL
    return None


def _of_sqlite(file: Path) -> Iterator[Path]:
    yield file.absolute().parent
    yield from (path for path in (Path(f"{file}{side}") for side in _BESIDE) if path.exists())
