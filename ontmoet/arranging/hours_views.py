"""Changing when a room is open. What is saved cancels nobody: first one sees whose booking falls outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.queries import room_by_id
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from .hours_actions import days_text, set_days, set_week
from .hours_forms import COPIES, DaysForm, like_monday, week_form
from .hours_pages import days_page, holidays_page, hours_page, look_page, room_to_change
from .hours_queries import coming_in
from .hours_rules import (
    How,
    Reason,
    days_wanted,
    in_rows,
    is_never_open,
    special_among,
    week_from,
    week_in,
    week_of,
    week_text,
    with_days,
    with_week,
)
from .hours_school import Region
from .hours_wording import changed_lines, days_line, saved_line, say, say_of_week, special_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ontmoet.rooms.rules import RoomView

    from .hours_forms import WeekForm
    from .hours_queries import Coming
    from .hours_rules import DaysWanted, Week

bp = Blueprint("hours", __name__)


@bp.route("/r/<slug:slug>/openingstijden", methods=["GET", "POST"])
@requires(Permission.HOURS_CHANGE)
def hours(slug: str) -> Response:
    """The week: write, fill days in like Monday (`step=workdays`, `all_days`), go on writing (`write`), look
    whose booking falls outside, save (`save`).
    """
    now = clock.now()
    room = room_to_change(slug)
    if request.method != "POST":
        return hours_page(room, week_form(None, room.hours), seen=week_in(room.hours), now=now)
    step, seen = request.form.get("step", ""), _week_seen()
    if step in COPIES:
        return hours_page(room, week_form(like_monday(request.form, COPIES[step])), seen=seen, now=now)
    form = week_form(request.form)
    if step == "write":
        return hours_page(room, form, seen=seen, now=now)
    if form.validate():
        try:
            return _week_sent(room, form, seen, is_sure=step == "save", now=now)
        except Refused as refusal:
            form.refuse(refusal.objections, say_of_week)
            if any(objection.reason is Reason.CHANGED_MEANWHILE for objection in refusal.objections):
                room = room_by_id(room.room_id)
    current = week_in(room.hours)
    changed = changed_lines(seen, current)
    return hours_page(room, form, seen=current, changed=changed, now=now, status=422)


def _week_sent(room: RoomView, form: WeekForm, seen: Week, *, is_sure: bool, now: datetime) -> Response:
    """Save, or show first what that means. Raises `Refused`."""
    week = week_of(form.typed())
    if not is_sure:
        hours = with_week(room.hours, week)
        affected = [one for one in coming_in(room.room_id, now=now) if not hours.cover(one.slot)]
        if affected or is_never_open(week):
            return look_page(
                room,
                affected,
                request.form,
                action=request.path,
                seen=week_text(seen),
                is_never=is_never_open(week),
                now=now,
            )
    with unit_of_work():
        set_week(room.room_id, week, seen=seen, actor_id=known_actor().person_id, now=now)
    return _saved(room, _("De openingstijden zijn bewaard."))


@bp.route("/r/<slug:slug>/openingstijden/dagen", methods=["GET", "POST"])
@requires(Permission.HOURS_CHANGE)
def days(slug: str) -> Response:
    """A day, or days in a row, that go otherwise; the same steps."""
    now = clock.now()
    room = room_to_change(slug)
    if request.method != "POST":
        form = DaysForm(request.args if "first" in request.args else None)
        return days_page(room, form)
    form = DaysForm(request.form)
    step = request.form.get("step", "")
    if step != "write" and form.validate():
        try:
            wanted = days_wanted(
                form.first.data,
                form.last.data,
                How(form.how.data),
                form.typed(),
                form.reason.data,
                today=day_of(now),
            )
            return _days_sent(room, wanted, is_sure=step == "save", now=now)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return days_page(room, form, status=422 if form.is_refused else 200)


@bp.get("/r/<slug:slug>/openingstijden/feestdagen")
@requires(Permission.HOURS_CHANGE)
def holidays(slug: str) -> Response:
    """Holidays as suggestions; those of schools once a region is chosen (`regio`)."""
    room = room_to_change(slug)
    return holidays_page(room, _region(request.args), now=clock.now())


def _region(sent: Mapping[str, str]) -> Region | None:
    """The region that was asked for; anything else is none."""
    return next((region for region in Region if region == sent.get("regio")), None)


def _days_sent(room: RoomView, wanted: DaysWanted, *, is_sure: bool, now: datetime) -> Response:
    """Save, or show first what that means. Raises `Refused` for what no look can mend."""
    seen = request.form.get("seen", "")
    if not is_sure:
        if special_among(room.hours, wanted.days) or _affected_by(room, wanted, now):
            return _look_at_days(room, wanted, now=now)
        seen = ""
    try:
        with unit_of_work():
            set_days(room.room_id, wanted, seen=seen, actor_id=known_actor().person_id, now=now)
    except Refused as refusal:
        return _look_at_days(
            room_by_id(room.room_id), wanted, now=now, problem=" ".join(map(say, refusal.objections))
        )
    return _saved(room, saved_line(wanted, day_of(now)))


def _affected_by(room: RoomView, wanted: DaysWanted, now: datetime) -> list[Coming]:
    """Bookings on these days that fall outside."""
    hours, of_days = with_days(room.hours, wanted), set(wanted.days)
    return [
        one
        for one in coming_in(room.room_id, now=now)
        if day_of(one.slot.starts) in of_days and not hours.cover(one.slot)
    ]


def _look_at_days(room: RoomView, wanted: DaysWanted, *, now: datetime, problem: str = "") -> Response:
    stands = special_among(room.hours, wanted.days)
    today = day_of(now)
    return look_page(
        room,
        _affected_by(room, wanted, now),
        request.form,
        action=request.path,
        seen=days_text(stands),
        stood=[f"{days_line(row.first, row.last, today)}: {special_line(row)}" for row in in_rows(stands)],
        problem=problem,
        now=now,
    )


def _saved(room: RoomView, said: str) -> Response:
    flash(said, "good")
    if request.form.get("back") != "feestdagen":
        return go_to(f"/r/{room.slug}/openingstijden")
    region = _region(request.form)
    return go_to(f"/r/{room.slug}/openingstijden/feestdagen{f'?regio={region}' if region else ''}")


def _week_seen() -> Week:
    """The week that the form started from; one that cannot be was not made by us."""
    try:
        return week_from(request.form.get("seen", ""))
    except ValueError:
        abort(400)
