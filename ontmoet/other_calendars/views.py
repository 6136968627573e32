"""Sending a calendar: first what would happen, then all of it that fits. Nothing of a file is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, request
from werkzeug.datastructures import CombinedMultiDict

from ontmoet.bookings.parties import Party
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.walltime import day_of
from ontmoet.membership.partners import organisations
from ontmoet.rooms.pages import room_for
from ontmoet.rooms.queries import place_of
from ontmoet.rooms.rules import UseKind
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext
from ontmoet.web.pages import go_to, page

from .actions import Target, judge, store, window_at
from .forms import CORPORATION, NOBODY_KNOWS, CalendarForm
from .reading import read_calendar
from .rules import State
from .wording import counted, fault_line, judged_lines, remarks, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ontmoet.rooms.rules import RoomView

    from .actions import Report

bp = Blueprint("other_calendars", __name__)

MOST_SHOWN = 50


@bp.route("/r/<slug:slug>/agenda/overnemen", methods=["GET", "POST"])
@requires(Permission.CALENDAR_TAKE_OVER)
def take_over(slug: str) -> Response:
    """A calendar of another program: judged, and with the `seal` of what was judged stored."""
    room, now = room_for(slug, Permission.CALENDAR_TAKE_OVER), clock.now()
    if room.is_closed(now):
        flash(_("Deze ruimte is voorgoed gesloten. Er komt niets meer in de agenda."), "info")
        return go_to(f"/r/{slug}/beheer")
    partners = organisations(room.room_id, today=day_of(now))
    is_sent = request.method == "POST"
    form = CalendarForm(CombinedMultiDict((request.files, request.form)) if is_sent else None)
    form.offer(room, [(partner.public_id, partner.name) for partner in partners])
    report = None
    if is_sent and form.validate():
        ids = {partner.public_id: partner.organisation_id for partner in partners}
        target = Target(room, form.zone_slug, _party(form.party.data or NOBODY_KNOWS, ids))
        try:
            read = read_calendar(form.raw, window_at(now, room))
            report = judge(read, target)
            if form.seal.data:
                with unit_of_work():
                    store(read, target, form.seal.data, actor_id=known_actor().person_id, now=now)
                _tell(len(report.those(State.NEW)))
                return go_to(f"/r/{slug}/agenda")
        except Refused as refusal:
            form.refuse([Objection(one.reason, "file", one.facts) for one in refusal.objections], say)
    return _page(room, form, report)


def _party(chosen: str, organisation_ids: Mapping[str, int]) -> Party | None:
    if chosen == NOBODY_KNOWS:
        return None
    if chosen == CORPORATION:
        return Party(UseKind.OWN)
    return Party(UseKind.ORGANISATION, organisation_id=organisation_ids[chosen])


def _tell(number: int) -> None:
    if number:
        flash(
            ngettext(
                "%(num)s afspraak staat nu in de agenda.", "%(num)s afspraken staan nu in de agenda.", number
            ),
            "good",
        )
    else:
        flash(_("Er is niets bewaard. Alles was er al."), "info")


def _page(room: RoomView, form: CalendarForm, report: Report | None) -> Response:
    lists = _lists(report) if report else []
    return page(
        "other_calendars/take_over.html",
        status=422 if form.is_refused else 200,
        place=place_of(room),
        nav="agenda",
        corporation_name=room.corporation_name,
        room=room,
        form=form,
        counted=counted(report) if report else [],
        lists=[(title, lines[:MOST_SHOWN], len(lines[MOST_SHOWN:])) for title, lines in lists if lines],
        seal=report.seal if report and not form.is_refused and report.those(State.NEW) else "",
    )


def _lists(report: Report) -> list[tuple[str, list[str]]]:
    """What there is to tell, each under its title."""

    def those(*states: State) -> list[str]:
        return judged_lines([one for one in report.dates if one.state in states])

    return [
        (_("Wat we niet kunnen lezen"), [fault_line(fault) for fault in report.read.faults]),
        (_("Wat niet past"), those(State.TAKEN, State.TAKEN_IN_FILE)),
        (_("Goed om te weten"), [*remarks(report), *those(State.MOVED, State.OFF)]),
        (_("Dit komt erbij"), those(State.NEW)),
    ]
