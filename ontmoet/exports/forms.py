"""The shape of the question for a file."""

from __future__ import annotations

from typing import Any

from wtforms import ValidationError

from ontmoet.web.forms import ChoiceField, Form
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .wording import KINDS


def _chosen(_form: Form, field: ChoiceField) -> None:
    if field.data is None or not field.is_listed:
        raise ValidationError(_("Kies wat voor bestand je wilt."))


class ExportForm(Form):
    """What kind of file somebody wants."""

    kind = ChoiceField(
        _l("Wat voor bestand?"),
        validators=[_chosen],
        validate_choice=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, str(name)) for kind, (name, _line) in KINDS.items()]
