"""The shape of what people type about themselves."""

from wtforms import BooleanField

from ontmoet.people.rules import LONGEST_PASSWORD
from ontmoet.web.forms import Form, LineField, SecretField
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_PHONE


class ConfirmForm(Form):
    """Who is signed in says again who it is."""

    secret = SecretField(_l("Je wachtwoord of pincode"), longest=LONGEST_PASSWORD)


class CorrectForm(Form):
    """A name and a phone number."""

    name = LineField(_l("Naam"), longest=LONGEST_NAME, required=True)
    phone = LineField(_l("Telefoonnummer (hoeft niet)"), longest=LONGEST_PHONE)


class AddressForm(Form):
    """Another e-mail address."""

    email = LineField(_l("Nieuw e-mailadres"), longest=LONGEST_ADDRESS, required=True)


class CodeForm(Form):
    """The code that was mailed there."""

    code = LineField(_l("Code uit de mail"), longest=20, required=True)


class RemoveForm(Form):
    """A yes that cannot be given by accident."""

    sure = BooleanField(_l("Ik weet het zeker"))
