"""The shape of what people type to get in again."""

from __future__ import annotations

import re

from wtforms import BooleanField

from ontmoet.kernel.text import Malformed, TextReason
from ontmoet.people.forms import check_email
from ontmoet.people.rules import LONGEST_NICKNAME, LONGEST_PASSWORD, PIN_LENGTH
from ontmoet.web.forms import DigitsField, Form, LineField, SecretField
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.widgets import PasswordInput


class ForgottenForm(Form):
    """The address to send a link to."""

    email = LineField(_l("E-mailadres"), longest=254, required=True)

    def validate_email(self, field: LineField) -> None:
        """Nobody waits for mail that cannot come. That it could come says nothing about who is here."""
        check_email(field)


class CodeForm(Form):
    """The code from the mail."""

    code = DigitsField(_l("Code uit de mail"), length=6)


class SlipCodeField(LineField):
    """A code from paper: capitals, spaces and hyphens do not matter, nor letters that look like digits."""

    def parse(self, raw: str) -> str:
        typed = re.sub(r"[\s-]", "", super().parse(raw)).lower()
        if not typed:
            raise Malformed(TextReason.EMPTY)
        return typed.replace("o", "0").replace("i", "1").replace("l", "1")


class SlipForm(Form):
    """The code on a slip."""

    code = SlipCodeField(_l("Code op het inlogbriefje"), longest=40, required=True)


class PasswordForm(Form):
    """A new password, and whether other devices are signed out."""

    password = SecretField(_l("Nieuw wachtwoord"), longest=LONGEST_PASSWORD)
    end_others = BooleanField(_l("Log me uit op alle andere apparaten"), default=True)


class OwnPasswordForm(PasswordForm):
    """The same for somebody who knows the old one."""

    current = SecretField(_l("Wachtwoord van nu"), longest=LONGEST_PASSWORD)


class PinForm(Form):
    """A nickname and a new PIN, and whether other devices are signed out."""

    nickname = LineField(_l("Bijnaam"), longest=LONGEST_NICKNAME, required=True)
    pin = DigitsField(_l("Nieuwe pincode"), length=PIN_LENGTH, widget=PasswordInput())
    end_others = BooleanField(_l("Log me uit op alle andere apparaten"), default=True)


class OwnPinForm(PinForm):
    """The same for somebody who knows the old one."""

    current = DigitsField(_l("Pincode van nu"), length=PIN_LENGTH, widget=PasswordInput())
