"""The shape of taking a calendar over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import BooleanField, SelectField, ValidationError

from ontmoet.importing.forms import FileForm
from ontmoet.web.forms import ChoiceField, NumberField
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontmoet.rooms.rules import RoomView

NOBODY_KNOWS, CORPORATION = "", "corporatie"
USUAL_NUMBER = 10
"""Of people at something for which a group has a room."""


class CalendarForm(FileForm):
    """A file, into which part it goes, for whom and for how many. Once it was looked at, what the calendar
    has no more can be called off too.
    """

    zone = ChoiceField(_l("Welk deel van de ruimte?"), default="", validate_choice=False)
    party = SelectField(_l("Van wie zijn de afspraken?"), validate_choice=False)
    people = NumberField(_l("Met hoeveel mensen ongeveer?"), least=1, most=99_999_999)
    calls_off = BooleanField(_l("Zeg ook af wat niet meer in het bestand staat"))

    def offer(self, room: RoomView, organisations: Sequence[tuple[str, str]]) -> None:
        """What can be chosen in this room; organisations by public id and name."""
        self.zone.choices = [("", _("De hele ruimte")), *((zone.slug, zone.name) for zone in room.zones)]
        if not room.is_divisible:
            del self.zone
        self.party.choices = [
            (NOBODY_KNOWS, _("Dat verschilt, of weten we niet")),
            (CORPORATION, _("De corporatie")),
            *organisations,
        ]
        if self.people.raw_data is None:
            # It goes into each of the parts.
            self.people.data = min(
                USUAL_NUMBER, room.capacity, *(zone.capacity for zone in room.zones if room.is_divisible)
            )

    def validate_zone(self, zone: ChoiceField) -> None:
        """A part that is not here must not be forgotten, because no part is the whole room."""
        if not zone.is_listed:
            raise ValidationError(_("Dit deel heeft de ruimte niet. Kies een ander deel."))

    def validate_party(self, party: SelectField) -> None:
        """The same for whom it is."""
        if (party.data or "") not in {choice[0] for choice in party.choices or ()}:
            raise ValidationError(_("Kies iets uit de lijst."))

    @property
    def zone_slug(self) -> str:
        """The chosen part; empty for the whole room, and for a room that has no parts."""
        return (self.zone.data or "") if "zone" in self else ""
