"""Rooms on screen: all with what they miss, a new one, the sheet of one, opening, renaming, closing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import room_for
from ontmoet.rooms.queries import corporation_name, moved_to, place_of
from ontmoet.rooms.rules import RoomView
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor, may, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page
from ontmoet.web.pieces import untouched

from . import actions
from .complexes import all_complexes
from .forms import NameForm, NewComplexForm, NewRoomForm, SheetForm, WholeSheetForm
from .queries import InTheWay, Sheet, all_sheets, beyond_capacity, coming_in, sheet_of, staff_of
from .rules import Reason, Seen
from .wording import KEY_PLANS, POLICIES, missing_path, missing_word, say

bp = Blueprint("arranging", __name__)

OVERVIEW = "/corporatie/beheer"


def moved() -> str | None:
    """Where the page of the path that is asked for went when its room got another name."""
    parts = request.path.split("/")
    if len(parts) < 3 or parts[1] != "r":
        return None
    slug = moved_to(parts[2])
    if slug is None:
        return None
    query = request.query_string.decode("ascii", "replace")
    return "/".join(["", "r", slug, *parts[3:]]) + (f"?{query}" if query else "")


@bp.get(OVERVIEW)
@requires(Permission.ROOMS_OVERSEE)
def overview() -> Response:
    """The rooms of this person, and for administrators all rooms and complexes."""
    ensure(Permission.ROOMS_OVERSEE, None, hide=True)
    actor = known_actor()
    sheets = [
        sheet
        for sheet in all_sheets(today=day_of(clock.now()))
        if allows(actor, Permission.ROOM_ARRANGE, sheet)
    ]
    rooms = {sheet.complex_id for sheet in sheets}
    administers = may(Permission.CORPORATION_ARRANGE, None)
    return page(
        "arranging/overview.html",
        corporation_name=corporation_name(),
        sheets=[(sheet, _state(sheet)) for sheet in sheets],
        complexes=[one for one in all_complexes() if administers or one.complex_id in rooms],
        administers=administers,
    )


@bp.route(f"{OVERVIEW}/complexen/nieuw", methods=["GET", "POST"])
@requires(Permission.CORPORATION_ARRANGE)
def new_complex() -> Response:
    """A complex without homes."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    form = NewComplexForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                public_id = actions.add_complex(form.name.data, actor=known_actor(), now=clock.now())
            flash(_("Het complex is er. Zet nu de adressen erin."), "good")
            return go_to(f"/corporatie/complexen/{public_id}")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return page(
        "arranging/new_complex.html",
        status=422 if form.is_refused else 200,
        corporation_name=corporation_name(),
        form=form,
    )


@bp.route(f"{OVERVIEW}/ruimtes/nieuw", methods=["GET", "POST"])
@requires(Permission.CORPORATION_ARRANGE)
def new_room() -> Response:
    """A room that nobody can book yet."""
    ensure(Permission.CORPORATION_ARRANGE, None, hide=True)
    complexes = all_complexes()
    form = NewRoomForm(request.form if request.method == "POST" else None)
    form.complex_id.choices = [(one.public_id, one.name) for one in complexes]
    if request.method == "POST" and form.validate():
        chosen = next(one for one in complexes if one.public_id == form.complex_id.data)
        try:
            with unit_of_work():
                slug = actions.add_room(
                    chosen.complex_id,
                    form.name.data,
                    form.capacity.data,
                    actor=known_actor(),
                    now=clock.now(),
                )
            flash(_("De ruimte is er. Vul nu de rest in. Nog niemand kan haar reserveren."), "good")
            return go_to(f"/r/{slug}/inrichting")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return page(
        "arranging/new_room.html",
        status=422 if form.is_refused else 200,
        corporation_name=corporation_name(),
        form=form,
        complexes=complexes,
    )


@bp.route("/r/<slug:slug>/inrichting", methods=["GET", "POST"])
@requires(Permission.ROOM_TELL)
def sheet(slug: str) -> Response:
    """All of a room for who arranges it, and a part of it for the board."""
    now = clock.now()
    room = room_for(slug, Permission.ROOM_TELL)
    form_class = WholeSheetForm if may(Permission.ROOM_ARRANGE, room) else SheetForm
    form = form_class(request.form if request.method == "POST" else None)
    form.offer(staff_of(room.room_id, today=day_of(now)))
    if request.method != "POST":
        found = sheet_of(room.room_id, today=day_of(now))
        form.start_from(_values(found, now), found.version)
        return _sheet_page(room, form, found, now=now)
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
            _say_saved(form)
            return go_to(f"/r/{slug}/inrichting")
        except Refused as refusal:
            _refuse(form, refusal, room, now=now)
    return _sheet_page(room, form, sheet_of(room.room_id, today=day_of(now)), now=now)


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
    return _room_page("arranging/rename.html", room, status=422 if form.is_refused else 200, form=form)


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
    return _room_page(
        "arranging/close.html",
        room,
        status=422 if problem else 200,
        problem=problem,
        is_over=room.live_at is None or room.closed_at is not None,
        coming=lines_of(room, coming_in(room.room_id, now=now)),
    )


