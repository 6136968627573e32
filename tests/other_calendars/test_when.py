"""When an event is: begin and end, days, zones, and both changes of the clock."""

from __future__ import annotations

import pytest

from ontmoet.other_calendars.rules import Reason, Remark, Skip
from tests.other_calendars.writing import AMSTERDAM, AT_TEN, event, faults, read_events, spans

CUSTOM = "\r\n".join(
    [
        *("BEGIN:VTIMEZONE", "TZID:{name}"),
        *("BEGIN:STANDARD", "DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"),
        *("{rule}", "END:STANDARD"),
        *("BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"),
        *("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT"),
        *("END:VTIMEZONE", ""),
    ]
)
IN_AUTUMN = "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"


@pytest.mark.parametrize(
    ("lines", "expected", "remarks"),
    [
        (["DTSTART:20260105T100000Z", "DTEND:20260105T113000Z"], "2026-01-05 10:00/11:30", set()),
        ([AT_TEN, "DURATION:PT90M"], "2026-01-05 09:00/10:30", set()),
        ([AT_TEN], "2026-01-05 09:00/10:00", {Remark.NO_END}),
        # The end counts where the duration says otherwise.
        ([AT_TEN, f"DTEND;{AMSTERDAM}:20260105T110000", "DURATION:PT5H"], "2026-01-05 09:00/10:00", set()),
        # An end in another zone.
        ([AT_TEN, "DTEND;TZID=Europe/London:20260105T110000"], "2026-01-05 09:00/11:00", set()),
        ([AT_TEN, "DTEND:20260105T110000Z"], "2026-01-05 09:00/11:00", set()),
        # A day of summer, the short day of March, the long day of October, two days.
        (
            ["DTSTART;VALUE=DATE:20260701"],
            "2026-06-30 22:00/2026-07-01 22:00",
            {Remark.ALL_DAY},
        ),
        (["DTSTART;VALUE=DATE:20260329"], "2026-03-28 23:00/2026-03-29 22:00", {Remark.ALL_DAY}),
        (["DTSTART;VALUE=DATE:20261025"], "2026-10-24 22:00/2026-10-25 23:00", {Remark.ALL_DAY}),
        (
            ["DTSTART;VALUE=DATE:20261024", "DTEND;VALUE=DATE:20261026"],
            "2026-10-23 22:00/2026-10-25 23:00",
            {Remark.ALL_DAY},
        ),
        # The day itself as its end.
        (["DTSTART:20260105", "DTEND:20260105"], "2026-01-04 23:00/2026-01-05 23:00", {Remark.ALL_DAY}),
        (["DTSTART:20260105", "DURATION:P1D"], "2026-01-04 23:00/2026-01-05 23:00", {Remark.ALL_DAY}),
        # A time of its own.
        (["DTSTART:20260701T100000", "DTEND:20260701T110000"], "2026-07-01 08:00/09:00", {Remark.FLOATING}),
        # Of the hour that comes twice the first; a night of both changes.
        ([f"DTSTART;{AMSTERDAM}:20261025T023000"], "2026-10-25 00:30/01:30", {Remark.NO_END}),
        (
            [f"DTSTART;{AMSTERDAM}:20260328T220000", f"DTEND;{AMSTERDAM}:20260329T060000"],
            "2026-03-28 21:00/2026-03-29 04:00",
            set(),
        ),
        (
            [f"DTSTART;{AMSTERDAM}:20260328T220000", "DURATION:PT8H"],
            "2026-03-28 21:00/2026-03-29 05:00",
            set(),
        ),
        (
            ["dtstart;tzid=Europe/Amsterdam:20260105T100000", "dtend:20260105t100000z"],
            "2026-01-05 09:00/10:00",
            set(),
        ),
    ],
)
def test_begin_and_end(lines: list[str], expected: str, remarks: set[Remark]) -> None:
    found = read_events(event(*lines))
    assert faults(found) == []
    assert spans(found) == [expected]
    assert found.events[0].remarks == remarks
    assert found.events[0].recurrence == ""


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], Reason.NO_START),
        (["DTSTART:morgen"], Reason.NO_START),
        (["DTSTART:20260230T100000Z"], Reason.NO_START),
        (["DTSTART:PT1H"], Reason.NO_START),
        ([AT_TEN, "DTEND:morgen"], Reason.NOT_READABLE),
        ([AT_TEN, f"DTEND;{AMSTERDAM}:20260105T100000"], Reason.ENDS_BEFORE_START),
        ([AT_TEN, f"DTEND;{AMSTERDAM}:20260104T110000"], Reason.ENDS_BEFORE_START),
        ([AT_TEN, "DURATION:-PT1H"], Reason.ENDS_BEFORE_START),
        (["DTSTART;VALUE=DATE:20260105", "DTEND;VALUE=DATE:20260104"], Reason.ENDS_BEFORE_START),
        (["DTSTART;VALUE=DATE:20260105", "DTEND;VALUE=DATE:20260108"], Reason.TOO_LONG),
        ([AT_TEN, "DURATION:P3D"], Reason.TOO_LONG),
        ([AT_TEN, "DURATION:P9999999D"], Reason.NOT_READABLE),
        (["DTSTART;TZID=Verzonnen zone:20260105T100000"], Reason.UNKNOWN_ZONE),
        (["DTSTART;TZID=Europe:20260105T100000"], Reason.UNKNOWN_ZONE),
        (["DTSTART;TZID=../../etc/passwd:20260105T100000"], Reason.UNKNOWN_ZONE),
        (["DTSTART;TZID=localtime:20260105T100000"], Reason.UNKNOWN_ZONE),
        ([f"DTSTART;TZID={'x' * 5000}:20260105T100000"], Reason.UNKNOWN_ZONE),
        ([f"DTSTART;{AMSTERDAM}:20260329T023000"], Reason.NO_SUCH_TIME),
    ],
)
def test_what_cannot_be(lines: list[str], reason: Reason) -> None:
    good = event(AT_TEN, uid="goed@example.org")
    found = read_events(event("SUMMARY:Feest", *lines), good)
    assert faults(found) == [(1, reason)]
    assert found.faults[0].title == "Feest"
    assert [one.number for one in found.events] == [2]


