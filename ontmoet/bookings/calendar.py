"""One booking as a calendar file (RFC 5545)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icalendar import Calendar, Event

from ontmoet.kernel.walltime import wall

from .rules import HOLDS_THE_ROOM

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.rooms.rules import RoomView

    from .queries import BookingView


def calendar_file(booking: BookingView, room: RoomView, *, summary: str, url: str, now: datetime) -> bytes:
    """The file, in the room's own zone so that phones show the wall clock; UID and SEQUENCE make a
    changed booking replace the old entry, and STATUS says when it is off.
    """
    event = Event()
    event.add("uid", f"{booking.public_id}@ontmoet")
    event.add("sequence", booking.version - 1)
    event.add("dtstamp", now)
    event.add("dtstart", wall(booking.slot.starts))
    event.add("dtend", wall(booking.slot.ends))
    event.add("summary", summary)
    event.add("location", f"{room.name}, {room.address}, {room.town}")
    event.add("url", url)
    event.add("status", "CONFIRMED" if booking.status in HOLDS_THE_ROOM else "CANCELLED")
    calendar = Calendar()
    calendar.add("prodid", "-//Ontmoet//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()
