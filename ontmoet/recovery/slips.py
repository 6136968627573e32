"""Slips of paper with which somebody of a room lets another in, once. Runs inside a unit of work and commits
nothing itself.

Whether a slip still works is decided by the statement that uses it up, as with links.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, update

from ontmoet.db import Instant, execute, lock_row
from ontmoet.kernel.tokens import ALPHABET
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.actions import post
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.models import Person
from ontmoet.trail.actions import count_try, record

from .ending import end_slips
from .models import Slip
from .rules import SLIP_LIFE, WINDOW, does_more, keyed_digest, limits_on_slips

CODE_LENGTH = 12

_slip = Slip.__table__
_person = Person.__table__

_NOW = bindparam("now", type_=Instant())
_USE_SLIP = (
    update(_slip)
    .where(
        _slip.c.code_digest == bindparam("which"),
        _slip.c.used_at.is_(None),
        _slip.c.expires_at > _NOW,
    )
    .values(used_at=_NOW)
    .returning(_slip.c.id, _slip.c.person_id, _slip.c.room_id, _slip.c.made_by_id)
)


def make_slip(person_id: int, *, room_id: int, made_by_id: int, key: str, now: datetime) -> str:
    """A new code with which this person gets in once; slips made before it are worth nothing any more."""
    lock_row(_person, person_id)
    end_slips(person_id, now=now)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    slip_id: int = execute(
        insert(_slip).returning(_slip.c.id),
        person_id=person_id,
        room_id=room_id,
        made_by_id=made_by_id,
        code_digest=_slip_digest(code, key),
        made_at=now,
        expires_at=now + SLIP_LIFE,
    ).scalar_one()
    record(
        "slip_made",
        object_kind="slip",
        object_id=slip_id,
        room_id=room_id,
        actor_id=made_by_id,
        on_behalf_of_id=person_id,
        now=now,
    )
    post(
        "slip_made",
        person_id=person_id,
        object_id=slip_id,
        dedupe_key=f"slip_made:{slip_id}",
        due_at=now,
        now=now,
        room_id=room_id,
        useful_until=now,
    )
    return code


def may_try_slip(*, network: str, now: datetime) -> bool:
    """Count one try of a slip, and tell whether it is within the limits. Commit before refusing."""
    limits = limits_on_slips(network)
    return all(count_try(limit.bucket, window=WINDOW, now=now) <= limit.most for limit in limits)


def use_slip(code: str, *, key: str, now: datetime) -> int | None:
    """Use a slip up; whom it is for, or None when it is not good any more: also when by now they do more than
    who made it.
    """
    used = execute(_USE_SLIP, which=_slip_digest(code, key), now=now).one_or_none()
    if used is None:
        return None
    maker, subject = (actor_of(who, today=day_of(now)) for who in (used.made_by_id, used.person_id))
    if does_more(subject, maker):
        return None
    record(
        "slip_used",
        object_kind="slip",
        object_id=used.id,
        room_id=used.room_id,
        actor_id=used.person_id,
        now=now,
    )
    person_id: int = used.person_id
    return person_id


def forget_old_slips(before: datetime) -> int:
    """Remove slips that were over before then; the number removed."""
    return execute(delete(_slip).where(_slip.c.expires_at < before)).rowcount


def _slip_digest(code: str, key: str) -> str:
    return keyed_digest(key, f"slip/{code}")
