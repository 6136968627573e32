"""Who has the right to use a room beside its own complex (WWS-8): given and taken one at a time, so two
who do that at once never undo each other. Writers run inside a unit of work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select

from ontmoet.db import execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.rooms.models import Complex, Home, RightOfUse
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import record

from .rules import Reason, slug_of

if TYPE_CHECKING:
    from ontmoet.kernel.actor import Actor

_right = RightOfUse.__table__
_complex = Complex.__table__
_home = Home.__table__

_RIGHTS = (
    select(_right.c.id, _complex.c.name, _home.c.address)
    .outerjoin(_complex, _complex.c.id == _right.c.complex_id)
    .outerjoin(_home, _home.c.id == _right.c.home_id)
    # Neighbours who were let in have homes outside; they are on a page of their own.
    .where(
        _right.c.room_id == bindparam("room_id"),
        (_right.c.complex_id.is_not(None)) | (_home.c.complex_id.is_not(None)),
    )
    .order_by(_complex.c.name, _home.c.address)
)
_HOME_NAMED = select(_home.c.id, _home.c.complex_id).where(
    _home.c.address_name == bindparam("address_name"),
    _home.c.complex_id.is_not(None),
    _home.c.ended_at.is_(None),
)
_TAKE = delete(_right).where(_right.c.id == bindparam("this"), _right.c.room_id == bindparam("room_id"))


@dataclass(frozen=True, slots=True)
class RightView:
    """A complex or a home that may use a room."""

    right_id: int
    complex_name: str | None
    address: str | None

    @property
    def name(self) -> str:
        return self.complex_name or self.address or ""


def rights_of(room_id: int) -> list[RightView]:
    """Who may use a room beside its own complex and neighbours who were let in."""
    return [RightView(*row) for row in execute(_RIGHTS, room_id=room_id)]


def give_to_complex(room_id: int, complex_id: int, *, actor: Actor, now: datetime) -> None:
    """All homes of a complex may use the room. Again changes nothing."""
    lock_room(room_id)
    if complex_id in room_by_id(room_id).used_by_complexes:
        return
    _give(room_id, complex_id, None, actor, now)


def give_to_home(room_id: int, address_name: str, *, actor: Actor, now: datetime) -> None:
    """One home may use the room. Raises `Refused` when no complex has an address of that short name."""
    lock_room(room_id)
    room = room_by_id(room_id)
    home = execute(_HOME_NAMED, address_name=slug_of(address_name)).one_or_none()
    if home is None:
        raise Refused(Objection(Reason.NO_SUCH_ADDRESS, "address_name"))
    if home.complex_id in room.used_by_complexes or home.id in room.used_by_homes:
        raise Refused(Objection(Reason.MAY_ALREADY, "address_name"))
    _give(room_id, None, home.id, actor, now)


def take(room_id: int, right_id: int, *, actor: Actor, now: datetime) -> None:
    """This right is no more; what is booked stays booked. Again changes nothing."""
    lock_room(room_id)
    if execute(_TAKE, this=right_id, room_id=room_id).rowcount:
        _record("right_taken", room_id, actor, now)


def _give(room_id: int, complex_id: int | None, home_id: int | None, actor: Actor, now: datetime) -> None:
    execute(insert(_right), room_id=room_id, complex_id=complex_id, home_id=home_id)
    _record("right_given", room_id, actor, now)


def _record(action: str, room_id: int, actor: Actor, now: datetime) -> None:
    record(action, object_kind="room", object_id=room_id, room_id=room_id, actor_id=actor.person_id, now=now)
