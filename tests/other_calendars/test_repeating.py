"""Events that repeat: rules, dates added and struck, and what is said of single dates."""

from __future__ import annotations

import pytest

from ontmoet.other_calendars.rules import Reason, Remark, Skip
from tests.other_calendars.writing import AMSTERDAM, AT_TEN, WHEN, event, faults, read_events, spans

WEEKLY = (*WHEN, "RRULE:FREQ=WEEKLY;COUNT=4")
"""Mondays 5, 12, 19 and 26 January, 10:00 to 11:00: at nine in UTC."""
NAMES = ["2026-01-05T09:00:00Z", "2026-01-12T09:00:00Z", "2026-01-19T09:00:00Z", "2026-01-26T09:00:00Z"]


def change(original: str, *lines: str, params: str = AMSTERDAM, uid: str = "een@example.org") -> str:
    return event(f"RECURRENCE-ID;{params}:{original}", *lines, uid=uid)


def from_then_on(original: str, *lines: str) -> str:
    return change(original, *lines, params=f"RANGE=THISANDFUTURE;{AMSTERDAM}")


def at(moment: str) -> str:
    return f"DTSTART;{AMSTERDAM}:{moment}"


def days(*parts: str) -> list[str]:
    """On which days of the year something is, with the hour in UTC."""
    found = read_events(*parts)
    assert faults(found) == []
    return [f"{one.slot.starts:%m-%d %H}" for one in found.events]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["RRULE:FREQ=WEEKLY;COUNT=3"], ["01-05 09", "01-12 09", "01-19 09"]),
        # UNTIL as a day, on the clock of the series, in UTC; just too early.
        (["RRULE:FREQ=WEEKLY;UNTIL=20260119"], ["01-05 09", "01-12 09", "01-19 09"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20260119T100000"], ["01-05 09", "01-12 09", "01-19 09"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20260119T090000Z"], ["01-05 09", "01-12 09", "01-19 09"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20260119T085959Z"], ["01-05 09", "01-12 09"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20260112;COUNT=9"], ["01-05 09", "01-12 09"]),
        (["RRULE:freq=monthly;bymonthday=31;count=2"], ["01-05 09", "01-31 09", "03-31 08"]),
        (["RRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=2"], ["01-05 09", "02-02 09"]),
        # Blanks as Exchange writes them; a line without a rule.
        (["RRULE:FREQ=WEEKLY;BYDAY=MO, WE;COUNT=2"], ["01-05 09", "01-07 09"]),
        (["RRULE:"], ["01-05 09"]),
        (["RRULE:FREQ=WEEKLY;COUNT=2;"], ["01-05 09", "01-12 09"]),
        # Two rules; dates added, as a list, as a day, and one that is there already.
        (["RRULE:FREQ=DAILY;COUNT=2", "RRULE:FREQ=WEEKLY;COUNT=2"], ["01-05 09", "01-06 09", "01-12 09"]),
        ([f"RDATE;{AMSTERDAM}:20260107T120000,20260108T130000"], ["01-05 09", "01-07 11", "01-08 12"]),
        (["RDATE;VALUE=DATE:20260107,20260105"], ["01-05 09", "01-07 09"]),
        (["RDATE:"], ["01-05 09"]),
        # Struck: on the clock, in UTC, as a day; one that is none of the series; several lines and lists.
        (["RRULE:FREQ=WEEKLY;COUNT=3", f"EXDATE;{AMSTERDAM}:20260112T100000"], ["01-05 09", "01-19 09"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20260112T090000Z"], ["01-05 09", "01-19 09"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20260112"], ["01-05 09", "01-19 09"]),
        (["RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:20260113T090000Z"], ["01-05 09", "01-12 09"]),
        (
            [
                "RRULE:FREQ=WEEKLY;COUNT=4",
                "EXDATE:20260105T090000Z,20260112T090000Z",
                "EXDATE:20260126T090000Z",
            ],
            ["01-19 09"],
        ),
    ],
)
def test_rules_with_dates_added_and_struck(lines: list[str], expected: list[str]) -> None:
    assert days(event(*WHEN, *lines)) == expected


