"""The shape of what is arranged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import SelectMultipleField, ValidationError

from ontmoet.rooms.rules import Facility
from ontmoet.rooms.wording import facility_word
from ontmoet.web.forms import ChoiceField, Form, FormKeyField, LineField, LinesField, NumberField
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.widgets import HiddenInput

from .rules import Seen, Side
from .wording import DOORS, KEY_PLANS, POLICIES, SIDES, TYPOLOGIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .queries import Colleague

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_EMERGENCY = 60, 80, 400
MOST_PEOPLE, MOST_M2, LAST_NUMBER = 2000, 20_000, 9999
LONGEST_SEEN = 1000


def _chosen(_form: Form, field: ChoiceField) -> None:
    if field.data is None or not field.is_listed:
        raise ValidationError(_("Kies iets uit de lijst."))


class SheetForm(Form):
    """What everybody who tells about a room may change; `seen` and `version` say what a writer saw."""

    welcome = LineField(_l("Welkom"), longest=200)
    key_note = LineField(_l("Hoe kom je binnen?"), longest=400)
    facilities = SelectMultipleField(_l("Wat is er?"), validate_choice=False)
    emergency_door = LinesField(_l("De deur gaat niet open of dicht"), longest=LONGEST_EMERGENCY)
    emergency_water = LinesField(_l("Er lekt water"), longest=LONGEST_EMERGENCY)
    emergency_power = LinesField(_l("Er is geen stroom of licht"), longest=LONGEST_EMERGENCY)
    seen = LineField("", longest=LONGEST_SEEN, widget=HiddenInput())
    version = NumberField("", least=0, most=2**53, widget=HiddenInput())

    def validate_facilities(self, field: SelectMultipleField) -> None:
        """Only what the list has."""
        if set(field.data or ()) - {one.value for one in Facility}:
            raise ValidationError(_("Kies iets uit de lijst."))

    def in_words(self, name: str, value: str) -> str:
        """The value of a field as its reader knows it: a choice by what it is called."""
        called = dict(getattr(self[name], "choices", None) or ())
        if not called:
            return value
        chosen = value.split() if isinstance(self[name], SelectMultipleField) else [value]
        return ", ".join(str(called.get(one, one)) for one in chosen)

    def offer(self, staff: Sequence[Colleague]) -> None:
        """Say what can be chosen; only who arranges the room chooses a contact."""
        self.facilities.choices = [(one.value, facility_word(one)) for one in Facility]

    def facilities_to_tick(self) -> list[tuple[str, str, str, bool]]:
        """What can be ticked, for the component of ticks."""
        ticked = self.facilities.data or ()
        return [(one.value, facility_word(one), "", one.value in ticked) for one in Facility]

    def start_from(self, values: Mapping[str, str], version: int) -> None:
        """Fill in what is so now."""
        for name in self.names():
            self.show(name, values[name])
        self.mark_seen(values, version)

    def mark_seen(self, values: Mapping[str, str], version: int) -> None:
        """From here on one changes what is so at this moment."""
        self.seen.raw_data = self.version.raw_data = None
        self.seen.data = str(Seen.of({name: values[name] for name in self.names()}))
        self.version.data = version

    def show(self, name: str, value: str) -> None:
        """Put a value in a field, in the place of what was typed."""
        field = self[name]
        field.raw_data = None
        field.data = value.split() if name == "facilities" else value

    def names(self) -> list[str]:
        """The fields that are columns."""
        return [field.name for field in self if field.name not in ("seen", "version")]

    def wanted(self) -> dict[str, str]:
        """What a valid form says, as text; facilities in the order of the list."""
        found = {name: _as_text(self[name].data) for name in self.names()}
        ticked = self.facilities.data or []
        found["facilities"] = " ".join(one.value for one in Facility if one.value in ticked)
        return found


class WholeSheetForm(SheetForm):
    """All of a room, for who arranges it."""

    address = LineField(_l("Adres"), longest=LONGEST_ADDRESS)
    town = LineField(_l("Plaats"), longest=LONGEST_ADDRESS)
    typology = ChoiceField(_l("Wat voor ruimte is het?"), validate_choice=False)
    area_m2 = NumberField(_l("Hoeveel vierkante meter?"), least=1, most=MOST_M2, required=False)
    capacity = NumberField(_l("Hoeveel mensen mogen er tegelijk in?"), least=1, most=MOST_PEOPLE)
    door = ChoiceField(_l("Welke kleur heeft de deur?"), validators=[_chosen], validate_choice=False)
    access_policy = ChoiceField(_l("Voor wie is de ruimte?"), validators=[_chosen], validate_choice=False)
    key_plan = ChoiceField(_l("Hoe gaat de deur open?"), validators=[_chosen], validate_choice=False)
    contact = ChoiceField(
        _l("Wie is het aanspreekpunt bij de corporatie?"), validators=[_chosen], validate_choice=False
    )

    def offer(self, staff: Sequence[Colleague]) -> None:
        super().offer(staff)
        self.typology.choices = [(one.value, str(text)) for one, text in TYPOLOGIES.items()]
        self.door.choices = [(one.value, str(text)) for one, text in DOORS.items()]
        self.access_policy.choices = [(one.value, str(text)) for one, (text, _small) in POLICIES.items()]
        self.key_plan.choices = [(one.value, str(text)) for one, (text, _small) in KEY_PLANS.items()]
        self.contact.choices = [(one.public_id, one.name) for one in staff] + [("", _("Nog niemand"))]

    def validate_typology(self, field: ChoiceField) -> None:
        """Nothing chosen is something to fill in later; a word that is none of ours is not."""
        if field.data and not field.is_listed:
            raise ValidationError(_("Kies iets uit de lijst."))


class NewComplexForm(Form):
    """A block of homes."""

    name = LineField(_l("Naam van het complex"), longest=LONGEST_NAME, required=True)
    idempotency_key = FormKeyField()


class NewRoomForm(Form):
    """What a room has from the first moment; the rest comes after."""

    name = LineField(_l("Naam van de ruimte"), longest=LONGEST_NAME, required=True)
    complex_id = ChoiceField(_l("In welk complex?"), validators=[_chosen], validate_choice=False)
    capacity = NumberField(_l("Hoeveel mensen mogen er tegelijk in?"), least=1, most=MOST_PEOPLE)
    idempotency_key = FormKeyField()


class NameForm(Form):
    """Another name for a room."""

    name = LineField(_l("Naam"), longest=LONGEST_NAME, required=True)


class MergeForm(Form):
    """The room in which another goes on, and the part of it to which bookings go; empty for all of it."""

    into = ChoiceField(_l("In welke ruimte gaat het verder?"), validators=[_chosen], validate_choice=False)
    zone = ChoiceField(_l("Waar komen de reserveringen?"), validate_choice=False)
    seen = LineField("", longest=64, widget=HiddenInput())


class ZoneForm(Form):
    """A part of a room."""

    name = LineField(_l("Naam van het deel"), longest=LONGEST_NAME, required=True)
    capacity = NumberField(_l("Hoeveel mensen mogen erin?"), least=1, most=MOST_PEOPLE)


class ChangeZoneForm(ZoneForm):
    """The same for a part that is there; `seen` says what the writer saw."""

    seen = LineField("", longest=LONGEST_SEEN, widget=HiddenInput())

    def start_from(self, values: Mapping[str, str]) -> None:
        """Fill in what is so now."""
        for name in values:
            self.show(name, values)
        self.mark_seen(values)

    def show(self, name: str, values: Mapping[str, str]) -> None:
        """Put a value in its field, in the place of what was typed."""
        self[name].raw_data, self[name].data = None, values[name]

    def mark_seen(self, values: Mapping[str, str]) -> None:
        """From here on one changes what is so at this moment."""
        self.seen.raw_data, self.seen.data = None, str(Seen.of(values))

    @property
    def wanted(self) -> dict[str, str]:
        """What a valid form says, as text."""
        return {"name": self.name.data, "capacity": str(self.capacity.data)}


class RightForm(Form):
    """One address that may use a room."""

    address_name = LineField(_l("Korte naam van het adres"), longest=40, required=True)


class StreetForm(Form):
    """Addresses in one go."""

    street = LineField(_l("Straat"), longest=LONGEST_ADDRESS, required=True)
    first = NumberField(_l("Van nummer"), least=1, most=LAST_NUMBER)
    last = NumberField(_l("Tot en met nummer"), least=1, most=LAST_NUMBER)
    side = ChoiceField(_l("Welke nummers?"), validators=[_chosen], validate_choice=False)

    def offer(self) -> None:
        """Say what can be chosen."""
        self.side.choices = [(one.value, str(text)) for one, text in SIDES.items()]
        self.side.data = self.side.data or Side.ALL.value


class AddressForm(Form):
    """One address, and its short name; empty when we may propose it."""

    address = LineField(_l("Adres"), longest=LONGEST_ADDRESS, required=True)
    address_name = LineField(_l("Korte naam"), longest=40)


class CorrectHomeForm(AddressForm):
    """An address as it should be."""

    idempotency_key = FormKeyField()


class EndHomeForm(Form):
    """Why an address ends."""

    reason = LineField(_l("Waarom bestaat dit adres niet meer?"), longest=80, required=True)


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)
