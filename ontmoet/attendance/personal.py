"""What is known about somebody who wrote down how many people came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from ontmoet.db import execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.rooms.models import Room
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .models import Attendance
from .retention import RETENTIONS

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts

_attendance = Attendance.__table__
_room = Room.__table__
_WHOSE: Any = bindparam("whose")

_OF_PERSON = (
    select(_room.c.name, _attendance.c.day, _attendance.c.people, _attendance.c.entered_at)
    .join_from(_attendance, _room, _room.c.id == _attendance.c.room_id)
    .where(_attendance.c.entered_by_id == _WHOSE)
    .order_by(_attendance.c.day, _attendance.c.id)
)
_TAKE_NAME = update(_attendance).where(_attendance.c.entered_by_id == _WHOSE).values(entered_by_id=None)


def _export(person_id: int) -> list[Facts]:
    return [
        {
            _("Ruimte"): row.name,
            _("Dag"): row.day,
            _("Mensen geteld"): row.people,
            _("Door jou opgeschreven op"): row.entered_at,
        }
        for row in execute(_OF_PERSON, whose=person_id)
    ]


def _forget(person_id: int, _now: datetime) -> None:
    execute(_TAKE_NAME, whose=person_id)


PERSONAL = (
    PersonalData(
        "attendance",
        _l("Opkomst"),
        what=_l("Op welke dagen jij opschreef hoeveel mensen er waren."),
        why=_l("Dan kunnen we je vragen hoe het zit als een getal niet lijkt te kloppen."),
        seen_by=_l("Niemand, tenzij iemand vraagt hoe een getal er kwam."),
        columns=frozenset({"attendance.entered_by_id"}),
        export=_export,
        forget=_forget,
        terms=RETENTIONS,
    ),
)
