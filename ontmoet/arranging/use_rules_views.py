"""Changing how a room may be booked: write, look what it means, save. Bookings that do not fit stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import room_page
from ontmoet.rooms.queries import room_by_id
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to
from ontmoet.web.pieces import untouched

from .hours_pages import room_to_change
from .hours_queries import coming_in
from .use_rules import objections_to, settings_from, settings_of, settings_text, unfit
from .use_rules_actions import set_rules
from .use_rules_forms import use_rules_form
from .use_rules_wording import meaning, say, unfit_lines, unfit_title

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.rooms.rules import RoomView

    from .use_rules import Settings
    from .use_rules_forms import UseRulesForm

bp = Blueprint("use_rules", __name__)


@bp.route("/r/<slug:slug>/reserveerregels", methods=["GET", "POST"])
@requires(Permission.HOURS_CHANGE)
def use_rules(slug: str) -> Response:
    """Write, look what it means, go on writing (`step=write`) or save (`step=save`)."""
    now = clock.now()
    room = room_to_change(slug)
    current = settings_of(room)
    if request.method != "POST":
        return _form_page(room, use_rules_form(None, current), seen=current, now=now)
    form, seen, step = use_rules_form(request.form, current), _seen(), request.form.get("step")
    if step == "write":
        return _form_page(room, form, seen=seen, now=now)
    if form.validate():
        wanted = form.settings()
        form.refuse(objections_to(wanted), say)
        if not form.is_refused and step != "save":
            return _look_page(room, wanted, seen=seen, now=now)
        if not form.is_refused:
            try:
                with unit_of_work():
                    set_rules(room.room_id, wanted, seen=seen, actor_id=known_actor().person_id, now=now)
                flash(_("Bewaard. Deze regels gelden vanaf nu."), "good")
                return go_to(f"/r/{slug}/reserveerregels")
            except Refused as refusal:
                form.refuse(refusal.objections, say)
                room = room_by_id(room.room_id)
    known = meaning(seen, room.hours, today=day_of(now))
    changed = [line for line in _meaning_now(room, now) if line not in known]
    return _form_page(room, form, seen=settings_of(room), changed=changed, now=now, status=422)


def _seen() -> Settings:
    """The rules that the form started from; what cannot be was not made by us."""
    try:
        return settings_from(request.form.get("seen", ""))
    except ValueError:
        abort(400)


def _meaning_now(room: RoomView, now: datetime) -> list[str]:
    return meaning(settings_of(room), room.hours, today=day_of(now))


def _form_page(
    room: RoomView,
    form: UseRulesForm,
    *,
    seen: Settings,
    now: datetime,
    changed: list[str] | None = None,
    status: int = 200,
) -> Response:
    return room_page(
        "arranging/use_rules.html",
        room,
        status=status,
        form=form,
        fields_piece=untouched(("use_rules", room.room_id), room.version),
        seen=settings_text(seen),
        changed=changed or [],
        meaning=_meaning_now(room, now),
    )


def _look_page(room: RoomView, wanted: Settings, *, seen: Settings, now: datetime) -> Response:
    found = unfit(wanted, coming_in(room.room_id, now=now), room.zone_ids, now=now)
    return room_page(
        "arranging/use_rules_look.html",
        room,
        seen=settings_text(seen),
        kept=[
            (name, value)
            for name, value in request.form.items()
            if name not in ("csrf_token", "seen", "step")
        ],
        meaning=meaning(wanted, room.hours, today=day_of(now)),
        is_new=wanted != settings_of(room),
        unfit_title=unfit_title(found) if found.total else "",
        unfit_lines=unfit_lines(found),
    )
