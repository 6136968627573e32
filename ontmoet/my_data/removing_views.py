"""How the corporation reaches the removing of somebody who cannot sign in."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.membership.queries import Somebody, colleagues
from ontmoet.membership.reaching import by, somebody_or_404, today
from ontmoet.people.confirming import is_confirmed
from ontmoet.rooms.pages import room_or_404, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from .erasing import wipe_at_once
from .forms import RemoveOtherForm
from .queries import is_erased
from .removing import outlook, remove
from .rules import Asked, Reason
from .wording import say

bp = Blueprint("removing", __name__)


@bp.route("/r/<slug:slug>/mensen/<public_id:public_id>/verwijderen", methods=["GET", "POST"])
@requires(Permission.PERSON_ERASE)
def remove_other(slug: str, public_id: str) -> Response:
    """Remove somebody of this room who asks for it and cannot sign in."""
    room = room_or_404(slug)
    ensure(Permission.PERSON_ERASE, room, hide=True)
    if request.method == "POST" and is_erased(public_id):
        # Pressed twice, or by two at once.
        return _gone(slug)
    person, asker = somebody_or_404(room, public_id), by(room)
    if not is_confirmed(asker.now):
        return go_to(f"/mijn/gegevens/bevestigen?next={request.path}")
    form = RemoveOtherForm(request.form if request.method == "POST" else None)
    form.offer()
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                remove(person.person_id, Asked(form.asked.data), asker)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
        else:
            wipe_at_once(asker.now)
            return _gone(slug)
    return _remove_page(room, person, form)


def _administrators() -> list[str]:
    """Whom staff may ask."""
    return [role.name for role in colleagues(today=today()) if role.function is Function.ADMINISTRATOR]


def _gone(slug: str) -> Response:
    flash(_("De gegevens zijn weg."), "good")
    return go_to(f"/r/{slug}/mensen")


def _remove_page(room: RoomView, person: Somebody, form: RemoveOtherForm) -> Response:
    found = outlook(person.person_id, actor=known_actor(), room_id=room.room_id, now=clock.now())
    reasons = {objection.reason for objection in found.hindrances}
    return room_page(
        "my_data/remove_other.html",
        room,
        status=422 if form.is_refused else 200,
        form=form,
        person=person,
        hindrances=[say(objection) for objection in found.hindrances],
        is_oneself=Reason.NOT_YOURSELF in reasons,
        administrators=_administrators() if Reason.NOT_YOURS_ALONE in reasons else [],
        coming=found.coming,
    )