def test_a_fault_says_when_it_would_be_as_far_as_that_is_known() -> None:
    found = read_events(
        event(AT_TEN, "DURATION:-PT1H", uid="1"),
        event("DTSTART;VALUE=DATE:20260105", "DURATION:P9D", uid="2"),
        event("DTSTART:ooit", uid="3"),
        event(uid="4"),
        # On the clock of the rooms.
        event("DTSTART:20260105T230000Z", "DURATION:P9D", uid="5"),
    )
    assert [fault.starts for fault in found.faults] == [
        *("2026-01-05 10:00", "2026-01-05", "ooit", "", "2026-01-06 00:00"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Europe/Amsterdam",
        "/freeassociation.sourceforge.net/Europe/Amsterdam",
        "/mozilla.org/20050126_1/Europe/Amsterdam",
        "/softwarestudio.org/Olson_20011030_5/Europe/Amsterdam",
        "W. Europe Standard Time",
        "Romance Standard Time",
        '"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"',
        '"(GMT+01.00) Brussel / Kopenhagen / Madrid / Parijs"',
        "W. Europe",
        '"Western/Central Europe"',
        "CET",
    ],
)
def test_a_zone_has_many_names(name: str) -> None:
    found = read_events(
        event(f"DTSTART;TZID={name}:20260701T100000", uid="1"),
        event(f"DTSTART;TZID={name}:20260105T100000", uid="2"),
    )
    assert spans(found) == ["2026-07-01 08:00/09:00", "2026-01-05 09:00/10:00"]


