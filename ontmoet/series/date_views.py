"""What is done to a series by one tap: a date left out or brought back, calling off, going on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, request

from ontmoet.bookings.states import REASONS_FOR_OTHERS, CancelReason
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.rooms.queries import room_by_id
from ontmoet.web import dates as words
from ontmoet.web.access import known_actor, may, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext
from ontmoet.web.pages import go_to

from . import dates
from .calling_off import call_off
from .reading import day_given, form_post, key_given, since_given
from .series_pages import series_for, series_page
from .wording import say

if TYPE_CHECKING:
    from .queries import SeriesView

bp = Blueprint("series_dates", __name__)


@bp.post("/reeksen/<public_id:public_id>/overslaan")
@requires(Permission.BOOKING_CHANGE)
def strike_date(public_id: str) -> Response:
    """Leave one date out."""
    now = clock.now()
    found = series_for(public_id, Permission.BOOKING_CHANGE)
    day = day_given()
    return _done_or_told(
        found,
        lambda: dates.strike(found, day, because=CancelReason.PLANS_CHANGED, actor=known_actor(), now=now),
        _("Die dag slaan we over. De tijd is vrij voor anderen."),
        now,
    )


@bp.post("/reeksen/<public_id:public_id>/terugzetten")
@requires(Permission.BOOKING_CHANGE)
def bring_back_date(public_id: str) -> Response:
    """Have a date after all that was left out, or that could not be had before."""
    now = clock.now()
    found = series_for(public_id, Permission.BOOKING_CHANGE)
    day = day_given()
    try:
        with unit_of_work():
            is_theirs = dates.bring_back(found, day, actor=known_actor(), now=now)
    except Refused as refusal:
        return _refused(found, refusal, now)
    its_day = words.capitalised(words.long_day(day))
    if is_theirs:
        flash(_("Gelukt. %(day)s hoort er weer bij.", day=its_day), "good")
    else:
        flash(_("%(day)s is aangevraagd. Het is nog niet zeker.", day=its_day), "info")
    return go_to(f"/reeksen/{found.public_id}")


@bp.post("/reeksen/<public_id:public_id>/afzeggen")
@requires(Permission.BOOKING_CANCEL)
def call_off_series(public_id: str) -> Response:
    """Call off all that is to come, or from the date `vanaf` on; with a reason for somebody else's. A second
    tap leads where the first did.
    """
    now = clock.now()
    found = series_for(public_id, Permission.BOOKING_CANCEL)
    because = _reason_given(found)
    room = room_by_id(found.room_id)
    if because is None:
        return series_page(found, room, now=now, problem=_("Kies eerst een reden."), status=422)
    since, post = since_given(), form_post(key_given())
    try:
        with unit_of_work():
            off = call_off(found, since, because=because, actor=known_actor(), now=now, post=post)
    except Refused as refusal:
        return _refused(found, refusal, now)
    if off.dates and off.dates == off.asked_for:
        gone = _("De aanvraag gaat niet door. De tijd is weer vrij voor anderen.")
    elif off.dates:
        gone = ngettext(
            "%(num)s dag is afgezegd. De tijd is weer vrij voor anderen.",
            "%(num)s dagen zijn afgezegd. De tijd is weer vrij voor anderen.",
            off.dates,
        )
    else:
        gone = _("Dit gaat niet door. De tijd is weer vrij voor anderen.")
    flash(gone, "good")
    return go_to(f"/reeksen/{public_id}")


@bp.post("/reeksen/<public_id:public_id>/verlengen")
@requires(Permission.BOOKING_CHANGE)
def prolong_series(public_id: str) -> Response:
    """One tap: it goes on as long again."""
    now = clock.now()
    found = series_for(public_id, Permission.BOOKING_CHANGE)
    last = day_given("last")
    try:
        with unit_of_work():
            added = dates.prolong(found, seen_last=last, actor=known_actor(), now=now)
    except Refused as refusal:
        return _refused(found, refusal, now)
    free = sum(1 for each in added if each.is_free)
    if added:
        flash(ngettext("Verlengd: %(num)s keer erbij.", "Verlengd: %(num)s keer erbij.", free), "good")
    stuck = len(added) - free
    if stuck:
        line = ngettext("%(num)s dag kon niet.", "%(num)s dagen konden niet.", stuck)
        flash(_("%(line)s Hieronder staat waarom.", line=line), "warn")
    return go_to(f"/reeksen/{public_id}")


@bp.post("/reeksen/<public_id:public_id>/blijven")
@requires(Permission.BOOKING_CHANGE)
def still_come(public_id: str) -> Response:
    """One tap: the group comes the next weeks too."""
    now = clock.now()
    found = series_for(public_id, Permission.BOOKING_CHANGE)
    return _done_or_told(
        found,
        lambda: dates.still_come(found, actor=known_actor(), now=now),
        _("Fijn dat jullie blijven komen."),
        now,
    )


def _done_or_told(found: SeriesView, deed: object, said: str, now: datetime) -> Response:
    try:
        with unit_of_work():
            deed()  # type: ignore[operator]
    except Refused as refusal:
        return _refused(found, refusal, now)
    flash(said, "good")
    return go_to(f"/reeksen/{found.public_id}")


def _refused(found: SeriesView, refusal: Refused, now: datetime) -> Response:
    problem = " ".join(say(objection) for objection in refusal.objections)
    return series_page(
        series_for(found.public_id, Permission.BOOKING_SEE),
        room_by_id(found.room_id),
        now=now,
        problem=problem,
        status=422,
    )


def _reason_given(found: SeriesView) -> CancelReason | None:
    """Why: the plans of whose it is changed, or what somebody who decides chose."""
    if found.person_id == known_actor().person_id or may(Permission.BOOKING_CHANGE, found):
        return CancelReason.PLANS_CHANGED
    given = request.form.get("reason")
    return next((reason for reason in REASONS_FOR_OTHERS if reason == given), None)
