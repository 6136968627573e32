"""Closing a room for a while, and opening it again. Inside a unit of work; commits nothing itself.

A closure holds all of its time: by occupancy of its own, or by that of another closure that was there
before. Whoever has the room then is displaced, once the one who closes has seen who that are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, update

from ontmoet.db import Instant, execute
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.tokens import new_public_id
from ontmoet.rooms.models import Closure
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import earlier_or_refused, record, remember_answer

from .closed_time import let_go_of, take, take_over
from .closure_queries import (
    Affected,
    ClosureView,
    bookings_during,
    closure_of,
    closures_during,
    mark_of,
    waiting_during,
)
from .closure_rules import NEWS_WHEN_SHUT, SpanReason, against, from_now
from .ending import end_shut, hand_on, lapse_overdue
from .telling import tell_bookers

if TYPE_CHECKING:
    from collections.abc import Collection

    from ontmoet.rooms.rules import RoomView
    from ontmoet.trail.actions import FormPost

_closure = Closure.__table__

_REMOVE = delete(_closure).where(_closure.c.id == bindparam("its_id"))
_CHANGE = (
    update(_closure)
    .where(_closure.c.id == bindparam("its_id"))
    .values(
        zone_id=bindparam("its_zone", type_=_closure.c.zone_id.type),
        starts_at=bindparam("its_start", type_=Instant()),
        ends_at=bindparam("its_end", type_=Instant()),
        reason=bindparam("why"),
    )
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to close: a zone by its slug, empty for the whole room. `reason` is read by everybody."""

    slot: TimeSlot
    zone_slug: str
    reason: str


class Displaces(Exception):
    """Closing would displace these, and whoever closes has not seen just this list."""

    def __init__(self, bookings: tuple[Affected, ...]) -> None:
        super().__init__(len(bookings))
        self.bookings = bookings


def close(
    room_id: int,
    wanted: Wanted,
    *,
    seen: Collection[str],
    actor_id: int | None,
    now: datetime,
    post: FormPost | None = None,
) -> str:
    """Close a room, or one zone of it; where that can be seen. The same form again changes nothing, nor does
    another form that says just the same.

    `seen` are the marks of the bookings it displaces, as the one who closes saw them. Raises `Displaces`
    when there are others, and `Refused`.
    """
    lock_room(room_id)
    earlier = None if post is None else earlier_or_refused(post, SpanReason.FORM_REUSED)
    if earlier is not None:
        return earlier
    room = room_by_id(room_id)
    zone_id = _zone_id(room, wanted)
    refuse_any(against(wanted.slot, now=now))
    slot = from_now(wanted.slot, now)
    location = f"/r/{room.slug}/sluitingen"
    lapse_overdue(room_id, now=now)
    affected = _seen_or_shown(room_id, slot, zone_id, seen, now=now)
    mark = mark_of(slot, zone_id, wanted.reason)
    if not affected and any(each.mark == mark for each in closures_during(room_id, slot)):
        return location
    public_id = new_public_id()
    closure_id: int = execute(
        insert(_closure).returning(_closure.c.id),
        public_id=public_id,
        room_id=room_id,
        zone_id=zone_id,
        starts_at=slot.starts,
        ends_at=slot.ends,
        reason=wanted.reason,
    ).scalar_one()
    _make_way(affected, room_id, slot, zone_id, actor_id=actor_id, now=now)
    take(room, closure_id, slot, zone_id, now=now)
    hand_on(room_id, now=now)
    _record("room_closed", closure_id, room_id, slot, actor_id, now, displaced=len(affected))
    if post is not None:
        remember_answer(post, location, now=now)
    return location


def change(
    closure: ClosureView,
    room_id: int,
    wanted: Wanted,
    *,
    seen: Collection[str],
    seen_as: str,
    actor_id: int,
    now: datetime,
    post: FormPost,
) -> str:
    """Another time, part or reason. One that began keeps its beginning. Raises as `close` does.

    `seen_as` is the mark of the closure that was on the screen.
    """
    lock_room(room_id)
    earlier = earlier_or_refused(post, SpanReason.FORM_REUSED)
    if earlier is not None:
        return earlier
    room = room_by_id(room_id)
    current = _current(closure, room_id, now=now)
    if current.mark != seen_as:
        raise Refused(Objection(SpanReason.CHANGED_MEANWHILE))
    zone_id = _zone_id(room, wanted)
    has_begun = current.slot.starts <= now
    slot = TimeSlot(current.slot.starts, wanted.slot.ends) if has_begun else wanted.slot
    refuse_any(against(slot, now=now, began=current.slot.starts if has_begun else None))
    slot = slot if has_begun else from_now(slot, now)
    lapse_overdue(room_id, now=now)
    affected = _seen_or_shown(room_id, slot, zone_id, seen, now=now)
    _become(room, current, slot, zone_id, wanted.reason, affected, actor_id=actor_id, now=now)
    _record("closure_changed", current.closure_id, room_id, slot, actor_id, now, displaced=len(affected))
    location = f"/r/{room.slug}/sluitingen"
    remember_answer(post, location, now=now)
    return location


