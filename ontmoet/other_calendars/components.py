"""One VEVENT as plain values. The library reads each property; here is what they mean together."""

from __future__ import annotations

import hashlib
import textwrap
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from icalendar.parser import Contentline
from icalendar.prop import vDDDLists, vDDDTypes, vDuration, vInt, vRecur

from ontmoet.kernel import text as kernel_text
from ontmoet.kernel.walltime import AMSTERDAM

from . import zones
from .rules import LONGEST, Reason, Remark, Skip
from .text import SURPRISES, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icalendar.parser import Parameters

    from .zones import Zones

LONGEST_TITLE = 80
LONGEST_UID = 255
LONGEST_RULE = 2_000
MOST_DATES = 5_000
"""Added to or struck from one series."""
WITHOUT_END = timedelta(hours=1)
_OF_ONE_WHO_IS_INVITED = ("REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER")
"""Methods (RFC 5546) by which somebody answers."""

Properties = dict[str, list[tuple["Parameters", str]]]


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """What a calendar says of all that is in it: the zone of times without one, and METHOD (RFC 5546)."""

    zone: tzinfo | None = None
    method: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """A time as it is written: what the clock of a zone shows. A day is its midnight here."""

    wall: datetime
    zone: tzinfo
    is_day: bool = False
    is_floating: bool = False

    @property
    def instant(self) -> datetime:
        return zones.instant(self.wall, self.zone)

    def wall_in(self, zone: tzinfo) -> datetime:
        return self.wall if zone is self.zone else zones.wall_of(self.instant, zone)


@dataclass(slots=True)
class Component:
    """What is known of a VEVENT. With a `reason` it cannot be stored, and what comes after it is unknown."""

    number: int
    uid: str = ""
    version: tuple[int, str] = (0, "")
    title: str = ""
    starts: str = ""
    is_change: bool = False
    """Of one date of a series; `original` says which (RECURRENCE-ID), as far as that can be read."""
    original: When | None = None
    is_from_then_on: bool = False
    start: When | None = None
    length: timedelta = timedelta()
    """Of this date itself."""
    length_by_clock: timedelta = timedelta()
    """Of each other date: a series keeps its hours over a change of the clock."""
    rules: list[vRecur] = field(default_factory=list)
    added: list[tuple[When, timedelta | None]] = field(default_factory=list)
    struck: list[When] = field(default_factory=list)
    is_answer: bool = False
    """To an invitation: it says of an event only which one is meant."""
    remarks: frozenset[Remark] = frozenset()
    skip: Skip | None = None
    reason: Reason | None = None

    @property
    def repeats(self) -> bool:
        return bool(self.rules or self.added)


