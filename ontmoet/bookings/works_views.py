"""How people announce that somebody comes in to work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.tokens import new_form_key
from ontmoet.rooms.pages import room_for, room_page
from ontmoet.trail.actions import FormPost
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from . import works as announcing
from .closure_forms import WorksForm
from .closure_pages import Line, in_order
from .closure_queries import SHOWN_AFTER
from .closure_rules import SpanReason
from .closure_wording import say_span, when_line
from .works import WorksView, works_in, works_of

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.rooms.rules import RoomView

bp = Blueprint("works", __name__)


@bp.get("/r/<slug:slug>/werk")
@requires(Permission.WORKS_ANNOUNCE)
def works(slug: str) -> Response:
    """What is announced: now, coming, and in the past year."""
    room, now = room_for(slug, Permission.WORKS_ANNOUNCE), clock.now()
    lines = (
        (
            each.slot,
            Line(
                each.what,
                when_line(each.slot, now),
                each.who,
                f"/r/{slug}/werk/{each.public_id}" if each.slot.ends > now else "",
            ),
        )
        for each in works_in(room)
        if each.slot.ends > now - SHOWN_AFTER
    )
    return room_page("bookings/works.html", room, groups=in_order(lines, now))


@bp.route("/r/<slug:slug>/werk/nieuw", methods=["GET", "POST"])
@requires(Permission.WORKS_ANNOUNCE)
def announce(slug: str) -> Response:
    """Announce it: everybody sees it, and who has the room then is told."""
    room, now = room_for(slug, Permission.WORKS_ANNOUNCE), clock.now()
    if request.method == "POST":
        return _sent(room, None, now=now)
    form = WorksForm()
    form.offer_times()
    form.start_new(now, key=new_form_key())
    return _form_page(room, form)


@bp.route("/r/<slug:slug>/werk/<public_id:public_id>", methods=["GET", "POST"])
@requires(Permission.WORKS_ANNOUNCE)
def change(slug: str, public_id: str) -> Response:
    """Announce it otherwise."""
    room, now = room_for(slug, Permission.WORKS_ANNOUNCE), clock.now()
    found = _works_or_404(room, public_id)
    if request.method == "POST":
        return _sent(room, found, now=now)
    if found.slot.ends <= now:
        return go_to(f"/r/{slug}/werk")
    return _form_page(room, _form_of(found), found)


@bp.post("/r/<slug:slug>/werk/<public_id:public_id>/weg")
@requires(Permission.WORKS_ANNOUNCE)
def take_back(slug: str, public_id: str) -> Response:
    """It does not happen."""
    room, now = room_for(slug, Permission.WORKS_ANNOUNCE), clock.now()
    found = works_of(room.room_id, public_id)
    if found is not None:
        with unit_of_work():
            announcing.take_back(found, room.room_id, actor_id=known_actor().person_id, now=now)
    flash(_("Weggehaald. Wie de ruimte dan heeft, hoort het."), "good")
    return go_to(f"/r/{slug}/werk")


def _sent(room: RoomView, found: WorksView | None, *, now: datetime) -> Response:
    form = WorksForm(request.form)
    form.offer_times()
    if form.validate():
        try:
            where = _done(room, found, form, now=now)
            flash(_("Aangekondigd. Wie de ruimte dan heeft, hoort het."), "good")
            return go_to(where)
        except Refused as refusal:
            if found is not None and any(
                o.reason == SpanReason.CHANGED_MEANWHILE for o in refusal.objections
            ):
                found = _works_or_404(room, found.public_id)
                form = _form_of(found)
            form.refuse(refusal.objections, say_span)
    return _form_page(room, form, found, status=422)


def _done(room: RoomView, found: WorksView | None, form: WorksForm, *, now: datetime) -> str:
    actor_id = known_actor().person_id
    fields = {field.name: field.data for field in form if field.name != "idempotency_key"}
    post = FormPost(actor_id, request.path, form.idempotency_key.data, fields)
    wanted = form.wanted()
    with unit_of_work():
        if found is None:
            return announcing.announce(room.room_id, wanted, actor_id=actor_id, now=now, post=post)
        return announcing.change(
            found,
            room.room_id,
            wanted,
            seen_as=form.seen_as.data,
            actor_id=actor_id,
            now=now,
            post=post,
        )


def _form_page(
    room: RoomView, form: WorksForm, found: WorksView | None = None, *, status: int = 200
) -> Response:
    return room_page(
        "bookings/works_form.html",
        room,
        status=status,
        form=form,
        works=found,
        here=f"/r/{room.slug}/werk/{found.public_id if found else 'nieuw'}",
    )


def _form_of(found: WorksView) -> WorksForm:
    form = WorksForm()
    form.offer_times()
    form.fill_from(found, key=new_form_key())
    return form


def _works_or_404(room: RoomView, public_id: str) -> WorksView:
    found = works_of(room.room_id, public_id)
    if found is None:
        abort(404)
    return found
