"""What becomes of series when their room ends. Runs under the lock of the room; commits nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, update

from ontmoet.db import Instant, execute

from .models import Series

if TYPE_CHECKING:
    from datetime import datetime

_series = Series.__table__

_GOING_ON = update(_series).where(_series.c.room_id == bindparam("old"), _series.c.ended_at.is_(None))
_GO_ALONG = _GOING_ON.values(
    room_id=bindparam("into"),
    zone_id=bindparam("part", type_=Integer),
    version=_series.c.version + 1,
)
_END = _GOING_ON.values(ended_at=bindparam("at", type_=Instant()), version=_series.c.version + 1)


def series_go_along(old_id: int, *, into_id: int, zone_id: int | None) -> None:
    """They go on in the other room, as their bookings do. What did not fit there may be had again later."""
    execute(_GO_ALONG, old=old_id, into=into_id, part=zone_id)


def series_end(room_id: int, *, now: datetime) -> None:
    """The room is closed for good: nothing of them comes any more."""
    execute(_END, old=room_id, at=now)
