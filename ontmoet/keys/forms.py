"""The shape of what people fill in about keys."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from wtforms import ValidationError

from ontmoet.web import dates
from ontmoet.web.forms import ChoiceField, Form, LineField, NumberField
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import (
    HIGHEST_LOCKER,
    LONGEST_GROUP,
    LONGEST_HANGS,
    LONGEST_HOLDER_NAME,
    LONGEST_NOTE,
    LONGEST_OPENS,
    MOST_COPIES,
    Condition,
    Due,
    due_choices,
)
from .wording import condition_choices, due_line

if TYPE_CHECKING:
    from typing import Any


class GiveForm(Form):
    """Who gets a key without a booking, and until when."""

    who = LineField(_l("Iemand zonder account"), longest=LONGEST_HOLDER_NAME)
    due = ChoiceField(_l("Wanneer moet de sleutel terug?"), validate_choice=False)

    def offer(self, now: datetime) -> None:
        """The times to choose from, as they are now."""
        self.due.choices = [
            (due, dates.capitalised(due_line(moment, now))) for due, moment in due_choices(now).items()
        ]

    def validate_due(self, field: ChoiceField) -> None:
        """Nothing is chosen beforehand: a key that never has to come back is no accident."""
        if not field.data or not field.is_listed:
            raise ValidationError(_("Kies wanneer de sleutel terug moet."))

    def due_at(self, now: datetime) -> datetime | None:
        """The time that was chosen; None for good."""
        return due_choices(now)[Due(self.due.data)]


class TakeBackForm(Form):
    """How the room was found."""

    condition = ChoiceField(_l("Hoe is de ruimte achtergelaten?"), validate_choice=False)
    note = LineField(_l("Wat is er?"), longest=LONGEST_NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.condition.choices = condition_choices()

    def validate_condition(self, field: ChoiceField) -> None:
        if not field.data or not field.is_listed:
            raise ValidationError(_("Kies hoe de ruimte is achtergelaten."))

    @property
    def found(self) -> Condition:
        """What was chosen."""
        return Condition(self.condition.data)


class NewKeyForm(Form):
    """What new keys open, and how many there are."""

    opens = LineField(_l("Wat opent de sleutel?"), longest=LONGEST_OPENS, required=True)
    how_many = NumberField(_l("Hoeveel sleutels zijn er?"), least=1, most=MOST_COPIES)


class BoxForm(Form):
    """Where a code box hangs, and its code. Whether it is one, a rule says."""

    hangs = LineField(_l("Waar hangt de kluis?"), longest=LONGEST_HANGS, required=True)
    code = LineField(_l("Nieuwe code"), longest=40)

    @property
    def typed_code(self) -> str:
        """The code without the spaces in between."""
        return "".join(self.code.data.split())


class LockerForm(Form):
    """A locker and the group that has it."""

    number = NumberField(_l("Nummer van het kastje"), least=1, most=HIGHEST_LOCKER)
    group_name = LineField(_l("Van welke groep is het?"), longest=LONGEST_GROUP, required=True)
    key_number = LineField(_l("Nummer van de sleutel"), longest=10)
    note = LineField(_l("Onenigheid over dit kastje"), longest=LONGEST_NOTE)
