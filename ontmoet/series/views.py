"""How people reach series: making one, its page, its dates, changing and ending it."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request

from ontmoet.bookings.actions import needs_decision
from ontmoet.bookings.request_wording import asked_line
from ontmoet.db import unit_of_work
from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.people.behalf import Helped, person_helped
from ontmoet.rooms.pages import room_for
from ontmoet.rooms.queries import room_by_id
from ontmoet.web import dates as words
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from . import actions, changing
from .actions import Chosen, Different, free_days
from .changing import DifferentChange
from .filling import asked_form, fitted, fitted_change, form_of
from .forms import ChangeSeriesForm, SeriesForm
from .pages import change_page, form_page, look_page
from .planning import look, party_for, refuse_whole
from .reading import chosen_instead, form_post, seen_days, seen_steps, since_given, taken_days
from .reshaping import Became, reshape
from .rules import Why
from .series_pages import series_for, series_page
from .wording import say, why_word, why_words

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
            asked_form(room, helped, now),
            now=now,
            helped=helped,
            house_rules=_house_rules(room, helped, now),
        )
    form = fitted(SeriesForm(request.form), room, helped)
    form.read_weekdays()
    step = request.form.get("step", "look")
    if step == "write" or not form.validate():
        return form_page(room, form, now=now, helped=helped, status=200 if step == "write" else 422)
    try:
        asked = form.asked(now)
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
                post=form_post(form.idempotency_key.data),
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
    if needs_decision(room, _party(room, asked, helped), asked.responsible):
        flash(asked_line(actor.given_name, whose=helped.person.name if helped else ""), "info")
    elif helped:
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
    for past in sorted(chosen.seen_free - {each.day for each in outlooks}):
        day = words.capitalised(words.short_day(past))
        lines.append(_("%(day)s kan niet meer: %(why)s.", day=day, why=why_word(Why.PAST)))
    return lines


@bp.get("/reeksen/<public_id:public_id>")
@requires(Permission.BOOKING_SEE)
def series(public_id: str) -> Response:
    """One series: how it goes, its dates, and what can be done with it."""
    now = clock.now()
    found = series_for(public_id, Permission.BOOKING_SEE)
    return series_page(found, room_by_id(found.room_id), now=now)


@bp.route("/reeksen/<public_id:public_id>/wijzigen", methods=["GET", "POST"])
@requires(Permission.BOOKING_CHANGE)
def change_series(public_id: str) -> Response:
    """Change it from the date `vanaf` on, or all that is to come: write, look, save, as when it is made."""
    now = clock.now()
    found = series_for(public_id, Permission.BOOKING_CHANGE)
    room = room_by_id(found.room_id)
    since = since_given()
    if found.ended_at is not None:
        return go_to(f"/reeksen/{public_id}")
    if request.method != "POST":
        return form_page(room, form_of(found, room), now=now, series=found, since=since)
    form = fitted_change(ChangeSeriesForm(request.form), found, room)
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
            found = series_for(public_id, Permission.BOOKING_CHANGE)
            form = form_of(found, room)
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
                post=form_post(form.idempotency_key.data),
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


def _party(room: RoomView, asked: Asked, helped: Helped | None) -> Party:
    person = helped.person if helped else known_actor()
    return party_for(person, room, is_drop_in=asked.is_drop_in)


def _house_rules(room: RoomView, helped: Helped | None, now: datetime) -> str:
    """Where the house rules are, for who does not go along with them yet."""
    person = helped.person if helped else known_actor()
    if not agreement_of(person, room, now=now).is_missing:
        return ""
    if helped:
        return f"/r/{room.slug}/huisregels/op-papier?voor={helped.public_id}"
    return f"/r/{room.slug}/huisregels?next=/r/{room.slug}/reeks"
