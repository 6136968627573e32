"""A booking's own page: what it shows, to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import abort, current_app

from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.tokens import new_form_key
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import room_page
from ontmoet.rooms.queries import goes_on_in, room_by_id
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor
from ontmoet.web.i18n import gettext as _

from . import queries
from .closure_pages import works_lines
from .elsewhere import ways_after_closing
from .instead import Instead, can_be_had_otherwise, path_to_ask_again, ways_instead
from .refusal_wording import say
from .request_forms import AnswerForm
from .request_talk import talk_about
from .request_wording import question_line, why_declined
from .states import REASONS_FOR_OTHERS, CancelReason, Status, made_way, may_still_change
from .use_pages import use_shown
from .waiting import number_before, objections_now
from .waiting_rules import may_still_cancel, what_stays
from .waiting_wording import offer_line, place_in_line
from .wording import (
    helper_shown,
    house_rules_of,
    lapse_line,
    reason_sentence,
    steps_to_get_in,
    word_of,
)

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Response

    from ontmoet.rooms.rules import RoomView

    from .queries import BookingView


def booking_or_404(public_id: str, now: datetime) -> BookingView:
    """The booking, for who may see it."""
    found = queries.booking_by_public_id(public_id, now=now)
    if found is None:
        abort(404)
    ensure(Permission.BOOKING_SEE, found, hide=True)
    return found


def whose_of(found: BookingView) -> str:
    """Given name of the person of a booking, for a reader who is somebody else."""
    if found.person_id == known_actor().person_id or found.person_name is None:
        return ""
    return found.person_name.split(" ", 1)[0]


def booking_page(
    found: BookingView,
    *,
    now: datetime,
    problem: str = "",
    answer: AnswerForm | None = None,
    agrees_first: bool = False,
    status: int = 200,
) -> Response:
    """The booking's own page, with what stands in the way of a deed on top, or at the `answer`: what was
    typed there is shown on top where there is no question to answer any more. `agrees_first` when the house
    rules stand in the way.
    """
    actor = known_actor()
    room = room_by_id(found.room_id)
    otherwise = _otherwise(found, room, now)
    is_open = may_still_change(found.status, found.slot, now=now)
    may_cancel = may_still_cancel(found.status, found.slot, now=now)
    is_own = found.person_id == actor.person_id
    is_offered = found.status is Status.OFFERED
    may_book = allows(actor, Permission.BOOKING_MAKE, goes_on_in(room) or room)
    may_help = allows(actor, Permission.ON_BEHALF, room)
    use = use_shown(found, room, actor=actor, now=now)
    is_in = is_own and use is not None and bool(use.checked_in)
    is_coming = is_own and found.status is Status.CONFIRMED and found.slot.ends > now
    return room_page(
        "bookings/booking.html",
        room,
        status=status,
        nav="mine" if is_own else "agenda",
        booking=found,
        is_own=is_own,
        is_request=found.status is Status.REQUESTED,
        is_confirmed=found.status is Status.CONFIRMED,
        may_book=may_book,
        choose_again=_choose_again(found, may_book=may_book, may_help=may_help),
        is_over=found.slot.ends <= now,
        is_asked_anew=can_be_had_otherwise(found, now=now),
        ways=otherwise.ways,
        ask_again=path_to_ask_again(found, room) if otherwise.again else "",
        talk=talk_about([found.booking_id])[found.booking_id] if found.status is Status.REQUESTED else [],
        answer=answer or AnswerForm(),
        may_decide=found.status is Status.REQUESTED and allows(actor, Permission.REQUEST_DECIDE, found),
        may_change=is_open and allows(actor, Permission.BOOKING_CHANGE, found),
        # The rest of a time can be given back by who did not come; who is in has used it.
        may_cancel=may_cancel and not is_in and allows(actor, Permission.BOOKING_CANCEL, found),
        is_waiting=found.status is Status.WAITING,
        is_offered=is_offered,
        may_take=is_offered and allows(actor, Permission.BOOKING_CHANGE, found),
        in_line=_in_line(found, now),
        what_stays=_what_stays(found, room, now),
        day=dates.near_day(day_of(found.slot.starts), day_of(now)),
        on_day=dates.on_day(day_of(found.slot.starts), day_of(now)),
        times=dates.times_in_words(found.slot),
        status_word=word_of(found, whose_of(found), now=now),
        has_stopped_waiting=found.status is Status.CANCELLED and found.reason is CancelReason.NOT_TAKEN,
        # Whoever gave a time back knows why, and looks for another one.
        is_given_back=is_own
        and found.status is Status.CANCELLED
        and found.reason in (CancelReason.PLANS_CHANGED, CancelReason.NOT_TAKEN),
        why=why_declined(found),
        waiting=_waiting(found, now),
        steps=steps_to_get_in(room, found.slot),
        # Keys stand above bookings, and say themselves what there is to know about them.
        way_in=current_app.extensions["ontmoet_way_in"](found, room, now=now) if is_coming else [],
        reasons=[] if is_own else _reasons_to_choose(found),
        whose=whose_of(found),
        helper=helper_shown(found),
        may_help=may_help,
        problem=problem,
        form_key=new_form_key(),
        rules_to_read=rules_to_read(found, f"/reserveringen/{found.public_id}") if agrees_first else "",
        house_rules=house_rules_of(found),
        # Series stand above bookings too.
        series=current_app.extensions["ontmoet_part_of_series"](found, actor, now=now)
        if found.series_number
        else None,
        use=use,
        is_in=is_in,
        works=works_lines(room, found.slot, now=now) if is_open or is_offered else [],
        instead=ways_after_closing(found, room, actor, now=now)
        if is_own and made_way(found.status, found.reason)
        else [],
        was_asked=found.status is Status.DECLINED,
    )


def _choose_again(found: BookingView, *, may_book: bool, may_help: bool) -> str:
    """Where another time is chosen, for the same person: who helped a neighbour does not book for themselves
    by accident.
    """
    form = f"/r/{found.room_slug}/reserveren"
    if found.person_id == known_actor().person_id:
        return form if may_book else ""
    was_asked = found.status is Status.CANCELLED and found.reason is CancelReason.PLANS_CHANGED
    if not (may_help and was_asked and whose_of(found)):
        return ""
    return f"{form}?{urlencode({'voor': found.person_public_id})}"


def rules_to_read(found: BookingView, where_from: str) -> str:
    """Where the house rules are, to read or to let sign; from there one comes back."""
    back = {"next": where_from}
    if found.person_id == known_actor().person_id:
        return f"/r/{found.room_slug}/huisregels?{urlencode(back)}"
    return f"/r/{found.room_slug}/huisregels/op-papier?{urlencode({'voor': found.person_public_id, **back})}"


def _waiting(found: BookingView, now: datetime) -> str:
    """Until when a request waits: for the house, or for an answer of who asked."""
    line = question_line if found.is_asked else lapse_line
    return line(found.lapses_at or found.slot.starts, day_of(now), whose_of(found))


def _in_line(found: BookingView, now: datetime) -> str:
    """How it stands with who waits for a time."""
    if found.status is Status.WAITING:
        return place_in_line(number_before(found, now=now), whose_of(found))
    if found.status is Status.OFFERED and found.lapses_at is not None:
        return offer_line(found.lapses_at, day_of(now), whose_of(found))
    return ""


def _what_stays(found: BookingView, room: RoomView, now: datetime) -> str:
    """Why somebody waits in vain as things are: no neighbour who calls off helps them."""
    if found.status is not Status.WAITING or found.person_id is None:
        return ""
    person = queries.person_of(found, known_actor(), now=now)
    stays = what_stays(objections_now(found, room, person, now=now))
    return say(stays, whose_of(found)) if stays else ""


def _otherwise(found: BookingView, room: RoomView, now: datetime) -> Instead:
    """What can be had when this one did not go on and somebody is there to take it."""
    if found.person_id is None or not can_be_had_otherwise(found, now=now):
        return Instead()
    return ways_instead(found, room, queries.person_of(found, known_actor(), now=now), now=now)


def _reasons_to_choose(found: BookingView) -> list[tuple[CancelReason, str]]:
    asked = _("%(name)s vroeg erom", name=whose_of(found) or _("De ander"))
    return [
        (reason, asked if reason is CancelReason.PLANS_CHANGED else reason_sentence(reason))
        for reason in reasons_open(found)
    ]


def reasons_open(found: BookingView) -> tuple[CancelReason, ...]:
    """Why this reader may cancel somebody else's booking: they asked so, or the house decides."""
    actor = known_actor()
    asked = (CancelReason.PLANS_CHANGED,) if allows(actor, Permission.BOOKING_CHANGE, found) else ()
    decided = REASONS_FOR_OTHERS if allows(actor, Permission.BOOKING_CALL_OFF, found) else ()
    return asked + decided
