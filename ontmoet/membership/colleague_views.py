"""How administrators reach who works for the corporation. For all others these pages are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.text import folded_name
from ontmoet.proving.fresh import asked_again
from ontmoet.rooms.queries import all_rooms
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page
from ontmoet.web.pieces import untouched
from ontmoet.web.settings import current_config

from . import actions
from .actions import Post
from .forms import ColleagueForm, EndForm
from .partners import Newcomer, person_with
from .queries import RoleView, colleagues
from .reaching import today
from .rules import Term
from .wording import say, span_line

if TYPE_CHECKING:
    from collections.abc import Iterable

bp = Blueprint("colleagues", __name__)

EVERYWHERE = "alles"
PATH = "/corporatie/mensen"


@bp.route(PATH, methods=["GET", "POST"])
@requires(Permission.COLLEAGUES_MANAGE)
def people() -> Response:
    """Who works in which room, who administers, and putting somebody somewhere."""
    ensure(Permission.COLLEAGUES_MANAGE, None, hide=True)
    rooms = all_rooms()
    form = ColleagueForm(request.form if request.method == "POST" else None, data={"since": today()})
    form.offer(rooms, EVERYWHERE)
    if request.method == "POST" and form.validate():
        if (asking := asked_again()) is not None:
            return asking
        room_id = next((room.room_id for room in rooms if room.slug == form.where.data), None)
        try:
            flash(_given_line(_give(form, room_id), form.name.data), "good")
            return go_to(PATH)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    there = colleagues(today=today())
    return page(
        "membership/colleagues.html",
        status=422 if form.is_refused else 200,
        form=form,
        piece=untouched("colleague_form", (tuple(rooms), today())),
        colleagues=[(role, _where(role), _ends_at(role)) for role in there],
        shut_out=_others_in(there) if current_config().second_factor else {},
    )


@bp.route(f"{PATH}/<public_id:public_id>/stoppen", methods=["GET", "POST"])
@requires(Permission.COLLEAGUES_MANAGE)
def end(public_id: str) -> Response:
    """Somebody stops administering."""
    ensure(Permission.COLLEAGUES_MANAGE, None, hide=True)
    found = next(
        (
            role
            for role in colleagues(today=today())
            if role.public_id == public_id and role.function is Function.ADMINISTRATOR
        ),
        None,
    )
    if found is None:
        abort(404)
    is_own = found.person_id == known_actor().person_id
    form = EndForm(request.form if request.method == "POST" else None, data={"until": today()})
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                actions.end(
                    Post(found.person_id, Function.ADMINISTRATOR, None),
                    form.until.data,
                    is_sure=True,
                    actor_id=known_actor().person_id,
                    now=clock.now(),
                )
            flash(_("Gelukt."), "good")
            return go_to("/mijn" if is_own else PATH)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return page(
        "membership/end_administrator.html",
        status=422 if form.is_refused else 200,
        form=form,
        role=found,
        is_own=is_own,
    )


def _give(form: ColleagueForm, room_id: int | None) -> str:
    """What whoever got the function is called."""
    function = Function.ADMINISTRATOR if room_id is None else Function.STAFF
    with unit_of_work():
        # Two who add the same colleague at once wait for each other before they look for the address.
        actions.lock_place(None)
        person_id, name = person_with(Newcomer(form.name.data, email=form.email.data))
        actions.give(
            Post(person_id, function, room_id),
            Term(form.since.data, form.until.data),
            actor_id=known_actor().person_id,
            now=clock.now(),
        )
    return name


def _given_line(name: str, typed: str) -> str:
    line = _("Gelukt. %(name)s krijgt bericht.", name=name)
    if folded_name(name) == folded_name(typed):
        return line
    # A slip of the pen in an address gives a function to somebody else.
    whose = _(
        "Dit e-mailadres is van %(name)s. Klopt dat niet? Kies dan die naam en laat de functie stoppen.",
        name=name,
    )
    return f"{line} {whose}"


def _others_in(there: Iterable[RoleView]) -> dict[str, str]:
    """Each colleague but oneself: what they are called in addresses, and their name."""
    me = known_actor().person_id
    return {role.public_id: role.name for role in there if role.person_id != me}


def _where(role: RoleView) -> str:
    return f"{role.room_name or _('Beheerder van alles')}, {span_line(role.since, role.until)}"


def _ends_at(role: RoleView) -> str:
    if role.room_slug is None:
        return f"{PATH}/{role.public_id}/stoppen"
    return f"/r/{role.room_slug}/mensen/{role.public_id}/stoppen?functie={role.function}"
