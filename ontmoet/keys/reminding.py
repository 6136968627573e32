"""Kind reminders about keys that should have been back: to who has it, then to keepers, then to the board.

Runs inside a unit of work. Each is told once per time at which a key had to be back (KB-02), and once per
code of a box that it is time for another.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from ontmoet.db import Instant, execute
from ontmoet.kernel.actor import Function
from ontmoet.kernel.permissions import BOARD, KEEPERS, KEEPS_KEYS
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.actions import post

from .holders import people_behind
from .models import BoxCode, BoxView, CodeBox, Custody, KeyCopy
from .queries import people_with
from .rules import (
    BOARD_HEARS_AFTER,
    KEEPER_HEARS_AFTER,
    BoxNews,
    Holder,
    HolderKind,
    News,
    should_change_code,
)

if TYPE_CHECKING:
    from ontmoet.db import AnyRow

_custody = Custody.__table__
_copy = KeyCopy.__table__

_LATE = (
    select(
        _custody.c.id,
        _custody.c.holder,
        _custody.c.person_id,
        _custody.c.organisation_id,
        _custody.c.due_at,
        _copy.c.room_id,
    )
    .join_from(_custody, _copy, _copy.c.id == _custody.c.copy_id)
    .where(_custody.c.until.is_(None), _custody.c.due_at < bindparam("now", type_=Instant()))
    .order_by(_custody.c.due_at)
)

_box = CodeBox.__table__
_code = BoxCode.__table__
_view = BoxView.__table__
_CODES = (
    select(
        _code.c.id,
        _code.c.valid_from,
        _box.c.room_id,
        func.count(_view.c.person_id.distinct()).label("known_by"),
    )
    .join_from(_code, _box, _box.c.id == _code.c.box_id)
    .outerjoin(_view, _view.c.code_id == _code.c.id)
    .where(_code.c.valid_until.is_(None))
    .group_by(_code.c.id, _code.c.valid_from, _box.c.room_id)
)


def remind_of_keys(now: datetime) -> int:
    """Tell whoever has to know by now; how many keys are late."""
    late = execute(_LATE, now=now).all()
    for row in late:
        holder = Holder(HolderKind(row.holder), row.person_id, row.organisation_id)
        for person_id in people_behind(holder, row.room_id, today=day_of(now)):
            _tell(News.LATE, person_id, row, now, due_at=row.due_at)
        for news, functions, after in (
            (News.LATE_FOR_KEEPER, KEEPERS, KEEPER_HEARS_AFTER),
            (News.LATE_FOR_BOARD, BOARD, BOARD_HEARS_AFTER),
        ):
            if row.due_at + after <= now:
                for helper_id in people_with(functions, row.room_id, today=day_of(now)):
                    _tell(news, helper_id, row, now, due_at=row.due_at)
    return len(late)


def remind_of_codes(now: datetime) -> int:
    """Ask keepers for another code where it is time; how many codes are old."""
    old = [row for row in execute(_CODES) if should_change_code(row.valid_from, row.known_by, now)]
    for row in old:
        for keeper_id in _who_sets_codes(row.room_id, now):
            _tell(BoxNews.CODE_OLD, keeper_id, row, now)
    return len(old)


def _who_sets_codes(room_id: int, now: datetime) -> list[int]:
    """The key keepers; in a room without any, everybody who may set a code."""
    today = day_of(now)
    return people_with(frozenset({Function.KEY_KEEPER}), room_id, today=today) or people_with(
        KEEPS_KEYS, room_id, today=today
    )


def _tell(
    news: News | BoxNews, person_id: int, row: AnyRow, now: datetime, *, due_at: datetime | None = None
) -> None:
    # Who was given more time and is late again, is asked again.
    of_time = f":{int(due_at.timestamp())}" if due_at is not None else ""
    post(
        news,
        person_id=person_id,
        object_id=row.id,
        dedupe_key=f"{news}:{row.id}:{person_id}{of_time}",
        due_at=now,
        now=now,
        room_id=row.room_id,
    )
