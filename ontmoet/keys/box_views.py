"""The code box of a room: its page for who looks after keys, and its code for who booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request

from ontmoet.bookings.queries import booking_by_public_id
from ontmoet.bookings.states import Status
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.rooms.pages import room_for, room_page
from ontmoet.rooms.queries import room_by_id
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor, may, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to
from ontmoet.web.settings import current_config

from .boxes import (
    Box,
    SetBy,
    box_in,
    end_code,
    known_by,
    seen_by,
    set_code,
    show_to_booker,
    show_to_helper,
)
from .duty_queries import whom_to_call
from .forms import BoxForm
from .queries import copies_in
from .rules import HolderKind, Reason, may_know_whom_to_call, should_change_code
from .wording import copy_name, moment_words, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontmoet.bookings.queries import BookingView
    from ontmoet.rooms.rules import RoomView

    from .queries import Copy

bp = Blueprint("boxes", __name__)


@bp.get("/r/<slug:slug>/sleutels/kluis")
@requires(Permission.KEYS_HAND_OUT)
def box(slug: str) -> Response:
    """Where the code box hangs, since when its code is valid, and who saw it; never the code itself."""
    room = room_for(slug, Permission.KEYS_HAND_OUT)
    found = box_in(room.room_id)
    form = BoxForm()
    form.hangs.data = found.hangs if found else ""
    return _box_page(room, found, form)


@bp.post("/r/<slug:slug>/sleutels/kluis")
@requires(Permission.KEYS_MANAGE)
def change(slug: str) -> Response:
    """Hang up a code box, or set another code."""
    room = room_for(slug, Permission.KEYS_MANAGE)
    form = BoxForm(request.form)
    if form.validate():
        by = SetBy(known_actor().person_id, clock.now(), current_config().token_key)
        try:
            with unit_of_work():
                set_code(room.room_id, form.hangs.data, form.typed_code, by)
            flash(_("Opgeschreven. Zet de kluis zelf ook op deze code."), "good")
            return go_to(f"/r/{slug}/sleutels/kluis")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return _box_page(room, box_in(room.room_id), form, status=422)


@bp.post("/r/<slug:slug>/sleutels/kluis/weg")
@requires(Permission.KEYS_MANAGE)
def end(slug: str) -> Response:
    """Nobody is shown the code any more, until there is another."""
    room = room_for(slug, Permission.KEYS_MANAGE)
    with unit_of_work():
        end_code(room.room_id, actor_id=known_actor().person_id, now=clock.now())
    flash(_("Niemand ziet deze code nog."), "good")
    return go_to(f"/r/{slug}/sleutels/kluis")


@bp.post("/r/<slug:slug>/sleutels/kluis/code")
@requires(Permission.KEYS_HAND_OUT)
def show_helper(slug: str) -> Response:
    """The code, for who hands out keys here."""
    room = room_for(slug, Permission.KEYS_HAND_OUT)
    back = (f"/r/{slug}/sleutels/kluis", _("Terug naar de kluis"))
    try:
        with unit_of_work():
            found, code = show_to_helper(
                room.room_id,
                actor_id=known_actor().person_id,
                token_key=current_config().token_key,
                now=clock.now(),
            )
    except Refused as refusal:
        return _refused(room, refusal, back, on_call=_on_call(room))
    return _code_page(room, found, code, back)


@bp.post("/reserveringen/<public_id:public_id>/code")
@requires(Permission.BOX_CODE_SEE)
def show(public_id: str) -> Response:
    """The code, for who booked, from half an hour before until the end."""
    now = clock.now()
    booking = booking_by_public_id(public_id, now=now)
    if booking is None:
        abort(404)
    ensure(Permission.BOX_CODE_SEE, booking, hide=True)
    room = room_by_id(booking.room_id)
    back = (f"/reserveringen/{public_id}", _("Terug naar je reservering"))
    try:
        with unit_of_work():
            found, code = show_to_booker(
                booking, room, actor=known_actor(), token_key=current_config().token_key, now=now
            )
    except Refused as refusal:
        is_confirmed = booking.status is Status.CONFIRMED
        may_know = may_know_whom_to_call(booking.slot, is_confirmed=is_confirmed, now=now)
        return _refused(room, refusal, back, on_call=_on_call(room) if may_know else [])
    until = dates.clock_at(booking.slot.ends)
    return _code_page(room, found, code, back, until=until, keys=_keys_to_take(booking))


def _box_page(room: RoomView, found: Box | None, form: BoxForm, *, status: int = 200) -> Response:
    now = clock.now()
    may_manage = may(Permission.KEYS_MANAGE, room)
    code_id = found.code_id if found else None
    since = found.since if found else None
    people = 0 if code_id is None else known_by(code_id)
    return room_page(
        "keys/box.html",
        room,
        status=status,
        box=found,
        has_code=code_id is not None,
        since=moment_words(since, now) if since else "",
        people=people,
        is_old=since is not None and should_change_code(since, people, now),
        views=[]
        if code_id is None or not may_manage
        else [(name, moment_words(at, now)) for name, at in seen_by(code_id)],
        may_manage=may_manage,
        form=form,
    )


def _code_page(
    room: RoomView,
    found: Box,
    code: str,
    back: tuple[str, str],
    *,
    until: str = "",
    keys: Sequence[Copy] = (),
) -> Response:
    return room_page(
        "keys/code.html",
        room,
        hangs=found.hangs,
        code=code,
        until=until,
        on_call=_on_call(room) if until else [],
        keys=[(f"/sleutels/{copy.public_id}", copy_name(copy), copy.opens) for copy in keys],
        back=back,
    )


def _keys_to_take(booking: BookingView) -> list[Copy]:
    """The keys in the box; none for a booking that has one already."""
    copies = copies_in(booking.room_id)
    if any(copy.now.booking_id == booking.booking_id for copy in copies):
        return []
    return [copy for copy in copies if copy.now.holder.kind is HolderKind.CABINET]


def _on_call(room: RoomView) -> list[tuple[str, str, str]]:
    """Whom to call when the code does not help: who has the key duty first."""
    return [
        (one.name, _("Heeft nu de sleuteldienst") if one.has_duty else _("Let op de sleutels"), one.phone)
        for one in whom_to_call(room.room_id, now=clock.now())
        if one.phone
    ]


def _refused(
    room: RoomView, refusal: Refused, back: tuple[str, str], *, on_call: Sequence[tuple[str, str, str]]
) -> Response:
    return room_page(
        "keys/no_code.html",
        room,
        status=422,
        problem=" ".join(say(objection) for objection in refusal.objections),
        asks_to_agree=any(objection.reason is Reason.AGREE_FIRST for objection in refusal.objections),
        is_over=any(objection.reason is Reason.OVER for objection in refusal.objections),
        on_call=on_call,
        back=back,
    )
