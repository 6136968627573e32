"""The form on which a time is chosen: how it is read and filled in, for booking and for changing."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from flask import abort, flash, request
from werkzeug.datastructures import MultiDict

from ontmoet.kernel import text
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.text import Malformed
from ontmoet.kernel.tokens import new_form_key
from ontmoet.kernel.walltime import MINUTES_A_DAY
from ontmoet.people.behalf import Helped
from ontmoet.rooms.rules import RoomView
from ontmoet.trail.actions import FormPost
from ontmoet.web.access import known_actor
from ontmoet.web.i18n import gettext as _

from . import reserving
from .alternatives import Alternative
from .forms import BehalfChangeForm, BookingForm, ChangeForm
from .parties import Party
from .queries import BookingView
from .turns import is_limited

AnyForm = TypeVar("AnyForm", bound=BookingForm)


def sent_form(kind: type[AnyForm], room: RoomView, party: Party) -> AnyForm:
    """The form as it was sent, with what this room offers and asks of this party."""
    form = kind(request.form)
    return _fitted(form, room, party)


def _fitted(form: AnyForm, room: RoomView, party: Party) -> AnyForm:
    """The form with what can be chosen in this room, and without what this reader may not or need not say."""
    is_organisation = party.organisation_id is not None
    form.offer(room, reserving.times_offered(room), _("Hele ruimte"), is_organisation=is_organisation)
    may_except = is_limited(room, party) and allows(known_actor(), Permission.FAIR_USE_EXCEPTION, room)
    if "exception" in form and not may_except:
        del form["exception"]
    return form


def form_post(form: BookingForm, helped: Helped | None = None) -> FormPost:
    """The form as the trail knows it. Whom it is for belongs to its fields."""
    fields = {field.name: field.data for field in form if field.name != "idempotency_key"}
    if helped is not None:
        fields["voor"] = helped.public_id
    return FormPost(known_actor().person_id, request.path, form.idempotency_key.data, fields)


def is_choosing(form: BookingForm) -> bool:
    """Whether a button inside the form was pressed: one more or less, an offered time, or other days to
    choose from. Nothing is booked then; the form comes back with the choice filled in.
    """
    step, offered, strip = (request.form.get(name) for name in ("people_step", "offered", "strip"))
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
    elif strip:
        try:
            form.day.data = text.day(strip)
        except Malformed:
            abort(400)
        form.day.raw_data = None
    else:
        return False
    return True


def wants_to_wait() -> bool:
    """Whether the button for the waiting list was pressed."""
    return "wachten" in request.form


def asked_form(kind: type[BookingForm], room: RoomView, party: Party, now: datetime) -> BookingForm:
    """The form a GET asks for: what is in the link, else the next free slot."""
    start = {"zone": room.zones[0].slug, "people": "1", "purpose": ""}
    if "day" in request.args:
        return _linked(kind, room, party, start)
    form = _fitted(kind(), room, party)
    form.idempotency_key.data = new_form_key()
    form.people.data = 1
    if "zone" in form:
        form.zone.data = start["zone"]
    found = reserving.proposal(room, now=now)
    if found is not None:
        reserving.fill_from(form, found)
    if "van" in request.args:
        _fill_from_link(form, room)
    return form


def _linked(kind: type[AnyForm], room: RoomView, party: Party, start: dict[str, str]) -> AnyForm:
    """The form with the fields of a link; what the link leaves out is as it was at the `start`."""
    fields = MultiDict({"responsible": "", **start, "idempotency_key": new_form_key()})
    for name in {field.name for field in kind()} - {"idempotency_key", "version"}:
        if name in request.args:
            fields.setlist(name, request.args.getlist(name))
    form = _fitted(kind(fields), room, party)
    form.validate()
    return form


def _fill_from_link(form: BookingForm, room: RoomView) -> None:
    """`van` and `tot` as wall clock; what cannot be read leaves the proposal as it is."""
    begin, end = request.args.get("van", ""), request.args.get("tot", "")
    try:
        form.day.data = text.day(begin[:10])
        if len(begin) > 10:
            form.starts.data = text.minutes(begin[11:16])
            form.ends.data = min(form.starts.data + room.usual_minutes, MINUTES_A_DAY)
        if end:
            form.ends.data = text.minutes(end[11:16])
    except Malformed:
        flash(_("Deze tijd in de link kunnen we niet lezen. Kies zelf een tijd."), "warn")


def sent_change(found: BookingView, room: RoomView, party: Party) -> ChangeForm:
    """The form that changes a booking, as it was sent."""
    return sent_form(_kind_of_change(found), room, party)


def _kind_of_change(found: BookingView) -> type[ChangeForm]:
    """For one's own booking, or that of somebody else."""
    return ChangeForm if found.person_id == known_actor().person_id else BehalfChangeForm


def form_of(found: BookingView, room: RoomView, party: Party) -> ChangeForm:
    """The form for changing a booking, as the booking is now."""
    zone = next((z for z in room.zones if z.zone_id == found.zone_id), None)
    kind = _kind_of_change(found)
    if request.method != "POST" and "day" in request.args:
        start = {
            "zone": zone.slug if zone else "",
            "people": str(found.people),
            "purpose": found.purpose,
            "responsible": found.responsible or "",
            "version": str(found.version),
        }
        return _linked(kind, room, party, start)
    form = _fitted(kind(), room, party)
    form.idempotency_key.data = new_form_key()
    form.version.data = found.version
    reserving.fill_from(form, Alternative(found.slot, zone))
    form.people.data, form.purpose.data = found.people, found.purpose
    if "responsible" in form:
        form.responsible.data = found.responsible or ""
    return form
