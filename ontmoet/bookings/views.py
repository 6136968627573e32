"""How people reach bookings: the agenda, the form, the booking's own page."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.text import Malformed
from ontmoet.people.behalf import Helped, person_helped
from ontmoet.rooms.pages import lead_visitors_on, room_or_404, room_page, stop_before_it_opens
from ontmoet.rooms.queries import room_by_id
from ontmoet.rooms.rules import RoomView
from ontmoet.rooms.wording import for_whom
from ontmoet.trail.actions import FormPost
from ontmoet.web.access import current_actor, ensure, known_actor, may, public, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to
from ontmoet.web.settings import current_config

from . import actions, calling_off, changing, missed, queries
from .actions import WishedFor
from .agenda_pages import agenda_page
from .booking_pages import booking_or_404, booking_page, reasons_open, whose_of
from .calendar import calendar_file
from .form_pages import form_page, look, path_to_repeat
from .form_reading import (
    asked_form,
    form_of,
    form_post,
    is_choosing,
    sent_change,
    sent_form,
    wants_to_wait,
)
from .forms import BehalfForm, BookingForm
from .parties import party_behind, party_of
from .queries import BookingView
from .refusal_wording import say
from .request_wording import asked_line
from .rules import Reason
from .states import CancelReason, Status, may_still_change
from .taking import take_offer

bp = Blueprint("bookings", __name__)


@bp.after_app_request
def count_missed(response: Response) -> Response:
    """Whichever answer is the last for now, wishes that were refused are counted with it."""
    missed.count_noted()
    return response


@bp.get("/r/<slug:slug>/agenda")
@public
def agenda(slug: str) -> Response:
    """The agenda as list, day, week or month (`lijst`, `dag`, `week`, `maand`); this week without."""
    now = clock.now()
    room = room_or_404(slug)
    stop_before_it_opens(room)
    lead_visitors_on(room)
    try:
        return agenda_page(room, request.args, reader=current_actor(), now=now)
    except Malformed:
        abort(400)


@bp.route("/r/<slug:slug>/reserveren", methods=["GET", "POST"])
@requires(Permission.BOOKING_MAKE)
def reserve(slug: str) -> Response:
    """Choose a time and book it. GET takes `van` and `tot`, or the form's own fields for a preview."""
    now = clock.now()
    room = room_or_404(slug)
    may_book = may(Permission.BOOKING_MAKE, room)
    stop_before_it_opens(room)
    lead_visitors_on(room)
    if not may_book:
        return _not_for_you(room)
    helped = person_helped(room)
    person = helped.person if helped else known_actor()
    party = party_of(person, room)
    kind = BehalfForm if helped else BookingForm
    if request.method != "POST":
        return form_page(room, party, asked_form(kind, room, party, now), now=now, helped=helped)
    form = sent_form(kind, room, party)
    if "reeks" in request.form:
        return go_to(path_to_repeat(room, form, helped))
    if is_choosing(form):
        return form_page(room, party, form, now=now, helped=helped)
    seen, waits = None, False
    if form.validate():
        try:
            wished, post = form.wished(), form_post(form, helped)
            seen = look(room, party, form, now=now, helped=helped)
            or_wait = wants_to_wait() and seen.may_wait
            if not or_wait:
                actions.refuse_early(seen.refusals, post=post)
            seen = None  # what is true from here on, only the lock can tell
            return go_to(_booked(room, wished, helped, post=post, now=now, or_wait=or_wait))
        except Refused as refusal:
            form.refuse(refusal.objections, partial(say, whose=person.given_name if helped else ""))
            if seen is None:
                room = room_by_id(room.room_id)  # what is so was seen under the lock, not before
            missed.note(room, form.wished, refusal)
            waits = any(objection.reason is Reason.WAITS_ALREADY for objection in refusal.objections)
    return form_page(room, party, form, now=now, helped=helped, seen=seen, waits=waits, status=422)


def _booked(
    room: RoomView,
    wished: WishedFor,
    helped: Helped | None,
    *,
    post: FormPost,
    now: datetime,
    or_wait: bool,
) -> str:
    """Book or wait, for oneself or for whom one helps; where the booking is. Raises `Refused`."""
    actor = known_actor()
    person = helped.person if helped else actor
    with unit_of_work():
        is_again = actions.earlier_path(post) is not None
        where = actions.book(
            room.room_id, wished, actor=actor, person=person, post=post, now=now, or_wait=or_wait
        )
    if or_wait or is_again:
        return where  # the page says best how it stands
    if actions.needs_decision(room, party_of(person, room), wished.responsible):
        flash(asked_line(actor.given_name, whose=person.name if helped else ""), "info")
    elif helped:
        flash(_("Gelukt. Je hebt dit geregeld voor %(name)s.", name=person.name), "good")
    else:
        flash(_("Gelukt, %(name)s.", name=actor.given_name), "good")
    return where


@bp.get("/reserveringen/<public_id:public_id>")
@requires(Permission.BOOKING_SEE)
def booking(public_id: str) -> Response:
    """One booking: what, when, what to do now, and how to change or cancel it."""
    now = clock.now()
    found = booking_or_404(public_id, now)
    return booking_page(found, now=now)


