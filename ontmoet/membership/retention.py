"""How long it is kept who did what, who lived where, and who was let in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, exists, func, or_, select, update

from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.kernel.walltime import day_of
from ontmoet.people.models import Credential, Person, Residency, Role
from ontmoet.web.i18n import lazy_gettext as _l

from .models import Admission

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Table

MOST_AT_ONCE = 200

_person = Person.__table__
_residency = Residency.__table__
_role = Role.__table__
_credential = Credential.__table__

_DAY = bindparam("day", type_=LocalDate())
_IDS: Any = bindparam("ids", expanding=True)


def _over(table: Table) -> tuple[Callable[[datetime], int], Callable[[datetime], int]]:
    """Counts and removes the rows of a table that ended before a moment."""
    old = table.c.until < _DAY
    counting = select(func.count()).select_from(table).where(old)
    removing = delete(table).where(table.c.id.in_(select(table.c.id).where(old).limit(MOST_AT_ONCE)))
    return (
        lambda before: execute(counting, day=day_of(before)).scalar_one(),
        lambda before: execute(removing, day=day_of(before)).rowcount,
    )


def _none_beyond(table: Table) -> Any:
    """A person of whom nothing in this table lasted until the day."""
    lasted = or_(table.c.until.is_(None), table.c.until >= _DAY)
    return ~exists().where(table.c.person_id == _person.c.id, lasted)


_LEFT = (
    _person.c.erased_at.is_(None),
    _person.c.merged_into_id.is_(None),
    _none_beyond(_residency),
    _none_beyond(_role),
    # Somebody who is just being added has neither home nor function yet.
    or_(
        exists().where(_residency.c.person_id == _person.c.id),
        exists().where(_role.c.person_id == _person.c.id),
    ),
)
_COUNT_LEFT = select(func.count()).select_from(_person).where(*_LEFT)
_SOME_LEFT = select(_person.c.id).where(*_LEFT).limit(MOST_AT_ONCE)
_ERASE = (
    update(_person)
    .where(_person.c.id.in_(_IDS))
    .values(
        name="",
        email=None,
        phone=None,
        password_hash=None,
        guardian_id=None,
        erased_at=bindparam("at", type_=Instant()),
    )
)
_REMOVE = tuple(
    delete(table).where(table.c.person_id.in_(_IDS)) for table in (_residency, _role, _credential)
)


def _count_left(before: datetime) -> int:
    number: int = execute(_COUNT_LEFT, day=day_of(before)).scalar_one()
    return number


def _forget_left(before: datetime) -> int:
    """Some of those who left lose their name, and every way to reach them or to sign in; how many."""
    ids = list(execute(_SOME_LEFT, day=day_of(before)).scalars())
    if ids:
        for removing in _REMOVE:
            execute(removing, ids=ids)
        execute(_ERASE, ids=ids, at=before + TERM_OF_PEOPLE)
    return len(ids)


TERM_OF_PEOPLE = timedelta(days=365)
"""Shorter than what is kept of their homes and functions: by those it is known when they left."""

RETENTIONS = (
    Retention(
        "forget_people",
        _l("Mensen die weg zijn"),
        what=_l("Je naam, telefoonnummer en e-mailadres, en waarmee je inlogde."),
        why=_l("Dan kan wat nog openstaat worden geregeld, zoals een sleutel of een reservering."),
        term=TERM_OF_PEOPLE,
        since=_l("nadat je verhuisde en je laatste functie stopte"),
        outcome=Outcome.NAMELESS,
        count=_count_left,
        forget=_forget_left,
    ),
    Retention(
        "forget_functions",
        _l("Oude functies"),
        what=_l("Wat je in een ruimte deed, van wanneer tot wanneer."),
        why=_l("Dan is na te gaan wie toen iets mocht beslissen."),
        term=timedelta(days=730),
        since=_l("nadat je functie stopte"),
        outcome=Outcome.GONE,
        count=_over(_role)[0],
        forget=_over(_role)[1],
    ),
    Retention(
        "forget_homes",
        _l("Oude adressen"),
        what=_l("Waar je woonde, van wanneer tot wanneer."),
        why=_l("Dan weten we bij welk adres een oude reservering hoorde."),
        term=timedelta(days=730),
        since=_l("nadat je verhuisde"),
        outcome=Outcome.GONE,
        count=_over(_residency)[0],
        forget=_over(_residency)[1],
    ),
    Retention(
        "forget_admissions",
        _l("Buren die mochten komen"),
        what=_l("Welk adres van buiten mocht reserveren, en waarom."),
        why=_l("Dan is na te gaan wie een uitzondering maakte."),
        term=timedelta(days=730),
        since=_l("nadat het stopte"),
        outcome=Outcome.GONE,
        count=_over(Admission.__table__)[0],
        forget=_over(Admission.__table__)[1],
    ),
)
