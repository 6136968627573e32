"""How people reach series: making one, its page, its dates, changing and ending it."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request

from ontmoet.bookings.actions import needs_decision
from ontmoet.bookings.reserving import new_form_key
from ontmoet.bookings.rules import REASONS_FOR_OTHERS, CancelReason
from ontmoet.db import unit_of_work
from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.text import Malformed
from ontmoet.kernel.text import day as read_day
from ontmoet.kernel.text import minutes as read_minutes
from ontmoet.kernel.walltime import day_of
from ontmoet.people.behalf import Helped, person_helped
from ontmoet.rooms.pages import room_for
from ontmoet.rooms.queries import room_by_id
from ontmoet.trail.actions import FormPost
from ontmoet.web import dates as words
from ontmoet.web.access import ensure, known_actor, may, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext
from ontmoet.web.pages import go_to

from . import actions, changing, dates
from .actions import Chosen, Different, free_days
from .changing import DifferentChange
from .forms import ChangeSeriesForm, SeriesForm, fill_from, usual_last
from .pages import (
    change_page,
    chosen_instead,
    form_page,
    look_page,
    seen_days,
    seen_steps,
    series_page,
    taken_days,
    times_of,
)
from .planning import look, party_for, refuse_whole
from .queries import series_by_public_id
from .reshaping import Became, reshape
from .wording import say, why_words

if TYPE_CHECKING:
    from ontmoet.bookings.parties import Party
    from ontmoet.rooms.rules import RoomView

    from .planning import Asked
    from .queries import SeriesView
    from .rules import Outlook

bp = Blueprint("series", __name__)


@bp.route("/r/<slug:slug>/reeks", methods=["GET", "POST"])
@requires(Permission.BOOKING_MAKE)
def make_series(slug: str) -> Response:
    """Write how it goes, look at each date (`step=look`), go on writing (`write`), or save (`save`)."""
    now = clock.now()
    room = room_for(slug, Permission.BOOKING_MAKE)
    if room.live_at is None:
        abort(404)
    helped = person_helped(room)
    if request.method != "POST":
        return form_page(
            room,
            _asked_form(room, helped, now),
            now=now,
            helped=helped,
            house_rules=_house_rules(room, helped, now),
        )
    form = _fitted(SeriesForm(request.form), room, helped)
    form.read_weekdays()
    step = request.form.get("step", "look")
    if step == "write" or not form.validate():
        return form_page(room, form, now=now, helped=helped, status=200 if step == "write" else 422)
    try:
        asked = form.asked()
        return _made(room, form, asked, helped, now) if step == "save" else _looked(room, asked, helped, now)
    except Refused as refusal:
        form.refuse(refusal.objections, partial(say, whose=helped.person.given_name if helped else ""))
        return form_page(room, form, now=now, helped=helped, status=422)


def _looked(room: RoomView, asked: Asked, helped: Helped | None, now: datetime) -> Response:
    party = _party(room, asked, helped)
    person = helped.person if helped else known_actor()
    has_agreed = not agreement_of(person, room, now=now).is_missing
    refuse_whole(asked, room, now=now, has_agreed=has_agreed)
    return look_page(
        room,
        asked,
        look(asked, room, party, now=now),
        struck=frozenset(),
        instead={},
        asks=needs_decision(room, party, asked.responsible),
        now=now,
        helped=helped,
    )


def _made(room: RoomView, form: SeriesForm, asked: Asked, helped: Helped | None, now: datetime) -> Response:
    seen, instead = seen_days(), chosen_instead()
    chosen = Chosen(seen - taken_days() - instead.keys(), instead, seen | instead.keys())
    actor = known_actor()
    try:
        with unit_of_work():
            where = actions.make(
                room.room_id,
                asked,
                chosen,
                actor=actor,
                person=helped.person if helped else None,
                post=_post(form.idempotency_key.data),
                now=now,
            )
    except Different as different:
        party = _party(room, asked, helped)
        free = free_days(different.outlooks)
        return look_page(
            room,
            asked,
            different.outlooks,
            struck=chosen.struck,
            instead={day: other for day, other in instead.items() if day in free},
            asks=needs_decision(room, party, asked.responsible),
            now=now,
            helped=helped,
            changed=_changed(different.outlooks, chosen),
            status=422,
        )
    if helped:
        flash(_("Gelukt. Je hebt dit geregeld voor %(name)s.", name=helped.person.name), "good")
    else:
        flash(_("Gelukt, %(name)s. Dit is jouw reeks.", name=actor.given_name), "good")
    return go_to(where)


def _changed(outlooks: tuple[Outlook, ...], chosen: Chosen) -> list[str]:
    """What is not as it was seen."""
    lines = []
    for each in outlooks:
        day = words.capitalised(words.short_day(each.day))
        if each.day in chosen.seen_free and not each.is_free:
            lines.append(_("%(day)s kan niet meer: %(why)s.", day=day, why=why_words(each)))
        elif each.is_free and each.day not in chosen.seen_free:
            lines.append(_("%(day)s kan nu wel.", day=day))
    return lines


@bp.get("/reeksen/<public_id:public_id>")
@requires(Permission.BOOKING_SEE)
def series(public_id: str) -> Response:
    """One series: how it goes, its dates, and what can be done with it."""
    now = clock.now()
    found = series_or_404(public_id)
    return series_page(found, room_by_id(found.room_id), now=now)


@bp.route("/reeksen/<public_id:public_id>/wijzigen", methods=["GET", "POST"])
@requires(Permission.BOOKING_CHANGE)
def change_series(public_id: str) -> Response:
    """Change it from the date `vanaf` on, or all that is to come: write, look, save, as when it is made."""
    now = clock.now()
    found = series_or_404(public_id)
    ensure(Permission.BOOKING_CHANGE, found)
    room = room_by_id(found.room_id)
    since = _since()
    if found.ended_at is not None:
        return go_to(f"/reeksen/{public_id}")
    if request.method != "POST":
        return form_page(room, _form_of(found, room), now=now, series=found, since=since)
    form = _fitted_change(ChangeSeriesForm(request.form), found, room)
    form.read_weekdays()
    step = request.form.get("step", "look")
    if step == "write" or not form.validate():
        status = 200 if step == "write" else 422
        return form_page(room, form, now=now, series=found, since=since, status=status)
    try:
        asked = form.asked_of(found)
        if step == "save":
            return _changed_series(room, form, asked, found, since, now)
        return _looked_at_change(room, asked, found, since, now)
    except Refused as refusal:
        if any(each.reason == "changed_meanwhile" for each in refusal.objections):
            found = series_or_404(public_id)
            form = _form_of(found, room)
        form.refuse(refusal.objections, say)
        return form_page(room, form, now=now, series=found, since=since, status=422)


def _looked_at_change(
    room: RoomView, asked: Asked, found: SeriesView, since: date | None, now: datetime
) -> Response:
    person = changing.person_behind(found, room, known_actor(), now=now)
    party = changing.party_of_series(found, person, room)
    changing.refuse_change(asked, room, now=now)
    reshaped = reshape(found, asked, room, party, since=since, struck=(), now=now)
    return change_page(
        room,
        found,
        asked,
        reshaped,
        since=since,
        struck=frozenset(),
        asks=needs_decision(room, party, asked.responsible),
        now=now,
    )


def _changed_series(
    room: RoomView,
    form: ChangeSeriesForm,
    asked: Asked,
    found: SeriesView,
    since: date | None,
    now: datetime,
) -> Response:
    seen, kept = seen_steps(), taken_days()
    can_go = {Became.MOVES, Became.NEW, Became.STAYS, Became.KEEPS}
    struck = frozenset(day for day, became in seen.items() if became in can_go and day not in kept)
    expected = {day: Became.STRUCK if day in struck else became for day, became in seen.items()}
    try:
        with unit_of_work():
            where = changing.change(
                found,
                asked,
                since=since,
                struck=struck,
                seen=expected,
                seen_version=form.version.data,
                actor=known_actor(),
                post=_post(form.idempotency_key.data),
                now=now,
            )
    except DifferentChange as different:
        person = changing.person_behind(found, room, known_actor(), now=now)
        party = changing.party_of_series(found, person, room)
        return change_page(
            room,
            found,
            asked,
            different.reshaped,
            since=since,
            struck=struck,
            asks=needs_decision(room, party, asked.responsible),
            now=now,
            changed=[
                _("%(day)s is anders dan je zag.", day=words.capitalised(words.short_day(day)))
                for day, became in different.reshaped.seen.items()
                if expected.get(day) != became
            ],
            status=422,
        )
    flash(_("De reeks is veranderd."), "good")
    return go_to(where)


@bp.post("/reeksen/<public_id:public_id>/overslaan")
@requires(Permission.BOOKING_CHANGE)
def strike_date(public_id: str) -> Response:
    """Leave one date out."""
    now = clock.now()
    found = series_or_404(public_id)
    ensure(Permission.BOOKING_CHANGE, found)
    day = _day_given()
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
    found = series_or_404(public_id)
    ensure(Permission.BOOKING_CHANGE, found)
    day = _day_given()
    return _done_or_told(
        found,
        lambda: dates.bring_back(found, day, actor=known_actor(), now=now),
        _("Gelukt. %(day)s hoort er weer bij.", day=words.capitalised(words.long_day(day))),
        now,
    )


@bp.post("/reeksen/<public_id:public_id>/afzeggen")
@requires(Permission.BOOKING_CANCEL)
def call_off_series(public_id: str) -> Response:
    """Call off all that is to come, or from the date `vanaf` on; with a reason for somebody else's."""
    now = clock.now()
    found = series_or_404(public_id)
    ensure(Permission.BOOKING_CANCEL, found)
    because = _reason_given(found)
    room = room_by_id(found.room_id)
    if because is None:
        return series_page(found, room, now=now, problem=_("Kies eerst een reden."), status=422)
    since = _since()
    return _done_or_told(
        found,
        lambda: dates.call_off(found, since, because=because, actor=known_actor(), now=now),
        _("Afgezegd. De tijd is weer vrij voor anderen."),
        now,
    )