def test_days_repeat_by_the_day() -> None:
    whole = event(
        "DTSTART;VALUE=DATE:20260327",
        "RRULE:FREQ=DAILY;UNTIL=20260330T220000Z",
        # As Exchange writes it: midnight here, in UTC.
        "EXDATE:20260327T230000Z",
    )
    found = read_events(whole)
    assert spans(found) == [
        "2026-03-26 23:00/2026-03-27 23:00",
        "2026-03-28 23:00/2026-03-29 22:00",
        "2026-03-29 22:00/2026-03-30 22:00",
        "2026-03-30 22:00/2026-03-31 22:00",
    ]
    assert [one.recurrence for one in found.events][1:3] == ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"]


def test_the_clock_of_the_series_counts_over_both_changes() -> None:
    assert days(event(at("20260323T100000"), "RRULE:FREQ=WEEKLY;COUNT=2")) == [
        *("03-23 09", "03-30 08"),
    ]
    assert days(event(at("20261019T100000"), "RRULE:FREQ=WEEKLY;COUNT=2")) == [
        *("10-19 08", "10-26 09"),
    ]
    # On the clock of UTC it is the other way round.
    assert days(event("DTSTART:20260323T090000Z", "RRULE:FREQ=WEEKLY;COUNT=2")) == ["03-23 09", "03-30 09"]


def test_a_night_in_which_the_clock_changes() -> None:
    """02:30 does not exist on 29 March: an hour later then. In October it comes twice: the first."""
    night = [at("20260328T023000"), f"DTEND;{AMSTERDAM}:20260328T030000"]
    found = read_events(event(*night, "RRULE:FREQ=DAILY;COUNT=3"))
    assert spans(found) == ["2026-03-28 01:30/02:00", "2026-03-29 01:30/02:00", "2026-03-30 00:30/01:00"]
    late = [at("20261024T010000"), f"DTEND;{AMSTERDAM}:20261024T040000"]
    found = read_events(event(*late, "RRULE:FREQ=DAILY;COUNT=2"))
    assert spans(found) == ["2026-10-23 23:00/2026-10-24 02:00", "2026-10-24 23:00/2026-10-25 03:00"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        # Moved in the day; to another day, known in UTC; past the next one; before the first.
        (change("20260112T100000", at("20260112T150000")), ["01-05 09", "01-12 14", "01-19 09", "01-26 09"]),
        (
            change("20260112T090000Z", at("20260114T150000"), params="X-A=b"),
            ["01-05 09", "01-14 14", "01-19 09", "01-26 09"],
        ),
        (
            change("20260112T100000", "DTSTART:20260121T090000Z"),
            ["01-05 09", "01-19 09", "01-21 09", "01-26 09"],
        ),
        (
            change("20260112T100000", "DTSTART:20260102T090000Z"),
            ["01-02 09", "01-05 09", "01-19 09", "01-26 09"],
        ),
        # Known by the day only.
        (
            change("20260112", "DTSTART:20260112T120000Z", params="VALUE=DATE"),
            ["01-05 09", "01-12 12", "01-19 09", "01-26 09"],
        ),
        # Out of the window; cancelled; of a date that is no date of it.
        (change("20260112T100000", "DTSTART:20300112T120000Z"), ["01-05 09", "01-19 09", "01-26 09"]),
        (change("20260112T100000", AT_TEN, "STATUS:CANCELLED"), ["01-05 09", "01-19 09", "01-26 09"]),
        (
            change("20260113T100000", "DTSTART:20260113T120000Z"),
            ["01-05 09", "01-12 09", "01-13 12", "01-19 09", "01-26 09"],
        ),
    ],
)
def test_a_date_that_was_changed(changed: str, expected: list[str]) -> None:
    assert days(event(*WEEKLY), changed) == expected
    # In whatever order they stand.
    assert days(changed, event(*WEEKLY)) == expected


def test_a_date_keeps_its_name_when_it_moves() -> None:
    found = read_events(
        event(*WEEKLY, "SUMMARY:Zangles"),
        change("20260112T100000", at("20260114T150000"), "SUMMARY:Zangles in de Ark"),
    )
    moved = found.events[1]
    assert (moved.number, moved.uid, moved.recurrence) == (1, "een@example.org", "2026-01-12T09:00:00Z")
    assert moved.title == "Zangles in de Ark"
    assert moved.remarks == {Remark.NO_END}
    assert [one.recurrence for one in found.events] == NAMES


