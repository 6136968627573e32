"""The table of messages."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, one_of, table_args

_WAITING = text("status = 'waiting'")


class MessageStatus(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Message(Base):
    """Something to tell one person. `dedupe_key` makes telling it twice impossible.

    Holds ids only: the words are made when it is sent, in the reader's language of that moment.
    """

    __tablename__ = "message"
    __table_args__ = table_args(
        UniqueConstraint("dedupe_key"),
        Index("ix_message_due", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        one_of("status", MessageStatus),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str]
    kind: Mapped[str]
    person_id: Mapped[int]
    object_id: Mapped[int]
    due_at: Mapped[datetime]
    status: Mapped[str]
    attempts: Mapped[int]
