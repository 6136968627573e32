"""Bookings of a room that goes on in another one. Runs under the locks of both; commits nothing itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, or_, select, update

from ontmoet.db import Instant, current_connection, execute
from ontmoet.db.guards import LONGEST_HOLD_DAYS
from ontmoet.trail.actions import record

from .holding import hold, let_go
from .models import Booking
from .states import EXPECTED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from ontmoet.db import AnyRow
    from ontmoet.kernel.timeslot import TimeSlot

_booking = Booking.__table__
_NOW = bindparam("now", type_=Instant())

_COMING = select(
    _booking.c.id,
    _booking.c.public_id,
    _booking.c.person_id,
    _booking.c.starts_at,
    _booking.c.ends_at,
    _booking.c.people,
    _booking.c.made_at,
    _booking.c.lapses_at,
    _booking.c.status,
).where(
    _booking.c.room_id == bindparam("room_id"),
    _booking.c.status.in_([*EXPECTED]),
    _booking.c.ends_at > _NOW,
    # None lasts longer: without it, the whole history of the room would be read.
    _booking.c.starts_at > bindparam("bound", type_=Instant()),
    or_(_booking.c.lapses_at.is_(None), _booking.c.lapses_at > _NOW),
)
_GO_ALONG = (
    update(_booking)
    .where(_booking.c.id == bindparam("which"))
    .values(
        room_id=bindparam("into"),
        zone_id=bindparam("part", type_=Integer),
        came_from_id=bindparam("old"),
        version=_booking.c.version + 1,
    )
)


def still_to_end(room_id: int, *, now: datetime) -> Sequence[AnyRow]:
    """What holds a room now or later, or waits for it: id, public id, person, times, people, when it was made
    and when it lapses, status.
    """
    bound = now - timedelta(days=LONGEST_HOLD_DAYS)
    return execute(_COMING, room_id=room_id, now=now, bound=bound).all()


def go_along(
    held: Sequence[tuple[int, TimeSlot, datetime | None]],
    waiting: Sequence[int] = (),
    *,
    old_id: int,
    into_id: int,
    zone_id: int | None,
    zone_ids: Collection[int],
    actor_id: int | None,
    now: datetime,
) -> None:
    """These go on in the other room: id, what each holds there, and when it lapses. All else about them stays
    as it was agreed. Who waits waits on for a time there. Raises `Refused` when the database finds that one
    does not fit.
    """
    going = [*(each for each, _, _ in held), *waiting]
    if not going:
        return
    for booking_id, _, _ in held:
        let_go(booking_id)
    current_connection().execute(
        _GO_ALONG,
        [{"which": each, "into": into_id, "part": zone_id, "old": old_id} for each in going],
    )
    for booking_id, slot, lapses_at in held:
        hold(zone_ids, slot, booking_id=booking_id, expires_at=lapses_at)
    for booking_id in going:
        record(
            "booking_went_along",
            object_kind="booking",
            object_id=booking_id,
            room_id=into_id,
            actor_id=actor_id,
            now=now,
            changes={"from": old_id},
        )
