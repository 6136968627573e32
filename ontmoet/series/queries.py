"""Reading series: values for one page or one rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, func, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.states import THEIRS, CancelReason, Status, made_way, standing
from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of, instant_or_next
from ontmoet.people.models import Organisation, Person
from ontmoet.rooms.models import Room, Zone
from ontmoet.rooms.rules import UseKind

from .models import Series, SeriesDate
from .rules import DateState, Frequency, Rhythm, Standing, Why, standing_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from ontmoet.db import AnyRow

_series = Series.__table__
_date = SeriesDate.__table__
_booking = Booking.__table__
_room = Room.__table__
_zone = Zone.__table__
_person = Person.__table__
_organisation = Organisation.__table__


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series, for its own page and for permissions."""

    series_id: int
    public_id: str
    room_id: int
    room_slug: str
    room_name: str
    zone_id: int | None
    zone_name: str | None
    home_id: int | None
    organisation_id: int | None
    organisation_name: str | None
    for_corporation: bool
    person_id: int | None
    person_name: str | None
    use_kind: UseKind
    visibility: str
    is_drop_in: bool
    rhythm: Rhythm
    starts: int
    ends: int
    people: int
    purpose: str
    responsible: str | None
    believed_until: date
    ended_at: datetime | None
    version: int

    @property
    def is_for_corporation(self) -> bool:
        return self.home_id is None and self.organisation_id is None


@dataclass(frozen=True, slots=True)
class DateView:
    """A date of a series: `slot`, zone and people are those of its booking, when it has one that stands or
    is offered.
    """

    date_id: int
    day: date
    standing: Standing
    why: Why | None
    booking_id: int | None
    booking_public_id: str | None
    booking_version: int
    status: Status | None
    slot: TimeSlot | None
    zone_id: int | None
    people: int | None
    purpose: str
    lapses_at: datetime | None
    asked_at: datetime
    offered_at: datetime | None
    begins: datetime
    """When it would begin by the rule."""

    @property
    def is_live(self) -> bool:
        """Whether it has a booking that was asked for or stands."""
        return self.standing in (Standing.BOOKED, Standing.REQUESTED)

    @property
    def falls_on(self) -> date:
        """The day it is on: another one than by the rule, where it was moved."""
        return day_of(self.slot.starts) if self.slot else self.day

    def has_begun(self, now: datetime) -> bool:
        """Whether it is too late to change what this date is."""
        return self.slot.starts <= now if self.slot else self.day < day_of(now)

    def is_past(self, now: datetime) -> bool:
        """Whether it is too late to have it at its own time, also when nobody has it."""
        return (self.slot.starts if self.slot else self.begins) <= now


_SERIES = (
    select(
        _series,
        _room.c.slug.label("room_slug"),
        _room.c.name.label("room_name"),
        _zone.c.name.label("zone_name"),
        _person.c.name.label("person_name"),
        _organisation.c.name.label("organisation_name"),
    )
    .join_from(_series, _room, _room.c.id == _series.c.room_id)
    .outerjoin(_zone, _zone.c.id == _series.c.zone_id)
    .outerjoin(_person, _person.c.id == _series.c.person_id)
    .outerjoin(_organisation, _organisation.c.id == _series.c.organisation_id)
)
_BY_PUBLIC_ID = _SERIES.where(_series.c.public_id == bindparam("public_id"))
_BY_ID = _SERIES.where(_series.c.id.in_(bindparam("series_ids", expanding=True)))
_IN_ROOM = _SERIES.where(
    _series.c.room_id == bindparam("room_id"),
    _series.c.last_day >= bindparam("today", type_=LocalDate()),
    _series.c.ended_at.is_(None),
).order_by(_series.c.starts, _series.c.id)
_DATES = (
    select(
        _date,
        _booking.c.public_id.label("booking_public_id"),
        _booking.c.version,
        _booking.c.status,
        _booking.c.reason,
        _booking.c.lapses_at,
        _booking.c.starts_at,
        _booking.c.ends_at,
        _booking.c.zone_id,
        _booking.c.people,
        _booking.c.purpose,
        _series.c.starts,
    )
    .join_from(_date, _series, _series.c.id == _date.c.series_id)
    .outerjoin(_booking, _booking.c.id == _date.c.booking_id)
    .where(_date.c.series_id == bindparam("series_id"))
    .order_by(_date.c.day)
)
_DATES_FROM = _DATES.where(_date.c.day >= bindparam("since", type_=LocalDate()))
_LIVE_COUNTS = (
    select(_date.c.series_id, func.count().label("left"))
    .join_from(_date, _booking, _booking.c.id == _date.c.booking_id)
    .where(
        _date.c.series_id.in_(bindparam("series_ids", expanding=True)),
        _date.c.state == DateState.BOOKED,
        _booking.c.status.in_([*THEIRS]),
        _booking.c.ends_at > bindparam("now", type_=Instant()),
    )
    .group_by(_date.c.series_id)
)
_live, _live_date = _booking.alias("live"), _date.alias("live_date")
# Of what was declined, lapsed or called off date by date nothing is left to ask about.
IS_ALIVE = exists().where(
    _live_date.c.series_id == _series.c.id,
    _live_date.c.state == DateState.BOOKED,
    _live.c.id == _live_date.c.booking_id,
    _live.c.status.in_([*THEIRS]),
    _live.c.ends_at > bindparam("now", type_=Instant()),
)
"""Whether a series has a booking to come, at `now`."""

