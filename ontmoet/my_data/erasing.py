"""A person leaves, for good: out of every slice, out of the files, and not back with an old copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import SQLAlchemyError

from ontmoet.bookings.photos import photo_folder
from ontmoet.bookings.photos import sweep as sweep_photos
from ontmoet.db import DatabaseBusy, Instant, execute, let_go, lock_row, unit_of_work
from ontmoet.db.sqlite import NoTurn
from ontmoet.db.wiping import wipe
from ontmoet.outbox.sweeping import sweep
from ontmoet.people.models import Person
from ontmoet.trail.actions import record
from ontmoet.trail.queries import installed_at
from ontmoet.web.settings import current_config

from .declared import PERSONAL, TABLES
from .erased import NAME, Erasure, ErasureList

if TYPE_CHECKING:
    from ontmoet.db import AnyRow

    from .rules import Asked

IN_A_JOB = 5.0
"""Seconds a job goes on trying to empty the write-ahead log."""

_person = Person.__table__
_PERSON = select(_person.c.id, _person.c.public_id, _person.c.erased_at).where(
    _person.c.id == bindparam("person_id")
)
_ERASED = select(_person.c.public_id, _person.c.erased_at).where(_person.c.erased_at.is_not(None))
_BACK = select(_person.c.id, _person.c.public_id).where(
    _person.c.erased_at.is_(None), _person.c.public_id.in_(bindparam("ids", expanding=True))
)
_LEFT_BEHIND = (
    select(_person.c.id, _person.c.erased_at)
    .where(_person.c.erased_at.is_not(None), _person.c.traces_gone_at.is_(None))
    .order_by(_person.c.id)
    .limit(100)
)
_TRACES_GONE = (
    update(_person)
    .where(_person.c.id.in_(bindparam("ids", expanding=True)), _person.c.erased_at.is_not(None))
    .values(traces_gone_at=bindparam("moment", type_=Instant()))
)


@dataclass(frozen=True, slots=True)
class Wiped:
    """How many people's traces are gone, and of how many they still stand somewhere."""

    gone: int
    left: int


def obstacles(person_id: int, *, now: datetime) -> list[str]:
    """What has to be settled before this person can leave, a sentence each."""
    return [
        sentence
        for subject in PERSONAL
        if subject.obstacles is not None
        for sentence in subject.obstacles(person_id, now)
    ]


def erase(person_id: int, *, by: int | None, now: datetime, asked: Asked | None = None) -> None:
    """Forget this person in every slice. Whoever was erased already stays so. `asked` is how somebody who
    cannot sign in asked for it.

    Runs in a unit of work. The list beside the database is written last: without it nothing happens, and
    what is promised to somebody is on the list.
    """
    lock_row(_person, person_id)
    person = execute(_PERSON, person_id=person_id).one()
    if person.erased_at is not None:
        return
    _forget(person_id, now)
    record(
        "person_erased",
        object_kind="person",
        object_id=person_id,
        actor_id=by,
        now=now,
        changes={"asked": asked} if asked else None,
    )
    try:
        _erasures().add(Erasure(person.public_id, now))
    except OSError as error:
        raise DatabaseBusy("the list of who was erased cannot be written") from error


def wipe_traces(now: datetime, *, patience: float = IN_A_JOB) -> Wiped:
    """Empty the files of what was erased: mail, photos, and what the database kept of before."""
    data = current_config().data
    # Whether a file is over is asked after it was found: on SQLite all that is read is one state.
    let_go()
    sweep(data / "outbox")
    let_go()
    sweep_photos(photo_folder(data))
    left = execute(_LEFT_BEHIND).all()
    if not left:
        return Wiped(0, 0)
    for row in left:
        _forget_again(row)
    try:
        is_clean = wipe(TABLES, patience=patience)
    except NoTurn:
        is_clean = False
    if not is_clean:
        return Wiped(0, len(left))
    with unit_of_work():
        execute(_TRACES_GONE, ids=[row.id for row in left], moment=now)
    return Wiped(len(left), 0)


def wipe_at_once(now: datetime) -> None:
    """Try to empty the files right after somebody left; the job goes on where this fails."""
    try:
        wipe_traces(now, patience=0.0)
    except (DatabaseBusy, SQLAlchemyError, OSError):
        return


def reapply(now: datetime) -> int:
    """Erase again who is on the list and came back with an old copy of the database; how many.

    The other way around too: who is erased and not on the list, for it was lost, is put on it.
    """
    erasures = _erasures()
    listed = {erasure.public_id: erasure.at for erasure in erasures.all()}
    for row in execute(_ERASED).all():
        if row.public_id not in listed:
            erasures.add(Erasure(row.public_id, row.erased_at))
    ids = sorted(listed)
    back = [
        row for start in range(0, len(ids), 500) for row in execute(_BACK, ids=ids[start : start + 500]).all()
    ]
    erased = sum(_erase_again(row.id, now) for row in back)
    if erased:
        wipe_at_once(now)
    return erased


def _erase_again(person_id: int, now: datetime) -> bool:
    """Whether it was us: two jobs may find the same person at once, and the second waits for the first."""
    with unit_of_work():
        lock_row(_person, person_id)
        if execute(_PERSON, person_id=person_id).one().erased_at is not None:
            return False
        _forget(person_id, now)
        record("person_erased", object_kind="person", object_id=person_id, actor_id=None, now=now)
    return True


def _forget(person_id: int, now: datetime) -> None:
    for subject in reversed(PERSONAL):
        subject.forget(person_id, now)


def _forget_again(row: AnyRow) -> None:
    """Who was busy in another window while leaving may have left something after all."""
    with unit_of_work():
        lock_row(_person, row.id)
        _forget(row.id, row.erased_at)


def _erasures() -> ErasureList:
    made_at = installed_at()
    path = current_config().data / NAME
    return ErasureList(path, made_at.isoformat() if made_at else "")
