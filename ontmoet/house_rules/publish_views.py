"""Writing new house rules: the text, a look at what changes, and publishing it."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.tokens import new_form_key
from ontmoet.rooms.pages import room_for, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.trail.actions import FormPost
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from . import actions
from .changes import changes_between
from .forms import PublishForm
from .queries import current_of
from .rules import Reason, objections_to
from .wording import say

bp = Blueprint("house_rules_publish", __name__)


@bp.route("/r/<slug:slug>/huisregels/nieuw", methods=["GET", "POST"])
@requires(Permission.HOUSE_RULES_PUBLISH)
def publish(slug: str) -> Response:
    """Write, look (`step=look`), go on writing (`step=write`) or publish (`step=publish`)."""
    now = clock.now()
    room = room_for(slug, Permission.HOUSE_RULES_PUBLISH)
    if request.method != "POST":
        form = PublishForm()
        form.start_from(current_of(room, now=now), key=new_form_key())
        return _publish_page(room, form, now=now)
    form = PublishForm(request.form)
    step = request.form.get("step")
    if not form.validate():
        return _publish_page(room, form, now=now, status=422)
    if step == "publish":
        return _published(room, form, now=now)
    if step == "write":
        return _publish_page(room, form, now=now)
    form.refuse(objections_to(form.draft(), current_of(room, now=now)), say)
    if form.is_refused:
        return _publish_page(room, form, now=now, status=422)
    return _publish_page(room, form, now=now, is_look=True)


def _published(room: RoomView, form: PublishForm, *, now: datetime) -> Response:
    fields = {field.name: field.data for field in form if field.name != "idempotency_key"}
    post = FormPost(known_actor().person_id, request.path, form.idempotency_key.data, fields)
    try:
        with unit_of_work():
            where = actions.publish(
                room.room_id,
                form.draft(),
                seen_number=form.number.data,
                actor=known_actor(),
                post=post,
                now=now,
            )
    except Refused as refusal:
        form.refuse(refusal.objections, say)
        is_second = any(o.reason is Reason.PUBLISHED_MEANWHILE for o in refusal.objections)
        return _publish_page(room, form, now=now, is_look=is_second, status=422)
    flash(_("Dit zijn nu de huisregels."), "good")
    return go_to(where)


def _publish_page(
    room: RoomView, form: PublishForm, *, now: datetime, is_look: bool = False, status: int = 200
) -> Response:
    current = current_of(room, now=now)
    if is_look:
        # From here on one changes the rules that are in force at this moment.
        form.number.data = current.number if current else 0
        form.number.raw_data = None
    return room_page(
        "house_rules/publish.html",
        room,
        status=status,
        form=form,
        current=current,
        is_look=is_look,
        marked=changes_between(current.body if current else "", form.body.data) if is_look else (),
    )
