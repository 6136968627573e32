"""What a week and a day of its own may look like."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ontmoet.arranging.hours_rules import (
    FURTHEST_DAYS,
    DayPart,
    DaysWanted,
    How,
    Reason,
    SpecialDay,
    SpecialDays,
    TypedStretch,
    days_wanted,
    in_rows,
    is_never_open,
    often_missed,
    stretches_of,
    week_from,
    week_of,
    week_text,
    with_days,
)
from ontmoet.bookings.missed import Missed, hour_missed
from ontmoet.kernel.objections import Refused
from ontmoet.rooms.rules import OpeningHours, Stretch
from tests.samples import span

TODAY = date(2026, 11, 24)


def typed(*pairs: tuple[int | None, int | None]) -> list[TypedStretch]:
    return [TypedStretch(opens, closes, f"o{n}", f"c{n}") for n, (opens, closes) in enumerate(pairs)]


def why(*pairs: tuple[int | None, int | None]) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refusal:
        stretches_of(typed(*pairs))
    [objection] = refusal.value.objections
    return objection.reason, objection.field


def test_day_has_stretches_in_order_and_midnight_is_its_end() -> None:
    assert stretches_of(typed((780, 0), (480, 720))) == (Stretch(480, 720), Stretch(780, 1440))
    assert stretches_of(typed((0, 1440))) == (Stretch(0, 1440),)
    assert stretches_of(typed((480, 720), (720, 900))) == (Stretch(480, 720), Stretch(720, 900))
    assert stretches_of(typed((None, None), (None, None))) == ()


def test_what_makes_no_day_is_refused_at_its_field() -> None:
    assert why((480, None)) == (Reason.HALF_A_STRETCH, "c0")
    assert why((None, 480)) == (Reason.HALF_A_STRETCH, "o0")
    assert why((600, 600)) == (Reason.ENDS_BEFORE_START, "c0")
    assert why((600, 540)) == (Reason.ENDS_BEFORE_START, "c0")
    assert why((480, 720), (719, 800)) == (Reason.OVERLAPS, "o1")
    assert why((700, 800), (480, 720)) == (Reason.OVERLAPS, "o0")


def test_week_tells_what_is_wrong_on_all_days() -> None:
    with pytest.raises(Refused) as refusal:
        week_of([typed((600, 540)), typed((480, 720)), typed((None, 480))])
    assert [o.reason for o in refusal.value.objections] == [Reason.ENDS_BEFORE_START, Reason.HALF_A_STRETCH]
    assert is_never_open(week_of([[]] * 7))
    assert not is_never_open(week_of([typed((0, 60))] + [[]] * 6))


def test_week_is_written_and_read_back_and_nothing_else_is_read() -> None:
    week = week_of([typed((480, 720), (780, 1440)), *[typed((0, 60))] * 3, [], [], []])
    assert week_text(week) == "480-720+780-1440,0-60,0-60,0-60,,,"
    assert week_from(week_text(week)) == week
    for text in (
        "",
        ",,,,,",
        "480,,,,,,",
        "0-60,,,,,,,",
        "60-0,,,,,,",
        "0-1441,,,,,,",
        "\u0660-60,,,,,,",
        "x" * 9999,
    ):
        with pytest.raises(ValueError, match=r"."):
            week_from(text)


def test_days_of_their_own_are_judged() -> None:
    def refused(
        first: date, last: date | None, how: How, *pairs: tuple[int, int], reason: str = "Feest"
    ) -> str:
        with pytest.raises(Refused) as refusal:
            days_wanted(first, last, how, typed(*(pairs or ((None, None),))), reason, today=TODAY)
        return refusal.value.objections[0].reason

    tomorrow = TODAY + timedelta(days=1)
    assert refused(TODAY - timedelta(days=1), None, How.SHUT) == Reason.DAY_IS_PAST
    assert refused(tomorrow, TODAY, How.SHUT) == Reason.DAYS_REVERSED
    assert refused(TODAY, TODAY + timedelta(days=92), How.SHUT) == Reason.TOO_MANY_DAYS
    assert refused(TODAY + timedelta(days=FURTHEST_DAYS + 1), None, How.SHUT) == Reason.TOO_FAR_AHEAD
    assert refused(TODAY, None, How.OTHER) == Reason.NO_HOURS
    assert refused(TODAY, None, How.SHUT, reason="") == Reason.NO_REASON
    found = days_wanted(TODAY, tomorrow, How.OTHER, typed((600, 720)), "Feest", today=TODAY)
    assert found == DaysWanted(TODAY, tomorrow, (Stretch(600, 720),), "Feest")
    assert days_wanted(TODAY, None, How.USUAL, typed((5, 4)), "", today=TODAY).special() == ()


def test_days_change_the_hours_of_those_days_only() -> None:
    usual = OpeningHours({day: (Stretch(480, 1320),) for day in range(7)}, {TODAY: ()})
    shut = with_days(usual, DaysWanted(TODAY + timedelta(days=1), TODAY + timedelta(days=2), (), "Feest"))
    assert [shut.on(TODAY + timedelta(days=n)) for n in range(4)] == [(), (), (), (Stretch(480, 1320),)]
    again = with_days(shut, DaysWanted(TODAY, TODAY, None, ""))
    assert again.on(TODAY) == (Stretch(480, 1320),)
    assert again.on(TODAY + timedelta(days=1)) == ()


def test_days_that_follow_and_go_the_same_are_one_row() -> None:
    days = [TODAY + timedelta(days=n) for n in (0, 1, 2, 4)]
    special = [SpecialDay(day, (), "Kerst" if n < 2 else "Oud en nieuw") for n, day in enumerate(days)]
    assert in_rows(special) == [
        SpecialDays(days[0], days[1], (), "Kerst"),
        SpecialDays(days[2], days[2], (), "Oud en nieuw"),
        SpecialDays(days[3], days[3], (), "Oud en nieuw"),
    ]


def test_what_is_missed_is_grouped_and_few_are_not_told() -> None:
    missed = [Missed(4, 22, 3), Missed(4, 18, 2), Missed(6, 9, 4), Missed(0, 23, 6), Missed(0, 0, 4)]
    assert often_missed(missed) == [((0, DayPart.EVENING), 6), ((4, DayPart.EVENING), 5)]


def test_hour_that_is_missed_is_the_first_in_which_the_room_is_shut() -> None:
    hours = OpeningHours({2: (Stretch(480, 720), Stretch(780, 1320))})
    found = [
        hour_missed(hours, span(f"2026-11-25 {starts}", f"2026-11-25 {ends}"))
        for starts, ends in (("07:00", "09:00"), ("11:00", "14:00"), ("12:30", "14:00"), ("21:00", "23:00"))
    ]
    assert found == [7, 12, 12, 22]
    assert hour_missed(hours, span("2026-11-26 21:30", "2026-11-26 23:00")) == 21
