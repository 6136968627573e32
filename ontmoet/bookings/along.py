"""Bookings for the calendar of who reads a mail: a file of one, or one with an event for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, exists, or_, select

from ontmoet.db import execute
from ontmoet.hearing.models import OptIn
from ontmoet.people.models import Person
from ontmoet.rooms.models import Room
from ontmoet.web.settings import current_config

from .calendar import Entry, calendar_file, calendar_file_of, certainty_of, title_of, where
from .models import Booking
from .states import CancelReason, Status
from .uids import uid_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ontmoet.db import AnyRow
    from ontmoet.rooms.rules import RoomView

    from .queries import BookingView

_booking, _room = Booking.__table__, Room.__table__
_person, _opt_in = Person.__table__, OptIn.__table__

WITHOUT_FILE = "booking_without_file"
"""Who asked for this gets mail without a file for the calendar."""

READER = select(
    _person.c.name,
    _person.c.email,
    _person.c.public_id,
    exists().where(_opt_in.c.person_id == _person.c.id, _opt_in.c.kind == WITHOUT_FILE).label("without_file"),
).where(_person.c.id == bindparam("person_id"))

IN_CALENDARS = frozenset({Status.CONFIRMED, Status.CANCELLED})
"""What is only asked for has no place in a calendar yet. Whoever puts it there all the same is told there too
when it does not go on. A booking that was sure is in calendars: they follow it when it is asked for again.
"""

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
        # As in `_belongs`.
        or_(
            and_(
                _booking.c.status.in_([*IN_CALENDARS, Status.DECLINED]),
                or_(_booking.c.reason.is_(None), _booking.c.reason != CancelReason.NOT_TAKEN),
            ),
            and_(_booking.c.status == Status.REQUESTED, _booking.c.asked_again_at.is_not(None)),
            and_(_booking.c.status == Status.LAPSED, _booking.c.reason == CancelReason.NO_ANSWER),
        ),
    )
    .order_by(_booking.c.starts_at, _booking.c.id)
)


def file_along(booking: BookingView, room: RoomView, reader: AnyRow, *, now: datetime) -> bytes | None:
    """The booking for the calendar of who reads this; `reader` is a row of `READER`. None when it does not
    belong in one, and for who wants no file.
    """
    if reader.without_file or not _belongs(booking):
        return None
    return calendar_file(
        booking, room, url=f"{current_config().base_url}/reserveringen/{booking.public_id}", now=now
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


def _belongs(booking: BookingView) -> bool:
    """Whether it goes to a calendar. What somebody waited for, or was offered, never stood in one."""
    if booking.status is Status.LAPSED:
        return booking.reason is CancelReason.NO_ANSWER
    if booking.status is Status.REQUESTED:
        return booking.was_sure
    return booking.status in IN_CALENDARS | {Status.DECLINED} and booking.reason is not CancelReason.NOT_TAKEN
