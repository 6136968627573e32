"""The table of messages."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, one_of, table_args


class MessageStatus(StrEnum):
    """Where a message stands. Not needed: nobody is to be told, or it is no longer so. By hand: somebody
    of the room tells it, and then it is told.
    """

    WAITING = "waiting"
    SENT = "sent"
    BY_HAND = "by_hand"
    TOLD = "told"
    NOT_NEEDED = "not_needed"
    FAILED = "failed"


OVER = (MessageStatus.SENT, MessageStatus.BY_HAND, MessageStatus.NOT_NEEDED, MessageStatus.FAILED)
"""What long after it was due is of no use to anybody. What was told goes sooner."""


class Outcome(StrEnum):
    """How somebody fared who went to tell a message."""

    TOLD = "told"
    NOT_REACHED = "not_reached"


class Message(Base):
    """Something to tell one person. `dedupe_key` makes telling it twice impossible.

    Holds ids only: the words are made when it is sent, in the reader's language of that moment.
    `due_at` moves on with every attempt: until then nobody else tries. `room_id` is the room it is
    about, whose people can tell it by hand; after `useful_until` it is of no use.
    """

    __tablename__ = "message"
    __table_args__ = table_args(
        UniqueConstraint("dedupe_key"),
        Index(None, "status", "due_at"),
        Index(None, "room_id", "status"),
        one_of("status", MessageStatus),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str]
    kind: Mapped[str]
    person_id: Mapped[int]
    object_id: Mapped[int]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[str]
    attempts: Mapped[int]
    room_id: Mapped[int | None]
    useful_until: Mapped[datetime | None]


class Telling(Base):
    """Somebody told a message to its person, or tried to."""

    __tablename__ = "telling"
    __table_args__ = table_args(Index(None, "message_id"), Index(None, "at"), one_of("outcome", Outcome))

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    outcome: Mapped[str]
    by_id: Mapped[int]
    at: Mapped[datetime]
