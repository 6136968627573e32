"""May this booking be made, and if not: why not, and what can be done instead.

Times are half-open slots; the buffer for tidying up is a tail behind a booking, so neighbours' bookings
may touch when a room has none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import MINUTES_A_DAY, NonexistentTime, day_of, instant, minutes_of
from ontmoet.rooms.rules import RoomView, ZoneView


class Reason(StrEnum):
    """Why a booking is refused."""

    ROOM_TAKEN = "room_taken"
    ROOM_CLOSED = "room_closed"
    WAITS_ALREADY = "waits_already"
    OFFER_OVER = "offer_over"
    OUTSIDE_OPENING_HOURS = "outside_opening_hours"
    IN_THE_PAST = "in_the_past"
    HAS_BEGUN = "has_begun"
    IS_THERE = "is_there"
    BELONGS_NO_LONGER = "belongs_no_longer"
    MORE_NEEDS_A_YES = "more_needs_a_yes"
    TOO_FAR_AHEAD = "too_far_ahead"
    ENDS_BEFORE_START = "ends_before_start"
    NO_SUCH_TIME = "no_such_time"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_MANY_PEOPLE = "too_many_people"
    NO_SUCH_ZONE = "no_such_zone"
    FAIR_USE_SPENT = "fair_use_spent"
    FORM_REUSED = "form_reused"
    CHANGED_MEANWHILE = "changed_meanwhile"
    ALREADY_OVER = "already_over"
    HOUSE_RULES_NOT_AGREED = "house_rules_not_agreed"
    NOT_CONFIRMED = "not_confirmed"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class BookingWish:
    """What somebody asks for; zone None is the whole room. `exception` is why the board lets it go beyond
    fair use, empty when it does not.
    """

    slot: TimeSlot
    zone: ZoneView | None
    people: int
    purpose: str
    exception: str = ""

    def zone_ids(self, room: RoomView) -> frozenset[int]:
        return room.zone_ids if self.zone is None else frozenset({self.zone.zone_id})


@dataclass(frozen=True, slots=True)
class Moving:
    """A booking that changes, as it is; `may_have_more` unless its person belongs to the room no longer: then
    it can be made smaller only. `needs_yes`: to whatever it does not have already, somebody has to say yes.
    """

    slot: TimeSlot
    zone_ids: frozenset[int]
    may_have_more: bool = True
    needs_yes: bool = False

    def has_begun(self, now: datetime) -> bool:
        return self.slot.starts <= now

    def holds(self, wish: BookingWish, room: RoomView) -> bool:
        """Whether the wish lies within what the booking has already."""
        return self.slot.covers(wish.slot) and wish.zone_ids(room) <= self.zone_ids


@dataclass(frozen=True, slots=True)
class Holder:
    """The booking that holds a zone: whose it is, its id in addresses and its own time, without buffer. What
    is only offered still waits for a yes.
    """

    person_id: int | None
    public_id: str
    slot: TimeSlot
    is_offered: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A zone is held, buffer included, by a booking or by a closure. Of a closure that is long this is a
    piece: it goes on until `closed_until`, and `why` is its reason where that was read.
    """

    zone_id: int
    slot: TimeSlot
    is_closure: bool = False
    closed_until: datetime | None = None
    holder: Holder | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class FairUse:
    """How often a home may book in a calendar month, and how often it did; `kept` of those are times that are
    kept until somebody there says yes.

    Only bookings that start at or after `quota_from` (minutes after midnight) count. The month is
    given by its first day and the first day after it.
    """

    quota: int
    quota_from: int
    used: int
    month: tuple[date, date]
    kept: int = 0

    def counts(self, slot: TimeSlot) -> bool:
        first, after = self.month
        return first <= day_of(slot.starts) < after and minutes_of(slot.starts) >= self.quota_from

    @property
    def is_spent(self) -> bool:
        return self.used >= self.quota


