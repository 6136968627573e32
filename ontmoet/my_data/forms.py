"""The shape of what people type about themselves, and about who asks to be removed."""

from wtforms import BooleanField, ValidationError

from ontmoet.kernel.objections import Objection
from ontmoet.kernel.reach import LONGEST_EMAIL, LONGEST_PHONE
from ontmoet.people.rules import LONGEST_PASSWORD
from ontmoet.web.forms import ChoiceField, Form, FormKeyField, LineField, SecretField
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import LONGEST_NAME, Asked, Reason
from .wording import how_asked, say


class ConfirmForm(Form):
    """Who is signed in says again who it is."""

    secret = SecretField(_l("Je wachtwoord of pincode"), longest=LONGEST_PASSWORD)


class CorrectForm(Form):
    """A name and a phone number."""

    name = LineField(_l("Naam"), longest=LONGEST_NAME, required=True)
    phone = LineField(_l("Telefoonnummer (hoeft niet)"), longest=LONGEST_PHONE)


class AddressForm(Form):
    """Another e-mail address."""

    email = LineField(_l("Nieuw e-mailadres"), longest=LONGEST_EMAIL, required=True)


class CodeForm(Form):
    """The code that was mailed there."""

    code = LineField(_l("Code uit de mail"), longest=20, required=True)
    idempotency_key = FormKeyField()


class RemoveForm(Form):
    """A yes that cannot be given by accident."""

    sure = BooleanField(_l("Ik weet het zeker"))


class RemoveOtherForm(RemoveForm):
    """The same for somebody else: how that was asked, and a yes."""

    asked = ChoiceField(_l("Hoe is erom gevraagd?"), validate_choice=False)

    def offer(self) -> None:
        """The few ways of asking."""
        self.asked.choices = [(asked.value, how_asked(asked)) for asked in Asked]

    def validate_asked(self, field: ChoiceField) -> None:
        """One of the ways, for nobody is removed unasked."""
        if not field.data or not field.is_listed:
            raise ValidationError(say(Objection(Reason.NOT_ASKED)))

    def validate_sure(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(say(Objection(Reason.NOT_SURE)))
