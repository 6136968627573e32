"""Reasons and recorded actions of this slice in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext

from .rules import Reason

if TYPE_CHECKING:
    from ontmoet.kernel.objections import Objection

ACTIONS = {"attendance_counted": _l("opgeschreven hoeveel mensen er waren")}
"""What happened, in words for whoever did it."""


def say(objection: Objection) -> str:
    """The sentence for an objection. Total over `Reason`."""
    facts = objection.facts
    match Reason(objection.reason):
        case Reason.NOT_YET:
            return _("Deze dag moet nog komen. Vul in hoeveel mensen er waren als hij voorbij is.")
        case Reason.STRANGE:
            return ngettext(
                "Klopt %(figure)s? Er past %(num)s persoon in. Verander het, of bewaar het zo.",
                "Klopt %(figure)s? Er passen %(num)s mensen in. Verander het, of bewaar het zo.",
                cast("int", facts["capacity"]),
                figure=facts["figure"],
            )
        case Reason.CHANGED_MEANWHILE if facts["there"] is None:
            return _("Iemand anders maakte dit net leeg. Bewaar je, dan geldt wat hier staat.")
        case _:
            return _(
                "Iemand anders vulde hier net %(there)s in. Bewaar je, dan geldt wat hier staat.",
                there=facts["there"],
            )


def people_line(people: int) -> str:
    """How many came, all together."""
    return ngettext("Samen: %(num)s persoon.", "Samen: %(num)s mensen.", people)
