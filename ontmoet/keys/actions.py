"""A key changes hands. Runs inside a unit of work and commits nothing itself.

Each deed names the custody that its page showed: whoever is second finds another one under the lock, and
is told. The database holds the rest: one holder at a time, no gap in between (see `db.guards`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, or_, select, update

from ontmoet.bookings.use_rules import Trace
from ontmoet.bookings.using import leave_trace
from ontmoet.db import Instant, execute, lock_row
from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import HELPS_PEOPLE
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.actions import post
from ontmoet.people.queries import actor_of
from ontmoet.rooms.queries import room_by_id
from ontmoet.trail.actions import record

from .models import Custody, KeyCopy
from .queries import copies_with, people_with
from .rules import (
    CABINET,
    LOST,
    Condition,
    Holder,
    HolderKind,
    News,
    Reason,
    objections_to_handing_out,
    objections_to_taking_back,
)

if TYPE_CHECKING:
    from ontmoet.rooms.rules import RoomView

_copy = KeyCopy.__table__
_custody = Custody.__table__

_NOW_SO = select(_custody).where(_custody.c.copy_id == bindparam("copy_id"), _custody.c.until.is_(None))
_END = (
    update(_custody)
    .where(_custody.c.id == bindparam("custody_id"), _custody.c.until.is_(None))
    .values(
        until=bindparam("moment", type_=Instant()),
        condition=bindparam("how", type_=_custody.c.condition.type),
        note=bindparam("said", type_=_custody.c.note.type),
    )
)
_CONFIRM = (
    update(_custody)
    .where(
        _custody.c.id == bindparam("custody_id"), _custody.c.is_one_sided, _custody.c.objected_at.is_(None)
    )
    .values(is_one_sided=False)
)
_OBJECT = (
    update(_custody)
    .where(
        _custody.c.id == bindparam("custody_id"), _custody.c.is_one_sided, _custody.c.objected_at.is_(None)
    )
    .values(objected_at=bindparam("moment", type_=Instant()))
)
_DUE_BY = (
    update(_custody)
    .where(
        _custody.c.person_id == bindparam("whose"),
        _custody.c.until.is_(None),
        or_(_custody.c.due_at.is_(None), _custody.c.due_at > bindparam("moment", type_=Instant())),
    )
    .values(due_at=bindparam("moment", type_=Instant()))
)


@dataclass(frozen=True, slots=True)
class Grip:
    """Who does something with which copy, and which custody their page showed."""

    copy_id: int
    custody_id: int
    room_id: int
    actor_id: int | None
    now: datetime
    organisation_id: int | None = None
    """For which the actor comes here."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the copy is, read under the lock."""

    custody_id: int
    holder: Holder
    since: datetime
    recorded_by_id: int | None


def hand_out(
    grip: Grip, holder: Holder, *, booking_id: int | None = None, due_at: datetime | None = None
) -> None:
    """The copy goes to `holder`: out of the cabinet, or straight from who had it. Raises `Refused`.

    Without `due_at` it is theirs for good. Whoever writes it down counts; the other side is told, and may
    say that it is not so.
    """
    standing = _held(grip)
    objections = objections_to_handing_out(
        holder,
        standing.holder,
        due_at,
        has_agreed=_has_agreed(holder, grip),
        now=grip.now,
        takes_it=holder.person_id == grip.actor_id,
    )
    if objections:
        raise Refused(*objections)
    is_one_sided = holder.person_id is not None and holder.person_id != grip.actor_id
    custody_id = _move(
        grip, standing, holder, is_one_sided=is_one_sided, booking_id=booking_id, due_at=due_at
    )
    if booking_id is not None:
        leave_trace(booking_id, Trace.KEY, now=grip.now, by_id=grip.actor_id)
    _record("key_handed_out", grip, holder)
    if is_one_sided and holder.person_id is not None:
        _tell(News.GIVEN, holder.person_id, custody_id, grip)
    _tell_former(grip, standing, holder)


def take_from_box(grip: Grip, *, booking_id: int, due_at: datetime) -> None:
    """Who booked takes the copy out of the code box, alone. Raises `Refused` when it is not there."""
    if grip.actor_id is None or _held(grip).holder != CABINET:
        raise Refused(Objection(Reason.MOVED))
    hand_out(grip, Holder(HolderKind.PERSON, grip.actor_id), booking_id=booking_id, due_at=due_at)


def take_back(grip: Grip, *, condition: Condition, note: str = "") -> None:
    """The copy is in the cabinet again. Raises `Refused` when it was not out, or lost.

    Who had it may say so too; then whoever handed it out is told.
    """
    standing = _held(grip)
    objections = objections_to_taking_back(standing.holder, condition, note)
    if objections:
        raise Refused(*objections)
    says_so_alone = _is_holder(grip, standing)
    custody_id = _move(grip, standing, CABINET, condition=condition, note=note, is_one_sided=says_so_alone)
    _record("key_taken_back", grip, standing.holder)
    if says_so_alone and standing.recorded_by_id not in (None, grip.actor_id):
        _tell(News.BROUGHT_BACK, standing.recorded_by_id, custody_id, grip)
    _tell_former(grip, standing, CABINET)


