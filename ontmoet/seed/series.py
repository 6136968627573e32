"""What comes back each week in the demo is a series, as far as it is still to come."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from ontmoet.kernel.walltime import day_of, minutes_of
from ontmoet.series.models import Series, SeriesDate, SeriesHost
from ontmoet.series.rules import CONFIRMED_FOR, DateState, Frequency, Rhythm, days_of

from .writing import public_ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from .drafts import Draft
    from .programme import Story, Weekly
    from .settle import Booker, SettledRoom
    from .writing import Rows

FEWEST = 3
"""What comes less often any more is no series."""
DROP_IN = "inloop"


def series_to_come(
    story: Story, drafts: Sequence[Draft], cast: Mapping[str, Booker], *, now: datetime
) -> list[dict[date, int]]:
    """What comes back and is still to come: of each series its days, with the place of its booking in
    `drafts`. No booking is in two.
    """
    found, taken = [], set()
    for weekly in story.weekly:
        days = {
            day: place
            for day, place in _of(weekly, drafts, cast[weekly.by].person_id, now)
            if place not in taken
        }
        if sum(drafts[place].holds_the_room for place in days.values()) >= FEWEST:
            taken |= set(days.values())
            found.append(days)
    return found


def add_series(
    rows: Rows,
    room: SettledRoom,
    found: Sequence[Mapping[date, int]],
    drafts: Sequence[Draft],
    booked: Sequence[int],
) -> None:
    """Set the series ready, in the order in which `numbers_of` counted them; `booked` are the ids of the
    drafts. A week in which the group does not come is struck.
    """
    ids = public_ids(Random(f"series in {room.plan.slug}"))
    for days in found:
        first, last = min(days), max(days)
        one = drafts[days[first]]
        rhythm = rhythm_of(days)
        is_drop_in = DROP_IN in one.purpose.lower()
        made_at = min(drafts[place].made_at for place in days.values())
        series_id = rows.add(
            Series,
            public_id=next(ids),
            room_id=room.room_id,
            zone_id=room.zone_ids[one.zone] if one.zone else None,
            home_id=one.party.home_id,
            organisation_id=one.party.organisation_id,
            for_corporation=one.party.is_corporation,
            person_id=one.person_id,
            entered_by_id=one.entered_by_id,
            use_kind=one.party.use_kind,
            visibility=one.visibility,
            is_drop_in=is_drop_in,
            frequency=rhythm.frequency,
            every=rhythm.every,
            weekdays=str(first.weekday()),
            month_day=None,
            nth=None,
            first_day=first,
            last_day=last,
            starts=minutes_of(one.slot.starts),
            ends=minutes_of(one.slot.ends),
            people=one.people,
            purpose=one.purpose,
            responsible=one.responsible,
            continues_id=None,
            believed_until=first + CONFIRMED_FOR,
            made_at=made_at,
            ended_at=None,
            version=1,
            looked_at=None,
        )
        for day in days_of(rhythm):
            rows.add(
                SeriesDate,
                series_id=series_id,
                day=day,
                state=DateState.BOOKED if day in days else DateState.STRUCK,
                why=None,
                booking_id=booked[days[day]] if day in days else None,
                asked_at=made_at,
                offered_at=None,
            )
        if is_drop_in:
            host = one.person_id
            rows.add(SeriesHost, series_id=series_id, since=first, opens_id=host, closes_id=host)


def numbers_of(rows: Rows, found: Sequence[Mapping[date, int]]) -> dict[int, int]:
    """The ids that the series will get, by the place of each of their bookings in the drafts."""
    before = rows.count(Series)
    return {place: before + number for number, days in enumerate(found, start=1) for place in days.values()}


def rhythm_of(days: Mapping[date, int]) -> Rhythm:
    """Every week, or every so many: as far apart as the days that are nearest to each other."""
    first, last = min(days), max(days)
    ordered = sorted(days)
    apart = min((later - day).days for day, later in pairwise(ordered))
    return Rhythm(Frequency.WEEKLY, apart // 7, first, last, (first.weekday(),))


def _of(weekly: Weekly, drafts: Sequence[Draft], person_id: int, now: datetime) -> Iterator[tuple[date, int]]:
    for place, draft in enumerate(drafts):
        if draft.slot.starts <= now or (draft.purpose, draft.person_id) != (weekly.purpose, person_id):
            continue
        day = day_of(draft.slot.starts)
        if (day.weekday(), minutes_of(draft.slot.starts)) == (weekly.weekday, int(weekly.starts * 60)):
            yield day, place
