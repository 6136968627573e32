"""The shape of house rules that somebody writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import BooleanField

from ontmoet.web.forms import Form, FormKeyField, LineField, LinesField, NumberField
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.widgets import HiddenInput

from .rules import Draft

if TYPE_CHECKING:
    from .rules import RulesVersion

LONGEST_BODY, LONGEST_NOTE = 5000, 400


class PublishForm(Form):
    """The rules, what changes and why, and whether everybody is asked again. `number` is the version that
    was on the screen, 0 for none.
    """

    body = LinesField(_l("De regels"), longest=LONGEST_BODY)
    change_note = LineField(_l("Wat verandert er, en waarom?"), longest=LONGEST_NOTE)
    ask_again = BooleanField(_l("Vraag iedereen opnieuw om mee te doen"))
    number = NumberField("", least=0, most=99_999, widget=HiddenInput())
    idempotency_key = FormKeyField()

    def start_from(self, current: RulesVersion | None, *, key: str) -> None:
        """Fill in the rules in force; whether people are asked again is for the writer to say."""
        self.body.data = current.body if current else ""
        self.number.data = current.number if current else 0
        self.idempotency_key.data = key

    def draft(self) -> Draft:
        """What a valid form says."""
        return Draft(self.body.data, self.change_note.data, self.ask_again.data)
