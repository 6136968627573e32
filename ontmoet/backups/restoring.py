"""Putting a back-up back: the database is the old one or this one, and who was erased stays erased."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy.exc import DBAPIError

from ontmoet.bookings.photos import photo_folder
from ontmoet.db import current_connection, let_go, migrations, reading_from
from ontmoet.my_data.erased import NAME as ERASED
from ontmoet.my_data.erased import take_over
from ontmoet.my_data.erasing import reapply
from ontmoet.portal.checking import faults_of_data
from ontmoet.trail.queries import installed_at
from ontmoet.web.settings import current_config

from . import on_postgresql, on_sqlite
from .folder import folder, workplace
from .making import READ, NotMade, make_in
from .parcel import DATABASE, PHOTOS, TABLES, About, unpack
from .rules import BEFORE_RESTORE, name_for

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ontmoet.config import Config

DAMAGED = "damaged"


class NotRestored(Exception):
    """Everything is as it was; the message says why."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, or would be; `aside` is where what was here is kept."""

    about: About
    aside: Path | None
    erased_again: int


def restore(
    path: Path, *, now: datetime, replace: bool = False, other_house: bool = False, only_try: bool = False
) -> Restored:
    """Put the back-up in `path` in the place of the database, or only try whether that would go well.

    `replace` allows it where there is a database, `other_house` where that is another installation.
    Raises `NotRestored`, `NotOurs`, `AtWork` and `OSError`.
    """
    config = current_config()
    with workplace() as work:
        with path.open("rb") as file:
            about = unpack(file, work / READ, key=config.token_key)
        _ensure_fit(about, config)
        if config.on_sqlite:
            on_sqlite.bring_on(work / READ / DATABASE)
            with on_sqlite.opened(work / READ / DATABASE) as connection, reading_from(connection):
                _ensure_sound()
        if only_try:
            return Restored(about, None, 0)
        present = _house_here(config)
        if present is not None:
            _ensure_asked(present, about, replace=replace, other_house=other_house)
        aside = None if present is None else _put_aside(present, work / "aside", now)
        # The list first: nobody who is on it may be seen again, not even for a moment after a kill.
        if (work / READ / ERASED).exists():
            take_over(work / READ / ERASED, config.data / ERASED)
        photos = photo_folder(config.data)
        _bring_along(work / READ / PHOTOS, photos)
        _swap(about, work / READ, config, is_damaged=present == DAMAGED)
        # What the rows from before did not name, a job at work on them may have swept away.
        _bring_along(work / READ / PHOTOS, photos)
    return Restored(about, aside, reapply(now))


def _ensure_fit(about: About, config: Config) -> None:
    product = "sqlite" if config.on_sqlite else "postgresql"
    if about.product != product:
        raise NotRestored(f"this is a back-up of {about.product}, and DATABASE_URL names {product}")
    if not migrations.knows(current_app.extensions["migrate"].directory, about.revision):
        raise NotRestored("this back-up was made by a newer Ontmoet: update first")


def _ensure_sound() -> None:
    found = faults_of_data()
    if found:
        raise NotRestored(f"the back-up can be read, but is not sound: {' '.join(found)}")


def _house_here(config: Config) -> str | None:
    """Which house is here: the moment it was made; `DAMAGED`, or None when there is nothing."""
    if config.on_sqlite:
        file = on_sqlite.database_file()
        if not file.exists() or not file.stat().st_size:
            return None
        if not on_sqlite.is_sound():
            return DAMAGED
    try:
        if migrations.revision(current_connection()) is None:
            return None
        made_at = installed_at()
    except DBAPIError as problem:
        if config.on_sqlite:
            return DAMAGED
        raise NotRestored("the database cannot be read") from problem
    finally:
        let_go()
    return made_at.isoformat() if made_at else ""


def _ensure_asked(present: str, about: About, *, replace: bool, other_house: bool) -> None:
    if not replace:
        raise NotRestored("there is a database already; --replace puts it aside and the back-up in its place")
    if present not in (about.house, DAMAGED) and not other_house:
        raise NotRestored("the database here is of another installation; --other-house if that is meant")


def _put_aside(present: str, work: Path, now: datetime) -> Path:
    """Keep what is here, as a back-up among the others."""
    target = folder() / name_for(BEFORE_RESTORE, now)
    if present == DAMAGED:
        on_sqlite.keep_aside(folder(), target.stem)
        return folder()
    work.mkdir(mode=0o700)
    try:
        return make_in(work, target, now=now, overwrite=True).path
    except NotMade as problem:
        raise NotRestored(f"what is here cannot be kept aside: {problem}") from problem


def _bring_along(copies: Path, photos: Path) -> None:
    """The photos, beside those that are here. What no row names is swept away later."""
    photos.mkdir(mode=0o700, parents=True, exist_ok=True)
    for photo in copies.iterdir():
        if not (photos / photo.name).exists():
            part = photos / f"{photo.name}.part"
            shutil.copyfile(photo, part)
            part.chmod(0o600)
            os.replace(part, photos / photo.name)


def _swap(about: About, read: Path, config: Config, *, is_damaged: bool) -> None:
    try:
        if config.on_sqlite:
            on_sqlite.put_in_place(read / DATABASE, is_damaged=is_damaged)
            return
        if on_postgresql.is_in_use():
            raise on_sqlite.InUse
        with (
            on_postgresql.filled(read / TABLES, about.tables, about.revision) as connection,
            reading_from(connection),
        ):
            _ensure_sound()
    except on_sqlite.InUse:
        raise NotRestored(
            "somebody has the database open: stop the server and the work behind it first"
        ) from None