def slot_on(day: date, starts: int, ends: int) -> TimeSlot:
    """The slot between two times of day, in minutes; an end of 00:00 is the midnight after.

    Raises `Refused` when it does not last or when the clock skips one of the times. No booking
    crosses midnight.
    """
    if ends == 0:
        ends = MINUTES_A_DAY
    if ends <= starts:
        raise Refused(Objection(Reason.ENDS_BEFORE_START, "ends", {"starts": starts}))
    try:
        begin = instant(day, starts)
    except NonexistentTime:
        raise Refused(Objection(Reason.NO_SUCH_TIME, "starts", {"day": day})) from None
    try:
        return TimeSlot(begin, instant(day, ends))
    except NonexistentTime:
        raise Refused(Objection(Reason.NO_SUCH_TIME, "ends", {"day": day})) from None
    except ValueError:
        # In October 02:30–02:45 can be one instant twice: the first of the doubled hour is meant.
        raise Refused(Objection(Reason.ENDS_BEFORE_START, "ends", {"starts": starts})) from None


def objections_to(
    wish: BookingWish,
    room: RoomView,
    *,
    taken: tuple[Taken, ...],
    fair_use: tuple[FairUse, ...],
    now: datetime,
    moving: Moving | None = None,
    has_agreed: bool = True,
    person_id: int | None = None,
) -> tuple[Objection, ...]:
    """Every reason against the wish, most telling first; empty when it may be booked. Of a time that is over
    nothing is said of who had it.

    `fair_use` holds the months that the wish may fall in. `moving` is a booking that changes: one that began
    already keeps its start, or what was used would be as if it never was; nor does it wait for a yes, or
    what is being used would lapse. What it has already is not judged again. `has_agreed` tells whether the
    booker goes along with the house rules; whoever only looks for a time, or moves a booking, is not asked.
    `person_id` is who it is for: what they have themselves is not called busy.
    """
    if moving is not None and not moving.may_have_more and not moving.holds(wish, room):
        return (Objection(Reason.BELONGS_NO_LONGER),)
    against_time = _against_time(wish.slot, room, now=now, moving=moving)
    if not against_time and _waits_while_used(wish, room, moving, now):
        return (Objection(Reason.MORE_NEEDS_A_YES, "ends"),)
    found = [
        *([] if has_agreed else [Objection(Reason.HOUSE_RULES_NOT_AGREED)]),
        *against_time,
        *objections_to_size(wish.people, wish.zone, room),
    ]
    if any(objection.reason is Reason.IN_THE_PAST for objection in against_time):
        return tuple(found)
    if clashes_with(wish, room, taken):
        found.append(Objection(Reason.ROOM_TAKEN, "starts", _who_has_it(wish, room, taken, person_id, now)))
    month = beyond_fair_use(wish, fair_use)
    has_a_turn = month is not None and moving is not None and month.counts(moving.slot)
    if month is not None and not has_a_turn and not wish.exception:
        turns = {"quota": month.quota, "quota_from": month.quota_from}
        facts = {**turns, "month": month.month[0], "today": day_of(now)}
        found.append(Objection(Reason.FAIR_USE_SPENT, "day", facts))
    return tuple(found)


def _waits_while_used(wish: BookingWish, room: RoomView, moving: Moving | None, now: datetime) -> bool:
    if moving is None or not moving.needs_yes or not moving.has_begun(now):
        return False
    return not moving.holds(wish, room)


