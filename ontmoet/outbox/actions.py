"""Posting a message, writing down who told it, and forgetting it long after it left."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, insert, select, text, update

from ontmoet.db import Instant, current_connection, execute

from .models import OVER, Message, MessageStatus, Outcome, Telling

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_FORGOTTEN = 1_000
"""At once, each minute: measured, that takes 6 ms in which nobody else writes."""

_POST = text(
    "insert into message (dedupe_key, kind, person_id, object_id, made_at, due_at, status, attempts,"
    " room_id, useful_until) values (:dedupe_key, :kind, :person_id, :object_id, :made_at, :due_at,"
    " 'waiting', 0, :room_id, :useful_until) on conflict (dedupe_key) do nothing"
).bindparams(*(bindparam(name, type_=Instant()) for name in ("made_at", "due_at", "useful_until")))
_WITHDRAW = text(
    "update message set status = 'not_needed'"
    " where person_id = :person_id and status in ('waiting', 'by_hand')"
)
_PASS_ON = text(
    "update message set room_id = :to where room_id = :room_id and status in ('waiting', 'by_hand')"
)
_READDRESS = text("update message set person_id = :to where person_id = :person_id")
_message = Message.__table__
_telling = Telling.__table__
_OLD = (
    select(_message.c.id)
    .where(_message.c.status.in_(OVER), _message.c.due_at < bindparam("before", type_=Instant()))
    .order_by(_message.c.due_at)
    .limit(MOST_FORGOTTEN)
)
_OLD_TOLD = (
    select(_message.c.id)
    .where(
        _message.c.status == MessageStatus.TOLD,
        _message.c.id.in_(
            select(_telling.c.message_id).where(
                _telling.c.outcome == Outcome.TOLD,
                _telling.c.at < bindparam("before", type_=Instant()),
            )
        ),
    )
    .limit(MOST_FORGOTTEN)
)
_STANDS = (_message.c.id == bindparam("message_id"), _message.c.status == bindparam("stands"))
_MOVE = update(_message).where(*_STANDS).values(status=bindparam("becomes"))
_NEWEST = select(func.max(_telling.c.id)).where(_telling.c.message_id == bindparam("message_id"))
_TAKE_BACK = delete(_telling).where(
    _telling.c.id == _NEWEST.scalar_subquery(), _telling.c.by_id == bindparam("by_id")
)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell a person from `due_at` on, about the object with this id. Without `room_id` nobody
    tells it by hand: that is for what an e-mail address is needed for. What would come after
    `useful_until` does not wait for the end of quiet hours.
    """

    kind: str
    person_id: int
    object_id: int
    dedupe_key: str
    due_at: datetime
    made_at: datetime
    room_id: int | None
    useful_until: datetime | None = None


def post_all(notices: Sequence[Notice]) -> None:
    """Runs in the transaction of its cause: both are stored, or neither. Posting what has the same
    `dedupe_key` again changes nothing, whatever became of the first. However many there are, it is one
    statement.
    """
    if notices:
        current_connection().execute(_POST, [asdict(notice) for notice in notices])


def post(
    kind: str,
    *,
    person_id: int,
    object_id: int,
    dedupe_key: str,
    due_at: datetime,
    now: datetime,
    room_id: int | None,
    useful_until: datetime | None = None,
) -> None:
    """Post one `Notice`."""
    post_all([Notice(str(kind), person_id, object_id, dedupe_key, due_at, now, room_id, useful_until)])


def withdraw(person_id: int) -> None:
    """Nothing that still waits is sent to this person."""
    execute(_WITHDRAW, person_id=person_id)


def readdress(person_id: int, *, to: int) -> None:
    """All messages to one person are from now on messages to another."""
    execute(_READDRESS, person_id=person_id, to=to)


def pass_on(room_id: int, *, to: int) -> None:
    """What still has to be told about one room is for the people of another to tell."""
    execute(_PASS_ON, room_id=room_id, to=to)


def write_down(message_id: int, outcome: Outcome, *, by_id: int, now: datetime) -> bool:
    """Somebody told the message, or did not reach its person; False when it is on no list any more."""
    becomes = MessageStatus.TOLD if outcome is Outcome.TOLD else MessageStatus.BY_HAND
    if not _moved(message_id, MessageStatus.BY_HAND, becomes):
        return False
    execute(insert(_telling), message_id=message_id, outcome=outcome, by_id=by_id, at=now)
    return True


def take_back(message_id: int, *, by_id: int) -> bool:
    """Undo the last that was written down about this message; only who wrote it can."""
    if execute(_TAKE_BACK, message_id=message_id, by_id=by_id).rowcount != 1:
        return False
    _moved(message_id, MessageStatus.TOLD, MessageStatus.BY_HAND)
    return True


def forget_old_messages(before: datetime) -> int:
    """Remove messages that were due before then and are done with, not too many; the number removed."""
    return _forget(execute(_OLD, before=before).scalars().all())


def forget_told_messages(before: datetime) -> int:
    """Remove messages that were told before then; the number removed."""
    return _forget(execute(_OLD_TOLD, before=before).scalars().all())


def _moved(message_id: int, stands: MessageStatus, becomes: MessageStatus) -> bool:
    return execute(_MOVE, message_id=message_id, stands=stands, becomes=becomes).rowcount == 1


def _forget(message_ids: Sequence[int]) -> int:
    if not message_ids:
        return 0
    execute(delete(_telling).where(_telling.c.message_id.in_(message_ids)))
    return execute(delete(_message).where(_message.c.id.in_(message_ids))).rowcount
