"""The shape of a wish to book. The names of the fields are part of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.datastructures import FileStorage
from wtforms import FileField, ValidationError

from ontmoet.kernel.objections import Objection
from ontmoet.web.forms import ChoiceField, DayField, Form, FormKeyField, LineField, NumberField, TimeField
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.widgets import HiddenInput

from .actions import WishedFor
from .photos import LARGEST_PHOTO, NoPhoto, shrink
from .refusal_wording import say
from .request_rules import LONGEST_RESPONSIBLE
from .rules import Reason, slot_on

if TYPE_CHECKING:
    from ontmoet.rooms.rules import RoomView

LONGEST_PURPOSE = 80
LONGEST_EXCEPTION = 120
LONGEST_NOTE = 200
STEP_MINUTES = 15


class BookingForm(Form):
    """When, which part, how many, what for."""

    day = DayField(_l("Dag"))
    starts = TimeField(_l("Van"))
    ends = TimeField(_l("Tot"))
    zone = ChoiceField(_l("Welk deel?"), validate_choice=False)
    people = NumberField(_l("Hoeveel mensen?"), least=1, most=99_999_999)
    purpose = LineField(_l("Wat ga je doen?"), longest=LONGEST_PURPOSE)
    responsible = LineField(_l("Wie is verantwoordelijk?"), longest=LONGEST_RESPONSIBLE)
    idempotency_key = FormKeyField()

    def validate_responsible(self, responsible: LineField) -> None:
        """An organisation names somebody. Who leaves the whole field out is asked before it is approved."""
        if responsible.raw_data and not responsible.data:
            raise ValidationError(_("Vul in wie er die dag verantwoordelijk is."))

    def validate_zone(self, zone: ChoiceField) -> None:
        """The rule says it too, but only of a wish that can be read: a part that is not here must not be
        forgotten meanwhile, because no part is the whole room.
        """
        if not zone.is_listed:
            raise ValidationError(say(Objection(Reason.NO_SUCH_ZONE, zone.name)))

    @property
    def zone_slug(self) -> str:
        """The chosen part; empty for the whole room, and for a room that has no parts."""
        return (self.zone.data or "") if "zone" in self else ""

    @property
    def exception_given(self) -> str:
        """Why it may go beyond fair use; empty where nobody may say so."""
        return (self["exception"].data or "") if "exception" in self else ""

    def wished(self) -> WishedFor:
        """The wish of a valid form. Raises `Refused` when its times make no slot."""
        return WishedFor(
            slot_on(self.day.data, self.starts.data, self.ends.data),
            self.zone_slug,
            self.people.data,
            self.purpose.data,
            self.exception_given,
            (self.responsible.data or "") if "responsible" in self else "",
        )

    def offer(self, room: RoomView, times: list[str], whole: str, *, is_organisation: bool) -> None:
        """What can be chosen in this room, and what is asked of this party."""
        self.starts.choices = times[:-1]
        self.ends.choices = times[1:]
        self.zone.choices = [*((zone.slug, zone.name) for zone in room.zones), ("", whole)]
        if not room.is_divisible:
            del self.zone
        if not is_organisation:
            del self.responsible


class _ForSomebodyElse:
    """Only who may make an exception gets this field."""

    exception = LineField(_l("Waarom mag het vaker?"), longest=LONGEST_EXCEPTION)


class BehalfForm(_ForSomebodyElse, BookingForm):
    """The same for somebody else."""


class ChangeForm(BookingForm):
    """The same for a booking that exists; `version` is the one that was on the screen."""

    version = NumberField("", least=1, most=99_999_999, widget=HiddenInput())


class BehalfChangeForm(_ForSomebodyElse, ChangeForm):
    """The same for a booking of somebody else."""


class ClosingForm(Form):
    """What there is to say about how the room is left. Chores that are done come as `done`, any of many."""

    note = LineField(_l("Wil je nog iets zeggen?"), longest=LONGEST_NOTE)
    photo = FileField(_l("Foto erbij?"))

    jpeg: bytes | None = None
    """The photo as it is kept; None when none was sent."""

    def validate_photo(self, photo: FileField) -> None:
        """Of another kind, too large or broken off; a browser sends an empty file when none is chosen."""
        sent = photo.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            return
        raw = sent.read(LARGEST_PHOTO + 1)
        if len(raw) > LARGEST_PHOTO:
            raise ValidationError(_("Deze foto is te groot. Kies een foto van hoogstens 10 MB."))
        try:
            self.jpeg = shrink(raw)
        except NoPhoto:
            raise ValidationError(
                _("Dit is geen foto die we kunnen bewaren. Kies een foto van je telefoon.")
            ) from None
