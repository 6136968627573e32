"""The shape of a series as somebody asks for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import request
from wtforms import BooleanField, ValidationError

from ontmoet.bookings.forms import LONGEST_PURPOSE
from ontmoet.bookings.refusal_wording import say as say_booking
from ontmoet.bookings.request_rules import LONGEST_RESPONSIBLE
from ontmoet.bookings.rules import Reason as BookingReason
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.web import dates
from ontmoet.web.forms import (
    ChoiceField,
    DateField,
    Form,
    FormKeyField,
    LineField,
    NumberField,
    TimeField,
)
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.widgets import HiddenInput

from .planning import Asked
from .rules import MOST_DATES, MOST_EVERY, At, Frequency, Reason, Rhythm, days_of, last_of, nth_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import RoomView

    from .queries import SeriesView

BY_DATE, BY_WEEKDAY = "datum", "weekdag"
WORD_OF = {Frequency.DAILY: "dag", Frequency.WEEKLY: "week", Frequency.MONTHLY: "maand"}
FREQUENCY_OF = {word: frequency for frequency, word in WORD_OF.items()}


class SeriesForm(Form):
    """How often, from when until when, at what time, where, how many and what for."""

    frequency = ChoiceField(_l("Hoe vaak?"), validate_choice=False)
    every = NumberField(_l("Om de hoeveel?"), least=1, most=MOST_EVERY)
    monthly = ChoiceField(_l("Bij elke maand: welke dag?"), validate_choice=False)
    first = DateField(_l("Eerste keer"), required=True)
    last = DateField(_l("Tot en met"))
    count = NumberField(_l("Of: hoeveel keer?"), least=1, most=MOST_DATES, required=False)
    starts = TimeField(_l("Van"))
    ends = TimeField(_l("Tot"))
    zone = ChoiceField(_l("Welk deel?"), validate_choice=False)
    people = NumberField(_l("Hoeveel mensen?"), least=1, most=99_999_999)
    purpose = LineField(_l("Wat ga je doen?"), longest=LONGEST_PURPOSE - 10)
    responsible = LineField(_l("Wie is verantwoordelijk?"), longest=LONGEST_RESPONSIBLE)
    drop_in = BooleanField(_l("Inloop: iedereen is welkom"))
    idempotency_key = FormKeyField()

    weekdays: tuple[int, ...] = ()

    def validate_frequency(self, frequency: ChoiceField) -> None:
        """One of the three, and nothing else."""
        if frequency.data not in FREQUENCY_OF:
            raise ValidationError(_("Kies iets uit de lijst."))

    def validate_monthly(self, monthly: ChoiceField) -> None:
        """What is not listed was not made by us."""
        if not monthly.is_listed:
            raise ValidationError(_("Kies iets uit de lijst."))

    def validate_zone(self, zone: ChoiceField) -> None:
        """A part that is not here must not be forgotten: no part is the whole room."""
        if not zone.is_listed:
            raise ValidationError(say_booking(Objection(BookingReason.NO_SUCH_ZONE, zone.name)))

    def validate_responsible(self, responsible: LineField) -> None:
        """An organisation names somebody."""
        if responsible.raw_data and not responsible.data:
            raise ValidationError(_("Vul in wie er die dag verantwoordelijk is."))

    @property
    def zone_slug(self) -> str:
        """The chosen part; empty for the whole room, and for a room that has no parts."""
        return (self.zone.data or "") if "zone" in self else ""

    def offer(
        self, room: RoomView, times: list[str], whole: str, *, is_organisation: bool, may_hold_drop_in: bool
    ) -> None:
        """What can be chosen in this room, and what is asked of this party."""
        self.frequency.choices = [
            ("dag", _("Elke dag")),
            ("week", _("Elke week")),
            ("maand", _("Elke maand")),
        ]
        self.monthly.choices = [
            (BY_WEEKDAY, _("Dezelfde weekdag, zoals de tweede dinsdag")),
            (BY_DATE, _("Dezelfde datum, zoals de 15e")),
        ]
        self.starts.choices = times[:-1]
        self.ends.choices = times[1:]
        self.zone.choices = [*((zone.slug, zone.name) for zone in room.zones), ("", whole)]
        if not room.is_divisible:
            del self.zone
        if not is_organisation:
            del self.responsible
        if not may_hold_drop_in:
            del self.drop_in

    def read_weekdays(self) -> None:
        """The weekdays that were ticked; a list of ticks is no single field."""
        given = request.form.getlist("weekday")
        self.weekdays = tuple(
            sorted({int(day) for day in given if day in {"0", "1", "2", "3", "4", "5", "6"}})
        )

    @property
    def is_drop_in(self) -> bool:
        return "drop_in" in self and bool(self.drop_in.data)

    def asked(self, now: datetime) -> Asked:
        """What a valid form asks for. Raises `Refused` without an end, and for times that make no slot."""
        purpose = self.purpose.data
        if self.is_drop_in:
            # Neighbours read it in the agenda, and see at once that they can walk in.
            purpose = _("Inloop: %(what)s", what=purpose) if purpose else _("Inloop")
        starts, ends = self.starts.data, self.ends.data or 24 * 60
        if ends <= starts:
            raise Refused(Objection(BookingReason.ENDS_BEFORE_START, "ends", {"starts": starts}))
        return Asked(
            self._rhythm(At(self.first.data, starts, ends, None).slot, now),
            starts,
            ends,
            self.zone_slug,
            self.people.data,
            purpose,
            (self.responsible.data or "") if "responsible" in self else "",
            self.is_drop_in,
        )

    def _rhythm(self, slot: TimeSlot | None, now: datetime) -> Rhythm:
        """`slot` is when it would be on its first day."""
        first: date = self.first.data
        frequency = FREQUENCY_OF[self.frequency.data]
        weekdays: tuple[int, ...] = ()
        month_day = nth = None
        if frequency is Frequency.WEEKLY:
            weekdays = self.weekdays or (first.weekday(),)
        elif frequency is Frequency.MONTHLY and self.monthly.data == BY_DATE:
            month_day = first.day
        elif frequency is Frequency.MONTHLY:
            weekdays, nth = (first.weekday(),), nth_of(first)
        without_end = Rhythm(frequency, self.every.data, first, first, weekdays, month_day, nth)
        last = self.last.data
        if self.count.data:
            # So many that still come: what is past today is none of them.
            is_past = bool(days_of(without_end)) and slot is not None and slot.starts < now
            last = last_of(without_end, self.count.data + is_past)
        if last is None:
            raise Refused(Objection(Reason.NO_END, "last"))
        return Rhythm(frequency, self.every.data, first, last, weekdays, month_day, nth)


class ChangeSeriesForm(SeriesForm):
    """The same for a series that exists; `version` is the one that was on the screen."""

    version = NumberField("", least=1, most=99_999_999, widget=HiddenInput())

    def fit(self) -> None:
        """Without what cannot be changed: when it began, and whether it is a drop-in."""
        del self.first
        del self.count
        if "drop_in" in self:
            del self.drop_in

    def asked_of(self, series: SeriesView) -> Asked:
        """What a valid form asks for, of a series that began already."""
        starts, ends = self.starts.data, self.ends.data or 24 * 60
        if ends <= starts:
            raise Refused(Objection(BookingReason.ENDS_BEFORE_START, "ends", {"starts": starts}))
        if self.last.data is None:
            raise Refused(Objection(Reason.NO_END, "last"))
        return Asked(
            self._rhythm_of(series),
            starts,
            ends,
            self.zone_slug,
            self.people.data,
            self.purpose.data,
            (self.responsible.data or "") if "responsible" in self else (series.responsible or ""),
            series.is_drop_in,
        )

    def _rhythm_of(self, series: SeriesView) -> Rhythm:
        """Which day of the month stays as it was, as long as it goes by month."""
        was = series.rhythm
        frequency = FREQUENCY_OF[self.frequency.data]
        weekdays: tuple[int, ...] = ()
        month_day = nth = None
        if frequency is Frequency.WEEKLY:
            weekdays = self.weekdays or (was.first.weekday(),)
        elif frequency is Frequency.MONTHLY and self.monthly.data == BY_DATE:
            month_day = was.month_day or was.first.day
        elif frequency is Frequency.MONTHLY:
            is_same = was.nth is not None
            weekdays = was.weekdays if is_same else (was.first.weekday(),)
            nth = was.nth if is_same else nth_of(was.first)
        return Rhythm(frequency, self.every.data, was.first, self.last.data, weekdays, month_day, nth)


def fill_from(form: ChangeSeriesForm, series: SeriesView) -> None:
    """The form as the series is now."""
    rhythm = series.rhythm
    form.frequency.data = WORD_OF[rhythm.frequency]
    form.every.data = rhythm.every
    form.monthly.data = BY_DATE if rhythm.month_day else BY_WEEKDAY
    form.weekdays = rhythm.weekdays if rhythm.frequency is Frequency.WEEKLY else ()
    form.last.data = rhythm.last
    form.starts.data, form.ends.data = series.starts, series.ends
    form.people.data, form.purpose.data = series.people, series.purpose
    form.version.data = series.version
    if "responsible" in form:
        form.responsible.data = series.responsible or ""


def weekday_ticks(chosen: tuple[int, ...]) -> list[tuple[str, str, str, bool]]:
    """The days of the week, as ticks."""
    return [
        (str(number), dates.capitalised(dates.weekday_name(number)), "", number in chosen)
        for number in range(7)
    ]


def usual_last(first: date, room: RoomView, today: date) -> date:
    """The end that is filled in: a quarter of a year on, or as far as the room allows."""
    return min(first + timedelta(weeks=12), today + timedelta(days=room.series_days))
