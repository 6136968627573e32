"""What a newer file of a calendar has no more is pointed at, and called off when somebody says so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text, update

from ontmoet.bookings.models import Booking
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.other_calendars.actions import judge, store
from ontmoet.other_calendars.contents import read
from ontmoet.other_calendars.rules import Reason, State, Stays
from ontmoet.rooms.models import Room
from tests import builders as make
from tests.arranging.test_merging import do, seen_by
from tests.builders import at
from tests.other_calendars.test_taking_over import states, take_over, target
from tests.other_calendars.writing import AMSTERDAM, WINDOW, calendar, event, read_events
from tests.watching import rows, statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from ontmoet.other_calendars.actions import Report
    from ontmoet.other_calendars.rules import ReadCalendar
    from tests.cast import Neighbourhood

# The clock stands at Tuesday 24 November 2026, 14:05.
WHEN = (f"DTSTART;{AMSTERDAM}:20261111T100000", f"DTEND;{AMSTERDAM}:20261111T120000")
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=5"
"""Wednesdays 11, 18 and 25 November, 2 and 9 December."""
SECOND = "2026-12-02T09:00:00Z"
OFF = "STATUS:CANCELLED"


def coffee(*lines: str) -> str:
    return event(*WHEN, "SUMMARY:Koffie", *lines, uid="koffie")


def one_date(day: str, *lines: str, to: str = "", hour: int = 10) -> str:
    """What is said of the date of that day alone; without more it is at its own time."""
    starts, ends = (f"{AMSTERDAM}:{to or day}T{each}0000" for each in (hour, hour + 2))
    name = f"RECURRENCE-ID;{AMSTERDAM}:{day}T100000"
    return event(name, f"DTSTART;{starts}", f"DTEND;{ends}", "SUMMARY:Koffie", *lines, uid="koffie")


BOARD = event(
    f"DTSTART;{AMSTERDAM}:20261126T193000", f"DTEND;{AMSTERDAM}:20261126T213000", "SUMMARY:B", uid="bestuur"
)
BOARD_OFF = BOARD.replace("SUMMARY:B", f"SUMMARY:B\r\n{OFF}")
BROKEN_DATE = one_date("20261202").replace("T120000", "T090000")
ALL = coffee(WEEKLY)
FROM_DECEMBER_ON = event(
    f"DTSTART;{AMSTERDAM}:20261202T100000",
    f"DTEND;{AMSTERDAM}:20261202T120000",
    "RRULE:FREQ=WEEKLY;COUNT=2",
    "SUMMARY:Koffie",
    uid="koffie_R20261202T090000",
)


@pytest.mark.parametrize(
    ("parts", "whole", "struck"),
    [
        # All that it has stands among the events; what does not repeat is somewhere.
        ((ALL, BOARD), {"koffie": [], "bestuur": [""]}, {}),
        ((coffee(WEEKLY, OFF),), {"koffie": []}, {}),
        # A date of its own hour, of no time, of another year; and one that does not go on.
        ((ALL, one_date("20261202", hour=14)), {"koffie": [SECOND]}, {}),
        ((ALL, one_date("20261202", "TRANSP:TRANSPARENT")), {"koffie": [SECOND]}, {}),
        ((ALL, one_date("20261202", to="20561202")), {"koffie": [SECOND]}, {}),
        ((ALL, one_date("20261202", OFF)), {"koffie": []}, {"koffie": [SECOND]}),
        # Not all of it: one date alone, one that cannot be read, a rule that cannot.
        ((one_date("20261202", OFF),), {}, {"koffie": [SECOND]}),
        ((one_date("20261202"),), {}, {}),
        ((ALL, BROKEN_DATE, BOARD), {"bestuur": [""]}, {}),
        ((coffee("RRULE:FREQ=HOURLY"), BOARD), {"bestuur": [""]}, {}),
        ((coffee("RRULE:FREQ=FORTNIGHTLY"), one_date("20261202", OFF)), {}, {"koffie": [SECOND]}),
        # It is there twice, holds no time, or is shifted from a date on.
        ((ALL, coffee("RRULE:FREQ=DAILY;COUNT=2")), {}, {}),
        ((ALL, coffee(WEEKLY, OFF)), {}, {}),
        ((coffee(WEEKLY, "TRANSP:TRANSPARENT"),), {}, {}),
        ((ALL, one_date("20261202", hour=12).replace("-ID;", "-ID;RANGE=THISANDFUTURE;")), {}, {}),
        # Whose name is lost may be a date of any of them; not so what goes without a name.
        ((ALL, event(*WHEN, f"RECURRENCE-ID:{'9' * 9_000}", uid="koffie")), {}, {}),
    ],
)
def test_what_a_file_says_of_events_as_a_whole(
    parts: tuple[str, ...], whole: dict[str, list[str]], struck: dict[str, list[str]]
) -> None:
    found = read_events(*parts)
    assert (found.whole, found.struck) == (whole, struck)


def test_file_that_is_broken_off_calls_off_nothing() -> None:
    broken = coffee(OFF)[: -len("END:VEVENT\r\n")]
    found = read(calendar(ALL, BOARD).removesuffix(b"END:VCALENDAR\r\n") + broken.encode(), WINDOW)
    assert (found.whole, found.struck, len(found.faults)) == ({"bestuur": [""]}, {}, 1)


@pytest.fixture
def linde(hood: Neighbourhood) -> Neighbourhood:
    """Coffee and the board were taken over; it is the 24th, so three coffees are still to come."""
    with hood.app.app_context():
        take_over(read_events(ALL, BOARD), target())
    return hood


def judged(hood: Neighbourhood, read: ReadCalendar) -> Report:
    with hood.app.app_context():
        return judge(read, target(), now=clock.now())


def gone(hood: Neighbourhood, *parts: str, head: str = "") -> list[str]:
    """The days that are pointed at."""
    report = judged(hood, read_events(*parts, head=head))
    return [f"{one.slot.starts:%m-%d}" for one in report.gone]


def call_off(hood: Neighbourhood, *parts: str) -> None:
    read = read_events(*parts)
    with hood.app.app_context():
        seal = judge(read, target(), now=clock.now()).seal
        with unit_of_work():
            store(read, target(), seal, calls_off=True, actor_id=hood.people["sanne"], now=clock.now())


def booked(hood: Neighbourhood) -> list[tuple[str, str]]:
    booking = Booking.__table__
    which = select(booking.c.starts_at, booking.c.status).order_by(booking.c.starts_at, booking.c.id)
    with hood.app.app_context():
        return [(f"{row.starts_at:%m-%d}", row.status) for row in execute(which)]


def test_each_way_in_which_a_calendar_calls_off(linde: Neighbourhood) -> None:
    coming = ["11-25", "12-02", "12-09"]
    for parts, days in (
        ((coffee(WEEKLY, OFF), BOARD), coming),
        ((coffee(WEEKLY, f"EXDATE;{AMSTERDAM}:20261125T100000,20261209T100000"), BOARD), ["11-25", "12-09"]),
        ((coffee("RRULE:FREQ=WEEKLY;COUNT=4"), BOARD), ["12-09"]),
        ((coffee("RRULE:FREQ=WEEKLY;UNTIL=20261130"), BOARD), ["12-02", "12-09"]),
        ((coffee("RRULE:FREQ=WEEKLY;UNTIL=20261112"), BOARD), coming),
        ((coffee(), BOARD), coming),
        ((ALL, one_date("20261202", OFF), BOARD), ["12-02"]),
        ((ALL, BOARD_OFF), ["11-26"]),
        # A date that was called off came alone, by mail.
        ((one_date("20261202", OFF),), ["12-02"]),
        # The whole series is at another hour: those dates are others.
        ((ALL.replace("T100000", "T130000").replace("T120000", "T150000"), BOARD), coming),
    ):
        assert gone(linde, *parts) == days, parts
    assert gone(linde, ALL, BOARD, head="METHOD:CANCEL\r\n") == ["11-25", "11-26", "12-02", "12-09"]
    off_without_times = event(OFF, uid="koffie")
    assert gone(linde, off_without_times) == coming


def test_nothing_is_said_of_what_the_file_has_or_does_not_know(linde: Neighbourhood) -> None:
    for parts in (
        (ALL, BOARD),
        # Another calendar of the same room, or a piece of this one.
        (BOARD,),
        (one_date("20261202"),),
        (ALL, one_date("20261202", hour=14)),
        (ALL, one_date("20261202", "TRANSP:TRANSPARENT")),
        (ALL, one_date("20261202", to="20561202")),
        (ALL, BOARD.replace("20261126T", "20561126T")),
        (coffee("RRULE:FREQ=WEEKLY;COUNT=2"), BROKEN_DATE),
        (coffee("RRULE:FREQ=HOURLY"),),
        (coffee(WEEKLY, "TRANSP:TRANSPARENT"),),
        # What goes on has another name from a date on, as some programs do.
        (coffee("RRULE:FREQ=WEEKLY;UNTIL=20261130"), FROM_DECEMBER_ON),
        # One date is where another was, that was struck.
        (coffee(WEEKLY, f"EXDATE;{AMSTERDAM}:20261209T100000"), one_date("20261202", to="20261209")),
    ):
        assert gone(linde, *parts) == [], parts
    assert gone(linde, coffee(), head="METHOD:REPLY\r\n") == [], "somebody says that they come"


def test_an_event_that_begins_to_repeat_is_the_same_at_the_same_time(linde: Neighbourhood) -> None:
    repeats = BOARD.replace("SUMMARY:B", "RRULE:FREQ=WEEKLY;COUNT=2\r\nSUMMARY:B")
    report = judged(linde, read_events(repeats))
    assert [one.state for one in report.dates] == [State.ALREADY, State.NEW]
    assert report.gone == []


def test_of_a_night_that_ends_earlier_the_second_day_is_gone(hood: Neighbourhood) -> None:
    night = BOARD.replace("20261126T213000", "20261127T010000")
    with hood.app.app_context():
        take_over(read_events(night), target())
    assert gone(hood, BOARD) == ["11-26"], "midnight here is the 26th in UTC"
    [left] = judged(hood, read_events(BOARD)).gone
    assert f"{left.slot.ends:%m-%d %H:%M}" == "11-27 00:00"
    assert gone(hood, night.replace("20261126T", "20561126T").replace("20261127T", "20561127T")) == []
    assert gone(hood, BOARD.replace("20261126T", "20261203T")) == [], "a week later, and shorter"


def test_called_off_here_too_and_who_waits_has_it(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        take_over(read_events(ALL, BOARD), target())
    wish = hood.book("noor", "2026-12-02 10:00", "2026-12-02 12:00", or_wait=True)
    shorter = (coffee("RRULE:FREQ=WEEKLY;COUNT=3"), BOARD)
    with hood.app.app_context():
        take_over(read_events(*shorter), target())
    assert ("12-09", "confirmed") in booked(hood), "nobody said so"
    call_off(hood, *shorter)
    assert [one for one in booked(hood) if one[0] > "11-26"] == [
        ("12-02", "cancelled"),
        ("12-02", "offered"),
        ("12-09", "cancelled"),
    ]
    told = rows(hood.app, "select booking.public_id from message join booking on booking.id = object_id")
    assert [row.public_id for row in told][-1] == wish
    off = rows(hood.app, "select actor_id, changes from audit where action = 'booking_cancelled'")
    assert [tuple(row) for row in off] == [(hood.people["sanne"], '{"reason": "plans_changed"}')] * 2
    # Twice changes nothing. What the calendar has again is new again: nobody here called it off.
    before = booked(hood)
    assert gone(hood, *shorter) == []
    call_off(hood, *shorter)
    assert booked(hood) == before
    with hood.app.app_context():
        assert states(read_events(ALL), target()) == [State.ALREADY] * 3 + [State.TAKEN, State.NEW]


def test_what_began_or_was_changed_here_is_only_pointed_at(
    linde: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    with linde.app.app_context(), unit_of_work():
        changed = update(Booking.__table__).where(Booking.__table__.c.starts_at == at("2026-12-02 10:00"))
        execute(changed.values(version=2))
    # The 25th, 11:00.
    moment(timedelta(hours=21))
    assert [one.stays for one in judged(linde, read_events(coffee(WEEKLY, OFF))).gone] == [
        Stays.BEGUN,
        Stays.CHANGED,
        None,
    ]
    call_off(linde, coffee(WEEKLY, OFF))
    assert [one for one in booked(linde) if one[0] > "11-18"] == [
        ("11-25", "confirmed"),
        ("11-26", "confirmed"),
        ("12-02", "confirmed"),
        ("12-09", "cancelled"),
    ]
    moment(timedelta(hours=2))
    assert gone(linde, coffee(WEEKLY, OFF)) == ["12-02"], "what is over is over"


def test_of_a_room_that_was_merged_it_is_known(hood: Neighbourhood) -> None:
    booking = Booking.__table__
    with hood.app.app_context():
        take_over(read_events(ALL), target(slug="het-plein"))
        with unit_of_work():
            old = update(Room.__table__).where(Room.__table__.c.id == hood.plein)
            execute(old.values(merged_into_id=hood.linde, closed_at=clock.now()))
            # What is over stays with the room where it was.
            along = update(booking).where(booking.c.starts_at > clock.now())
            execute(along.values(room_id=hood.linde, came_from_id=hood.plein, version=2, zone_id=None))
        assert states(read_events(ALL), target()) == [State.ALREADY] * 5
    shorter = coffee("RRULE:FREQ=WEEKLY;COUNT=4")
    assert gone(hood, shorter) == ["12-09"]
    call_off(hood, shorter)
    assert booked(hood)[-1] == ("12-09", "cancelled")


def test_what_went_along_more_than_once_was_not_changed_by_that(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        oak = make.make_room(complex_id=1, slug="de-eik")
        take_over(read_events(ALL), target(slug="het-plein"))
    do(hood, seen_by(hood, hood.plein, oak))
    do(hood, seen_by(hood, oak, hood.linde))
    with hood.app.app_context(), unit_of_work():
        changed = update(Booking.__table__).where(Booking.__table__.c.starts_at == at("2026-12-02 10:00"))
        execute(changed.values(version=4))
    report = judged(hood, read_events(coffee(WEEKLY, OFF)))
    assert [(f"{one.slot.starts:%m-%d}", one.stays) for one in report.gone] == [
        ("11-25", None),
        ("12-02", Stays.CHANGED),
        ("12-09", None),
    ]


def test_what_came_in_before_events_were_marked_is_not_pointed_at(linde: Neighbourhood) -> None:
    with linde.app.app_context(), unit_of_work():
        execute(text("update taken_over_event set event_mark = null"))
    assert gone(linde, coffee("RRULE:FREQ=WEEKLY;COUNT=3")) == []
    assert gone(linde, ALL, one_date("20261202", OFF)) == ["12-02"], "but for what it says of a date itself"


def test_who_saw_something_else_is_told(linde: Neighbourhood) -> None:
    shorter = read_events(coffee("RRULE:FREQ=WEEKLY;COUNT=4"))
    seal = judged(linde, shorter).seal
    with linde.app.app_context(), unit_of_work():
        execute(text("update booking set version = 2"))
    with linde.app.app_context(), pytest.raises(Refused) as refused, unit_of_work():
        store(shorter, target(), seal, calls_off=True, actor_id=None, now=clock.now())
    assert refused.value.objections[0].reason is Reason.CHANGED_MEANWHILE


def test_calendar_that_both_rooms_had_before_they_were_merged_is_there_twice(hood: Neighbourhood) -> None:
    booking, moved = Booking.__table__, read_events(ALL, one_date("20261209", hour=14))
    with hood.app.app_context():
        take_over(read_events(ALL), target(slug="het-plein"))
        take_over(moved, target())
        with unit_of_work():
            old = update(Room.__table__).where(Room.__table__.c.id == hood.plein)
            execute(old.values(merged_into_id=hood.linde, closed_at=clock.now()))
            along = update(booking).where(booking.c.room_id == hood.plein, booking.c.starts_at > clock.now())
            execute(along.values(room_id=hood.linde, came_from_id=hood.plein, version=2, zone_id=None))
    assert judged(hood, moved).gone == []


def test_calling_off_takes_as_many_statements_for_more_dates(linde: Neighbourhood) -> None:
    counts = []
    for left in (4, 2):
        with statements(linde.app) as seen:
            call_off(linde, coffee(f"RRULE:FREQ=WEEKLY;COUNT={left}"), BOARD)
        counts.append(len(seen))
    assert [one[1] for one in booked(linde)].count("cancelled") == 3
    assert counts[0] == counts[1]


def test_judging_takes_as_many_statements_for_more_dates(linde: Neighbourhood) -> None:
    counts = []
    for calendars in (
        read_events(ALL),
        read_events(coffee("RRULE:FREQ=WEEKLY;COUNT=1")),
        read_events(BOARD_OFF),
    ):
        with statements(linde.app) as seen:
            judged(linde, calendars)
        counts.append(len(seen))
    assert counts == [4, 4, 3], "the room itself is one of them; without a date nobody asks what is taken"
