"""Reasons of this slice in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import Format, Reason

if TYPE_CHECKING:
    from ontmoet.kernel.objections import Objection

ACTIONS = {"data_exported": _l("gegevens meegenomen als bestand")}
"""What happened, in words for whoever did it."""

KINDS = {
    Format.XLSX: (_l("Excel"), _l("Voor Excel, LibreOffice en Numbers. Met een blad uitleg.")),
    Format.CSV: (_l("CSV"), _l("Gewone tekst, voor bijna elk programma.")),
    Format.JSON: (_l("JSON"), _l("Voor wie er zelf een programma voor maakt.")),
}
"""Kinds of file, each with a line below it."""


def say(objection: Objection) -> str:
    """The sentence for an objection."""
    return {
        Reason.BUSY: _("Er wordt al een bestand gemaakt. Probeer het over een paar minuten opnieuw."),
        Reason.TOO_MANY: _("Je maakte veel bestanden in korte tijd. Probeer het over een uur opnieuw."),
    }[Reason(objection.reason)]
