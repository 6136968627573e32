"""What stands in a calendar that is followed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Text, and_, bindparam, case, cast, func, literal, or_, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.states import HOLDS_THE_ROOM, CancelReason, Status, Visibility, standing
from ontmoet.db import AnyRow, Instant, Memory, execute
from ontmoet.rooms.models import Closure, Room, Zone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontmoet.rooms.rules import RoomView

_booking, _room, _zone, _closure = Booking.__table__, Room.__table__, Zone.__table__, Closure.__table__

KEPT = timedelta(weeks=8)
"""How long what is over stays in a calendar."""

MOST = 5_000
"""Events of one calendar."""


def _since() -> Any:
    return bindparam("since", type_=Instant())


_TIMES = (
    _booking.c.public_id,
    _booking.c.version,
    _booking.c.status,
    _booking.c.lapses_at,
    _booking.c.made_at,
    _booking.c.decided_at,
    _booking.c.ended_at,
    _booking.c.starts_at,
    _booking.c.ends_at,
)
_OF_PERSON = (
    select(*_TIMES, _booking.c.purpose, _room.c.name, _room.c.address, _room.c.town)
    .join_from(_booking, _room, _room.c.id == _booking.c.room_id)
    .where(
        _booking.c.person_id == bindparam("person_id"),
        _booking.c.ends_at > _since(),
        # What somebody waits for, or waited for in vain, never stood in a calendar.
        _booking.c.status.not_in((Status.WAITING, Status.OFFERED)),
        or_(
            _booking.c.status != Status.LAPSED,
            _booking.c.reason.not_in((CancelReason.CLASH, CancelReason.FAIR_USE, CancelReason.CLOSED)),
        ),
        or_(_booking.c.reason.is_(None), _booking.c.reason != CancelReason.NOT_TAKEN),
    )
    .order_by(_booking.c.starts_at.desc(), _booking.c.id)
    .limit(MOST)
)
_VERSIONS = (
    select(
        func.aggregate_strings(
            cast(_booking.c.id, Text)
            + literal(".")
            + cast(_booking.c.version, Text)
            + literal(".")
            + cast(_room.c.version, Text)
            + case((_booking.c.lapses_at <= bindparam("now", type_=Instant()), "-"), else_=""),
            " ",
        )
    )
    .join_from(_booking, _room, _room.c.id == _booking.c.room_id)
    .where(_booking.c.person_id == bindparam("person_id"), _booking.c.ends_at > _since())
)
_IN_ROOM = (
    select(
        *_TIMES,
        # What nobody may read is not read.
        case(
            (
                and_(_booking.c.visibility == Visibility.OPEN, _booking.c.status == Status.CONFIRMED),
                _booking.c.purpose,
            ),
            else_="",
        ).label("purpose"),
        _zone.c.name.label("zone"),
    )
    .outerjoin_from(_booking, _zone, _zone.c.id == _booking.c.zone_id)
    .where(
        _booking.c.room_id == bindparam("room_id"),
        _booking.c.starts_at > bindparam("bound", type_=Instant()),
        _booking.c.ends_at > _since(),
        _booking.c.status.in_([*HOLDS_THE_ROOM]),
    )
    .order_by(_booking.c.starts_at, _booking.c.id)
    .limit(MOST)
)
_CLOSURES = (
    select(
        _closure.c.public_id,
        _closure.c.starts_at,
        _closure.c.ends_at,
        _closure.c.reason,
        _zone.c.name.label("zone"),
    )
    .outerjoin_from(_closure, _zone, _zone.c.id == _closure.c.zone_id)
    .where(_closure.c.room_id == bindparam("room_id"), _closure.c.ends_at > _since())
    .order_by(_closure.c.starts_at, _closure.c.id)
)


class InRoom(NamedTuple):
    """What holds a room, and what closes it."""

    bookings: Sequence[AnyRow]
    closures: Sequence[AnyRow]


_memory: Memory[int, InRoom] = Memory(most=50)


def bookings_of(person_id: int, *, now: datetime) -> Sequence[AnyRow]:
    """The bookings of a person from some weeks ago on, called off ones too. One statement."""
    return execute(_OF_PERSON, person_id=person_id, since=now - KEPT).all()


def versions_of(person_id: int, *, now: datetime) -> str:
    """Equal as long as these bookings and their rooms are. One statement, of one row."""
    return execute(_VERSIONS, person_id=person_id, since=now - KEPT, now=now).scalar() or ""


def in_room(room: RoomView, *, now: datetime) -> InRoom:
    """What is to come in a room and was in it lately. Nothing is asked when this process knows."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    since = today - KEPT

    def read() -> InRoom:
        return InRoom(
            execute(_IN_ROOM, room_id=room.room_id, since=since, bound=since - timedelta(days=2)).all(),
            execute(_CLOSURES, room_id=room.room_id, since=since).all(),
        )

    found = _memory.recall(room.room_id, (room.version, room.agenda_version, since), read)
    held = [row for row in found.bookings if status_of(row, now) in HOLDS_THE_ROOM]
    return InRoom(held, found.closures)


def status_of(row: AnyRow, now: datetime) -> Status:
    """How a booking stands now."""
    return standing(Status(row.status), row.lapses_at, now=now)
