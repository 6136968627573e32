"""How people of a room reach its call list: the list, two buttons for each line, slips to print."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, request
from markupsafe import Markup

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock, text
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.text import Malformed
from ontmoet.outbox.models import Outcome
from ontmoet.rooms.pages import room_or_404, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import speaking
from ontmoet.web.pages import go_to, paper

from . import actions
from .call_list import Shown, shown_list
from .queries import is_about_room

bp = Blueprint("call_list", __name__)

LAST_NUMBER = 999_999_999
UNDO = "undo"


@bp.get("/r/<slug:slug>/bellijst")
@requires(Permission.CALL_LIST_SEE)
def lines(slug: str) -> Response:
    """Whom to call or bring a slip, and what to say."""
    room = _own_room(slug)
    found = _seen(room)
    return room_page(
        "hearing/call_list.html",
        room,
        to_tell=[line for line in found if not line.is_told],
        told=[line for line in found if line.is_told],
    )


@bp.get("/r/<slug:slug>/bellijst/briefjes")
@requires(Permission.CALL_LIST_SEE)
def slips(slug: str) -> Response:
    """What is to be told as slips to print: all, or with `bericht` one."""
    room = _own_room(slug)
    asked = request.args.get("bericht")
    lines = [line for line in _seen(room) if not line.is_told and asked in (None, str(line.number))]
    return room_page("hearing/call_slips.html", room, slips=[_slip(room, line) for line in lines])


@bp.post("/r/<slug:slug>/bellijst")
@requires(Permission.CALL_LIST_SEE)
def tell(slug: str) -> Response:
    """Write down that somebody was told or not reached, or undo what one wrote down."""
    room = _own_room(slug)
    deed = request.form.get("deed", "")
    try:
        number = text.whole_number(request.form.get("message", ""), least=1, most=LAST_NUMBER)
        outcome = None if deed == UNDO else Outcome(deed)
    except (Malformed, ValueError):
        abort(400)
    if not is_about_room(number, room.room_id):
        abort(404)
    room_id, actor_id, now = room.room_id, known_actor().person_id, clock.now()
    with unit_of_work():
        if outcome is None:
            done = actions.undo_told(number, room_id=room_id, actor_id=actor_id, now=now)
        else:
            done = actions.note_told(number, outcome, room_id=room_id, actor_id=actor_id, now=now)
    flash(_said(outcome) if done else _("Iemand was je net voor. Kijk nog eens."), "good" if done else "warn")
    return go_to(f"/r/{slug}/bellijst")


def _own_room(slug: str) -> RoomView:
    room = room_or_404(slug)
    ensure(Permission.CALL_LIST_SEE, room)
    return room


def _slip(room: RoomView, line: Shown) -> Markup:
    with speaking(line.language):
        return paper("hearing/told_slip.html", room=room, line=line)


def _seen(room: RoomView) -> list[Shown]:
    """The list, and a line in the trail about who saw whom on it."""
    now, actor_id = clock.now(), known_actor().person_id
    lines = shown_list(room.room_id, actor_id=actor_id, now=now)
    if lines:
        with unit_of_work():
            numbers = [line.number for line in lines]
            actions.note_seen(room.room_id, numbers, actor_id=actor_id, now=now)
    return lines


def _said(outcome: Outcome | None) -> str:
    if outcome is None:
        return _("Teruggedraaid.")
    return _("Opgeschreven: verteld.") if outcome is Outcome.TOLD else _("Opgeschreven: niet bereikt.")
