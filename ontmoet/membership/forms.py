"""The shape of what people fill in about each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import BooleanField, ValidationError

from ontmoet.kernel.actor import Function
from ontmoet.kernel.reach import LONGEST_EMAIL, LONGEST_PHONE
from ontmoet.people.forms import check_email, check_phone
from ontmoet.people.models import OrganisationKind
from ontmoet.people.wording import function_word
from ontmoet.web import dates
from ontmoet.web.forms import ChoiceField, DateField, Form, LineField
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .wording import kind_word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ontmoet.kernel.actor import Place

LONGEST_NAME, LONGEST_REASON, LONGEST_ADDRESS = 80, 200, 80


class _Choosing(Form):
    """A form in which one of a few must be chosen."""

    @staticmethod
    def must_choose(field: ChoiceField) -> None:
        """Nothing chosen, or nothing of the list, is said at the field."""
        if not field.data or not field.is_listed:
            raise ValidationError(_("Kies iets uit de lijst."))


class FunctionForm(_Choosing):
    """Which function, from when, until when."""

    function = ChoiceField(_l("Wat gaat deze persoon doen?"), validate_choice=False)
    since = DateField(_l("Vanaf"), required=True)
    until = DateField(_l("Stopt op"))

    def validate_function(self, field: ChoiceField) -> None:
        self.must_choose(field)

    def offer(self, functions: Collection[Function]) -> None:
        """What the one who gives may choose from."""
        self.function.choices = [
            (function.value, dates.capitalised(function_word(function)))
            for function in Function
            if function in functions
        ]


class EndForm(Form):
    """From which day on somebody no longer does it."""

    until = DateField(_l("Stopt op"), required=True)
    is_sure = BooleanField(_l("Dat is goed"))


class _PersonForm(Form):
    """Somebody new, as little as is needed."""

    name = LineField(_l("Naam"), longest=LONGEST_NAME, required=True)
    phone = LineField(_l("Telefoonnummer"), longest=LONGEST_PHONE, required=True)

    def validate_phone(self, field: LineField) -> None:
        check_phone(field)


class GuestForm(_PersonForm):
    """A neighbour who is let in."""

    address = LineField(_l("Straat en huisnummer"), longest=LONGEST_ADDRESS, required=True)
    reason = LineField(_l("Waarom een uitzondering?"), longest=LONGEST_REASON)


class OrganisationForm(_Choosing):
    """What an organisation is called, and of which kind it is."""

    organisation = LineField(_l("Naam van de organisatie"), longest=LONGEST_NAME, required=True)
    kind = ChoiceField(_l("Wat voor organisatie is het?"), validate_choice=False)

    def validate_kind(self, field: ChoiceField) -> None:
        self.must_choose(field)

    def offer(self) -> None:
        """The six kinds."""
        self.kind.choices = [(kind.value, dates.capitalised(kind_word(kind))) for kind in OrganisationKind]


class ContactForm(_PersonForm):
    """Who comes for an organisation, from when, until when."""

    email = LineField(_l("E-mailadres"), longest=LONGEST_EMAIL)
    since = DateField(_l("Vanaf"), required=True)
    until = DateField(_l("Stopt op"))

    def validate_email(self, field: LineField) -> None:
        check_email(field)


class ColleagueForm(_Choosing):
    """Who works for the corporation, and where."""

    name = LineField(_l("Naam"), longest=LONGEST_NAME, required=True)
    email = LineField(_l("E-mailadres"), longest=LONGEST_EMAIL, required=True)
    where = ChoiceField(_l("Waar?"), validate_choice=False)
    since = DateField(_l("Vanaf"), required=True)
    until = DateField(_l("Stopt op"))

    def validate_where(self, field: ChoiceField) -> None:
        self.must_choose(field)

    def validate_email(self, field: LineField) -> None:
        check_email(field)

    def offer(self, rooms: Iterable[Place], everywhere: str) -> None:
        """Each room, and administering them all."""
        self.where.choices = [
            *((room.slug, room.name) for room in rooms),
            (everywhere, _("Beheerder van alles")),
        ]
