"""Reading bookings: values for one page or one rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, or_, select, union_all

from ontmoet.db import AnyRow, execute, instant_named
from ontmoet.house_rules.models import RulesVersion
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of, month_of
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.models import Organisation, Person
from ontmoet.rooms.models import Room, Zone
from ontmoet.rooms.rules import UseKind

from .models import Booking, RequestQuestion
from .states import EXPECTED, CancelReason, Status, standing
from .waiting_rules import reason_lapsed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontmoet.kernel.actor import Actor

_booking = Booking.__table__
_question = RequestQuestion.__table__
_zone = Zone.__table__
_room = Room.__table__
_person = Person.__table__
_helper = _person.alias("helper")
_decider = _person.alias("decider")
_organisation = Organisation.__table__
_rules = RulesVersion.__table__

DAYS_SHOWN_TO_HELPER = timedelta(days=14)


# Put in order afterwards: for that, SQLite would read all bookings by the index of rooms, each minute.
_OVERDUE = select(_booking.c.room_id).where(_booking.c.lapses_at <= instant_named("now"))


def rooms_with_overdue(now: datetime) -> list[int]:
    """Rooms in which a request, an offer or a wish that waits is past its time."""
    return sorted(set(execute(_OVERDUE, now=now).scalars()))


@dataclass(frozen=True, slots=True)
class BookingView:
    """One booking, for its own page and for permissions."""

    booking_id: int
    public_id: str
    room_id: int
    room_slug: str
    room_name: str
    room_door: str
    zone_id: int | None
    zone_name: str | None
    home_id: int | None
    organisation_id: int | None
    person_id: int | None
    person_name: str | None
    organisation_name: str | None
    use_kind: UseKind
    slot: TimeSlot
    people: int
    purpose: str
    status: Status
    reason: CancelReason | None
    lapses_at: datetime | None
    made_at: datetime
    version: int
    entered_by_id: int | None
    entered_by_name: str | None
    fair_use_exception: str | None
    responsible: str | None
    decided_by_id: int | None
    decided_by_name: str | None
    decided_at: datetime | None
    explanation: str | None
    series_number: int | None
    is_asked: bool
    """Whether who wants the room is to answer a question first."""
    person_public_id: str | None = None
    rules_number: int | None = None
    rules_since: datetime | None = None
    was_sure: bool = False
    """Whether a request was a booking before it was moved."""
    is_taken_back: bool = False
    """Whether it was a request still when it was called off, since plans changed."""

    @property
    def is_for_corporation(self) -> bool:
        return self.home_id is None and self.organisation_id is None

    def exception_for(self, slot: TimeSlot) -> str:
        """What the board allowed for a month stays allowed when the booking moves within it."""
        is_same_month = month_of(day_of(self.slot.starts)) == month_of(day_of(slot.starts))
        return (self.fair_use_exception or "") if is_same_month else ""

    @property
    def helper(self) -> str:
        """Given name of whoever entered it for somebody else; empty when nobody did."""
        if self.entered_by_id == self.person_id or self.entered_by_name is None:
            return ""
        return self.entered_by_name.split(" ", 1)[0]


BOOKINGS = (
    select(
        _booking,
        _room.c.slug.label("room_slug"),
        _room.c.name.label("room_name"),
        _room.c.door.label("room_door"),
        _zone.c.name.label("zone_name"),
        _person.c.name.label("person_name"),
        _person.c.public_id.label("person_public_id"),
        _organisation.c.name.label("organisation_name"),
        _helper.c.name.label("entered_by_name"),
        _decider.c.name.label("decided_by_name"),
        _rules.c.number.label("rules_number"),
        _rules.c.published_at.label("rules_since"),
        exists()
        .where(_question.c.booking_id == _booking.c.id, _question.c.answered_at.is_(None))
        .label("is_asked"),
    )
    .join_from(_booking, _room, _room.c.id == _booking.c.room_id)
    .outerjoin(_zone, _zone.c.id == _booking.c.zone_id)
    .outerjoin(_person, _person.c.id == _booking.c.person_id)
    .outerjoin(_organisation, _organisation.c.id == _booking.c.organisation_id)
    .outerjoin(_helper, _helper.c.id == _booking.c.entered_by_id)
    .outerjoin(_decider, _decider.c.id == _booking.c.decided_by_id)
    .outerjoin(_rules, _rules.c.id == _booking.c.rules_version_id)
)
"""All there is to show about bookings; a reader says which."""

_BY_IDS = BOOKINGS.where(_booking.c.id.in_(bindparam("booking_ids", expanding=True)))
_BY_PUBLIC_ID = BOOKINGS.where(_booking.c.public_id == bindparam("public_id"))
_COMING = (
    BOOKINGS.where(_booking.c.person_id == bindparam("person_id"))
    .where(_booking.c.ends_at > instant_named("now"))
    .where(_booking.c.status.in_([*EXPECTED]))
    .order_by(_booking.c.starts_at)
    # A series has at most a day of each of a year; nothing behind one is forgotten.
    .limit(500)
)
_ENTERED = (
    BOOKINGS.where(
        _booking.c.room_id == bindparam("room_id"),
        _booking.c.starts_at >= instant_named("since"),
        _booking.c.entered_by_id == bindparam("helper_id"),
        _booking.c.person_id != bindparam("helper_id"),
    )
    .order_by(_booking.c.starts_at)
    .limit(30)
)
_OVER = select(_booking.c.id).where(
    _booking.c.person_id == bindparam("person_id"),
    or_(
        _booking.c.ends_at <= instant_named("now"),
        _booking.c.status.not_in([*EXPECTED]),
        _booking.c.lapses_at <= instant_named("now"),
    ),
)
_LAST = _OVER.where(_booking.c.starts_at <= instant_named("now")).order_by(_booking.c.starts_at.desc())
_NEXT = _OVER.where(_booking.c.starts_at > instant_named("now")).order_by(_booking.c.starts_at)
_PAST = BOOKINGS.where(
    _booking.c.id.in_(
        union_all(
            *(select(each.limit(bindparam("most")).subquery().c.id) for each in (_LAST, _NEXT)),
        )
    )
).order_by(_booking.c.starts_at.desc())


def booking_by_public_id(public_id: str, *, now: datetime) -> BookingView | None:
    """The booking with its status as it stands now."""
    row = execute(_BY_PUBLIC_ID, public_id=public_id).one_or_none()
    return None if row is None else booking_view(row, now)


def bookings_by_id(booking_ids: Sequence[int], *, now: datetime) -> dict[int, BookingView]:
    """These bookings with their status as it stands now. One statement."""
    return {row.id: booking_view(row, now) for row in execute(_BY_IDS, booking_ids=booking_ids)}


def person_of(booking: BookingView, actor: Actor, *, now: datetime) -> Actor:
    """Whose limits hold for a booking: the person it is for, whoever changes it."""
    if booking.person_id is None or booking.person_id == actor.person_id:
        return actor
    return actor_of(booking.person_id, today=day_of(now))


def coming_bookings_of(person_id: int, *, now: datetime) -> list[BookingView]:
    """What somebody still has coming or waits for, soonest first; what lapsed is left out."""
    views = [booking_view(row, now) for row in execute(_COMING, person_id=person_id, now=now)]
    return [view for view in views if view.status in EXPECTED]


def entered_for_others(helper_id: int, room_id: int, *, now: datetime) -> list[BookingView]:
    """What somebody entered for others in a room, in the order of the agenda: the last 14 days and after."""
    since = now - DAYS_SHOWN_TO_HELPER
    rows = execute(_ENTERED, helper_id=helper_id, room_id=room_id, since=since)
    return [booking_view(row, now) for row in rows]


def past_bookings_of(person_id: int, *, now: datetime, most: int = 5) -> list[BookingView]:
    """What is over or did not go on, latest first: of all that, what is nearest to now. So many dates called
    off far ahead do not push out what is over since an hour.
    """
    views = [booking_view(row, now) for row in execute(_PAST, person_id=person_id, now=now, most=most)]
    nearest = sorted(views, key=lambda view: abs(view.slot.starts - now))[:most]
    return [view for view in views if view in nearest]


def booking_view(row: AnyRow, now: datetime) -> BookingView:
    """A row of `BOOKINGS` with its status as it stands now."""
    status = standing(Status(row.status), row.lapses_at, now=now)
    reason = CancelReason(row.reason) if row.reason else None
    if status is not Status(row.status):
        reason = reason_lapsed(Status(row.status))
    return BookingView(
        booking_id=row.id,
        public_id=row.public_id,
        room_id=row.room_id,
        room_slug=row.room_slug,
        room_name=row.room_name,
        room_door=row.room_door,
        zone_id=row.zone_id,
        zone_name=row.zone_name,
        home_id=row.home_id,
        organisation_id=row.organisation_id,
        person_id=row.person_id,
        person_name=row.person_name,
        organisation_name=row.organisation_name,
        use_kind=UseKind(row.use_kind),
        slot=TimeSlot(row.starts_at, row.ends_at),
        people=row.people,
        purpose=row.purpose,
        status=status,
        reason=reason,
        lapses_at=row.lapses_at,
        made_at=row.made_at,
        version=row.version,
        entered_by_id=row.entered_by_id,
        entered_by_name=row.entered_by_name,
        fair_use_exception=row.fair_use_exception,
        responsible=row.responsible,
        decided_by_id=row.decided_by_id,
        decided_by_name=row.decided_by_name,
        decided_at=row.decided_at,
        explanation=row.explanation,
        series_number=row.series_number,
        was_sure=row.asked_again_at is not None,
        is_taken_back=row.taken_back_at is not None,
        is_asked=status is Status.REQUESTED and bool(row.is_asked),
        person_public_id=row.person_public_id,
        rules_number=row.rules_number,
        rules_since=row.rules_since,
    )
