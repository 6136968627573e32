"""Several bookings for the calendar of who reads a mail: one file with an event for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, or_, select

from ontmoet.db import execute
from ontmoet.rooms.models import Room
from ontmoet.web.settings import current_config

from .calendar import Entry, calendar_file_of, certainty_of, title_of, where
from .messages import IN_CALENDARS, READER
from .models import Booking
from .states import MADE_WAY, CancelReason, Status
from .uids import uid_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_booking, _room = Booking.__table__, Room.__table__

_OF_READER = (
    select(
        _booking.c.public_id,
        _booking.c.version,
        _booking.c.status,
        _booking.c.starts_at,
        _booking.c.ends_at,
        _booking.c.purpose,
        _room.c.name,
        _room.c.address,
        _room.c.town,
    )
    .join_from(_booking, _room, _room.c.id == _booking.c.room_id)
    .where(
        _booking.c.public_id.in_(bindparam("public_ids", expanding=True)),
        _booking.c.person_id == bindparam("person_id"),
        or_(
            _booking.c.status.in_([*IN_CALENDARS]),
            and_(_booking.c.status.in_([*MADE_WAY]), _booking.c.reason == CancelReason.CLOSED),
        ),
        or_(_booking.c.reason.is_(None), _booking.c.reason != CancelReason.NOT_TAKEN),
    )
    .order_by(_booking.c.starts_at, _booking.c.id)
)


def files_along(public_ids: Sequence[str], person_id: int, *, now: datetime) -> bytes | None:
    """These bookings as they stand, in the room where they are now; None when nothing of them belongs in a
    calendar, and for who wants no file. Two statements.
    """
    reader = execute(READER, person_id=person_id).one_or_none()
    if reader is None or reader.without_file or not public_ids:
        return None
    entries = []
    for row in execute(_OF_READER, public_ids=public_ids, person_id=person_id):
        certainty = certainty_of(Status(row.status))
        entries.append(
            Entry(
                uid=uid_of(row.public_id),
                sequence=row.version - 1,
                stamp=now,
                starts=row.starts_at,
                ends=row.ends_at,
                summary=title_of(row.purpose or row.name, certainty),
                location=where(row.name, row.address, row.town),
                url=f"{current_config().base_url}/reserveringen/{row.public_id}",
                certainty=certainty,
            )
        )
    return calendar_file_of(entries) if entries else None
