"""Taking hold of zones and letting go: with `closed_time` the only writer of occupancy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from ontmoet.db import execute, violated
from ontmoet.db.guards import OVERLAP
from ontmoet.kernel.objections import Objection, Refused

from .models import Occupancy
from .rules import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ontmoet.kernel.timeslot import TimeSlot

_occupancy = Occupancy.__table__


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


def let_go(booking_id: int) -> None:
    """Whatever a booking held is free at once."""
    execute(delete(_occupancy).where(_occupancy.c.booking_id == booking_id))
