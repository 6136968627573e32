"""What the libraries make of a rule, against what our own series make of the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from ontmoet.kernel.walltime import AMSTERDAM as ZONE
from ontmoet.other_calendars import zones
from ontmoet.other_calendars.zones import Zones
from ontmoet.series.rules import Frequency, Rhythm, days_of
from tests.other_calendars.test_when import CUSTOM, IN_AUTUMN
from tests.other_calendars.writing import AMSTERDAM, event, faults, read_events

RHYTHMS = some.one_of(
    some.builds(
        Rhythm,
        some.just(Frequency.WEEKLY),
        some.integers(1, 5),
        some.dates(date(2026, 1, 1), date(2026, 12, 31)),
        some.just(date(2027, 6, 30)),
        some.sets(some.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    ),
    some.builds(
        Rhythm,
        some.just(Frequency.MONTHLY),
        some.integers(1, 5),
        some.dates(date(2026, 1, 1), date(2026, 12, 31)),
        some.just(date(2027, 6, 30)),
        some.integers(0, 6).map(lambda day: (day,)),
        some.none(),
        some.sampled_from([1, 2, 3, 4, -1]),
    ),
)
INSIDE = CUSTOM.format(name="Onze klok", rule=IN_AUTUMN).split("TZID")[1].split("END:VTIMEZONE")[0]
DESCRIBED = Zones({"Onze klok": lambda: f"\nTZID{INSIDE}"}).named("Onze klok")
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@settings(max_examples=40, deadline=None)
@given(RHYTHMS, some.integers(4, 23), some.sampled_from([0, 15, 30]), some.integers(1, 300))
def test_our_own_series_agree(rhythm: Rhythm, hour: int, minute: int, length: int) -> None:
    """The days of `ontmoet.series`, each on the wall clock, against the library of other calendars."""
    wanted = days_of(rhythm, most=1_000)
    if not wanted:
        return
    by_day = ",".join(f"{rhythm.nth or ''}{CODES[day]}" for day in rhythm.weekdays)
    begins = datetime.combine(wanted[0], time(hour, minute))
    found = read_events(
        event(
            f"DTSTART;{AMSTERDAM}:{begins:%Y%m%dT%H%M%S}",
            f"DURATION:PT{length}M",
            f"RRULE:FREQ={rhythm.frequency.upper()};INTERVAL={rhythm.every};BYDAY={by_day};UNTIL=20270630",
        )
    )
    assert faults(found) == []
    local = [one.slot.starts.astimezone(ZONE).replace(tzinfo=None) for one in found.events]
    assert local == [datetime.combine(day, time(hour, minute)) for day in wanted]
    assert {one.slot.length for one in found.events} <= {
        timedelta(minutes=length),
        # Over midnight into a change of the clock.
        *(timedelta(minutes=length + shift) for shift in (-60, 60)),
    }
    assert [one.recurrence for one in found.events] == [
        f"{one.slot.starts.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for one in found.events
    ]


NIGHTS = some.builds(
    datetime,
    some.integers(1997, 2037),
    some.sampled_from([1, 3, 7, 10]),
    some.integers(24, 31),
    some.integers(0, 4),
    some.sampled_from([0, 30]),
)


@settings(max_examples=200, deadline=None)
@given(NIGHTS)
def test_a_described_zone_is_as_the_one_we_know(night: datetime) -> None:
    """As Outlook describes the zone of the rooms, around each change of the clock."""
    assert zones.exists(night, DESCRIBED) == zones.exists(night, ZONE)
    assert zones.instant(night, DESCRIBED) == zones.instant(night, ZONE)
    moment = night.replace(tzinfo=UTC)
    assert zones.wall_of(moment, DESCRIBED) == zones.wall_of(moment, ZONE)
