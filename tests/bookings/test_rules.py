"""May this booking be made, and if not, why not."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest

from ontmoet.bookings.rules import FairUse, Moving, Reason, first_clash, objections_to, slot_on
from ontmoet.bookings.states import (
    HOLDS_THE_ROOM,
    CancelReason,
    Status,
    lapses_at,
    may_still_change,
    standing,
)
from ontmoet.kernel.objections import Refused
from ontmoet.rooms.rules import OpeningHours, Stretch
from tests.builders import at
from tests.samples import HALL, KITCHEN, NOW, a_room, a_wish, held, span

HALL_ALONE = frozenset({HALL.zone_id})
NOVEMBER = (date(2026, 11, 1), date(2026, 12, 1))
RAISED_BY_ACTIONS = {
    Reason.WAITS_ALREADY,
    Reason.OFFER_OVER,
    Reason.IS_THERE,
    Reason.NO_SUCH_ZONE,
    Reason.FORM_REUSED,
    Reason.CHANGED_MEANWHILE,
    Reason.ALREADY_OVER,
    Reason.NOT_CONFIRMED,
    Reason.NOT_YET,
}
"""These need the database; tests/bookings/test_actions.py raises each of them."""


def reasons(wish=None, room=None, *, taken=(), fair_use=(), now=NOW, has_agreed=True, moving=None):
    found = objections_to(
        wish or a_wish(),
        room or a_room(),
        taken=taken,
        fair_use=fair_use,
        now=now,
        has_agreed=has_agreed,
        moving=moving,
    )
    return [(objection.reason, objection.field) for objection in found]


def refusal_of(day: date, starts: int, ends: int) -> tuple[Reason, str | None]:
    with pytest.raises(Refused) as refused:
        slot_on(day, starts, ends)
    (objection,) = refused.value.objections
    return objection.reason, objection.field


OF_THE_RULE = {
    Reason.ROOM_TAKEN: lambda: reasons(taken=(held(HALL, "2026-11-25 15:00", "2026-11-25 17:00"),)),
    Reason.ROOM_CLOSED: lambda: reasons(room=a_room(closed_at=NOW)),
    Reason.OUTSIDE_OPENING_HOURS: lambda: reasons(a_wish("2026-11-25 07:00", "2026-11-25 09:00")),
    Reason.IN_THE_PAST: lambda: reasons(a_wish("2026-11-24 13:00", "2026-11-24 15:00")),
    Reason.TOO_FAR_AHEAD: lambda: reasons(a_wish("2027-06-01 14:00", "2027-06-01 16:00")),
    Reason.TOO_SHORT: lambda: reasons(a_wish("2026-11-25 14:00", "2026-11-25 14:15")),
    Reason.TOO_LONG: lambda: reasons(a_wish("2026-11-25 09:00", "2026-11-25 17:15")),
    Reason.TOO_MANY_PEOPLE: lambda: reasons(a_wish(people=41)),
    Reason.FAIR_USE_SPENT: lambda: reasons(fair_use=(FairUse(2, 0, 2, NOVEMBER),)),
    Reason.HOUSE_RULES_NOT_AGREED: lambda: reasons(has_agreed=False),
    Reason.HAS_BEGUN: lambda: reasons(
        moving=Moving(span("2026-11-24 14:00", "2026-11-24 16:00"), HALL_ALONE)
    ),
    Reason.BELONGS_NO_LONGER: lambda: reasons(
        moving=Moving(span("2026-11-25 14:00", "2026-11-25 15:45"), HALL_ALONE, may_have_more=False)
    ),
    Reason.MORE_NEEDS_A_YES: lambda: reasons(
        a_wish("2026-11-24 13:00", "2026-11-24 16:15"),
        moving=Moving(span("2026-11-24 13:00", "2026-11-24 16:00"), HALL_ALONE, needs_yes=True),
    ),
    Reason.ENDS_BEFORE_START: lambda: [refusal_of(date(2026, 11, 25), 900, 840)],
    Reason.NO_SUCH_TIME: lambda: [refusal_of(date(2027, 3, 28), 150, 240)],
}


@pytest.mark.parametrize("reason", OF_THE_RULE)
def test_each_reason_of_the_rule_is_given_alone(reason: Reason) -> None:
    assert [found for found, _field in OF_THE_RULE[reason]()] == [reason]


def test_every_reason_is_reachable() -> None:
    assert set(OF_THE_RULE) | RAISED_BY_ACTIONS == set(Reason)
    assert not set(OF_THE_RULE) & RAISED_BY_ACTIONS


def test_wish_that_fits_meets_no_objection() -> None:
    assert reasons() == []


@pytest.mark.parametrize(
    ("starts", "ends"),
    [("2026-11-25 12:00", "2026-11-25 14:00"), ("2026-11-25 16:00", "2026-11-25 18:00")],
)
def test_touching_slot_is_allowed_without_a_buffer(starts: str, ends: str) -> None:
    assert reasons(taken=(held(HALL, starts, ends),)) == []


def test_one_minute_of_overlap_is_refused() -> None:
    assert reasons(taken=(held(HALL, "2026-11-25 15:59", "2026-11-25 18:00"),)) == [
        (Reason.ROOM_TAKEN, "starts")
    ]


def test_buffer_is_a_tail_behind_the_wish() -> None:
    room = a_room(buffer_minutes=30)
    later = (held(HALL, "2026-11-25 16:15", "2026-11-25 18:45"),)
    exactly = (held(HALL, "2026-11-25 16:30", "2026-11-25 18:45"),)
    earlier = (held(HALL, "2026-11-25 11:00", "2026-11-25 14:00"),)
    assert reasons(room=room, taken=later) == [(Reason.ROOM_TAKEN, "starts")]
    assert reasons(room=room, taken=exactly) == []
    assert reasons(room=room, taken=earlier) == []


def test_another_zone_does_not_stand_in_the_way_but_does_of_the_whole_room() -> None:
    taken = (held(KITCHEN, "2026-11-25 14:00", "2026-11-25 16:00"),)
    assert reasons(a_wish(zone=HALL), taken=taken) == []
    assert reasons(a_wish(zone=None), taken=taken) == [(Reason.ROOM_TAKEN, "starts")]


@pytest.mark.parametrize(
    ("zone", "held_zones", "part", "parts"),
    [
        (HALL, [HALL], True, (HALL.name,)),
        (HALL, [HALL, KITCHEN], False, ()),
        (None, [KITCHEN], False, (KITCHEN.name,)),
        (None, [HALL, KITCHEN], False, ()),
    ],
)
def test_another_part_is_spoken_of_when_there_is_one(zone, held_zones, part, parts) -> None:
    taken = tuple(held(each, "2026-11-25 14:00", "2026-11-25 16:00") for each in held_zones)
    (found,) = objections_to(a_wish(zone=zone), a_room(), taken=taken, fair_use=(), now=NOW)
    assert (found.facts["part"], found.facts["parts"]) == (part, parts)


def test_first_clash_is_the_earliest_one() -> None:
    late = held(HALL, "2026-11-25 15:30", "2026-11-25 18:00")
    early = held(HALL, "2026-11-25 13:00", "2026-11-25 14:30")
    assert first_clash(a_wish(), a_room(), (late, early)) == early


@pytest.mark.parametrize(("zone", "limit"), [(HALL, 40), (KITCHEN, 8), (None, 45)])
def test_capacity_is_reached_and_not_passed(zone, limit: int) -> None:
    assert reasons(a_wish(zone=zone, people=limit)) == []
    assert reasons(a_wish(zone=zone, people=limit + 1)) == [(Reason.TOO_MANY_PEOPLE, "people")]


def test_horizon_holds_its_last_day_and_not_the_next() -> None:
    room = a_room(horizon_days=10)
    assert reasons(a_wish("2026-12-04 20:00", "2026-12-04 22:00"), room) == []
    assert reasons(a_wish("2026-12-05 08:00", "2026-12-05 09:00"), room) == [(Reason.TOO_FAR_AHEAD, "day")]


def test_slot_that_starts_now_is_not_past() -> None:
    assert reasons(a_wish("2026-11-24 14:05", "2026-11-24 15:00")) == []
    assert reasons(a_wish("2026-11-24 14:04", "2026-11-24 15:00")) == [(Reason.IN_THE_PAST, "starts")]
    assert reasons(a_wish("2026-11-23 14:00", "2026-11-23 15:00")) == [(Reason.IN_THE_PAST, "day")]


def test_of_what_is_over_nothing_is_said_of_who_had_it_or_of_turns() -> None:
    for day, told in ((23, [Reason.IN_THE_PAST]), (25, [Reason.ROOM_TAKEN, Reason.FAIR_USE_SPENT])):
        times = f"2026-11-{day} 14:00", f"2026-11-{day} 15:00"
        found = reasons(a_wish(*times), taken=(held(HALL, *times),), fair_use=(FairUse(2, 0, 2, NOVEMBER),))
        assert [reason for reason, _field in found] == told


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (a_room(live_at=None), [(Reason.ROOM_CLOSED, None)]),
        (a_room(live_at=NOW + timedelta(seconds=1)), [(Reason.ROOM_CLOSED, None)]),
        (a_room(live_at=NOW), []),
        (a_room(closed_at=NOW + timedelta(seconds=1)), []),
    ],
)
def test_room_takes_bookings_from_its_first_moment_to_its_last(room, expected) -> None:
    assert reasons(room=room) == expected


def test_length_at_both_edges_is_allowed() -> None:
    assert reasons(a_wish("2026-11-25 14:00", "2026-11-25 14:30")) == []
    assert reasons(a_wish("2026-11-25 09:00", "2026-11-25 17:00")) == []


def test_slot_within_one_of_two_stretches_is_allowed_across_them_not() -> None:
    room = a_room(hours=OpeningHours({2: (Stretch(9 * 60, 12 * 60), Stretch(14 * 60, 17 * 60))}))
    assert reasons(a_wish("2026-11-25 14:00", "2026-11-25 17:00"), room) == []
    assert reasons(a_wish("2026-11-25 11:00", "2026-11-25 15:00"), room) == [
        (Reason.OUTSIDE_OPENING_HOURS, "starts")
    ]
    assert reasons(a_wish("2026-11-26 14:00", "2026-11-26 15:00"), room) == [
        (Reason.OUTSIDE_OPENING_HOURS, "starts")
    ]


def test_all_objections_are_told_at_once() -> None:
    wish = a_wish("2026-11-25 07:00", "2026-11-25 07:15", people=41)
    taken = (held(HALL, "2026-11-25 07:00", "2026-11-25 09:00"),)
    assert [reason for reason, _ in reasons(wish, taken=taken, fair_use=(FairUse(1, 0, 1, NOVEMBER),))] == [
        Reason.TOO_SHORT,
        Reason.OUTSIDE_OPENING_HOURS,
        Reason.TOO_MANY_PEOPLE,
        Reason.ROOM_TAKEN,
        Reason.FAIR_USE_SPENT,
    ]


def test_fair_use_counts_only_from_its_time_and_within_its_month() -> None:
    evenings = FairUse(4, 18 * 60, 4, NOVEMBER)
    assert evenings.counts(span("2026-11-25 18:00", "2026-11-25 20:00"))
    assert not evenings.counts(span("2026-11-25 17:59", "2026-11-25 20:00"))
    assert not evenings.counts(span("2026-12-01 18:00", "2026-12-01 20:00"))
    assert not evenings.counts(span("2026-10-31 18:00", "2026-10-31 20:00"))
    assert [FairUse(4, 0, used, NOVEMBER).is_spent for used in (3, 4, 5)] == [False, True, True]


def test_slot_on_takes_midnight_as_an_end_and_never_crosses_it() -> None:
    day = date(2026, 11, 25)
    until_midnight = span("2026-11-25 20:00", "2026-11-26 00:00")
    assert slot_on(day, 1200, 0) == slot_on(day, 1200, 1440) == until_midnight
    assert refusal_of(day, 1200, 60) == (Reason.ENDS_BEFORE_START, "ends")
    assert refusal_of(day, 840, 840) == (Reason.ENDS_BEFORE_START, "ends")
    assert refusal_of(day, 1440, 0) == (Reason.ENDS_BEFORE_START, "ends")


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2027, 3, 28)])
def test_slot_on_refuses_the_skipped_hour_at_the_field_it_is_in(sunday: date) -> None:
    assert refusal_of(sunday, 150, 240) == (Reason.NO_SUCH_TIME, "starts")
    assert refusal_of(sunday, 60, 150) == (Reason.NO_SUCH_TIME, "ends")
    assert slot_on(sunday, 60, 180).length == timedelta(hours=1)


def test_slot_on_takes_the_first_of_the_doubled_hour() -> None:
    sunday = date(2026, 10, 25)
    assert slot_on(sunday, 150, 165).starts == at("2026-10-25 00:00") + timedelta(hours=2, minutes=30)
    assert slot_on(sunday, 60, 180).length == timedelta(hours=3)
    assert slot_on(sunday, 150, 165).starts.tzinfo is UTC


@pytest.mark.parametrize(
    ("asked", "starts", "lapses"),
    [
        ("2026-11-24 14:00", "2026-12-24 14:00", "2026-11-27 14:00"),
        ("2026-11-24 14:00", "2026-11-25 14:00", "2026-11-25 10:00"),
        ("2026-11-24 14:00", "2026-11-24 18:00", "2026-11-24 18:00"),
        ("2026-11-24 14:00", "2026-11-24 18:01", "2026-11-24 14:01"),
        ("2026-11-24 14:00", "2026-11-24 15:00", "2026-11-24 15:00"),
    ],
)
def test_request_lapses_after_72_hours_or_4_before_it_starts(asked: str, starts: str, lapses: str) -> None:
    assert lapses_at(at(asked), at(starts)) == at(lapses)


@pytest.mark.parametrize("status", Status)
def test_standing_lapses_only_what_ends_by_itself_past_its_time(status: Status) -> None:
    by_itself = status in (Status.WAITING, Status.OFFERED, Status.REQUESTED)
    over = Status.LAPSED if by_itself else status
    assert standing(status, NOW, now=NOW) == over
    assert standing(status, NOW + timedelta(seconds=1), now=NOW) == status
    assert standing(status, None, now=NOW) == status


@pytest.mark.parametrize("status", Status)
def test_booking_can_change_until_it_ends_and_an_offer_cannot(status: Status) -> None:
    slot = span("2026-11-24 14:00", "2026-11-24 16:00")
    can_change = status in HOLDS_THE_ROOM and status is not Status.OFFERED
    assert may_still_change(status, slot, now=at("2026-11-24 15:59")) is can_change
    assert may_still_change(status, slot, now=at("2026-11-24 16:00")) is False


def test_illness_is_never_a_reason_to_cancel() -> None:
    assert not {"illness", "sick", "ziek", "ziekte"} & {reason.value for reason in CancelReason}


def test_booking_that_began_keeps_its_start_and_ends_later_than_now() -> None:
    began = Moving(span("2026-11-24 13:00", "2026-11-24 16:00"), HALL_ALONE)

    def asked(starts: str, ends: str, day: str = "2026-11-24") -> list[tuple[Reason, str | None]]:
        return reasons(a_wish(f"{day} {starts}", f"{day} {ends}"), moving=began)

    assert [asked("13:00", "17:00"), asked("13:00", "14:06")] == [[], []]
    assert asked("13:00", "14:05") == [(Reason.IN_THE_PAST, "ends")]
    used_would_be_gone = [
        asked("13:15", "17:00"),
        asked("15:00", "17:00"),
        asked("13:00", "16:00", "2026-11-27"),
    ]
    assert used_would_be_gone == [[(Reason.HAS_BEGUN, "starts")]] * 3


def test_who_belongs_to_the_room_no_longer_may_have_less_and_not_more() -> None:
    had = Moving(span("2026-11-25 14:00", "2026-11-25 16:00"), HALL_ALONE, may_have_more=False)
    whole = Moving(had.slot, a_room().zone_ids, may_have_more=False)
    less = a_wish("2026-11-25 14:30", "2026-11-25 16:00")
    assert [reasons(less, moving=had), reasons(less, moving=whole)] == [[], []]
    for wish in (
        a_wish("2026-11-25 14:00", "2026-11-25 16:15"),
        a_wish("2026-11-26 14:00", "2026-11-26 16:00"),
        a_wish(zone=None),
        a_wish(zone=KITCHEN),
    ):
        assert reasons(wish, moving=had) == [(Reason.BELONGS_NO_LONGER, None)]


def test_what_a_booking_has_already_is_not_judged_again() -> None:
    evening = Moving(span("2026-11-25 19:00", "2026-11-25 22:00"), HALL_ALONE)
    closes_sooner = a_room(hours=OpeningHours({2: (Stretch(9 * 60, 21 * 60),)}))
    shorter_only = a_room(shortest_minutes=240, longest_minutes=120)
    for room in (closes_sooner, shorter_only):
        kept = reasons(a_wish("2026-11-25 19:00", "2026-11-25 22:00", people=6), room, moving=evening)
        assert kept == []
    less = a_wish("2026-11-25 19:00", "2026-11-25 21:30")
    assert reasons(less, closes_sooner, moving=evening) == []
    elsewhere = a_wish("2026-11-25 18:30", "2026-11-25 21:30")
    assert reasons(elsewhere, closes_sooner, moving=evening) == [(Reason.OUTSIDE_OPENING_HOURS, "starts")]


def test_booking_that_has_its_turn_in_a_month_takes_no_other_one_there() -> None:
    months = (FairUse(1, 0, 2, NOVEMBER), FairUse(1, 0, 1, (date(2026, 12, 1), date(2027, 1, 1))))
    has = Moving(span("2026-11-25 14:00", "2026-11-25 16:00"), HALL_ALONE)
    assert reasons(a_wish(people=6), moving=has, fair_use=months) == []
    assert reasons(a_wish("2026-11-27 14:00", "2026-11-27 16:00"), moving=has, fair_use=months) == []
    next_month = a_wish("2026-12-02 14:00", "2026-12-02 16:00")
    assert reasons(next_month, moving=has, fair_use=months) == [(Reason.FAIR_USE_SPENT, "day")]
    by_day = Moving(has.slot, HALL_ALONE)
    evening = a_wish("2026-11-25 19:00", "2026-11-25 21:00")
    assert reasons(evening, moving=by_day, fair_use=(FairUse(1, 18 * 60, 1, NOVEMBER),)) == [
        (Reason.FAIR_USE_SPENT, "day")
    ]