def reopen(closure: ClosureView, room_id: int, *, actor_id: int, now: datetime) -> bool:
    """The rest of its time is free: a closure that has begun ends now, one that has not is gone; whether
    it had begun. Doing so again changes nothing.
    """
    lock_room(room_id)
    room = room_by_id(room_id)
    current = closure_of(room_id, closure.public_id)
    minute = now.replace(second=0, microsecond=0)
    if current is None or current.slot.ends <= minute:
        return current is not None
    lapse_overdue(room_id, now=now)
    if current.slot.starts < minute:
        slot = TimeSlot(current.slot.starts, minute)
        _become(room, current, slot, current.zone_id, current.reason, (), actor_id=actor_id, now=now)
        _record("closure_ended", current.closure_id, room_id, slot, actor_id, now)
        return True
    let_go_of(current.closure_id)
    execute(_REMOVE, its_id=current.closure_id)
    take_over(room, current.slot, now=now)
    _record("closure_removed", current.closure_id, room_id, current.slot, actor_id, now)
    hand_on(room_id, now=now)
    return False


def _become(
    room: RoomView,
    current: ClosureView,
    slot: TimeSlot,
    zone_id: int | None,
    reason: str,
    affected: tuple[Affected, ...],
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    let_go_of(current.closure_id)
    execute(
        _CHANGE,
        its_id=current.closure_id,
        its_zone=zone_id,
        its_start=slot.starts,
        its_end=slot.ends,
        why=reason,
    )
    _make_way(affected, room.room_id, slot, zone_id, actor_id=actor_id, now=now)
    take(room, current.closure_id, slot, zone_id, now=now)
    take_over(room, current.slot, now=now, but=current.closure_id)
    hand_on(room.room_id, now=now)


def _seen_or_shown(
    room_id: int, slot: TimeSlot, zone_id: int | None, seen: Collection[str], *, now: datetime
) -> tuple[Affected, ...]:
    affected = bookings_during(room_id, slot, zone_id, now=now)
    if {each.mark for each in affected} - set(seen):
        raise Displaces(affected)
    return affected


def _make_way(
    affected: tuple[Affected, ...],
    room_id: int,
    slot: TimeSlot,
    zone_id: int | None,
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    """These end, and nobody waits for their time any more: no neighbour gives it back. Each hears so. A key
    that is out stays due as it was.
    """
    ended = (*affected, *waiting_during(room_id, slot, zone_id, now=now))
    end_shut(
        [(each.booking_id, each.person_id, each.status) for each in ended],
        room_id=room_id,
        actor_id=actor_id,
        now=now,
    )
    for news in dict.fromkeys(NEWS_WHEN_SHUT.values()):
        told = [each for each in ended if NEWS_WHEN_SHUT[each.status] is news]
        tell_bookers(news, told, key=news, room_id=room_id, now=now)


def _current(closure: ClosureView, room_id: int, *, now: datetime) -> ClosureView:
    """The closure as it is under the lock. Raises `Refused` when it is over or gone."""
    current = closure_of(room_id, closure.public_id)
    if current is None or current.slot.ends <= now:
        raise Refused(Objection(SpanReason.ALREADY_OVER))
    return current


def _zone_id(room: RoomView, wanted: Wanted) -> int | None:
    if not wanted.zone_slug or not room.is_divisible:
        return None
    zone = room.zone(wanted.zone_slug)
    if zone is None:
        raise Refused(Objection(SpanReason.NO_SUCH_ZONE, "zone"))
    return zone.zone_id


def _record(
    action: str,
    closure_id: int,
    room_id: int,
    slot: TimeSlot,
    actor_id: int | None,
    now: datetime,
    *,
    displaced: int = 0,
) -> None:
    record(
        action,
        object_kind="closure",
        object_id=closure_id,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
        changes={"starts": slot.starts, "ends": slot.ends, **({"displaced": displaced} if displaced else {})},
    )
