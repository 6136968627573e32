"""The key duty of a room: who has it, and handing it over with a count of what lies in the cabinet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.rooms.pages import room_for
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from .duty import HandOver, confirm, hand_over, object_to
from .duty_forms import NOBODY, duty_form
from .duty_pages import duty_page, hand_over_page
from .duty_queries import duty_now, duty_of, in_cabinet, keepers_in
from .queries import copies_in
from .wording import objected, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ontmoet.rooms.rules import RoomView

    from .duty_forms import DutyForm
    from .duty_queries import Duty, Keeper, Lying

bp = Blueprint("key_duty", __name__)


@bp.route("/r/<slug:slug>/sleutels/dienst", methods=["GET", "POST"])
@requires(Permission.KEYS_HAND_OUT)
def duty(slug: str) -> Response:
    """Who has the key duty, and giving it to another keeper, taking it over, or stopping."""
    room = room_for(slug, Permission.KEYS_HAND_OUT)
    now = clock.now()
    current, keepers = duty_now(room.room_id), keepers_in(room.room_id, now=now)
    lying = in_cabinet(copies_in(room.room_id))
    form = _form_for(lying, keepers)
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                public_id = hand_over(_wanted(room, form, keepers, lying, now))
            flash(_("Opgeschreven."), "good")
            return go_to(f"/r/{slug}/sleutels/dienst/{public_id}")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
            current = duty_now(room.room_id)
    form.who.choices = _offered(keepers, current)
    return duty_page(room, current, lying, keepers, form, now=now, status=422 if form.is_refused else 200)


@bp.get("/r/<slug:slug>/sleutels/dienst/<public_id:public_id>")
@requires(Permission.KEYS_HAND_OUT)
def one(slug: str, public_id: str) -> Response:
    """One hand-over: who, when, and what was counted. A difference leads to the keys that it can be."""
    room, found = _found(slug, public_id)
    return hand_over_page(room, found)


@bp.post("/r/<slug:slug>/sleutels/dienst/<public_id:public_id>/klopt")
@requires(Permission.KEYS_HAND_OUT)
def agree(slug: str, public_id: str) -> Response:
    """The other keeper says that it is so."""
    return _answer(slug, public_id, confirm)


@bp.post("/r/<slug:slug>/sleutels/dienst/<public_id:public_id>/klopt-niet")
@requires(Permission.KEYS_HAND_OUT)
def disagree(slug: str, public_id: str) -> Response:
    """The other keeper says that it is not so."""
    return _answer(slug, public_id, object_to, says_no=True)


def _answer(slug: str, public_id: str, deed: Callable[..., None], *, says_no: bool = False) -> Response:
    room, found = _found(slug, public_id)
    try:
        with unit_of_work():
            deed(found, actor_id=known_actor().person_id, now=clock.now())
    except Refused as refusal:
        problem = " ".join(say(objection) for objection in refusal.objections)
        return hand_over_page(room, found, problem=problem, status=422)
    flash((says_no and objected(found.recorded_by)) or _("Opgeschreven."), "good")
    return go_to(f"/r/{slug}/sleutels/dienst/{public_id}")


def _found(slug: str, public_id: str) -> tuple[RoomView, Duty]:
    room = room_for(slug, Permission.KEYS_HAND_OUT)
    found = duty_of(room.room_id, public_id)
    if found is None:
        abort(404)
    return room, found


def _seen_id() -> int | None:
    """Which hand-over the page showed as the last; a form that says none that can be was not made by us."""
    sent = request.form.get("seen", "")
    if sent and not (sent.isascii() and sent.isdecimal() and len(sent) < 16):
        abort(400)
    return int(sent) if sent else None


def _wanted(
    room: RoomView, form: DutyForm, keepers: list[Keeper], lying: list[Lying], now: datetime
) -> HandOver:
    return HandOver(
        room.room_id,
        _seen_id(),
        form.to_id(keepers),
        form.counted(lying),
        form.note.data,
        known_actor().person_id,
        now,
    )


def _form_for(lying: list[Lying], keepers: list[Keeper]) -> DutyForm:
    """Chosen beforehand is who asks: most often they take the duty over. All choices are read, also what is
    so already: a rule refuses that, so that a second tap is no mistake.
    """
    is_sent = request.method == "POST"
    choices = [*((keeper.public_id, keeper.name) for keeper in keepers), (NOBODY, "")]
    form = duty_form(request.form if is_sent else None, lying, choices)
    if not is_sent:
        me = known_actor().person_id
        form.who.data = next((keeper.public_id for keeper in keepers if keeper.person_id == me), None)
    return form


def _offered(keepers: list[Keeper], current: Duty | None) -> list[tuple[str, str]]:
    """Who can get the duty: whoever has it already is no choice."""
    has_it = current.to_id if current else None
    others = [(keeper.public_id, keeper.name) for keeper in keepers if keeper.person_id != has_it]
    return others if has_it is None else [*others, (NOBODY, _("Niemand, de dienst stopt"))]
