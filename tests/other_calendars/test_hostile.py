"""Files made to do harm, in the process that reads them. What it takes is measured in `tests/bench`."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from ontmoet.kernel.objections import Refused
from ontmoet.other_calendars import reading
from ontmoet.other_calendars.contents import read
from ontmoet.other_calendars.reading import read_calendar
from ontmoet.other_calendars.rules import LARGEST_FILE, Reason
from tests.other_calendars.samples_of_harm import FILLED, HARMFUL, NEVER, series
from tests.other_calendars.test_samples import SAMPLES
from tests.other_calendars.writing import WHEN, WINDOW, calendar, event, faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from ontmoet.other_calendars.rules import ReadCalendar, Window


def outcome(reader: Callable[[bytes, Window], ReadCalendar], raw: bytes) -> object:
    """The reason of a refusal, or how many dates were found and the first fault."""
    try:
        found = reader(raw, WINDOW)
    except Refused as refused:
        return Reason(refused.objections[0].reason)
    return len(found.events), faults(found)[:1]


def reason_of(raw: bytes) -> Reason:
    with pytest.raises(Refused) as refused:
        read_calendar(raw, WINDOW)
    (objection,) = refused.value.objections
    return Reason(objection.reason)


def test_the_other_process_tells_all() -> None:
    """With an event of each kind, a fault, and what is left out; and what is good beside what is bad."""
    for raw in (
        (SAMPLES / "google.ics").read_bytes(),
        calendar(event(*WHEN), event("DTSTART:ooit", uid="2")),
    ):
        assert read_calendar(raw, WINDOW) == read(raw, WINDOW)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"\r\n \0\n", Reason.EMPTY),
        (b"x" * (LARGEST_FILE + 1), Reason.TOO_LARGE),
        (b"PK\x03\x04" + b"BEGIN:VCALENDA", Reason.NOT_A_CALENDAR),
        (b"<!doctype html><title>Inloggen</title>", Reason.NOT_A_CALENDAR),
        (b"BEGIN:VCARD\r\nFN:Noor\r\nEND:VCARD\r\n", Reason.NOT_A_CALENDAR),
        (b"x" * 5_000 + b"BEGIN:VCALENDAR", Reason.NOT_A_CALENDAR),
    ],
)
def test_what_is_no_calendar_is_refused_before_it_is_read(
    raw: bytes, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(reading, "Popen")
    assert reason_of(raw) is reason


@pytest.mark.parametrize("name", HARMFUL)
def test_harm_is_refused_or_stays_with_the_event(name: str) -> None:
    make, expected = HARMFUL[name]
    assert outcome(read_calendar, make()) == expected


def test_one_series_of_more_dates_than_may_be_ends_where_the_number_is_reached() -> None:
    """Without a clock: which of the two bounds comes first depends on the machine."""
    hours = ",".join(map(str, range(24)))
    assert outcome(read, series(1, f"RRULE:FREQ=DAILY;BYHOUR={hours}")) is Reason.TOO_MANY


@pytest.mark.parametrize("name", FILLED)
def test_a_file_filled_with_anything(name: str) -> None:
    make, expected = FILLED[name]
    assert outcome(read, make(400_000)) == expected


def test_what_never_comes_is_broken_off_and_the_third_ends_it() -> None:
    bad = [event(*WHEN, rule, "SUMMARY:Nooit", uid=str(number)) for number, rule in enumerate(NEVER)]
    good = event(*WHEN, uid="goed")
    found = read_calendar(calendar(*bad[:2], good), WINDOW)
    assert faults(found) == [(1, Reason.STRANGE_REPEAT), (2, Reason.STRANGE_REPEAT)]
    assert found.faults[0].title == "Nooit"
    assert [one.uid for one in found.events] == ["goed"]
    assert reason_of(calendar(*bad, good)) is Reason.TAKES_TOO_LONG


def test_the_other_process_has_no_more_memory_than_it_may() -> None:
    code = "from ontmoet.other_calendars import child; child.read = lambda *_: bytearray({}); child.main()"
    for size, told in ((200_000_000, '["refused", "takes_too_long"]\n'), (50_000_000, "")):
        done = subprocess.run(  # noqa: S603 - our own
            [sys.executable, "-c", code.format(size), "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == told
        # With room enough it gets to where it finds that these are no events.
        assert ("has no attribute 'events'" in done.stderr) == (told == "")


def test_a_process_that_never_answers_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = calendar(event(*WHEN))
    script = "import sys; sys.stdin.read(); {}"

    def instead(code: str) -> None:
        command = [sys.executable, "-c", script.format(code)]
        popen = subprocess.Popen
        monkeypatch.setattr(reading, "Popen", lambda _, **options: popen(command, **options))

    instead("import signal; signal.pause()")
    monkeypatch.setattr(reading, "LONGEST_WAIT", 0.1)
    assert reason_of(raw) is Reason.TAKES_TOO_LONG
    # It dies by itself, by the system, says nonsense, or goes on for ever.
    monkeypatch.undo()
    for code, reason in {
        "sys.exit(1)": Reason.NOT_READABLE,
        "import os; os.abort()": Reason.TAKES_TOO_LONG,
        "print('[]')": Reason.NOT_READABLE,
        "print('[\"event\", 1]')": Reason.NOT_READABLE,
        'print(\'["fault", 1, "nonsense", "", ""]\')': Reason.NOT_READABLE,
    }.items():
        instead(code)
        assert reason_of(raw) is reason, code
    instead("[print('x' * 1_000_000) for _ in iter(int, 1)]")
    monkeypatch.setattr(reading, "_LARGEST_ANSWER", 3_000_000)
    assert reason_of(raw) is Reason.TAKES_TOO_LONG


def test_it_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings, and none of the web or the database is there to be reached."""
    monkeypatch.setenv("SECRET_KEY", "geheim")
    seen = {}
    popen = subprocess.Popen

    def spy(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        seen.update(options)
        return popen(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(reading, "Popen", spy)
    read_calendar(calendar(event(*WHEN)), WINDOW)
    assert set(seen["env"]) == {"PYTHONPATH", "LC_ALL"}
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, ontmoet.other_calendars.child; print(*sys.modules)"],
        env=seen["env"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "recurring_ical_events" in loaded
    assert not {"flask", "sqlalchemy", "werkzeug", "ontmoet.db", "ontmoet.web"} & set(loaded)


LINES = some.sampled_from(
    [
        *("BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VALARM"),
        *("BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:STANDARD", "TZID:X", "METHOD:CANCEL", "X-WR-TIMEZONE:X"),
        *("UID:a", "UID:b", "DTSTART;TZID=X:20260105T100000", "DTSTART;VALUE=DATE:20260105", "DTSTART:"),
        *("DTEND:20260105T110000Z", "DURATION:PT1H", "DURATION:-P1D", "RRULE:FREQ=WEEKLY;COUNT=3", "RRULE:"),
        *("RECURRENCE-ID:20260112T100000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260105", "EXDATE:20260105"),
        *("RDATE;VALUE=PERIOD:20260105T100000Z/PT1H", "SUMMARY;X=\"a\":b", "STATUS:CANCELLED", "SEQUENCE:x"),
        *("DTSTART:99991231T235959Z", "DTSTART:00010101T000000", "RECURRENCE-ID:00010101"),
        *("RRULE:FREQ=YEARLY;UNTIL=00010101", " x"),
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    some.one_of(some.binary(max_size=300), some.lists(LINES, max_size=25).map("\r\n".join).map(str.encode))
)
def test_anything_is_read_or_refused(raw: bytes) -> None:
    """In this process: what it raises would end the other one."""
    assert outcome(read, b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + raw)


def test_noise_is_read_or_refused() -> None:
    assert outcome(read_calendar, b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + os.urandom(LARGEST_FILE - 50))
