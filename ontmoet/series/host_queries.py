"""Who opens and closes a drop-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from ontmoet.db import execute
from ontmoet.people.models import Person

from .models import SeriesHost

_host = SeriesHost.__table__
_person = Person.__table__

_opener, _closer = _person.alias("opener"), _person.alias("closer")

_HOSTS = (
    select(
        _host.c.since,
        _host.c.opens_id,
        _host.c.closes_id,
        _opener.c.name.label("opens"),
        _closer.c.name.label("closes"),
    )
    .outerjoin_from(_host, _opener, _opener.c.id == _host.c.opens_id)
    .outerjoin(_closer, _closer.c.id == _host.c.closes_id)
    .where(_host.c.series_id == bindparam("series_id"))
    .order_by(_host.c.since)
)


@dataclass(frozen=True, slots=True)
class Hosts:
    """Who opens and closes from a day on; without a name once that person is forgotten."""

    since: date
    opens_id: int | None
    closes_id: int | None
    opens: str
    closes: str


def hosts_of(series_id: int) -> list[Hosts]:
    """The hosts of a drop-in, in order of the day from which they are."""
    return [
        Hosts(row.since, row.opens_id, row.closes_id, row.opens or "", row.closes or "")
        for row in execute(_HOSTS, series_id=series_id)
    ]


def hosts_on(series_id: int, day: date) -> Hosts | None:
    """Who opens and closes on a day; who does so first, when it begins later."""
    hosts = hosts_of(series_id)
    earlier = [each for each in hosts if each.since <= day]
    return earlier[-1] if earlier else next(iter(hosts), None)
