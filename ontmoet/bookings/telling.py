"""Posting what people are told about their bookings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from ontmoet.db import Instant, execute
from ontmoet.hearing.models import OptIn
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.actions import Notice, post_all
from ontmoet.outbox.queries import is_posted

from .closure_queries import Affected
from .closure_rules import ClosureNews
from .models import Booking
from .request_queries import deciders_in
from .request_rules import RequestNews
from .states import News, Status
from .use_queries import bookings_without_trace
from .use_rules import TIME_TO_ANSWER

if TYPE_CHECKING:
    from .queries import BookingView

REMINDED_BEFORE = timedelta(hours=24)

_booking = Booking.__table__
_opt_in = OptIn.__table__

_TO_REMIND = (
    select(_booking.c.id, _booking.c.person_id, _booking.c.room_id, _booking.c.starts_at, _booking.c.version)
    .join_from(_booking, _opt_in, _opt_in.c.person_id == _booking.c.person_id)
    .where(
        _opt_in.c.kind == News.REMINDER,
        _booking.c.status == Status.CONFIRMED,
        _booking.c.starts_at > bindparam("now", type_=Instant()),
        _booking.c.starts_at <= bindparam("until", type_=Instant()),
        # Who books for tomorrow still knows tomorrow.
        _booking.c.made_at < bindparam("yesterday", type_=Instant()),
        ~is_posted(News.REMINDER, _booking.c.id, _booking.c.version),
    )
    .order_by(_booking.c.starts_at)
)


def tell(
    news: News,
    booking_id: int,
    person_id: int | None,
    *,
    room_id: int,
    starts: datetime,
    version: int,
    now: datetime,
) -> None:
    """Post a message to the person of a booking: once for each version of it, of use until it starts."""
    if person_id is not None:
        post_all(
            [notice(news, booking_id, person_id, room_id=room_id, starts=starts, version=version, now=now)]
        )


def tell_outcome(news: News, current: BookingView, *, now: datetime) -> None:
    """The same of what became of a booking that was `current`: in its next version, at the same time."""
    tell(
        news,
        current.booking_id,
        current.person_id,
        room_id=current.room_id,
        starts=current.slot.starts,
        version=current.version + 1,
        now=now,
    )


def notice(
    news: ClosureNews | News,
    booking_id: int,
    person_id: int,
    *,
    room_id: int,
    starts: datetime,
    version: int,
    now: datetime,
) -> Notice:
    """What `tell` posts, for who posts many at once."""
    key = f"{news}:{booking_id}:{version}"
    return Notice(news, person_id, booking_id, key, now, now, room_id, useful_until=starts)


def tell_bookers(
    news: ClosureNews | News, bookings: Iterable[Affected], *, key: str, room_id: int, now: datetime
) -> None:
    """Post to the person of each of these bookings, in one statement: once for each `key`, of use until it
    ends.
    """
    post_all(
        [
            Notice(
                news,
                person_id=each.person_id,
                object_id=each.booking_id,
                dedupe_key=f"{key}:{each.booking_id}",
                due_at=now,
                made_at=now,
                room_id=room_id,
                useful_until=each.slot.ends,
            )
            for each in bookings
            if each.person_id is not None
        ]
    )


def tell_deciders(
    booking_id: int,
    *,
    room_id: int,
    besides: Collection[int | None],
    version: int,
    lapses_at: datetime,
    now: datetime,
) -> None:
    """Post to each who decides about requests in the room that one waits, but to those who know. Of a series
    one date is named, and `lapses_at` is that of the date that waits longest.
    """
    post_all(
        [
            Notice(
                RequestNews.WAITING,
                person_id=person_id,
                object_id=booking_id,
                dedupe_key=f"{RequestNews.WAITING}:{booking_id}:{version}:{person_id}",
                due_at=now,
                made_at=now,
                room_id=room_id,
                useful_until=lapses_at,
            )
            for person_id in deciders_in(room_id, today=day_of(now))
            if person_id not in besides
        ]
    )


def remind(now: datetime) -> int:
    """Remind those who asked for it of what they have within a day, once; how many are reminded now."""
    found = execute(_TO_REMIND, now=now, until=now + REMINDED_BEFORE, yesterday=now - REMINDED_BEFORE).all()
    post_all(
        [
            notice(
                News.REMINDER,
                row.id,
                row.person_id,
                room_id=row.room_id,
                starts=row.starts_at,
                version=row.version,
                now=now,
            )
            for row in found
        ]
    )
    return len(found)


def ask_who_left_no_trace(now: datetime) -> int:
    """Ask who booked and of whom nothing was seen whether they were there, once; how many are asked now."""
    found = bookings_without_trace(now)
    post_all(
        [
            Notice(
                News.ASKED,
                person_id=row.person_id,
                object_id=row.id,
                dedupe_key=f"{News.ASKED}:{row.id}",
                due_at=now,
                made_at=now,
                room_id=row.room_id,
                useful_until=row.ends_at + TIME_TO_ANSWER,
            )
            for row in found
        ]
    )
    return len(found)
