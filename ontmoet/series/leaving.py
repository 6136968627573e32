"""What becomes of series whose person is not there any more. In a unit of work; commits nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, update

from ontmoet.db import Instant, execute

from .models import Series, SeriesHost

if TYPE_CHECKING:
    from datetime import datetime

_series = Series.__table__
_host = SeriesHost.__table__
_WHOSE: Any = bindparam("whose")

# The bookings of a home are called off with its person; what is of an organisation or of the room goes on.
_END_MINE = (
    update(_series)
    .where(_series.c.person_id == _WHOSE, _series.c.home_id.is_not(None), _series.c.ended_at.is_(None))
    .values(ended_at=bindparam("at", type_=Instant()))
)
_GO_ON_WITHOUT = (
    update(_series)
    .where(_series.c.person_id == _WHOSE, _series.c.home_id.is_(None), _series.c.ended_at.is_(None))
    .values(person_id=None)
)
_TAKE_OPENER = update(_host).where(_host.c.opens_id == _WHOSE).values(opens_id=None)
_TAKE_CLOSER = update(_host).where(_host.c.closes_id == _WHOSE).values(closes_id=None)


def leave_series(person_id: int, *, now: datetime) -> None:
    """Those of a home end. The others go on, and nobody is asked about them until somebody takes over."""
    execute(_END_MINE, whose=person_id, at=now)
    execute(_GO_ON_WITHOUT, whose=person_id)
    execute(_TAKE_OPENER, whose=person_id)
    execute(_TAKE_CLOSER, whose=person_id)
