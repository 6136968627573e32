"""The lockers of a room: which group has which (SB-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.rooms.pages import room_for, room_page
from ontmoet.web import dates
from ontmoet.web.access import known_actor, may, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from .forms import LockerForm
from .lockers import Wanted, add_locker, change_locker, end_locker, locker_of, lockers_in
from .queries import copies_in
from .rules import HolderKind, Reason
from .wording import copy_name, say, where_line

if TYPE_CHECKING:
    from ontmoet.rooms.rules import RoomView

    from .lockers import Locker
    from .queries import Copy

bp = Blueprint("lockers", __name__)


@bp.get("/r/<slug:slug>/sleutels/kastjes")
@requires(Permission.KEYS_HAND_OUT)
def lockers(slug: str) -> Response:
    """Which group has which locker, and where its key is. Only who keeps the list reads of a dispute."""
    room = room_for(slug, Permission.KEYS_HAND_OUT)
    copies = {copy.copy_id: copy for copy in copies_in(room.room_id)}
    may_manage = may(Permission.KEYS_MANAGE, room)
    return room_page(
        "keys/lockers.html",
        room,
        lockers=[
            (
                locker,
                dates.full_day(locker.since),
                copies.get(locker.says.copy_id or 0),
                _key_line(copies.get(locker.says.copy_id or 0)),
                locker.says.note if may_manage else "",
            )
            for locker in lockers_in(room.room_id)
        ],
        may_manage=may_manage,
    )


@bp.route("/r/<slug:slug>/sleutels/kastjes/nieuw", methods=["GET", "POST"])
@requires(Permission.KEYS_MANAGE)
def add(slug: str) -> Response:
    """Write down which group has a locker."""
    room = room_for(slug, Permission.KEYS_MANAGE)
    if request.method != "POST":
        return _form_page(room, LockerForm())
    form = LockerForm(request.form)
    if form.validate():
        try:
            wanted = _wanted(room, form)
            with unit_of_work():
                add_locker(room.room_id, wanted, actor_id=known_actor().person_id, now=clock.now())
            flash(_("Opgeschreven."), "good")
            return go_to(f"/r/{slug}/sleutels/kastjes")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return _form_page(room, form, status=422)


@bp.route("/r/<slug:slug>/sleutels/kastjes/<public_id:public_id>", methods=["GET", "POST"])
@requires(Permission.KEYS_MANAGE)
def change(slug: str, public_id: str) -> Response:
    """Change what is written down about a locker."""
    room = room_for(slug, Permission.KEYS_MANAGE)
    locker = _locker(room, public_id)
    if not locker.is_in_use:
        return go_to(f"/r/{slug}/sleutels/kastjes")
    if request.method != "POST":
        return _form_page(room, _form_of(room, locker), locker)
    form = LockerForm(request.form)
    if form.validate():
        try:
            wanted = _wanted(room, form)
            with unit_of_work():
                change_locker(room.room_id, locker, wanted, actor_id=known_actor().person_id, now=clock.now())
            flash(_("Opgeschreven."), "good")
            return go_to(f"/r/{slug}/sleutels/kastjes")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return _form_page(room, form, locker, status=422)


@bp.post("/r/<slug:slug>/sleutels/kastjes/<public_id:public_id>/vrij")
@requires(Permission.KEYS_MANAGE)
def end(slug: str, public_id: str) -> Response:
    """The group does not have the locker any more."""
    room = room_for(slug, Permission.KEYS_MANAGE)
    locker = _locker(room, public_id)
    with unit_of_work():
        end_locker(room.room_id, locker, actor_id=known_actor().person_id, now=clock.now())
    flash(_("Kastje %(number)s is vrij.", number=locker.says.number), "good")
    return go_to(f"/r/{slug}/sleutels/kastjes")


def _locker(room: RoomView, public_id: str) -> Locker:
    locker = locker_of(room.room_id, public_id)
    if locker is None:
        abort(404)
    return locker


def _wanted(room: RoomView, form: LockerForm) -> Wanted:
    """What the form says. Raises `Refused` when there is no such key."""
    typed, copy_id = form.key_number.data, None
    if typed:
        found = next((copy for copy in copies_in(room.room_id) if str(copy.number) == typed), None)
        if found is None:
            raise Refused(Objection(Reason.KEY_UNKNOWN, "key_number"))
        copy_id = found.copy_id
    return Wanted(form.number.data, form.group_name.data, copy_id, form.note.data)


def _form_of(room: RoomView, locker: Locker) -> LockerForm:
    says = locker.says
    copies = {copy.copy_id: copy for copy in copies_in(room.room_id)}
    its_key = copies.get(says.copy_id or 0)
    form = LockerForm()
    form.number.data, form.group_name.data, form.note.data = says.number, says.group_name, says.note
    form.key_number.data = str(its_key.number) if its_key else ""
    return form


def _form_page(
    room: RoomView, form: LockerForm, locker: Locker | None = None, *, status: int = 200
) -> Response:
    return room_page(
        "keys/locker.html",
        room,
        status=status,
        form=form,
        title=_("Kastje %(number)s", number=locker.says.number) if locker else _("Nieuw kastje"),
        here=f"/r/{room.slug}/sleutels/kastjes/{locker.public_id if locker else 'nieuw'}",
        is_there=locker is not None,
    )


def _key_line(copy: Copy | None) -> str:
    """Which key, and with whom. That it is put away goes without saying: a cabinet is called a kastje too."""
    if copy is None:
        return ""
    is_put_away = copy.now.holder.kind is HolderKind.CABINET
    return copy_name(copy) if is_put_away else f"{copy_name(copy)}, {where_line(copy.now)}"
