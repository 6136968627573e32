"""Another time at which a key has to be back, while somebody has it. Commits nothing itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from ontmoet.bookings.models import Booking
from ontmoet.db import Instant, execute, lock_row
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.actions import Notice, post_all
from ontmoet.trail.actions import record

from .holders import people_behind
from .models import Custody, KeyCopy
from .rules import Holder, HolderKind, News, Reason, objections_to_due

if TYPE_CHECKING:
    from .custodies import Grip

_copy = KeyCopy.__table__
_custody = Custody.__table__
_booking = Booking.__table__

_STARTS = select(_booking.c.starts_at).where(_booking.c.id == bindparam("booking_id"))
_OUT_NOW = select(_custody).where(
    _custody.c.id == bindparam("custody_id"),
    _custody.c.copy_id == bindparam("copy_id"),
    _custody.c.until.is_(None),
    _custody.c.holder.not_in([HolderKind.CABINET, HolderKind.LOST]),
)
_CHANGE = (
    update(_custody)
    .where(_custody.c.id == bindparam("custody_id"), _custody.c.until.is_(None))
    .values(due_at=bindparam("another", type_=Instant()))
)


def change_due(grip: Grip, due_at: datetime | None) -> None:
    """Whoever has the copy brings it back by then, or keeps it for good without a time. They are told. The
    same time again changes nothing. Raises `Refused`.
    """
    lock_row(_copy, grip.copy_id)
    row = execute(_OUT_NOW, custody_id=grip.custody_id, copy_id=grip.copy_id).one_or_none()
    if row is None:
        raise Refused(Objection(Reason.MOVED))
    if row.due_at == due_at:
        return
    starts = execute(_STARTS, booking_id=row.booking_id).scalar() if row.booking_id else None
    refuse_any(objections_to_due(due_at, starts=starts, now=grip.now))
    execute(_CHANGE, custody_id=grip.custody_id, another=due_at)
    holder = Holder(HolderKind(row.holder), row.person_id, row.organisation_id, row.holder_name)
    record(
        "key_due_changed",
        object_kind="key_copy",
        object_id=grip.copy_id,
        room_id=grip.room_id,
        actor_id=grip.actor_id,
        on_behalf_of_id=holder.person_id,
        now=grip.now,
        changes={"due_at": [row.due_at, due_at]},
    )
    behind = people_behind(holder, grip.room_id, today=day_of(grip.now))
    post_all([_notice(person_id, grip) for person_id in behind if person_id != grip.actor_id])


def _notice(person_id: int, grip: Grip) -> Notice:
    # Each change is told; what is told is how it is by then.
    key = f"{News.DUE_CHANGED}:{grip.custody_id}:{person_id}:{int(grip.now.timestamp())}"
    return Notice(
        News.DUE_CHANGED,
        person_id,
        grip.custody_id,
        key,
        due_at=grip.now,
        made_at=grip.now,
        room_id=grip.room_id,
    )
