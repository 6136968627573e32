"""The time that closures hold. Runs under the lock of the room."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from ontmoet.db import Instant, execute
from ontmoet.db.guards import LONGEST_HOLD_DAYS
from ontmoet.kernel.timeslot import TimeSlot, gaps

from .closure_queries import closures_during
from .closure_rules import daily_pieces
from .holding import hold
from .models import Occupancy
from .taken_queries import taken_between

if TYPE_CHECKING:
    from collections.abc import Collection

    from ontmoet.rooms.rules import RoomView

_occupancy = Occupancy.__table__

_LET_GO = delete(_occupancy).where(_occupancy.c.closure_id == bindparam("its_id"))
_TAILS = select(_occupancy).where(
    _occupancy.c.zone_id.in_(bindparam("zone_ids", expanding=True)),
    _occupancy.c.booking_id.is_not(None),
    _occupancy.c.held_from < bindparam("moment", type_=Instant()),
    _occupancy.c.held_from > bindparam("bound", type_=Instant()),
    _occupancy.c.held_until > bindparam("moment", type_=Instant()),
)
_LONGEST_HOLD = timedelta(days=LONGEST_HOLD_DAYS)
_CUT = delete(_occupancy).where(_occupancy.c.id == bindparam("which"))


def let_go_of(closure_id: int) -> None:
    """Whatever a closure held is free; another one may still close it, and takes it over then."""
    execute(_LET_GO, its_id=closure_id)


def take(room: RoomView, closure_id: int, slot: TimeSlot, zone_id: int | None, *, now: datetime) -> None:
    """Hold what is not held yet. Before a closure nobody needs time to tidy up."""
    zone_ids = room.zone_ids if zone_id is None else frozenset({zone_id})
    _cut_tails(zone_ids, slot.starts)
    taken = taken_between(room.room_id, slot.starts, slot.ends, now=now)
    for each in sorted(zone_ids):
        for gap in gaps(slot, [t.slot for t in taken if t.zone_id == each]):
            for piece in daily_pieces(gap):
                hold({each}, piece, closure_id=closure_id)


def _cut_tails(zone_ids: Collection[int], moment: datetime) -> None:
    """Bookings that end before then hold nothing after it: it would come free when they are called off."""
    for row in execute(_TAILS, zone_ids=list(zone_ids), moment=moment, bound=moment - _LONGEST_HOLD).all():
        execute(_CUT, which=row.id)
        hold(
            {row.zone_id},
            TimeSlot(row.held_from, moment),
            booking_id=row.booking_id,
            expires_at=row.expires_at,
        )


def take_over(room: RoomView, freed: TimeSlot, *, now: datetime, but: int | None = None) -> None:
    """What a closure let go of, another one may still close."""
    for other in closures_during(room.room_id, freed):
        if other.closure_id != but:
            # Anew, so that a day of it stays one piece.
            let_go_of(other.closure_id)
            take(room, other.closure_id, other.slot, other.zone_id, now=now)
