"""How people reach bookings: the agenda, the form, the booking's own page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from flask import Blueprint, Response, abort, current_app, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock, text
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.text import Malformed
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.queries import place_of, room_by_id, room_by_slug
from ontmoet.rooms.rules import RoomView
from ontmoet.trail.actions import FormPost
from ontmoet.web import dates
from ontmoet.web.access import current_actor, ensure, known_actor, may, public, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page

from . import actions, queries, reserving
from .actions import WishedFor
from .agenda_pages import agenda_page
from .alternatives import Alternative
from .calendar import calendar_file
from .forms import BookingForm, ChangeForm
from .queries import BookingView
from .rules import (
    REASONS_FOR_OTHERS,
    CancelReason,
    Party,
    Status,
    may_still_change,
    party_of,
    slot_on,
)
from .wording import lapse_line, reason_sentence, say, status_word, steps_to_get_in

bp = Blueprint("bookings", __name__)

AnyForm = TypeVar("AnyForm", bound=BookingForm)


@bp.get("/r/<slug:slug>/agenda")
@public
def agenda(slug: str) -> Response:
    """The agenda as list, day, week or month (`lijst`, `dag`, `week`, `maand`); this week without."""
    now = clock.now()
    try:
        return agenda_page(_room_or_404(slug, now), request.args, reader=current_actor(), now=now)
    except Malformed:
        abort(400)


@bp.route("/r/<slug:slug>/reserveren", methods=["GET", "POST"])
@requires(Permission.BOOKING_MAKE)
def reserve(slug: str) -> Response:
    """Choose a time and book it. GET takes `van` and `tot`, or the form's own fields for a preview."""
    now = clock.now()
    room = _room_or_404(slug, now)
    if not may(Permission.BOOKING_MAKE, room):
        return _not_for_you(room)
    actor = known_actor()
    party = party_of(actor, room)
    if request.method == "GET":
        return _form_page(room, party, _asked_for(BookingForm, room, now), now=now)
    form = _form(BookingForm, room)
    if _choosing(form):
        return _form_page(room, party, form, now=now)
    if form.validate():
        try:
            with unit_of_work():
                where = actions.book(room.room_id, form.wished(), actor=actor, post=_post(form), now=now)
            flash(_("Gelukt, %(name)s.", name=actor.given_name), "good")
            return go_to(where)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return _form_page(room, party, form, now=now, status=422)


@bp.get("/reserveringen/<public_id:public_id>")
@requires(Permission.BOOKING_SEE)
def booking(public_id: str) -> Response:
    """One booking: what, when, what to do now, and how to change or cancel it."""
    now = clock.now()
    found = _booking_or_404(public_id, now)
    return _booking_page(found, now=now)


