"""What shows that a room was used stays; who said so goes, and what they wrote or showed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, update

from ontmoet.db import Instant, execute
from ontmoet.web.settings import current_config

from .models import Booking, ClosingList, UseTrace
from .photos import photo_folder, sweep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

MOST_AT_ONCE = 200
"""Photos."""

_booking = Booking.__table__
_trace = UseTrace.__table__
_list = ClosingList.__table__

_TAKE_RECORDERS = (
    update(_trace)
    .where(_trace.c.booking_id.in_(bindparam("ids", expanding=True)))
    .values(recorded_by_id=None, note="")
)
_OLD_PHOTOS = (
    select(_list.c.id)
    .join_from(_list, _trace, _trace.c.id == _list.c.use_trace_id)
    .join(_booking, _booking.c.id == _trace.c.booking_id)
    .where(_list.c.photo.is_not(None), _booking.c.ends_at < bindparam("before", type_=Instant()))
)
_SOME_OLD_PHOTOS = _OLD_PHOTOS.limit(MOST_AT_ONCE)
_COUNT_PHOTOS = select(func.count()).select_from(_OLD_PHOTOS.subquery())
_TAKE_OLD_PHOTOS = update(_list).where(_list.c.id.in_(bindparam("ids", expanding=True))).values(photo=None)
_TAKE_PHOTOS = (
    update(_list)
    .where(
        _list.c.photo.is_not(None),
        _list.c.use_trace_id.in_(
            select(_trace.c.id).where(_trace.c.booking_id.in_(bindparam("ids", expanding=True)))
        ),
    )
    .values(photo=None)
)


def count_photos(before: datetime) -> int:
    """How many photos there are of bookings that ended before then."""
    number: int = execute(_COUNT_PHOTOS, before=before).scalar_one()
    return number


def take_photos(before: datetime) -> int:
    """Photos of some bookings that ended before then; how many. Files that no row names any more are
    removed too, whatever made them so.
    """
    old = execute(_SOME_OLD_PHOTOS, before=before).scalars().all()
    if old:
        execute(_TAKE_OLD_PHOTOS, ids=old)
    sweep(photo_folder(current_config().data))
    return len(old)


def take_recorders(booking_ids: Sequence[int]) -> None:
    """What shows that these bookings were used stays; who said so goes, and what they wrote or showed."""
    execute(_TAKE_RECORDERS, ids=booking_ids)
    execute(_TAKE_PHOTOS, ids=booking_ids)
