"""The shape of what an installation begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import ValidationError

from ontmoet.arranging.forms import LONGEST_NAME as LONGEST_PLACE
from ontmoet.arranging.forms import MOST_PEOPLE
from ontmoet.kernel.objections import Objection
from ontmoet.kernel.reach import LONGEST_EMAIL, LONGEST_PHONE
from ontmoet.people.forms import check_email, check_phone
from ontmoet.people.rules import LONGEST_NAME, LONGEST_PASSWORD
from ontmoet.recovery.rules import fault_of_password
from ontmoet.recovery.wording import say as say_of_password
from ontmoet.web.forms import Form, LineField, NumberField, SecretField
from ontmoet.web.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from wtforms import Field


class InstallForm(Form):
    """The corporation, who administers, and the first complex with its room."""

    corporation = LineField(_l("Naam van de corporatie"), longest=LONGEST_NAME, required=True)
    phone = LineField(_l("Telefoonnummer van de corporatie"), longest=LONGEST_PHONE, required=True)
    name = LineField(_l("Jouw naam"), longest=LONGEST_NAME, required=True)
    email = LineField(_l("Jouw e-mailadres"), longest=LONGEST_EMAIL, required=True)
    password = SecretField(_l("Jouw wachtwoord"), longest=LONGEST_PASSWORD)
    complex = LineField(_l("Naam van het eerste complex"), longest=LONGEST_PLACE, required=True)
    room = LineField(_l("Naam van de eerste ruimte"), longest=LONGEST_PLACE, required=True)
    capacity = NumberField(_l("Hoeveel mensen mogen er tegelijk in?"), least=1, most=MOST_PEOPLE)

    def validate_phone(self, field: LineField) -> None:
        check_phone(field)

    def validate_email(self, field: LineField) -> None:
        check_email(field)

    def validate_password(self, field: SecretField) -> None:
        """As elsewhere: nothing that others guess."""
        besides = [self.name.data or "", self.email.data or ""]
        fault = fault_of_password(field.data, besides=besides) if field.data else None
        if fault is not None:
            raise ValidationError(say_of_password(Objection(fault)))

    def refused(self) -> list[Field]:
        """The fields with an error, in their order."""
        return [field for field in self if field.errors]
