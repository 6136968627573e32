"""The shape of a hand-over of the key duty: to whom, and how many copies of each key lie in the cabinet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import ValidationError

from ontmoet.web.forms import ChoiceField, Form, LineField, NumberField
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .duty_rules import MOST_COUNTED
from .rules import LONGEST_NOTE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wtforms import Field

    from .duty_queries import Keeper, Lying

NOBODY = "niemand"
"""What the form says when the duty stops."""


class DutyForm(Form):
    """Made by `duty_form`: who, a count for each key, a note."""

    who: ChoiceField
    note: LineField

    def to_id(self, keepers: Sequence[Keeper]) -> int | None:
        """Who gets the duty, None for nobody. Of a form that is valid."""
        found = {keeper.public_id: keeper.person_id for keeper in keepers}
        return found.get(self.who.data)

    def counted(self, lying: Sequence[Lying]) -> dict[int, int]:
        """How many copies of each key were seen."""
        return {key.key_id: self[_name(key)].data for key in lying}

    def count_fields(self, lying: Sequence[Lying]) -> list[tuple[Lying, Field]]:
        """Each key with the field for its count."""
        return [(key, self[_name(key)]) for key in lying]


def duty_form(sent: Any, lying: Sequence[Lying], choices: Sequence[tuple[str, str]]) -> DutyForm:
    """The form for a room with these keys; `choices` are who can get the duty."""
    fields: dict[str, Any] = {
        "who": ChoiceField(_l("Wie heeft hierna de dienst?"), validators=[_chosen], validate_choice=False)
    }
    for key in lying:
        fields[_name(key)] = NumberField(key.opens, least=0, most=MOST_COUNTED)
    fields["note"] = LineField(_l("Wil je er iets bij zeggen?"), longest=LONGEST_NOTE)
    form: DutyForm = type("_DutyForm", (DutyForm,), fields)(sent)
    form.who.choices = list(choices)
    return form


def _chosen(_form: Form, field: ChoiceField) -> None:
    if not field.data or not field.is_listed:
        raise ValidationError(_("Kies wie de sleuteldienst krijgt."))


def _name(key: Lying) -> str:
    return f"count_{key.key_id}"
