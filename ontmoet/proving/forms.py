"""The shape of what people type to prove who they are."""

from __future__ import annotations

from wtforms import HiddenField

from ontmoet.people.rules import LONGEST_PASSWORD
from ontmoet.web.forms import DigitsField, Form, LineField, SecretField
from ontmoet.web.i18n import lazy_gettext as _l

from .rules import CODE_LENGTH


class CodeForm(Form):
    """A code of an app, or a spare one from paper."""

    code = LineField(_l("Code"), longest=40, required=True)


class AppForm(Form):
    """The first code that an app shows: then it is set up rightly. The secret goes along sealed."""

    code = DigitsField(_l("Code uit de app"), length=CODE_LENGTH)
    sealed = HiddenField()


class AgainForm(Form):
    """The password or PIN again, or a code of the app."""

    proof_secret = SecretField(_l("Wachtwoord of pincode"), longest=LONGEST_PASSWORD)
