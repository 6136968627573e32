"""What is offered instead: never more than three, and each can be booked as it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ontmoet.bookings.alternatives import Alternative, alternatives_to, next_free, slot_meant
from ontmoet.bookings.rules import BookingWish, FairUse, Taken, objections_to, slot_on
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of, minutes_of
from ontmoet.rooms.rules import OpeningHours, Stretch, ZoneView
from tests.builders import at
from tests.samples import ALL_DAY, HALL, KITCHEN, NOW, a_room, a_wish, held, span

ALONE = {"zones": (HALL,), "capacity": 40}
NOVEMBER = (date(2026, 11, 1), date(2026, 12, 1))


def offered(wish=None, *, taken=(), fair_use=(), now=NOW, most=3, **room) -> list[tuple[TimeSlot, str, bool]]:
    found = alternatives_to(
        wish or a_wish(), a_room(**room), taken=taken, fair_use=fair_use, now=now, most=most
    )
    return [(a.slot, a.zone.slug if a.zone else "", a.is_shorter) for a in found]


def test_same_time_in_another_zone_stands_beside_the_nearest_time_in_the_own_zone() -> None:
    taken = (held(HALL, "2026-11-25 13:00", "2026-11-25 15:00"),)
    assert offered(a_wish(people=8), taken=taken) == [
        (span("2026-11-25 15:00", "2026-11-25 17:00"), "zaal", False),
        (span("2026-11-25 14:00", "2026-11-25 16:00"), "keuken", False),
        (span("2026-11-26 14:00", "2026-11-26 16:00"), "zaal", False),
    ]


def test_zone_that_is_too_small_is_not_offered() -> None:
    taken = (held(HALL, "2026-11-25 13:00", "2026-11-25 15:00"),)
    assert {zone for _slot, zone, _ in offered(a_wish(people=9), taken=taken)} == {"zaal"}


def test_too_many_people_for_a_zone_are_offered_the_whole_room() -> None:
    assert offered(a_wish(people=41)) == [
        (span("2026-11-25 14:00", "2026-11-25 16:00"), "", False),
        (span("2026-11-26 14:00", "2026-11-26 16:00"), "", False),
        (span("2026-11-27 14:00", "2026-11-27 16:00"), "", False),
    ]
    larger = offered(a_wish(zone=KITCHEN, people=9))
    assert larger[0] == (span("2026-11-25 14:00", "2026-11-25 16:00"), "zaal", False)


def test_too_many_people_for_the_whole_room_are_offered_nothing() -> None:
    assert offered(a_wish(people=46)) == []


def days_of(found: list[tuple[TimeSlot, str, bool]]) -> list[str]:
    return [str(day_of(slot.starts)) for slot, _zone, _ in found]


def test_time_too_far_ahead_is_offered_on_the_last_days_that_can_be_booked() -> None:
    wish, room = a_wish("2027-03-01 14:00", "2027-03-01 16:00"), {"horizon_days": 20}
    assert days_of(offered(wish, **ALONE, **room)) == ["2026-12-14", "2026-12-13", "2026-12-12"]
    full = tuple(held(HALL, f"2026-12-{day} 08:00", f"2026-12-{day} 22:00") for day in (12, 13, 14))
    assert days_of(offered(wish, taken=full, **ALONE, **room)) == ["2026-12-11", "2026-12-10", "2026-12-09"]


def test_last_day_that_can_be_booked_is_offered_itself_before_the_days_before_it() -> None:
    taken = (held(HALL, "2026-12-14 14:00", "2026-12-14 16:00"),)
    assert offered(a_wish("2026-12-14 14:00", "2026-12-14 16:00"), taken=taken, horizon_days=20) == [
        (span("2026-12-14 12:00", "2026-12-14 14:00"), "zaal", False),
        (span("2026-12-14 14:00", "2026-12-14 16:00"), "keuken", False),
        (span("2026-12-13 14:00", "2026-12-13 16:00"), "zaal", False),
    ]


def test_time_without_an_end_that_makes_sense_means_the_usual_time_on_that_day() -> None:
    room = a_room(usual_minutes=120)
    for day, starts, meant in (
        (date(2026, 11, 25), 19 * 60, span("2026-11-25 19:00", "2026-11-25 21:00")),
        (date(2026, 11, 25), 23 * 60, span("2026-11-25 22:00", "2026-11-25 24:00")),
        (date(2027, 3, 28), 150, span("2027-03-28 03:30", "2027-03-28 05:30")),
    ):
        assert slot_meant(day, starts, room) == meant


def test_full_day_gives_the_same_time_on_the_next_free_days() -> None:
    taken = (
        held(HALL, "2026-11-25 08:00", "2026-11-25 22:00"),
        held(HALL, "2026-11-27 15:00", "2026-11-27 22:00"),
    )
    assert offered(taken=taken, **ALONE) == [
        (span("2026-11-26 14:00", "2026-11-26 16:00"), "zaal", False),
        (span("2026-11-27 13:00", "2026-11-27 15:00"), "zaal", False),
        (span("2026-11-28 14:00", "2026-11-28 16:00"), "zaal", False),
    ]


def test_shorter_slot_is_offered_when_the_day_has_no_room_for_all_of_it() -> None:
    taken = (
        held(HALL, "2026-11-25 08:00", "2026-11-25 15:00"),
        held(HALL, "2026-11-25 16:00", "2026-11-25 22:00"),
    )
    first = offered(taken=taken, **ALONE)[0]
    assert first == (span("2026-11-25 15:00", "2026-11-25 16:00"), "zaal", True)


def test_spent_fair_use_offers_the_part_of_the_day_that_does_not_count() -> None:
    spent = FairUse(4, 18 * 60, 4, NOVEMBER)
    found = offered(a_wish("2026-11-25 19:00", "2026-11-25 21:00"), fair_use=(spent,), **ALONE)
    assert len(found) == 3
    assert all(minutes_of(slot.starts) < 18 * 60 for slot, _, _ in found)
    assert found[0][0].starts.date() == date(2026, 11, 25)


def test_spent_fair_use_offers_times_as_people_say_them() -> None:
    spent = FairUse(4, 18 * 60, 4, NOVEMBER)
    found = offered(a_wish("2026-11-25 19:00", "2026-11-25 21:00"), fair_use=(spent,), **ALONE)
    assert {minutes_of(slot.starts) % 15 for slot, _, _ in found} == {0}
    assert {minutes_of(slot.ends) % 15 for slot, _, _ in found} == {0}


def test_spent_fair_use_of_every_hour_offers_the_next_month_only() -> None:
    spent = FairUse(1, 0, 1, NOVEMBER)
    found = offered(a_wish("2026-11-28 14:00", "2026-11-28 16:00"), fair_use=(spent,), **ALONE)
    assert [day_of(slot.starts) for slot, _, _ in found] == [date(2026, 12, day) for day in (1, 2, 3)]


def test_wish_in_the_past_is_offered_today_or_later() -> None:
    found = offered(a_wish("2026-11-20 14:00", "2026-11-20 16:00"), **ALONE)
    assert found[0][0] == span("2026-11-24 14:15", "2026-11-24 16:15")
    assert all(slot.starts >= NOW for slot, _, _ in found)


def test_wish_too_long_or_too_short_is_offered_the_rooms_own_lengths() -> None:
    long = offered(a_wish("2026-11-25 09:00", "2026-11-25 21:00"), **ALONE)
    short = offered(a_wish("2026-11-25 09:00", "2026-11-25 09:10"), **ALONE)
    assert {slot.length for slot, _, _ in long} == {timedelta(hours=8)}
    assert {slot.length for slot, _, _ in short} == {timedelta(minutes=30)}


def test_shut_room_or_full_fortnight_offers_nothing() -> None:
    assert offered(closed_at=NOW) == []
    assert offered(hours=OpeningHours({})) == []
    full = tuple(held(HALL, f"2026-11-{day} 00:00", f"2026-11-{day} 24:00") for day in range(24, 31))
    more = tuple(held(HALL, f"2026-12-{day:02d} 00:00", f"2026-12-{day:02d} 24:00") for day in range(1, 15))
    assert offered(taken=full + more, **ALONE) == []


def test_next_free_starts_at_a_quarter_and_lasts_as_usual() -> None:
    assert next_free(a_room(**ALONE), taken=(), now=NOW, days=2) == Alternative(
        span("2026-11-24 14:15", "2026-11-24 16:15"), None
    )
    taken = (held(HALL, "2026-11-24 15:30", "2026-11-24 21:45"),)
    assert next_free(a_room(), taken=taken, now=NOW, days=2) == Alternative(
        span("2026-11-24 14:15", "2026-11-24 15:30"), HALL
    )
    full = (held(HALL, "2026-11-24 14:00", "2026-11-24 21:45"),)
    assert next_free(a_room(), taken=full, now=NOW, days=2) == Alternative(
        span("2026-11-25 08:00", "2026-11-25 10:00"), HALL
    )
    assert next_free(a_room(**ALONE), taken=full, now=NOW, days=1) is None


def test_next_free_is_in_the_part_that_is_free_soonest_when_the_first_part_has_nothing() -> None:
    library = ZoneView(3, "bieb", "Bieb", 12)
    room = a_room(zones=(HALL, KITCHEN, library))
    full = (
        held(HALL, "2026-11-24 08:00", "2026-11-24 22:00", is_closure=True),
        held(HALL, "2026-11-25 08:00", "2026-11-25 22:00"),
        held(KITCHEN, "2026-11-24 14:00", "2026-11-24 18:00"),
        held(library, "2026-11-24 14:00", "2026-11-24 17:00"),
    )
    assert next_free(room, taken=full, now=NOW, days=2) == Alternative(
        span("2026-11-24 17:00", "2026-11-24 19:00"), library
    )
    assert next_free(room, taken=full, now=NOW, days=3) == Alternative(
        span("2026-11-26 08:00", "2026-11-26 10:00"), HALL
    )


def test_next_free_stays_within_the_horizon() -> None:
    taken = tuple(held(HALL, f"2026-11-{day} 08:00", f"2026-11-{day} 22:00") for day in (24, 25, 26))
    assert next_free(a_room(horizon_days=2, **ALONE), taken=taken, now=NOW, days=14) is None


@st.composite
def slots(draw: st.DrawFn, first: date = date(2026, 10, 24), days: int = 8) -> TimeSlot:
    begin = at(f"{first + timedelta(days=draw(st.integers(0, days)))} 00:00")
    start = begin + timedelta(minutes=5 * draw(st.integers(0, 270)))
    return TimeSlot(start, start + timedelta(minutes=5 * draw(st.integers(1, 120))))


HOURS = st.sampled_from(
    [
        ALL_DAY,
        OpeningHours({day: (Stretch(0, 1440),) for day in range(7)}),
        OpeningHours({day: (Stretch(540, 720), Stretch(840, 1020)) for day in range(5)}),
    ]
)


@settings(max_examples=120, deadline=None)
@given(
    wish=slots(),
    zone=st.sampled_from([HALL, KITCHEN, None]),
    people=st.integers(1, 50),
    taken=st.lists(st.builds(Taken, st.sampled_from([1, 2]), slots()), max_size=12),
    hours=HOURS,
    buffer=st.sampled_from([0, 15, 30]),
    used=st.sampled_from([None, 0, 4]),
    quota_from=st.sampled_from([0, 18 * 60]),
)
def test_every_alternative_passes_the_rule_and_comes_once(
    wish, zone, people, taken, hours, buffer, used, quota_from
) -> None:
    now = at("2026-10-24 13:07")
    room = a_room(hours=hours, buffer_minutes=buffer)
    fair_use = () if used is None else (FairUse(4, quota_from, used, (date(2026, 10, 1), date(2026, 11, 1))),)
    asked = BookingWish(wish, zone, people, "")
    found = alternatives_to(asked, room, taken=tuple(taken), fair_use=fair_use, now=now)
    assert len(found) <= 3
    assert len({(a.slot, a.zone) for a in found}) == len(found)
    for alternative in found:
        possible = replace(asked, slot=alternative.slot, zone=alternative.zone)
        assert objections_to(possible, room, taken=tuple(taken), fair_use=fair_use, now=now) == ()
        day, times = day_of(alternative.slot.starts), (alternative.slot.starts, alternative.slot.ends)
        assert slot_on(day, *map(minutes_of, times)) == alternative.slot, "as the form can say it"
