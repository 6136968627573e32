"""The shape of what people fill in about keys."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from wtforms import ValidationError

from ontmoet.kernel.walltime import NonexistentTime, day_of, instant, minutes_of
from ontmoet.web import dates
from ontmoet.web.forms import ChoiceField, DateField, Form, FormKeyField, LineField, NumberField, TimeField
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
)
from .wording import CONDITIONS, DUE_WORDS, moment_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .holders import KeyPartner

HALF_HOURS = [dates.field_time(minutes) for minutes in range(7 * 60, 23 * 60 + 1, 30)]
"""At which somebody brings a key; another time that is sent is taken too."""


class DueForm(Form):
    """When a key has to be back: one of a few times, or a day and a time."""

    due = ChoiceField(_l("Wanneer moet de sleutel terug?"), validate_choice=False)
    due_day = DateField(_l("Op welke dag?"), required=True)
    due_time = TimeField(_l("Hoe laat?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.due_time.choices = HALF_HOURS
        self._offered: Mapping[Due, datetime | None] = {}
        self._offered_at: datetime | None = None

    def offer(self, choices: Mapping[Due, datetime | None], now: datetime) -> None:
        """The times to choose from, as they are now. The first is proposed; for another, that time is too."""
        self._offered, self._offered_at = choices, now
        self.due.choices = [(due, DUE_WORDS[due]) for due in (*choices, Due.OTHER)]
        proposed, at = next(iter(choices.items()))
        # A form that was sent without a choice was not made by us: nothing is filled in for it.
        if self.due.raw_data is None:
            self.due.data = proposed
        if self.due_day.raw_data is None and at is not None:
            self.due_day.data, self.due_time.data = day_of(at), minutes_of(at)

    @property
    def small(self) -> dict[Due, str]:
        """The time of each choice that has one, in words. Worked out for a page, never for a deed."""
        now = self._offered_at
        return {due: moment_words(at, now) for due, at in self._offered.items() if at and now}

    def validate(self, extra_validators: Any = None) -> bool:
        """Only who chooses another time says which."""
        super().validate(extra_validators)
        if self.due.data != Due.OTHER:
            self.due_day.errors = self.due_time.errors = ()
        return not self.errors

    def validate_due(self, field: ChoiceField) -> None:
        if not field.data or not field.is_listed:
            raise ValidationError(_("Kies wanneer de sleutel terug moet."))

    def validate_due_time(self, field: TimeField) -> None:
        """An hour is skipped in the night in which summer time starts."""
        if self.due.data == Due.OTHER and self.due_day.data and field.data is not None:
            try:
                instant(self.due_day.data, field.data)
            except NonexistentTime:
                raise ValidationError(
                    _("Deze tijd bestaat niet: die nacht gaat de klok een uur vooruit. Kies een andere tijd.")
                ) from None

    @property
    def due_at(self) -> datetime | None:
        """The time that was chosen; None for good. Of a form that is valid."""
        if self.due.data == Due.OTHER:
            return instant(self.due_day.data, self.due_time.data)
        return self._offered[Due(self.due.data)]


class GiveForm(DueForm):
    """Who gets a key without a booking, and until when."""

    who = LineField(_l("Iemand zonder account"), longest=LONGEST_HOLDER_NAME)


class OrganisationForm(DueForm):
    """Which organisation gets a key, and until when."""

    organisation = ChoiceField(_l("Welke organisatie krijgt de sleutel?"), validate_choice=False)

    def offer_organisations(self, partners: Sequence[KeyPartner]) -> None:
        """Those that work in the room; the only one is chosen beforehand."""
        self.organisation.choices = [(one.public_id, one.name) for one in partners]
        if self.organisation.raw_data is None and len(partners) == 1:
            self.organisation.data = partners[0].public_id

    def validate_organisation(self, field: ChoiceField) -> None:
        if not field.data or not field.is_listed:
            raise ValidationError(_("Kies welke organisatie de sleutel krijgt."))


class TakeBackForm(Form):
    """How the room was found."""

    condition = ChoiceField(_l("Hoe is de ruimte achtergelaten?"), validate_choice=False)
    note = LineField(_l("Wat is er?"), longest=LONGEST_NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.condition.choices = CONDITIONS

    def validate_condition(self, field: ChoiceField) -> None:
        if not field.data or not field.is_listed:
            raise ValidationError(_("Kies hoe de ruimte is achtergelaten."))

    @property
    def found(self) -> Condition:
        """What was chosen."""
        return Condition(self.condition.data)


class NewKeyForm(Form):
    """What new keys open, and how many there are. Sent twice they are there once."""

    idempotency_key = FormKeyField()
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