def lines_of(room: RoomView, found: list[InTheWay]) -> list[tuple[str, str, str]]:
    """Bookings as rows: where they lead (nowhere for who sees no names here), when they are, and for how
    many people.
    """
    may_open = allows(known_actor(), Permission.NAMES_SEE, room)
    return [
        (
            f"/reserveringen/{one.public_id}" if may_open else "",
            dates.capitalised(f"{dates.long_day(day_of(one.slot.starts))}, {dates.times_in_words(one.slot)}"),
            _("%(number)s mensen", number=one.people),
        )
        for one in found
    ]


def _values(found: Sheet, now: datetime) -> dict[str, str]:
    return actions.values_of(found, actions.contact_in(found.room_id, now=now))


def _say_saved(form: SheetForm) -> None:
    if isinstance(form, WholeSheetForm) and not form.contact.data:
        flash(
            _(
                "Opgeslagen. Er is nog geen aanspreekpunt bij de corporatie. "
                "Kies iemand, dan weten bewoners wie ze bellen."
            ),
            "warn",
        )
    else:
        flash(_("Opgeslagen."), "good")


def _refuse(form: SheetForm, refusal: Refused, room: RoomView, *, now: datetime) -> None:
    """What only another changed is shown as it is now; the rest stays as it was typed."""
    form.refuse([_in_words(form, objection) for objection in refusal.objections], say)
    values = _values(sheet_of(room.room_id, today=day_of(now)), now)
    meanwhile = (Reason.CHANGED_MEANWHILE, Reason.CHANGED_BY_BOTH)
    if not any(objection.reason in meanwhile for objection in refusal.objections):
        return
    for objection in refusal.objections:
        if objection.reason is Reason.CHANGED_MEANWHILE and objection.field is not None:
            form.show(objection.field, values[objection.field])
    form.mark_seen(values, sheet_of(room.room_id, today=day_of(now)).version)


def _in_words(form: SheetForm, objection: Objection) -> Objection:
    if objection.reason is not Reason.CHANGED_BY_BOTH or objection.field is None:
        return objection
    now = form.in_words(objection.field, str(objection.facts["now"]))
    return replace(objection, facts={"now": now})


def _sheet_page(room: RoomView, form: SheetForm, found: Sheet, *, now: datetime) -> Response:
    return _room_page(
        "arranging/sheet.html",
        room,
        status=422 if form.is_refused else 200,
        form=form,
        sheet=found,
        pieces={part: untouched(("sheet", part, found.room_id), found.version) for part in ("place", "told")},
        arranges=isinstance(form, WholeSheetForm),
        missing=[
            (missing_path(what, room.slug, found.complex_public_id), missing_word(what))
            for what in found.missing
        ],
        facilities=[
            (value, text, "", value in (form.facilities.data or ())) for value, text in form.offered()
        ],
        policy_means={one.value: str(means) for one, (_text, means) in POLICIES.items()},
        key_plan_means={one.value: str(means) for one, (_text, means) in KEY_PLANS.items()},
        too_many=lines_of(room, beyond_capacity(room.room_id, room.capacity, now=now)),
    )


def _room_page(template: str, room: RoomView, *, status: int = 200, **context: Any) -> Response:
    return page(
        template,
        status=status,
        place=place_of(room),
        nav="room",
        corporation_name=room.corporation_name,
        room=room,
        **context,
    )


def _state(sheet: Sheet) -> str:
    if sheet.merged_into is not None:
        return _("opgegaan in %(room)s", room=sheet.merged_into)
    if sheet.closed_at is not None:
        return _("voorgoed gesloten")
    if sheet.missing:
        missing = ", ".join(missing_word(what).lower() for what in sheet.missing)
        return _("nog niet open, er mist: %(missing)s", missing=missing)
    if sheet.live_at is None:
        return _("nog niet open, alles is er")
    if not sheet.has_contact:
        return _("open, nog zonder aanspreekpunt")
    return _("open")