@bp.post("/reeksen/<public_id:public_id>/verlengen")
@requires(Permission.BOOKING_CHANGE)
def prolong_series(public_id: str) -> Response:
    """One tap: it goes on as long again."""
    now = clock.now()
    found = series_or_404(public_id)
    ensure(Permission.BOOKING_CHANGE, found)
    last = _day_given("last")
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
    found = series_or_404(public_id)
    ensure(Permission.BOOKING_CHANGE, found)
    return _done_or_told(
        found,
        lambda: dates.still_come(found, actor=known_actor(), now=now),
        _("Fijn dat jullie blijven komen."),
        now,
    )


def series_or_404(public_id: str) -> SeriesView:
    """The series, for who may see it."""
    found = series_by_public_id(public_id)
    if found is None:
        abort(404)
    ensure(Permission.BOOKING_SEE, found, hide=True)
    return found


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
        series_or_404(found.public_id), room_by_id(found.room_id), now=now, problem=problem, status=422
    )


def _party(room: RoomView, asked: Asked, helped: Helped | None) -> Party:
    person = helped.person if helped else known_actor()
    return party_for(person, room, is_drop_in=asked.is_drop_in)


def _fitted(form: SeriesForm, room: RoomView, helped: Helped | None) -> SeriesForm:
    party = party_for(helped.person if helped else known_actor(), room, is_drop_in=False)
    form.offer(
        room,
        times_of(room),
        _("Alles"),
        is_organisation=party.organisation_id is not None,
        may_hold_drop_in=helped is None and may(Permission.DROP_IN_HOLD, room),
    )
    return form


