"""The commands of the contract. Thin: the work is elsewhere."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate.cli import db as migrating  # type: ignore[import-not-found]

from ontmoet.backups.cli import backup, restore
from ontmoet.db import DatabaseBusy, trouble, unit_of_work
from ontmoet.db.sqlite import NoTurn
from ontmoet.exports import actions as exporting
from ontmoet.exports.making import ALL, is_known, make
from ontmoet.exports.rules import Format
from ontmoet.first_hour.cli import init
from ontmoet.importing.cli import import_group
from ontmoet.importing.columns import Kind
from ontmoet.importing.lists import TAKEN, write_list
from ontmoet.jobs import FORGETTING, JOBS, Job, NotMigrated, run_due, would_forget
from ontmoet.kernel import clock
from ontmoet.mistyped import in_dutch
from ontmoet.my_data.erasing import reapply
from ontmoet.other_calendars.cli import take_over
from ontmoet.portal.checking import NOT_MIGRATED, faults
from ontmoet.queue import consumer_for
from ontmoet.seed.demo import fill_demo
from ontmoet.seed.scale import fill_scale
from ontmoet.web.access import guarding_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask

seed_group = AppGroup("seed", help="Fill an empty database.")


jobs_group = AppGroup("jobs", help="Work that happens without anybody asking.")


erasures_group = AppGroup("erasures", help="People who were erased stay erased.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in COMMANDS:
        app.cli.add_command(command)


@seed_group.command("demo")
def seed_demo() -> None:
    """Fill the demo: six rooms, its people, two years of bookings."""
    click.echo(fill_demo(clock.now()))


@seed_group.command("scale")
@click.option("--rooms", type=click.IntRange(1, 500), default=20, show_default=True)
@click.option("--bookings", type=click.IntRange(1, 2_000_000), default=43_000, show_default=True)
@click.option("--years", type=click.IntRange(1, 20), default=2, show_default=True)
def seed_scale(rooms: int, bookings: int, years: int) -> None:
    """Fill a large installation quickly, for measuring; the demo's people are in it."""
    click.echo(fill_scale(rooms=rooms, bookings=bookings, years=years, now=clock.now()))


def _instant(_context: click.Context, _parameter: click.Parameter, given: str | None) -> datetime:
    """The instant of an option; without it the present one."""
    if given is None:
        return clock.now()
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise click.BadParameter("dit is geen moment. Schrijf het zoals 2026-11-24T14:05+01:00") from None
    if moment.tzinfo is None:
        raise click.BadParameter("de tijdzone mist. Zet erachter hoeveel dat scheelt, zoals +01:00")
    return moment.astimezone(UTC).replace(microsecond=0)


@jobs_group.command("due")
@click.option("--now", "moment", metavar="ISO", callback=_instant, help="As if it were this instant.")
def jobs_due(moment: datetime) -> None:
    """Do all work that is due, once; exit 1 when some of it failed."""
    _do_due(moment, JOBS)


@jobs_group.command("work")
def jobs_work() -> None:
    """Do the work that is due every minute, until a signal ends it."""
    consumer_for(current_app._get_current_object()).run()  # type: ignore[attr-defined]


def _do_due(moment: datetime, jobs: Sequence[Job]) -> None:
    try:
        reports = run_due(moment, jobs)
    except NotMigrated:
        raise click.ClickException(NOT_MIGRATED) from None
    for report in reports:
        click.echo(report.line)
    if not all(report.ok for report in reports):
        sys.exit(1)


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only count what would be forgotten.")
@click.option("--now", "moment", metavar="ISO", callback=_instant, help="As if it were this instant.")
@with_appcontext
def retention(dry_run: bool, moment: datetime) -> None:
    """Forget some of what is kept longer than its term, as the jobs do each minute."""
    if dry_run:
        for line in would_forget(moment):
            click.echo(line)
    else:
        _do_due(moment, FORGETTING)


