"""Choosing for a neighbour how they hear from us."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.permissions import Permission
from ontmoet.people.behalf import person_helped
from ontmoet.people.rules import Channel, Language
from ontmoet.rooms.pages import room_for, room_page
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from . import actions
from .forms import WayForm
from .queries import reader_of

bp = Blueprint("hearing_on_behalf", __name__)


@bp.route("/r/<slug:slug>/namens/berichten", methods=["GET", "POST"])
@requires(Permission.ON_BEHALF)
def way_to_somebody(slug: str) -> Response:
    """How somebody (`voor`) hears from us and in which language. What they want to hear about is theirs."""
    room = room_for(slug, Permission.ON_BEHALF)
    helped = person_helped(room)
    if helped is None:
        return go_to(f"/r/{slug}/namens")
    reader = reader_of(helped.person.person_id)
    if reader is None:
        abort(404)
    form = WayForm(
        request.form if request.method == "POST" else None,
        data={"channel": reader.hears_by, "language": reader.language},
    )
    form.offer(reader)
    if request.method == "POST" and form.validate():
        with unit_of_work():
            actions.choose_for(
                helped.person.person_id,
                (Channel(form.channel.data), Language(form.language.data)),
                actor_id=known_actor().person_id,
                room_id=room.room_id,
                now=clock.now(),
            )
        flash(_("Bewaard. %(name)s krijgt bericht.", name=helped.person.given_name), "good")
        return go_to(f"/r/{slug}/namens/berichten?voor={helped.public_id}")
    return room_page(
        "hearing/on_behalf.html",
        room,
        status=422 if form.is_refused else 200,
        form=form,
        helped=helped,
        has_address=reader.has_address,
    )
