"""The agenda in places: frame, lanes, bars, months and free gaps."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontmoet.bookings.agenda import day_entries, day_remark, entry_of, list_remark, zone_words
from ontmoet.bookings.agenda_grid import month_weeks, week_days, week_frame
from ontmoet.bookings.bars import Frame, day_bar, frame_for, legend_of
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.rooms.rules import OpeningHours, Stretch
from tests.builders import at
from tests.samples import ALL_DAY, HALL, KITCHEN, NOW, a_line, a_room, held, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

WEDNESDAY = date(2026, 11, 25)
MONDAY = date(2026, 11, 23)


@pytest.fixture
def words(app: Flask) -> Iterator[None]:
    """Sentences need to know the language of a request."""
    with app.test_request_context():
        yield


def test_frame_is_around_the_hours_and_everything_in_it_in_whole_hours() -> None:
    nine_to_half_past_five = a_room(hours=OpeningHours({2: (Stretch(9 * 60 + 15, 17 * 60 + 30),)}))
    assert frame_for(a_room(), [WEDNESDAY]) == Frame(480, 28)
    assert frame_for(nine_to_half_past_five, [WEDNESDAY]) == Frame(540, 18)
    early = [(6 * 60 + 45, 7 * 60 + 30), (23 * 60, 24 * 60)]
    assert frame_for(a_room(), [WEDNESDAY], early) == Frame(360, 36)


def test_frame_of_a_short_or_shut_day_is_eight_hours_and_ends_by_midnight() -> None:
    assert frame_for(a_room(hours=OpeningHours({})), [WEDNESDAY]) == Frame(540, 16)
    late = a_room(hours=OpeningHours({2: (Stretch(22 * 60, 24 * 60),)}))
    assert frame_for(late, [WEDNESDAY]) == Frame(960, 16)


def test_week_is_drawn_around_the_hours_and_bookings_and_not_around_closures(words: None) -> None:
    week = [MONDAY + timedelta(days=n) for n in range(7)]
    closures = [
        a_line(span("2026-11-24 00:00", "2026-11-25 00:00"), HALL, KITCHEN, is_closure=True),
        a_line(span("2026-11-25 00:00", "2026-11-25 07:00"), HALL, KITCHEN, is_closure=True),
        a_line(span("2026-11-26 00:00", "2026-11-27 00:00"), is_works=True),
    ]
    frame = week_frame(week, closures, a_room())
    assert frame == Frame(480, 28)
    tuesday, wednesday, thursday = list(week_days(MONDAY, closures, a_room(), frame, NOW))[1:4]
    assert [slot.places for slot in tuesday.slots + thursday.slots] == ["om-at-1 om-for-28"] * 2
    assert [slot.places for slot in wednesday.slots] == [""]
    early = [
        a_line(span("2026-11-25 07:30", "2026-11-25 09:00"), is_works=True),
        a_line(span("2026-11-25 22:00", "2026-11-25 23:00")),
    ]
    assert week_frame(week, [*closures, *early], a_room()) == Frame(420, 32)


def test_place_rounds_outwards_to_half_hours() -> None:
    frame = Frame(480, 28)
    places = {
        (480, 510): (1, 1),
        (495, 525): (1, 2),
        (510, 600): (2, 3),
        (509, 511): (1, 2),
        (1290, 1320): (28, 1),
        (420, 540): (1, 2),
        (1260, 1440): (27, 2),
    }
    assert {times: frame.place(*times) for times in places} == places


def test_hours_stand_beside_their_rows() -> None:
    assert Frame(480, 16).hours(120) == [(1, "8:00"), (5, "10:00"), (9, "12:00"), (13, "14:00")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    times=st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 90), st.integers(1, 40)), min_size=1, max_size=25
    )
)
def test_lanes_never_overlap_and_are_as_few_as_needed(words: None, times: list[tuple[int, int, int]]) -> None:
    lines = []
    for day, start, length in times:
        begin = at(f"2026-11-{23 + day} 00:00") + timedelta(minutes=15 * start)
        end = min(begin + timedelta(minutes=15 * length), at(f"2026-11-{24 + day} 00:00"))
        lines.append(a_line(TimeSlot(begin, end)))
    room = a_room()
    week = [MONDAY + timedelta(days=n) for n in range(7)]
    frame = frame_for(room, week, ((line.starts_at, line.ends_at) for line in lines))
    for day in week_days(MONDAY, lines, room, frame, NOW):
        for slot in day.slots:
            assert 1 <= slot.at <= slot.at + slot.span - 1 <= frame.rows
            assert 1 <= slot.lane <= slot.lanes
        for one, other in combinations(day.slots, 2):
            if one.at < other.at + other.span and other.at < one.at + one.span:
                assert one.lane != other.lane
                assert one.lanes == other.lanes
        fullest = [
            sum(slot.at <= row < slot.at + slot.span for slot in day.slots) for row in range(frame.rows + 2)
        ]
        assert max((slot.lanes for slot in day.slots), default=0) == max(fullest)


def test_week_marks_today_and_now_and_puts_each_line_on_its_day(words: None) -> None:
    lines = [a_line(span("2026-11-25 14:00", "2026-11-25 16:00"))]
    days = list(week_days(MONDAY, lines, a_room(), Frame(480, 28), NOW))
    assert [day.day for day in days] == [MONDAY + timedelta(days=n) for n in range(7)]
    assert [len(day.slots) for day in days] == [0, 0, 1, 0, 0, 0, 0]
    assert [(day.today, day.now) for day in days[:3]] == [(False, None), (True, 13), (False, None)]
    assert (days[2].title, days[2].spoken) == ("wo 25 nov", "woensdag 25 november")


def test_week_shows_when_the_room_is_shut_and_says_so_where_it_is_a_list(words: None) -> None:
    usual = {day: (Stretch(9 * 60 + 15, 12 * 60), Stretch(14 * 60, 17 * 60)) for day in range(5)}
    other = {WEDNESDAY: (Stretch(13 * 60, 15 * 60),)}
    room = a_room(hours=OpeningHours({**usual, 5: (Stretch(8 * 60, 18 * 60),)}, other))
    lines = [a_line(span("2026-11-26 10:00", "2026-11-26 11:00"))]
    days = list(week_days(MONDAY, lines, room, Frame(480, 20), NOW))
    assert [days[n].shut for n in (0, 2, 5, 6)] == [
        [(1, 2), (9, 4), (19, 2)],
        [(1, 10), (15, 6)],
        [],
        [(1, 20)],
    ]
    assert [days[n].remarks for n in (2, 3, 5, 6)] == [
        ["Open 13:00–15:00\u00a0uur", "Nog niets gepland"],
        [],
        ["Nog niets gepland"],
        ["Dicht"],
    ]


def test_empty_day_that_is_over_or_of_a_room_that_closed_waits_for_nothing(words: None) -> None:
    closed = a_room(closed_at=NOW)
    said = [
        [day.remarks for day in week_days(MONDAY, [], room, Frame(480, 28), NOW)][:2]
        for room in (a_room(), closed)
    ]
    assert said == [[["Niets gepland"], ["Nog niets gepland"]], [["Niets gepland"]] * 2]


def test_closure_of_a_part_leaves_half_of_the_day_white_in_the_week(words: None) -> None:
    slot = span("2026-11-24 00:00", "2026-11-25 00:00")
    lanes = []
    for zones in ((KITCHEN,), (HALL, KITCHEN)):
        tuesday = list(
            week_days(MONDAY, [a_line(slot, *zones, is_closure=True)], a_room(), Frame(480, 28), NOW)
        )[1]
        lanes.append([(slot.lane, slot.lanes) for slot in tuesday.slots])
    assert lanes == [[(1, 2)], [(1, 1)]]


@pytest.mark.parametrize(
    ("first", "weeks", "start"),
    [
        (date(2026, 11, 1), 6, date(2026, 10, 26)),
        (date(2027, 2, 1), 4, date(2027, 2, 1)),
        (date(2026, 12, 1), 5, date(2026, 11, 30)),
        (date(2027, 1, 1), 5, date(2026, 12, 28)),
    ],
)
def test_month_holds_whole_weeks_around_it(words: None, first: date, weeks: int, start: date) -> None:
    found = month_weeks(first, [], a_room(), NOW)
    days = [day for week in found for day in week]
    assert [len(week) for week in found] == [7] * weeks
    assert [day.href for day in days] == [
        f"/r/de-linde/agenda?dag={start + timedelta(days=n)}" for n in range(7 * weeks)
    ]
    inside = [(start + timedelta(days=n)).month == first.month for n in range(7 * weeks)]
    assert [not day.other for day in days] == inside


def test_month_counts_per_local_day_and_tells_shut_days_from_free_ones(words: None) -> None:
    lines = [
        a_line(span("2026-11-25 00:15", "2026-11-25 01:00")),
        a_line(span("2026-11-25 22:00", "2026-11-26 00:00")),
    ]
    room = a_room(hours=OpeningHours({day: (Stretch(480, 1320),) for day in range(6)}))
    week = month_weeks(date(2026, 11, 1), lines, room, NOW)[4]
    assert [(d.number, d.count, d.state, d.word) for d in week[1:4]] == [
        (24, 0, "free", "vrij"),
        (25, 2, "busy", "bezet"),
        (26, 0, "free", "vrij"),
    ]
    assert (week[6].state, week[6].word) == ("closed", "dicht")
    assert [day.today for day in week] == [False, True, False, False, False, False, False]


def test_month_counts_bookings_only_and_says_closed_of_a_day_that_a_closure_takes_whole(words: None) -> None:
    lines = [
        a_line(span("2026-11-23 00:00", "2026-11-24 00:00"), HALL, KITCHEN, is_closure=True),
        a_line(span("2026-11-24 00:00", "2026-11-25 00:00"), HALL, is_closure=True),
        a_line(span("2026-11-25 08:00", "2026-11-25 12:00"), HALL, KITCHEN, is_closure=True),
        a_line(span("2026-11-26 00:00", "2026-11-27 00:00"), HALL, is_closure=True),
        a_line(span("2026-11-26 08:00", "2026-11-26 22:00"), KITCHEN, is_closure=True),
        a_line(span("2026-11-27 08:00", "2026-11-27 12:00"), HALL, is_closure=True),
        a_line(span("2026-11-27 14:00", "2026-11-27 16:00"), HALL),
    ]
    week = month_weeks(date(2026, 11, 1), lines, a_room(), NOW)[4]
    assert [(d.number, d.count, d.word) for d in week[:5]] == [
        (23, 0, "dicht"),
        (24, 0, "vrij"),
        (25, 0, "vrij"),
        (26, 0, "dicht"),
        (27, 1, "bezet"),
    ]


def test_day_lists_bookings_and_the_gaps_in_which_the_whole_room_is_free(words: None) -> None:
    lines = [
        a_line(span("2026-11-25 10:00", "2026-11-25 12:00"), HALL),
        a_line(span("2026-11-25 11:00", "2026-11-25 13:00"), KITCHEN),
        a_line(span("2026-11-25 13:15", "2026-11-25 22:00"), HALL, KITCHEN),
    ]
    taken = [
        held(HALL, "2026-11-25 10:00", "2026-11-25 12:00"),
        held(KITCHEN, "2026-11-25 11:00", "2026-11-25 13:00"),
        held(HALL, "2026-11-25 13:15", "2026-11-25 22:00"),
        held(KITCHEN, "2026-11-25 13:15", "2026-11-25 22:00"),
    ]
    entries = day_entries(WEDNESDAY, lines, taken, a_room(), NOW)
    assert [(e.starts, e.until, e.kind) for e in entries] == [
        ("8:00", "tot 10:00", "free"),
        ("10:00", "tot 12:00", "busy"),
        ("11:00", "tot 13:00", "busy"),
        ("13:15", "tot 22:00", "busy"),
    ]
    assert entries[0].href == "/r/de-linde/reserveren?van=2026-11-25T08:00&tot=2026-11-25T10:00"


def test_part_that_is_free_beside_a_booking_is_told_until_it_is_over(words: None) -> None:
    told = []
    for starts, ends in (("12:00", "14:00"), ("13:00", "15:00")):
        slot = span(f"2026-11-24 {starts}", f"2026-11-24 {ends}")
        taken = [held(HALL, f"2026-11-24 {starts}", f"2026-11-24 {ends}")]
        entries = day_entries(date(2026, 11, 24), [a_line(slot, HALL)], taken, a_room(), NOW)
        told.append([fact for entry in entries for fact in entry.facts if "vrij" in fact])
    assert told == [[], ["Nog vrij: keuken"]]


def test_day_on_which_a_part_is_closed_offers_the_other_part(words: None) -> None:
    for shut, free, link in (
        (KITCHEN, HALL, "?van=2026-11-25T08:00&tot=2026-11-25T10:00"),
        (HALL, KITCHEN, "?day=2026-11-25&starts=08:00&ends=10:00&zone=keuken&people=1"),
    ):
        taken = [
            held(shut, "2026-11-25 00:00", "2026-11-25 24:00", is_closure=True),
            held(free, "2026-11-25 12:00", "2026-11-25 14:00"),
        ]
        first, second = day_entries(WEDNESDAY, [], taken, a_room(), NOW)
        assert (first.until, second.starts) == ("tot 12:00", "14:00")
        assert (first.href, first.where) == (f"/r/de-linde/reserveren{link}", free.name)
        assert first.note == f"Van 8:00–12:00\u00a0uur. {free.name}"


def test_free_gap_leaves_room_for_the_buffer_and_is_never_in_the_past(words: None) -> None:
    taken = [held(HALL, "2026-11-24 18:00", "2026-11-24 20:30")]
    lines = [a_line(span("2026-11-24 18:00", "2026-11-24 20:00"))]
    room = a_room(zones=(HALL,), buffer_minutes=30)
    entries = day_entries(date(2026, 11, 24), lines, taken, room, NOW)
    assert [(e.until, e.is_free) for e in entries] == [
        ("tot 17:30", True),
        ("tot 20:00", False),
        ("tot 22:00", True),
    ]
    assert all(entry.slot.starts >= NOW for entry in entries)


@pytest.mark.parametrize(
    ("now", "day", "said"),
    [
        ("2026-11-24 21:47", "2026-11-24", "Er staat niets in de agenda. Er is geen tijd meer vrij."),
        ("2026-11-24 14:05", "2026-11-23", "Deze dag stond er niets in de agenda."),
        ("2026-11-24 14:05", "2026-11-29", "Deze dag is de ruimte dicht."),
        ("2026-11-24 14:05", "2026-11-25", None),
    ],
)
def test_empty_day_says_closed_only_when_the_room_is(words: None, now: str, day: str, said: str) -> None:
    room = a_room(hours=OpeningHours({day: (Stretch(480, 1320),) for day in range(6)}))
    on, moment = date.fromisoformat(day), at(now)
    entries = day_entries(on, [], [], room, moment)
    assert (entries == []) is (said is not None)
    assert day_remark(on, room, moment, is_empty=not entries) == (said or "")


def test_day_beyond_the_horizon_offers_nothing_and_says_until_when_one_can_book(words: None) -> None:
    room, last, after = a_room(horizon_days=1), date(2026, 11, 25), date(2026, 11, 26)
    assert [entry.is_free for entry in day_entries(last, [], [], room, NOW)] == [True]
    assert day_remark(last, room, NOW, is_empty=False) == ""
    assert day_entries(after, [], [], room, NOW) == []
    until = "Je kunt nu reserveren tot en met morgen."
    assert day_remark(after, room, NOW, is_empty=True) == f"Er staat niets in de agenda. {until}"
    assert day_remark(after, room, NOW, is_empty=False) == until


@pytest.mark.parametrize(
    ("first", "settings", "said"),
    [
        ("2026-11-24", {}, ("Nog niets gepland", "Deze weken is alles nog vrij.")),
        ("2026-10-27", {}, ("Niets gepland", "Deze weken stond er niets in de agenda.")),
        ("2027-11-24", {}, ("Nog niets gepland", "Je kunt nu reserveren tot en met zo 23 mei 2027.")),
        ("2026-11-24", {"closed_at": NOW}, ("Niets gepland", "Je kunt hier nu niet reserveren.")),
        ("2026-11-24", {"hours": OpeningHours({})}, ("Niets gepland", "Deze weken is de ruimte dicht.")),
    ],
)
def test_empty_list_says_all_is_free_only_when_it_is(
    words: None, first: str, settings: dict[str, Any], said: tuple[str, str]
) -> None:
    begin = date.fromisoformat(first)
    assert list_remark(begin, begin + timedelta(days=28), a_room(**settings), NOW) == said


@pytest.mark.parametrize("when", [{"closed_at": NOW}, {"live_at": NOW + timedelta(days=9)}])
def test_room_that_cannot_be_booked_offers_no_time_in_its_agenda(
    words: None, when: dict[str, datetime]
) -> None:
    room = a_room(**when)
    assert day_entries(WEDNESDAY, [], [], room, NOW) == []
    assert day_remark(WEDNESDAY, room, NOW, is_empty=False) == "Je kunt hier nu niet reserveren."


def test_bar_shows_what_is_busy_the_wish_and_where_they_clash(words: None) -> None:
    taken = [
        held(HALL, "2026-11-25 10:00", "2026-11-25 11:00"),
        held(HALL, "2026-11-25 11:00", "2026-11-25 12:00"),
        held(KITCHEN, "2026-11-25 18:00", "2026-11-25 20:00"),
    ]
    bar = day_bar(
        a_room(),
        WEDNESDAY,
        taken,
        zone_ids=frozenset({HALL.zone_id}),
        now=NOW,
        mine=span("2026-11-25 11:00", "2026-11-25 13:00"),
    )
    assert bar.parts == [("busy", 5, 4), ("mine", 7, 4), ("clash", 7, 2)]
    assert (bar.rows, bar.now) == (28, None)
    assert bar.label == (
        "Jouw tijd is 11:00–13:00\u00a0uur. Bezet van 10:00–12:00\u00a0uur. De rest is vrij."
    )


def test_bar_of_an_empty_day_says_so_and_marks_now_only_today(words: None) -> None:
    def bar(day: date) -> tuple[list[object], int | None, str]:
        found = day_bar(a_room(), day, [], zone_ids=frozenset({1, 2}), now=NOW)
        return found.parts, found.now, found.label

    assert bar(date(2026, 11, 24)) == ([], 13, "De rest van de dag is vrij.")
    assert bar(date(2026, 11, 23))[2] == "Deze dag is al voorbij."
    assert bar(WEDNESDAY) == ([], None, "De hele dag is vrij.")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("07:00", "Bezet van 10:00–12:00\u00a0uur. Bezet van 18:00–20:00\u00a0uur. De rest is vrij."),
        ("13:00", "Bezet van 18:00–20:00\u00a0uur. De rest van de dag is vrij."),
        ("20:00", "De rest van de dag is vrij."),
        ("22:00", "De ruimte is vandaag niet meer open."),
    ],
)
def test_bar_of_today_says_what_is_to_come(words: None, now: str, said: str) -> None:
    taken = [
        held(HALL, "2026-11-25 10:00", "2026-11-25 12:00"),
        held(HALL, "2026-11-25 18:00", "2026-11-25 20:00"),
    ]
    bar = day_bar(a_room(), WEDNESDAY, taken, zone_ids=frozenset({1}), now=at(f"2026-11-25 {now}"))
    assert (bar.label, bar.parts) == (said, [("busy", 5, 4), ("busy", 21, 4)])


def test_bar_of_a_day_on_which_the_room_is_shut_is_nowhere_free(words: None) -> None:
    holiday = a_room(hours=OpeningHours(ALL_DAY.weekly, {WEDNESDAY: ()}))
    bar = day_bar(holiday, WEDNESDAY, [], zone_ids=frozenset({1, 2}), now=NOW)
    assert (bar.parts, bar.label) == ([("closed", 1, 16)], "De hele dag is de ruimte dicht.")
    assert legend_of(bar, NOW) == [("closed", "gesloten")]
    all_day = ("2026-11-25 00:00", "2026-11-25 24:00")
    closures = [held(zone, *all_day, is_closure=True) for zone in (HALL, KITCHEN)]
    shut = day_bar(a_room(), WEDNESDAY, closures, zone_ids=frozenset({1, 2}), now=NOW)
    assert (shut.parts, shut.label) == ([("closed", 1, 28)], "De hele dag is de ruimte dicht.")
    wish = span("2026-11-25 10:00", "2026-11-25 12:00")
    tried = day_bar(holiday, WEDNESDAY, [], zone_ids=frozenset({1}), now=NOW, mine=wish)
    assert tried.parts == [("closed", 1, 16), ("mine", 1, 4)]
    assert tried.label == "Jouw tijd is 10:00–12:00\u00a0uur. De hele dag is de ruimte dicht."


def test_bar_shows_closed_outside_the_hours_and_what_is_booked_there_all_the_same(words: None) -> None:
    room = a_room(hours=OpeningHours({2: (Stretch(9 * 60, 12 * 60), Stretch(14 * 60, 17 * 60))}))
    taken = [held(HALL, "2026-11-25 16:00", "2026-11-25 18:00")]
    bar = day_bar(room, WEDNESDAY, taken, zone_ids=frozenset({1, 2}), now=NOW)
    assert bar.parts == [("closed", 7, 4), ("busy", 15, 4)]
    assert bar.label == (
        "Gesloten van 12:00–14:00\u00a0uur. Bezet van 16:00–18:00\u00a0uur. De rest is vrij."
    )
    assert legend_of(bar, NOW) == [("free", "vrij"), ("busy", "bezet"), ("closed", "gesloten")]


def test_closure_of_a_part_for_some_hours_takes_the_whole_and_leaves_it_open(words: None) -> None:
    closure = [held(HALL, "2026-11-25 08:00", "2026-11-25 20:00", is_closure=True)]
    both = day_bar(a_room(), WEDNESDAY, closure, zone_ids=frozenset({1, 2}), now=NOW)
    assert (both.parts, both.about) == ([("busy", 1, 24)], "")
    assert both.label == "Bezet van 8:00–20:00\u00a0uur. De rest is vrij."


def test_bar_of_a_day_on_which_a_part_is_closed_is_about_the_other_and_says_so(words: None) -> None:
    taken = [
        held(HALL, "2026-11-25 00:00", "2026-11-25 24:00", is_closure=True),
        held(KITCHEN, "2026-11-25 10:00", "2026-11-25 12:00"),
    ]
    both = day_bar(a_room(), WEDNESDAY, taken, zone_ids=frozenset({1, 2}), now=NOW)
    assert (both.parts, both.about) == ([("busy", 5, 4)], "Gesloten: zaal.")
    wish = span("2026-11-25 14:00", "2026-11-25 16:00")
    tried = day_bar(a_room(), WEDNESDAY, taken, zone_ids=frozenset({1, 2}), now=NOW, mine=wish)
    assert (tried.parts[-1], tried.about) == (("clash", 13, 4), "")


def test_bar_of_a_part_that_is_closed_is_closed(words: None) -> None:
    closure = [held(HALL, "2026-11-25 08:00", "2026-11-25 22:00", is_closure=True)]
    hall = day_bar(a_room(), WEDNESDAY, closure, zone_ids=frozenset({1}), now=NOW)
    assert (hall.parts, hall.label) == ([("closed", 1, 28)], "De hele dag is de ruimte dicht.")


def test_scale_of_a_bar_stands_at_whole_hours(words: None) -> None:
    bar = day_bar(a_room(), WEDNESDAY, [], zone_ids=frozenset({1}), now=NOW)
    assert bar.hours == [(1, "8"), (9, "12"), (17, "16"), (29, "22")]


def test_entry_says_no_more_than_its_line(words: None) -> None:
    slot = span("2026-11-25 14:00", "2026-11-25 16:00")
    stranger = entry_of(a_line(slot), a_room())
    assert (stranger.kind, stranger.word, stranger.title, stranger.note, stranger.href) == (
        "busy",
        "bezet",
        "",
        "Zaal",
        None,
    )
    known = a_line(slot, HALL, KITCHEN, may_see=True, title="Soep", name="Noor", people=1)
    entry = entry_of(known, a_room())
    assert (entry.title, entry.note) == ("Soep", "Noor. Hele ruimte. 1 persoon")
    assert entry.href == "/reserveringen/0123456789"
    kinds = [
        entry_of(a_line(slot, **{flag: True}), a_room()).kind
        for flag in ("is_closure", "is_request", "is_mine", "is_open")
    ]
    assert kinds == ["closed", "asked", "mine", "open"]


def test_time_that_is_offered_is_held_and_not_yet_the_readers(words: None) -> None:
    slot = span("2026-11-25 14:00", "2026-11-25 16:00")
    mine = a_line(slot, is_offered=True, is_mine=True, may_see=True)
    entry = entry_of(mine, a_room())
    assert (entry.kind, entry.word, entry.title) == ("asked", "voor jou vrijgehouden", "Vrijgekomen tijd")
    assert entry.note == "Zeg nog of je hem wilt. Zaal"
    [shown] = list(week_days(MONDAY, [mine], a_room(), Frame(480, 28), NOW))[2].slots
    assert (shown.kind, shown.lines[:2]) == ("asked", ["Voor jou vrijgehouden", "zeg nog of je hem wilt"])
    other = entry_of(a_line(slot, is_offered=True, may_see=True, name="Ali"), a_room())
    assert (other.kind, other.word, other.note) == ("asked", "vrijgehouden", "Wacht nog op een ja. Ali. Zaal")


def test_zones_are_named_in_their_order_and_only_where_there_are_several(words: None) -> None:
    assert zone_words(frozenset({1}), a_room()) == "zaal"
    assert zone_words(frozenset({1, 2}), a_room()) == "hele ruimte"
    assert zone_words(frozenset({1}), a_room(zones=(HALL,), hours=ALL_DAY)) == ""


@pytest.mark.parametrize(("buffer", "offered"), [(0, [KITCHEN.name]), (15, [])])
def test_part_is_offered_beside_a_booking_only_when_it_can_be_had_with_its_tail(
    buffer: int, offered: list[str]
) -> None:
    lines = [a_line(span("2026-11-25 14:00", "2026-11-25 16:00"), HALL)]
    taken = [
        held(HALL, "2026-11-25 14:00", "2026-11-25 16:00"),
        held(KITCHEN, "2026-11-25 16:00", "2026-11-25 18:00"),
    ]
    room = a_room(buffer_minutes=buffer)
    entry = next(e for e in day_entries(date(2026, 11, 25), lines, taken, room, NOW) if not e.is_free)
    assert [name for name, _path in entry.parts_free] == offered
