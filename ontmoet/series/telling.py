"""Posting what people are told about a series: one message, however many dates it has."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ontmoet.outbox.actions import post


class SeriesNews(StrEnum):
    """What the person of a series is told by message."""

    MADE = "series_made"
    REQUESTED = "series_requested"
    APPROVED = "series_approved"
    DECLINED = "series_declined"
    CHANGED = "series_changed"
    ENDED = "series_ended"
    ENDS_SOON = "series_ends_soon"
    STILL_COMING = "series_still_coming"
    CAME_FREE = "series_came_free"
    KEPT = "series_kept"


def tell(
    news: SeriesNews,
    object_id: int,
    person_id: int | None,
    *,
    room_id: int,
    now: datetime,
    mark: object = 1,
    useful_until: datetime | None = None,
) -> None:
    """Post it to the person of a series, once for each `mark`: a version, a day. The object is the series,
    or the date that came free.
    """
    if person_id is not None:
        post(
            news,
            person_id=person_id,
            object_id=object_id,
            dedupe_key=f"{news}:{object_id}:{mark}",
            due_at=now,
            now=now,
            room_id=room_id,
            useful_until=useful_until,
        )
