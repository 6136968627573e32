"""The table of messages."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, one_of, table_args


class MessageStatus(StrEnum):
    """Where a message stands. Not needed: the person has no e-mail, or it is no longer so."""

    WAITING = "waiting"
    SENT = "sent"
    NOT_NEEDED = "not_needed"
    FAILED = "failed"


class Message(Base):
    """Something to tell one person. `dedupe_key` makes telling it twice impossible.

    Holds ids only: the words are made when it is sent, in the reader's language of that moment.
    `due_at` moves on with every attempt: until then nobody else tries.
    """

    __tablename__ = "message"
    __table_args__ = table_args(
        UniqueConstraint("dedupe_key"),
        Index(None, "status", "due_at"),
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
