"""What back-ups are called, and which of them have been kept long enough."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

KEPT = timedelta(days=35)
"""So long somebody who was erased may still be in a back-up; putting one back erases them again."""

MOST_REMOVED = 3
"""At once. One is made a day, so this keeps up; a clock that stands wrong for a day costs three, not all."""

ALWAYS_KEPT = 7
"""So many of the newest stay however old they seem: a clock that is ahead does not take the last week. Where
they are that old, because the machine was off, they go as new ones come.
"""

DAILY, BEFORE_RESTORE = "daily", "before-restore"
SUFFIX = ".ontmoet"
_NAME = re.compile(r"[a-z-]+-([0-9]{8}T[0-9]{6})Z(?:\.ontmoet|(?:\.(?:wal|shm|journal))?\.damaged)")


def name_for(kind: str, now: datetime) -> str:
    """What a back-up of this kind is called that is made now."""
    return f"{kind}-{now:%Y%m%dT%H%M%SZ}{SUFFIX}"


def made_at(name: str) -> datetime | None:
    """When the back-up of this name was made; None for any other file."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def over(names: Iterable[str], now: datetime) -> list[str]:
    """The back-ups to remove now, oldest first."""
    made = sorted((moment, name) for name in names if (moment := made_at(name)) is not None)
    # What was made by a clock that was ahead is not among the newest: it would be for months.
    copies = [name for moment, name in made if moment <= now and _is_daily(name)]
    stay = copies[-ALWAYS_KEPT:]
    return [name for moment, name in made if moment < now - KEPT and name not in stay][:MOST_REMOVED]


def _is_daily(name: str) -> bool:
    return name.startswith(f"{DAILY}-") and name.endswith(SUFFIX)
