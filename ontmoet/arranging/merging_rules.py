"""One room goes on in another: what may, which bookings can go along, what nobody can have twice. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.bookings.rules import Taken
from ontmoet.bookings.states import Status
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Objection
from ontmoet.kernel.timeslot import TimeSlot

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ontmoet.rooms.rules import RoomView, ZoneView


class MergeReason(StrEnum):
    """Why two rooms do not become one."""

    NOT_OPEN = "not_open"
    SAME_ROOM = "same_room"
    NO_SUCH_ROOM = "no_such_room"
    NO_SUCH_ZONE = "no_such_zone"
    SEEN_OTHERWISE = "seen_otherwise"


@dataclass(frozen=True, slots=True)
class Coming:
    """A booking, request, offer or wish that waits of the room that ends. `lapses_at` is None for what is
    confirmed.
    """

    booking_id: int
    public_id: str
    person_id: int | None
    slot: TimeSlot
    people: int
    made_at: datetime
    lapses_at: datetime | None
    status: Status = Status.CONFIRMED


@dataclass(frozen=True, slots=True)
class Going:
    """A booking that goes along. It holds its own time there, and to tidy up what is free after it."""

    booking: Coming
    held: TimeSlot
    is_outside_hours: bool
    is_too_large: bool


@dataclass(frozen=True, slots=True)
class Placing:
    """What becomes of the bookings: `running` ones are finished where they are, `waiting` ones wait on for a
    time in the other room.
    """

    running: tuple[Coming, ...]
    waiting: tuple[Coming, ...]
    going: tuple[Going, ...]
    colliding: tuple[Coming, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """From a day until another, the first without; None is for good."""

    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does what in the room that ends, and the row of who does the same in the other one already."""

    role_id: int
    person_id: int
    organisation_id: int | None
    function: Function
    name: str
    term: Term
    there: int | None
    becomes: Term
    is_longer: bool
    """Whether what they do there lasts longer by it."""

    may_go: bool
    """Whether who merges may give it there: nobody gets more by it than somebody could have given."""

    @property
    def goes(self) -> bool:
        """Whether they do so in the other room afterwards, by this."""
        return self.may_go and (self.there is None or self.is_longer)

    @property
    def stays_too(self) -> bool:
        """Who works for the corporation goes on reading what was."""
        return self.function is Function.STAFF


@dataclass(frozen=True, slots=True)
class Numbered:
    """A copy or a locker, with its number now and then."""

    which: int
    number: int
    becomes: int

    @property
    def is_renumbered(self) -> bool:
        return self.number != self.becomes


@dataclass(frozen=True, slots=True)
class Admitted:
    """A neighbour's address that was let in; `is_there` when the other room let it in as well."""

    admission_id: int
    home_id: int
    reason: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that happens when one room goes on in another, and at which part of it bookings arrive."""

    placing: Placing
    doing: tuple[Doing, ...]
    keys: tuple[tuple[int, str], ...]
    copies: tuple[Numbered, ...]
    lockers: tuple[Numbered, ...]
    has_duty: bool
    box: str | None
    complexes: tuple[tuple[int, str], ...]
    homes: tuple[int, ...]
    admitted: tuple[Admitted, ...]

    @property
    def mark(self) -> str:
        """Differs once anything of it does."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


def objections_to_merging(old: RoomView, into: RoomView, *, now: datetime) -> tuple[Objection, ...]:
    """Both must be open, and differ. One that ended is not open: so rooms never lead round in a circle."""
    if old.room_id == into.room_id:
        return (Objection(MergeReason.SAME_ROOM, "into"),)
    if not old.is_open_to_bookings(now):
        return (Objection(MergeReason.NOT_OPEN),)
    if not into.is_open_to_bookings(now):
        return (Objection(MergeReason.NOT_OPEN, "into"),)
    return ()


def placed(
    coming: Iterable[Coming],
    into: RoomView,
    zone: ZoneView | None,
    taken: Iterable[Taken],
    *,
    now: datetime,
) -> Placing:
    """Where each booking goes when all come to one part of the room, or the whole of it for `zone` None.

    What was agreed is not judged again: only by what is taken, in the order in which it was promised. A
    request waits for what is confirmed.
    """
    ordered = sorted(coming, key=lambda one: (one.lapses_at is not None, one.made_at, one.booking_id))
    waiting = [one for one in ordered if one.status is Status.WAITING]
    running = [one for one in ordered if one.slot.starts <= now]
    zones = into.zone_ids if zone is None else frozenset({zone.zone_id})
    held = [each.slot for each in taken if each.zone_id in zones]
    limit = into.capacity if zone is None else zone.capacity
    goes, collides = [], []
    for one in ordered:
        if one.slot.starts <= now or one.status is Status.WAITING:
            continue
        if any(one.slot.overlaps(slot) for slot in held):
            collides.append(one)
        else:
            goes.append(one)
            held.append(one.slot)
    buffer = timedelta(minutes=into.buffer_minutes)
    going = [
        Going(
            one,
            _with_what_is_free_after(one.slot, buffer, held),
            is_outside_hours=not into.hours.cover(one.slot),
            is_too_large=one.people > limit,
        )
        for one in goes
    ]
    return Placing(
        tuple(sorted(running, key=_by_time)),
        tuple(sorted(waiting, key=_by_time)),
        tuple(sorted(going, key=lambda each: _by_time(each.booking))),
        tuple(sorted(collides, key=_by_time)),
    )


def numbers_after(numbers: Mapping[int, int], taken: Collection[int]) -> dict[int, int]:
    """The numbers by id in a register that has `taken` already: one keeps its number unless it is there."""
    last = max((0, *numbers.values(), *taken))
    found = {}
    for each, number in sorted(numbers.items(), key=lambda pair: (pair[1], pair[0])):
        if number in taken:
            last += 1
            found[each] = last
        else:
            found[each] = number
    return found


def both(one: Term, other: Term) -> Term:
    """The term of somebody who has a function in both rooms: from the first day until the last."""
    until = None if one.until is None or other.until is None else max(one.until, other.until)
    return Term(min(one.since, other.since), until)


def _with_what_is_free_after(slot: TimeSlot, buffer: timedelta, held: Sequence[TimeSlot]) -> TimeSlot:
    """A tail is cut where the next begins: they stood back to back before."""
    nexts = [other.starts for other in held if other.starts >= slot.ends]
    return TimeSlot(slot.starts, min(slot.ends + buffer, *nexts) if nexts else slot.ends + buffer)


def _by_time(one: Coming) -> tuple[datetime, int]:
    return one.slot.starts, one.booking_id
