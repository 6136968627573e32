"""Reading whose data it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from ontmoet.db import execute
from ontmoet.people.models import Person

_person = Person.__table__
_SUBJECTS = select(
    _person.c.id,
    _person.c.public_id,
    _person.c.name,
    _person.c.email,
    _person.c.phone,
    _person.c.guardian_id,
    _person.c.guardian_agreed_at.is_not(None),
).where(_person.c.erased_at.is_(None))
_BY_ID = _SUBJECTS.where(_person.c.id == bindparam("person_id"))
_BY_PUBLIC_ID = _SUBJECTS.where(_person.c.public_id == bindparam("public_id"))


@dataclass(frozen=True, slots=True)
class Subject:
    """The person whose data a page is about, for the page and for permissions."""

    person_id: int
    public_id: str
    name: str
    email: str | None
    phone: str | None
    guardian_id: int | None
    has_agreement: bool


def subject_by_id(person_id: int) -> Subject | None:
    """The person; None when erased."""
    return _subject(execute(_BY_ID, person_id=person_id).one_or_none())


def subject_by_public_id(public_id: str) -> Subject | None:
    """The person with this id in addresses; None when there is none, or erased."""
    return _subject(execute(_BY_PUBLIC_ID, public_id=public_id).one_or_none())


def _subject(row: Any) -> Subject | None:
    return None if row is None else Subject(*row)
