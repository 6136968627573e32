"""Time zones as calendars name them, and what a wall clock in one says as an instant."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Component, Timezone
from icalendar.prop import vDDDLists, vRecur
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from .rules import Reason
from .text import SURPRISES, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST_ZONE = 16_000
"""Characters of a time zone that a file brings. Outlook's take 500; those with all of history 6,000."""
_MOST_CHANGES, _MOST_DATES = 50, 200
_PLAIN_RULE = {
    *("FREQ", "INTERVAL", "BYMONTH", "BYDAY", "BYMONTHDAY", "BYHOUR", "BYMINUTE", "UNTIL", "COUNT", "WKST"),
}

_NAME = re.compile(r"[A-Za-z0-9_+-]{1,40}(?:/[A-Za-z0-9_+-]{1,40}){0,2}")
_OF_THE_MACHINE = {"localtime", "posixrules", "Factory"}

_WORDS: Mapping[str, tuple[str, ...]] = {
    "Europe/Amsterdam": (
        *("amsterdam", "brussel", "bruxelles", "berlin", "berlijn", "paris", "parijs", "madrid", "rome"),
        *(
            "vienna",
            "wenen",
            "kopenhagen",
            "copenhagen",
            "stockholm",
            "prague",
            "praag",
            "warsaw",
            "warschau",
        ),
        *("w. europe", "west-europa", "west europe", "central europe"),
    ),
    "Europe/London": ("london", "londen", "lisbon", "lissabon", "dublin"),
    "Europe/Athens": ("athens", "athene", "bucharest", "boekarest"),
    "Europe/Helsinki": ("helsinki", "kyiv", "riga", "vilnius"),
    "UTC": ("coordinated universal time", "gecoördineerde wereldtijd"),
}
"""Cities and words in the names that Outlook and Lotus Notes make up, English and Dutch."""


class Zones:
    """The zones of one file: by their name, or else by the description that the file brings.

    `described`: for each name that the file describes, what gives the text of that description.
    """

    def __init__(self, described: Mapping[str, Callable[[], str]]) -> None:
        self._described = described
        self._known: dict[str, tzinfo | None] = {}

    def named(self, name: str) -> tzinfo:
        """Raises `Unreadable` (UNKNOWN_ZONE)."""
        if name not in self._known:
            # Unknown until the opposite is proved: what takes too long is broken off, and not tried again.
            self._known[name] = None
            self._known[name] = _by_name(name) or self._by_description(name) or _by_words(name)
        found = self._known[name]
        if found is None:
            raise Unreadable(Reason.UNKNOWN_ZONE)
        return found

    def _by_description(self, name: str) -> tzinfo | None:
        text = self._described.get(name)
        if text is None:
            return None
        try:
            # Under another name: the library makes a zone of it before anybody looked.
            found = Component.from_ical(f"BEGIN:X-ZONE{text()}\nEND:X-ZONE\n")
            if isinstance(found, list) or not _is_plain(found):
                return None
            zone = Timezone(found)
            zone.subcomponents = list(found.subcomponents)  # type: ignore[arg-type]
            return Described(zone)
        except (Unreadable, *SURPRISES):
            return None


class Described(tzinfo):
    """A zone by the changes that a file describes, counted once: the library's own counts them each time."""

    def __init__(self, zone: Timezone) -> None:
        moments, told = zone.get_transitions()
        first = min(zone.subcomponents, key=lambda change: change.DTSTART)
        self._changes = moments
        self._offsets = [first.TZOFFSETFROM, *(offset for offset, _, _ in told)]
        self._on_the_clock = [
            moment + max(pair) for moment, pair in zip(moments, pairwise(self._offsets), strict=True)
        ]
        """When the clock shows what it did not show before. Of what it shows twice the first is meant."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        assert moment is not None  # noqa: S101 - nobody asks for none
        return self._offsets[bisect_right(self._on_the_clock, moment.replace(tzinfo=None))]

    def fromutc(self, moment: datetime) -> datetime:
        return moment + self._offsets[bisect_right(self._changes, moment.replace(tzinfo=None))]

    def dst(self, moment: datetime | None) -> None:
        return None

    def tzname(self, moment: datetime | None) -> None:
        return None


def _by_name(name: str) -> tzinfo | None:
    """`Europe/Amsterdam`, also behind the name of a program, or as Windows calls it."""
    clean = name.strip(' "/')
    parts = clean.split("/")
    if parts[-1].upper() in ("UTC", "Z", "GMT"):
        return ZoneInfo("UTC")
    for candidate in (WINDOWS_TO_OLSON.get(clean, clean), "/".join(parts[-3:]), "/".join(parts[-2:])):
        if _NAME.fullmatch(candidate) and candidate not in _OF_THE_MACHINE:
            try:
                return ZoneInfo(candidate)
            except (LookupError, OSError, ValueError):
                continue
    return None


def _by_words(name: str) -> tzinfo | None:
    said = name[:200].casefold()
    return next((ZoneInfo(key) for key, words in _WORDS.items() if any(word in said for word in words)), None)


def _is_plain(zone: Component) -> bool:
    """No more than a zone needs, so that asking it takes no time worth mentioning."""
    changes = zone.subcomponents
    if not 1 <= len(changes) <= _MOST_CHANGES:
        return False
    dates = 0
    for change in changes:
        rule, added = change.get("RRULE"), change.get("RDATE", [])
        if rule is not None and not (isinstance(rule, vRecur) and _is_plain_rule(rule)):
            return False
        dates += sum(len(some.dts) for some in ([added] if isinstance(added, vDDDLists) else added))
    return dates <= _MOST_DATES


def _is_plain_rule(rule: vRecur) -> bool:
    return (
        set(rule) <= _PLAIN_RULE
        and [str(freq).upper() for freq in rule["FREQ"]] == ["YEARLY"]
        and len(rule.get("BYMONTH", ())) == 1
        and all(len(rule.get(name, ())) <= 1 for name in ("BYDAY", "BYHOUR", "BYMINUTE"))
        and len(rule.get("BYMONTHDAY", ())) <= 7
    )


def exists(wall: datetime, zone: tzinfo) -> bool:
    """Whether the clock of a zone shows this time at all."""
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


def instant(wall: datetime, zone: tzinfo) -> datetime:
    """Of the hour that comes twice in October the first; a time that the clock skips is an hour later."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


def wall_of(moment: datetime, zone: tzinfo) -> datetime:
    """What the clock of a zone shows at an instant."""
    return moment.astimezone(zone).replace(tzinfo=None)
