"""Which bookings can go along when a room goes on in another one, and what nobody has twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ontmoet.arranging.merging_rules import (
    Coming,
    MergeReason,
    Term,
    both,
    numbers_after,
    objections_to_merging,
    placed,
)
from ontmoet.bookings.states import Status
from ontmoet.rooms.rules import OpeningHours, Stretch
from tests.builders import at
from tests.samples import HALL, KITCHEN, NOW, a_room, held, span

INTO = a_room(room_id=2, slug="het-plein")


def coming(
    number: int,
    starts: str,
    ends: str,
    *,
    people: int = 4,
    asked: bool = False,
    made: str = "2026-11-01 10:00",
) -> Coming:
    slot = span(f"2026-11-{starts}", f"2026-11-{ends}")
    status = Status.REQUESTED if asked else Status.CONFIRMED
    return Coming(number, f"b{number}", 7, slot, people, at(made), slot.starts if asked else None, status)


def test_two_different_open_rooms_can_become_one() -> None:
    old = a_room()
    assert objections_to_merging(old, INTO, now=NOW) == ()

    def reasons(one: object, other: object) -> list[tuple[object, str | None]]:
        return [(each.reason, each.field) for each in objections_to_merging(one, other, now=NOW)]  # type: ignore[arg-type]

    assert reasons(old, old) == [(MergeReason.SAME_ROOM, "into")]
    ended = a_room(room_id=2, closed_at=NOW, merged_into_id=1)
    assert reasons(old, ended) == [(MergeReason.NOT_OPEN, "into")]
    assert reasons(ended, old) == [(MergeReason.NOT_OPEN, None)]
    assert reasons(old, a_room(room_id=2, live_at=None)) == [(MergeReason.NOT_OPEN, "into")]


def test_booking_goes_along_where_its_time_is_free() -> None:
    free = coming(1, "25 14:00", "25 16:00")
    back_to_back = coming(2, "26 12:00", "26 14:00")
    in_the_way = coming(3, "26 13:59", "26 15:00")
    taken = [held(HALL, "2026-11-26 14:00", "2026-11-26 16:00")]
    found = placed([in_the_way, free, back_to_back], INTO, HALL, taken, now=NOW)
    assert [each.booking.booking_id for each in found.going] == [1, 2]
    assert found.colliding == (in_the_way,)


def test_only_the_part_that_was_chosen_counts_and_the_whole_room_is_every_part() -> None:
    one = coming(1, "25 14:00", "25 16:00")
    taken = [held(KITCHEN, "2026-11-25 14:00", "2026-11-25 16:00")]
    assert len(placed([one], INTO, HALL, taken, now=NOW).going) == 1
    assert placed([one], INTO, KITCHEN, taken, now=NOW).colliding == (one,)
    assert placed([one], INTO, None, taken, now=NOW).colliding == (one,)


def test_of_two_from_different_parts_the_first_promise_goes_and_requests_come_after() -> None:
    later = coming(1, "25 14:00", "25 16:00", made="2026-11-09 10:00")
    first = coming(2, "25 15:00", "25 17:00", made="2026-11-02 10:00")
    found = placed([later, first], INTO, HALL, (), now=NOW)
    assert ([each.booking for each in found.going], found.colliding) == ([first], (later,))
    asked = coming(3, "25 14:00", "25 16:00", asked=True, made="2026-10-01 10:00")
    found = placed([asked, later], INTO, HALL, (), now=NOW)
    assert ([each.booking for each in found.going], found.colliding) == ([later], (asked,))


def test_what_is_going_on_is_finished_where_it_is() -> None:
    now_on = coming(1, "24 14:00", "24 16:00")
    taken = [held(HALL, "2026-11-24 14:00", "2026-11-24 16:00")]
    found = placed([now_on], INTO, HALL, taken, now=NOW)
    assert (found.running, found.going, found.colliding) == ((now_on,), (), ())


def test_who_waits_waits_on_and_is_in_nobodys_way() -> None:
    booked = coming(1, "25 14:00", "25 16:00")
    wish = replace(coming(2, "25 14:00", "25 16:00", asked=True), status=Status.WAITING)
    found = placed([wish, booked], INTO, HALL, (), now=NOW)
    assert ([each.booking for each in found.going], found.waiting, found.colliding) == ([booked], (wish,), ())


def test_time_to_tidy_up_gives_way_to_what_stood_behind_it() -> None:
    into = a_room(room_id=2, buffer_minutes=30)
    bookings = [coming(1, "25 10:00", "25 12:00"), coming(2, "25 12:15", "25 14:00")]
    taken = [held(HALL, "2026-11-25 14:00", "2026-11-25 15:00")]
    found = placed(bookings, into, HALL, taken, now=NOW)
    assert [each.held for each in found.going] == [
        span("2026-11-25 10:00", "2026-11-25 12:15"),
        span("2026-11-25 12:15", "2026-11-25 14:00"),
    ]
    alone = placed(bookings[:1], into, HALL, (), now=NOW).going[0]
    assert alone.held.length == timedelta(hours=2, minutes=30)


def test_hours_and_size_are_told_and_refuse_nothing() -> None:
    into = a_room(room_id=2, hours=OpeningHours({day: (Stretch(9 * 60, 17 * 60),) for day in range(7)}))
    evening = coming(1, "25 19:00", "25 21:00")
    crowd = coming(2, "26 14:00", "26 16:00", people=9)
    going = placed([evening, crowd], into, KITCHEN, (), now=NOW).going
    assert [(each.is_outside_hours, each.is_too_large) for each in going] == [(True, False), (False, True)]
    assert not placed([crowd], into, None, (), now=NOW).going[0].is_too_large


def test_number_stays_unless_it_is_taken_and_none_is_given_twice() -> None:
    assert numbers_after({11: 1, 12: 2, 13: 7}, {1, 2, 5}) == {11: 8, 12: 9, 13: 7}
    assert numbers_after({11: 1}, ()) == {11: 1}


def test_function_in_both_rooms_lasts_as_long_as_the_longest() -> None:
    short, long = Term(date(2026, 1, 1), date(2026, 12, 1)), Term(date(2026, 6, 1), date(2027, 6, 1))
    assert both(short, long) == Term(date(2026, 1, 1), date(2027, 6, 1))
    assert both(short, Term(date(2026, 6, 1), None)) == Term(date(2026, 1, 1), None)
