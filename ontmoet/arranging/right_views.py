"""Who has the right to use a room, on screen."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock, text
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.text import Malformed
from ontmoet.rooms.pages import room_for, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to
from ontmoet.web.pieces import untouched

from . import rights as actions
from .complexes import all_complexes
from .forms import RightForm
from .queries import complex_of
from .wording import say

bp = Blueprint("rights", __name__)


@bp.route("/r/<slug:slug>/inrichting/gebruik", methods=["GET", "POST"])
@requires(Permission.ROOM_ARRANGE)
def rights(slug: str) -> Response:
    """Give the right to a complex (`step=complex`) or a home, or take one away (`step=take`)."""
    room = room_for(slug, Permission.ROOM_ARRANGE)
    step = request.form.get("step")
    form = RightForm(request.form if request.method == "POST" and step is None else None)
    if step is not None:
        _give_or_take(room, step)
        flash(_("Bewaard."), "good")
        return go_to(f"/r/{slug}/inrichting/gebruik")
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                actions.give_to_home(
                    room.room_id, form.address_name.data, actor=known_actor(), now=clock.now()
                )
            flash(_("Bewaard."), "good")
            return go_to(f"/r/{slug}/inrichting/gebruik")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    complexes = all_complexes()
    own = complex_of(room.room_id)
    others = tuple(one for one in complexes if one.complex_id not in room.used_by_complexes)
    rights = actions.rights_of(room.room_id)
    return room_page(
        "arranging/rights.html",
        room,
        status=422 if form.is_refused else 200,
        form=form,
        rights=rights,
        piece=untouched(("rights", room.room_id), (room.slug, rights, others)),
        own=next(one for one in complexes if one.complex_id == own),
        others=others,
    )


def _give_or_take(room: RoomView, step: str) -> None:
    if step == "take":
        try:
            right_id = text.whole_number(request.form.get("right", ""), least=1, most=2**53)
        except Malformed:
            abort(400)
        with unit_of_work():
            actions.take(room.room_id, right_id, actor=known_actor(), now=clock.now())
        return
    chosen = next((one for one in all_complexes() if one.public_id == request.form.get("complex")), None)
    if chosen is None:
        abort(400)
    with unit_of_work():
        actions.give_to_complex(room.room_id, chosen.complex_id, actor=known_actor(), now=clock.now())
