"""How a room is at this moment: free, in part free, busy or closed, and until when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of, start_of
from ontmoet.rooms.rules import RoomView, ZoneView

from .rules import Taken

DAYS_AHEAD = 14
"""How far ahead, from today on, it is told when a room opens again."""


class Doorway(StrEnum):
    """What the door says."""

    FREE = "free"
    PARTLY_FREE = "partly_free"
    BUSY = "busy"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class RoomNow:
    """`until`: when that ends, None when it is not known within two weeks. `free_zones`: when partly."""

    doorway: Doorway
    until: datetime | None
    free_zones: tuple[ZoneView, ...] = ()


def room_now(room: RoomView, taken: tuple[Taken, ...], *, now: datetime) -> RoomNow:
    """The state of a room. `taken` covers at least the rest of today, and closures for `DAYS_AHEAD` days."""
    opening = next((s for s in room.hours.slots_on(day_of(now)) if s.contains(now)), None)
    if opening is None or not room.is_open_to_bookings(now):
        return RoomNow(Doorway.CLOSED, _open_from(room, taken, now))
    held = {t.zone_id: t for t in taken if t.slot.contains(now)}
    free = tuple(zone for zone in room.zones if zone.zone_id not in held)
    if free:
        free_ids = {zone.zone_id for zone in free}
        coming = [t.slot.starts for t in taken if t.zone_id in free_ids and t.slot.starts > now]
        until = min([opening.ends, *coming])
        if len(free) == len(room.zones):
            return RoomNow(Doorway.FREE, until)
        return RoomNow(Doorway.PARTLY_FREE, until, free)
    if all(t.is_closure for t in held.values()):
        return RoomNow(Doorway.CLOSED, _open_from(room, taken, now))
    return RoomNow(Doorway.BUSY, min(_free_from(zone, taken, now) for zone in room.zones))


def _free_from(zone: ZoneView, taken: tuple[Taken, ...], moment: datetime) -> datetime:
    """When this zone comes free: the end of what touches one after the other from `moment` on."""
    for held in sorted((t for t in taken if t.zone_id == zone.zone_id), key=lambda t: t.slot):
        if held.slot.starts <= moment < held.slot.ends:
            moment = max(held.slot.ends, held.closed_until or held.slot.ends)
    return moment


def _open_from(room: RoomView, taken: tuple[Taken, ...], now: datetime) -> datetime | None:
    """The first instant from now on at which the room is open and a part of it is not closed; None for one
    that closed for good, and when that is further ahead than is known.
    """
    closures = tuple(
        replace(t, slot=TimeSlot(t.slot.starts, max(t.slot.ends, t.closed_until or t.slot.ends)))
        for t in taken
        if t.is_closure
    )
    moment = max(now, room.live_at or now)
    known_until = start_of(day_of(now) + timedelta(days=DAYS_AHEAD))
    for ahead in range(DAYS_AHEAD):
        for slot in room.hours.slots_on(day_of(now) + timedelta(days=ahead)):
            if slot.ends <= moment:
                continue
            starts = max(slot.starts, moment)
            opens = min(_free_from(zone, closures, starts) for zone in room.zones)
            if opens < min(slot.ends, known_until):
                return opens if room.is_open_to_bookings(opens) else None
    return None