@bp.get("/reserveringen/<public_id:public_id>/agenda.ics")
@requires(Permission.BOOKING_SEE)
def booking_calendar(public_id: str) -> Response:
    """The booking for one's own calendar."""
    now = clock.now()
    found = _booking_or_404(public_id, now)
    room = room_by_id(found.room_id, since=day_of(now))
    base_url = current_app.extensions["ontmoet_config"].base_url
    body = calendar_file(
        found,
        room,
        summary=found.purpose or room.name,
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
    found = _booking_or_404(public_id, now)
    ensure(Permission.BOOKING_CHANGE, found)
    if not may_still_change(found.status, found.slot, now=now):
        return go_to(f"/reserveringen/{public_id}")
    room = room_by_id(found.room_id, since=day_of(now))
    party = Party(found.use_kind, found.home_id, found.organisation_id)
    if request.method == "GET":
        form = _as_it_is(found, room)
        return _form_page(room, party, form, now=now, changing=found)
    form = _form(ChangeForm, room)
    if _choosing(form):
        return _form_page(room, party, form, now=now, changing=found)
    if form.validate():
        try:
            with unit_of_work():
                where = actions.change(
                    found,
                    form.wished(),
                    seen_version=form.version.data,
                    actor=known_actor(),
                    post=_post(form),
                    now=now,
                )
            flash(_("Je reservering is veranderd."), "good")
            return go_to(where)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return _form_page(room, party, form, now=now, changing=found, status=422)


@bp.post("/reserveringen/<public_id:public_id>/afzeggen")
@requires(Permission.BOOKING_CANCEL)
def cancel(public_id: str) -> Response:
    """Give the slot back: one tap for one's own booking, with a reason for somebody else's."""
    now = clock.now()
    found = _booking_or_404(public_id, now)
    ensure(Permission.BOOKING_CANCEL, found)
    because = _reason_given(found)
    if because is None:
        return _booking_page(found, now=now, problem=_("Kies eerst een reden."), status=422)
    try:
        with unit_of_work():
            actions.cancel(found, because=because, actor=known_actor(), now=now)
    except Refused as refusal:
        problem = " ".join(say(objection) for objection in refusal.objections)
        return _booking_page(found, now=now, problem=problem, status=422)
    flash(_("Afgezegd. De tijd is weer vrij voor anderen."), "good")
    return go_to(f"/reserveringen/{public_id}")


def _room_or_404(slug: str, now: datetime) -> RoomView:
    room = room_by_slug(slug, since=day_of(now) - timedelta(days=62))
    if room is None or room.live_at is None:
        abort(404)
    return room


def _booking_or_404(public_id: str, now: datetime) -> BookingView:
    found = queries.booking_by_public_id(public_id, now=now)
    if found is None:
        abort(404)
    ensure(Permission.BOOKING_SEE, found, hide=True)
    return found


def _form(kind: type[AnyForm], room: RoomView) -> AnyForm:
    """The form as it was sent, with what this room offers."""
    form = kind(request.form)
    form.offer(room, reserving.times_offered(room), _("Alles"))
    return form


def _post(form: BookingForm) -> FormPost:
    fields = {field.name: field.data for field in form if field.name != "idempotency_key"}
    return FormPost(known_actor().person_id, request.path, form.idempotency_key.data, fields)


def _choosing(form: BookingForm) -> bool:
    """Whether a button inside the form was pressed: one more or less, or an offered time. Nothing is
    booked then; the form comes back with the choice filled in.
    """
    step, offered = request.form.get("people_step"), request.form.get("offered")
    if step in ("1", "-1"):
        number = form.people.data or 1
        form.people.data = max(1, number + int(step))
        form.people.raw_data = None
    elif offered:
        try:
            start, end, zone = offered.split("/")
            form.day.data = text.day(start[:10])
            form.starts.data, form.ends.data = text.minutes(start[11:]), text.minutes(end)
        except ValueError:
            abort(400)
        form.day.raw_data = form.starts.raw_data = form.ends.raw_data = None
        if "zone" in form:
            form.zone.data = zone
    else:
        return False
    return True


def _asked_for(kind: type[AnyForm], room: RoomView, now: datetime) -> AnyForm:
    """The form a GET asks for: what is in the link, else the next free slot."""
    args = request.args
    form = kind(args if "day" in args else None)
    form.offer(room, reserving.times_offered(room), _("Alles"))
    form.idempotency_key.data = reserving.new_form_key()
    if "day" in args:
        form.validate()
        return form
    form.people.data = 1
    if "zone" in form:
        form.zone.data = room.zones[0].slug
    found = reserving.proposal(room, now=now)
    if found is not None:
        reserving.fill_from(form, found)
    if "van" in args:
        _fill_from_link(form)
    return form


def _fill_from_link(form: BookingForm) -> None:
    """`van` and `tot` as wall clock; what cannot be read leaves the proposal as it is."""
    begin, end = request.args.get("van", ""), request.args.get("tot", "")
    try:
        form.day.data = text.day(begin[:10])
        if len(begin) > 10:
            form.starts.data = text.minutes(begin[11:16])
        if end:
            form.ends.data = text.minutes(end[11:16])
    except Malformed:
        flash(_("Deze tijd in de link kunnen we niet lezen. Kies zelf een tijd."), "warn")


def _as_it_is(found: BookingView, room: RoomView) -> ChangeForm:
    form = ChangeForm(request.args if "day" in request.args else None)
    form.offer(room, reserving.times_offered(room), _("Alles"))
    form.idempotency_key.data = reserving.new_form_key()
    form.version.data = found.version
    if "day" in request.args:
        form.validate()
        return form
    zone = next((z for z in room.zones if z.zone_id == found.zone_id), None)
    reserving.fill_from(form, Alternative(found.slot, zone))
    form.people.data, form.purpose.data = found.people, found.purpose
    return form


def _wished(form: BookingForm) -> WishedFor | None:
    """The wish as far as the form can be read."""
    if form.day.data is None or form.starts.data is None or form.ends.data is None:
        return None
    try:
        slot = slot_on(form.day.data, form.starts.data, form.ends.data)
    except Refused:
        return None
    return WishedFor(slot, form.zone_slug, form.people.data or 1, "")


def _form_page(
    room: RoomView,
    party: Party,
    form: BookingForm,
    *,
    now: datetime,
    changing: BookingView | None = None,
    status: int = 200,
) -> Response:
    preview = reserving.preview(
        room,
        party,
        _wished(form),
        form.day.data,
        now=now,
        leave_out=changing.booking_id if changing else None,
    )
    days = reserving.days_offered(form.day.data, room, now)
    return page(
        "bookings/reserve.html",
        fragment="booking_preview" if request.method == "GET" else None,
        status=status,
        place=place_of(room),
        nav="room",
        corporation_name=room.corporation_name,
        room=room,
        form=form,
        preview=preview,
        days=days,
        further=reserving.further_days(days, room, now),
        changing=changing,
        action=request.path,
        live=_live(request.path),
        zone_sizes=_zone_sizes(room),
    )


def _live(path: str) -> dict[str, str]:
    """Asks for a new preview when a choice changes. The purpose stays out of the URL."""
    return {
        "hx-get": path,
        "hx-trigger": "change",
        "hx-target": "#booking-preview",
        "hx-swap": "outerHTML",
        "hx-include": "closest form",
        "hx-params": "day,starts,ends,zone,people",
    }


def _not_for_you(room: RoomView) -> Response:
    return page(
        "bookings/not_for_you.html",
        status=403,
        place=place_of(room),
        nav="room",
        corporation_name=room.corporation_name,
        room=room,
    )


def _zone_sizes(room: RoomView) -> dict[str, str]:
    sizes = {z.slug: _("tot %(num)s mensen", num=z.capacity) for z in room.zones}
    return {**sizes, "": _("tot %(num)s mensen", num=room.capacity)}


def _reason_given(found: BookingView) -> CancelReason | None:
    if found.person_id == known_actor().person_id:
        return CancelReason.PLANS_CHANGED
    given = request.form.get("reason")
    return CancelReason(given) if given in REASONS_FOR_OTHERS else None


def _booking_page(found: BookingView, *, now: datetime, problem: str = "", status: int = 200) -> Response:
    actor = known_actor()
    room = room_by_id(found.room_id, since=day_of(now))
    is_open = may_still_change(found.status, found.slot, now=now)
    is_own = found.person_id == actor.person_id
    return page(
        "bookings/booking.html",
        status=status,
        place=place_of(room),
        nav="mine" if is_own else "agenda",
        corporation_name=room.corporation_name,
        room=room,
        booking=found,
        is_own=is_own,
        is_request=found.status is Status.REQUESTED,
        is_confirmed=found.status is Status.CONFIRMED,
        is_over=found.slot.ends <= now,
        may_change=is_open and allows(actor, Permission.BOOKING_CHANGE, found),
        may_cancel=is_open and allows(actor, Permission.BOOKING_CANCEL, found),
        day=dates.near_day(day_of(found.slot.starts), day_of(now)),
        times=dates.times_in_words(found.slot),
        status_word=status_word(found.status),
        why=reason_sentence(found.reason) if found.reason else "",
        waiting=lapse_line(found.lapses_at, day_of(now)) if found.lapses_at else "",
        steps=steps_to_get_in(room, found.slot),
        reasons=[(reason, reason_sentence(reason)) for reason in REASONS_FOR_OTHERS],
        problem=problem,
    )
