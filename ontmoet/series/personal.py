"""What is known about somebody who has a series, or opens a drop-in, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, or_, select, update

from ontmoet.db import execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.rooms.models import Room
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .leaving import leave_series
from .models import Series, SeriesHost
from .retention import RETENTIONS

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts

_series = Series.__table__
_host = SeriesHost.__table__
_room = Room.__table__
_WHOSE: Any = bindparam("whose")
_IS_HOST = _series.c.id.in_(
    select(_host.c.series_id).where(or_(_host.c.opens_id == _WHOSE, _host.c.closes_id == _WHOSE))
)

_OF_PERSON = (
    select(
        _room.c.name,
        _series.c.person_id,
        _series.c.first_day,
        _series.c.last_day,
        _series.c.people,
        _series.c.purpose,
        _series.c.responsible,
        _series.c.is_drop_in,
        _series.c.made_at,
    )
    .join_from(_series, _room, _room.c.id == _series.c.room_id)
    .where(or_(_series.c.person_id == _WHOSE, _series.c.entered_by_id == _WHOSE, _IS_HOST))
    .order_by(_series.c.made_at, _series.c.id)
)
_TAKE_MY_NAME = (
    update(_series)
    .where(_series.c.person_id == _WHOSE)
    .values(
        person_id=None,
        entered_by_id=None,
        home_id=None,
        purpose=case((_series.c.is_drop_in, _series.c.purpose), else_=""),
        responsible=None,
    )
)
_TAKE_MY_HAND = update(_series).where(_series.c.entered_by_id == _WHOSE).values(entered_by_id=None)


def _export(person_id: int) -> list[Facts]:
    return [
        {
            _("Ruimte"): row.name,
            _("Soort"): _("inloop") if row.is_drop_in else _("reeks"),
            _("Eerste dag"): row.first_day,
            _("Laatste dag"): row.last_day,
            _("Mensen"): row.people,
            _("Waarvoor"): row.purpose,
            _("Verantwoordelijk"): row.responsible or "",
            _("Gemaakt op"): row.made_at,
        }
        if row.person_id == person_id
        # Whose it is and what for is of somebody else.
        else {_("Ruimte"): row.name, _("Ingevoerd of geopend voor een ander, op"): row.made_at}
        for row in execute(_OF_PERSON, whose=person_id)
    ]


def _forget(person_id: int, now: datetime) -> None:
    """What a drop-in is called is of the room, and stays with it."""
    leave_series(person_id, now=now)
    execute(_TAKE_MY_NAME, whose=person_id)
    execute(_TAKE_MY_HAND, whose=person_id)


PERSONAL = (
    PersonalData(
        "series",
        _l("Reeksen"),
        what=_l("Welke ruimte je vaker hebt, op welke dagen, met hoeveel mensen en waarvoor."),
        why=_l("Dan kun je alles in één keer veranderen, en vragen we op tijd of je doorgaat."),
        seen_by=_l("De vrijwilligers en medewerkers van die ruimte. Andere bewoners zien alleen ‘bezet’."),
        columns=frozenset(
            {
                "series.person_id",
                "series.entered_by_id",
                "series_host.opens_id",
                "series_host.closes_id",
            }
        ),
        export=_export,
        forget=_forget,
        terms=RETENTIONS,
    ),
)
