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
from ontmoet.outbox.actions import Notice, post_all

from .holders import people_behind, somebody_comes_for
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
_UNREACHABLE = (
    select(_custody.c.id, _copy.c.room_id)
    .join_from(_custody, _copy, _copy.c.id == _custody.c.copy_id)
    .where(
        _custody.c.until.is_(None),
        _custody.c.organisation_id.is_not(None),
        ~somebody_comes_for(_custody.c.organisation_id, _copy.c.room_id),
    )
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
    """Tell whoever has to know by now; how many keys are late. Keepers also hear of a key that is with an
    organisation for which nobody comes any more.
    """
    late = execute(_LATE, now=now).all()
    helpers = _Helpers(now)
    notices = []
    for row in late:
        holder = Holder(HolderKind(row.holder), row.person_id, row.organisation_id)
        told = [(News.LATE, person_id) for person_id in people_behind(holder, row.room_id, today=day_of(now))]
        if row.due_at + KEEPER_HEARS_AFTER <= now:
            told += [(News.LATE_FOR_KEEPER, one) for one in helpers.with_(KEEPERS, row.room_id)]
        if row.due_at + BOARD_HEARS_AFTER <= now:
            told += [(News.LATE_FOR_BOARD, one) for one in helpers.with_(BOARD, row.room_id)]
        notices += [_notice(news, person_id, row, now, due_at=row.due_at) for news, person_id in told]
    for row in execute(_UNREACHABLE, today=day_of(now)):
        notices += [_notice(News.UNREACHABLE, one, row, now) for one in helpers.with_(KEEPERS, row.room_id)]
    post_all(notices)
    return len(late)


def remind_of_codes(now: datetime) -> int:
    """Ask keepers for another code where it is time; how many codes are old."""
    old = [row for row in execute(_CODES) if should_change_code(row.valid_from, row.known_by, now)]
    post_all(
        [
            _notice(BoxNews.CODE_OLD, keeper_id, row, now)
            for row in old
            for keeper_id in _who_sets_codes(row.room_id, now)
        ]
    )
    return len(old)


class _Helpers:
    """Who has some function in a room: asked once, also when many keys of it are late."""

    def __init__(self, now: datetime) -> None:
        self._today = day_of(now)
        self._found: dict[tuple[frozenset[Function], int], list[int]] = {}

    def with_(self, functions: frozenset[Function], room_id: int) -> list[int]:
        asked = (functions, room_id)
        if asked not in self._found:
            self._found[asked] = people_with(functions, room_id, today=self._today)
        return self._found[asked]


def _who_sets_codes(room_id: int, now: datetime) -> list[int]:
    """The key keepers; in a room without any, everybody who may set a code."""
    today = day_of(now)
    return people_with(frozenset({Function.KEY_KEEPER}), room_id, today=today) or people_with(
        KEEPS_KEYS, room_id, today=today
    )


def _notice(
    news: News | BoxNews, person_id: int, row: AnyRow, now: datetime, *, due_at: datetime | None = None
) -> Notice:
    # Who was given more time and is late again, is asked again.
    of_time = f":{int(due_at.timestamp())}" if due_at is not None else ""
    return Notice(
        news, person_id, row.id, f"{news}:{row.id}:{person_id}{of_time}", now, now, row.room_id, None
    )
