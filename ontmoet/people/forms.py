"""The shape of what people type to sign in."""

from wtforms import BooleanField

from ontmoet.web.forms import Form, LineField, SecretField
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import LONGEST_PASSWORD


class SignInForm(Form):
    """E-mail and password; whether this is one's own phone."""

    email = LineField(_l("E-mailadres"), longest=254, required=True)
    password = SecretField(_l("Wachtwoord"), longest=LONGEST_PASSWORD)
    own_phone = BooleanField(_l("Dit is mijn eigen telefoon"))
