"""Sending a calendar: first what would happen, then all of it that fits. Nothing of a file is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import Blueprint, Response, flash, request
from werkzeug.datastructures import CombinedMultiDict

from ontmoet.bookings.parties import Party
from ontmoet.db import let_go, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.walltime import day_of
from ontmoet.membership.partners import organisations
from ontmoet.rooms.pages import room_for, room_page
from ontmoet.rooms.rules import UseKind
from ontmoet.web.access import known_actor, may, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import ngettext
from ontmoet.web.pages import go_to

from .actions import Target, judge, refuse_crowd, store, window_at
from .forms import CORPORATION, NOBODY_KNOWS, CalendarForm
from .reading import read_calendar
from .rules import State
from .wording import (
    call_off_hint,
    called_off,
    counted,
    fault_line,
    gone_line,
    judged_lines,
    remarks,
    say,
    why_it_stays,
)

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
        party = _party(form.party.data or NOBODY_KNOWS, ids)
        target = Target(room, form.zone_slug, party, form.people.data)
        try:
            refuse_crowd(target)
            let_go()
            read = read_calendar(form.raw, window_at(now, room))
            report = judge(read, target, now=now)
            if form.seal.data:
                calls_off, actor_id = form.calls_off.data, known_actor().person_id
                with unit_of_work():
                    store(read, target, form.seal.data, calls_off=calls_off, actor_id=actor_id, now=now)
                _tell(len(report.those(State.NEW)), len(report.to_call_off) if calls_off else 0)
                return go_to(f"/r/{slug}/agenda")
        except Refused as refusal:
            form.refuse(
                [Objection(one.reason, one.field or "file", one.facts) for one in refusal.objections], say
            )
    return _page(room, form, report)


def _party(chosen: str, organisation_ids: Mapping[str, int]) -> Party | None:
    if chosen == NOBODY_KNOWS:
        return None
    if chosen == CORPORATION:
        return Party(UseKind.OWN)
    return Party(UseKind.ORGANISATION, organisation_id=organisation_ids[chosen])


def _tell(new: int, off: int) -> None:
    if new:
        flash(
            ngettext(
                "%(num)s afspraak staat nu in de agenda.", "%(num)s afspraken staan nu in de agenda.", new
            ),
            "good",
        )
    if off:
        flash(called_off(off), "good")
    if not new and not off:
        flash(_("Er is niets veranderd."), "info")


class Line(NamedTuple):
    """Something to tell: what is pressed to go there, and what is told behind it."""

    text: str
    href: str = ""
    after: str = ""


def _page(room: RoomView, form: CalendarForm, report: Report | None) -> Response:
    is_new = report is not None and bool(report.those(State.NEW))
    offers = report is not None and bool(report.to_call_off) and not form.is_refused
    lists = _lists(report, room, offers=offers) if report else []
    return room_page(
        "other_calendars/take_over.html",
        room,
        status=422 if form.is_refused else 200,
        nav="agenda",
        form=form,
        counted=counted(report) if report else [],
        lists=[
            (title, note, lines[:MOST_SHOWN], len(lines[MOST_SHOWN:]))
            for title, note, lines in lists
            if lines
        ],
        seal=form.seal_of(report.seal if report and (is_new or offers) else ""),
        is_new=is_new,
        call_off_hint=call_off_hint(report) if report and offers else "",
    )


def _lists(report: Report, room: RoomView, *, offers: bool) -> list[tuple[str, str, list[Line]]]:
    """What there is to tell, each under its title and a note. Not all who take a calendar over see pages of
    bookings, or what somebody wrote there. `offers`: what is gone can be called off with this form.
    """

    def those(*states: State) -> list[str]:
        return judged_lines([one for one in report.dates if one.state in states])

    sees_bookings = may(Permission.NAMES_SEE, room)
    gone = [
        Line(
            gone_line(one, says_what=sees_bookings),
            f"/reserveringen/{one.public_id}" if sees_bookings else "",
            why_it_stays(one.stays) if one.stays else "",
        )
        for one in report.gone
    ]
    said = [
        (_("Wat we niet kunnen lezen"), [fault_line(fault) for fault in report.read.faults]),
        (_("Wat niet past"), those(State.TAKEN, State.TAKEN_IN_FILE)),
        (_("Goed om te weten"), [*remarks(report), *those(State.MOVED, State.OFF)]),
        (_("Dit komt erbij"), those(State.NEW)),
    ]
    return [
        (
            _("Staat niet meer in het bestand, en hier nog wel"),
            _("Gaat dit allemaal niet door? Zet dan onderaan een vinkje. Dan zeggen we alles hier ook af.")
            if offers
            else "",
            gone,
        ),
        *((title, "", [Line(line) for line in lines]) for title, lines in said),
    ]
