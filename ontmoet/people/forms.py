"""The shape of what people type to sign in, and to find somebody."""

from wtforms import BooleanField, ValidationError

from ontmoet.kernel.reach import is_email, is_phone
from ontmoet.web.forms import DigitsField, Form, LineField, SecretField
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.widgets import PasswordInput

from .rules import LONGEST_NAME, LONGEST_NICKNAME, LONGEST_PASSWORD, PIN_LENGTH


class SignInForm(Form):
    """E-mail and password; whether this is one's own phone."""

    email = LineField(_l("E-mailadres"), longest=254, required=True)
    password = SecretField(_l("Wachtwoord"), longest=LONGEST_PASSWORD)
    own_phone = BooleanField(_l("Dit is mijn eigen telefoon"))


class AddressSignInForm(Form):
    """The home's address name, a nickname and a PIN; whether this is one's own phone. A child that waits
    for agreement may name another guardian.
    """

    address_name = LineField(_l("Adresnaam"), longest=60, required=True)
    nickname = LineField(_l("Bijnaam"), longest=LONGEST_NICKNAME, required=True)
    pin = DigitsField(_l("Pincode"), length=PIN_LENGTH, widget=PasswordInput())
    guardian = LineField(_l("Naam van je ouder of verzorger"), longest=LONGEST_NAME)
    own_phone = BooleanField(_l("Dit is mijn eigen telefoon"))


class NameForm(Form):
    """Whom somebody looks for. Sent by POST: a name has no place in an address."""

    name = LineField(_l("Naam"), longest=LONGEST_NAME, required=True)


def check_email(field: LineField) -> None:
    """What mail can be sent to, as far as its shape tells."""
    if field.data and not is_email(field.data):
        raise ValidationError(_("Dit is geen e-mailadres. Vul er een in zoals naam@voorbeeld.nl."))


def check_phone(field: LineField) -> None:
    """What can be called, as far as its shape tells."""
    if field.data and not is_phone(field.data):
        raise ValidationError(_("Dit is geen telefoonnummer. Vul er een in zoals 06 12345678."))
