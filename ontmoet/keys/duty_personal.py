"""What is known about somebody who had the key duty, or wrote down that it changed hands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, or_, select, text, update

from ontmoet.db import Instant, execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.rooms.models import Room
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .models import DUTY_NAMED, KeyDuty

if TYPE_CHECKING:
    from ontmoet.kernel.personal import Facts

_duty = KeyDuty.__table__
_room = Room.__table__
_WHOSE: Any = bindparam("whose")

_OF_PERSON = (
    select(_room.c.name, _duty.c.at, _duty.c.until, _duty.c.to_id, _duty.c.from_id)
    .join_from(_duty, _room, _room.c.id == _duty.c.room_id)
    .where(or_(_duty.c.to_id == _WHOSE, _duty.c.from_id == _WHOSE, _duty.c.recorded_by_id == _WHOSE))
    .order_by(_duty.c.at)
)
_TAKE_NAME = tuple(
    update(_duty).where(column == _WHOSE).values({column: None, _duty.c.note: ""})
    for column in (_duty.c.to_id, _duty.c.from_id, _duty.c.recorded_by_id)
)

_OLD = (_duty.c.until < bindparam("before", type_=Instant()), text(f"({DUTY_NAMED})"))
_COUNT = select(func.count()).select_from(_duty).where(*_OLD)
_FORGET = update(_duty).where(*_OLD).values(from_id=None, to_id=None, recorded_by_id=None, note="")


def _export(person_id: int) -> list[Facts]:
    return [
        {_("Ruimte"): row.name, _("Sleuteldienst sinds"): row.at, _("Tot"): row.until}
        if row.to_id == person_id
        else {_("Ruimte"): row.name, _("Sleuteldienst overgedragen op"): row.at}
        for row in execute(_OF_PERSON, whose=person_id)
    ]


def _forget(person_id: int, _now: datetime) -> None:
    """Whoever had the duty has it no more; nobody does, until somebody takes it."""
    for statement in _TAKE_NAME:
        execute(statement, whose=person_id)


OF_DUTY = Retention(
    "forget_key_duty",
    _l("Wie de sleuteldienst had"),
    what=_l("Wie de sleuteldienst had, aan wie hij werd overgedragen, en wat daarbij is opgemerkt."),
    why=_l("Dan is na te gaan wie iets kan weten als er een sleutel ontbreekt. De tellingen blijven."),
    term=timedelta(days=90),
    since=_l("na de volgende overdracht"),
    outcome=Outcome.NAMELESS,
    count=lambda before: execute(_COUNT, before=before).scalar_one(),
    forget=lambda before: execute(_FORGET, before=before).rowcount,
)

OF_KEEPERS = PersonalData(
    "key_duty",
    _l("Sleuteldienst"),
    what=_l("Van wanneer tot wanneer je de sleuteldienst had, en wie dat opschreef."),
    why=_l("Dan weten mensen wie ze bellen voor een sleutel."),
    seen_by=_l("Wie op de sleutels van die ruimte let. Wie gereserveerd heeft, ziet wie nu de dienst heeft."),
    columns=frozenset({"key_duty.from_id", "key_duty.to_id", "key_duty.recorded_by_id"}),
    export=_export,
    forget=_forget,
    terms=(OF_DUTY,),
)
