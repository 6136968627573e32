"""The frame of a file: line ends, folds, encodings, and what stands in what."""

from __future__ import annotations

import pytest

from ontmoet.kernel.objections import Refused
from ontmoet.other_calendars import text
from ontmoet.other_calendars.contents import read
from ontmoet.other_calendars.rules import Reason, Skip
from tests.other_calendars.writing import AT_TEN, WHEN, WINDOW, calendar, event, faults, read_events

CAFE = calendar(event(*WHEN, "SUMMARY:Café in ’t Hoekje ☕"))


def titles(raw: bytes) -> list[str]:
    found = read(raw, WINDOW)
    assert found.faults == []
    return [one.title for one in found.events]


@pytest.mark.parametrize(
    "raw",
    [
        CAFE,
        b"\xef\xbb\xbf" + CAFE,
        CAFE.decode().encode("utf-16"),
        CAFE.decode().encode("utf-16-le"),
        CAFE.decode().encode("utf-16-be"),
        CAFE.replace(b"\r\n", b"\n"),
        CAFE.replace(b"\r\n", b"\r"),
        CAFE.replace(b"\r\n", b"\r\r\n"),
        CAFE.replace(b"\r\n", b"\r\n\r\n"),
        CAFE.replace(b"in", b"i\r\n n"),
        CAFE.replace(b"in", b"i\n\tn"),
        CAFE.replace(b"\xc3\xa9", b"\xc3\r\n \xa9"),
        CAFE.replace(b"in", b"i\0n"),
        CAFE.replace(b"Caf", b"C\x07a\x01f"),
        CAFE.replace(b"SUMMARY", b"summary;Language=nl"),
        CAFE.replace(b"VEVENT", b"Vevent").replace(b"BEGIN", b"begin"),
        CAFE.replace(b"END:VEVENT\r\n", b""),
        CAFE.replace(b"END:VCALENDAR\r\n", b""),
        CAFE.replace("Café".encode(), b"Cafe\xcc\x81"),
        CAFE.replace(b"Caf", b"  Caf"),
    ],
)  # fmt: skip
def test_however_it_is_written(raw: bytes) -> None:
    assert titles(raw) == ["Café in ’t Hoekje ☕"]


def test_what_windows_wrote_before() -> None:
    raw = CAFE.decode().replace(" ☕", "").encode("cp1252")
    assert titles(raw) == ["Café in ’t Hoekje"]
    # Each line by itself: a file put together from two programs.
    both = raw.replace(b"BEGIN:VEVENT", event(*WHEN, "SUMMARY:Één", uid="2").encode() + b"BEGIN:VEVENT")
    assert titles(both) == ["Één", "Café in ’t Hoekje"]


def test_several_calendars_in_one_file_are_one() -> None:
    first = calendar(event(*WHEN, uid="1"), head="X-WR-TIMEZONE:Europe/London\r\n")
    second = calendar(event("DTSTART:20260105T100000", uid="2"), head="METHOD:CANCEL\r\n")
    third = calendar(event("DTSTART:20260105T100000", uid="3"), head="X-WR-TIMEZONE:Asia/Tokyo\r\n")
    found = read(first + b"\xef\xbb\xbf" + second + third, WINDOW)
    assert [(one.number, one.uid, one.slot.starts.hour) for one in found.events] == [(1, "1", 9), (3, "3", 1)]
    assert found.left_out == {Skip.CANCELLED: 1}


def test_what_is_in_an_event_is_not_of_the_event() -> None:
    alarm = "BEGIN:VALARM\r\nSUMMARY:Wekker\r\nDTSTART:20300101T000000Z\r\n{}END:VALARM"
    inner = "BEGIN:VALARM\r\nEND:X-IETS\r\nUID:anders\r\n"
    found = read_events(event(alarm.format(""), *WHEN, alarm.format(inner), "SUMMARY:Echt", alarm.format("")))
    assert [(one.uid, one.title) for one in found.events] == [("een@example.org", "Echt")]
    # One that has no END is over when the event is.
    found = read_events(event(*WHEN, "SUMMARY:Echt", "BEGIN:VALARM", "SUMMARY:Wekker"), event(*WHEN, uid="2"))
    assert [one.title for one in found.events] == ["Echt", ""]


def test_other_components_are_passed_over() -> None:
    task = "BEGIN:VTODO\r\nUID:t\r\nDTSTART:20260105T100000Z\r\nSUMMARY:Taak\r\nEND:VTODO\r\n"
    found = read_events(task, event(*WHEN), task, "BEGIN:X-ONS\r\nX-WR-TIMEZONE:Nergens\r\nEND:X-ONS\r\n")
    assert [one.number for one in found.events] == [1]
    with pytest.raises(Refused) as refused:
        read_events(task)
    assert [objection.reason for objection in refused.value.objections] == [Reason.EMPTY]


