"""Waiting for a time that is taken: who may wait, and for how long a time that came free is offered.

A time that comes free goes to one of those who wait at a time, in the order in which they asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .rules import Reason
from .states import EXPECTED, CancelReason, Status

if TYPE_CHECKING:
    from collections.abc import Collection

    from ontmoet.hearing.rules import QuietHours
    from ontmoet.kernel.objections import Objection
    from ontmoet.kernel.timeslot import TimeSlot

LONGEST_OFFER = timedelta(hours=24)
SHORTEST_OFFER = timedelta(minutes=30)
FREE_FOR_ALL = timedelta(hours=2)
"""This long before it starts, a time that comes free is for whoever is first."""

_FOR_THE_NEXT = 2 * SHORTEST_OFFER
_HOUR = timedelta(hours=1)


def waits_until(starts: datetime) -> datetime:
    """The moment from which nothing can be offered any more to who waits."""
    return starts - FREE_FOR_ALL - SHORTEST_OFFER


def may_wait(objections: Collection[Objection], starts: datetime, *, now: datetime) -> bool:
    """Whether somebody may wait for a time: all that stands in the way is that others have it, and it is
    far enough ahead. A closure does not come free, and nobody waits for themselves.
    """
    return bool(objections) and what_stays(objections) is None and now < waits_until(starts)


def what_stays(objections: Collection[Objection]) -> Objection | None:
    """The first reason that waiting does not take away: another than that others have the time."""
    return next((each for each in objections if not _is_of_others(each)), None)


def _is_of_others(objection: Objection) -> bool:
    facts = objection.facts
    return objection.reason is Reason.ROOM_TAKEN and not any(
        facts.get(stays) for stays in ("shut", "own", "partly_own")
    )


def may_still_cancel(status: Status, slot: TimeSlot, *, now: datetime) -> bool:
    """A booking can be cancelled until it ends, and nobody has to go on waiting."""
    return status in EXPECTED and now < slot.ends


def reason_lapsed(was: Status, objections: Collection[Objection] = ()) -> CancelReason:
    """Why something lapsed: the time did not come free for who waited, or nobody said anything in time.

    `objections` are what stood in the way of who waited, in the end: of a time that was free their turns.
    """
    if was is Status.WAITING:
        is_turns = {each.reason for each in objections} == {Reason.FAIR_USE_SPENT}
        return CancelReason.FAIR_USE if is_turns else CancelReason.CLASH
    return CancelReason.NOT_TAKEN if was is Status.OFFERED else CancelReason.NO_ANSWER


def offer_ends(starts: datetime, quiet: QuietHours, *, now: datetime) -> datetime | None:
    """Until when a time that comes free now is kept for one who waits: half of what is left, a day at most
    and half an hour at least, quiet hours not counted. Where that can be, an hour stays in which it is kept
    for the next. None when there is no half hour before it is free for all.
    """
    last = starts - FREE_FOR_ALL
    return _kept_until(starts, quiet, last - _FOR_THE_NEXT, now=now) or _kept_until(
        starts, quiet, last, now=now
    )


def _kept_until(starts: datetime, quiet: QuietHours, last: datetime, *, now: datetime) -> datetime | None:
    length = max(SHORTEST_OFFER, min(LONGEST_OFFER, (starts - now) / 2))
    moment, awake = now, timedelta()
    while moment < last and awake < length:
        quiet_until = quiet.ending(moment)
        if quiet_until is not None:
            moment = min(quiet_until, last)
            continue
        # Quiet hours begin on a whole hour.
        next_hour = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
        step = min(next_hour - moment, last - moment, length - awake)
        moment, awake = moment + step, awake + step
    return moment if awake >= SHORTEST_OFFER else None
