"""A child under the minimum age takes part when a parent or guardian of the same home agrees.

No birthday is kept: that somebody has a guardian says that they are a child. Whoever lets somebody join asks
whether they are younger than the minimum age, and if so names the guardian with `name_guardian`; until that
person agreed, the child cannot sign in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select, update

from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.trail.actions import record

from .models import Person, Residency
from .rules import Reason

_person = Person.__table__
_residency = Residency.__table__
_hers = Residency.__table__.alias("hers")
_TODAY = bindparam("today", type_=LocalDate())
_CHILD: Any = bindparam("child")
_GUARDIAN: Any = bindparam("guardian")

# A grown-up who lives in a home of the child's now.
_FIT = select(_person.c.id).where(
    _person.c.id == _GUARDIAN,
    _person.c.id != _CHILD,
    _person.c.guardian_id.is_(None),
    _person.c.erased_at.is_(None),
    exists().where(
        _residency.c.person_id == _CHILD,
        _hers.c.person_id == _GUARDIAN,
        _hers.c.home_id == _residency.c.home_id,
        *[lives.c.since <= _TODAY for lives in (_residency, _hers)],
        *[lives.c.until.is_(None) | (lives.c.until > _TODAY) for lives in (_residency, _hers)],
    ),
)
_NAME = update(_person).where(_person.c.id == _CHILD).values(guardian_id=_GUARDIAN, guardian_agreed_at=None)
_AGREE = (
    update(_person)
    .where(
        _person.c.id == _CHILD,
        _person.c.guardian_id == _GUARDIAN,
        _person.c.guardian_agreed_at.is_(None),
    )
    .values(guardian_agreed_at=bindparam("moment", type_=Instant()))
)
_CHILDREN = (
    select(_person.c.public_id, _person.c.name, _person.c.guardian_agreed_at.is_not(None).label("agreed"))
    .where(_person.c.guardian_id == _GUARDIAN)
    .order_by(_person.c.id)
)


@dataclass(frozen=True, slots=True)
class Child:
    """Somebody for whom a guardian answers."""

    public_id: str
    name: str
    has_agreement: bool


def name_guardian(child_id: int, guardian_id: int, *, now: datetime) -> None:
    """Ask this person to answer for the child. Raises `Refused` (NO_GUARDIAN) unless it is a grown-up who
    lives in the same home.
    """
    found = execute(_FIT, child=child_id, guardian=guardian_id, today=day_of(now)).scalar()
    if found is None:
        raise Refused(Objection(Reason.NO_GUARDIAN))
    execute(_NAME, child=child_id, guardian=guardian_id)
    record("guardian_named", object_kind="person", object_id=child_id, actor_id=child_id, now=now)


def agree_as_guardian(child_id: int, guardian_id: int, *, now: datetime) -> None:
    """The guardian lets the child take part. Agreeing again changes nothing."""
    if execute(_AGREE, child=child_id, guardian=guardian_id, moment=now).rowcount:
        record(
            "guardian_agreed",
            object_kind="person",
            object_id=child_id,
            actor_id=guardian_id,
            on_behalf_of_id=child_id,
            now=now,
        )


def children_of(guardian_id: int) -> list[Child]:
    """For whom this person answers, or is asked to."""
    return [Child(*row) for row in execute(_CHILDREN, guardian=guardian_id)]
