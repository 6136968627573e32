"""How people close a room for a while, and open it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.tokens import new_form_key
from ontmoet.rooms.pages import room_for
from ontmoet.trail.actions import FormPost
from ontmoet.web.access import known_actor, requires
from ontmoet.web.pages import go_to

from . import closing
from .closing import Displaces
from .closure_forms import ClosureForm
from .closure_pages import closure_page, closures_page, displaced_page
from .closure_queries import ClosureView, closure_of, closures_during, what_they_are
from .closure_rules import SpanReason
from .closure_wording import called_off_line, reopened_line, say_span

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.rooms.rules import RoomView

bp = Blueprint("closures", __name__)


@bp.get("/r/<slug:slug>/sluitingen")
@requires(Permission.CLOSURES_MANAGE)
def closures(slug: str) -> Response:
    """What closes the room: now, coming, and in the past year."""
    return closures_page(room_for(slug, Permission.CLOSURES_MANAGE), now=clock.now())


@bp.route("/r/<slug:slug>/sluitingen/nieuw", methods=["GET", "POST"])
@requires(Permission.CLOSURES_MANAGE)
def close(slug: str) -> Response:
    """Close the room, or a part. Whoever has it then is shown first; `step=write` goes back to the form."""
    room, now = room_for(slug, Permission.CLOSURES_MANAGE), clock.now()
    if request.method == "POST":
        return _sent(room, None, now=now)
    form = ClosureForm()
    form.offer(room)
    form.start_new(now, key=new_form_key())
    return closure_page(room, form, now=now)


@bp.route("/r/<slug:slug>/sluitingen/<public_id:public_id>", methods=["GET", "POST"])
@requires(Permission.CLOSURES_MANAGE)
def change(slug: str, public_id: str) -> Response:
    """Another time, part or reason, with the same look at who has the room then."""
    room, now = room_for(slug, Permission.CLOSURES_MANAGE), clock.now()
    closure = _closure_or_404(room, public_id)
    if closure.slot.ends <= now and request.method != "POST":
        return go_to(f"/r/{slug}/sluitingen")
    if request.method == "POST":
        return _sent(room, closure, now=now)
    return closure_page(room, _form_of(room, closure), closure, now=now)


@bp.post("/r/<slug:slug>/sluitingen/<public_id:public_id>/open")
@requires(Permission.CLOSURES_MANAGE)
def reopen(slug: str, public_id: str) -> Response:
    """The room is open again: a closure that has begun ends now, one that has not is gone."""
    room, now = room_for(slug, Permission.CLOSURES_MANAGE), clock.now()
    closure = closure_of(room.room_id, public_id)
    has_begun = is_shut = False
    if closure is not None:
        with unit_of_work():
            has_begun = closing.reopen(closure, room.room_id, actor_id=known_actor().person_id, now=now)
        rest = TimeSlot(max(closure.slot.starts, now), closure.slot.ends) if closure.slot.ends > now else None
        is_shut = rest is not None and bool(closures_during(room.room_id, rest))
    flash(reopened_line(has_begun=has_begun, is_shut=is_shut), "good")
    return go_to(f"/r/{slug}/sluitingen")


def _sent(room: RoomView, closure: ClosureView | None, *, now: datetime) -> Response:
    form = ClosureForm(request.form)
    form.offer(room)
    if closure is not None and closure.slot.starts <= now:
        form.keep_start(closure)
    if request.form.get("step") == "write":
        form.validate()
        return closure_page(room, form, closure, now=now)
    if form.validate():
        try:
            where = _done(room, closure, form, now=now)
            flash(called_off_line(what_they_are(form.marks)), "good")
            return go_to(where)
        except Displaces as found:
            return displaced_page(room, form, found.bookings, closure, now=now)
        except Refused as refusal:
            if closure is not None and _is_overtaken(refusal):
                closure = _closure_or_404(room, closure.public_id)
                form = _form_of(room, closure)
            form.refuse(refusal.objections, say_span)
    return closure_page(room, form, closure, now=now, status=422)


def _done(room: RoomView, closure: ClosureView | None, form: ClosureForm, *, now: datetime) -> str:
    """Close or change; where that can be seen."""
    actor_id = known_actor().person_id
    fields = {field.name: field.data for field in form if field.name != "idempotency_key"}
    post = FormPost(actor_id, request.path, form.idempotency_key.data, fields)
    wanted = form.wanted()
    with unit_of_work():
        if closure is None:
            where = closing.close(
                room.room_id, wanted, seen=form.marks, actor_id=actor_id, now=now, post=post
            )
        else:
            where = closing.change(
                closure,
                room.room_id,
                wanted,
                seen=form.marks,
                seen_as=form.seen_as.data,
                actor_id=actor_id,
                now=now,
                post=post,
            )
    return where


def _is_overtaken(refusal: Refused) -> bool:
    return any(each.reason == SpanReason.CHANGED_MEANWHILE for each in refusal.objections)


def _form_of(room: RoomView, closure: ClosureView) -> ClosureForm:
    form = ClosureForm()
    form.offer(room)
    form.fill_from(closure, key=new_form_key())
    return form


def _closure_or_404(room: RoomView, public_id: str) -> ClosureView:
    found = closure_of(room.room_id, public_id)
    if found is None:
        abort(404)
    return found
