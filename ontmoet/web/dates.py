"""Days and times in words, by the wall clock that `kernel.walltime` makes of instants.

Formatting by the locale tables is slow and the same days come back on every page, so it is remembered.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date

from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import MINUTES_A_DAY, day_of, minutes_of, wall

from .i18n import gettext as _
from .i18n import language

EN_DASH = "\u2013"
A_MONDAY = date(1970, 1, 5)


def short_day(day: date) -> str:
    """di 24 nov."""
    return _formatted(day, "EEE d MMM", language())


def long_day(day: date) -> str:
    """dinsdag 24 november."""
    return _formatted(day, "EEEE d MMMM", language())


def full_day(day: date) -> str:
    """24 november 2026."""
    return _formatted(day, "d MMMM y", language())


def weekday(day: date) -> str:
    """di."""
    return _formatted(day, "EEE", language())


def weekday_name(number: int) -> str:
    """dinsdag, for 1."""
    return _formatted(A_MONDAY + timedelta(days=number), "EEEE", language())


def month_name(day: date) -> str:
    """nov."""
    return _formatted(day, "MMM", language())


def near_month(day: date, today: date) -> str:
    """nov; the year only when it is another one."""
    return _formatted(day, "MMM" if day.year == today.year else "MMM y", language())


def month_and_year(day: date) -> str:
    """november 2026."""
    return _formatted(day, "MMMM y", language())


def whole_month(day: date) -> str:
    """november."""
    return _formatted(day, "MMMM", language())


def near_day(day: date, today: date) -> str:
    """vandaag, morgen, or di 24 nov; the year only when it is another one."""
    if day == today:
        return _("vandaag")
    if day == today + timedelta(days=1):
        return _("morgen")
    if day.year != today.year:
        return _formatted(day, "EEE d MMM y", language())
    return short_day(day)


def on_day(day: date, today: date) -> str:
    """vandaag, morgen, or op di 24 nov: when something is, inside a sentence."""
    said = near_day(day, today)
    return said if 0 <= (day - today).days <= 1 else _("op %(day)s", day=said)


def capitalised(text: str) -> str:
    """The text as the start of a sentence."""
    return text[:1].upper() + text[1:]


def clock_of(minutes: int) -> str:
    """9:00; midnight as the end of a day is 24:00."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def field_time(minutes: int) -> str:
    """09:00, as form fields have it."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def clock_at(moment: datetime) -> str:
    """9:00."""
    return clock_of(minutes_of(moment))


def full_moment(moment: datetime) -> str:
    """dinsdag 24 november 18:00 uur, for who reads it on another day."""
    return _("%(day)s %(time)s\u00a0uur", day=long_day(day_of(moment)), time=clock_at(moment))


def end_minutes(slot: TimeSlot) -> int:
    """Minutes after midnight at the end of a slot within one day; 1440 when it ends at midnight."""
    return minutes_of(slot.ends) or MINUTES_A_DAY


def times(slot: TimeSlot) -> str:
    """14:00–16:00, for columns and slots."""
    return f"{clock_at(slot.starts)}{EN_DASH}{clock_of(end_minutes(slot))}"


def times_in_words(slot: TimeSlot) -> str:
    """14:00–16:00 uur, for sentences."""
    return o_clock(times(slot))


def o_clock(time: str) -> str:
    """16:00 uur, of a time or a span that is in figures already."""
    return _("%(time)s\u00a0uur", time=time)


def hour(minutes: int) -> str:
    """16:00 uur."""
    return o_clock(clock_of(minutes))


def iso(moment: datetime) -> str:
    """An instant in UTC for machines, with a Z."""
    return f"{moment.isoformat()[:19]}Z"


def local_iso(moment: datetime) -> str:
    """The wall clock for a link: 2026-11-24T14:00."""
    return wall(moment).strftime("%Y-%m-%dT%H:%M")


@lru_cache(maxsize=8192)
def _formatted(day: date, pattern: str, tag: str) -> str:
    # Dutch abbreviations in running text go without full stops: di 24 nov.
    return format_date(day, pattern, locale=tag.replace("-", "_")).replace(".", "")


def local_end(slot: TimeSlot) -> str:
    """The wall clock at the end of a slot for a link; midnight is 24:00 of the same day."""
    return f"{wall(slot.starts):%Y-%m-%d}T{field_time(end_minutes(slot))}"
