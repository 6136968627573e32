"""Parts of a room: added, changed, removed. Runs inside a unit of work and commits nothing itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select, update

from ontmoet.bookings.ending import call_off_waiting, lapse_overdue
from ontmoet.bookings.holding import hold_new_zone, let_go_of_zone
from ontmoet.db import Instant, execute
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.rooms.models import Zone
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import record

from .coming import closures_of_zone, coming_in_zone
from .rules import Reason, free_slug, slug_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView, ZoneView

    from .rules import Seen

_zone = Zone.__table__
# With those that ended: their bookings still name them.
_SLUGS = select(_zone.c.slug).where(_zone.c.room_id == bindparam("room_id"))
_LAST = select(func.max(_zone.c.position)).where(_zone.c.room_id == bindparam("room_id"))
_CHANGE = (
    update(_zone)
    .where(_zone.c.id == bindparam("this"))
    .values(name=bindparam("new_name"), capacity=bindparam("new_capacity"))
)
_END = update(_zone).where(_zone.c.id == bindparam("this")).values(ended_at=bindparam("at", type_=Instant()))


def add_zone(room_id: int, name: str, capacity: int, *, actor: Actor, now: datetime) -> None:
    """One more part. Whatever has the whole room has it too, from the same moment on."""
    lock_room(room_id)
    lapse_overdue(room_id, now=now)
    room = room_by_id(room_id)
    _refuse_wrong(room, name, capacity, besides=None)
    slug = free_slug(slug_of(name), {slug for (slug,) in execute(_SLUGS, room_id=room_id)})
    zone_id: int = execute(
        insert(_zone).returning(_zone.c.id),
        room_id=room_id,
        slug=slug,
        name=name,
        capacity=capacity,
        position=1 + (execute(_LAST, room_id=room_id).scalar() or 0),
        ended_at=None,
    ).scalar_one()
    hold_new_zone(room_id, zone_id)
    _record("zone_added", room_id, zone_id, actor, now, slug=slug, capacity=capacity)


def values_of(zone: ZoneView) -> dict[str, str]:
    """What can be changed of a part, as text."""
    return {"name": zone.name, "capacity": str(zone.capacity)}


def change_zone(
    room_id: int, zone_id: int, wanted: Mapping[str, str], *, seen: Seen, actor: Actor, now: datetime
) -> None:
    """Another name, another capacity. What is booked stays booked, also when more people come than fit.

    Raises `Refused` with an objection per field that another changed since the writer saw it.
    """
    lock_room(room_id)
    room = room_by_id(room_id)
    zone = next((zone for zone in room.zones if zone.zone_id == zone_id), None)
    if zone is None:
        raise Refused(Objection(Reason.ALREADY_SO))
    current = values_of(zone)
    clashes = [
        Objection(reason, field, {"now": current[field]}) for field, reason in seen.clashes(current, wanted)
    ]
    if clashes:
        raise Refused(*clashes)
    name, capacity = wanted["name"], int(wanted["capacity"])
    _refuse_wrong(room, name, capacity, besides=zone_id)
    execute(_CHANGE, this=zone_id, new_name=name, new_capacity=capacity)
    _record("zone_changed", room_id, zone_id, actor, now, capacity=capacity)


def remove_zone(room_id: int, zone_id: int, *, actor: Actor, now: datetime) -> None:
    """No part of the room any more. Raises `Refused` for the last one, and while it is booked or closed."""
    lock_room(room_id)
    lapse_overdue(room_id, now=now)
    room = room_by_id(room_id)
    if zone_id not in room.zone_ids:
        raise Refused(Objection(Reason.ALREADY_SO))
    if len(room.zones) == 1:
        raise Refused(Objection(Reason.LAST_ZONE))
    if coming_in_zone(room_id, zone_id, now=now) or closures_of_zone(zone_id, now=now):
        raise Refused(Objection(Reason.HAS_BOOKINGS))
    call_off_waiting(room_id, zone_id=zone_id, now=now)
    let_go_of_zone(zone_id)
    execute(_END, this=zone_id, at=now)
    _record("zone_removed", room_id, zone_id, actor, now)


def _refuse_wrong(room: RoomView, name: str, capacity: int, *, besides: int | None) -> None:
    objections = []
    if not slug_of(name):
        objections.append(Objection(Reason.NO_NAME_IN_ADDRESS, "name"))
    if any(zone.name.casefold() == name.casefold() and zone.zone_id != besides for zone in room.zones):
        objections.append(Objection(Reason.NAME_TAKEN, "name"))
    if capacity > room.capacity:
        objections.append(Objection(Reason.LARGER_THAN_ROOM, "capacity", {"most": room.capacity}))
    refuse_any(objections)


def _record(action: str, room_id: int, zone_id: int, actor: Actor, now: datetime, **changes: object) -> None:
    record(
        action,
        object_kind="zone",
        object_id=zone_id,
        room_id=room_id,
        actor_id=actor.person_id,
        now=now,
        changes=changes,
    )