def test_of_two_changes_of_a_date_the_newest_counts() -> None:
    first = change("20260112T100000", "DTSTART:20260112T120000Z", "SEQUENCE:1")
    second = change("20260112T100000", "DTSTART:20260112T130000Z", "SEQUENCE:2")
    assert days(event(*WEEKLY), first, second) == days(event(*WEEKLY), second, first)
    assert "01-12 13" in days(event(*WEEKLY), second, first)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        # Two hours later; on Tuesday; half as long.
        ([at("20260119T120000")], ["05 09/10", "12 09/10", "19 11/12", "26 11/12"]),
        ([at("20260120T100000")], ["05 09/10", "12 09/10", "20 09/10", "27 09/10"]),
        ([at("20260119T100000"), "DURATION:PT4H"], ["05 09/10", "12 09/10", "19 09/13", "26 09/13"]),
        ([at("20260119T100000"), "STATUS:CANCELLED"], ["05 09/10", "12 09/10"]),
    ],
)
def test_from_a_date_on(changed: list[str], expected: list[str]) -> None:
    later = from_then_on("20260119T100000", *changed)
    found = read_events(event(*WEEKLY), later)
    assert [f"{one.slot.starts:%d %H}/{one.slot.ends:%H}" for one in found.events] == expected
    names = [one.recurrence for one in found.events]
    assert names == NAMES[: len(names)]


def test_from_a_date_on_twice_and_one_of_them_apart() -> None:
    series = event(*WHEN, "RRULE:FREQ=WEEKLY;COUNT=6")
    second = from_then_on("20260112T100000", at("20260112T110000"))
    fourth = from_then_on("20260126T100000", at("20260126T140000"))
    apart = change("20260202T100000", at("20260203T200000"))
    struck = change("20260119T100000", AT_TEN, "STATUS:CANCELLED")
    assert days(series, fourth, apart, second, struck) == [
        "01-05 09",
        "01-12 10",
        "01-26 13",
        "02-03 19",
        "02-09 13",
    ]


def test_a_date_of_a_series_that_is_not_there() -> None:
    found = read_events(change("20260112T100000", *WHEN, "SUMMARY:Los"))
    assert spans(found) == ["2026-01-05 09:00/10:00"]
    assert found.events[0].recurrence == "2026-01-12T09:00:00Z"


def test_what_lotus_notes_leaves_of_a_series() -> None:
    found = read_events(
        from_then_on("20260112T100000", at("20260112T100000"), "RDATE:20260112T090000Z,20260119T090000Z")
    )
    assert [one.recurrence for one in found.events] == NAMES[1:3]


def test_a_change_of_an_older_series_that_was_shortened() -> None:
    series = event(*WHEN, "RRULE:FREQ=WEEKLY;COUNT=2", "SEQUENCE:2")
    older = change("20260119T100000", at("20260120T100000"), "RRULE:FREQ=WEEKLY", "SEQUENCE:1")
    assert days(series, older) == ["01-05 09", "01-12 09"]
    newer = older.replace("SEQUENCE:1", "SEQUENCE:3")
    assert days(series, newer) == ["01-05 09", "01-12 09", "01-20 09"]


def test_what_cannot_be_read_of_a_date_is_not_at_its_old_time() -> None:
    found = read_events(event(*WEEKLY), change("20260112T100000", "SUMMARY:Weg", "DTSTART:ooit"))
    assert faults(found) == [(2, Reason.NO_START)]
    assert [f"{one.slot.starts:%d}" for one in found.events] == ["05", "19", "26"]
    # Of which date it is cannot be read either: the series itself is not harmed.
    found = read_events(event(*WEEKLY), change("ooit", *WHEN, "SEQUENCE:9"))
    assert faults(found) == [(2, Reason.NOT_READABLE)]
    assert len(found.events) == 4


def test_of_two_events_with_one_name_the_newest_counts() -> None:
    old = event("DTSTART:20260105T100000Z", "SEQUENCE:1", "DTSTAMP:20260101T000000Z")
    new = event("DTSTART:20260106T100000Z", "SEQUENCE:1", "DTSTAMP:20260102T000000Z")
    newest = event("DTSTART:20260107T100000Z", "SEQUENCE:2", "DTSTAMP:20250101T000000Z")
    assert days(new, old) == ["01-06 10"]
    assert days(newest, new, old) == ["01-07 10"]


def test_a_series_without_end_says_so_on_the_last_date_of_the_window() -> None:
    found = read_events(event(at("20271201T100000"), "DURATION:PT1H", "RRULE:FREQ=WEEKLY"))
    assert [one.remarks for one in found.events] == [frozenset()] * 4 + [{Remark.GOES_ON}]
    assert f"{found.events[-1].slot.starts:%Y-%m-%d}" == "2027-12-29"
    ends = read_events(event(at("20271201T100000"), "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=5"))
    assert len(ends.events) == 5
    assert not any(one.remarks for one in ends.events)