_TO_LOOK_AFTER = _SERIES.where(
    _series.c.ended_at.is_(None),
    _series.c.person_id.is_not(None),
    _series.c.last_day >= bindparam("today", type_=LocalDate()),
    IS_ALIVE,
).order_by(_series.c.id)


def series_by_public_id(public_id: str) -> SeriesView | None:
    """The series, when there is one of that id."""
    row = execute(_BY_PUBLIC_ID, public_id=public_id).one_or_none()
    return None if row is None else _view(row)


def series_by_ids(series_ids: Collection[int]) -> dict[int, SeriesView]:
    """These series. One statement."""
    return {row.id: _view(row) for row in execute(_BY_ID, series_ids=[*series_ids])}


def series_in_room(room_id: int, *, today: date) -> list[SeriesView]:
    """The series of a room that go on, earliest in the day first."""
    return [_view(row) for row in execute(_IN_ROOM, room_id=room_id, today=today)]


def series_to_look_after(now: datetime) -> list[SeriesView]:
    """Every series of which something comes and that has somebody to tell."""
    return [_view(row) for row in execute(_TO_LOOK_AFTER, today=day_of(now), now=now)]


def dates_of(series_id: int, *, now: datetime, since: date | None = None) -> list[DateView]:
    """The dates of a series in order, all of them or from a day on, as they stand now."""
    if since is None:
        rows = execute(_DATES, series_id=series_id)
    else:
        rows = execute(_DATES_FROM, series_id=series_id, since=since)
    return [_date_view(row, now) for row in rows]


def how_many_left(series_ids: Collection[int], *, now: datetime) -> dict[int, int]:
    """How many bookings each of these series still has coming."""
    rows = execute(_LIVE_COUNTS, series_ids=[*series_ids], now=now)
    return {row.series_id: row.left for row in rows}


def rhythm_of(row: AnyRow) -> Rhythm:
    """The rhythm in a row of the series."""
    return Rhythm(
        Frequency(row.frequency),
        row.every,
        row.first_day,
        row.last_day,
        tuple(int(digit) for digit in row.weekdays),
        row.month_day,
        row.nth,
    )


def _view(row: AnyRow) -> SeriesView:
    return SeriesView(
        series_id=row.id,
        public_id=row.public_id,
        room_id=row.room_id,
        room_slug=row.room_slug,
        room_name=row.room_name,
        zone_id=row.zone_id,
        zone_name=row.zone_name,
        home_id=row.home_id,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation_name,
        for_corporation=row.for_corporation,
        person_id=row.person_id,
        person_name=row.person_name,
        use_kind=UseKind(row.use_kind),
        visibility=row.visibility,
        is_drop_in=row.is_drop_in,
        rhythm=rhythm_of(row),
        starts=row.starts,
        ends=row.ends,
        people=row.people,
        purpose=row.purpose,
        responsible=row.responsible,
        believed_until=row.believed_until,
        ended_at=row.ended_at,
        version=row.version,
    )


def _date_view(row: AnyRow, now: datetime) -> DateView:
    status = None if row.status is None else standing(Status(row.status), row.lapses_at, now=now)
    was_closed = made_way(status, row.reason)
    was_offered = row.status == Status.OFFERED or row.reason in (CancelReason.NOT_TAKEN, CancelReason.CLOSED)
    stands = standing_of(DateState(row.state), status, was_closed=was_closed, was_offered=was_offered)
    holds = stands in (Standing.BOOKED, Standing.REQUESTED, Standing.OFFERED)
    return DateView(
        date_id=row.id,
        day=row.day,
        standing=stands,
        why=Why(row.why) if row.why else None,
        booking_id=row.booking_id,
        booking_public_id=row.booking_public_id,
        booking_version=row.version or 0,
        status=status,
        slot=TimeSlot(row.starts_at, row.ends_at) if holds else None,
        zone_id=row.zone_id if holds else None,
        people=row.people if holds else None,
        purpose=row.purpose or "" if holds else "",
        lapses_at=row.lapses_at if holds else None,
        asked_at=row.asked_at,
        offered_at=row.offered_at,
        begins=instant_or_next(row.day, row.starts),
    )
