"""Bookings that were made elsewhere. They hold their room as any other; who asked for it is not known."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from ontmoet.bookings.models import Booking, Occupancy
from ontmoet.bookings.parties import Party
from ontmoet.bookings.states import Status, Visibility
from ontmoet.db import Instant, current_connection, execute, violated
from ontmoet.db.guards import OVERLAP
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.tokens import new_public_id
from ontmoet.rooms.rules import UseKind

from .held import Held
from .homes import AT_ONCE, insert_in_lots
from .rules import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LONGEST = timedelta(days=2)

_booking, _occupancy = Booking.__table__, Occupancy.__table__
_HELD = select(_occupancy.c.zone_id, _occupancy.c.held_from, _occupancy.c.held_until).where(
    _occupancy.c.held_until > bindparam("first", type_=Instant()),
    _occupancy.c.held_from < bindparam("last", type_=Instant()),
)
_HOLD = insert(_occupancy).from_select(
    ["zone_id", "held_from", "held_until", "booking_id"],
    select(
        bindparam("zone", type_=_occupancy.c.zone_id.type),
        bindparam("from", type_=Instant()),
        bindparam("until", type_=Instant()),
        _booking.c.id,
    ).where(_booking.c.public_id == bindparam("mark")),
)


class Wish(NamedTuple):
    """A booking that can be read. Without a party: nobody knows any more whose it was."""

    room_id: int
    buffer: timedelta
    zone_id: int | None
    zone_ids: tuple[int, ...]
    slot: TimeSlot
    party: Party | None
    people: int
    purpose: str


class Placed(NamedTuple):
    """One that fits. It holds its zones until `until`."""

    wish: Wish
    until: datetime
    public_id: str


class Span(NamedTuple):
    """From when until when something stands in the agenda that these could meet."""

    first: datetime
    last: datetime


def span_of(slots: Sequence[TimeSlot]) -> Span:
    """The time of these, at least one, and as long before and after as anything can hold a room."""
    return Span(min(slot.starts for slot in slots) - _LONGEST, max(slot.ends for slot in slots) + _LONGEST)


def held_in(span: Span) -> Held:
    """When all zones are taken. One statement."""
    held = Held()
    for zone_id, held_from, held_until in execute(_HELD, first=span.first, last=span.last):
        held.add(zone_id, held_from, held_until)
        held.begins(zone_id, held_from)
    return held


def placed(wish: Wish, held: Held) -> Placed | None:
    """The booking with the time that it holds, which `held` knows of from now on; None when that is taken.
    The time to tidy up ends where the next begins.
    """
    until = held.until(wish.zone_ids, wish.slot.ends, wish.buffer)
    if any(held.has(zone_id, wish.slot.starts, until) for zone_id in wish.zone_ids):
        return None
    for zone_id in wish.zone_ids:
        held.add(zone_id, wish.slot.starts, until)
    return Placed(wish, until, new_public_id())


def store_wishes(new: Sequence[Placed], *, actor_id: int | None, now: datetime) -> None:
    """Store them. Runs inside a unit of work, right after they were judged in it.

    Raises `Refused` (CHANGED_MEANWHILE) when the database finds an overlap that the rule did not see.
    """
    holding = [
        {"zone": zone_id, "from": one.wish.slot.starts, "until": one.until, "mark": one.public_id}
        for one in new
        for zone_id in one.wish.zone_ids
    ]
    try:
        insert_in_lots(_booking, [_columns(one, actor_id, now) for one in new])
        for first in range(0, len(holding), AT_ONCE):
            current_connection().execute(_HOLD, holding[first : first + AT_ONCE])
    except IntegrityError as error:
        if violated(error, OVERLAP):
            raise Refused(Objection(Reason.CHANGED_MEANWHILE)) from error
        raise


def _columns(placed: Placed, actor_id: int | None, now: datetime) -> Mapping[str, object]:
    wish = placed.wish
    empty = dict.fromkeys(
        (
            "person_id", "organiser_pseudonym", "reason", "lapses_at", "ended_at", "rules_version_id",
            "fair_use_exception", "responsible", "decided_by_id", "decided_at", "explanation",
        )
    )  # fmt: skip
    return {
        **empty,
        "public_id": placed.public_id,
        "room_id": wish.room_id,
        "zone_id": wish.zone_id,
        "home_id": wish.party and wish.party.home_id,
        "organisation_id": wish.party and wish.party.organisation_id,
        "for_corporation": wish.party is not None and wish.party.is_corporation,
        "entered_by_id": actor_id,
        "use_kind": wish.party.use_kind if wish.party else UseKind.OWN,
        "visibility": Visibility.CLOSED,
        "starts_at": wish.slot.starts,
        "ends_at": wish.slot.ends,
        "people": wish.people,
        "purpose": wish.purpose,
        "status": Status.CONFIRMED,
        "made_at": now,
        "version": 1,
    }
