"""Whether news about a booking is news still: time or another change may have overtaken it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .states import HOLDS_THE_ROOM, News, Status
from .use_rules import TIME_TO_ANSWER

if TYPE_CHECKING:
    from collections.abc import Mapping

TRUE_WHILE: Mapping[News, frozenset[Status]] = {
    News.CONFIRMED: frozenset({Status.CONFIRMED}),
    News.REQUESTED: frozenset({Status.REQUESTED}),
    News.CHANGED: HOLDS_THE_ROOM,
    News.CANCELLED: frozenset({Status.CANCELLED}),
    News.TAKEN_BACK: frozenset({Status.CANCELLED}),
    News.LAPSED: frozenset({Status.LAPSED}),
    News.DECLINED: frozenset({Status.DECLINED}),
    News.WAITS: frozenset({Status.WAITING}),
    News.OFFERED: frozenset({Status.OFFERED}),
    News.NOT_FREED: frozenset({Status.LAPSED}),
    News.REMINDER: frozenset({Status.CONFIRMED}),
    News.ASKED: frozenset({Status.CONFIRMED}),
}
"""How the booking stands as long as the news is news."""


def is_still_news(news: News, status: Status, ends: datetime, now: datetime) -> bool:
    """Whether it may be told of a booking that stands so and ends then. What is over needs no news: only what
    we ask afterwards stays a question for a while.
    """
    until = ends + (TIME_TO_ANSWER if news is News.ASKED else timedelta())
    return status in TRUE_WHILE[news] and now < until
