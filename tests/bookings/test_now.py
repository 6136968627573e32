"""How a room is at this moment, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ontmoet.bookings.now import Doorway, RoomNow, room_now
from ontmoet.rooms.rules import OpeningHours, Stretch
from tests.builders import at
from tests.samples import HALL, KITCHEN, NOW, a_room, held


def test_free_room_is_free_until_the_next_booking_or_closing() -> None:
    later = (held(KITCHEN, "2026-11-24 18:00", "2026-11-24 19:00"),)
    assert room_now(a_room(), (), now=NOW) == RoomNow(Doorway.FREE, at("2026-11-24 22:00"))
    assert room_now(a_room(), later, now=NOW) == RoomNow(Doorway.FREE, at("2026-11-24 18:00"))


def test_one_zone_in_use_leaves_the_room_partly_free_until_the_free_one_is_taken() -> None:
    taken = (
        held(HALL, "2026-11-24 14:00", "2026-11-24 15:00"),
        held(HALL, "2026-11-24 16:00", "2026-11-24 17:00"),
        held(KITCHEN, "2026-11-24 20:00", "2026-11-24 21:00"),
    )
    assert room_now(a_room(), taken, now=NOW) == RoomNow(
        Doorway.PARTLY_FREE, at("2026-11-24 20:00"), (KITCHEN,)
    )


def test_busy_room_is_busy_until_the_first_zone_comes_free_through_touching_bookings() -> None:
    taken = (
        held(HALL, "2026-11-24 14:00", "2026-11-24 15:00"),
        held(HALL, "2026-11-24 15:00", "2026-11-24 16:30"),
        held(KITCHEN, "2026-11-24 13:00", "2026-11-24 18:00"),
    )
    assert room_now(a_room(), taken, now=NOW) == RoomNow(Doorway.BUSY, at("2026-11-24 16:30"))


def test_slot_is_over_at_its_end_and_holds_at_its_start() -> None:
    room = a_room(zones=(HALL,))
    ends = (held(HALL, "2026-11-24 13:00", "2026-11-24 14:05"),)
    starts = (held(HALL, "2026-11-24 14:05", "2026-11-24 15:00"),)
    assert room_now(room, ends, now=NOW).doorway is Doorway.FREE
    assert room_now(room, starts, now=NOW) == RoomNow(Doorway.BUSY, at("2026-11-24 15:00"))


def test_room_out_of_hours_is_closed_until_it_opens() -> None:
    room = a_room(hours=OpeningHours({1: (Stretch(540, 720), Stretch(900, 1020)), 4: (Stretch(540, 720),)}))
    assert room_now(room, (), now=NOW) == RoomNow(Doorway.CLOSED, at("2026-11-24 15:00"))
    assert room_now(room, (), now=at("2026-11-24 17:00")) == RoomNow(Doorway.CLOSED, at("2026-11-27 09:00"))
    assert room_now(a_room(hours=OpeningHours({})), (), now=NOW) == RoomNow(Doorway.CLOSED, None)


def test_closure_of_every_zone_closes_the_room_and_of_one_zone_does_not() -> None:
    hall = held(HALL, "2026-11-24 08:00", "2026-11-24 16:00", is_closure=True)
    kitchen = held(KITCHEN, "2026-11-24 08:00", "2026-11-24 17:00", is_closure=True)
    booked = held(KITCHEN, "2026-11-24 14:00", "2026-11-24 17:00")
    assert room_now(a_room(), (hall, kitchen), now=NOW) == RoomNow(Doorway.CLOSED, at("2026-11-24 16:00"))
    assert room_now(a_room(), (hall, booked), now=NOW) == RoomNow(Doorway.BUSY, at("2026-11-24 16:00"))
    assert room_now(a_room(), (hall,), now=NOW).free_zones == (KITCHEN,)


def test_closure_past_closing_time_opens_with_the_hours_and_not_at_midnight() -> None:
    room = a_room(zones=(HALL,))
    days = tuple(
        held(
            HALL,
            f"2026-11-{day} {'08:00' if day == 24 else '00:00'}",
            f"2026-11-{day} 24:00",
            is_closure=True,
        )
        for day in (24, 25)
    )
    assert room_now(room, days, now=NOW) == RoomNow(Doorway.CLOSED, at("2026-11-26 08:00"))


def test_room_out_of_hours_opens_no_sooner_than_a_part_is_out_of_its_closures() -> None:
    evening = at("2026-11-24 22:05")
    hall = held(HALL, "2026-11-25 00:00", "2026-11-25 24:00", is_closure=True)
    kitchen = held(KITCHEN, "2026-11-25 00:00", "2026-11-25 12:00", is_closure=True)
    booked = held(KITCHEN, "2026-11-25 12:00", "2026-11-25 22:00")
    assert room_now(a_room(), (hall,), now=evening).until == at("2026-11-25 08:00")
    assert room_now(a_room(), (hall, kitchen, booked), now=evening).until == at("2026-11-25 12:00")
    alone = a_room(zones=(HALL,))
    assert room_now(alone, (hall,), now=evening).until == at("2026-11-26 08:00")
    longer = replace(hall, closed_until=at("2026-11-26 09:00"))
    assert room_now(alone, (longer,), now=evening).until == at("2026-11-26 09:00")


def test_room_that_stays_closed_beyond_what_is_known_does_not_say_when_it_opens() -> None:
    alone, evening = a_room(zones=(HALL,)), at("2026-11-24 22:05")
    closed = held(HALL, "2026-11-25 00:00", "2026-11-25 24:00", is_closure=True)
    until_the_last_day = replace(closed, closed_until=at("2026-12-07 12:00"))
    beyond = replace(closed, closed_until=at("2026-12-08 12:00"))
    assert room_now(alone, (until_the_last_day,), now=evening).until == at("2026-12-07 12:00")
    assert room_now(alone, (beyond,), now=evening).until is None


def test_room_closed_for_good_never_says_when_it_opens() -> None:
    assert room_now(a_room(closed_at=NOW), (), now=NOW) == RoomNow(Doorway.CLOSED, None)
    assert room_now(a_room(live_at=None), (), now=NOW) == RoomNow(Doorway.CLOSED, None)


def test_room_that_goes_live_later_opens_no_sooner() -> None:
    room = a_room(live_at=NOW + timedelta(days=3))
    assert room_now(room, (), now=NOW) == RoomNow(Doorway.CLOSED, NOW + timedelta(days=3))
