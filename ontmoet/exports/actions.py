"""Writing down that somebody takes data along."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ontmoet.kernel.objections import Objection, Refused
from ontmoet.trail.actions import count_try, record

from .rules import Reason

if TYPE_CHECKING:
    from .rules import Format

WINDOW = timedelta(hours=1)
MOST = 60
"""Files that one person makes in a window: more than there are tables."""


def begin(name: str, kind: Format, *, actor_id: int | None, now: datetime) -> None:
    """Somebody is going to take a table, or all, along; without an actor whoever runs the server.

    Raises `Refused` (TOO_MANY) when that was often enough for now.
    """
    if actor_id is not None and count_try(f"export/person/{actor_id}", window=WINDOW, now=now) > MOST:
        raise Refused(Objection(Reason.TOO_MANY, facts={"minutes": int(WINDOW.total_seconds() // 60)}))
    record(
        "data_exported",
        object_kind="installation",
        object_id=1,
        actor_id=actor_id,
        now=now,
        changes={"what": name, "kind": kind},
    )
