"""The form on which a time is chosen: how it is shown, for booking and for changing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from flask import Response, request

from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.people.behalf import Helped
from ontmoet.rooms.pages import room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.web import dates
from ontmoet.web.access import known_actor
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext
from ontmoet.web.pages import wants_fragment

from . import reserving
from .actions import WishedFor, may_have_more
from .alternatives import slot_meant
from .form_pieces import pieces_of
from .forms import BookingForm
from .parties import Party
from .queries import BookingView
from .reserving import Preview
from .rules import slot_on


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
        is_answer=wants_fragment(),
        chosen=_offer_chosen(form, room, now),
        days=days,
        pieces=pieces_of(form, room, preview, days, is_own=changing is None and helped is None, now=now),
        further=reserving.further_days(days, room, now),
        back=reserving.way_back(days, now),
        changing=changing,
        helped=helped,
        person=person,
        whose=person.split(" ", 1)[0],
        action=request.path,
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


def path_to_repeat(room: RoomView, form: BookingForm, helped: Helped | None) -> str:
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


def _offer_chosen(form: BookingForm, room: RoomView, now: datetime) -> str:
    """The time that was just chosen out of those that can be, in words; empty after anything else."""
    wished, unlike = _wished(form, room, None) if request.form.get("offered") else (None, ())
    if wished is None or unlike:
        return ""
    day = dates.near_day(day_of(wished.slot.starts), day_of(now))
    zone = next((zone for zone in room.zones if zone.slug == wished.zone_slug), None)
    where = zone.name if zone else _("Hele ruimte")
    return f"{day} {dates.times_in_words(wished.slot)}, {where}".replace("–", "–\u2060")


def _zone_sizes(room: RoomView) -> dict[str, str]:
    sizes = {"": room.capacity, **{zone.slug: zone.capacity for zone in room.zones}}
    return {slug: ngettext("tot %(num)s persoon", "tot %(num)s mensen", most) for slug, most in sizes.items()}
