"""The form of a series, filled in: to make one, and to change one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import flash, request

from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.text import Malformed
from ontmoet.kernel.text import day as read_day
from ontmoet.kernel.text import minutes as read_minutes
from ontmoet.kernel.tokens import new_form_key
from ontmoet.kernel.walltime import day_of
from ontmoet.people.behalf import Helped
from ontmoet.web.access import known_actor, may
from ontmoet.web.i18n import gettext as _

from .forms import ChangeSeriesForm, SeriesForm, fill_from, usual_last
from .pages import times_of
from .planning import party_for

if TYPE_CHECKING:
    from ontmoet.rooms.rules import RoomView

    from .queries import SeriesView


def fitted(form: SeriesForm, room: RoomView, helped: Helped | None) -> SeriesForm:
    """The form with what this room offers to whom it is for."""
    party = party_for(helped.person if helped else known_actor(), room, is_drop_in=False)
    form.offer(
        room,
        times_of(room),
        _("Hele ruimte"),
        is_organisation=party.organisation_id is not None,
        may_hold_drop_in=helped is None and may(Permission.DROP_IN_HOLD, room),
    )
    return form


def asked_form(room: RoomView, helped: Helped | None, now: datetime) -> SeriesForm:
    """The form a GET asks for: a week on from what was filled in when reserving once."""
    form = fitted(SeriesForm(), room, helped)
    args, today = request.args, day_of(now)
    form.idempotency_key.data = new_form_key()
    form.frequency.data, form.every.data, form.monthly.data = "week", 1, "weekdag"
    form.people.data = 1
    form.first.data = today
    if "zone" in form:
        form.zone.data = room.zones[0].slug
    try:
        if "day" in args:
            form.first.data = max(today, read_day(args["day"]))
        if "starts" in args and "ends" in args:
            form.starts.data, form.ends.data = read_minutes(args["starts"]), read_minutes(args["ends"])
        if "people" in args:
            form.people.data = max(1, min(9999, int(args["people"])))
    except (Malformed, ValueError):
        flash(_("Deze tijd in de link kunnen we niet lezen. Kies zelf een tijd."), "warn")
    if "zone" in form and args.get("zone") in {zone.slug for zone in room.zones}:
        form.zone.data = args["zone"]
    if form.starts.data is None:
        form.starts.data = 10 * 60
        form.ends.data = 10 * 60 + room.usual_minutes
    form.weekdays = (form.first.data.weekday(),)
    form.last.data = usual_last(form.first.data, room, today)
    return form


def form_of(found: SeriesView, room: RoomView) -> ChangeSeriesForm:
    """The form for changing a series, as it is now."""
    form = fitted_change(ChangeSeriesForm(), found, room)
    fill_from(form, found)
    if "zone" in form:
        zone = next((each for each in room.zones if each.zone_id == found.zone_id), None)
        form.zone.data = zone.slug if zone else ""
    form.idempotency_key.data = new_form_key()
    return form


def fitted_change(form: ChangeSeriesForm, found: SeriesView, room: RoomView) -> ChangeSeriesForm:
    """The form with what this room offers, and the times that the series has."""
    form.offer(
        room,
        times_of(room, found.starts, found.ends),
        _("Hele ruimte"),
        is_organisation=found.organisation_id is not None,
        may_hold_drop_in=False,
    )
    form.fit()
    return form
