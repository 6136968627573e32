"""When rooms are taken, while a list of bookings is judged. Pure."""

from __future__ import annotations

from bisect import bisect_left, insort
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta


class Held:
    """When each zone is taken: no two of these overlap, so only the neighbours have to be looked at. And when
    something begins there, also what the list is going to add.
    """

    def __init__(self) -> None:
        self._by_zone: dict[int, list[tuple[datetime, datetime]]] = {}
        self._begins: dict[int, list[datetime]] = {}

    def begins(self, zone_id: int, moment: datetime) -> None:
        """Something begins there then."""
        insort(self._begins.setdefault(zone_id, []), moment)

    def until(self, zone_ids: Iterable[int], ends: datetime, buffer: timedelta) -> datetime:
        """Until when a booking holds its room: with the time to tidy up, as far as there is any before the
        next. What is in a list happened so, also where nobody took that time.
        """
        until = ends + buffer
        for zone_id in zone_ids:
            begins = self._begins[zone_id]
            at = bisect_left(begins, ends)
            if at < len(begins):
                until = min(until, begins[at])
        return until

    def add(self, zone_id: int, held_from: datetime, held_until: datetime) -> None:
        """It is taken from then until then."""
        insort(self._by_zone.setdefault(zone_id, []), (held_from, held_until))

    def has(self, zone_id: int, held_from: datetime, held_until: datetime) -> bool:
        """Whether it is taken somewhere between."""
        taken = self._by_zone.get(zone_id, [])
        at = bisect_left(taken, (held_until, datetime.min.replace(tzinfo=UTC)))
        return at > 0 and taken[at - 1][1] > held_from
