"""What is known about somebody who needed another way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, literal, select, union_all

from ontmoet.db import execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .models import SignInLink, Slip
from .retention import RETENTIONS

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts

_link = SignInLink.__table__
_slip = Slip.__table__

_OF_PERSON = union_all(
    select(
        literal("link").label("what"), _link.c.asked_at.label("at"), _link.c.used_at.label("used_at")
    ).where(_link.c.person_id == bindparam("whose")),
    select(literal("slip"), _slip.c.made_at, _slip.c.used_at).where(_slip.c.person_id == bindparam("whose")),
    # Whom they helped is about somebody else.
    select(literal("made"), _slip.c.made_at, _slip.c.used_at).where(_slip.c.made_by_id == bindparam("whose")),
)
_FORGET = (
    delete(_link).where(_link.c.person_id == bindparam("whose")),
    # Who made a slip for another stays a number that leads to nobody, until the slip goes.
    delete(_slip).where(_slip.c.person_id == bindparam("whose")),
)


def _export(person_id: int) -> list[Facts]:
    words = {
        "link": _("Je vroeg een link om in te loggen"),
        "slip": _("Iemand maakte een inlogbriefje voor je"),
        "made": _("Je maakte een inlogbriefje voor een ander"),
    }
    return [
        {_("Wat"): words[row.what], _("Wanneer"): row.at, _("Gebruikt op"): row.used_at or _("niet")}
        for row in sorted(execute(_OF_PERSON, whose=person_id), key=lambda row: row.at)
    ]


def _forget(person_id: int, _now: datetime) -> None:
    for forgetting in _FORGET:
        execute(forgetting, whose=person_id)


PERSONAL = (
    PersonalData(
        "ways_back_in",
        _l("Wachtwoord of pincode vergeten"),
        what=_l("Dat je een link vroeg of een inlogbriefje kreeg, en of je het gebruikte."),
        why=_l("Zo werkt het maar één keer, en zie je wie jou liet inloggen."),
        seen_by=_l("Jij, en bij een inlogbriefje wie het maakte."),
        columns=frozenset({"sign_in_link.person_id", "slip.person_id", "slip.made_by_id"}),
        export=_export,
        forget=_forget,
        terms=RETENTIONS,
    ),
)
