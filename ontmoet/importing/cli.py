"""`flask import`: a list from elsewhere, judged, and with `--apply` stored."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused

from .actions import judge, store
from .columns import Kind
from .reading import LARGEST_FILE, read
from .rules import State, rows_under
from .wording import counted, line_of, say

MOST_SAID = 200

FILE = click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
APPLY = click.option(
    "--apply", "applies", is_flag=True, help="Store what is new; without it nothing is stored."
)


@click.group("import")
def import_group() -> None:
    """Read lists and calendars in."""


def _add_command(kind: Kind) -> None:
    @import_group.command(kind.value, help=f"Judge a list of {kind.value} (CSV or .xlsx) row by row.")
    @FILE
    @APPLY
    @with_appcontext
    def import_list(path: Path, applies: bool) -> None:
        _import_list(kind, path, applies)


for _kind in Kind:
    _add_command(_kind)


def _import_list(kind: Kind, path: Path, applies: bool) -> None:
    """Exit 1 when something in the list is wrong."""
    try:
        with path.open("rb") as file:
            rows = rows_under(kind, read(file.read(LARGEST_FILE + 1)))
        report = judge(kind, rows, now=clock.now())
        for row in [row for row in report.rows if row.state is State.WRONG][:MOST_SAID]:
            click.echo(line_of(row))
        for row in [row for row in report.rows if row.state is State.NEW and row.objection][:MOST_SAID]:
            click.echo(line_of(row))
        click.echo(" ".join(counted(report)))
        if applies:
            with unit_of_work():
                store(kind, rows, report, report.seal, actor_id=None, now=clock.now())
            click.echo("Bewaard.")
    except Refused as refusal:
        for objection in refusal.objections:
            click.echo(say(objection), err=True)
        sys.exit(1)
    if report.has_faults:
        sys.exit(1)