class Reader:
    """Reads the events of one calendar."""

    def __init__(self, facts: CalendarFacts, zones_of_file: Zones) -> None:
        self._facts = facts
        self._zones = zones_of_file

    def read(self, number: int, lines: Iterable[str]) -> Component:
        """Never raises but for what breaks it off: what is wrong stands in the component itself."""
        component = Component(number)
        try:
            properties = properties_of(lines)
            self._say_who(component, properties)
            self._say_which(component, properties)
            component.start = start = self._start(component, properties)
            self._say_how_often(component, properties)
            self._say_how_long(component, start, properties)
        except Unreadable as unreadable:
            component.reason = unreadable.reason
        except SURPRISES:
            component.reason = Reason.NOT_READABLE
        return component

    def _say_who(self, component: Component, properties: Properties) -> None:
        component.uid = _uid(properties)
        component.version = (
            _whole_number(_first(properties, "SEQUENCE")),
            max(_first(properties, "DTSTAMP")[:20], _first(properties, "LAST-MODIFIED")[:20]),
        )
        is_private = _first(properties, "CLASS").upper() in ("PRIVATE", "CONFIDENTIAL")
        component.title = "" if is_private else _title(_first(properties, "SUMMARY"))
        component.starts = kernel_text.excerpt(_first(properties, "DTSTART"), longest=40)
        status = _first(properties, "STATUS").upper()
        busy = _first(properties, "X-MICROSOFT-CDO-BUSYSTATUS").upper()
        if status == "CANCELLED" or self._facts.method == "CANCEL":
            component.skip = Skip.CANCELLED
        elif _first(properties, "TRANSP").upper() == "TRANSPARENT" or busy == "FREE":
            component.skip = Skip.FREE
        component.is_answer = self._facts.method in _OF_ONE_WHO_IS_INVITED
        if "TENTATIVE" in (status, busy):
            component.remarks |= {Remark.TENTATIVE}

    def _say_which(self, component: Component, properties: Properties) -> None:
        if "RECURRENCE-ID" in properties:
            component.is_change = True
            params, value = properties["RECURRENCE-ID"][0]
            original = self._when(params, value)
            # There is no instant for the first and the last days that can be written.
            component.original = original if original.instant else None
            component.is_from_then_on = str(params.get("RANGE", "")).upper() == "THISANDFUTURE"

    def _start(self, component: Component, properties: Properties) -> When:
        if "DTSTART" not in properties:
            raise Unreadable(Reason.NO_START)
        try:
            start = self._when(*properties["DTSTART"][0])
        except (ValueError, TypeError):
            raise Unreadable(Reason.NO_START) from None
        component.starts = _readable(start)
        if start.is_day:
            component.remarks |= {Remark.ALL_DAY}
        if start.is_floating:
            component.remarks |= {Remark.FLOATING}
        return start

    def _say_how_long(self, component: Component, start: When, properties: Properties) -> None:
        if not start.is_day and "DTEND" not in properties and "DURATION" not in properties:
            component.remarks |= {Remark.NO_END}
        end = self._end(start, properties)
        component.length = end - start.instant
        if component.length <= timedelta():
            raise Unreadable(Reason.ENDS_BEFORE_START)
        by_clock = zones.wall_of(end, start.zone) - start.wall
        component.length_by_clock = by_clock if by_clock > timedelta() else component.length
        if min(component.length, component.length_by_clock) > LONGEST:
            raise Unreadable(Reason.TOO_LONG)

    def _end(self, start: When, properties: Properties) -> datetime:
        """DTEND is taken where DURATION says otherwise."""
        if "DTEND" in properties:
            end = self._when(*properties["DTEND"][0])
            if not (start.is_day and end == start):
                return zones.instant(end.wall, start.zone) if end.is_day else end.instant
            # Many write the day itself for the end of a day: that day is meant.
            del properties["DTEND"]
        length = timedelta(days=1) if start.is_day else WITHOUT_END
        if "DURATION" in properties:
            length = vDuration.from_ical(properties["DURATION"][0][1].strip().upper())
        # Days are by the calendar, hours are hours.
        later = zones.instant(start.wall + timedelta(days=length.days), start.zone)
        return later + timedelta(seconds=length.seconds)

    def _say_how_often(self, component: Component, properties: Properties) -> None:
        if "EXRULE" in properties:
            raise Unreadable(Reason.STRANGE_REPEAT)
        try:
            # Exchange writes blanks into a list of days, others a line without a rule.
            said = ["".join(value.split()) for _, value in properties.get("RRULE", ())]
            if any(len(rule) > LONGEST_RULE for rule in said):
                raise Unreadable(Reason.STRANGE_REPEAT)
            component.rules = [vRecur.from_ical(rule) for rule in said if rule]
        except (ValueError, TypeError):
            raise Unreadable(Reason.STRANGE_REPEAT) from None
        for name in ("RDATE", "EXDATE"):
            for params, value in properties.get(name, ()):
                for one in vDDDLists.from_ical(value.strip(" ,").upper()) if value.strip(" ,") else ():
                    if name == "RDATE":
                        component.added.append(self._added(params, one))
                    else:
                        component.struck.append(self._located(params, one))
                if len(component.added) + len(component.struck) > MOST_DATES:
                    raise Unreadable(Reason.STRANGE_REPEAT)

    def _added(self, params: Mapping[str, Any], one: object) -> tuple[When, timedelta | None]:
        """A date added to a series, and how long it takes where that is told (a period)."""
        if not isinstance(one, tuple):
            return self._located(params, one), None
        start, end = self._located(params, one[0]), one[1]
        if isinstance(end, timedelta):
            return start, end
        return start, self._located(params, end).wall_in(start.zone) - start.wall

    def _when(self, params: Mapping[str, Any], value: str) -> When:
        return self._located(params, vDDDTypes.from_ical(value.strip().upper()))

    def _located(self, params: Mapping[str, Any], found: object) -> When:
        """A day is one of the rooms; a time without a zone is one of the calendar, or of the rooms."""
        if isinstance(found, datetime) and str(params.get("VALUE", "")).upper() == "DATE":
            found = found.date()
        if isinstance(found, datetime):
            if found.tzinfo is not None:
                return When(found.replace(tzinfo=None), UTC)
            name = params.get("TZID")
            if isinstance(name, str) and name:
                return When(found, self._zones.named(name))
            return When(found, self._facts.zone or AMSTERDAM, is_floating=self._facts.zone is None)
        if isinstance(found, date):
            return When(datetime(found.year, found.month, found.day), AMSTERDAM, is_day=True)  # noqa: DTZ001 - a wall clock
        raise ValueError("not a time")


def properties_of(lines: Iterable[str]) -> Properties:
    """The properties by their names, as the library reads lines."""
    found: Properties = {}
    for line in lines:
        name, params, value = Contentline(line).parts()
        found.setdefault(name.upper(), []).append((params, value))
    return found


def _readable(start: When) -> str:
    """On the clock of the rooms, as far as that goes back and ahead."""
    wall = start.wall_in(AMSTERDAM) if MINYEAR < start.wall.year < MAXYEAR else start.wall
    return f"{wall:%Y-%m-%d}" if start.is_day else f"{wall:%Y-%m-%d %H:%M}"


def _first(properties: Properties, name: str) -> str:
    return properties[name][0][1].strip() if name in properties else ""


def _uid(properties: Properties) -> str:
    """Without one it is made of what the event says, so that it is the same in each copy of the file."""
    uid = _first(properties, "UID")
    if not uid:
        said = (
            _first(properties, name) for name in ("DTSTART", "DTEND", "SUMMARY", "RRULE", "RECURRENCE-ID")
        )
        return hashlib.sha256("\n".join(said).encode("utf-8", "replace")).hexdigest()
    if len(uid) > LONGEST_UID or kernel_text.excerpt(uid, longest=LONGEST_UID) != uid:
        return hashlib.sha256(uid.encode("utf-8", "replace")).hexdigest()
    return uid


def _whole_number(value: str) -> int:
    try:
        return int(vInt.from_ical(value))
    except ValueError:
        return 0


def _title(summary: str) -> str:
    clean = kernel_text.excerpt(summary, longest=1_000)
    if len(clean) <= LONGEST_TITLE:
        return clean
    short = textwrap.shorten(clean, LONGEST_TITLE, placeholder="…")
    return short if len(short) > 1 else f"{clean[: LONGEST_TITLE - 1].rstrip()}…"
