"""How people who help reach bookings: find a neighbour, see what they did for others, print a slip."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from ontmoet.kernel import clock
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.walltime import day_of
from ontmoet.people.finding import Scope
from ontmoet.people.forms import NameForm
from ontmoet.people.found_pages import found_before, found_by
from ontmoet.people.queries import language_read_by
from ontmoet.rooms.pages import room_or_404, room_page
from ontmoet.rooms.queries import room_by_id
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import speaking
from ontmoet.web.pages import go_to, paper

from .booking_pages import whose_of
from .queries import BookingView, booking_by_public_id, entered_for_others
from .states import Status
from .wording import helper_shown, steps_to_get_in, word_of

if TYPE_CHECKING:
    from markupsafe import Markup

    from ontmoet.rooms.rules import RoomView

bp = Blueprint("on_behalf", __name__)


@bp.route("/r/<slug:slug>/namens", methods=["GET", "POST"])
@requires(Permission.ON_BEHALF)
def on_behalf(slug: str) -> Response:
    """Find the neighbour for whom one does something. The name travels in the form, never in an address."""
    now = clock.now()
    room = room_or_404(slug)
    if room.live_at is None:
        abort(404)
    ensure(Permission.ON_BEHALF, room)
    if request.method != "POST":
        return _on_behalf_page(room, NameForm(), now=now)
    form = NameForm(request.form)
    shown = found_by(form, room, Scope.HELPED)
    return go_to(shown) if shown else _on_behalf_page(room, form, now=now, status=422)


@bp.get("/reserveringen/<public_id:public_id>/briefje")
@requires(Permission.BOOKING_SEE)
def slip(public_id: str) -> Response:
    """The booking on a small paper, for who has no phone at hand."""
    now = clock.now()
    found = booking_by_public_id(public_id, now=now)
    if found is None:
        abort(404)
    ensure(Permission.BOOKING_SEE, found, hide=True)
    room = room_by_id(found.room_id)
    return room_page(
        "bookings/slip.html",
        room,
        nav=None,
        booking=found,
        day=_day(found),
        slip=_slip(found, room),
        scripts=True,
    )


def _day(found: BookingView) -> str:
    return dates.capitalised(dates.long_day(day_of(found.slot.starts)))


def _slip(found: BookingView, room: RoomView) -> Markup:
    with speaking(language_read_by(found.person_id)):
        return paper(
            "bookings/booking_slip.html",
            room=room,
            booking=found,
            is_confirmed=found.status is Status.CONFIRMED,
            is_request=found.status is Status.REQUESTED,
            is_offered=found.status is Status.OFFERED,
            # On paper there is no today: nobody knows when it is read.
            until=dates.full_moment(found.lapses_at) if found.lapses_at else "",
            status_word=word_of(found),
            day=_day(found),
            times=dates.times_in_words(found.slot),
            steps=steps_to_get_in(room, found.slot),
            helper=helper_shown(found),
        )


def _on_behalf_page(room: RoomView, form: NameForm, *, now: datetime, status: int = 200) -> Response:
    entered = entered_for_others(known_actor().person_id, room.room_id, now=now)
    return room_page(
        "bookings/on_behalf.html",
        room,
        status=status,
        form=form,
        found=found_before(room, Scope.HELPED),
        entered=[_row(booking, now) for booking in entered],
    )


def _row(booking: BookingView, now: datetime) -> tuple[str, str, str]:
    """Where a booking is, for whom, and when."""
    day = dates.near_day(day_of(booking.slot.starts), day_of(now))
    facts = [f"{day} {dates.times_in_words(booking.slot)}"]
    if booking.status is not Status.CONFIRMED:
        facts.append(word_of(booking, whose_of(booking), now=now))
    whose = booking.person_name or booking.organisation_name or ""
    return f"/reserveringen/{booking.public_id}", whose, ", ".join(facts)
