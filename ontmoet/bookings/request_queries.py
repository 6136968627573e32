"""Reading requests: what waits for a yes or no in a room, what is beside it, and who may decide."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, func, or_, select

from ontmoet.db import LocalDate, execute, instant_named
from ontmoet.db.guards import LONGEST_HOLD_DAYS
from ontmoet.kernel.actor import Function
from ontmoet.kernel.permissions import DECIDES_ON_BOOKINGS
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of, month_of, start_of
from ontmoet.people.actor_queries import TAKES_PART
from ontmoet.people.models import Person, Role
from ontmoet.rooms.models import Closure, Zone
from ontmoet.rooms.rules import UseKind

from .models import Booking, Occupancy
from .queries import BOOKINGS, BookingView, booking_view
from .states import HOLDS_THE_ROOM, CancelReason, Status
from .turns import LIVES_THERE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from ontmoet.db import AnyRow

_booking = Booking.__table__
_occupancy = Occupancy.__table__
_zone = Zone.__table__
_closure = Closure.__table__
_role = Role.__table__
_person = Person.__table__
_request = _booking.alias("request")

SHOWN_AFTER = timedelta(days=7)
"""So long what was decided, or lapsed, stands under the queue: who decided wrongly still finds it."""


def _in_rooms(name: str) -> Any:
    return _booking.c.room_id.in_(bindparam(name, expanding=True))


_IS_WAITING = (
    _booking.c.status == Status.REQUESTED,
    _booking.c.lapses_at > instant_named("now"),
    # It lapses when it starts at the latest; without this, the whole history of a room would be read.
    _booking.c.starts_at > instant_named("now"),
)
_WAITING = (
    BOOKINGS.where(_booking.c.room_id == bindparam("room_id"), *_IS_WAITING)
    # What lapses first comes first; what was asked first when that is the same.
    .order_by(_booking.c.lapses_at, _booking.c.made_at, _booking.c.id)
)
# A series is one request, however many dates of it wait.
_asked_for = (
    select(_booking.c.room_id, func.coalesce(-_booking.c.series_number, _booking.c.id))
    .where(_in_rooms("room_ids"), *_IS_WAITING)
    .distinct()
    .subquery("asked_for")
)
_COUNTS = select(_asked_for.c.room_id, func.count().label("waiting")).group_by(_asked_for.c.room_id)
_DONE = (
    BOOKINGS.where(
        _booking.c.room_id == bindparam("room_id"),
        _booking.c.starts_at > instant_named("since"),
        or_(
            _booking.c.decided_at > instant_named("since"),
            and_(
                _booking.c.status == Status.LAPSED,
                # Of who waited in vain there was nothing to decide.
                _booking.c.reason == CancelReason.NO_ANSWER,
                _booking.c.ended_at > instant_named("since"),
            ),
            and_(_booking.c.status == Status.REQUESTED, _booking.c.lapses_at <= instant_named("now")),
        ),
    )
    .order_by(func.coalesce(_booking.c.decided_at, _booking.c.ended_at, _booking.c.lapses_at).desc())
    .limit(10)
)
_BESIDE = (
    select(
        _request.c.id,
        _zone.c.name,
        _booking.c.purpose,
        _closure.c.reason,
        func.coalesce(_booking.c.starts_at, _occupancy.c.held_from),
        func.coalesce(_booking.c.ends_at, _occupancy.c.held_until),
    )
    .join_from(_request, _zone, _zone.c.room_id == _request.c.room_id)
    .join(
        _occupancy,
        and_(
            _occupancy.c.zone_id == _zone.c.id,
            _occupancy.c.held_from < _request.c.ends_at,
            _occupancy.c.held_until > _request.c.starts_at,
        ),
    )
    .outerjoin(_booking, _booking.c.id == _occupancy.c.booking_id)
    .outerjoin(_closure, _closure.c.id == _occupancy.c.closure_id)
    .where(
        _request.c.id.in_(bindparam("booking_ids", expanding=True)),
        # All of them lie between these; so the search stays short however long the history is.
        _occupancy.c.held_from > instant_named("bound"),
        or_(_occupancy.c.booking_id.is_(None), _occupancy.c.booking_id != _request.c.id),
        or_(_occupancy.c.expires_at.is_(None), _occupancy.c.expires_at > instant_named("now")),
        # Tidying up after another is nothing that goes on.
        func.coalesce(_booking.c.ends_at, _occupancy.c.held_until) > _request.c.starts_at,
    )
    .order_by(_occupancy.c.held_from, _zone.c.position)
)
_TURNS_OF_PARTIES = select(
    _booking.c.id,
    _booking.c.home_id,
    _booking.c.organisation_id,
    _booking.c.starts_at,
    _booking.c.status,
    _booking.c.series_number,
).where(
    _booking.c.room_id == bindparam("room_id"),
    _booking.c.starts_at >= instant_named("since"),
    _booking.c.starts_at < instant_named("until"),
    _booking.c.status.in_([*HOLDS_THE_ROOM]),
    or_(_booking.c.lapses_at.is_(None), _booking.c.lapses_at > instant_named("now")),
    or_(
        # What is open to all is nobody's turn (decisions 2.5).
        and_(
            _booking.c.home_id.in_(bindparam("home_ids", expanding=True)),
            _booking.c.use_kind == UseKind.OWN,
            LIVES_THERE,
        ),
        _booking.c.organisation_id.in_(bindparam("organisation_ids", expanding=True)),
    ),
)
_DAY = bindparam("day", type_=LocalDate())
_DECIDERS = (
    select(_role.c.person_id, _role.c.function)
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .where(
        _role.c.room_id == bindparam("room_id"),
        _role.c.function.in_([*DECIDES_ON_BOOKINGS]),
        _role.c.since <= _DAY,
        or_(_role.c.until.is_(None), _role.c.until > _DAY),
        _person.c.erased_at.is_(None),
        TAKES_PART,
    )
    .order_by(_role.c.person_id)
)


@dataclass(frozen=True, slots=True)
class Beside:
    """Something else in the room at the time of a request: in which zone, what, when."""

    zone_name: str
    what: str
    is_closure: bool
    slot: TimeSlot


def waiting_in(room_id: int, *, now: datetime) -> list[BookingView]:
    """The requests that wait for a decision, the most urgent first."""
    return [booking_view(row, now) for row in execute(_WAITING, room_id=room_id, now=now)]


def how_many_wait(room_ids: Collection[int], *, now: datetime) -> dict[int, int]:
    """The number of requests that wait in each of these rooms, where there are any."""
    rows = execute(_COUNTS, room_ids=[*room_ids], now=now).all()
    return {room_id: waiting for room_id, waiting in rows}


def settled_lately(room_id: int, *, now: datetime) -> list[BookingView]:
    """What was decided or lapsed of late, the last first."""
    rows = execute(_DONE, room_id=room_id, now=now, since=now - SHOWN_AFTER)
    return [booking_view(row, now) for row in rows]


def beside(requests: Sequence[BookingView], *, now: datetime) -> dict[int, list[Beside]]:
    """What else is in the room during each of these requests of one room."""
    found: defaultdict[int, list[Beside]] = defaultdict(list)
    first = min((request.slot.starts for request in requests), default=now)
    bound = first - timedelta(days=LONGEST_HOLD_DAYS)
    ids = [request.booking_id for request in requests]
    for request_id, zone_name, purpose, reason, starts, ends in execute(
        _BESIDE, booking_ids=ids, bound=bound, now=now
    ):
        slot = TimeSlot(starts, ends)
        found[request_id].append(Beside(zone_name, purpose or reason or "", purpose is None, slot))
    return found


def other_turns(requests: Sequence[BookingView], *, now: datetime) -> Mapping[int, int]:
    """How many other turns each one's home, or bookings its organisation, has in the room in that month.
    What waits of the same series is no other: it is decided about at once.
    """
    if not requests:
        return {}
    months = [month_of(day_of(request.slot.starts)) for request in requests]
    rows = execute(
        _TURNS_OF_PARTIES,
        room_id=requests[0].room_id,
        since=start_of(min(first for first, _after in months)),
        until=start_of(max(after for _first, after in months)),
        now=now,
        today=day_of(now),
        home_ids=[each.home_id for each in requests if each.home_id is not None],
        organisation_ids=[each.organisation_id for each in requests if each.organisation_id is not None],
    ).all()
    in_month = [(row, month_of(day_of(row.starts_at))) for row in rows]
    return {
        request.booking_id: sum(
            1
            for row, its_month in in_month
            if its_month == month
            and (row.home_id, row.organisation_id) == (request.home_id, request.organisation_id)
            and not _is_same_request(row, request)
        )
        for request, month in zip(requests, months, strict=True)
    }


def _is_same_request(row: AnyRow, request: BookingView) -> bool:
    if row.id == request.booking_id:
        return True
    waits = row.status == Status.REQUESTED
    return waits and row.series_number is not None and row.series_number == request.series_number


def deciders_in(room_id: int, *, today: date) -> list[int]:
    """Who is told that a request waits: who decides for the room itself; where nobody does, its staff."""
    rows = execute(_DECIDERS, room_id=room_id, day=today).all()
    own = [row.person_id for row in rows if row.function != Function.STAFF]
    return [*dict.fromkeys(own or [row.person_id for row in rows])]


def another_decides(room_id: int, person_id: int, *, today: date) -> bool:
    """Whether somebody else of the room itself may decide about a request of this person."""
    rows = execute(_DECIDERS, room_id=room_id, day=today)
    return any(row.person_id != person_id and row.function != Function.STAFF for row in rows)
