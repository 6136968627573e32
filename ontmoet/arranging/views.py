"""Rooms on screen: all with what they miss, a new one, the sheet of one, opening, renaming, closing it."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.tokens import new_form_key
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import room_for, room_page
from ontmoet.rooms.queries import moved_to
from ontmoet.trail.actions import FormPost
from ontmoet.web.access import ensure, known_actor, may, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page
from ontmoet.web.pieces import Piece

from . import actions
from .coming import coming_in
from .complexes import all_complexes
from .forms import NameForm, NewComplexForm, NewRoomForm
from .in_the_way import lines_of
from .queries import Standing, staff_of, standings
from .rules import Seen
from .sheet_pages import refuse_sheet, say_saved, sheet_form_for, sheet_page
from .wording import missing_word, say

bp = Blueprint("arranging", __name__)

OVERVIEW = "/corporatie/beheer"
_MEANT = "%!$&'()*+,;=:@/?"
"""What may stand in a query as it is."""


def moved() -> str | None:
    """Where the page of the path that is asked for went when its room got another name."""
    parts = request.path.split("/")
    if len(parts) < 3 or parts[1] != "r":
        return None
    slug = moved_to(parts[2])
    if slug is None:
        return None
    # What comes in was read: a sign that means something in an address is written as it came.
    path = "/".join(["", "r", slug, *(quote(part, safe="") for part in parts[3:])])
    query = quote(request.query_string, safe=_MEANT)
    return f"{path}?{query}" if query else path


@bp.get(OVERVIEW)
@requires(Permission.ROOMS_OVERSEE)
def overview() -> Response:
    """The rooms of this person, and for administrators all rooms and complexes."""
    ensure(Permission.ROOMS_OVERSEE, None, hide=True)
    actor = known_actor()
    found = [
        one for one in standings(today=day_of(clock.now())) if allows(actor, Permission.ROOM_ARRANGE, one)
    ]
    own = {one.complex_id for one in found}
    administers = may(Permission.CORPORATION_ARRANGE, None)
    complexes = [one for one in all_complexes() if administers or one.complex_id in own]
    return page(
        "arranging/overview.html",
        rooms=found,
        state_of=_state,
        complexes=complexes,
        administers=administers,
        piece=Piece(("overview", administers), (found, complexes)),
    )


@bp.route(f"{OVERVIEW}/complexen/nieuw", methods=["GET", "POST"])
@requires(Permission.CORPORATION_ARRANGE)
def new_complex() -> Response:
    """A complex without homes."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    form = NewComplexForm(request.form if request.method == "POST" else None, data=_new_key())
    if request.method == "POST" and form.validate():
        actor, now = known_actor(), clock.now()

        def add() -> str:
            return f"/corporatie/complexen/{actions.add_complex(form.name.data, actor=actor, now=now)}"

        try:
            with unit_of_work():
                location = actions.once(_post_of(form), add, now=now)
            flash(_("Het complex is er. Zet nu de adressen erin."), "good")
            return go_to(location)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return page(
        "arranging/new_complex.html",
        status=422 if form.is_refused else 200,
        form=form,
    )


