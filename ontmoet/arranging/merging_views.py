"""A room goes on in another one, on screen: which one, what happens then, and doing so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, request

from ontmoet.db import AnyRow, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Place
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.proving.fresh import asked_again
from ontmoet.rooms.pages import room_for, room_page
from ontmoet.rooms.queries import goes_on_in, live_rooms, room_by_slug
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from .coming import InTheWay
from .forms import MergeForm
from .in_the_way import Lines, lines_of
from .merging import Merge, merge
from .merging_queries import plan_of
from .merging_rules import MergeReason, objections_to_merging
from .merging_wording import booking_lines, exception_words, parts_of, say, where_to

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ontmoet.rooms.rules import RoomView

    from .merging_rules import Coming

bp = Blueprint("merging", __name__)


@bp.route("/r/<slug:slug>/inrichting/samenvoegen", methods=["GET", "POST"])
@requires(Permission.ROOM_ARRANGE)
def merging(slug: str) -> Response:
    """Choose a room (nothing in the address), read what happens (`into`), and let it happen (a post)."""
    now = clock.now()
    old = room_for(slug, Permission.ROOM_ARRANGE)
    is_asked = request.method == "POST" or not request.args.keys().isdisjoint(("into", "step"))
    form = MergeForm(request.values if is_asked else None)
    others = _others(old, now)
    form.into.choices = [(one.slug, one.name) for one in others]
    if not is_asked or not form.validate():
        return _choose_page(old, form, others, now=now)
    into = room_by_slug(form.into.data)
    if into is None:
        form.refuse([Objection(MergeReason.NO_SUCH_ROOM, "into")], say)
        return _choose_page(old, form, others, now=now)
    zones = into.zones if into.is_divisible else ()
    form.zone.choices = [("", _("De hele ruimte")), *((one.slug, one.name) for one in zones)]
    form.zone.data = form.zone.data or ""
    if not form.zone.is_listed:
        form.refuse([Objection(MergeReason.NO_SUCH_ZONE, "zone")], say)
    elif request.method == "POST" and request.form.get("step") == "merge":
        # Functions go along: it asks what giving one asks.
        if (asking := asked_again()) is not None:
            return asking
        return _merge(old, into, form, now=now)
    return _look_page(old, into, form, now=now)


def _merge(old: RoomView, into: RoomView, form: MergeForm, *, now: datetime) -> Response:
    wanted = Merge(
        old.room_id,
        into.room_id,
        zone=form.zone.data,
        seen=form.seen.data,
        exception=exception_words(old),
        actor_id=known_actor().person_id,
        now=now,
    )
    try:
        with unit_of_work():
            merge(wanted)
    except Refused as refusal:
        problem = " ".join(say(objection) for objection in refusal.objections)
        return _look_page(old, into, form, now=now, problem=problem)
    flash(
        _(
            "%(old)s gaat verder in %(room)s. Iedereen die het aangaat, krijgt bericht.",
            old=old.name,
            room=into.name,
        ),
        "good",
    )
    return go_to(f"/r/{into.slug}/inrichting")


def _others(old: RoomView, now: datetime) -> list[AnyRow]:
    """The open rooms that this person arranges, but this one: as `live_rooms` says."""
    actor = known_actor()
    return [
        row
        for row in live_rooms(now)
        if row.id != old.room_id
        and allows(actor, Permission.ROOM_ARRANGE, Place(row.id, row.slug, row.name, row.door))
    ]


def _choose_page(old: RoomView, form: MergeForm, others: Iterable[AnyRow], *, now: datetime) -> Response:
    return room_page(
        "arranging/merge.html",
        old,
        status=422 if form.is_refused else 200,
        form=form,
        # Rooms of two complexes may have one name.
        where={one.slug: f"{one.address}, {one.town}" for one in others},
        is_over=not old.is_open_to_bookings(now),
        following=goes_on_in(old),
    )


def _look_page(
    old: RoomView, into: RoomView, form: MergeForm, *, now: datetime, problem: str = ""
) -> Response:
    zone = into.zone(form.zone.data) if form.zone.is_listed else None
    against = objections_to_merging(old, into, now=now)
    plan = plan_of(old, into, zone, actor=known_actor(), now=now)
    going = plan.placing.going
    return room_page(
        "arranging/merge_look.html",
        old,
        status=422 if problem or form.is_refused else 200,
        into=into,
        form=form,
        problem=problem,
        is_over=bool(against),
        mark=plan.mark,
        where=where_to(into, zone),
        lines=booking_lines(plan, old, into, zone),
        colliding=_listed(old, plan.placing.colliding, "colliding"),
        colliding_number=len(plan.placing.colliding),
        outside_hours=_listed(old, (each.booking for each in going if each.is_outside_hours), "outside"),
        too_large=_listed(old, (each.booking for each in going if each.is_too_large), "large"),
        parts=parts_of(plan, old, into),
    )


def _listed(room: RoomView, bookings: Iterable[Coming], which: str) -> Lines:
    """The first of them, as rows."""
    found = [InTheWay(one.public_id, one.slot, one.people) for one in bookings]
    return lines_of(room, found, f"merging_{which}")
