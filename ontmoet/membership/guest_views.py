"""How people reach who was let in from outside."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.rooms.pages import room_or_404, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.rooms.wording import for_whom
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to
from ontmoet.web.pieces import untouched

from .admitting import Guest, admit, admitted_in, end_admission
from .forms import GuestForm
from .reaching import today
from .rules import is_for_neighbours
from .wording import say

bp = Blueprint("guests", __name__)


@bp.route("/r/<slug:slug>/buren", methods=["GET", "POST"])
@requires(Permission.GUESTS_ADMIT)
def guests(slug: str) -> Response:
    """Who of outside the complex may use the room, and letting in one more."""
    room = room_or_404(slug)
    ensure(Permission.GUESTS_ADMIT, room)
    if request.method != "POST":
        return _guests_page(room, GuestForm(), 200)
    form = GuestForm(request.form)
    if form.validate():
        guest = Guest(form.name.data, form.phone.data, form.address.data)
        try:
            with unit_of_work():
                admit(
                    room.room_id,
                    guest,
                    reason=form.reason.data,
                    actor_id=known_actor().person_id,
                    now=clock.now(),
                )
            flash(_("%(name)s mag hier vanaf nu reserveren.", name=guest.name), "good")
            return go_to(f"/r/{slug}/buren")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return _guests_page(room, form, 422)


@bp.post("/r/<slug:slug>/buren/stoppen")
@requires(Permission.GUESTS_ADMIT)
def end(slug: str) -> Response:
    """An address may not use the room any more."""
    room = room_or_404(slug)
    ensure(Permission.GUESTS_ADMIT, room)
    address_name = request.form.get("address_name", "")
    if not address_name or "\0" in address_name:
        abort(400)
    with unit_of_work():
        ended = end_admission(room.room_id, address_name, actor_id=known_actor().person_id, now=clock.now())
    flash(_("Dit adres kan hier niet meer reserveren.") if ended else _("Dat was al gestopt."), "good")
    return go_to(f"/r/{slug}/buren")


def _guests_page(room: RoomView, form: GuestForm, status: int) -> Response:
    actor = known_actor()
    is_open = is_for_neighbours(room.access_policy)
    may_except = allows(actor, Permission.GUESTS_EXCEPT, room)
    return room_page(
        "membership/guests.html",
        room,
        status=status,
        form=form,
        piece=untouched(("guest_form", room.room_id), (room.slug, is_open)),
        for_whom=for_whom(room.access_policy),
        is_exception=not is_open,
        may_admit=is_open or may_except,
        may_look_up=allows(actor, Permission.PERSON_SEE, room),
        admitted=[(found, dates.full_day(found.since)) for found in admitted_in(room.room_id, today=today())],
    )
