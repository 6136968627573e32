"""Mail in the folder goes when its message is forgotten."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from ontmoet.db import execute

from .models import Message

if TYPE_CHECKING:
    from pathlib import Path

# What a message is written to, and what is left of one when the writing broke off.
_MAIL = re.compile(r"message-([0-9]+)\.eml|\.message-([0-9]+)-[0-9]+")
_AT_ONCE = 500

_message = Message.__table__
_AMONG = select(_message.c.id).where(_message.c.id.in_(bindparam("ids", expanding=True)))


def sweep(folder: Path) -> int:
    """Remove mail of which the message is no longer there; how many files.

    A message is stored before its mail is written: so what is in the folder and in no row is over.
    """
    if not folder.is_dir():
        return 0
    files = {
        path: int(found[1] or found[2]) for path in folder.iterdir() if (found := _MAIL.fullmatch(path.name))
    }
    numbers = sorted(set(files.values()))
    kept: set[int] = set()
    for start in range(0, len(numbers), _AT_ONCE):
        kept.update(execute(_AMONG, ids=numbers[start : start + _AT_ONCE]).scalars())
    gone = [path for path, number in files.items() if number not in kept]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
