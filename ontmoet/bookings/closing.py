"""Closing a room for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert

from ontmoet.db import execute
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.tokens import new_public_id
from ontmoet.kernel.walltime import day_of, start_of
from ontmoet.rooms.models import Closure
from ontmoet.rooms.queries import lock_room
from ontmoet.trail.actions import record

from .ending import lapse_requests
from .holding import hold


def close_room(
    room_id: int,
    slot: TimeSlot,
    *,
    reason: str,
    zone_ids: frozenset[int],
    zone_id: int | None,
    actor_id: int | None,
    now: datetime,
) -> str:
    """Close a room, or one zone of it, where it is still free; the closure's public id.

    Raises `Refused` (ROOM_TAKEN) when a booking stands in the way.
    """
    lock_room(room_id)
    lapse_requests(room_id, now=now)
    public_id = new_public_id()
    closure_id: int = execute(
        insert(Closure.__table__).returning(Closure.__table__.c.id),
        public_id=public_id,
        room_id=room_id,
        zone_id=zone_id,
        starts_at=slot.starts,
        ends_at=slot.ends,
        reason=reason,
    ).scalar_one()
    for piece in daily_pieces(slot):
        hold(zone_ids, piece, closure_id=closure_id)
    record(
        "room_closed",
        object_kind="closure",
        object_id=closure_id,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
        changes={"starts": slot.starts, "ends": slot.ends},
    )
    return public_id


def daily_pieces(slot: TimeSlot) -> tuple[TimeSlot, ...]:
    """A long slot cut at each local midnight, so that no occupancy is long."""
    pieces = []
    begin = slot.starts
    while begin < slot.ends:
        midnight = start_of(day_of(begin) + timedelta(days=1))
        pieces.append(TimeSlot(begin, min(midnight, slot.ends)))
        begin = midnight
    return tuple(pieces)
