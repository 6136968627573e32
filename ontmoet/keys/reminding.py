"""Kind reminders about keys that should have been back: to who has it, then to keepers, then to the board.

Runs inside a unit of work. Each is told once per time that somebody had the key (KB-02).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from ontmoet.db import Instant, execute
from ontmoet.kernel.permissions import BOARD, KEEPERS
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.actions import post

from .models import Custody, KeyCopy
from .queries import people_with
from .rules import BOARD_HEARS_AFTER, KEEPER_HEARS_AFTER, News

if TYPE_CHECKING:
    from ontmoet.db import AnyRow

_custody = Custody.__table__
_copy = KeyCopy.__table__

_LATE = (
    select(_custody.c.id, _custody.c.person_id, _custody.c.due_at, _copy.c.room_id)
    .join_from(_custody, _copy, _copy.c.id == _custody.c.copy_id)
    .where(_custody.c.until.is_(None), _custody.c.due_at < bindparam("now", type_=Instant()))
    .order_by(_custody.c.due_at)
)


def remind_of_keys(now: datetime) -> int:
    """Tell whoever has to know by now; how many keys are late."""
    late = execute(_LATE, now=now).all()
    for row in late:
        if row.person_id is not None:
            _tell(News.LATE, row.person_id, row, now)
        for news, functions, after in (
            (News.LATE_FOR_KEEPER, KEEPERS, KEEPER_HEARS_AFTER),
            (News.LATE_FOR_BOARD, BOARD, BOARD_HEARS_AFTER),
        ):
            if row.due_at + after <= now:
                for helper_id in people_with(functions, row.room_id, today=day_of(now)):
                    _tell(news, helper_id, row, now)
    return len(late)


def _tell(news: News, person_id: int, row: AnyRow, now: datetime) -> None:
    post(
        news,
        person_id=person_id,
        object_id=row.id,
        dedupe_key=f"{news}:{row.id}:{person_id}",
        due_at=now,
        now=now,
        room_id=row.room_id,
    )
