"""Who gives a booking up, or says no to a request; and what goes because nobody comes any more.

Each function runs inside a unit of work and commits nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, update

from ontmoet.db import Instant, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.rooms.queries import lock_room
from ontmoet.trail.actions import record, record_all

from .ending import end, end_all, hand_on
from .models import Booking
from .queries import booking_by_public_id
from .rules import Reason
from .states import CancelReason, News, Status, called_off_as
from .telling import tell_outcome
from .use_queries import checked_in
from .waiting_rules import may_still_cancel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ontmoet.kernel.actor import Actor

    from .queries import BookingView

_booking = Booking.__table__

_SAID_NO = (
    update(_booking)
    .where(_booking.c.id.in_(bindparam("booking_ids", expanding=True)))
    .values(
        decided_by_id=bindparam("decider_id", type_=_booking.c.decided_by_id.type),
        decided_at=bindparam("at", type_=Instant()),
        explanation=bindparam("words", type_=_booking.c.explanation.type),
    )
)


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
        tell_outcome(news, current, now=now)
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
