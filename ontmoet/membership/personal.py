"""What is known about somebody who let neighbours in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from ontmoet.db import execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.rooms.models import Room
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .models import Admission
from .retention import RETENTIONS

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts

_admission = Admission.__table__
_room = Room.__table__

_OF_PERSON = (
    select(_room.c.name, _admission.c.since, _admission.c.until)
    .join_from(_admission, _room, _room.c.id == _admission.c.room_id)
    .where(_admission.c.admitted_by_id == bindparam("whose"))
    .order_by(_admission.c.id)
)
_FORGET = (
    update(_admission).where(_admission.c.admitted_by_id == bindparam("whose")).values(admitted_by_id=None)
)


def _export(person_id: int) -> list[Facts]:
    # Whom they let in is about somebody else.
    return [
        {_("Je liet een buur toe in"): row.name, _("Sinds"): row.since, _("Tot"): row.until}
        for row in execute(_OF_PERSON, whose=person_id)
    ]


def _forget(person_id: int, _now: datetime) -> None:
    execute(_FORGET, whose=person_id)


PERSONAL = (
    PersonalData(
        "admissions",
        _l("Buren die je toeliet"),
        what=_l("In welke ruimte je een buur van buiten toeliet, en wanneer."),
        why=_l("Dan is na te gaan wie een uitzondering maakte."),
        seen_by=_l("De vrijwilligers, de beheergroep en de medewerkers van die ruimte."),
        columns=frozenset({"admission.admitted_by_id"}),
        export=_export,
        forget=_forget,
        terms=RETENTIONS,
    ),
)
