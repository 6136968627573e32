"""Making a back-up of the house while people live in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from ontmoet.bookings.photos import photo_folder
from ontmoet.db import current_connection, let_go, migrations, reading_from
from ontmoet.my_data.erased import NAME as ERASED
from ontmoet.portal.checking import faults_of_data, faults_of_the_file
from ontmoet.trail.queries import installed_at
from ontmoet.web.settings import current_config

from . import on_postgresql, on_sqlite
from .folder import place, workplace
from .parcel import DATABASE, PHOTOS, TABLES, About, Table, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ontmoet.config import Config

READ = "read"


class NotMade(Exception):
    """There is no back-up; the message says why."""


@dataclass(frozen=True, slots=True)
class Made:
    """A back-up that is there and was read back. `faults` were in the house already, a sentence each."""

    path: Path
    size: int
    faults: list[str]


def make(path: Path, *, now: datetime, overwrite: bool = False) -> Made:
    """Write a back-up to `path`, which nobody sees before it was read back and looked through.

    Raises `NotMade`, `AtWork` when another process is at it, and `OSError`.
    """
    with workplace() as work:
        return make_in(work, path, now=now, overwrite=overwrite)


def make_in(work: Path, path: Path, *, now: datetime, overwrite: bool) -> Made:
    """The same, for whoever has the workplace already; `work` is an empty folder in it."""
    config = current_config()
    if path.exists() and not overwrite:
        raise NotMade(f"{path} is there already; --overwrite replaces it")
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    new = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            about, faults = _copy(work, config, now)
            pack(about, _parts(work, config.data), file, key=config.token_key)
            # Only the sealed file counts from here on.
            for part in work.iterdir():
                shutil.rmtree(part) if part.is_dir() else part.unlink()
            file.seek(0)
            unpack(file, work / READ, key=config.token_key)
        if config.on_sqlite:
            faults = _look_through(work / READ / DATABASE)
        size = new.stat().st_size
        place(new, path)
    finally:
        new.unlink(missing_ok=True)
    return Made(path, size, faults)


def _copy(work: Path, config: Config, now: datetime) -> tuple[About, list[str]]:
    """Put the database of this moment into the folder; what it is, and what is wrong in it."""
    let_go()
    if config.on_sqlite:
        on_sqlite.clear()
        on_sqlite.copy_to(work / DATABASE)
        with on_sqlite.opened(work / DATABASE) as connection, reading_from(connection):
            return _told("sqlite", [], now), []
    (work / TABLES).mkdir(mode=0o700)
    with on_postgresql.one_state() as connection:
        tables = on_postgresql.tables_of(connection)
        on_postgresql.copy_to(work / TABLES, connection, tables)
        with reading_from(connection):
            return _told("postgresql", tables, now), _faults()


def _told(product: str, tables: list[Table], now: datetime) -> About:
    revision = migrations.revision(current_connection())
    if revision is None:
        raise NotMade("the database is empty")
    house = installed_at()
    return About(now.isoformat(), house.isoformat() if house else "", product, revision, tables)


def _look_through(database: Path) -> list[str]:
    with on_sqlite.opened(database) as connection, reading_from(connection):
        broken = faults_of_the_file()
        if broken:
            raise NotMade(" ".join(broken))
        return _faults()


def _faults() -> list[str]:
    """What is wrong in the database that is read. One that waits for migrations is not judged."""
    directory = current_app.extensions["migrate"].directory
    return faults_of_data() if migrations.is_current(current_connection(), directory) else []


def _parts(work: Path, data: Path) -> Iterator[tuple[str, Path]]:
    """All that goes into a back-up. The photos come last: what the copied rows name is written by then."""
    if (work / DATABASE).exists():
        yield DATABASE, work / DATABASE
    if (work / TABLES).is_dir():
        for path in sorted((work / TABLES).iterdir()):
            yield f"{TABLES}/{path.name}", path
    yield ERASED, data / ERASED
    photos = photo_folder(data)
    if photos.is_dir():
        for path in sorted(photos.iterdir()):
            if path.is_file():
                yield f"{PHOTOS}/{path.name}", path
