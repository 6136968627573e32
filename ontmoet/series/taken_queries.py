"""What is held on many days at once, however far apart they lie."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

from ontmoet.db import Instant, current_connection, execute
from ontmoet.db.guards import LONGEST_HOLD_DAYS
from ontmoet.kernel.timeslot import TimeSlot

from .rules import Held

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


_LONGEST_HOLD = timedelta(days=LONGEST_HOLD_DAYS)

# One statement for all dates: each is a short stretch of the index, with a lower bound, however many
# bookings there are and however far apart the dates lie.
_COLUMNS = (
    " o.zone_id, o.held_from, o.held_until, o.booking_id, o.closure_id, c.ends_at as closed_until, c.reason"
)

_REST = (
    " left join closure c on c.id = o.closure_id"
    " where z.room_id = :room_id and (o.expires_at is null or o.expires_at > :now)"
)

_AS_TEXT = {
    "sqlite": text(
        f"select w.key as n,{_COLUMNS} from json_each(:windows) w cross join zone z"  # noqa: S608 - our own
        " cross join occupancy o on o.zone_id = z.id"
        " and o.held_from < json_extract(w.value, '$[1]') and o.held_from > json_extract(w.value, '$[2]')"
        f" and o.held_until > json_extract(w.value, '$[0]'){_REST}"
    ),
    "postgresql": text(
        f"select w.n - 1 as n,{_COLUMNS}"  # noqa: S608 - our own
        " from jsonb_array_elements(cast(:windows as jsonb)) with ordinality as w(value, n)"
        " cross join zone z join occupancy o on o.zone_id = z.id"
        " and o.held_from < to_timestamp(cast(w.value->>1 as bigint))"
        " and o.held_from > to_timestamp(cast(w.value->>2 as bigint))"
        f" and o.held_until > to_timestamp(cast(w.value->>0 as bigint)){_REST}"
    ),
}

_TAKEN_ON = {
    name: statement.bindparams(bindparam("now", type_=Instant())).columns(
        held_from=Instant(), held_until=Instant(), closed_until=Instant()
    )
    for name, statement in _AS_TEXT.items()
}


def taken_on(
    room_id: int, windows: Mapping[date, TimeSlot], *, now: datetime, leave_out: Collection[int] = ()
) -> dict[date, tuple[Held, ...]]:
    """What is held in a room during a stretch of time on each of these days, by day; one statement.
    `leave_out` are bookings that are about to move.
    """
    if not windows:
        return {}
    asked = [
        [int(w.starts.timestamp()), int(w.ends.timestamp()), int((w.starts - _LONGEST_HOLD).timestamp())]
        for w in windows.values()
    ]
    statement = _TAKEN_ON[current_connection().dialect.name]
    days = list(windows)
    found: defaultdict[date, list[Held]] = defaultdict(list)
    for n, zone_id, held_from, held_until, booking_id, closure_id, closed_until, reason in execute(
        statement, windows=json.dumps(asked), room_id=room_id, now=now
    ):
        if booking_id is None or booking_id not in leave_out:
            slot = TimeSlot(held_from, held_until)
            found[days[n]].append(
                Held(zone_id, slot, closure_id is not None, closed_until, closed_for=reason or "")
            )
    return {day: tuple(held) for day, held in found.items()}