def report_lost(grip: Grip, *, note: str = "") -> None:
    """Nobody knows where the copy is. Everybody who looks after keys here is told. Raises `Refused`."""
    standing = _held(grip)
    if standing.holder.kind is HolderKind.LOST:
        raise Refused(Objection(Reason.LOST))
    custody_id = _move(grip, standing, LOST, note=note)
    _record("key_lost", grip, standing.holder)
    for keeper_id in people_with(HELPS_PEOPLE, grip.room_id, today=day_of(grip.now)):
        if keeper_id != grip.actor_id:
            _tell(News.LOST, keeper_id, custody_id, grip)


def report_found(grip: Grip) -> None:
    """A copy that was lost lies in the cabinet again. Raises `Refused` when it was not lost."""
    standing = _held(grip)
    if standing.holder.kind is not HolderKind.LOST:
        raise Refused(Objection(Reason.MOVED))
    _move(grip, standing, CABINET)
    _record("key_found", grip, CABINET)


def confirm(grip: Grip) -> None:
    """Who got it says that it is so. Saying so again changes nothing. Raises `Refused`."""
    standing = _own(grip)
    if execute(_CONFIRM, custody_id=grip.custody_id).rowcount:
        _record("key_confirmed", grip, standing.holder)


def object_to(grip: Grip) -> None:
    """Who is said to have it says that it is not so. It stays written down with them until somebody sorts
    it out; whoever wrote it is told. Raises `Refused`.
    """
    standing = _own(grip)
    if not execute(_OBJECT, custody_id=grip.custody_id, moment=grip.now).rowcount:
        raise Refused(Objection(Reason.SAYS_SO_ALREADY))
    _record("key_objected", grip, standing.holder)
    if standing.recorded_by_id is not None:
        _tell(News.OBJECTED, standing.recorded_by_id, grip.custody_id, grip)


def make_due(person_id: int, at: datetime) -> None:
    """Somebody moves out, or died: what they have is due by then (decisions 2.22)."""
    execute(_DUE_BY, whose=person_id, moment=at)


def declare_lost(person_id: int, *, now: datetime) -> None:
    """Somebody is forgotten who still had keys (an old copy came back): nobody knows where those are."""
    for copy in copies_with(person_id):
        grip = Grip(copy.copy_id, copy.now.custody_id, copy.room_id, None, now)
        _move(grip, _held(grip), LOST)
        _record("key_lost", grip, LOST)


def _held(grip: Grip) -> Standing:
    """Where the copy is, while nobody else can move it."""
    lock_row(_copy, grip.copy_id)
    row = execute(_NOW_SO, copy_id=grip.copy_id).one()
    if row.id != grip.custody_id:
        raise Refused(Objection(Reason.MOVED))
    holder = Holder(HolderKind(row.holder), row.person_id, row.organisation_id, row.holder_name)
    return Standing(row.id, holder, row.since, row.recorded_by_id)


def _own(grip: Grip) -> Standing:
    standing = _held(grip)
    if not _is_holder(grip, standing):
        raise Refused(Objection(Reason.MOVED))
    return standing


def _is_holder(grip: Grip, standing: Standing) -> bool:
    holder = standing.holder
    if holder.organisation_id is not None:
        return holder.organisation_id == grip.organisation_id
    return holder.person_id is not None and holder.person_id == grip.actor_id


def _move(
    grip: Grip,
    standing: Standing,
    holder: Holder,
    *,
    condition: Condition | None = None,
    note: str = "",
    is_one_sided: bool = False,
    booking_id: int | None = None,
    due_at: datetime | None = None,
) -> int:
    # A clock that was set back must not break the history.
    moment = max(grip.now, standing.since)
    execute(_END, custody_id=standing.custody_id, moment=moment, how=condition, said=note)
    custody_id: int = execute(
        insert(_custody).returning(_custody.c.id),
        copy_id=grip.copy_id,
        holder=holder.kind,
        person_id=holder.person_id,
        organisation_id=holder.organisation_id,
        holder_name=holder.name,
        booking_id=booking_id,
        since=moment,
        until=None,
        due_at=due_at,
        recorded_by_id=grip.actor_id,
        is_one_sided=is_one_sided,
        objected_at=None,
        condition=None,
        note="",
    ).scalar_one()
    return custody_id


def _has_agreed(holder: Holder, grip: Grip) -> bool:
    """Only people with an account can go along with house rules; for others their keeper answers."""
    if holder.person_id is None:
        return True
    room: RoomView = room_by_id(grip.room_id)
    getter = actor_of(holder.person_id, today=day_of(grip.now))
    return not agreement_of(getter, room, now=grip.now).is_missing


def _tell_former(grip: Grip, standing: Standing, holder: Holder) -> None:
    """Who had it hears when somebody else wrote down that they have it no more."""
    former = standing.holder.person_id
    if former is not None and former not in (grip.actor_id, holder.person_id):
        _tell(News.TAKEN_BACK, former, standing.custody_id, grip)


def _tell(news: News, person_id: int, custody_id: int, grip: Grip) -> None:
    post(
        news,
        person_id=person_id,
        object_id=custody_id,
        dedupe_key=f"{news}:{custody_id}:{person_id}",
        due_at=grip.now,
        now=grip.now,
        room_id=grip.room_id,
    )


def _record(action: str, grip: Grip, holder: Holder) -> None:
    record(
        action,
        object_kind="key_copy",
        object_id=grip.copy_id,
        room_id=grip.room_id,
        actor_id=grip.actor_id,
        on_behalf_of_id=holder.person_id if holder.person_id != grip.actor_id else None,
        now=grip.now,
    )
