"""What a room is, and when it is open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ontmoet.rooms.rules import OpeningHours, Stretch, UseKind, UseRuleView
from tests.samples import ALL_DAY, HALL, KITCHEN, NOW, a_room, span

CHRISTMAS = date(2026, 12, 25)
TWO_STRETCHES = OpeningHours(
    {2: (Stretch(9 * 60, 12 * 60), Stretch(14 * 60, 22 * 60)), 4: (Stretch(8 * 60, 22 * 60),)},
    {CHRISTMAS: (), date(2026, 12, 24): (Stretch(10 * 60, 12 * 60),)},
)


def test_hours_are_those_of_the_weekday_unless_the_day_is_another() -> None:
    assert TWO_STRETCHES.on(date(2026, 11, 25)) == (Stretch(540, 720), Stretch(840, 1320))
    assert TWO_STRETCHES.on(date(2026, 11, 26)) == ()
    assert TWO_STRETCHES.on(CHRISTMAS) == ()
    assert TWO_STRETCHES.on(CHRISTMAS + timedelta(days=7)) == (Stretch(480, 1320),)
    assert TWO_STRETCHES.on(date(2026, 12, 24)) == (Stretch(600, 720),)


@pytest.mark.parametrize(
    ("starts", "ends", "open_"),
    [
        ("2026-11-25 09:00", "2026-11-25 12:00", True),
        ("2026-11-25 14:00", "2026-11-25 22:00", True),
        ("2026-11-25 08:59", "2026-11-25 10:00", False),
        ("2026-11-25 11:00", "2026-11-25 12:01", False),
        ("2026-11-25 11:00", "2026-11-25 15:00", False),
        ("2026-12-24 10:00", "2026-12-24 12:00", True),
        ("2026-12-24 09:00", "2026-12-24 11:00", False),
        ("2026-12-25 10:00", "2026-12-25 12:00", False),
    ],
)
def test_slot_is_covered_when_one_stretch_holds_it(starts: str, ends: str, open_: bool) -> None:
    assert TWO_STRETCHES.cover(span(starts, ends)) is open_


def test_open_day_is_23_or_25_hours_when_the_clock_changes() -> None:
    always = OpeningHours({day: (Stretch(0, 1440),) for day in range(7)})
    lengths = [
        always.slots_on(day)[0].length for day in (date(2027, 3, 28), date(2026, 10, 25), date(2026, 11, 25))
    ]
    assert lengths == [timedelta(hours=hours) for hours in (23, 25, 24)]
    assert always.cover(span("2026-10-25 20:00", "2026-10-26 00:00"))


def test_stretch_that_ends_in_the_skipped_hour_ends_an_hour_later() -> None:
    night = OpeningHours({6: (Stretch(0, 150), Stretch(480, 600))})
    assert night.slots_on(date(2027, 3, 28)) == (
        span("2027-03-28 00:00", "2027-03-28 03:30"),
        span("2027-03-28 08:00", "2027-03-28 10:00"),
    )
    assert len(night.slots_on(date(2027, 3, 21))) == 2


def test_room_knows_its_zones() -> None:
    room = a_room()
    assert (room.zone("keuken"), room.zone("zolder"), room.zone("")) == (KITCHEN, None, None)
    assert (room.zone_ids, room.is_divisible) == (frozenset({1, 2}), True)
    assert not a_room(zones=(HALL,)).is_divisible


def test_use_without_a_rule_needs_approval_for_organisations_and_letting_only() -> None:
    room = a_room()
    assert {kind: room.use_rule(kind).needs_approval for kind in UseKind} == {
        UseKind.OWN: False,
        UseKind.OPEN_ACTIVITY: False,
        UseKind.ORGANISATION: True,
        UseKind.LETTING: True,
    }
    own = UseRuleView(needs_approval=True, quota=4, quota_from=1080)
    assert a_room(use_rules={UseKind.OWN: own}).use_rule(UseKind.OWN) == own


@pytest.mark.parametrize(
    ("live", "closed", "open_"),
    [(0, None, True), (1, None, False), (None, None, False), (-9, 1, True), (-9, 0, False)],
)
def test_room_is_open_to_bookings_from_live_until_closed(live, closed, open_: bool) -> None:
    def moment(seconds: int | None):
        return None if seconds is None else NOW + timedelta(seconds=seconds)

    room = a_room(live_at=moment(live), closed_at=moment(closed), hours=ALL_DAY)
    assert room.is_open_to_bookings(NOW) is open_


def test_stretches_that_touch_are_one() -> None:
    hours = OpeningHours({2: (Stretch(480, 720), Stretch(720, 1020), Stretch(1080, 1200))})
    assert hours.slots_on(date(2026, 11, 25)) == (
        span("2026-11-25 08:00", "2026-11-25 17:00"),
        span("2026-11-25 18:00", "2026-11-25 20:00"),
    )
    assert hours.cover(span("2026-11-25 11:00", "2026-11-25 13:00"))
