"""Posting what people are told about a series: one message, however many dates it has."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ontmoet.outbox.actions import Notice, post_all


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
    KEPT = "series_kept"


def tell(
    news: SeriesNews,
    series_id: int,
    person_id: int | None,
    *,
    room_id: int,
    now: datetime,
    mark: object = 1,
) -> None:
    """Post it to the person of a series, once for each `mark`: a version, a day."""
    if person_id is not None:
        post_all([notice(news, series_id, person_id, room_id=room_id, now=now, mark=mark)])


def notice(
    news: SeriesNews,
    series_id: int,
    person_id: int,
    *,
    room_id: int,
    now: datetime,
    mark: object = 1,
    useful_until: datetime | None = None,
) -> Notice:
    """What `tell` posts, for who posts many at once."""
    return Notice(
        news, person_id, series_id, f"{news}:{series_id}:{mark}", now, now, room_id, useful_until=useful_until
    )