def _asked_form(room: RoomView, helped: Helped | None, now: datetime) -> SeriesForm:
    """The form a GET asks for: a week on from what was filled in when reserving once."""
    form = _fitted(SeriesForm(), room, helped)
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


def _form_of(found: SeriesView, room: RoomView) -> ChangeSeriesForm:
    form = _fitted_change(ChangeSeriesForm(), found, room)
    fill_from(form, found)
    if "zone" in form:
        zone = next((each for each in room.zones if each.zone_id == found.zone_id), None)
        form.zone.data = zone.slug if zone else ""
    form.idempotency_key.data = new_form_key()
    return form


def _fitted_change(form: ChangeSeriesForm, found: SeriesView, room: RoomView) -> ChangeSeriesForm:
    form.offer(
        room,
        times_of(room, found.starts, found.ends),
        _("Alles"),
        is_organisation=found.organisation_id is not None,
        may_hold_drop_in=False,
    )
    form.fit()
    return form


def _house_rules(room: RoomView, helped: Helped | None, now: datetime) -> str:
    """Where the house rules are, for who does not go along with them yet."""
    person = helped.person if helped else known_actor()
    if not agreement_of(person, room, now=now).is_missing:
        return ""
    if helped:
        return f"/r/{room.slug}/huisregels/op-papier?voor={helped.public_id}"
    return f"/r/{room.slug}/huisregels?next=/r/{room.slug}/reeks"


def _post(key: str) -> FormPost:
    """The form as the trail knows it, with all that was ticked."""
    left_out = ("csrf_token", "idempotency_key")
    fields: dict[str, object] = {
        name: values for name, values in request.form.lists() if name not in left_out
    }
    return FormPost(known_actor().person_id, request.full_path.rstrip("?"), key, fields)


def _since() -> date | None:
    given = request.form.get("vanaf") or request.args.get("vanaf")
    return None if not given else _read(given)


def _day_given(name: str = "day") -> date:
    return _read(request.form.get(name, ""))


def _read(text: str) -> date:
    try:
        return read_day(text)
    except Malformed:
        abort(400)


def _reason_given(found: SeriesView) -> CancelReason | None:
    """Why: the plans of whose it is changed, or what somebody who decides chose."""
    if found.person_id == known_actor().person_id or may(Permission.BOOKING_CHANGE, found):
        return CancelReason.PLANS_CHANGED
    given = request.form.get("reason")
    return next((reason for reason in REASONS_FOR_OTHERS if reason == given), None)
