"""Saying yes or no to a series: one question, one answer. Runs inside a unit of work and commits nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from sqlalchemy import bindparam, update

from ontmoet.bookings.calling_off import say_no
from ontmoet.bookings.ending import hand_on, lapse_overdue
from ontmoet.bookings.holding import hold_all, let_go_all
from ontmoet.bookings.models import Booking
from ontmoet.bookings.request_queries import another_decides
from ontmoet.bookings.request_rules import (
    RequestReason,
    against_deciding,
    against_explanation,
    against_responsible,
)
from ontmoet.bookings.states import CancelReason, Status
from ontmoet.db import Instant, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.queries import lock_room, room_by_id

from .behind import record_about
from .planning import asked_as_is, refuse_whole, zone_with
from .queries import dates_of, series_by_public_id
from .rules import Reason, Standing
from .telling import SeriesNews, tell
from .writing import end_offers, to_hold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ontmoet.kernel.actor import Actor

    from .queries import DateView, SeriesView

_booking = Booking.__table__

MOST_VERSIONS = 99_999_999

_CONFIRM = (
    update(_booking)
    .where(_booking.c.id.in_(bindparam("booking_ids", expanding=True)))
    .values(
        status=Status.CONFIRMED,
        lapses_at=None,
        decided_by_id=bindparam("decider"),
        decided_at=bindparam("at", type_=Instant()),
        version=_booking.c.version + 1,
    )
)


def version_asked(version: int, waiting: Iterable[tuple[int, int]]) -> int:
    """What is decided about, as a number for a form: the series of this version, and each booking of it that
    waits with its own. Who moves one date changes its booking, and not the series.
    """
    return crc32(repr((version, sorted(waiting))).encode()) % MOST_VERSIONS + 1


def approve(series: SeriesView, *, seen_version: int, actor: Actor, now: datetime) -> int:
    """Say yes to all of it that waits, as it was seen; how many dates. Raises `Refused`."""
    current, waiting = _waiting(series, actor, now=now)
    asked = [(row.booking_id, row.booking_version) for row in waiting if row.booking_id is not None]
    if version_asked(current.version, asked) != seen_version:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    nobody = against_responsible(
        is_organisation=current.organisation_id is not None, responsible=current.responsible
    )
    if nobody is not None:
        raise Refused(nobody)
    room = room_by_id(current.room_id)
    refuse_whole(asked_as_is(current, room), room, now=now, checks_days=False)
    ids = [booking_id for booking_id, _version in asked]
    execute(_CONFIRM, booking_ids=ids, decider=actor.person_id, at=now)
    let_go_all(ids)
    hold_all(
        [
            to_hold(row.booking_id, row.slot, zone_with(row.zone_id, room), room, expires_at=None)
            for row in waiting
            if row.booking_id is not None and row.slot is not None
        ]
    )
    record_about("series_approved", current, actor, now, dates=len(ids))
    tell(
        SeriesNews.APPROVED,
        current.series_id,
        current.person_id,
        room_id=current.room_id,
        now=now,
        mark=min(ids),
    )
    return len(ids)


def decline(
    series: SeriesView, *, because: CancelReason, explanation: str, actor: Actor, now: datetime
) -> int:
    """Say no to all of it that waits, and why; the time is free at once. Raises `Refused`."""
    current, waiting = _waiting(series, actor, now=now)
    silent = against_explanation(because, explanation)
    if silent is not None:
        raise Refused(silent)
    ids = [row.booking_id for row in waiting if row.booking_id is not None]
    say_no(ids, because, by_id=actor.person_id, now=now, explanation=explanation)
    after = dates_of(current.series_id, now=now)
    if not any(row.is_live and not row.has_begun(now) for row in after):
        end_offers(after, now=now)  # what nothing is left of keeps nothing
    record_about("series_declined", current, actor, now, reason=because, dates=len(ids))
    hand_on(current.room_id, now=now)
    tell(
        SeriesNews.DECLINED,
        current.series_id,
        current.person_id,
        room_id=current.room_id,
        now=now,
        mark=min(ids),
    )
    return len(ids)


def _waiting(series: SeriesView, actor: Actor, *, now: datetime) -> tuple[SeriesView, list[DateView]]:
    """The series as it is under the lock, and its dates that wait. Raises `Refused` when none do, or when
    this person may not decide about it.
    """
    lock_room(series.room_id)
    lapse_overdue(series.room_id, now=now)
    current = series_by_public_id(series.public_id)
    waiting = [
        row
        for row in (dates_of(current.series_id, now=now) if current else ())
        if row.standing is Standing.REQUESTED
    ]
    if current is None or not waiting:
        facts = {"status": Status.CONFIRMED}
        raise Refused(Objection(RequestReason.ALREADY_DECIDED, facts=facts))
    is_own = current.person_id == actor.person_id
    another_may = is_own and another_decides(current.room_id, actor.person_id, today=day_of(now))
    against = against_deciding(Status.REQUESTED, is_own=is_own, another_may=another_may)
    if against is not None:
        raise Refused(against)
    return current, waiting
