"""From an event and what is said of single dates of it to the dates themselves, within the window.

All of a series is counted on the wall clock of its zone, without that zone: so its hours stay the same over
each change of the clock, and the libraries never compare times of two zones. Only a date that was found
becomes an instant. RRULE, RDATE, EXDATE, RECURRENCE-ID and RANGE are for the library.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import prod
from typing import TYPE_CHECKING, Any

from icalendar import Event
from icalendar.prop import vDDDTypes, vRecur
from recurring_ical_events import EventAdapter, Occurrence, Series  # type: ignore[import-untyped]

from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.timeslot import TimeSlot

from . import zones
from .rules import MOST_EVENTS, Reason
from .text import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from .components import Component, When
    from .rules import Window

_MARGIN = timedelta(days=3)
"""More than a zone and the length of an event differ."""
_TOO_OFTEN = (["SECONDLY"], ["MINUTELY"], ["HOURLY"])
_MOST_A_DAY = 24
_LONGEST_INTERVAL = 1_000
_MOST_RULES = 10


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of a series (or the only one): which, when, and what says so."""

    recurrence: str
    slot: TimeSlot
    component: Component


class _Adapter(EventAdapter):
    """An event as the library wants it, that knows where it came from."""

    def __init__(self, event: Event, component: Component) -> None:
        super().__init__(event)
        self.component = component


class _Found(Occurrence):
    """A date: `original` is when it stood in the series, `component` what says how it is now."""

    def __init__(self, adapter: _Adapter, start: Any = None, end: Any = None, sequence: int = -1) -> None:
        super().__init__(adapter, start, end, sequence)
        self.component = adapter.component
        self.is_by_itself = start is None
        self.original = adapter.recurrence_ids[0] if start is None else start - adapter.move_recurrences_by


class _Series(Series):
    occurrence = _Found


def only_date(component: Component) -> Dated:
    """What does not repeat, or a date of a series that is not in the file itself. Raises `Unreadable`."""
    assert component.start is not None  # noqa: S101 - those without have a reason
    if not zones.exists(component.start.wall, component.start.zone):
        raise Unreadable(Reason.NO_SUCH_TIME)
    original = component.original
    return Dated(_utc(original.instant) if original else "", _own_slot(component), component)


def name_of(change: Component, master: Component | None) -> str:
    """What the date is called that a change is of."""
    assert change.original is not None  # noqa: S101 - asked before
    if master is None or master.start is None:
        return _utc(change.original.instant)
    return _utc(zones.instant(_in_series(change.original, master.start), master.start.zone))


def dates_of(master: Component, changed: Sequence[Component], window: Window) -> tuple[list[Dated], bool]:
    """The dates of a series that begin in the window, in order; and whether it goes on behind it.

    Raises `Unreadable`.
    """
    assert master.start is not None  # noqa: S101 - those without have a reason
    zone = master.start.zone
    first, last = zones.wall_of(window.first, zone), zones.wall_of(window.last, zone)
    if not changed and not master.added and _is_over(master.rules, first):
        return [], False
    changes = [_change(one, master.start) for one in changed if one.reason is None]
    # What cannot be read is not at its old time either.
    lost = [one.original for one in changed if one.reason is not None and one.original is not None]
    series = _Series([_core(master, master.start, lost), *changes])
    found = _within(series, master, window, first - _MARGIN, last + _MARGIN)
    dates = sorted(found, key=lambda date: date.slot)
    goes_on = any(rule.after(last, inc=True) is not None for rule in series.recurrence.rrules)
    return dates, goes_on


def _within(
    series: _Series, master: Component, window: Window, first: datetime, last: datetime
) -> Iterator[Dated]:
    assert master.start is not None  # noqa: S101 - those without have a reason
    zone, number = master.start.zone, 0
    for found in series.between(first, last):
        slot = _own_slot(found.component) if found.is_by_itself else _slot(found.start, found.end, zone)
        if window.first <= slot.starts < window.last:
            number += 1
            if number > MOST_EVENTS:
                raise Refused(Objection(Reason.TOO_MANY))
            is_one_of_more = master.repeats or found.component.is_change
            recurrence = _utc(zones.instant(found.original, zone)) if is_one_of_more else ""
            yield Dated(recurrence, slot, found.component)


