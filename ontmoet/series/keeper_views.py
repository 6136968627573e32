"""What people of a room do with its series: see them all, say yes or no, change who opens a drop-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request
from wtforms import ValidationError

from ontmoet.bookings.request_forms import DeclineForm
from ontmoet.bookings.request_rules import RequestReason
from ontmoet.bookings.request_wording import say_request
from ontmoet.bookings.rules import Reason as BookingReason
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import BOARD, VOLUNTEERS, Permission, allows
from ontmoet.kernel.text import Malformed, whole_number
from ontmoet.kernel.walltime import day_of
from ontmoet.membership.queries import roles_in
from ontmoet.rooms.pages import room_for, room_page
from ontmoet.rooms.queries import room_by_id
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.forms import ChoiceField, DateField, Form
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext
from ontmoet.web.pages import go_to

from . import deciding, hosting
from .host_queries import hosts_on
from .queries import dates_of, how_many_left, series_by_public_id, series_in_room
from .rules import Reason, Standing, asks_to_confirm
from .wording import rhythm_words, say, series_title, times_left

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from ontmoet.kernel.objections import Objection
    from ontmoet.rooms.rules import RoomView

    from .queries import SeriesView

bp = Blueprint("series_keeping", __name__)


class HostForm(Form):
    """Who opens, who closes, from when."""

    opens = ChoiceField(_l("Wie opent?"), validate_choice=False)
    closes = ChoiceField(_l("Wie sluit af?"), validate_choice=False)
    since = DateField(_l("Vanaf"), required=True)

    def validate_opens(self, field: ChoiceField) -> None:
        """Somebody of the list."""
        _listed(field)

    def validate_closes(self, field: ChoiceField) -> None:
        """Somebody of the list."""
        _listed(field)


def _listed(field: ChoiceField) -> None:
    if not field.data or not field.is_listed:
        raise ValidationError(_("Kies iemand uit de lijst."))


@bp.get("/r/<slug:slug>/reeksen")
@requires(Permission.NAMES_SEE)
def series_list(slug: str) -> Response:
    """All series of a room that go on, and which group was asked and did not answer yet."""
    room = room_for(slug, Permission.NAMES_SEE)
    now = clock.now()
    found = series_in_room(room.room_id, today=day_of(now))
    left = how_many_left([each.series_id for each in found], now=now)
    return room_page(
        "series/list.html", room, series=[_line(each, left.get(each.series_id, 0), now) for each in found]
    )


def _line(series: SeriesView, left: int, now: datetime) -> tuple[str, str, str]:
    """Where it is, how it goes, and what there is to know about it."""
    who = series.organisation_name or series.person_name or _("Onbekend")
    facts = [_("inloop") if series.is_drop_in else who, series.purpose, times_left(left)]
    facts.append(_("tot en met %(day)s", day=dates.full_day(series.rhythm.last)))
    if asks_to_confirm(series.rhythm.frequency, series.believed_until, series.rhythm.last, today=day_of(now)):
        facts.append(_("zei nog niet of ze blijven komen"))
    title = series_title(series.rhythm, series.starts, series.ends)
    return f"/reeksen/{series.public_id}", title, ", ".join(fact for fact in facts if fact)


@bp.post("/reeksen/<public_id:public_id>/goedkeuren")
@requires(Permission.REQUEST_DECIDE)
def approve_series(public_id: str) -> Response:
    """One tap: all dates of the series that wait are booked."""
    now = clock.now()
    found = _series_to_decide(public_id)
    try:
        version = whole_number(request.form.get("version", ""), least=1, most=deciding.MOST_VERSIONS)
    except Malformed:
        abort(400)
    try:
        with unit_of_work():
            count = deciding.approve(found, seen_version=version, actor=known_actor(), now=now)
    except Refused as refusal:
        return _back(found, refusal)
    flash(
        ngettext(
            "Goedgekeurd: %(num)s dag. De aanvrager krijgt bericht.",
            "Goedgekeurd: %(num)s dagen. De aanvrager krijgt bericht.",
            count,
        ),
        "good",
    )
    return go_to(f"/r/{found.room_slug}/aanvragen")


@bp.route("/reeksen/<public_id:public_id>/afwijzen", methods=["GET", "POST"])
@requires(Permission.REQUEST_DECIDE)
def decline_series(public_id: str) -> Response:
    """Say no to all dates that wait, with a reason."""
    now = clock.now()
    found = _series_to_decide(public_id)
    if request.method != "POST":
        return _decline_page(found, DeclineForm())
    form = DeclineForm(request.form)
    if not form.validate():
        return _decline_page(found, form, status=422)
    try:
        with unit_of_work():
            count = deciding.decline(
                found,
                because=form.because,
                explanation=form.explanation.data,
                actor=known_actor(),
                now=now,
            )
    except Refused as refusal:
        if any(objection.field for objection in refusal.objections):
            form.refuse(refusal.objections, say_request)
            return _decline_page(found, form, status=422)
        return _back(found, refusal)
    flash(
        ngettext(
            "Afgewezen: %(num)s dag. De aanvrager krijgt bericht.",
            "Afgewezen: %(num)s dagen. De aanvrager krijgt bericht.",
            count,
        ),
        "good",
    )
    return go_to(f"/r/{found.room_slug}/aanvragen")


def _series_to_decide(public_id: str) -> SeriesView:
    found = series_by_public_id(public_id)
    if found is None:
        abort(404)
    is_hidden = not allows(known_actor(), Permission.BOOKING_SEE, found)
    ensure(Permission.REQUEST_DECIDE, found, hide=is_hidden)
    return found


def _back(found: SeriesView, refusal: Refused) -> Response:
    """The queue, with on top why nothing was done."""
    flash(" ".join(_say(objection) for objection in refusal.objections), "warn")
    return go_to(f"/r/{found.room_slug}/aanvragen")


def _say(objection: Objection) -> str:
    if isinstance(objection.reason, (RequestReason, BookingReason)):
        return say_request(objection)
    return say(objection)


def _decline_page(found: SeriesView, form: DeclineForm, *, status: int = 200) -> Response:
    room, now = room_by_id(found.room_id), clock.now()
    waiting = [
        f"{dates.capitalised(dates.near_day(day_of(row.slot.starts), day_of(now)))}, "
        f"{dates.times_in_words(row.slot)}"
        for row in dates_of(found.series_id, now=now)
        if row.standing is Standing.REQUESTED and row.slot
    ]
    return room_page(
        "series/decline.html",
        room,
        status=status,
        series=found,
        form=form,
        title=series_title(found.rhythm, found.starts, found.ends),
        days=waiting,
    )


@bp.route("/reeksen/<public_id:public_id>/gastheer", methods=["GET", "POST"])
@requires(Permission.DROP_IN_HOLD)
def change_host(public_id: str) -> Response:
    """Somebody else opens or closes a drop-in, from a day on."""
    now = clock.now()
    found = series_by_public_id(public_id)
    if found is None:
        abort(404)
    ensure(Permission.BOOKING_SEE, found, hide=True)
    room = room_by_id(found.room_id)
    ensure(Permission.DROP_IN_HOLD, room)
    if not found.is_drop_in or found.ended_at is not None:
        return go_to(f"/reeksen/{public_id}")
    people = _people_of(room, now)
    form = HostForm(request.form if request.method == "POST" else None)
    form.opens.choices = form.closes.choices = [(public, name) for public, (_id, name) in people.items()]
    if request.method != "POST":
        form.since.data = day_of(now)
        _fill_in_hosts(form, found, people, day_of(now))
        return _host_page(room, found, form)
    if not form.validate():
        return _host_page(room, found, form, status=422)
    try:
        with unit_of_work():
            hosting.take_over(
                found,
                form.since.data,
                opens_id=people[form.opens.data][0],
                closes_id=people[form.closes.data][0],
                actor=known_actor(),
                now=now,
            )
    except Refused as refusal:
        form.refuse(refusal.objections, _say_host)
        return _host_page(room, found, form, status=422)
    flash(_("Bewaard. Vanaf die dag staat de inloop op een andere naam."), "good")
    return go_to(f"/reeksen/{public_id}")


def _fill_in_hosts(
    form: HostForm, found: SeriesView, people: Mapping[str, tuple[int, str]], today: date
) -> None:
    """As it is: mostly one of the two changes."""
    hosts = hosts_on(found.series_id, today)
    if hosts is not None:
        known: dict[int | None, str] = {person_id: public for public, (person_id, _name) in people.items()}
        form.opens.data, form.closes.data = known.get(hosts.opens_id), known.get(hosts.closes_id)


def _say_host(objection: Objection) -> str:
    if objection.reason is Reason.STARTS_IN_PAST:
        return _("Die dag is al voorbij. Kies vandaag of later.")
    return say(objection)


def _people_of(room: RoomView, now: datetime) -> dict[str, tuple[int, str]]:
    """Who does something in the room: by public id."""
    can = VOLUNTEERS | BOARD | {Function.STAFF}
    return {
        role.public_id: (role.person_id, role.name)
        for role in roles_in(room.room_id, today=day_of(now))
        if role.function in can and role.since <= day_of(now)
    }


def _host_page(room: RoomView, found: SeriesView, form: HostForm, *, status: int = 200) -> Response:
    return room_page(
        "series/host.html",
        room,
        status=status,
        series=found,
        form=form,
        title=dates.capitalised(rhythm_words(found.rhythm)),
    )
