"""`flask --app app backup FILE` and `restore FILE`."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from ontmoet.kernel import clock
from ontmoet.web.settings import current_config

from .folder import AtWork
from .making import NotMade, make
from .restoring import NotRestored
from .restoring import restore as put_back
from .sealed import NotOurs

if TYPE_CHECKING:
    from collections.abc import Iterator

_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command("backup")
@_file
@click.option("--overwrite", is_flag=True, help="Replace FILE when it is there.")
@with_appcontext
def backup(file: Path, overwrite: bool) -> None:
    """Write a sealed copy of the house to FILE while it runs, and read it back. TOKEN_KEY opens it."""
    with _in_words(f"{file} or {current_config().data}"):
        made = make(file.absolute(), now=clock.now(), overwrite=overwrite)
    click.echo(f"{file.name} is klaar en nagekeken: {made.size / 1_000_000:.1f} MB.")
    if made.faults:
        raise click.ClickException("the copy is true, but the house is not sound: " + " ".join(made.faults))


@click.command("restore")
@_file
@click.option("--replace", is_flag=True, help="Also where there is a database; that one is kept aside.")
@click.option("--other-house", is_flag=True, help="Also where that database is of another installation.")
@click.option("--try", "only_try", is_flag=True, help="Read and check FILE, and change nothing.")
@with_appcontext
def restore(file: Path, replace: bool, other_house: bool, only_try: bool) -> None:
    """Put the copy in FILE in the place of the database. Who was erased since is erased again."""
    # The file is only read.
    with _in_words(str(current_config().data)):
        done = put_back(file, now=clock.now(), replace=replace, other_house=other_house, only_try=only_try)
    if only_try:
        click.echo(f"{file.name} van {done.about.made_at} is heel en kan worden teruggezet.")
        return
    click.echo(f"{file.name} van {done.about.made_at} is teruggezet. {done.erased_again} opnieuw gewist.")
    if done.aside is not None:
        click.echo(f"Wat hier stond, is bewaard: {done.aside}")


@contextmanager
def _in_words(written_to: str) -> Iterator[None]:
    """Say what went wrong. `written_to` names what was written where the system does not."""
    try:
        yield
    except (NotMade, NotRestored, NotOurs) as problem:
        raise click.ClickException(str(problem)) from None
    except AtWork:
        raise click.ClickException("another back-up is being made or put back; try again later") from None
    except OSError as problem:
        raise click.ClickException(f"{_place_of(problem) or written_to}: {problem.strerror}") from None


def _place_of(problem: OSError) -> str | None:
    """Which file it is about. Where a disk is full while one is copied, the file that was to be written."""
    return problem.filename2 or problem.filename
