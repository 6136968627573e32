"""`flask import calendar`: a calendar from elsewhere, judged, and with `--apply` stored."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from ontmoet.bookings.parties import Party
from ontmoet.db import unit_of_work
from ontmoet.importing.cli import APPLY, FILE, MOST_SAID
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.rooms.queries import room_by_slug
from ontmoet.rooms.rules import UseKind
from ontmoet.web.i18n import gettext as _

from .actions import Target, judge, refuse_crowd, store, window_at
from .reading import read_calendar
from .rules import LARGEST_FILE, State, usual_people
from .wording import called_off, counted, fault_line, gone_line, judged_lines, remarks, say, why_it_stays

if TYPE_CHECKING:
    from pathlib import Path

    from ontmoet.rooms.rules import RoomView

    from .actions import Report
    from .before import Gone


@click.command("calendar")
@FILE
@click.option("--room", "slug", required=True, help="The short name of the room.")
@click.option("--part", "zone_slug", default="", help="The short name of a part; without it the whole room.")
@click.option("--corporation", "is_ours", is_flag=True, help="All of it is the corporation's own.")
@click.option("--people", type=click.IntRange(1), help="With about how many people.")
@APPLY
@click.option(
    "--call-off", "calls_off", is_flag=True, help="With --apply: also call off what it has no more."
)
@with_appcontext
def take_over(
    path: Path, slug: str, zone_slug: str, is_ours: bool, people: int | None, applies: bool, calls_off: bool
) -> None:
    """Judge a calendar (.ics) date by date; exit 1 when something in it cannot be read or does not fit."""
    party, now = Party(UseKind.OWN) if is_ours else None, clock.now()
    room = _room(slug, zone_slug)
    target = Target(room, zone_slug, party, people or usual_people(room))
    try:
        refuse_crowd(target)
        with path.open("rb") as file:
            read = read_calendar(file.read(LARGEST_FILE + 1), window_at(now, room))
        report = judge(read, target, now=now)
        for line in _lines(report)[:MOST_SAID]:
            click.echo(line)
        click.echo(" ".join(counted(report)))
        if applies:
            with unit_of_work():
                store(read, target, report.seal, calls_off=calls_off, actor_id=None, now=now)
            click.echo("Bewaard.")
            if calls_off and report.to_call_off:
                click.echo(called_off(len(report.to_call_off)))
    except Refused as refusal:
        for objection in refusal.objections:
            click.echo(say(objection), err=True)
        sys.exit(1)
    if read.faults or any(report.those(state) for state in (State.TAKEN, State.TAKEN_IN_FILE)):
        sys.exit(1)


def _room(slug: str, zone_slug: str) -> RoomView:
    room = room_by_slug(slug)
    if room is None:
        raise click.BadParameter(f"de ruimte {slug} is er niet", param_hint="--room")
    if zone_slug and room.zone(zone_slug) is None:
        raise click.BadParameter(f"{slug} heeft geen deel {zone_slug}", param_hint="--part")
    return room


def _lines(report: Report) -> list[str]:
    states = (State.TAKEN, State.TAKEN_IN_FILE, State.MOVED, State.OFF)
    return [
        *map(_gone_line, report.gone),
        *map(fault_line, report.read.faults),
        *judged_lines([one for one in report.dates if one.state in states]),
        *remarks(report),
    ]


def _gone_line(gone: Gone) -> str:
    line = _("%(event)s. Staat niet meer in het bestand, en hier nog wel.", event=gone_line(gone))
    return f"{line} {why_it_stays(gone.stays)}" if gone.stays else line
