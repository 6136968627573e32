"""How what somebody had, asked for or waited for ends before its time, and how its time goes on.

Each function runs inside a unit of work and commits nothing itself.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, func, select, update

from ontmoet.db import Instant, execute
from ontmoet.outbox.actions import post_all
from ontmoet.rooms.queries import room_by_id
from ontmoet.trail.actions import record, record_all

from .closure_rules import NEWS_WHEN_SHUT
from .holding import let_go_all
from .models import Booking
from .states import WHEN_SHUT, CancelReason, News, Status
from .telling import notice
from .waiting import offer_freed, why_in_vain
from .waiting_rules import reason_lapsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from ontmoet.db import AnyRow

    from .queries import BookingView

_booking = Booking.__table__

_OVERDUE = (
    select(
        _booking.c.id,
        _booking.c.person_id,
        _booking.c.version,
        _booking.c.starts_at,
        _booking.c.status,
        _booking.c.series_number,
    )
    .where(
        _booking.c.room_id == bindparam("room_id"),
        _booking.c.lapses_at <= bindparam("now", type_=Instant()),
    )
    .order_by(_booking.c.id)
)


_WHO_WAITS = (
    select(
        _booking.c.id,
        _booking.c.person_id,
        _booking.c.version,
        _booking.c.starts_at,
        _booking.c.zone_id,
        _booking.c.status,
    )
    .where(
        _booking.c.room_id == bindparam("room_id"),
        _booking.c.status.in_((Status.WAITING, Status.OFFERED)),
    )
    .order_by(_booking.c.id)
)

_END = (
    update(_booking)
    .where(_booking.c.id.in_(bindparam("booking_ids", expanding=True)))
    .values(
        status=bindparam("became"),
        reason=bindparam("because"),
        ended_at=bindparam("at", type_=Instant()),
        lapses_at=None,
        taken_back_at=case(
            (_booking.c.status == Status.REQUESTED, bindparam("back_at", type_=Instant())), else_=None
        ),
        entered_by_id=func.coalesce(
            bindparam("helper_id", type_=_booking.c.entered_by_id.type), _booking.c.entered_by_id
        ),
        version=_booking.c.version + 1,
    )
)

# Whoever got an offer read until when it stood.
_TOLD_OF = {Status.REQUESTED: News.LAPSED, Status.WAITING: News.NOT_FREED}


def lapse_overdue(room_id: int, *, now: datetime) -> int:
    """End requests nobody answered in time, offers nobody took and wishes that waited in vain, in a room that
    is locked; the number that lapsed. What comes free by it goes to who waits for it.
    """
    rows = execute(_OVERDUE, now=now, room_id=room_id).all()
    if rows:
        _lapse(rows, room_id, now)
        offer_freed(room_id, now=now)
    return len(rows)


def _lapse(rows: Sequence[AnyRow], room_id: int, now: datetime) -> None:
    ended: defaultdict[CancelReason, list[int]] = defaultdict(list)
    by_status: defaultdict[Status, list[int]] = defaultdict(list)
    for row in rows:
        by_status[Status(row.status)].append(row.id)
    # What is overdue stands in nobody's way at `now`: it makes no difference which ends first.
    wishes = by_status[Status.WAITING]
    in_vain = why_in_vain(wishes, room_by_id(room_id), now=now) if wishes else {}
    for row in rows:
        ended[in_vain.get(row.id) or reason_lapsed(Status(row.status))].append(row.id)
    for because, booking_ids in ended.items():
        end_all(booking_ids, Status.LAPSED, because, now=now)
    _record_lapsed("booking_lapsed", by_status[Status.REQUESTED], room_id, now)
    _record_lapsed("offer_lapsed", by_status[Status.OFFERED], room_id, now)
    _record_lapsed("wish_lapsed", wishes, room_id, now)
    _tell_of_lapsed(rows, room_id, now)


def _record_lapsed(action: str, booking_ids: Sequence[int], room_id: int, now: datetime) -> None:
    record_all(action, object_kind="booking", object_ids=booking_ids, room_id=room_id, actor_id=None, now=now)


def _tell_of_lapsed(rows: Sequence[AnyRow], room_id: int, now: datetime) -> None:
    told, notices = set(), []
    for row in rows:
        news, series = _TOLD_OF.get(Status(row.status)), row.series_number
        # A series is one question: one message tells of all its dates (`lapsed_together.py`).
        if news is None or (series is not None and series in told) or row.person_id is None:
            continue
        told.add(series)
        notices.append(
            notice(
                news,
                row.id,
                row.person_id,
                room_id=room_id,
                starts=row.starts_at,
                version=row.version + 1,
                now=now,
            )
        )
    post_all(notices)


def stop_waiting(wish: BookingView, *, actor_id: int, now: datetime) -> None:
    """A wish ends of somebody who may not have the room any more; it is locked. Whoever calls this tells
    them, and hands on what an offer held.
    """
    # As when they call it off themselves: it was never theirs.
    end(wish.booking_id, Status.CANCELLED, CancelReason.NOT_TAKEN, now=now)
    record(
        "booking_cancelled",
        object_kind="booking",
        object_id=wish.booking_id,
        room_id=wish.room_id,
        actor_id=actor_id,
        on_behalf_of_id=wish.person_id,
        now=now,
        changes={"reason": CancelReason.NOT_TAKEN},
    )


def call_off_waiting(room_id: int, *, zone_id: int | None = None, now: datetime) -> None:
    """Nobody waits any more for a room that closes for good, or for a part that goes: offers end too, and
    all of them hear so.
    """
    waiting = [row for row in execute(_WHO_WAITS, room_id=room_id).all() if zone_id in (None, row.zone_id)]
    ended = [(row.id, row.person_id, Status(row.status)) for row in waiting]
    end_shut(ended, room_id=room_id, actor_id=None, now=now)
    post_all(
        [
            notice(
                NEWS_WHEN_SHUT[Status(row.status)],
                row.id,
                row.person_id,
                room_id=room_id,
                starts=row.starts_at,
                version=row.version + 1,
                now=now,
            )
            for row in waiting
            if row.person_id is not None
        ]
    )


def end_shut(
    found: Iterable[tuple[int, int | None, Status]], *, room_id: int, actor_id: int | None, now: datetime
) -> None:
    """The time of these is shut: id, whose it is, and what it was, as which it ends. Whoever calls this tells
    them.
    """
    ended: defaultdict[Status, dict[int, int | None]] = defaultdict(dict)
    for booking_id, person_id, status in found:
        ended[WHEN_SHUT[status]][booking_id] = person_id
    by = (room_id, actor_id, now)
    _end_shut_as("booking_cancelled", Status.CANCELLED, ended[Status.CANCELLED], *by)
    _end_shut_as("request_off", Status.DECLINED, ended[Status.DECLINED], *by)
    _end_shut_as("wish_lapsed", Status.LAPSED, ended[Status.LAPSED], *by)


def _end_shut_as(
    action: str,
    became: Status,
    whose: Mapping[int, int | None],
    room_id: int,
    actor_id: int | None,
    now: datetime,
) -> None:
    end_all([*whose], became, CancelReason.CLOSED, now=now)
    record_all(
        action,
        object_kind="booking",
        object_ids=[*whose],
        room_id=room_id,
        actor_id=actor_id,
        on_behalf_of=whose,
        now=now,
        changes={"reason": CancelReason.CLOSED},
    )


def hand_on(room_id: int, *, now: datetime) -> None:
    """What came free goes to who waits for it, in a room that is locked. Called by whoever frees time.

    What lapsed is written down first: until then its rows are in the way of an offer.
    """
    if not lapse_overdue(room_id, now=now):
        offer_freed(room_id, now=now)


def end(
    booking_id: int, status: Status, because: CancelReason, *, now: datetime, entered_by_id: int | None = None
) -> None:
    """The booking is over before its time, and its zones are free at once."""
    end_all([booking_id], status, because, now=now, entered_by_id=entered_by_id)


def end_all(
    booking_ids: Sequence[int],
    status: Status,
    because: CancelReason,
    *,
    now: datetime,
    entered_by_id: int | None = None,
) -> None:
    """The same for many bookings at once. Without `entered_by_id` who entered each stays who did."""
    if booking_ids:
        let_go_all(booking_ids)
        is_taken_back = status is Status.CANCELLED and because is CancelReason.PLANS_CHANGED
        execute(
            _END,
            booking_ids=[*booking_ids],
            became=status,
            because=because,
            at=now,
            back_at=now if is_taken_back else None,
            helper_id=entered_by_id,
        )