def _write_whole(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """A file of that name is there once all of it is in it; only its owner can read it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        try:
            write(file)
            file.flush()
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def _table_list_or_all(_context: click.Context, _parameter: click.Parameter, given: str) -> str:
    if not is_known(given) and given not in list(Kind):
        raise click.BadParameter(
            f"deze tabel of lijst is er niet. Kies een andere, of {ALL} voor alle tabellen"
        )
    return given


@click.command("export")
@click.argument("table", metavar="TABLE", callback=_table_list_or_all)
@click.option(
    "--format", "kind", type=click.Choice([kind.value for kind in Format]), default="csv", show_default=True
)
@click.option("--to", "path", type=click.Path(dir_okay=False, path_type=Path), required=True)
@with_appcontext
def export(table: str, kind: str, path: Path) -> None:
    """Write a TABLE, or `alles` of them as a zip, to a file that only its owner can read. Without secrets.

    Or a list that `import` can read in again: homes, rooms, organisations, people, bookings (csv or xlsx).
    """
    is_list = table in list(Kind)
    if is_list and Format(kind) not in TAKEN:
        raise click.BadParameter("een lijst kan als csv of als xlsx", param_hint="--format")

    def write(file: IO[bytes]) -> None:
        if is_list:
            write_list(Kind(table), Format(kind), file, now=clock.now())
        else:
            make(table, Format(kind), file, folder=path.parent)

    with unit_of_work():
        exporting.begin(table, Format(kind), actor_id=None, now=clock.now())
    try:
        _write_whole(path, write)
    except OSError as problem:
        raise click.ClickException(f"{path} kunnen we niet schrijven: {problem.strerror}") from None
    click.echo(f"{path.name} is klaar.")


@erasures_group.command("reapply")
def erasures_reapply() -> None:
    """Erase again whoever came back with an old copy of the database."""
    click.echo(f"{reapply(clock.now())} opnieuw gewist.")


@click.command("routes")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def routes(as_json: bool) -> None:
    """Every path with its methods, endpoint and permission."""
    listed = route_table()
    if as_json:
        click.echo(json.dumps(listed, indent=1))
        return
    for route in listed:
        click.echo(f"{route['path']:45} {','.join(route['methods']):10} {route['permission']}")


def route_table() -> list[dict[str, Any]]:
    """One row per rule, sorted by path; permission "public" when everybody may."""
    listed = []
    for rule in current_app.url_map.iter_rules():
        guarding = guarding_of(current_app, rule.endpoint)
        permission = None if guarding is None else guarding.permission or "public"
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        listed.append(
            {
                "path": rule.rule,
                "methods": methods,
                "endpoint": rule.endpoint,
                "permission": permission,
            }
        )
    return sorted(listed, key=lambda route: str(route["path"]))


@click.command("check")
@with_appcontext
def check() -> None:
    """Look for what may not be: exit 1 and say what is wrong."""
    found = faults()
    for fault in found:
        click.echo(fault)
    if found:
        sys.exit(1)
    click.echo("In orde.")


def _tell_of_trouble(command: click.Command) -> None:
    """Let a command, or all of a group, end in words where the database does not do as asked."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _tell_of_trouble(each)
    elif command.callback is not None:
        command.callback = _telling(command.callback)


def _telling(work: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(work)
    def told(*arguments: Any, **options: Any) -> Any:
        try:
            return work(*arguments, **options)
        except (DatabaseBusy, NoTurn, *trouble.ERRORS) as problem:
            said = trouble.in_words(problem)
            if said is None:
                # A fault of ours, and its trace tells where.
                raise
            raise click.ClickException(said) from None

    return told


import_group.add_command(take_over)
COMMANDS: tuple[click.Command, ...] = (
    init,
    import_group,
    seed_group,
    jobs_group,
    erasures_group,
    retention,
    export,
    backup,
    restore,
    routes,
    check,
)
for _command in (*COMMANDS, migrating):
    _tell_of_trouble(_command)
    _command.make_context = in_dutch(_command.make_context)
    _command.invoke = in_dutch(_command.invoke)
