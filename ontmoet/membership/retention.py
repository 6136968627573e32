"""How long it is kept who did what, who lived where, and who was let in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select

from ontmoet.db import LocalDate, execute
from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.kernel.walltime import day_of
from ontmoet.people.models import Residency, Role
from ontmoet.web.i18n import lazy_gettext as _l

from .models import Admission

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Table

MOST_AT_ONCE = 200

_residency = Residency.__table__
_role = Role.__table__

_DAY = bindparam("day", type_=LocalDate())


def _over(table: Table) -> tuple[Callable[[datetime], int], Callable[[datetime], int]]:
    """Counts and removes the rows of a table that ended before a moment."""
    old = table.c.until < _DAY
    counting = select(func.count()).select_from(table).where(old)
    removing = delete(table).where(table.c.id.in_(select(table.c.id).where(old).limit(MOST_AT_ONCE)))
    return (
        lambda before: execute(counting, day=day_of(before)).scalar_one(),
        lambda before: execute(removing, day=day_of(before)).rowcount,
    )


RETENTIONS = (
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
        "forget_residencies",
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
