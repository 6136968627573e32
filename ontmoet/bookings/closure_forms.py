"""The shape of a closure and of an announcement of work."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from wtforms import ValidationError

from ontmoet.kernel.objections import Objection
from ontmoet.kernel.walltime import MINUTES_A_DAY, day_of, minutes_of
from ontmoet.web import dates
from ontmoet.web.forms import ChoiceField, DateField, Form, FormKeyField, LineField, TimeField
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.widgets import HiddenInput

from . import closing, works
from .closure_rules import Span, SpanReason
from .closure_wording import say_span

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import RoomView

    from .closure_queries import ClosureView
    from .works import WorksView

LONGEST_LINE = 80
LONGEST_SEEN = 50_000
"""Room for the marks of some thousands of bookings."""
TIMES = [dates.field_time(minutes) for minutes in range(0, MINUTES_A_DAY + 1, 30)]


class SpanForm(Form):
    """From which day and time until which; `seen_as` is the mark of what was on the screen."""

    first = DateField(_l("Eerste dag"), required=True)
    starts = TimeField(_l("Vanaf"))
    last = DateField(_l("Laatste dag"))
    ends = TimeField(_l("Tot"))
    seen_as = LineField("", longest=16, widget=HiddenInput())
    idempotency_key = FormKeyField()

    def offer_times(self) -> None:
        """Half hours; what exists may have other minutes, and keeps them."""
        self.starts.choices, self.ends.choices = TIMES[:-1], TIMES[1:]

    def start_new(self, now: datetime, *, key: str) -> None:
        """Tomorrow, the whole day."""
        self.idempotency_key.data, self.seen_as.data = key, ""
        self.first.data = day_of(now) + timedelta(days=1)
        self.starts.data, self.ends.data = 0, MINUTES_A_DAY

    def start_from(self, slot: TimeSlot, *, key: str) -> None:
        """The time there is."""
        self.idempotency_key.data = key
        self.first.data, self.starts.data = day_of(slot.starts), minutes_of(slot.starts)
        self.last.data, self.ends.data = day_of(slot.ends - timedelta(seconds=1)), dates.end_minutes(slot)

    def slot(self) -> TimeSlot:
        """The time of a valid form. Raises `Refused` when it makes none."""
        last = self.last.data or self.first.data
        return Span(self.first.data, self.starts.data, last, self.ends.data).slot()


class ClosureForm(SpanForm):
    """When, which part, and why. `seen` are the bookings that were shown to be displaced."""

    zone = ChoiceField(_l("Wat gaat er dicht?"), validate_choice=False)
    reason = LineField(_l("Waarom?"), longest=LONGEST_LINE, required=True)
    seen = LineField("", longest=LONGEST_SEEN, widget=HiddenInput())

    def validate_zone(self, zone: ChoiceField) -> None:
        """A part that is not here must not become the whole room."""
        if not zone.is_listed:
            raise ValidationError(say_span(Objection(SpanReason.NO_SUCH_ZONE, zone.name)))

    def offer(self, room: RoomView) -> None:
        """What can be chosen in this room."""
        self.offer_times()
        self.zone.choices = [("", _("De hele ruimte")), *((zone.slug, zone.name) for zone in room.zones)]
        if not room.is_divisible:
            del self.zone

    def start_new(self, now: datetime, *, key: str) -> None:
        """Tomorrow, the whole day and the whole room."""
        super().start_new(now, key=key)
        self.seen.data = ""
        if "zone" in self:
            self.zone.data = ""

    def fill_from(self, closure: ClosureView, *, key: str) -> None:
        """What there is now."""
        self.start_from(closure.slot, key=key)
        self.seen_as.data, self.seen.data, self.reason.data = closure.mark, "", closure.reason
        if "zone" in self:
            self.zone.data = closure.zone_slug

    def keep_start(self, closure: ClosureView) -> None:
        """One that has begun keeps its beginning, whatever was sent."""
        for field, value in (
            (self.first, day_of(closure.slot.starts)),
            (self.starts, minutes_of(closure.slot.starts)),
        ):
            field.data, field.raw_data, field.process_errors = value, None, []

    @property
    def marks(self) -> frozenset[str]:
        """Of the bookings that were shown."""
        return frozenset((self.seen.data or "").split())

    def wanted(self) -> closing.Wanted:
        """What a valid form says. Raises `Refused`."""
        zone = (self.zone.data or "") if "zone" in self else ""
        return closing.Wanted(self.slot(), zone, self.reason.data)


class WorksForm(SpanForm):
    """When, what, and who comes in."""

    what = LineField(_l("Wat gebeurt er?"), longest=LONGEST_LINE, required=True)
    who = LineField(_l("Wie komt er binnen?"), longest=LONGEST_LINE, required=True)

    def fill_from(self, found: WorksView, *, key: str) -> None:
        """What is announced now."""
        self.start_from(found.slot, key=key)
        self.seen_as.data, self.what.data, self.who.data = found.mark, found.what, found.who

    def wanted(self) -> works.Wanted:
        """What a valid form says. Raises `Refused`."""
        return works.Wanted(self.slot(), self.what.data, self.who.data)
