"""The register of keys: new ones, copies, tags. Runs inside a unit of work and commits nothing itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, func, insert, select, update

from ontmoet.db import execute, lock_row
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.text import folded
from ontmoet.kernel.tokens import new_public_id
from ontmoet.rooms.queries import lock_room
from ontmoet.trail.actions import earlier_or_refused, record, remember_answer

from .models import Custody, Key, KeyCopy
from .rules import MOST_COPIES, HolderKind, Reason

if TYPE_CHECKING:
    from ontmoet.trail.actions import FormPost

    from .queries import Copy

_key = Key.__table__
_copy = KeyCopy.__table__
_custody = Custody.__table__

_KEYS = select(_key.c.id, _key.c.opens).where(_key.c.room_id == bindparam("room_id"))
# A number is never used twice; a copy that left the register takes no place in it.
_NUMBERS = select(
    func.coalesce(func.max(_copy.c.number), 0),
    func.count(case((_copy.c.retired_at.is_(None), _copy.c.id))),
).where(_copy.c.room_id == bindparam("room_id"))
_IN_CABINET = select(_custody.c.id).where(
    _custody.c.copy_id == bindparam("copy_id"),
    _custody.c.until.is_(None),
    _custody.c.holder.in_([HolderKind.CABINET, HolderKind.LOST]),
)


def add_copies(room_id: int, opens: str, how_many: int, *, actor_id: int, now: datetime) -> list[int]:
    """New copies of a key that opens this, with the next numbers, in the cabinet; their ids. Raises
    `Refused` (TOO_MANY).
    """
    lock_room(room_id)
    highest, there_are = execute(_NUMBERS, room_id=room_id).one()
    if there_are + how_many > MOST_COPIES:
        raise Refused(Objection(Reason.TOO_MANY, "how_many"))
    key_id = _key_that_opens(opens, room_id, now)
    return [
        _add_copy(key_id, room_id, number, actor_id=actor_id, now=now)
        for number in range(highest + 1, highest + how_many + 1)
    ]


def add_copies_once(
    post: FormPost, room_id: int, opens: str, how_many: int, *, location: str, now: datetime
) -> None:
    """The same for a form, which leads to `location`: sent again it changes nothing. Raises `Refused`."""
    lock_room(room_id)
    if earlier_or_refused(post, Reason.FORM_REUSED) is None:
        add_copies(room_id, opens, how_many, actor_id=post.actor_id, now=now)
        remember_answer(post, location, now=now)


def renew_tag(copy: Copy, *, actor_id: int, now: datetime) -> None:
    """Tags of this copy that were printed before are worth nothing any more."""
    lock_row(_copy, copy.copy_id)
    renewing = update(_copy).where(_copy.c.id == copy.copy_id, _copy.c.tag_edition == copy.tag_edition)
    if execute(renewing, tag_edition=copy.tag_edition + 1).rowcount:
        _record("key_tag_renewed", copy.copy_id, copy.room_id, actor_id, now)


def retire(copy: Copy, *, actor_id: int, now: datetime) -> None:
    """This copy is not there any more: broken, or the lock was changed. Raises `Refused` (STILL_OUT)."""
    lock_row(_copy, copy.copy_id)
    if execute(_IN_CABINET, copy_id=copy.copy_id).one_or_none() is None:
        raise Refused(Objection(Reason.STILL_OUT))
    retiring = update(_copy).where(_copy.c.id == copy.copy_id, _copy.c.retired_at.is_(None))
    if execute(retiring, retired_at=now).rowcount:
        _record("key_retired", copy.copy_id, copy.room_id, actor_id, now)


def _key_that_opens(opens: str, room_id: int, now: datetime) -> int:
    """One key for what opens the same, however it was typed."""
    for row in execute(_KEYS, room_id=room_id):
        if folded(row.opens) == folded(opens):
            found: int = row.id
            return found
    made: int = execute(
        insert(_key).returning(_key.c.id), room_id=room_id, opens=opens, made_at=now
    ).scalar_one()
    return made


def _add_copy(key_id: int, room_id: int, number: int, *, actor_id: int, now: datetime) -> int:
    copy_id: int = execute(
        insert(_copy).returning(_copy.c.id),
        public_id=new_public_id(),
        key_id=key_id,
        room_id=room_id,
        number=number,
        tag_edition=1,
        made_at=now,
        retired_at=None,
    ).scalar_one()
    execute(
        insert(_custody),
        copy_id=copy_id,
        holder=HolderKind.CABINET,
        person_id=None,
        organisation_id=None,
        holder_name="",
        booking_id=None,
        since=now,
        until=None,
        due_at=None,
        recorded_by_id=actor_id,
        is_one_sided=False,
        objected_at=None,
        condition=None,
        note="",
    )
    _record("key_added", copy_id, room_id, actor_id, now)
    return copy_id


def _record(action: str, copy_id: int, room_id: int, actor_id: int, now: datetime) -> None:
    record(action, object_kind="key_copy", object_id=copy_id, room_id=room_id, actor_id=actor_id, now=now)
