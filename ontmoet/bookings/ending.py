"""How a booking ends before its time: called off, or never answered.

Each function runs inside a unit of work and commits nothing itself.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, update

from ontmoet.db import Instant, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.outbox.actions import post_all
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import record, record_all

from .closure_rules import NEWS_WHEN_SHUT
from .holding import let_go_all
from .models import Booking
from .queries import booking_by_public_id
from .rules import Reason
from .states import WHEN_SHUT, CancelReason, News, Status, called_off_as
from .telling import notice, tell
from .use_queries import checked_in
from .waiting import offer_freed, why_in_vain
from .waiting_rules import may_still_cancel, reason_lapsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from ontmoet.kernel.actor import Actor

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
        entered_by_id=func.coalesce(
            bindparam("helper_id", type_=_booking.c.entered_by_id.type), _booking.c.entered_by_id
        ),
        version=_booking.c.version + 1,
    )
)

_SAID_NO = (
    update(_booking)
    .where(_booking.c.id.in_(bindparam("booking_ids", expanding=True)))
    .values(
        decided_by_id=bindparam("decider_id", type_=_booking.c.decided_by_id.type),
        decided_at=bindparam("at", type_=Instant()),
        explanation=bindparam("words", type_=_booking.c.explanation.type),
    )
)

# Whoever got an offer read until when it stood.
_TOLD_OF = {Status.REQUESTED: News.LAPSED, Status.WAITING: News.NOT_FREED}


def cancel(
    booking: BookingView,
    *,
    because: CancelReason,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> None:
    """Give the slot back, to who waits for it first. Cancelling what is cancelled already changes nothing.
    A request ends as one. Raises `Refused`, also when it changed since `seen_version`: who gives up waiting
    does not mean a booking.
    """
    lock_room(booking.room_id)
    current = booking_by_public_id(booking.public_id, now=now)
    if current is None or current.status is Status.CANCELLED:
        return
    if current.status is Status.DECLINED and current.decided_by_id == actor.person_id:
        return
    if seen_version is not None and current.version != seen_version:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    if not may_still_cancel(current.status, current.slot, now=now):
        raise Refused(Objection(Reason.ALREADY_OVER))
    is_own = current.person_id == actor.person_id
    if is_own and checked_in([current.public_id]):
        raise Refused(Objection(Reason.IS_THERE))
    # Whoever's plans changed, or who was asked to say so, entered it; who calls it off did not.
    entered_by = actor.person_id if because is CancelReason.PLANS_CHANGED else None
    if current.status in (Status.WAITING, Status.OFFERED):
        # It was never theirs: it spends no turn, and no calendar had it.
        because = CancelReason.NOT_TAKEN
    news = call_off(
        current.booking_id,
        current.status,
        because,
        by_id=actor.person_id,
        now=now,
        entered_by_id=entered_by,
    )
    record(
        "request_declined"
        if news is News.DECLINED
        else ("request_taken_back" if news is News.TAKEN_BACK else "booking_cancelled"),
        object_kind="booking",
        object_id=current.booking_id,
        room_id=current.room_id,
        actor_id=actor.person_id,
        on_behalf_of_id=current.person_id,
        now=now,
        changes={"reason": because},
    )
    if not is_own:
        tell(
            news,
            current.booking_id,
            current.person_id,
            room_id=current.room_id,
            starts=current.slot.starts,
            version=current.version + 1,
            now=now,
        )
    hand_on(current.room_id, now=now)


def call_off(
    booking_id: int,
    was: Status,
    because: CancelReason,
    *,
    by_id: int | None,
    now: datetime,
    entered_by_id: int | None = None,
) -> News:
    """It does not go on, in a room that is locked; what its person is to be told."""
    became, news = called_off_as(was, because)
    if became is Status.DECLINED:
        say_no([booking_id], because, by_id=by_id, now=now)
    else:
        end(booking_id, became, because, now=now, entered_by_id=entered_by_id)
    return news


def say_no(
    booking_ids: Sequence[int],
    because: CancelReason,
    *,
    by_id: int | None,
    now: datetime,
    explanation: str = "",
) -> None:
    """These requests are declined by somebody, who may explain why; their time is free at once."""
    end_all(booking_ids, Status.DECLINED, because, now=now)
    execute(_SAID_NO, booking_ids=[*booking_ids], decider_id=by_id, at=now, words=explanation or None)


def cancel_for_nobody(
    booking_ids: Sequence[int], room_id: int, *, actor_id: int | None, now: datetime
) -> None:
    """Bookings do not go on of which there is nobody to tell, in a room that is locked. Once all of their
    time is free it goes to who waits for it.
    """
    end_all(booking_ids, Status.CANCELLED, CancelReason.PLANS_CHANGED, now=now)
    record_all(
        "booking_cancelled",
        object_kind="booking",
        object_ids=booking_ids,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
        changes={"reason": CancelReason.PLANS_CHANGED},
    )
    hand_on(room_id, now=now)


def lapse_overdue(room_id: int, *, now: datetime) -> int:
    """End requests nobody answered in time, offers nobody took and wishes that waited in vain, in a room that
    is locked; the number that lapsed. What comes free by it goes to who waits for it.
    """
    rows = execute(_OVERDUE, now=now, room_id=room_id).all()
    told = set()
    for booking_id, person_id, version, starts, status, series in rows:
        was = Status(status)
        if was is Status.WAITING:
            because = why_in_vain(booking_id, room_by_id(room_id), now=now)
        else:
            because = reason_lapsed(was)
        end(booking_id, Status.LAPSED, because, now=now)
        record(
            "booking_lapsed"
            if was is Status.REQUESTED
            else ("offer_lapsed" if was is Status.OFFERED else "wish_lapsed"),
            object_kind="booking",
            object_id=booking_id,
            room_id=room_id,
            actor_id=None,
            now=now,
        )
        news = _TOLD_OF.get(was)
        # A series is one question: one message tells of all its dates (`lapsed_together.py`).
        if news is not None and (series is None or series not in told):
            told.add(series)
            tell(
                news,
                booking_id,
                person_id,
                room_id=room_id,
                starts=starts,
                version=version + 1,
                now=now,
            )
    if rows:
        offer_freed(room_id, now=now)
    return len(rows)


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
        execute(
            _END,
            booking_ids=[*booking_ids],
            became=status,
            because=because,
            at=now,
            helper_id=entered_by_id,
        )
