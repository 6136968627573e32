"""Changing how a room may be booked. Runs inside a unit of work and commits nothing itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, update

from ontmoet.db import execute
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.rooms.models import Room, UseRule
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.rooms.rules import UseKind
from ontmoet.trail.actions import record

from .use_rules import Reason, objections_to, settings_of

if TYPE_CHECKING:
    from datetime import datetime

    from .use_rules import Settings

_room = Room.__table__
_rule = UseRule.__table__

_CHANGE = (
    update(_room)
    .where(_room.c.id == bindparam("room"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "shortest_minutes",
                "usual_minutes",
                "longest_minutes",
                "horizon_days",
                "buffer_minutes",
                "series_days",
            )
        }
    )
)
_FORGET = delete(_rule).where(
    _rule.c.room_id == bindparam("room_id"), _rule.c.kind.in_([UseKind.OWN, UseKind.OPEN_ACTIVITY])
)
_ADD = insert(_rule)


def set_rules(room_id: int, wanted: Settings, *, seen: Settings, actor_id: int, now: datetime) -> None:
    """Let the room be booked like this, for whoever started from the rules `seen`. No booking is touched;
    what is so already changes nothing. Raises `Refused`.
    """
    lock_room(room_id)
    current = settings_of(room_by_id(room_id))
    if current == wanted:
        return
    if current != seen:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    refuse_any(objections_to(wanted))
    execute(
        _CHANGE,
        room=room_id,
        new_shortest_minutes=wanted.shortest,
        new_usual_minutes=wanted.usual,
        new_longest_minutes=wanted.longest,
        new_horizon_days=wanted.horizon_days,
        new_buffer_minutes=wanted.buffer,
        new_series_days=wanted.series_days,
    )
    execute(_FORGET, room_id=room_id)
    _add(room_id, UseKind.OWN, wanted.own_asks, wanted.quota, wanted.quota_from)
    _add(room_id, UseKind.OPEN_ACTIVITY, wanted.open_asks, None, 0)
    before = asdict(current)
    record(
        "use_rules_changed",
        object_kind="room",
        object_id=room_id,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
        changes={
            name: [before[name], value] for name, value in asdict(wanted).items() if value != before[name]
        },
    )


def _add(room_id: int, kind: UseKind, needs_approval: bool, quota: int | None, quota_from: int) -> None:
    execute(
        _ADD, room_id=room_id, kind=kind, needs_approval=needs_approval, quota=quota, quota_from=quota_from
    )
