"""Values for pure tests: a room, its zones, people. Nothing here touches a database."""

from __future__ import annotations

from typing import Any

from ontmoet.bookings.agenda_queries import AgendaLine
from ontmoet.bookings.rules import BookingWish, Taken
from ontmoet.kernel.actor import Actor, Dwelling, Function
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import MINUTES_A_DAY, day_of, minutes_of
from ontmoet.rooms.rules import KeyPlan, OpeningHours, RoomView, Stretch, ZoneView
from tests.builders import at

HALL = ZoneView(1, "zaal", "Zaal", 40)
KITCHEN = ZoneView(2, "keuken", "Keuken", 8)
ALL_DAY = OpeningHours({day: (Stretch(8 * 60, 22 * 60),) for day in range(7)})
COMPLEX, HOME = 5, 14
NOW = at("2026-11-24 14:05")


def a_room(**settings: Any) -> RoomView:
    """A live room of two zones, open 8:00-22:00, that homes of one complex may use."""
    values: dict[str, Any] = {
        "room_id": 1,
        "slug": "de-linde",
        "name": "De Linde",
        "address": "Lindelaan 1",
        "town": "Proefwijk",
        "door": "linde",
        "welcome": "Voor iedereen.",
        "capacity": 45,
        "key_plan": KeyPlan.HANDED_OUT,
        "key_note": "Bij Bram.",
        "buffer_minutes": 0,
        "horizon_days": 180,
        "shortest_minutes": 30,
        "longest_minutes": 480,
        "usual_minutes": 120,
        "live_at": at("2026-01-01 00:00"),
        "closed_at": None,
        "zones": (HALL, KITCHEN),
        "hours": ALL_DAY,
        "use_rules": {},
        "used_by_complexes": frozenset({COMPLEX}),
        "used_by_homes": frozenset(),
        "corporation_name": "Woonstichting De Proef",
        "corporation_phone": "0800 555 00 00",
    }
    return RoomView(**{**values, **settings})


def span(starts: str, ends: str) -> TimeSlot:
    """A slot by the wall clock, such as "2026-11-25 14:00"."""
    return TimeSlot(at(starts), at(ends))


def a_wish(
    starts: str = "2026-11-25 14:00",
    ends: str = "2026-11-25 16:00",
    *,
    zone: ZoneView | None = HALL,
    people: int = 4,
) -> BookingWish:
    return BookingWish(span(starts, ends), zone, people, "")


def held(zone: ZoneView, starts: str, ends: str, *, is_closure: bool = False) -> Taken:
    return Taken(zone.zone_id, span(starts, ends), is_closure)


def an_actor(
    *functions: Function,
    room_id: int | None = 1,
    lives_in: int | None = None,
    home_id: int = HOME,
    organisation_id: int | None = None,
    person_id: int = 7,
) -> Actor:
    """Somebody with these functions in a room (None: for the corporation), living in a complex or not."""
    return Actor(
        person_id,
        "Noor de Proef",
        () if lives_in is None else (Dwelling(home_id, lives_in),),
        {room_id: frozenset(functions)} if functions else {},
        organisations={} if organisation_id is None else {room_id: organisation_id},
    )


def a_line(slot: TimeSlot, *zones: ZoneView, **settings: Any) -> AgendaLine:
    """A line of the agenda as a stranger sees it."""
    values: dict[str, Any] = {
        "public_id": "0123456789",
        "slot": slot,
        "day": day_of(slot.starts),
        "starts_at": minutes_of(slot.starts),
        "ends_at": minutes_of(slot.ends) or MINUTES_A_DAY,
        "zone_ids": frozenset(zone.zone_id for zone in zones or (HALL,)),
        "is_closure": False,
        "is_request": False,
        "is_open": False,
        "is_mine": False,
        "may_see": False,
        "title": "",
        "name": "",
        "people": None,
    }
    return AgendaLine(**{**values, **settings})
