"""What can be decided about booking, and which bookings would not fit."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from ontmoet.arranging.use_rules import (
    Reason,
    Settings,
    Unfit,
    objections_to,
    settings_from,
    settings_of,
    settings_text,
    unfit,
)
from ontmoet.rooms.rules import UseKind, UseRuleView
from tests.samples import NOW, a_room, span

USUAL = Settings(False, False, None, 0, 30, 120, 480, 180, 0, 366)
HALL, KITCHEN = 1, 2
ZONES = frozenset({HALL, KITCHEN})


@dataclass(frozen=True)
class Booked:
    public_id: str
    slot: object
    home_id: int | None = 14
    zone_id: int | None = HALL
    use_kind: UseKind = UseKind.OWN


def booked(*times: tuple[str, str], **facts: object) -> list[Booked]:
    return [Booked(f"b{n}", span(*pair), **facts) for n, pair in enumerate(times)]


def test_settings_are_those_of_the_room_and_go_through_a_form() -> None:
    room = a_room(use_rules={UseKind.OWN: UseRuleView(True, 4, 1080)}, buffer_minutes=15)
    found = settings_of(room)
    assert found == Settings(True, False, 4, 1080, 30, 120, 480, 180, 15, 366)
    assert settings_text(found) == "1,0,4,1080,30,120,480,180,15,366"
    assert settings_from(settings_text(found)) == found
    assert settings_from(settings_text(USUAL)) == USUAL
    for text in (
        "",
        "1",
        "1,0,4,1080,30,120,480,180,15",
        "2,0,4,1080,30,120,480,180,15,366",
        "x" * 999,
        "," * 8,
    ):
        with pytest.raises(ValueError, match=r"."):
            settings_from(text)


def test_lengths_must_be_in_order() -> None:
    def why(**changes: int) -> list[tuple[str, str | None]]:
        return [(o.reason, o.field) for o in objections_to(replace(USUAL, **changes))]

    assert why() == []
    assert why(longest=15) == [(Reason.LONGEST_TOO_SHORT, "longest")]
    assert why(usual=15) == why(usual=500) == [(Reason.USUAL_OUT_OF_REACH, "usual")]
    assert why(shortest=120, longest=120) == []


def test_turns_count_from_an_hour_at_which_somebody_can_begin() -> None:
    found = objections_to(replace(USUAL, quota=2, quota_from=24 * 60))
    assert [(o.reason, o.field) for o in found] == [(Reason.COUNTS_NOTHING, "quota_from")]
    assert objections_to(replace(USUAL, quota=2, quota_from=24 * 60 - 15)) == ()


def test_bookings_that_do_not_fit_are_counted_once() -> None:
    coming = booked(
        ("2026-11-25 10:00", "2026-11-25 10:15"),
        ("2026-11-25 10:15", "2026-11-25 15:00"),
        ("2027-05-23 10:00", "2027-05-23 12:00"),
        ("2027-05-24 10:00", "2027-05-24 16:00"),
    )
    found = unfit(replace(USUAL, longest=240), coming, ZONES, now=NOW)
    assert found == Unfit(total=3, too_short=1, too_long=2, too_far=1, too_often=0, too_close=0)


def test_turns_are_of_a_home_in_a_month_from_an_hour_on() -> None:
    evenings = booked(
        ("2026-11-30 17:59", "2026-11-30 18:30"),
        ("2026-11-30 19:00", "2026-11-30 20:00"),
        ("2026-12-01 18:00", "2026-12-01 20:00"),
        ("2026-12-02 19:00", "2026-12-02 20:00"),
        ("2026-12-03 19:00", "2026-12-03 20:00"),
    )
    limited = replace(USUAL, quota=2, quota_from=1080)
    assert unfit(limited, evenings, ZONES, now=NOW).too_often == 1
    assert unfit(replace(limited, quota=1, quota_from=0), evenings, ZONES, now=NOW).too_often == 3
    for free in ({"use_kind": UseKind.OPEN_ACTIVITY}, {"home_id": None}):
        others = booked(*[("2026-12-01 19:00", "2026-12-01 20:00")] * 5, **free)
        assert unfit(limited, others, ZONES, now=NOW).too_often == 0


def test_time_between_two_is_asked_for_in_the_same_place_only() -> None:
    hall = Booked("a", span("2026-12-01 10:00", "2026-12-01 12:00"), zone_id=HALL)
    kitchen = Booked("b", span("2026-12-01 12:00", "2026-12-01 13:00"), zone_id=KITCHEN)
    whole = Booked("c", span("2026-12-01 13:10", "2026-12-01 14:00"), zone_id=None)
    after = Booked("d", span("2026-12-01 14:15", "2026-12-01 15:00"), zone_id=HALL)
    coming = [hall, kitchen, whole, after]
    close = [unfit(replace(USUAL, buffer=n), coming, ZONES, now=NOW).too_close for n in (0, 10, 11, 15, 16)]
    assert close == [0, 0, 1, 1, 2]
