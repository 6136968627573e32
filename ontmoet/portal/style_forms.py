"""Forms of the style guide: each kind of field empty, filled in and refused. Nobody sends them."""

from __future__ import annotations

from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField

from ontmoet.web.forms import (
    ChoiceField,
    DateField,
    DayField,
    DigitsField,
    Form,
    LineField,
    LinesField,
    NumberField,
    SecretField,
    TimeField,
    TypedTimeField,
)
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

FILLED = {
    "name": "Koffie met de buren",
    "note": "Neem je eigen kopje mee.\nWij zetten thee.",
    "pin": "",
    "secret": "",
    "people": 8,
    "day": date(2026, 11, 24),
    "date": date(2026, 11, 24),
    "starts": 14 * 60,
    "opens": 9 * 60,
    "zone": "keuken",
    "length": "60",
    "agrees": True,
}
WRONG = {
    "name": "",
    "note": "Koffie! " * 20,
    "pin": "12a",
    "secret": "",
    "people": "heel veel",
    "day": "overmorgen",
    "date": "31 juni",
    "starts": "25:00",
    "opens": "half negen",
    "zone": "de zolder",
    "length": "999",
}


class ExampleForm(Form):
    """One field of each kind that pages have."""

    name = LineField(_l("Wat ga je doen?"), longest=60, required=True)
    note = LinesField(_l("Wil je nog iets vertellen?"), longest=120)
    pin = DigitsField(_l("Pincode"), length=4)
    secret = SecretField(_l("Wachtwoord"), longest=128)
    people = NumberField(_l("Hoeveel mensen komen er?"), least=1, most=40)
    day = DayField(_l("Kies een dag"))
    date = DateField(_l("Op welke dag?"), required=True)
    starts = TimeField(_l("Hoe laat begin je?"))
    opens = TypedTimeField(_l("Open van"))
    zone = ChoiceField(_l("Welk deel?"), validate_choice=False)
    length = SelectField(_l("Hoelang hoogstens?"), validate_choice=False)
    agrees = BooleanField(_l("Ik doe mee met de huisregels"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starts.choices = ["14:00", "14:30", "15:00"]
        self.zone.choices = [("alles", _("De hele ruimte")), ("keuken", _("De keuken"))]
        self.length.choices = [("60", _("een uur")), ("120", _("twee uur"))]


def examples(about: str = "") -> list[tuple[str, str, ExampleForm]]:
    """Each state: its id, its name, and the form in it. `about` tells the same forms apart on one page."""
    empty, filled, refused = f"leeg{about}", f"gevuld{about}", f"fout{about}"
    return [
        (empty, _("Leeg"), ExampleForm(prefix=empty)),
        (filled, _("Ingevuld"), ExampleForm(prefix=filled, data=FILLED)),
        (refused, _("Fout"), _refused(refused)),
    ]


def _refused(prefix: str) -> ExampleForm:
    form = ExampleForm(MultiDict({f"{prefix}-{name}": value for name, value in WRONG.items()}), prefix=prefix)
    form.validate()
    form.zone.errors = form.length.errors = (_("Kies iets uit de lijst."),)
    form.agrees.errors = (_("Zet een vinkje als je meedoet."),)
    return form
