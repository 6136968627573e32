"""How pages of a room find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort

from ontmoet.web.access import ensure

from .queries import room_by_slug

if TYPE_CHECKING:
    from ontmoet.kernel.permissions import Permission

    from .rules import RoomView


def room_for(slug: str, permission: Permission) -> RoomView:
    """The room, live or not, for who may do this in it; 404 when there is none, 403 for who may not."""
    room = room_by_slug(slug)
    if room is None:
        abort(404)
    ensure(permission, room)
    return room
