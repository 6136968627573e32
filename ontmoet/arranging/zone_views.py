"""Parts of a room on screen."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.rooms.pages import room_for, room_page
from ontmoet.rooms.queries import room_by_id
from ontmoet.rooms.rules import RoomView, ZoneView
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from . import zones as actions
from .coming import beyond_capacity, closures_of_zone, coming_in_zone
from .forms import ChangeZoneForm, ZoneForm
from .in_the_way import lines_of
from .rules import Reason, Seen
from .wording import say

bp = Blueprint("zones", __name__)


@bp.route("/r/<slug:slug>/inrichting/zones", methods=["GET", "POST"])
@requires(Permission.ROOM_ARRANGE)
def zones(slug: str) -> Response:
    """The parts of a room, and one more."""
    now = clock.now()
    room = room_for(slug, Permission.ROOM_ARRANGE)
    form = ZoneForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                actions.add_zone(
                    room.room_id, form.name.data, form.capacity.data, actor=known_actor(), now=now
                )
            flash(_("Het deel is er. Wie de hele ruimte heeft, heeft dit deel er ook bij."), "good")
            return go_to(f"/r/{slug}/inrichting/zones")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return room_page(
        "arranging/zones.html",
        room,
        status=422 if form.is_refused else 200,
        form=form,
        too_many=lines_of(room, beyond_capacity(room, now=now), "too_many"),
    )


@bp.route("/r/<slug:slug>/inrichting/zone", methods=["GET", "POST"])
@requires(Permission.ROOM_ARRANGE)
def zone(slug: str) -> Response:
    """One part (`deel`): its name and capacity, and removing it (`step=remove`)."""
    room = room_for(slug, Permission.ROOM_ARRANGE)
    if "deel" not in request.args:
        return go_to(f"/r/{slug}/inrichting/zones")
    found = room.zone(request.args["deel"])
    if found is None:
        abort(404)
    if request.method != "POST":
        return _zone_page(room, found)
    if request.form.get("step") == "remove":
        return _removed(room, found)
    form = ChangeZoneForm(request.form)
    if form.validate():
        try:
            with unit_of_work():
                actions.change_zone(
                    room.room_id,
                    found.zone_id,
                    form.wanted,
                    seen=Seen.read(form.seen.data),
                    actor=known_actor(),
                    now=clock.now(),
                )
            flash(_("Bewaard."), "good")
            return go_to(f"/r/{slug}/inrichting/zones")
        except Refused as refusal:
            form.refuse(refusal.objections, say)
            _show_what_changed(form, refusal, room.room_id, found)
    return _zone_page(room, found, form)


def _show_what_changed(form: ChangeZoneForm, refusal: Refused, room_id: int, found: ZoneView) -> None:
    """What only another changed is shown as it is now; the rest stays as it was typed."""
    zones = room_by_id(room_id).zones
    values = actions.values_of(next((zone for zone in zones if zone.zone_id == found.zone_id), found))
    for objection in refusal.objections:
        if objection.reason is Reason.CHANGED_MEANWHILE and objection.field is not None:
            form.show(objection.field, values)
    form.mark_seen(values)


def _removed(room: RoomView, found: ZoneView) -> Response:
    try:
        with unit_of_work():
            actions.remove_zone(room.room_id, found.zone_id, actor=known_actor(), now=clock.now())
    except Refused as refusal:
        problem = " ".join(say(objection) for objection in refusal.objections)
        return _zone_page(room, found, problem=problem)
    flash(_("Het deel is weg. Wat geweest is, blijft in de agenda staan."), "good")
    return go_to(f"/r/{room.slug}/inrichting/zones")


def _zone_page(
    room: RoomView, found: ZoneView, form: ChangeZoneForm | None = None, *, problem: str = ""
) -> Response:
    now = clock.now()
    if form is None:
        form = ChangeZoneForm()
        form.start_from(actions.values_of(found))
    return room_page(
        "arranging/zone.html",
        room,
        status=422 if form.is_refused or problem else 200,
        form=form,
        zone=found,
        problem=problem,
        coming=lines_of(room, coming_in_zone(room.room_id, found.zone_id, now=now), found.slug),
        closures=closures_of_zone(found.zone_id, now=now),
    )
