"""Whose series it was is kept for a season after its last day, as with bookings. How it went stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select, update

from ontmoet.db import LocalDate, execute
from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.kernel.walltime import day_of
from ontmoet.web.i18n import lazy_gettext as _l

from .models import Series, SeriesHost

MOST_AT_ONCE = 200

_series = Series.__table__
_host = SeriesHost.__table__
_OVER = _series.c.last_day < bindparam("before", type_=LocalDate())
_OF_SOMEBODY = or_(
    _series.c.person_id.is_not(None),
    _series.c.entered_by_id.is_not(None),
    _series.c.home_id.is_not(None),
    _series.c.id.in_(select(_host.c.series_id).where(_host.c.opens_id.is_not(None))),
    _series.c.id.in_(select(_host.c.series_id).where(_host.c.closes_id.is_not(None))),
)
_COUNT = select(func.count()).select_from(_series).where(_OVER, _OF_SOMEBODY)
_SOME = select(_series.c.id).where(_OVER, _OF_SOMEBODY).order_by(_series.c.last_day).limit(MOST_AT_ONCE)
_TAKE_HOSTS = (
    update(_host)
    .where(_host.c.series_id.in_(bindparam("ids", expanding=True)))
    .values(opens_id=None, closes_id=None)
)
_TAKE_NAMES = (
    update(_series)
    .where(_series.c.id.in_(bindparam("ids", expanding=True)))
    .values(person_id=None, entered_by_id=None, home_id=None, purpose="", responsible=None)
)


def take_names(before: datetime) -> int:
    """Some series that were over before then lose whose they were and what for; how many."""
    ids = execute(_SOME, before=day_of(before)).scalars().all()
    if ids:
        execute(_TAKE_HOSTS, ids=ids)
        execute(_TAKE_NAMES, ids=ids)
    return len(ids)


RETENTIONS = (
    Retention(
        "forget_series_names",
        _l("Namen bij reeksen"),
        what=_l("Wie een reeks had, wie daarbij hielp, wie opende en sloot, en waarvoor."),
        why=_l("Dan kun je een reeks verlengen, en weten vrijwilligers van wie hij is."),
        term=timedelta(days=90),
        since=_l("na de laatste dag van de reeks"),
        outcome=Outcome.NAMELESS,
        count=lambda before: execute(_COUNT, before=day_of(before)).scalar_one(),
        forget=take_names,
    ),
)
