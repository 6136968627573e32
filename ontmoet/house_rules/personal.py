"""What the house rules know about somebody: which ones they agreed with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from ontmoet.db import execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.rooms.models import Room
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .models import Acceptance, RulesVersion
from .retention import RETENTIONS
from .rules import How

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts

_acceptance = Acceptance.__table__
_version = RulesVersion.__table__
_room = Room.__table__

_OF_PERSON = (
    select(_room.c.name, _version.c.number, _acceptance.c.at, _acceptance.c.how)
    .join_from(_acceptance, _version, _version.c.id == _acceptance.c.rules_version_id)
    .join(_room, _room.c.id == _version.c.room_id)
    .where(_acceptance.c.person_id == bindparam("whose"))
    .order_by(_acceptance.c.id)
)
_FORGET = delete(_acceptance).where(_acceptance.c.person_id == bindparam("whose"))


def _export(person_id: int) -> list[Facts]:
    ways = {How.SCREEN: _("op een scherm"), How.PAPER: _("op papier")}
    return [
        {_("Ruimte"): row.name, _("Versie"): row.number, _("Sinds"): row.at, _("Hoe"): ways[How(row.how)]}
        for row in execute(_OF_PERSON, whose=person_id)
    ]


def _forget(person_id: int, _now: datetime) -> None:
    execute(_FORGET, whose=person_id)


PERSONAL = (
    PersonalData(
        "house_rules",
        _l("Huisregels"),
        what=_l("Met welke huisregels je meedoet, en sinds wanneer."),
        why=_l("Dan hoeven we het je niet bij elke reservering te vragen."),
        seen_by=_l("Niemand."),
        columns=frozenset({"acceptance.person_id", "acceptance.recorded_by_id"}),
        export=_export,
        forget=_forget,
        until=_l("De regels waar je het laatst mee meedeed: tot je weggaat."),
        terms=RETENTIONS,
    ),
)
