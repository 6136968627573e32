"""What letters know about somebody: that they joined with one, or made some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, literal, select, union_all

from ontmoet.db import execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.rooms.models import Home
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .models import Invitation, InvitationUse
from .retention import RETENTIONS

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts

_invitation = Invitation.__table__
_use = InvitationUse.__table__
_home = Home.__table__

_OF_PERSON = union_all(
    select(literal("joined").label("what"), _home.c.address.label("place"), _use.c.at.label("at"))
    .join_from(_use, _invitation, _invitation.c.id == _use.c.invitation_id)
    .join(_home, _home.c.id == _invitation.c.home_id)
    .where(_use.c.person_id == bindparam("whose")),
    select(literal("made"), _home.c.address, _invitation.c.made_at)
    .join_from(_invitation, _home, _home.c.id == _invitation.c.home_id)
    .where(_invitation.c.made_by_id == bindparam("whose")),
)
_FORGET = delete(_use).where(_use.c.person_id == bindparam("whose"))


def _export(person_id: int) -> list[Facts]:
    return [
        {
            _("Wat"): _("je deed mee met een brief") if row.what == "joined" else _("je maakte een brief"),
            _("Voor adres"): row.place,
            _("Wanneer"): row.at,
        }
        for row in sorted(execute(_OF_PERSON, whose=person_id), key=lambda row: row.at)
    ]


def _forget(person_id: int, _now: datetime) -> None:
    # Who made a letter stays a number that leads to nobody, until the letter goes.
    execute(_FORGET, whose=person_id)


PERSONAL = (
    PersonalData(
        "letters",
        _l("Brieven om mee te doen"),
        what=_l("Met welke brief je meedeed, en wanneer. Maakte je brieven? Dan ook voor welk adres."),
        why=_l("Zo werkt een brief maar kort, en op elk apparaat één keer."),
        seen_by=_l("Niemand."),
        columns=frozenset({"invitation.made_by_id", "invitation_use.person_id"}),
        export=_export,
        forget=_forget,
        terms=RETENTIONS,
    ),
)
