"""Who is signed in says once more who it is, before personal data are shown: a phone may lie on a table.

Kept in the signed cookie of the session, which signing in and out begin anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import session
from sqlalchemy import bindparam, select

from ontmoet.db import execute, let_go, unit_of_work
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.trail.actions import count_try, take_back_try

from .models import Credential, Person
from .passwords import verify_password
from .rules import FRESH_FOR, TRIES_WINDOW, Limit, Reason

if TYPE_CHECKING:
    from datetime import datetime

_person = Person.__table__
_credential = Credential.__table__
_SECRETS = (
    select(_person.c.password_hash, _credential.c.pin_hash)
    .join_from(_person, _credential, _credential.c.person_id == _person.c.id, isouter=True)
    .where(_person.c.id == bindparam("person_id"))
)


def is_confirmed(now: datetime) -> bool:
    """Whether somebody signed in, or said again who it is, a moment ago."""
    said_at = session.get("confirmed_at")
    return isinstance(said_at, int) and 0 <= int(now.timestamp()) - said_at <= FRESH_FOR.total_seconds()


def note_confirmed(now: datetime) -> None:
    """From now on it is known again who it is, for a while."""
    session["confirmed_at"] = int(now.timestamp())


def confirm(person_id: int, typed: str, *, now: datetime) -> None:
    """Take a password or PIN as the proof. Raises `Refused` (NOT_YOURS, TOO_MANY_TRIES)."""
    limit = Limit(f"confirm/person/{person_id}", 10)
    with unit_of_work():
        tries = count_try(limit.bucket, window=TRIES_WINDOW, now=now)
    if tries > limit.most:
        minutes = int(TRIES_WINDOW.total_seconds() // 60)
        raise Refused(Objection(Reason.TOO_MANY_TRIES, facts={"minutes": minutes}))
    if not _is_right(person_id, typed):
        raise Refused(Objection(Reason.NOT_YOURS, "secret"))
    with unit_of_work():
        take_back_try(limit.bucket, window=TRIES_WINDOW, now=now)
    note_confirmed(now)


def _is_right(person_id: int, typed: str) -> bool:
    """Whether this is the person's password, or the PIN. Hashing takes a while: no transaction is open."""
    hashes = [stored for stored in execute(_SECRETS, person_id=person_id).one() if stored is not None]
    let_go()
    return any(verify_password(stored, typed) for stored in hashes or [None])
