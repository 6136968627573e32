"""Between the wall clock of the rooms and instants.

Opening hours, wishes and series are wall clock; whatever is stored or compared is an instant. Only here one
becomes the other; calendars of other programs have zones of their own (`other_calendars`).
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .timeslot import TimeSlot

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
"""All rooms of an installation share this zone: it is a product for Dutch housing corporations."""

MINUTES_A_DAY = 24 * 60


class NonexistentTime(ValueError):
    """The wall clock skips this time: the hour lost when summer time starts."""


@lru_cache(maxsize=4096)
def instant(day: date, minutes: int) -> datetime:
    """The instant at `minutes` after midnight on the wall clock of `day`; 1440 is the next midnight.

    Of the hour that comes twice in October the first is taken.
    Raises `NonexistentTime` for a time the clock skips.
    """
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone follows below
    local = midnight + timedelta(minutes=minutes)
    utc = local.replace(tzinfo=AMSTERDAM).astimezone(UTC)
    if utc.astimezone(AMSTERDAM).replace(tzinfo=None) != local:
        raise NonexistentTime(f"{local} does not exist in {AMSTERDAM.key}")
    return utc


def instant_or_next(day: date, minutes: int) -> datetime:
    """The same for hours and borders: a time that the clock skips is an hour later on the wall clock."""
    try:
        return instant(day, minutes)
    except NonexistentTime:
        return instant(day, minutes + 60)


@lru_cache(maxsize=4096)
def wall(moment: datetime) -> datetime:
    """The wall clock at an instant."""
    return moment.astimezone(AMSTERDAM)


def day_of(moment: datetime) -> date:
    """The local day an instant falls on."""
    return wall(moment).date()


def minutes_of(moment: datetime) -> int:
    """Minutes after local midnight at an instant, by the wall clock."""
    local = wall(moment)
    return local.hour * 60 + local.minute


def start_of(day: date) -> datetime:
    """The instant at which a local day starts; midnight always exists in this zone."""
    return instant(day, 0)


def whole_day(day: date) -> TimeSlot:
    """A local day as a stretch of time."""
    return TimeSlot(start_of(day), start_of(day + timedelta(days=1)))


@lru_cache(maxsize=4096)
def month_of(day: date) -> tuple[date, date]:
    """The first day of the month of `day`, and of the month after it."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)
