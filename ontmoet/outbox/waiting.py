"""A message that waits to be put into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .models import Message, MessageStatus

MOST_ATTEMPTS = 5

_message = Message.__table__

COLUMNS = (
    _message.c.id,
    _message.c.kind,
    _message.c.person_id,
    _message.c.object_id,
    _message.c.made_at,
    _message.c.due_at,
    _message.c.attempts,
    _message.c.room_id,
    _message.c.useful_until,
)
"""What a `Waiting` is made of, in its order."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits, as its row was read."""

    number: int
    kind: str
    person_id: int
    object_id: int
    made_at: datetime
    due_at: datetime
    attempts: int
    room_id: int | None = None
    useful_until: datetime | None = None

    @property
    def is_spent(self) -> bool:
        """It had all its attempts, and nobody wrote down how the last went."""
        return self.attempts >= MOST_ATTEMPTS

    @property
    def is_last_attempt(self) -> bool:
        return self.attempts + 1 >= MOST_ATTEMPTS

    @property
    def when_claimed(self) -> int:
        """The attempts a claimed row has: one is left, for a claim that is never marked."""
        return max(self.attempts + 1, MOST_ATTEMPTS - 1)

    @property
    def undelivered(self) -> MessageStatus:
        """What becomes of it when mail cannot bring it: people of its room can."""
        return MessageStatus.FAILED if self.room_id is None else MessageStatus.BY_HAND
