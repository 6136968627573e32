"""Reasons of this slice in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.web.i18n import gettext as _

from .rules import Reason

if TYPE_CHECKING:
    from ontmoet.kernel.objections import Objection


def say(objection: Objection) -> str:
    """The sentence for an objection."""
    match Reason(objection.reason):
        case Reason.CHANGED_MEANWHILE:
            return _("De huisregels zijn net veranderd. Lees ze nog een keer.")