def test_a_series_without_a_date_in_the_window_is_left_out() -> None:
    found = read_events(
        event("DTSTART:20100104T100000Z", "RRULE:FREQ=WEEKLY;UNTIL=20110101T000000Z", uid="1"),
        event("DTSTART:20100104T100000Z", "RRULE:FREQ=WEEKLY;COUNT=9", uid="2"),
        event("DTSTART:20300104T100000Z", "RRULE:FREQ=WEEKLY", uid="3"),
        event(AT_TEN, "RRULE:FREQ=DAILY;COUNT=1", "EXDATE:20260105T090000Z", uid="4"),
    )
    assert (found.events, found.faults) == ([], [])
    assert found.left_out == {Skip.LONG_AGO: 2, Skip.FAR_AHEAD: 1, Skip.CANCELLED: 1}
    # What repeats has names for its dates, what only has an empty rule has none.
    assert [one.recurrence for one in read_events(event(*WHEN, "RRULE:")).events] == [""]
    # Long running: what came before the window is not counted.
    assert len(days(event("DTSTART:20100104T100000Z", "RRULE:FREQ=MONTHLY;COUNT=184"))) == 4


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("RRULE:FREQ=SECONDLY", Reason.REPEATS_TOO_OFTEN),
        ("RRULE:FREQ=MINUTELY;COUNT=3", Reason.REPEATS_TOO_OFTEN),
        ("RRULE:freq=hourly;INTERVAL=500", Reason.REPEATS_TOO_OFTEN),
        ("RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5,6;BYMINUTE=1,2,3,4,5", Reason.REPEATS_TOO_OFTEN),
        ("RRULE:FREQ=FORTNIGHTLY", Reason.STRANGE_REPEAT),
        ("RRULE:FREQ=", Reason.STRANGE_REPEAT),
        ("RRULE:COUNT=3", Reason.STRANGE_REPEAT),
        ("RRULE:FREQ=DAILY;INTERVAL=0", Reason.STRANGE_REPEAT),
        ("RRULE:FREQ=DAILY;INTERVAL=-1", Reason.STRANGE_REPEAT),
        ("RRULE:FREQ=DAILY;INTERVAL=1" + "0" * 30, Reason.STRANGE_REPEAT),
        ("RRULE:FREQ=DAILY;INTERVAL=1" + "0" * 9_000, Reason.STRANGE_REPEAT),
        ("RRULE:FREQ=DAILY;UNTIL=ooit", Reason.STRANGE_REPEAT),
        ("RRULE:FREQ=DAILY;UNTIL=PT1H", Reason.STRANGE_REPEAT),
        ("RRULE:FREQ=DAILY;UNTIL=20260101,20270101", Reason.STRANGE_REPEAT),
        ("RRULE:RSCALE=HEBREW;FREQ=YEARLY", Reason.STRANGE_REPEAT),
        ("RRULE:FREQ=YEARLY;BYMONTH=5L", Reason.STRANGE_REPEAT),
        ("EXRULE:FREQ=DAILY", Reason.STRANGE_REPEAT),
        ("\r\n".join(["RRULE:FREQ=DAILY"] * 11), Reason.STRANGE_REPEAT),
        ("RDATE:ooit", Reason.NOT_READABLE),
        ("EXDATE;TZID=Nergens:20260112T100000", Reason.UNKNOWN_ZONE),
    ],
)
def test_strange_repeats(rule: str, reason: Reason) -> None:
    found = read_events(event(*WHEN, rule, "SUMMARY:Vaak"), event(AT_TEN, uid="goed"))
    assert faults(found) == [(1, reason)]
    assert (found.faults[0].title, found.faults[0].starts) == ("Vaak", "2026-01-05 10:00")
    assert [one.uid for one in found.events] == ["goed"]


@pytest.mark.parametrize(("rule", "number"), [("COUNT=1000000000", 725), ("COUNT=-1", 725), ("COUNT=0", 1)])
def test_rules_that_say_more_than_they_mean(rule: str, number: int) -> None:
    assert len(days(event(AT_TEN, f"RRULE:FREQ=DAILY;{rule}"))) == number
