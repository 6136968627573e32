"""Calendar files made to take time or memory, with what becomes of each.

Those that are filled can be made smaller, with the same outcome.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ontmoet.other_calendars.rules import Reason
from tests.other_calendars.writing import WHEN, calendar, event

if TYPE_CHECKING:
    from collections.abc import Callable

ENDLESS = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
NEVER = (
    ENDLESS,
    "RRULE:FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=1;BYSETPOS=5",
    "RRULE:FREQ=WEEKLY;BYMONTH=13",
)

_START = "BEGIN:VCALENDAR\nBEGIN:VEVENT\n"
_GOOD = calendar(event(*WHEN)).decode()
_STRANGE = (0, [(1, Reason.STRANGE_REPEAT)])
_UNREADABLE = (0, [(1, Reason.NOT_READABLE)])


def _filled(head: str, with_: str, size: int) -> bytes:
    return (head + with_ * ((size - len(head)) // len(with_))).encode()


def _zones() -> bytes:
    change = (
        "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\n{}\nEND:STANDARD\n"
    )
    zone = f"BEGIN:VTIMEZONE\nTZID:%d\n{change.format('RRULE:FREQ=SECONDLY') * 20}END:VTIMEZONE\n"
    zones = "".join(zone % number for number in range(2_500))
    return calendar(zones, event("DTSTART;TZID=1:20260105T100000"))


def _slow_zones() -> bytes:
    """Each as slow as it may be, and used by events that each ask something new."""
    change = (
        "BEGIN:STANDARD\nDTSTART:00010101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\n"
        "RRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=MO\nEND:STANDARD\n"
    )
    zones = "".join(f"BEGIN:VTIMEZONE\nTZID:z{number}\n{change * 50}END:VTIMEZONE\n" for number in range(100))
    return calendar(
        zones, *(event(f"DTSTART;TZID=z{number}:20260105T100000", uid=str(number)) for number in range(100))
    )


def _changes() -> bytes:
    """Each date of the series is compared with all of them."""
    changes = (
        event(*WHEN, f"RECURRENCE-ID;RANGE=THISANDFUTURE:{1000 + number}0101T100000Z")
        for number in range(1, 3_000)
    )
    return calendar(event(*WHEN, "RRULE:FREQ=DAILY;BYHOUR=8,9,10,11,12,13,14,15"), *changes)


def series(number: int, *lines: str, start: str = "20260105") -> bytes:
    begins = f"DTSTART:{start}T100000Z"
    return calendar(*(event(begins, "DURATION:PT1H", *lines, uid=str(one)) for one in range(number)))


HARMFUL: dict[str, tuple[Callable[[], bytes], object]] = {
    "every second for ever": (
        lambda: series(1, "RRULE:FREQ=SECONDLY"),
        (0, [(1, Reason.REPEATS_TOO_OFTEN)]),
    ),
    "100 that never come": (lambda: series(100, ENDLESS), Reason.TAKES_TOO_LONG),
    "2,000 times days of old": (
        lambda: series(2_000, "RRULE:FREQ=DAILY;COUNT=19000", start="19700101"),
        Reason.TAKES_TOO_LONG,
    ),
    "more dates than may be": (lambda: series(100, "RRULE:FREQ=DAILY"), Reason.TOO_MANY),
    "10,000 of one name": (lambda: calendar(event(*WHEN) * 10_000), (1, [])),
    "3,000 changes": (_changes, (0, [(1, Reason.STRANGE_REPEAT)])),
    "200,000 dates struck": (lambda: series(1, *["EXDATE:20260105T100000Z"] * 200_000), _STRANGE),
    "200,000 in a line": (lambda: series(1, f"EXDATE:{'20260105T100000Z,' * 200_000}"), _UNREADABLE),
    "long rules": (
        lambda: series(30, f"RRULE:FREQ=MONTHLY;BYMONTHDAY={'1,' * 30_000}1"),
        (0, [(1, Reason.STRANGE_REPEAT)]),
    ),
    "zones without end": (_zones, (0, [(1, Reason.UNKNOWN_ZONE)])),
    "slow zones": (_slow_zones, Reason.TAKES_TOO_LONG),
}
"""How it is made, and either the reason for which it is refused, or how many dates and which faults."""


FILLED: dict[str, tuple[Callable[[int], bytes], object]] = {
    "begins": (partial(_filled, "BEGIN:VCALENDAR\n", "BEGIN:VEVENT\n"), Reason.TOO_MANY),
    "calendars": (partial(_filled, "", "BEGIN:VCALENDAR\n"), Reason.TOO_MANY),
    "facts": (partial(_filled, _GOOD, "BEGIN:VCALENDAR\n" + "X-WR-TIMEZONE:x\n" * 400), (1, [])),
    "names of zones": (partial(_filled, _GOOD, "BEGIN:VTIMEZONE\n" + "TZID:x\n" * 400), (1, [])),
    "deep": (partial(_filled, _START, "BEGIN:VALARM\n"), _UNREADABLE),
    "in and out": (partial(_filled, _START, "BEGIN:A\nEND:A\nUID:1\n"), _UNREADABLE),
    "one line": (partial(_filled, f"{_START}SUMMARY:", "x"), _UNREADABLE),
    "names": (partial(_filled, _START, "UID:\n"), _UNREADABLE),
    "empty lines": (partial(_filled, "BEGIN:VCALENDAR\n", "\n"), Reason.EMPTY),
    "short lines": (partial(_filled, "BEGIN:VCALENDAR\n", "a\n"), Reason.EMPTY),
    "folds": (partial(_filled, f"{_START}SUMMARY:", "\n x"), _UNREADABLE),
    "begins of nothing": (partial(_filled, "BEGIN:VCALENDAR\n", "BEGIN:\n"), Reason.EMPTY),
    "wide": (partial(_filled, f"{_START}SUMMARY:", "\U0001f600"), _UNREADABLE),
}
"""The same, for as many characters as one wants."""
