"""Taking hold of zones and letting go: with `closed_time` the only writer of occupancy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, or_, select
from sqlalchemy.exc import IntegrityError

from ontmoet.db import current_connection, execute, violated
from ontmoet.db.guards import OVERLAP
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.rooms.models import Closure, Zone

from .models import Booking, Occupancy
from .rules import Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from ontmoet.kernel.timeslot import TimeSlot

_occupancy = Occupancy.__table__
_booking = Booking.__table__
_closure = Closure.__table__
_zone = Zone.__table__

# What has the whole room holds each of its zones for the same time: one row stands for all.
_OF_WHOLE_ROOM = or_(
    _occupancy.c.booking_id.in_(select(_booking.c.id).where(_booking.c.zone_id.is_(None))),
    _occupancy.c.closure_id.in_(select(_closure.c.id).where(_closure.c.zone_id.is_(None))),
)
_TIMES = (
    _occupancy.c.held_from,
    _occupancy.c.held_until,
    _occupancy.c.booking_id,
    _occupancy.c.closure_id,
    _occupancy.c.expires_at,
)
_HOLD_NEW_ZONE = insert(_occupancy).from_select(
    ["zone_id", *(column.name for column in _TIMES)],
    select(bindparam("new_zone", type_=_zone.c.id.type), *_TIMES)
    .join_from(_occupancy, _zone, _zone.c.id == _occupancy.c.zone_id)
    .where(
        _zone.c.room_id == bindparam("room_id"),
        _zone.c.id != bindparam("new_zone", type_=_zone.c.id.type),
        _OF_WHOLE_ROOM,
    )
    .distinct(),
)
_LET_GO_OF_ZONE = delete(_occupancy).where(_occupancy.c.zone_id == bindparam("old_zone"), _OF_WHOLE_ROOM)

_LET_GO_ALL = delete(_occupancy).where(_occupancy.c.booking_id.in_(bindparam("booking_ids", expanding=True)))


def hold(
    zone_ids: Iterable[int],
    slot: TimeSlot,
    *,
    booking_id: int | None = None,
    closure_id: int | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Hold zones for a booking or a closure, buffer included in `slot`.

    Raises `Refused` (ROOM_TAKEN) when the database finds an overlap that the rule did not see.
    """
    try:
        for zone_id in sorted(zone_ids):
            execute(
                insert(_occupancy),
                zone_id=zone_id,
                held_from=slot.starts,
                held_until=slot.ends,
                booking_id=booking_id,
                closure_id=closure_id,
                expires_at=expires_at,
            )
    except IntegrityError as error:
        if violated(error, OVERLAP):
            raise Refused(Objection(Reason.ROOM_TAKEN, "starts")) from error
        raise


@dataclass(frozen=True, slots=True)
class ToHold:
    """What a booking is about to hold, buffer included in `slot`."""

    booking_id: int
    zone_ids: frozenset[int]
    slot: TimeSlot
    expires_at: datetime | None


def hold_all(asked: Sequence[ToHold]) -> None:
    """Hold zones for many bookings in one statement. Raises `Refused` as `hold` does."""
    rows = [
        {
            "zone_id": zone_id,
            "held_from": each.slot.starts,
            "held_until": each.slot.ends,
            "booking_id": each.booking_id,
            "closure_id": None,
            "expires_at": each.expires_at,
        }
        for each in asked
        for zone_id in sorted(each.zone_ids)
    ]
    if not rows:
        return
    try:
        current_connection().execute(insert(_occupancy), rows)
    except IntegrityError as error:
        if violated(error, OVERLAP):
            raise Refused(Objection(Reason.ROOM_TAKEN, "starts")) from error
        raise


def let_go_all(booking_ids: Collection[int]) -> None:
    """Whatever these bookings held is free at once."""
    if booking_ids:
        execute(_LET_GO_ALL, booking_ids=[*booking_ids])


def let_go(booking_id: int) -> None:
    """Whatever a booking held is free at once."""
    execute(delete(_occupancy).where(_occupancy.c.booking_id == booking_id))


def hold_new_zone(room_id: int, zone_id: int) -> None:
    """Whatever has the whole room has a zone that was added too, at the same times."""
    execute(_HOLD_NEW_ZONE, room_id=room_id, new_zone=zone_id)


def let_go_of_zone(zone_id: int) -> None:
    """Whatever has the whole room does without a zone that is no part of it any more."""
    execute(_LET_GO_OF_ZONE, old_zone=zone_id)
