"""Reading whose data it is about, and where somebody belongs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, or_, select, union

from ontmoet.db import LocalDate, execute
from ontmoet.people.models import Person, Residency, Role
from ontmoet.rooms.models import Home, RightOfUse, Room

_person = Person.__table__
_residency = Residency.__table__
_home = Home.__table__
_room = Room.__table__
_right = RightOfUse.__table__
_role = Role.__table__
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
_IS_ERASED = select(_person.c.id).where(
    _person.c.public_id == bindparam("public_id"), _person.c.erased_at.is_not(None)
)

# Now or later: who comes to live near a room, or to do something there, belongs to it as well.
_WHOSE: Any = bindparam("person_id")
_TODAY = bindparam("today", type_=LocalDate())
_LIVES = (_residency.c.person_id == _WHOSE, or_(_residency.c.until.is_(None), _residency.c.until > _TODAY))
_TIES = union(
    select(_role.c.room_id).where(
        _role.c.person_id == _WHOSE, or_(_role.c.until.is_(None), _role.c.until > _TODAY)
    ),
    select(_room.c.id)
    .join_from(_residency, _home, _home.c.id == _residency.c.home_id)
    .join(_room, _room.c.complex_id == _home.c.complex_id)
    .where(*_LIVES),
    select(_right.c.room_id)
    .join_from(_residency, _home, _home.c.id == _residency.c.home_id)
    .join(_right, or_(_right.c.complex_id == _home.c.complex_id, _right.c.home_id == _home.c.id))
    .where(*_LIVES),
)


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


def is_erased(public_id: str) -> bool:
    """Whether somebody had this id in addresses and left for good."""
    return execute(_IS_ERASED, public_id=public_id).first() is not None


def ties_of(person_id: int, *, today: date) -> frozenset[int | None]:
    """Every room that somebody belongs to, now or later; None is the corporation."""
    return frozenset(execute(_TIES, person_id=person_id, today=today).scalars())


def _subject(row: Any) -> Subject | None:
    return None if row is None else Subject(*row)