def _core(master: Component, start: When, lost: Sequence[When]) -> _Adapter:
    if len(master.rules) > _MOST_RULES:
        raise Unreadable(Reason.STRANGE_REPEAT)
    event = _event(start.wall, master.length_by_clock, master)
    for rule in master.rules:
        event.add("RRULE", _bounded(rule, start))
    added = [(_in_series(when, start), length) for when, length in master.added]
    if added:
        event.add("RDATE", [(wall, length) if length else wall for wall, length in added])
    if struck := [_in_series(when, start) for when in (*master.struck, *lost)]:
        event.add("EXDATE", struck)
    return _Adapter(event, master)


def _change(component: Component, start_of_series: When) -> _Adapter:
    assert component.start is not None and component.original is not None  # noqa: S101, PT018 - it has no reason
    event = _event(component.start.wall_in(start_of_series.zone), component.length_by_clock, component)
    if component.rules:
        # The library takes it for an older series, and out when that is over.
        event.add("RRULE", component.rules[0])
    which = vDDDTypes(_in_series(component.original, start_of_series))
    if component.is_from_then_on:
        which.params["RANGE"] = "THISANDFUTURE"
    event["RECURRENCE-ID"] = which
    return _Adapter(event, component)


def _event(start: datetime, length: timedelta, component: Component) -> Event:
    event = Event()
    event.add("SEQUENCE", component.version[0])
    event.add("DTSTART", start)
    event.add("DTEND", start + length)
    return event


def _in_series(when: When, start: When) -> datetime:
    """What is said of a date of a series, on the clock of that series: programs write the day, or UTC."""
    if start.is_day:
        return datetime.combine(when.wall_in(start.zone), start.wall.time())
    if when.is_day:
        return datetime.combine(when.wall, start.wall.time())
    return when.wall_in(start.zone)


def _bounded(rule: vRecur, start: When) -> vRecur:
    """The rule, when it can be one of a room, with its end on the clock of the series."""
    if [str(name).upper() for name in rule.get("FREQ", ())] in _TOO_OFTEN:
        raise Unreadable(Reason.REPEATS_TOO_OFTEN)
    if prod(len(rule.get(name, "1")) for name in ("BYHOUR", "BYMINUTE", "BYSECOND")) > _MOST_A_DAY:
        raise Unreadable(Reason.REPEATS_TOO_OFTEN)
    if not all(1 <= number <= _LONGEST_INTERVAL for number in rule.get("INTERVAL", ())):
        raise Unreadable(Reason.STRANGE_REPEAT)
    rule = vRecur(rule)
    # Some write -1 for a series without end.
    if "UNTIL" in rule or any(number < 0 for number in rule.get("COUNT", ())):
        rule.pop("COUNT", None)
    if "UNTIL" in rule:
        (until,) = rule["UNTIL"]
        rule["UNTIL"] = [_last_moment(until, start)]
    return rule


def _is_over(rules: Sequence[vRecur], first: datetime) -> bool:
    """Whether the end that the rules give is before the window: then nothing is counted."""
    ends = [until.year for rule in rules for until in rule.get("UNTIL", ())]
    return len(ends) == len(rules) and max(ends, default=0) < first.year - 1


def _last_moment(until: date, start: When) -> datetime:
    """A day is meant until its end."""
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max.replace(microsecond=0))
    return zones.wall_of(until, start.zone) if until.tzinfo is not None else until


def _own_slot(component: Component) -> TimeSlot:
    assert component.start is not None  # noqa: S101 - those without have a reason
    starts = component.start.instant
    return TimeSlot(starts, starts + component.length)


def _slot(start: datetime, end: datetime, zone: tzinfo) -> TimeSlot:
    """By the wall clock; where a change of it leaves nothing between them, as long as they say."""
    starts = zones.instant(start, zone)
    ends = zones.instant(end, zone)
    return TimeSlot(starts, ends if ends > starts else starts + (end - start))


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
