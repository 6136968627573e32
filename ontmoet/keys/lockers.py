"""The register of lockers: which group has which, and since when. Commits nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from ontmoet.db import LocalDate, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.text import folded
from ontmoet.kernel.tokens import new_public_id
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.queries import lock_room
from ontmoet.trail.actions import record

from .models import Locker as LockerRow
from .rules import Reason

if TYPE_CHECKING:
    from ontmoet.db import AnyRow

_locker = LockerRow.__table__

_ONE = select(_locker).where(
    _locker.c.room_id == bindparam("room_id"), _locker.c.public_id == bindparam("which")
)
_IN_USE = (
    select(_locker)
    .where(_locker.c.room_id == bindparam("room_id"), _locker.c.until.is_(None))
    .order_by(_locker.c.number)
)
_CHANGE = (
    update(_locker)
    .where(_locker.c.id == bindparam("locker_id"), _locker.c.until.is_(None))
    .values(
        number=bindparam("its_number"),
        group_name=bindparam("group", type_=_locker.c.group_name.type),
        copy_id=bindparam("key_copy", type_=_locker.c.copy_id.type),
        note=bindparam("said", type_=_locker.c.note.type),
    )
)
_END = (
    update(_locker)
    .where(_locker.c.id == bindparam("locker_id"), _locker.c.until.is_(None))
    .values(until=bindparam("day", type_=LocalDate()))
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is written down about a locker. `note` is about a dispute, for who keeps the register."""

    number: int
    group_name: str
    copy_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Locker:
    """A locker of a room, and the group that has it or had it."""

    locker_id: int
    public_id: str
    is_in_use: bool
    says: Wanted
    since: date


def lockers_in(room_id: int) -> list[Locker]:
    """The lockers that are in use, by number. One statement."""
    return [_as_locker(row) for row in execute(_IN_USE, room_id=room_id)]


def locker_of(room_id: int, public_id: str) -> Locker | None:
    """The locker of this room with this id, also when a group had it before."""
    row = execute(_ONE, room_id=room_id, which=public_id).one_or_none()
    return None if row is None else _as_locker(row)


def add_locker(room_id: int, wanted: Wanted, *, actor_id: int, now: datetime) -> None:
    """A group gets a locker; the same again changes nothing. Raises `Refused` (NUMBER_TAKEN)."""
    lock_room(room_id)
    there = _with_number(room_id, wanted.number)
    if there is not None and folded(there.says.group_name) == folded(wanted.group_name):
        return
    if there is not None:
        raise Refused(Objection(Reason.NUMBER_TAKEN, "number"))
    locker_id: int = execute(
        insert(_locker).returning(_locker.c.id),
        public_id=new_public_id(),
        room_id=room_id,
        number=wanted.number,
        group_name=wanted.group_name,
        copy_id=wanted.copy_id,
        note=wanted.note,
        since=day_of(now),
        until=None,
    ).scalar_one()
    _record("locker_added", locker_id, room_id, actor_id, now)


def change_locker(room_id: int, locker: Locker, wanted: Wanted, *, actor_id: int, now: datetime) -> None:
    """What is written down about a locker in use changes. Raises `Refused` (NUMBER_TAKEN)."""
    lock_room(room_id)
    there = _with_number(room_id, wanted.number)
    if there is not None and there.locker_id != locker.locker_id:
        raise Refused(Objection(Reason.NUMBER_TAKEN, "number"))
    changed = execute(
        _CHANGE,
        locker_id=locker.locker_id,
        its_number=wanted.number,
        group=wanted.group_name,
        key_copy=wanted.copy_id,
        said=wanted.note,
    ).rowcount
    if changed:
        _record("locker_changed", locker.locker_id, room_id, actor_id, now)


def end_locker(room_id: int, locker: Locker, *, actor_id: int, now: datetime) -> None:
    """The group does not have the locker any more. Ending it again changes nothing."""
    # A clock that was set back must not end it before it began.
    if execute(_END, locker_id=locker.locker_id, day=max(day_of(now), locker.since)).rowcount:
        _record("locker_ended", locker.locker_id, room_id, actor_id, now)


def _with_number(room_id: int, number: int) -> Locker | None:
    return next((locker for locker in lockers_in(room_id) if locker.says.number == number), None)


def _as_locker(row: AnyRow) -> Locker:
    wanted = Wanted(row.number, row.group_name, row.copy_id, row.note)
    return Locker(row.id, row.public_id, row.until is None, wanted, row.since)


def _record(action: str, locker_id: int, room_id: int, actor_id: int, now: datetime) -> None:
    record(action, object_kind="locker", object_id=locker_id, room_id=room_id, actor_id=actor_id, now=now)
