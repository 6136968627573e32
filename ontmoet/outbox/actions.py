"""Posting a message, and forgetting it long after it left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

from ontmoet.db import Instant, execute

if TYPE_CHECKING:
    from datetime import datetime

MOST_FORGOTTEN = 1_000
"""At once, each minute: measured, that takes 6 ms in which nobody else writes."""

_POST = text(
    "insert into message (dedupe_key, kind, person_id, object_id, made_at, due_at, status, attempts)"
    " values (:dedupe_key, :kind, :person_id, :object_id, :made_at, :due_at, 'waiting', 0)"
    " on conflict (dedupe_key) do nothing"
).bindparams(bindparam("made_at", type_=Instant()), bindparam("due_at", type_=Instant()))
_WITHDRAW = text(
    "update message set status = 'not_needed' where person_id = :person_id and status = 'waiting'"
)
_READDRESS = text("update message set person_id = :to where person_id = :person_id")
_FORGET = text(
    "delete from message where id in (select id from message"
    " where status in ('sent', 'not_needed', 'failed') and due_at < :before limit :most)"
).bindparams(bindparam("before", type_=Instant()))


def post(
    kind: str, *, person_id: int, object_id: int, dedupe_key: str, due_at: datetime, now: datetime
) -> None:
    """Something to tell a person from `due_at` on, about the object with this id.

    Runs in the transaction of its cause: both are stored, or neither. Posting what has the same
    `dedupe_key` again changes nothing, whatever became of the first.
    """
    execute(
        _POST,
        dedupe_key=dedupe_key,
        kind=str(kind),
        person_id=person_id,
        object_id=object_id,
        made_at=now,
        due_at=due_at,
    )


def withdraw(person_id: int) -> None:
    """Nothing that still waits is sent to this person."""
    execute(_WITHDRAW, person_id=person_id)


def readdress(person_id: int, *, to: int) -> None:
    """All messages to one person are from now on messages to another."""
    execute(_READDRESS, person_id=person_id, to=to)


def forget_old_messages(before: datetime) -> int:
    """Remove messages that were due before then and are done with, not too many; the number removed."""
    return execute(_FORGET, before=before, most=MOST_FORGOTTEN).rowcount
