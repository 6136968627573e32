"""Giving a slot back from a reminder, without signing in: one page with one button, for one booking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actor_queries import actor_by_public_id, public_id_now
from ontmoet.web import dates
from ontmoet.web.access import public
from ontmoet.web.pages import go_to, page

from . import calling_off
from .one_tap import read_cancel
from .queries import booking_by_public_id
from .refusal_wording import say
from .rules import Reason
from .states import HOLDS_THE_ROOM, CancelReason, Status, may_still_change
from .use_queries import checked_in

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.actor import Actor

    from .queries import BookingView

bp = Blueprint("one_tap", __name__)


@bp.route("/afzeggen", methods=["GET", "POST"])
@public
def cancel() -> Response:
    """Looking changes nothing: programs that read mail follow every link in it. The link is worth nothing
    once somebody is there, the booking is over, or is somebody else's.
    """
    now, token = clock.now(), request.args.get("t", "")
    booking, person = _meant(token, now)
    is_open = booking.status in HOLDS_THE_ROOM and may_still_change(booking.status, booking.slot, now=now)
    is_there = is_open and bool(checked_in([booking.public_id]))
    can_cancel = is_open and not is_there
    if request.method == "POST" and can_cancel:
        try:
            with unit_of_work():
                calling_off.cancel(booking, because=CancelReason.PLANS_CHANGED, actor=person, now=now)
        except Refused:
            can_cancel = False  # it ended, or somebody came, at this very moment
        else:
            return go_to(f"/afzeggen?t={token}")
    answer = page(
        "bookings/one_tap.html",
        status=422 if request.method == "POST" else 200,
        booking=booking,
        when=f"{dates.long_day(day_of(booking.slot.starts))}, {dates.times_in_words(booking.slot)}",
        can_cancel=can_cancel,
        is_there=say(Objection(Reason.IS_THERE)) if is_there else "",
        is_cancelled=booking.status is Status.CANCELLED,
    )
    # It says where somebody will be.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _meant(token: str, now: datetime) -> tuple[BookingView, Actor]:
    """The booking of a link and whose it is now; answers 404 for any link that is not ours or not theirs."""
    ids = read_cancel(token)
    if ids is None:
        abort(404)
    booking = booking_by_public_id(ids[0], now=now)
    person = actor_by_public_id(public_id_now(ids[1]), today=day_of(now))
    if booking is None or person is None or booking.person_id != person.person_id:
        abort(404)
    return booking, person