def _who_has_it(
    wish: BookingWish, room: RoomView, taken: tuple[Taken, ...], person_id: int | None, now: datetime
) -> dict[str, object]:
    """The clash to tell about: what is shut first, since no neighbour can give that back."""
    clashes = clashes_with(wish, room, taken)
    first = min(clashes, key=lambda clash: (not clash.is_closure, clash.slot))
    own = first.holder
    mine = [t for t in clashes if person_id is not None and t.holder and t.holder.person_id == person_id]
    if own is not None and mine == clashes:
        return {"clash": own.slot, "own": own.public_id, "offered": own.is_offered}
    held = {clash.zone_id for clash in clashes_with(replace(wish, zone=None), room, taken)}
    some_part_is_free = held != room.zone_ids
    return {
        "clash": first.slot,
        "shut": first.is_closure,
        "closed_until": first.closed_until,
        "today": day_of(now),
        "why": first.why,
        "partly_own": bool(mine),
        "all_along": first.slot.covers(wish.slot),
        "part": some_part_is_free and wish.zone is not None,
        "parts": tuple(zone.name for zone in room.zones if some_part_is_free and zone.zone_id in held),
    }


def beyond_fair_use(wish: BookingWish, fair_use: tuple[FairUse, ...]) -> FairUse | None:
    """The month whose turns are spent already, when the wish would take another."""
    return next((month for month in fair_use if month.counts(wish.slot) and month.is_spent), None)


def _against_time(slot: TimeSlot, room: RoomView, *, now: datetime, moving: Moving | None) -> list[Objection]:
    if not room.is_open_to_bookings(now):
        return [Objection(Reason.ROOM_CLOSED)]
    keeps_start = moving is not None and moving.slot.starts == slot.starts
    if moving is not None and moving.has_begun(now) and not keeps_start:
        return [Objection(Reason.HAS_BEGUN, "starts")]
    if keeps_start and slot.ends <= now:
        return [Objection(Reason.IN_THE_PAST, "ends")]
    if slot.starts < now and not keeps_start:
        field = "day" if day_of(slot.starts) < day_of(now) else "starts"
        return [Objection(Reason.IN_THE_PAST, field)]
    today = day_of(now)
    last_day = today + timedelta(days=room.horizon_days)
    if moving is not None:
        # A date of a series may lie further ahead than anybody books: it can move within its own day.
        last_day = max(last_day, day_of(moving.slot.starts))
    if day_of(slot.starts) > last_day:
        return [Objection(Reason.TOO_FAR_AHEAD, "day", {"last_day": last_day, "today": today})]
    found = []
    has_it = moving is not None and moving.slot.covers(slot)
    is_shorter = moving is None or slot.length < moving.slot.length
    if is_shorter and slot.length < timedelta(minutes=room.shortest_minutes):
        facts = {"minutes": room.shortest_minutes}
        found.append(Objection(Reason.TOO_SHORT, "ends", facts))
    if not has_it and slot.length > timedelta(minutes=room.longest_minutes):
        found.append(Objection(Reason.TOO_LONG, "ends", {"minutes": room.longest_minutes}))
    if not has_it and not room.hours.cover(slot):
        day = day_of(slot.starts)
        facts_of_day = {"day": day, "stretches": room.hours.on(day)}
        found.append(Objection(Reason.OUTSIDE_OPENING_HOURS, "starts", facts_of_day))
    return found


def objections_to_size(people: int, zone: ZoneView | None, room: RoomView) -> list[Objection]:
    """Whether so many go in; zone None is the whole room."""
    limit = room.capacity if zone is None else zone.capacity
    if people <= limit:
        return []
    facts = {"limit": limit, "zone": zone.name if zone and room.is_divisible else None}
    return [Objection(Reason.TOO_MANY_PEOPLE, "people", facts)]


def first_clash(wish: BookingWish, room: RoomView, taken: tuple[Taken, ...]) -> Taken | None:
    """The earliest that stands in the way of the wish."""
    return min(clashes_with(wish, room, taken), key=lambda clash: clash.slot, default=None)


def clashes_with(wish: BookingWish, room: RoomView, taken: tuple[Taken, ...]) -> list[Taken]:
    """Whatever stands in the way of the wish."""
    held = wish.slot.with_tail(timedelta(minutes=room.buffer_minutes))
    zones = wish.zone_ids(room)
    return [t for t in taken if t.zone_id in zones and t.slot.overlaps(held)]
