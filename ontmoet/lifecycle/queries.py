"""Reading all that hangs on a person."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.queries import coming_bookings_of
from ontmoet.bookings.rules import THEIRS
from ontmoet.db import execute, lock_row
from ontmoet.kernel.walltime import start_of
from ontmoet.membership.queries import roles_of
from ontmoet.people.models import Person

from .rules import Side

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from ontmoet.bookings.queries import BookingView
    from ontmoet.kernel.actor import Function

_person = Person.__table__
_booking = Booking.__table__

_ALIVE = select(_person.c.id).where(
    _person.c.id == bindparam("person_id"),
    _person.c.erased_at.is_(None),
    _person.c.merged_into_id.is_(None),
)
_BOOKINGS = select(func.count()).where(_booking.c.person_id == bindparam("person_id"))


def side_of(person_id: int, *, today: date) -> Side:
    """A person with everything they do, now or later, wherever."""
    functions: defaultdict[int | None, set[Function]] = defaultdict(set)
    for role in roles_of(person_id, today=today):
        functions[role.room_id].add(role.function)
    return Side(person_id, {room_id: frozenset(found) for room_id, found in functions.items()})


def number_of_bookings(person_id: int) -> int:
    """How many bookings still carry this person."""
    number: int = execute(_BOOKINGS, person_id=person_id).scalar_one()
    return number


def coming_in(room_id: int, person_id: int, *, now: datetime) -> list[BookingView]:
    """What somebody still has coming in one room, soonest first."""
    coming = coming_bookings_of(person_id, now=now)
    return [found for found in coming if found.room_id == room_id and found.status in THEIRS]


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
