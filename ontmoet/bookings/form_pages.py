"""The form on which a time is chosen: how it is read, filled in and shown, for booking and for changing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

from flask import Response, abort, flash, request
from werkzeug.datastructures import MultiDict

from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel import text
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.text import Malformed
from ontmoet.kernel.tokens import new_form_key
from ontmoet.kernel.walltime import MINUTES_A_DAY
from ontmoet.people.behalf import Helped
from ontmoet.rooms.pages import room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.trail.actions import FormPost
from ontmoet.web import dates
from ontmoet.web.access import known_actor
from ontmoet.web.i18n import gettext as _

from . import reserving
from .actions import WishedFor, may_have_more
from .alternatives import Alternative, slot_meant
from .form_pieces import pieces_of
from .forms import BehalfChangeForm, BookingForm, ChangeForm
from .parties import Party
from .queries import BookingView
from .reserving import Preview
from .rules import slot_on

AnyForm = TypeVar("AnyForm", bound=BookingForm)


def sent_form(kind: type[AnyForm], room: RoomView, party: Party) -> AnyForm:
    """The form as it was sent, with what this room offers and asks of this party."""
    form = kind(request.form)
    return _fitted(form, room, party)


def _fitted(form: AnyForm, room: RoomView, party: Party) -> AnyForm:
    """The form with what can be chosen in this room, and without what this reader may not."""
    is_organisation = party.organisation_id is not None
    form.offer(room, reserving.times_offered(room), _("Hele ruimte"), is_organisation=is_organisation)
    if "exception" in form and not allows(known_actor(), Permission.FAIR_USE_EXCEPTION, room):
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
    for name in request.args:
        if name not in ("idempotency_key", "version"):
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


def _wished(
    form: BookingForm, room: RoomView, changing: BookingView | None
) -> tuple[WishedFor | None, tuple[Objection, ...]]:
    """The wish as far as the form can be read. When its times make no slot: what may be meant, and why."""
    day, starts, ends = form.day.data, form.starts.data, form.ends.data
    if day is None or starts is None or ends is None:
        return None, ()
    unlike: tuple[Objection, ...] = ()
    try:
        slot = slot_on(day, starts, ends)
    except Refused as refusal:
        slot, unlike = slot_meant(day, starts, room), refusal.objections
    exception = form.exception_given or (changing.exception_for(slot) if changing else "")
    return WishedFor(slot, form.zone_slug, form.people.data or 1, "", exception), unlike


def look(
    room: RoomView,
    party: Party,
    form: BookingForm,
    *,
    now: datetime,
    changing: BookingView | None = None,
    helped: Helped | None = None,
) -> Preview:
    """What would happen if the form was sent, as far as it can be read."""
    has_agreed = True
    if changing is None:
        person = helped.person if helped else known_actor()
        has_agreed = not agreement_of(person, room, now=now).is_missing
    wished, unlike = _wished(form, room, changing)
    return reserving.preview(
        room,
        party,
        wished,
        form.day.data,
        unlike=unlike,
        now=now,
        has_agreed=has_agreed,
        changing=changing,
        may_have_more=changing is None or may_have_more(changing, room, known_actor()),
        person_id=_whose(changing, helped),
        whose=_name_of_other(changing, helped).split(" ", 1)[0],
    )


def form_page(
    room: RoomView,
    party: Party,
    form: BookingForm,
    *,
    now: datetime,
    changing: BookingView | None = None,
    helped: Helped | None = None,
    seen: Preview | None = None,
    waits: bool = False,
    status: int = 200,
) -> Response:
    """The form with its preview: as `seen` just now, or looked up. For `helped` when it is filled in for
    somebody else. Who `waits` for this time already is not offered to wait.
    """
    person = _name_of_other(changing, helped)
    preview = seen or look(room, party, form, now=now, changing=changing, helped=helped)
    # What stands above the form and at its fields is not said a third time.
    said = {sentence for _field, sentence in form.errors_in_order()}
    preview = replace(
        preview,
        objections=[each for each in preview.objections if each not in said],
        may_wait=preview.may_wait and not waits,
    )
    days = reserving.days_offered(form.day.data, room, now)
    return room_page(
        "bookings/reserve.html",
        room,
        fragment="booking_preview" if request.method != "POST" else None,
        status=status,
        scripts=True,
        form=form,
        preview=preview,
        days=days,
        pieces=pieces_of(form, room, preview, days, is_own=changing is None and helped is None, now=now),
        further=reserving.further_days(days, room, now),
        back=reserving.way_back(days, now),
        changing=changing,
        helped=helped,
        person=person,
        whose=person.split(" ", 1)[0],
        action=request.path,
        repeat="" if changing else _repeat(room, form, helped),
        live=_live(request.path),
        house_rules=None if preview.has_agreed else _house_rules_to_read(room, form, helped),
        zone_sizes=_zone_sizes(room),
    )


def _whose(changing: BookingView | None, helped: Helped | None) -> int | None:
    if changing is not None:
        return changing.person_id
    return helped.person.person_id if helped else known_actor().person_id


def _name_of_other(changing: BookingView | None, helped: Helped | None) -> str:
    """The name of the person it is for; empty when that is who fills it in."""
    if helped is not None:
        return helped.person.name
    if changing is None or changing.person_id == known_actor().person_id:
        return ""
    return changing.person_name or ""


def _voor(helped: Helped | None) -> dict[str, str]:
    return {} if helped is None else {"voor": helped.public_id}


def _house_rules_to_read(room: RoomView, form: BookingForm, helped: Helped | None) -> str:
    """Where the house rules are, to read or to sign. From there one comes back to the form as it is now;
    only what was typed stays out of the address.
    """
    fields = _chosen(form, helped)
    back = f"{request.path}?{urlencode(fields)}" if fields else request.path
    where = "huisregels/op-papier" if helped else "huisregels"
    return f"/r/{room.slug}/{where}?{urlencode({**_voor(helped), 'next': back})}"


def _repeat(room: RoomView, form: BookingForm, helped: Helped | None) -> str:
    """Where the same is asked for every week, with what was chosen."""
    fields = _chosen(form, helped)
    return f"/r/{room.slug}/reeks?{urlencode(fields)}" if fields else f"/r/{room.slug}/reeks"


def _chosen(form: BookingForm, helped: Helped | None) -> dict[str, object]:
    """The choices of a form for an address; what was typed stays out of it."""
    fields: dict[str, object] = {**_voor(helped)}
    if form.day.data is not None and form.starts.data is not None and form.ends.data is not None:
        fields |= {
            "day": form.day.data.isoformat(),
            "starts": dates.field_time(form.starts.data),
            "ends": dates.field_time(form.ends.data),
            "zone": form.zone_slug,
            "people": form.people.data or 1,
        }
    return fields


def _live(path: str) -> dict[str, str]:
    """Asks for a new preview when a choice changes. The purpose stays out of the URL."""
    return {
        "hx-get": path,
        "hx-trigger": "change",
        "hx-target": "#booking-preview",
        "hx-swap": "outerHTML",
        # The last choice counts: an answer to an earlier one must not come over it.
        "hx-sync": "closest form:replace",
        "hx-include": "closest form",
        "hx-params": "day,starts,ends,zone,people,voor",
    }


def _zone_sizes(room: RoomView) -> dict[str, str]:
    sizes = {z.slug: _("tot %(num)s mensen", num=z.capacity) for z in room.zones}
    return {**sizes, "": _("tot %(num)s mensen", num=room.capacity)}
