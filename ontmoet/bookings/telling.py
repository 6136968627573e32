"""Posting the news about a booking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.outbox.actions import post as post_message

if TYPE_CHECKING:
    from datetime import datetime

    from .rules import News


def tell(news: News, booking_id: int, person_id: int | None, *, version: int, now: datetime) -> None:
    """Post a message to the person of a booking: once for each version of it."""
    if person_id is not None:
        post_message(
            news,
            person_id=person_id,
            object_id=booking_id,
            dedupe_key=f"{news}:{booking_id}:{version}",
            due_at=now,
            now=now,
        )