def test_a_file_that_was_broken_off() -> None:
    whole = calendar(
        event(*WHEN, uid="1"), event(*WHEN, "RRULE:FREQ=WEEKLY;COUNT=2", "SUMMARY:Half", uid="2")
    )
    for end in (b"RRULE", b"COUNT", b"END:VEVENT\r\nEND:VCAL"):
        found = read(whole[: whole.rindex(end)], WINDOW)
        assert [one.uid for one in found.events] == ["1"]
        assert faults(found) == [(2, Reason.NOT_READABLE)]


def test_one_bad_event_does_not_spoil_the_others() -> None:
    good = event(*WHEN, uid="goed")
    long = event(*WHEN, f"SUMMARY:{'x' * 1_000_000}", uid="lang")
    many = event(*WHEN, *["EXDATE:20260105T090000Z"] * (text.MOST_LINES + 1), uid="veel")
    alarms = event(*WHEN, *["BEGIN:VALARM\r\nEND:VALARM\r\nX-A:b"] * 2_000, uid="wekkers")
    broken = event(*WHEN, 'RRULE;X="a:FREQ=DAILY', uid="stuk")
    found = read_events(long, good, many, alarms, broken)
    assert [one.uid for one in found.events] == ["goed"]
    assert faults(found) == [
        (1, Reason.NOT_READABLE),
        (3, Reason.STRANGE_REPEAT),
        (4, Reason.NOT_READABLE),
        (5, Reason.NOT_READABLE),
    ]
    # What is not read may be as long as it likes: a picture, say.
    found = read_events(event(*WHEN, f"ATTACH;ENCODING=BASE64:{'x' * 1_000_000}"))
    assert len(found.events) == 1


def test_more_events_than_a_calendar_has() -> None:
    with pytest.raises(Refused) as refused:
        read(b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * (text.MOST_BLOCKS + 1), WINDOW)
    assert [objection.reason for objection in refused.value.objections] == [Reason.TOO_MANY]


@pytest.mark.parametrize(
    ("summary", "title"),
    [
        (r"Koor\, en \;meer\nop een regel", "Koor, en ;meer op een regel"),
        (r"C:\\map", r"C:\map"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a\u202eb\u2066c", "abc"),
        ("  veel   wit  ", "veel wit"),
        ("", ""),
        ("woord " * 14 + "slot", "woord " * 12 + "woord…"),
        ("x" * 200, "x" * 79 + "…"),
        ("x" * 80, "x" * 80),
        ("\U0001f600" * 90, "\U0001f600" * 79 + "…"),
    ],
)  # fmt: skip
def test_a_title_is_one_short_line(summary: str, title: str) -> None:
    assert titles(calendar(event(*WHEN, f"SUMMARY:{summary}"))) == [title]


def test_what_is_private_has_no_title() -> None:
    for said in ("PRIVATE", "confidential"):
        found = read_events(
            event(AT_TEN, f"CLASS:{said}", "SUMMARY:Geheim"), event(f"CLASS:{said}", "SUMMARY:Ook", uid="2")
        )
        assert [one.title for one in found.events] == [""]
        assert [(fault.reason, fault.title) for fault in found.faults] == [(Reason.NO_START, "")]


def test_what_takes_no_time_is_left_out() -> None:
    found = read_events(
        event(*WHEN, "STATUS:CANCELLED", "RRULE:FREQ=WEEKLY;COUNT=3", uid="1"),
        event(*WHEN, "TRANSP:TRANSPARENT", uid="2"),
        event(*WHEN, "TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", uid="3"),
    )
    assert (found.events, found.faults) == ([], [])
    assert found.left_out == {Skip.CANCELLED: 3, Skip.FREE: 2}
    # What says no more than that a date is cancelled, and what would be a fault.
    cancelled = event("RECURRENCE-ID:20260112T090000Z", "STATUS:CANCELLED")
    bad = event("TRANSP:TRANSPARENT", "DTSTART:ooit", uid="2")
    found = read_events(event(*WHEN, "RRULE:FREQ=WEEKLY;COUNT=3"), cancelled, bad)
    assert (len(found.events), found.faults) == (2, [])
    assert found.left_out == {Skip.CANCELLED: 1, Skip.FREE: 1}
    # Of a series that was cancelled the dates that were moved are cancelled too.
    moved = event("RECURRENCE-ID:20260112T090000Z", "DTSTART:20260113T090000Z")
    series = event(*WHEN, "STATUS:CANCELLED", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert read_events(series, moved).left_out == {Skip.CANCELLED: 3}


def test_an_event_without_a_name_gets_the_same_one_each_time() -> None:
    nameless = event(*WHEN, "SUMMARY:Feest", uid="")
    first, second = read_events(nameless), read_events(event(*WHEN, uid="1"), nameless, event(AT_TEN, uid=""))
    assert first.events[0].uid
    assert [one.uid for one in second.events].count(first.events[0].uid) == 1
    assert len({one.uid for one in second.events}) == 3
    # A name that is no name, or too long to keep.
    found = read_events(event(*WHEN, uid="x" * 300), event(*WHEN, uid="x" * 301), event(*WHEN, uid="y" * 255))
    assert [len(one.uid) for one in found.events] == [64, 64, 255]
    assert len({one.uid for one in found.events}) == 3
