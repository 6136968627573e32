"""Reading what shows that bookings were used, and how the room was left."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, case, exists, func, or_, select

from ontmoet.db import AnyRow, Instant, execute
from ontmoet.outbox.queries import is_posted
from ontmoet.rooms.models import Room
from ontmoet.rooms.rules import UseKind

from .models import Booking, ClosingList, UseTrace
from .states import News, Status
from .use_rules import (
    ASKED_AFTER,
    LEAVES_TRACES,
    TIME_TO_CLOSE,
    Chore,
    Closings,
    Trace,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COUNTED_FOR = timedelta(days=30)
LOOKED_BACK = timedelta(days=1)
"""How far back bookings are sought of which nothing was seen; whoever was not asked by then never is."""

_booking = Booking.__table__
_room = Room.__table__
_trace = UseTrace.__table__
_list = ClosingList.__table__
_closing = _trace.alias("closing")
_answer = _trace.alias("answer")


@dataclass(frozen=True, slots=True)
class Use:
    """What shows that one booking was used. `done` is None as long as nobody filled in the closing list."""

    at: Mapping[Trace, datetime] = field(default_factory=dict)
    was_there: bool | None = None
    done: frozenset[Chore] | None = None
    note: str = ""
    photo: str | None = None

    @property
    def checked_in_at(self) -> datetime | None:
        return self.at.get(Trace.CHECK_IN)


_USE = (
    select(
        _trace.c.kind,
        _trace.c.at,
        _trace.c.was_there,
        _trace.c.note,
        _list.c.photo,
        *(_list.c[chore] for chore in Chore),
    )
    .outerjoin_from(_trace, _list, _list.c.use_trace_id == _trace.c.id)
    .where(_trace.c.booking_id == bindparam("booking_id"))
)
_CHECKED_IN = (
    select(_booking.c.public_id, _trace.c.at)
    .join_from(_booking, _trace, _trace.c.booking_id == _booking.c.id)
    .where(_booking.c.public_id.in_(bindparam("public_ids", expanding=True)), _trace.c.kind == Trace.CHECK_IN)
)
_WITHOUT = (
    select(_booking.c.id, _booking.c.person_id, _booking.c.room_id, _booking.c.ends_at)
    .join_from(_booking, _room, _room.c.id == _booking.c.room_id)
    .where(
        _room.c.key_plan.in_([*LEAVES_TRACES]),
        _booking.c.status == Status.CONFIRMED,
        _booking.c.use_kind == UseKind.OWN,
        ~_booking.c.for_corporation,
        _booking.c.person_id.is_not(None),
        _booking.c.ends_at > bindparam("since", type_=Instant()),
        _booking.c.ends_at <= bindparam("until", type_=Instant()),
        ~exists().where(_trace.c.booking_id == _booking.c.id),
        ~is_posted(News.ASKED, _booking.c.id),
    )
    .order_by(_booking.c.id)
)
_WITH_TRACE = (
    select(_trace.c.booking_id)
    .distinct()
    .where(_trace.c.booking_id.in_(bindparam("booking_ids", expanding=True)))
)
_CLOSINGS = (
    select(func.count().label("used"), func.sum(case((_closing.c.id.is_(None), 1), else_=0)).label("missing"))
    .select_from(_booking)
    .outerjoin(_closing, and_(_closing.c.booking_id == _booking.c.id, _closing.c.kind == Trace.CLOSING))
    .outerjoin(_answer, and_(_answer.c.booking_id == _booking.c.id, _answer.c.kind == Trace.ANSWER))
    .where(
        _booking.c.room_id == bindparam("room_id"),
        # No booking lasts longer than a day; this bound is in the index.
        _booking.c.starts_at >= bindparam("bound", type_=Instant()),
        _booking.c.ends_at > bindparam("since", type_=Instant()),
        _booking.c.ends_at <= bindparam("until", type_=Instant()),
        _booking.c.status == Status.CONFIRMED,
        or_(_answer.c.was_there.is_(None), _answer.c.was_there),
    )
)


def use_of(booking_id: int) -> Use:
    """What is known about the use of a booking. One statement."""
    rows = execute(_USE, booking_id=booking_id).all()
    answer = next((row.was_there for row in rows if row.kind == Trace.ANSWER), None)
    closing = next((row for row in rows if row.kind == Trace.CLOSING), None)
    at = {Trace(row.kind): row.at for row in rows}
    if closing is None:
        return Use(at, answer)
    done = frozenset(chore for chore in Chore if closing._mapping[chore])
    return Use(at, answer, done, closing.note, closing.photo)


def checked_in(public_ids: Sequence[str]) -> dict[str, datetime]:
    """Which of these bookings were checked in to, and when. One statement."""
    rows = execute(_CHECKED_IN, public_ids=public_ids)
    return {row.public_id: row.at for row in rows}


def bookings_without_trace(now: datetime) -> Sequence[AnyRow]:
    """Own use that is over for half an hour, of which nothing was seen where something could be and of which
    nobody asked yet: id, person_id, room_id and ends_at of each.
    """
    return execute(_WITHOUT, since=now - LOOKED_BACK, until=now - ASKED_AFTER).all()


def with_trace(booking_ids: Sequence[int]) -> set[int]:
    """Which of these bookings left a trace, or have an answer."""
    return set(execute(_WITH_TRACE, booking_ids=booking_ids).scalars())


def closings_of(room_id: int, *, now: datetime) -> Closings:
    """The last thirty days, as far as the time to fill in the list is over."""
    since = now - COUNTED_FOR
    row = execute(
        _CLOSINGS, room_id=room_id, bound=since - timedelta(days=1), since=since, until=now - TIME_TO_CLOSE
    ).one()
    return Closings(row.used, int(row.missing or 0))
