"""Reading whom hours and rules are about: who still comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.states import HOLDS_THE_ROOM, Status, standing
from ontmoet.db import Instant, execute
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.people.models import Organisation, Person
from ontmoet.rooms.models import Zone
from ontmoet.rooms.rules import UseKind

_booking = Booking.__table__
_person = Person.__table__
_organisation = Organisation.__table__
_zone = Zone.__table__

_COMING = (
    select(
        _booking.c.public_id,
        _booking.c.starts_at,
        _booking.c.ends_at,
        _booking.c.people,
        _booking.c.status,
        _booking.c.lapses_at,
        _booking.c.home_id,
        _booking.c.zone_id,
        _booking.c.use_kind,
        _zone.c.name.label("zone_name"),
        _person.c.name.label("person_name"),
        _organisation.c.name.label("organisation_name"),
    )
    .join_from(_booking, _zone, _zone.c.id == _booking.c.zone_id, isouter=True)
    .outerjoin(_person, _person.c.id == _booking.c.person_id)
    .outerjoin(_organisation, _organisation.c.id == _booking.c.organisation_id)
    .where(
        _booking.c.room_id == bindparam("room_id"),
        # No booking lasts longer than a day: the index finds where to begin.
        _booking.c.starts_at > bindparam("bound", type_=Instant()),
        _booking.c.ends_at > bindparam("now", type_=Instant()),
        _booking.c.status.in_([*HOLDS_THE_ROOM]),
    )
    .order_by(_booking.c.starts_at, _booking.c.id)
)


@dataclass(frozen=True, slots=True)
class Coming:
    """A booking that is still to come, as far as hours and rules look at it."""

    public_id: str
    slot: TimeSlot
    people: int
    home_id: int | None
    zone_id: int | None
    zone_name: str | None
    use_kind: UseKind
    person_name: str | None
    organisation_name: str | None


def coming_in(room_id: int, *, now: datetime) -> list[Coming]:
    """What is booked or asked for in a room and not over, soonest first."""
    rows = execute(_COMING, room_id=room_id, now=now, bound=now - timedelta(days=2))
    return [
        Coming(
            row.public_id,
            TimeSlot(row.starts_at, row.ends_at),
            row.people,
            row.home_id,
            row.zone_id,
            row.zone_name,
            UseKind(row.use_kind),
            row.person_name,
            row.organisation_name,
        )
        for row in rows
        if standing(Status(row.status), row.lapses_at, now=now) in HOLDS_THE_ROOM
    ]