@bp.get("/reserveringen/<public_id:public_id>/agenda.ics")
@requires(Permission.BOOKING_SEE)
def booking_calendar(public_id: str) -> Response:
    """The booking for one's own calendar. Who only waits has nothing to put in it."""
    now = clock.now()
    found = booking_or_404(public_id, now)
    if found.status is Status.WAITING:
        abort(404)
    room = room_by_id(found.room_id)
    base_url = current_config().base_url
    body = calendar_file(
        found,
        room,
        url=f"{base_url}/reserveringen/{found.public_id}",
        now=now,
    )
    response = Response(body, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="ontmoet-{public_id}.ics"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/reserveringen/<public_id:public_id>/wijzigen", methods=["GET", "POST"])
@requires(Permission.BOOKING_CHANGE)
def change(public_id: str) -> Response:
    """Another time, part or number of people."""
    now = clock.now()
    found = booking_or_404(public_id, now)
    ensure(Permission.BOOKING_CHANGE, found)
    if not may_still_change(found.status, found.slot, now=now):
        return go_to(f"/reserveringen/{public_id}")
    room = room_by_id(found.room_id)
    party = party_behind(
        queries.person_of(found, known_actor(), now=now),
        room,
        found.use_kind,
        home_id=found.home_id,
        organisation_id=found.organisation_id,
    )
    if request.method != "POST":
        form = form_of(found, room, party)
        return form_page(room, party, form, now=now, changing=found)
    form = sent_change(found, room, party)
    if is_choosing(form):
        return form_page(room, party, form, now=now, changing=found)
    if form.validate():
        try:
            with unit_of_work():
                where = changing.change(
                    found,
                    form.wished(),
                    seen_version=form.version.data,
                    actor=known_actor(),
                    post=form_post(form),
                    now=now,
                )
            flash(_said_of_change(found), "good")
            return go_to(where)
        except Refused as refusal:
            if any(objection.reason is Reason.CHANGED_MEANWHILE for objection in refusal.objections):
                found = booking_or_404(public_id, now)
                form = form_of(found, room, party)
            form.refuse(refusal.objections, partial(say, whose=whose_of(found)))
            room = room_by_id(room.room_id)
    return form_page(room, party, form, now=now, changing=found, status=422)


@bp.post("/reserveringen/<public_id:public_id>/neem")
@requires(Permission.BOOKING_CHANGE)
def take(public_id: str) -> Response:
    """Say yes to a time that came free: one tap."""
    now = clock.now()
    found = booking_or_404(public_id, now)
    ensure(Permission.BOOKING_CHANGE, found)
    try:
        with unit_of_work():
            became = take_offer(found, actor=known_actor(), now=now)
    except Refused as refusal:
        problem = " ".join(say(objection, whose_of(found)) for objection in refusal.objections)
        agrees_first = any(each.reason is Reason.HOUSE_RULES_NOT_AGREED for each in refusal.objections)
        found = booking_or_404(public_id, now)
        return booking_page(found, now=now, problem=problem, agrees_first=agrees_first, status=422)
    if became is Status.REQUESTED:
        flash(_("Aangevraagd. Het is nog niet zeker."), "info")
    elif whose_of(found):
        flash(_("Gelukt. De tijd is van %(name)s.", name=whose_of(found)), "good")
    else:
        flash(_("Gelukt. De tijd is van jou."), "good")
    return go_to(f"/reserveringen/{public_id}")


@bp.post("/reserveringen/<public_id:public_id>/afzeggen")
@requires(Permission.BOOKING_CANCEL)
def cancel(public_id: str) -> Response:
    """Give the slot back: one tap for one's own booking, with a reason for somebody else's."""
    now = clock.now()
    found = booking_or_404(public_id, now)
    ensure(Permission.BOOKING_CANCEL, found)
    because = _reason_given(found)
    if because is None:
        return booking_page(found, now=now, problem=_("Kies eerst een reden."), status=422)
    try:
        with unit_of_work():
            seen = request.form.get("version", type=int)
            calling_off.cancel(found, because=because, actor=known_actor(), now=now, seen_version=seen)
    except Refused as refusal:
        problem = " ".join(say(objection) for objection in refusal.objections)
        return booking_page(booking_or_404(public_id, now), now=now, problem=problem, status=422)
    flash(_said_of_cancelling(found), "good")
    return go_to(f"/reserveringen/{public_id}")


def _not_for_you(room: RoomView) -> Response:
    return room_page("bookings/not_for_you.html", room, status=403, for_whom=for_whom(room.access_policy))


def _reason_given(found: BookingView) -> CancelReason | None:
    if found.person_id == known_actor().person_id:
        return CancelReason.PLANS_CHANGED
    given = request.form.get("reason")
    return next((reason for reason in reasons_open(found) if reason == given), None)


def _said_of_cancelling(found: BookingView) -> str:
    if found.status is Status.WAITING:
        return _("Van de wachtlijst gehaald.")
    if found.status is Status.REQUESTED:
        return _("De aanvraag gaat niet door. De tijd is weer vrij voor anderen.")
    return _("Afgezegd. De tijd is weer vrij voor anderen.")


def _said_of_change(found: BookingView) -> str:
    whose, is_request = whose_of(found), found.status is Status.REQUESTED
    if whose and is_request:
        return _("De aanvraag van %(name)s is veranderd.", name=whose)
    if whose:
        return _("De reservering van %(name)s is veranderd.", name=whose)
    return _("Je aanvraag is veranderd.") if is_request else _("Je reservering is veranderd.")
