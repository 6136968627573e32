"""Reading closures, and who has the room during a while."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select

from ontmoet.db import execute, instant_named
from ontmoet.db.guards import LONGEST_HOLD_DAYS
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.people.models import Organisation, Person
from ontmoet.rooms.models import Closure, Zone

from .models import Booking
from .states import HOLDS_THE_ROOM, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ontmoet.db import AnyRow

_booking = Booking.__table__
_closure = Closure.__table__
_zone = Zone.__table__
_person = Person.__table__
_organisation = Organisation.__table__

SHOWN_AFTER = timedelta(days=365)
"""How long closures and announcements that are over stay in their lists."""


@dataclass(frozen=True, slots=True)
class ClosureView:
    """A closure; zone None is the whole room."""

    closure_id: int
    public_id: str
    zone_id: int | None
    zone_slug: str
    zone_name: str
    slot: TimeSlot
    reason: str

    @property
    def mark(self) -> str:
        """Differs once something about it was changed."""
        return mark_of(self.slot, self.zone_id, self.reason)


@dataclass(frozen=True, slots=True)
class Affected:
    """A booking or request that holds a room during a while, or a wish that waits for it."""

    booking_id: int
    public_id: str
    version: int
    person_id: int | None
    home_id: int | None
    organisation_id: int | None
    zone_id: int | None
    slot: TimeSlot
    people: int
    status: Status
    person_name: str
    organisation_name: str

    @property
    def mark(self) -> str:
        """Differs once the booking was changed; its end says what it is."""
        return f"{self.public_id}.{self.version}.{self.status}"


def what_they_are(marks: Iterable[str]) -> Counter[str]:
    """How many bookings, requests and offers these marks are of, by status."""
    return Counter(mark.rpartition(".")[2] for mark in marks)


def mark_of(slot: TimeSlot, *parts: object) -> str:
    """A short text that is equal as long as what it was made of is equal."""
    told = repr((slot.starts.isoformat(), slot.ends.isoformat(), *parts))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


_CLOSURES = (
    select(_closure, _zone.c.slug.label("zone_slug"), _zone.c.name.label("zone_name"))
    .outerjoin_from(_closure, _zone, _zone.c.id == _closure.c.zone_id)
    .where(_closure.c.room_id == bindparam("room_id"))
)
_SINCE = _CLOSURES.where(_closure.c.ends_at > instant_named("since")).order_by(
    _closure.c.starts_at, _closure.c.id
)
_DURING = _CLOSURES.where(
    _closure.c.ends_at > instant_named("since"), _closure.c.starts_at < instant_named("until")
).order_by(_closure.c.id)
_ONE = _CLOSURES.where(_closure.c.public_id == bindparam("which"))

_AFFECTED = (
    select(
        _booking.c.id,
        _booking.c.public_id,
        _booking.c.version,
        _booking.c.person_id,
        _booking.c.home_id,
        _booking.c.organisation_id,
        _booking.c.zone_id,
        _booking.c.starts_at,
        _booking.c.ends_at,
        _booking.c.people,
        _booking.c.status,
        _person.c.name.label("person_name"),
        _organisation.c.name.label("organisation_name"),
    )
    .select_from(_booking)
    .outerjoin(_person, _person.c.id == _booking.c.person_id)
    .outerjoin(_organisation, _organisation.c.id == _booking.c.organisation_id)
    .where(
        _booking.c.room_id == bindparam("room_id"),
        _booking.c.status.in_(bindparam("statuses", expanding=True)),
        _booking.c.starts_at < instant_named("until"),
        _booking.c.starts_at > instant_named("bound"),
        _booking.c.ends_at > instant_named("since"),
        # A request nobody answered in time holds nothing any more.
        _booking.c.lapses_at.is_(None) | (_booking.c.lapses_at > instant_named("now")),
    )
    .order_by(_booking.c.starts_at, _booking.c.id)
)


WHY_CLOSED = (
    select(_closure.c.reason)
    .where(
        _closure.c.room_id == _booking.c.room_id,
        _closure.c.starts_at < _booking.c.ends_at,
        _closure.c.ends_at > _booking.c.starts_at,
        or_(
            _closure.c.zone_id.is_(None),
            _booking.c.zone_id.is_(None),
            _closure.c.zone_id == _booking.c.zone_id,
        ),
    )
    .order_by(_closure.c.id.desc())
    .limit(1)
    .correlate(_booking)
    .scalar_subquery()
)
"""What was typed for the closure of the time of a booking: of the newest, where there are more."""
_WHY = select(WHY_CLOSED).select_from(_booking).where(_booking.c.id == bindparam("which"))


def closures_since(room_id: int, since: datetime) -> list[ClosureView]:
    """What ended after then, in order of time."""
    return [_view(row) for row in execute(_SINCE, room_id=room_id, since=since)]


def closures_during(room_id: int, slot: TimeSlot) -> list[ClosureView]:
    """What closes the room or a part of it during this time, first made first."""
    found = execute(_DURING, room_id=room_id, since=slot.starts, until=slot.ends)
    return [_view(row) for row in found]


def closure_of(room_id: int, public_id: str) -> ClosureView | None:
    """The closure of this room with this id."""
    row = execute(_ONE, room_id=room_id, which=public_id).one_or_none()
    return None if row is None else _view(row)


def why_closed(booking_id: int) -> str:
    """What was typed for the closure of the time of a booking; empty where there is none."""
    return execute(_WHY, which=booking_id).scalar() or ""


def bookings_during(
    room_id: int, slot: TimeSlot, zone_id: int | None, *, now: datetime
) -> tuple[Affected, ...]:
    """Who has the room, or this zone of it, during the slot and is not over; in order of time."""
    return _during(room_id, slot, zone_id, HOLDS_THE_ROOM, now=now)


def waiting_during(
    room_id: int, slot: TimeSlot, zone_id: int | None, *, now: datetime
) -> tuple[Affected, ...]:
    """Who waits for the room, or for this zone of it, during the slot."""
    return _during(room_id, slot, zone_id, {Status.WAITING}, now=now)


def _during(
    room_id: int, slot: TimeSlot, zone_id: int | None, statuses: Collection[Status], *, now: datetime
) -> tuple[Affected, ...]:
    since = max(slot.starts, now)
    found = execute(
        _AFFECTED,
        room_id=room_id,
        statuses=[*statuses],
        since=since,
        until=slot.ends,
        bound=since - timedelta(days=LONGEST_HOLD_DAYS),
        now=now,
    )
    return tuple(
        _affected(row) for row in found if zone_id is None or row.zone_id is None or row.zone_id == zone_id
    )


def _view(row: AnyRow) -> ClosureView:
    return ClosureView(
        row.id,
        row.public_id,
        row.zone_id,
        row.zone_slug or "",
        row.zone_name or "",
        TimeSlot(row.starts_at, row.ends_at),
        row.reason,
    )


def _affected(row: AnyRow) -> Affected:
    return Affected(
        row.id,
        row.public_id,
        row.version,
        row.person_id,
        row.home_id,
        row.organisation_id,
        row.zone_id,
        TimeSlot(row.starts_at, row.ends_at),
        row.people,
        Status(row.status),
        row.person_name or "",
        row.organisation_name or "",
    )
