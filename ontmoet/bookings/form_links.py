"""Links to the form to reserve, with a time filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ontmoet.kernel.walltime import day_of, minutes_of
from ontmoet.web import dates

if TYPE_CHECKING:
    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import RoomView, ZoneView


def path_to(room: RoomView, slot: TimeSlot, *, zone_slug: str, people: int) -> str:
    """The form with a time filled in; what was typed stays out of the address."""
    fields = {
        "day": day_of(slot.starts).isoformat(),
        "starts": dates.field_time(minutes_of(slot.starts)),
        "ends": dates.field_time(dates.end_minutes(slot)),
        "zone": zone_slug,
        "people": people,
    }
    return f"/r/{room.slug}/reserveren?{urlencode(fields, safe=':')}"


def path_to_free(room: RoomView, slot: TimeSlot, zone: ZoneView | None) -> str:
    """The form with a time that is free. It starts with the first part by itself; another one is named."""
    if zone is not None and zone != room.zones[0]:
        return path_to(room, slot, zone_slug=zone.slug, people=1)
    return f"/r/{room.slug}/reserveren?van={dates.local_iso(slot.starts)}&tot={dates.local_end(slot)}"
