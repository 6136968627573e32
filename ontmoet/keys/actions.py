"""A key changes hands. Runs inside a unit of work and commits nothing itself.

Each deed names the custody that its page showed: whoever is second finds another one under the lock, and
is told. The database holds the rest: one holder at a time, no gap in between (see `db.guards`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, update

from ontmoet.bookings.use_rules import Trace
from ontmoet.bookings.using import leave_trace
from ontmoet.db import Instant, execute
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.permissions import HELPS_PEOPLE
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.actions import Notice, post_all
from ontmoet.trail.actions import record

from .custodies import Grip, Standing, goes_to, held_by_actor, let_go_of
from .holders import people_behind
from .models import Custody
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
    from datetime import datetime

_custody = Custody.__table__

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


def hand_out(
    grip: Grip, holder: Holder, *, booking_id: int | None = None, due_at: datetime | None = None
) -> None:
    """The copy goes to `holder`: out of the cabinet, or straight from who had it. Raises `Refused`.

    Without `due_at` it is theirs for good. Whoever writes it down counts; the other side is told, and may
    say that it is not so.
    """
    _hand_out(grip, let_go_of(grip, to=holder), holder, booking_id, due_at)


def take_from_box(grip: Grip, *, booking_id: int, due_at: datetime) -> None:
    """Who booked takes the copy out of the code box, alone. Raises `Refused` when it is not there."""
    holder = Holder(HolderKind.PERSON, grip.actor_id)
    standing = let_go_of(grip, to=holder)
    if standing.holder != CABINET:
        raise Refused(Objection(Reason.MOVED))
    _hand_out(grip, standing, holder, booking_id, due_at)


def take_back(grip: Grip, *, condition: Condition, note: str = "") -> None:
    """The copy is in the cabinet again. Raises `Refused` when it was not out, or lost.

    Who had it may say so too; then whoever handed it out is told.
    """
    standing = let_go_of(grip, condition=condition, note=note)
    refuse_any(objections_to_taking_back(standing.holder, condition, note))
    says_so_alone = standing.is_with(grip)
    custody_id = goes_to(CABINET, grip, standing, is_one_sided=says_so_alone)
    _record("key_taken_back", grip, standing.holder)
    told = _to_former(grip, standing, CABINET)
    if says_so_alone and standing.recorded_by_id not in (None, grip.actor_id):
        told.append(_notice(News.BROUGHT_BACK, standing.recorded_by_id, custody_id, grip))
    post_all(told)


def report_lost(grip: Grip) -> None:
    """Nobody knows where the copy is. Everybody who looks after keys here is told. Raises `Refused`."""
    standing = let_go_of(grip)
    if standing.holder.kind is HolderKind.LOST:
        raise Refused(Objection(Reason.LOST))
    custody_id = goes_to(LOST, grip, standing)
    _record("key_lost", grip, standing.holder)
    keepers = people_with(HELPS_PEOPLE, grip.room_id, today=day_of(grip.now))
    post_all([_notice(News.LOST, one, custody_id, grip) for one in keepers if one != grip.actor_id])


def report_found(grip: Grip) -> None:
    """A copy that was lost lies in the cabinet again. Raises `Refused` when it was not lost."""
    standing = let_go_of(grip)
    if standing.holder.kind is not HolderKind.LOST:
        raise Refused(Objection(Reason.MOVED))
    goes_to(CABINET, grip, standing)
    _record("key_found", grip, CABINET)


def confirm(grip: Grip) -> None:
    """Who got it says that it is so. Saying so again changes nothing. Raises `Refused`."""
    standing = held_by_actor(grip)
    if execute(_CONFIRM, custody_id=grip.custody_id).rowcount:
        _record("key_confirmed", grip, standing.holder)


def object_to(grip: Grip) -> None:
    """Who is said to have it says that it is not so. It stays written down with them until somebody sorts
    it out; whoever wrote it is told. Raises `Refused`.
    """
    standing = held_by_actor(grip)
    if not execute(_OBJECT, custody_id=grip.custody_id, moment=grip.now).rowcount:
        raise Refused(Objection(Reason.SAYS_SO_ALREADY))
    _record("key_objected", grip, standing.holder)
    if standing.recorded_by_id is not None:
        post_all([_notice(News.OBJECTED, standing.recorded_by_id, grip.custody_id, grip)])


def make_due(person_id: int, at: datetime) -> None:
    """Somebody moves out, or died: what they have is due by then (decisions 2.22)."""
    execute(_DUE_BY, whose=person_id, moment=at)


def declare_lost(person_id: int, *, now: datetime) -> None:
    """Somebody is forgotten who still had keys (an old copy came back): nobody knows where those are."""
    for copy in copies_with(person_id):
        grip = Grip(copy.copy_id, copy.now.custody_id, copy.room_id, None, now)
        goes_to(LOST, grip, let_go_of(grip))
        _record("key_lost", grip, LOST)


def _hand_out(
    grip: Grip, standing: Standing, holder: Holder, booking_id: int | None, due_at: datetime | None
) -> None:
    objections = objections_to_handing_out(
        holder,
        standing.holder,
        due_at,
        has_agreed=standing.has_agreed,
        now=grip.now,
        takes_it=holder.person_id == grip.actor_id,
    )
    refuse_any(objections)
    behind = people_behind(holder, grip.room_id, today=day_of(grip.now))
    is_one_sided = bool(behind) and grip.actor_id not in behind
    custody_id = goes_to(
        holder, grip, standing, is_one_sided=is_one_sided, booking_id=booking_id, due_at=due_at
    )
    if booking_id is not None:
        leave_trace(booking_id, Trace.KEY, now=grip.now, by_id=grip.actor_id)
    _record("key_handed_out", grip, holder)
    told = _to_former(grip, standing, holder)
    given = [_notice(News.GIVEN, one, custody_id, grip) for one in behind] if is_one_sided else []
    post_all([*given, *told])


def _to_former(grip: Grip, standing: Standing, holder: Holder) -> list[Notice]:
    """Who had it hears when somebody else wrote down that they have it no more."""
    former = people_behind(standing.holder, grip.room_id, today=day_of(grip.now))
    if standing.holder == holder or grip.actor_id in former:
        return []
    return [
        _notice(News.TAKEN_BACK, one, standing.custody_id, grip) for one in former if one != holder.person_id
    ]


def _notice(news: News, person_id: int, custody_id: int, grip: Grip) -> Notice:
    key = f"{news}:{custody_id}:{person_id}"
    return Notice(news, person_id, custody_id, key, due_at=grip.now, made_at=grip.now, room_id=grip.room_id)


def _record(action: str, grip: Grip, holder: Holder) -> None:
    record(
        action,
        object_kind="key_copy",
        object_id=grip.copy_id,
        room_id=grip.room_id,
        actor_id=grip.actor_id,
        on_behalf_of_id=holder.person_id,
        now=grip.now,
    )
