"""What people of the demo tell each other by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.bookings.states import News
from ontmoet.outbox.models import Message, MessageStatus

if TYPE_CHECKING:
    from datetime import datetime

    from .drafts import Draft
    from .settle import SettledRoom
    from .writing import Rows


def add_call(rows: Rows, room: SettledRoom, draft: Draft, booking_id: int, *, now: datetime) -> None:
    """Somebody whose booking another entered is still to be called about it, if it is to come."""
    if draft.entered_by_id == draft.person_id or draft.slot.starts <= now:
        return
    rows.add(
        Message,
        dedupe_key=f"{News.CONFIRMED}:{booking_id}:1",
        kind=News.CONFIRMED,
        person_id=draft.person_id,
        object_id=booking_id,
        made_at=now,
        due_at=now,
        status=MessageStatus.BY_HAND,
        attempts=1,
        room_id=room.room_id,
        useful_until=draft.slot.starts,
    )
