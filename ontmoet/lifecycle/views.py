"""How people who may know write down that somebody moved, died, or is here twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused, refuse_any
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.tokens import PUBLIC_ID
from ontmoet.kernel.walltime import day_of
from ontmoet.membership.queries import PersonCard
from ontmoet.membership.reaching import by, looked_up, person_or_404, today
from ontmoet.membership.wording import home_line, role_line
from ontmoet.people.finding import Scope
from ontmoet.people.forms import NameForm
from ontmoet.people.found_pages import found_before, found_by
from ontmoet.proving.fresh import asked_again
from ontmoet.rooms.pages import room_or_404, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.series.wording import rhythm_words, times_left, times_words
from ontmoet.web import dates
from ontmoet.web.access import ensure, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from . import actions, merging
from .forms import MoveForm, SureForm
from .queries import Decision, coming_in, decisions_in, is_merged_into, number_of_bookings
from .rules import Choice, objections_to_moving
from .wording import say

if TYPE_CHECKING:
    from datetime import date

bp = Blueprint("lifecycle", __name__)

PERSON = "/r/<slug:slug>/mensen/<public_id:public_id>"


@bp.route(f"{PERSON}/verhuisd", methods=["GET", "POST"])
@requires(Permission.PERSON_CHANGE)
def moved(slug: str, public_id: str) -> Response:
    """Somebody no longer lives here from a day on; then their bookings are decided on."""
    room, person = _asked(slug, public_id)
    form = MoveForm(request.form if request.method == "POST" else None, data={"day": today()})
    if request.method == "POST" and form.validate():
        try:
            ends = [home.until for home in person.homes]
            refuse_any(objections_to_moving(ends, form.day.data, today=today()))
            with unit_of_work():
                homes = [home.home_id for home in person.homes]
                waited = actions.move_out(person.person_id, homes, form.day.data, by(room))
            flash(_moved_line(person.name, form.day.data), "good")
            if waited:
                flash(_("Ook van de wachtlijst gehaald. %(name)s krijgt bericht.", name=person.name), "good")
            coming = coming_in(room.room_id, person.person_id, form.day.data, now=clock.now())
            return go_to(_path(slug, public_id, "/reserveringen" if coming else ""))
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return room_page(
        "lifecycle/moved.html",
        room,
        status=422 if form.is_refused else 200,
        form=form,
        person=person,
        homes=[home_line(home) for home in person.homes],
    )


@bp.route(f"{PERSON}/reserveringen", methods=["GET", "POST"])
@requires(Permission.PERSON_CHANGE)
def bookings(slug: str, public_id: str) -> Response:
    """What somebody who moves has coming here once they left: each goes on, or not."""
    room, person = _asked(slug, public_id)
    since = _leaves(person)
    if request.method == "POST":
        choices = {
            name: Choice(value)
            for name, value in request.form.items()
            if PUBLIC_ID.fullmatch(name) and value in list(Choice)
        }
        with unit_of_work():
            actions.decide_on_bookings(person.person_id, choices, since, by(room))
        flash(_("Gelukt. %(name)s krijgt bericht.", name=person.name), "good")
        return go_to(_path(slug, public_id))
    coming = decisions_in(room.room_id, person.person_id, since, now=clock.now())
    return room_page(
        "lifecycle/bookings.html",
        room,
        person=person,
        coming=[(found.public_id, _when(found)) for found in coming],
    )


@bp.route(f"{PERSON}/overleden", methods=["GET", "POST"])
@requires(Permission.PERSON_CHANGE)
def died(slug: str, public_id: str) -> Response:
    """Somebody died: all that is theirs ends, quietly."""
    room, person = _asked(slug, public_id)
    form = SureForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        if (asking := asked_again()) is not None:
            return asking
        try:
            with unit_of_work():
                actions.record_death(person.person_id, by(room))
            flash(_("Opgeschreven. We sturen %(name)s niets meer.", name=person.name), "good")
            return go_to(f"/r/{slug}/mensen")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return room_page(
        "lifecycle/died.html", room, status=422 if form.is_refused else 200, form=form, person=person
    )


@bp.route(f"{PERSON}/samenvoegen", methods=["GET", "POST"])
@requires(Permission.PERSON_CHANGE)
def find_double(slug: str, public_id: str) -> Response:
    """Who of the room may be the same person."""
    room, person = _asked(slug, public_id)
    form = NameForm(request.form if request.method == "POST" else None)
    if request.method == "POST":
        shown = found_by(form, room, Scope.KNOWN, besides=person.person_id)
        if shown:
            return go_to(shown)
    return room_page(
        "lifecycle/find_double.html",
        room,
        status=422 if form.is_refused else 200,
        form=form,
        person=person,
        found=found_before(room, Scope.KNOWN),
    )


@bp.route(f"{PERSON}/samenvoegen/<public_id:other_id>", methods=["GET", "POST"])
@requires(Permission.PERSON_CHANGE)
def merge(slug: str, public_id: str, other_id: str) -> Response:
    """What would become of both, and making one person of them."""
    room, person = _asked(slug, public_id)
    if is_merged_into(other_id, person.person_id):
        # A second tap, or an old tab: what was asked for is so.
        flash(_("Dat was al zo. %(name)s staat er één keer.", name=person.name), "good")
        return go_to(_path(slug, public_id))
    other = looked_up(room, other_id)
    form = SureForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        if (asking := asked_again()) is not None:
            return asking
        try:
            with unit_of_work():
                merging.merge(person.person_id, other.person_id, by(room))
            flash(_("Gelukt. %(name)s staat er nu één keer.", name=person.name), "good")
            return go_to(_path(slug, public_id))
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return room_page(
        "lifecycle/merge.html",
        room,
        status=422 if form.is_refused else 200,
        form=form,
        person=person,
        other=other,
        sides=[(one, _lines(one), number_of_bookings(one.person_id)) for one in (person, other)],
    )


def _asked(slug: str, public_id: str) -> tuple[RoomView, PersonCard]:
    room = room_or_404(slug)
    ensure(Permission.PERSON_CHANGE, room, hide=True)
    return room, person_or_404(room, public_id)


def _path(slug: str, public_id: str, rest: str = "") -> str:
    return f"/r/{slug}/mensen/{public_id}{rest}"


def _leaves(person: PersonCard) -> date:
    """From when they live here no more; today for who does not move."""
    ends = [home.until for home in person.homes if home.until is not None]
    return max(ends) if ends and len(ends) == len(person.homes) else today()


def _moved_line(name: str, day: date) -> str:
    """Until that day they live here, and until then nothing else may be said."""
    if day > today():
        return _("Opgeschreven: %(name)s woont hier tot %(day)s.", name=name, day=dates.full_day(day))
    return _("Opgeschreven: %(name)s woont hier niet meer.", name=name)


def _when(found: Decision) -> str:
    if found.series is not None:
        how = f"{rhythm_words(found.series.rhythm)}, {times_words(found.series.starts, found.series.ends)}"
        return f"{dates.capitalised(how)}, {times_left(len(found.bookings))}"
    slot = found.bookings[0].slot
    return f"{dates.capitalised(dates.near_day(day_of(slot.starts), today()))} {dates.times_in_words(slot)}"


def _lines(person: PersonCard) -> list[str]:
    return [*map(home_line, person.homes), *map(role_line, person.roles)]