@pytest.mark.parametrize(
    ("name", "starts"),
    [
        ("America/Argentina/Buenos_Aires", "13:00"),
        ("/citadel.org/20190701_1/America/Argentina/Buenos_Aires", "13:00"),
        ("Turkey Standard Time", "07:00"),
        ("UTC", "10:00"),
        ("/vendor/UTC", "10:00"),
        ('"(UTC+00:00) Dublin, Edinburgh, Lissabon, Londen"', "10:00"),
        ("Etc/GMT-2", "08:00"),
    ],
)
def test_a_zone_elsewhere(name: str, starts: str) -> None:
    found = read_events(event(f"DTSTART;TZID={name}:20260105T100000"))
    assert [f"{one.slot.starts:%H:%M}" for one in found.events] == [starts]


@pytest.mark.parametrize("rule", [IN_AUTUMN, f"{IN_AUTUMN};BYHOUR=3;BYMINUTE=0", f"{IN_AUTUMN};WKST=MO"])
def test_a_zone_that_the_file_describes(rule: str) -> None:
    found = read_events(
        # After the event that needs it: files do that.
        event("DTSTART;TZID=Onze klok:20260329T013000", uid="1"),
        event("DTSTART;TZID=Onze klok:20260329T100000", "RRULE:FREQ=MONTHLY;COUNT=2;BYMONTH=3,11", uid="2"),
        event("DTSTART;TZID=Onze klok:20260329T023000", uid="3"),
        event("DTSTART;TZID=Onze klok:20261025T023000", uid="4"),
        CUSTOM.format(name="Onze klok", rule=rule),
    )
    assert spans(found) == [
        "2026-03-29 00:30/01:30",
        "2026-03-29 08:00/09:00",
        "2026-11-29 09:00/10:00",
        "2026-10-25 00:30/01:30",
    ]
    assert faults(found) == [(3, Reason.NO_SUCH_TIME)]


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:FREQ=SECONDLY",
        "RRULE:FREQ=YEARLY",
        "RRULE:FREQ=YEARLY;BYMONTH=1,2,3,4,5,6;BYDAY=MO,TU,WE",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYHOUR=1,2,3",
        "\r\n".join(["RRULE:FREQ=YEARLY;BYMONTH=10"] * 2),
        "RDATE:" + ",".join(["20260101T000000"] * 300),
        "RDATE:" + ",".join(["20260101T000000"] * 30_000),
        "\r\n".join(["END:STANDARD\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000"] * 100),
        "TZOFFSETTO:nergens",
    ],
)
def test_a_zone_that_is_a_bomb_is_not_known(rule: str) -> None:
    zone = CUSTOM.format(name="Bom", rule=rule)
    assert faults(read_events(zone, event("DTSTART;TZID=Bom:20260105T100000"))) == [(1, Reason.UNKNOWN_ZONE)]


def test_the_zone_of_the_calendar_is_for_times_without_one() -> None:
    floating = event("DTSTART:20260105T100000", uid="1"), event("DTSTART;VALUE=DATE:20260105", uid="2")
    found = read_events(*floating, head="X-WR-TIMEZONE:Europe/London\r\n")
    assert spans(found) == ["2026-01-05 10:00/11:00", "2026-01-04 23:00/2026-01-05 23:00"]
    assert found.events[0].remarks == {Remark.NO_END}
    unknown = read_events(*floating, head="X-WR-TIMEZONE:Nergens\r\n")
    assert unknown.events[0].remarks == {Remark.NO_END, Remark.FLOATING}


def test_what_is_outside_the_window_is_counted() -> None:
    found = read_events(
        event("DTSTART:20241231T235959Z", uid="1"),
        event("DTSTART:20250101T000000Z", uid="2"),
        event("DTSTART:20271230T235959Z", uid="3"),
        event("DTSTART:20271231T000000Z", uid="4"),
        event("DTSTART:00010101T000000Z", uid="5"),
        event("DTSTART:99991231T235959Z", uid="6"),
        # What is wrong with something of long ago is nobody's concern.
        event("DTSTART:20110101T000000Z", "DTEND:20090101T000000Z", uid="7"),
    )
    assert [one.number for one in found.events] == [2, 3]
    assert faults(found) == []
    assert found.left_out == {Skip.LONG_AGO: 3, Skip.FAR_AHEAD: 2}
