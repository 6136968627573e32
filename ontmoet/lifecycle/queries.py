"""Reading all that hangs on a person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.queries import coming_bookings_of
from ontmoet.bookings.states import THEIRS
from ontmoet.db import execute, lock_row
from ontmoet.kernel.walltime import start_of
from ontmoet.membership.queries import roles_of
from ontmoet.people.models import Person
from ontmoet.series.queries import series_by_ids

from .rules import Side

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from ontmoet.bookings.queries import BookingView
    from ontmoet.kernel.actor import Function
    from ontmoet.series.queries import SeriesView


@dataclass(frozen=True, slots=True)
class Decision:
    """A booking that goes on or not, or a series with its dates. `public_id` is of the one or the other."""

    public_id: str
    series: SeriesView | None
    bookings: list[BookingView]


_person = Person.__table__
_booking = Booking.__table__

_ALIVE = select(_person.c.id).where(
    _person.c.id == bindparam("person_id"),
    _person.c.erased_at.is_(None),
    _person.c.merged_into_id.is_(None),
)
_KEPT_AS = select(_person.c.merged_into_id).where(_person.c.public_id == bindparam("public_id"))
_BOOKINGS = select(func.count()).where(_booking.c.person_id == bindparam("person_id"))


def side_of(person_id: int, *, today: date) -> Side:
    """A person with everything they do, now or later, wherever."""
    functions: defaultdict[int | None, set[Function]] = defaultdict(set)
    for role in roles_of(person_id, today=today):
        functions[role.room_id].add(role.function)
    return Side(person_id, {room_id: frozenset(found) for room_id, found in functions.items()})


def is_merged_into(public_id: str, person_id: int) -> bool:
    """Whether somebody was made one with this person before."""
    return bool(execute(_KEPT_AS, public_id=public_id).scalar() == person_id)


def number_of_bookings(person_id: int) -> int:
    """How many bookings still carry this person."""
    number: int = execute(_BOOKINGS, person_id=person_id).scalar_one()
    return number


def coming_in(room_id: int, person_id: int, since: date, *, now: datetime) -> list[BookingView]:
    """What somebody still has coming in one room from a day on, soonest first."""
    return [
        found
        for found in coming_bookings_of(person_id, now=now)
        if found.room_id == room_id and found.status in THEIRS and found.slot.starts >= start_of(since)
    ]


def decisions_in(room_id: int, person_id: int, since: date, *, now: datetime) -> list[Decision]:
    """The same as it is decided on: a series of theirs as one, where its first date is. Two statements."""
    coming = coming_in(room_id, person_id, since, now=now)
    numbers = {found.series_number for found in coming if found.series_number is not None}
    series = {
        number: found
        for number, found in (series_by_ids(numbers) if numbers else {}).items()
        if found.person_id == person_id and found.ended_at is None
    }
    by_mark: dict[str, Decision] = {}
    for booking in coming:
        its = series.get(booking.series_number or 0)
        mark = its.public_id if its else booking.public_id
        by_mark.setdefault(mark, Decision(mark, its, [])).bookings.append(booking)
    return [*by_mark.values()]


def waits_for(person_id: int, home_ids: Collection[int], day: date, *, now: datetime) -> list[BookingView]:
    """What somebody waits for from a day on, or was offered, in whatever room, for one of these homes."""
    return [
        found
        for found in coming_bookings_of(person_id, now=now)
        if found.status not in THEIRS and found.home_id in home_ids and found.slot.starts >= start_of(day)
    ]


def lock_people(*person_ids: int) -> bool:
    """Hold these persons until the unit of work ends; whether all of them are still there."""
    for person_id in sorted(set(person_ids)):
        lock_row(_person, person_id)
    return all(execute(_ALIVE, person_id=person_id).first() is not None for person_id in person_ids)
