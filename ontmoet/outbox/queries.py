"""Reading the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import String, bindparam, cast, exists, func, literal, select

from ontmoet.db import Instant, execute

from .models import OVER, Message, MessageStatus, Outcome, Telling

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

_message = Message.__table__
_telling = Telling.__table__
_WAITING = _message.c.status == MessageStatus.WAITING

_LOAD = select(
    select(func.count()).where(_WAITING).scalar_subquery(),
    select(func.count()).where(_message.c.status == MessageStatus.FAILED).scalar_subquery(),
    select(func.min(_message.c.due_at))
    .where(_WAITING, _message.c.due_at <= bindparam("now", type_=Instant()))
    .scalar_subquery(),
)

_COUNT_OLD = select(func.count()).where(
    _message.c.status.in_(OVER), _message.c.due_at < bindparam("before", type_=Instant())
)
_COUNT_TOLD = select(func.count(func.distinct(_telling.c.message_id))).where(
    _telling.c.outcome == Outcome.TOLD, _telling.c.at < bindparam("before", type_=Instant())
)


@dataclass(frozen=True, slots=True)
class Load:
    """How many messages wait and were given up, and since when the oldest is due; None when none is."""

    waiting: int
    failed: int
    due_since: datetime | None


def is_posted(kind: str, *numbers: ColumnElement[int]) -> ColumnElement[bool]:
    """For a statement: whether a message is posted, whatever became of it, of which the key is this kind and
    these numbers with colons between. For who looks each minute; posting it again does nothing either.
    """
    key: ColumnElement[str] = literal(str(kind))
    for number in numbers:
        key = key + literal(":") + cast(number, String)
    return exists().where(_message.c.dedupe_key == key)


def load_at(now: datetime) -> Load:
    """The load of the outbox."""
    return Load(*execute(_LOAD, now=now).one())


def count_old_messages(before: datetime) -> int:
    """How many messages were due before then and are done with."""
    number: int = execute(_COUNT_OLD, before=before).scalar_one()
    return number


def count_told_messages(before: datetime) -> int:
    """How many messages were told before then."""
    number: int = execute(_COUNT_TOLD, before=before).scalar_one()
    return number