@bp.route(f"{OVERVIEW}/ruimtes/nieuw", methods=["GET", "POST"])
@requires(Permission.CORPORATION_ARRANGE)
def new_room() -> Response:
    """A room that nobody can book yet."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    complexes = all_complexes()
    form = NewRoomForm(request.form if request.method == "POST" else None, data=_new_key())
    form.complex_id.choices = [(one.public_id, one.name) for one in complexes]
    if request.method == "POST" and form.validate():
        chosen = next(one for one in complexes if one.public_id == form.complex_id.data)
        actor, now = known_actor(), clock.now()

        def add() -> str:
            slug = actions.add_room(
                chosen.complex_id, form.name.data, form.capacity.data, actor=actor, now=now
            )
            return f"/r/{slug}/inrichting"

        try:
            with unit_of_work():
                location = actions.once(_post_of(form), add, now=now)
            flash(_("De ruimte is er. Vul nu de rest in. Nog niemand kan die reserveren."), "good")
            return go_to(location)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return page(
        "arranging/new_room.html",
        status=422 if form.is_refused else 200,
        form=form,
        complexes=complexes,
    )


def _new_key() -> dict[str, str]:
    return {"idempotency_key": new_form_key()}


def _post_of(form: NewComplexForm | NewRoomForm) -> FormPost:
    fields = {name: value for name, value in form.data.items() if name != "idempotency_key"}
    return FormPost(known_actor().person_id, request.path, form.idempotency_key.data, fields)


@bp.route("/r/<slug:slug>/inrichting", methods=["GET", "POST"])
@requires(Permission.ROOM_TELL)
def sheet(slug: str) -> Response:
    """All of a room for who arranges it, and a part of it for the board."""
    now = clock.now()
    room = room_for(slug, Permission.ROOM_TELL)
    if request.method != "POST":
        return sheet_page(room, now=now)
    form = sheet_form_for(room)(request.form)
    form.offer(staff_of(room.room_id, today=day_of(now)))
    if form.validate():
        try:
            with unit_of_work():
                actions.change_room(
                    room.room_id,
                    form.wanted(),
                    seen=Seen.read(form.seen.data),
                    seen_version=form.version.data,
                    actor=known_actor(),
                    now=now,
                )
            say_saved(form)
            return go_to(f"/r/{slug}/inrichting")
        except Refused as refusal:
            refuse_sheet(form, refusal, room, now=now)
    return sheet_page(room, form, now=now)


@bp.post("/r/<slug:slug>/inrichting/openzetten")
@requires(Permission.ROOM_ARRANGE)
def open_room(slug: str) -> Response:
    """People can book it from now on."""
    room = room_for(slug, Permission.ROOM_ARRANGE)
    try:
        with unit_of_work():
            actions.go_live(room.room_id, actor=known_actor(), now=clock.now())
    except Refused as refusal:
        flash(" ".join(say(objection) for objection in refusal.objections), "warn")
        return go_to(f"/r/{slug}/inrichting")
    flash(_("De ruimte is open. Bewoners kunnen nu reserveren."), "good")
    return go_to(f"/r/{slug}")


@bp.route("/r/<slug:slug>/inrichting/naam", methods=["GET", "POST"])
@requires(Permission.ROOM_ARRANGE)
def rename(slug: str) -> Response:
    """Another name, and with it another address."""
    room = room_for(slug, Permission.ROOM_ARRANGE)
    form = NameForm(request.form if request.method == "POST" else None, data={"name": room.name})
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                new = actions.rename(room.room_id, form.name.data, actor=known_actor(), now=clock.now())
            flash(
                _("De ruimte heet nu %(name)s. Oude codes en links blijven werken.", name=form.name.data),
                "good",
            )
            return go_to(f"/r/{new}/inrichting")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return room_page("arranging/rename.html", room, status=422 if form.is_refused else 200, form=form)


@bp.route("/r/<slug:slug>/inrichting/sluiten", methods=["GET", "POST"])
@requires(Permission.ROOM_ARRANGE)
def close(slug: str) -> Response:
    """Closed for good, once nothing is booked any more."""
    now = clock.now()
    room = room_for(slug, Permission.ROOM_ARRANGE)
    problem = ""
    if request.method == "POST" and request.form.get("step") != "close":
        problem = _("Er is niets gesloten. Druk op de knop als je het zeker weet.")
    elif request.method == "POST":
        try:
            with unit_of_work():
                actions.end_room(room.room_id, actor=known_actor(), now=now)
            flash(_("De ruimte is voorgoed gesloten."), "good")
            return go_to(f"/r/{slug}")
        except Refused as refusal:
            problem = " ".join(say(objection) for objection in refusal.objections)
    return room_page(
        "arranging/close.html",
        room,
        status=422 if problem else 200,
        problem=problem,
        is_over=room.live_at is None or room.closed_at is not None,
        coming=lines_of(room, coming_in(room.room_id, now=now), "all"),
    )


def _state(one: Standing) -> str:
    if one.merged_into is not None:
        return _("opgegaan in %(room)s", room=one.merged_into)
    if one.closed_at is not None:
        return _("voorgoed gesloten")
    if one.missing:
        missing = ", ".join(missing_word(what).lower() for what in one.missing)
        return _("nog niet open, er mist: %(missing)s", missing=missing)
    if one.live_at is None:
        return _("nog niet open, alles is er")
    if not one.has_contact:
        return _("open, nog zonder aanspreekpunt")
    return _("open")
