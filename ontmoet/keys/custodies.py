"""Where a copy is, from one moment to the next: a row of custody ends and another begins, a statement each.

Runs inside a unit of work. The database holds the rest: one row without an end, no gap (see `db.guards`).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Integer, bindparam, case, insert, select, update

from ontmoet.db import Instant, execute, lock_row
from ontmoet.house_rules.queries import owes_agreement
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of

from .models import Custody, KeyCopy
from .rules import Condition, Holder, HolderKind, Reason

if TYPE_CHECKING:
    from ontmoet.db import AnyRow

_copy = KeyCopy.__table__
_custody = Custody.__table__

_STANDING = (
    _custody.c.id,
    _custody.c.holder,
    _custody.c.person_id,
    _custody.c.organisation_id,
    _custody.c.holder_name,
    _custody.c.until,
    _custody.c.recorded_by_id,
)
_NOW_SO = select(*_STANDING).where(_custody.c.copy_id == bindparam("copy_id"), _custody.c.until.is_(None))
# On PostgreSQL others wait here; a copy that left the register meanwhile is not found then.
_LOCKED = (
    select(_copy.c.id)
    .where(_copy.c.id == bindparam("which"), _copy.c.retired_at.is_(None))
    .with_for_update(key_share=True)
)
_NOW = bindparam("now", type_=Instant())
_END = (
    update(_custody)
    .where(
        _custody.c.id == bindparam("seen_id"),
        _custody.c.copy_id == _LOCKED.scalar_subquery(),
        _custody.c.until.is_(None),
    )
    .values(
        # A clock that was set back must not break the history.
        until=case((_custody.c.since > _NOW, _custody.c.since), else_=_NOW),
        condition=bindparam("how", type_=_custody.c.condition.type),
        note=bindparam("said", type_=_custody.c.note.type),
    )
    .returning(*_STANDING)
)
_END_FOR = _END.returning(owes_agreement(bindparam("getter_id", type_=Integer)).label("owes_agreement"))
_BEGIN = insert(_custody).returning(_custody.c.id)


class Grip(NamedTuple):
    """Who does something with which copy, and which custody their page showed."""

    copy_id: int
    custody_id: int
    room_id: int
    actor_id: int | None
    now: datetime
    organisation_id: int | None = None
    """For which the actor comes here."""


class Standing(NamedTuple):
    """Where the copy is; or was until just now, `until` then. Nobody else can move it meanwhile.

    `has_agreed`: whoever gets it goes along with the house rules in force.
    """

    custody_id: int
    holder: Holder
    until: datetime | None
    recorded_by_id: int | None
    has_agreed: bool

    def is_with(self, grip: Grip) -> bool:
        """Whether the actor has it, or the organisation they come for."""
        if self.holder.organisation_id is not None:
            return self.holder.organisation_id == grip.organisation_id
        return self.holder.person_id is not None and self.holder.person_id == grip.actor_id


def let_go_of(
    grip: Grip, *, to: Holder | None = None, condition: Condition | None = None, note: str = ""
) -> Standing:
    """The custody that the page showed ends. Raises `Refused` when it is not the one that runs: somebody
    else was first. Rules are asked afterwards, of what stood there; their refusal undoes it.
    """
    values = {
        "which": grip.copy_id,
        "seen_id": grip.custody_id,
        "now": grip.now,
        "how": condition,
        "said": note,
    }
    if to is None or to.person_id is None:
        # Only people with an account can go along with house rules; for others their keeper answers.
        row = execute(_END, **values).one_or_none()
        owes_it = False
    else:
        about = {"getter_id": to.person_id, "room_id": grip.room_id, "today": day_of(grip.now)}
        row = execute(_END_FOR, **values, **about).one_or_none()
        owes_it = row is not None and row.owes_agreement
    if row is None:
        raise Refused(Objection(Reason.MOVED))
    return _standing(row, has_agreed=not owes_it)


def goes_to(
    holder: Holder,
    grip: Grip,
    standing: Standing,
    *,
    is_one_sided: bool = False,
    booking_id: int | None = None,
    due_at: datetime | None = None,
) -> int:
    """The copy is with `holder` from the moment that it was let go of; the id of this custody."""
    custody_id: int = execute(
        _BEGIN,
        copy_id=grip.copy_id,
        holder=holder.kind,
        person_id=holder.person_id,
        organisation_id=holder.organisation_id,
        holder_name=holder.name,
        booking_id=booking_id,
        since=standing.until,
        due_at=due_at,
        recorded_by_id=grip.actor_id,
        is_one_sided=is_one_sided,
        note="",
    ).scalar_one()
    return custody_id


def held_by_actor(grip: Grip) -> Standing:
    """What the actor has, and keeps. Raises `Refused` when it is not with them, or not so any more."""
    lock_row(_copy, grip.copy_id)
    standing = _standing(execute(_NOW_SO, copy_id=grip.copy_id).one(), has_agreed=True)
    if standing.custody_id != grip.custody_id or not standing.is_with(grip):
        raise Refused(Objection(Reason.MOVED))
    return standing


def _standing(row: AnyRow, *, has_agreed: bool) -> Standing:
    holder = Holder(HolderKind(row.holder), row.person_id, row.organisation_id, row.holder_name)
    return Standing(row.id, holder, row.until, row.recorded_by_id, has_agreed)
