"""The shape of the rules for booking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import SelectField, ValidationError

from ontmoet.bookings.wording import length
from ontmoet.web.forms import ChoiceField, Form, NumberField, TypedTimeField
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .use_rules import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

LENGTHS = (15, 30, 45, 60, 90, 120, 150, 180, 210, 240, 300, 360, 420, 480, 600, 720, 960, 1440)
AT_ONCE, ASK = "meteen", "vragen"


def _listed(_form: Form, field: SelectField | ChoiceField) -> None:
    if str(field.data) not in {choice[0] for choice in field.choices or ()}:
        raise ValidationError(_("Kies iets uit de lijst."))


class _Turns(NumberField):
    """A number of turns; empty is no limit."""

    def parse(self, raw: str) -> Any:
        return super().parse(raw) if raw.strip(" ") else None


class UseRulesForm(Form):
    """Made by `use_rules_form`."""

    own = ChoiceField(_l("Een bewoner reserveert"), validators=[_listed], validate_choice=False)
    open = ChoiceField(_l("Een activiteit voor iedereen"), validators=[_listed], validate_choice=False)
    shortest = SelectField(_l("Kortste tijd"), validators=[_listed], validate_choice=False)
    longest = SelectField(_l("Langste tijd"), validators=[_listed], validate_choice=False)
    usual = SelectField(_l("Gewone tijd"), validators=[_listed], validate_choice=False)
    quota = _Turns(_l("Hoeveel keer per maand voor elk adres?"), least=1, most=99)
    quota_from = TypedTimeField(_l("Vanaf hoe laat telt het mee?"))
    horizon = NumberField(_l("Hoeveel dagen vooruit?"), least=1, most=400)
    buffer = NumberField(_l("Hoeveel minuten tussen twee reserveringen?"), least=0, most=240)
    series = NumberField(_l("Hoeveel dagen vooruit mag een reeks lopen?"), least=7, most=800)

    def settings(self) -> Settings:
        """What a valid form asks for."""
        return Settings(
            self.own.data == ASK,
            self.open.data == ASK,
            self.quota.data,
            (self.quota_from.data or 0) if self.quota.data else 0,
            int(self.shortest.data),
            int(self.usual.data),
            int(self.longest.data),
            self.horizon.data,
            self.buffer.data,
            self.series.data,
        )


def use_rules_form(sent: Mapping[str, str] | None, current: Settings) -> UseRulesForm:
    """The form as it was sent, or filled in with what is decided now."""
    form = UseRulesForm(sent)
    lengths = sorted({*LENGTHS, current.shortest, current.usual, current.longest})
    for field in (form.shortest, form.longest, form.usual):
        field.choices = [(str(minutes), length(minutes)) for minutes in lengths]
    form.own.choices = [(AT_ONCE, _("Staat meteen vast")), (ASK, _("De beheergroep zegt eerst ja"))]
    form.open.choices = list(form.own.choices)
    if sent is None:
        form.own.data = ASK if current.own_asks else AT_ONCE
        form.open.data = ASK if current.open_asks else AT_ONCE
        form.shortest.data, form.longest.data = str(current.shortest), str(current.longest)
        form.usual.data = str(current.usual)
        form.quota.data, form.quota_from.data = current.quota, current.quota_from or None
        form.horizon.data, form.buffer.data = current.horizon_days, current.buffer
        form.series.data = current.series_days
    return form
