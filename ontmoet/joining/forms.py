"""The shape of what people fill in to join, and of what is chosen to print."""

from typing import Any

from wtforms import BooleanField, Label, ValidationError

from ontmoet.kernel.objections import Objection
from ontmoet.kernel.reach import LONGEST_EMAIL, LONGEST_PHONE, is_email, is_phone
from ontmoet.people.rules import LONGEST_NICKNAME, PIN_LENGTH, is_easy_pin
from ontmoet.people.rules import Reason as PeopleReason
from ontmoet.web.forms import ChoiceField, DigitsField, Form, FormKeyField, LineField
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.widgets import HiddenInput

from .rules import LONGEST_NAME, Newcomer, Reason
from .wording import say

OWN, SHARED = "eigen", "ander"


class CodeForm(Form):
    """The code of a letter, typed over."""

    code = LineField(_l("Code uit de brief"), longest=120, required=True)


class JoinForm(Form):
    """Who joins, how they sign in later, and that they go along with the house rules."""

    name = LineField(_l("Je naam"), longest=LONGEST_NAME, required=True)
    is_somebody_else = BooleanField(_l("Nee, ik ben iemand anders met dezelfde naam"))
    is_child = BooleanField("")
    guardian = LineField(_l("Naam van je ouder of verzorger"), longest=LONGEST_NAME)
    nickname = LineField(_l("Je bijnaam (hoeft niet)"), longest=LONGEST_NICKNAME)
    pin = DigitsField(_l("Kies een pincode"), length=PIN_LENGTH)
    device = ChoiceField(_l("Van wie is deze telefoon?"), validate_choice=False)
    phone = LineField(_l("Telefoonnummer (hoeft niet)"), longest=LONGEST_PHONE)
    email = LineField(_l("E-mailadres (hoeft niet)"), longest=LONGEST_EMAIL)
    accepts_rules = BooleanField(_l("Ik doe mee met de huisregels"))
    rules_seen = LineField("", longest=2000, widget=HiddenInput())
    idempotency_key = FormKeyField("")

    def __init__(self, *args: Any, minimum_age: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("Ik ben jonger dan %(age)s jaar", age=minimum_age)
        self.is_child.label = Label(self.is_child.id, label)
        self.device.choices = [
            (OWN, _("Dit is mijn eigen telefoon")),
            (SHARED, _("Dit is niet mijn telefoon")),
        ]

    def validate_device(self, device: ChoiceField) -> None:
        """Nothing is chosen beforehand: half a year signed in on somebody else's phone is no small thing."""
        if device.data not in (OWN, SHARED):
            raise ValidationError(_("Kies van wie deze telefoon is."))

    # What can be seen at once is told at once: a PIN is typed anew each time that something is not right.

    def validate_pin(self, pin: DigitsField) -> None:
        """Nothing that others guess."""
        if pin.data and is_easy_pin(pin.data):
            _refuse(PeopleReason.PIN_TOO_EASY)

    def validate_phone(self, phone: LineField) -> None:
        """A number that can be called."""
        if phone.data and not is_phone(phone.data):
            _refuse(Reason.PHONE_MALFORMED)

    def validate_email(self, email: LineField) -> None:
        """An address that mail can be sent to."""
        if email.data and not is_email(email.data):
            _refuse(Reason.EMAIL_MALFORMED)

    def validate_accepts_rules(self, accepts_rules: BooleanField) -> None:
        """Where there are house rules on the screen."""
        if self.rules_seen.data and not accepts_rules.data:
            _refuse(Reason.RULES_NOT_ACCEPTED)

    @property
    def newcomer(self) -> Newcomer:
        """What was filled in, once it could be read."""
        return Newcomer(
            name=self.name.data,
            nickname=self.nickname.data,
            email=self.email.data,
            phone=self.phone.data,
            own_phone=self.device.data == OWN,
            accepts_rules=self.accepts_rules.data,
            rules_seen=self.rules_seen.data,
            is_somebody_else=self.is_somebody_else.data,
            is_child=self.is_child.data,
            guardian=self.guardian.data,
        )


def _refuse(reason: Reason | PeopleReason) -> None:
    raise ValidationError(say(Objection(reason)))


class AddHomeForm(Form):
    """Who takes part already lives in the home of a letter too, and goes along with its house rules."""

    accepts_rules = BooleanField(_l("Ik doe mee met de huisregels"))
    rules_seen = LineField("", longest=2000, widget=HiddenInput())
    idempotency_key = FormKeyField("")


class LettersForm(Form):
    """Which homes get a letter is read apart: any number of ticks."""

    idempotency_key = FormKeyField("")
