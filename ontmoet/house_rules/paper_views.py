"""House rules on paper: for on the wall, and to sign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock, text
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.text import Malformed
from ontmoet.kernel.walltime import day_of
from ontmoet.people.behalf import Helped, person_helped
from ontmoet.rooms.pages import room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor, public, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to
from ontmoet.web.redirects import safe_path

from . import actions
from .queries import agreement_of, current_of
from .rules import How, RulesVersion, groups_in
from .views import LAST_NUMBER, readable_room
from .wording import say

bp = Blueprint("house_rules_paper", __name__)


@bp.get("/r/<slug:slug>/huisregels/afdrukken")
@public
def poster(slug: str) -> Response:
    """The house rules in force, for on the wall."""
    room = readable_room(slug)
    return _paper_page("house_rules/poster.html", room, current_of(room, now=clock.now()))


@bp.route("/r/<slug:slug>/huisregels/op-papier", methods=["GET", "POST"])
@requires(Permission.ON_BEHALF)
def on_paper(slug: str) -> Response:
    """A paper with the rules to sign, and the button that writes down who (`voor`) signed it."""
    now = clock.now()
    room = readable_room(slug)
    ensure(Permission.ON_BEHALF, room)
    helped = person_helped(room)
    if request.method != "POST":
        return _to_sign_page(room, helped, now=now)
    if helped is None:
        abort(400)
    try:
        number = text.whole_number(request.form.get("number", ""), least=1, most=LAST_NUMBER)
        with unit_of_work():
            actions.agree(
                room.room_id, number, actor=known_actor(), person=helped.person, how=How.PAPER, now=now
            )
    except Malformed:
        abort(400)
    except Refused as refusal:
        problem = " ".join(say(objection) for objection in refusal.objections)
        return _to_sign_page(room, helped, now=now, problem=problem, status=422)
    flash(_("Opgeschreven: %(name)s doet mee met de huisregels.", name=helped.person.name), "good")
    return go_to(safe_path(request.form.get("next")) or f"/r/{slug}/namens")


def _to_sign_page(
    room: RoomView, helped: Helped | None, *, now: datetime, problem: str = "", status: int = 200
) -> Response:
    values = request.form if request.method == "POST" else request.args
    return _paper_page(
        "house_rules/on_paper.html",
        room,
        current_of(room, now=now),
        status=status,
        helped=helped,
        is_missing=helped is not None and agreement_of(helped.person, room, now=now).is_missing,
        next=safe_path(values.get("next")) or "",
        problem=problem,
    )


def _paper_page(template: str, room: RoomView, shown: RulesVersion | None, **context: Any) -> Response:
    return room_page(
        template,
        room,
        shown=shown,
        since=dates.full_day(day_of(shown.published_at)) if shown else "",
        groups=groups_in(shown.body) if shown else (),
        **context,
    )
