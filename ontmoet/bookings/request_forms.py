"""The shape of what is said about a request: a question, an answer, a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import ValidationError

from ontmoet.web.forms import ChoiceField, Form, LineField
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .request_rules import LONGEST_SENTENCE, REASONS_TO_DECLINE
from .states import CancelReason
from .wording import reason_sentence

if TYPE_CHECKING:
    from typing import Any


class DeclineForm(Form):
    """Why not."""

    reason = ChoiceField(_l("Waarom kan het niet?"), validate_choice=False)
    explanation = LineField(_l("Wil je er iets bij zeggen?"), longest=LONGEST_SENTENCE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [(reason, reason_sentence(reason)) for reason in REASONS_TO_DECLINE]

    def validate_reason(self, field: ChoiceField) -> None:
        if not field.data or not field.is_listed:
            raise ValidationError(_("Kies een reden."))

    @property
    def because(self) -> CancelReason:
        """What was chosen."""
        return CancelReason(self.reason.data)


class QuestionForm(Form):
    """What somebody wants to know before deciding."""

    question = LineField(_l("Wat wil je weten?"), longest=LONGEST_SENTENCE, required=True)


class AnswerForm(Form):
    """The answer to that."""

    answer = LineField(_l("Jouw antwoord"), longest=LONGEST_SENTENCE, required=True)
