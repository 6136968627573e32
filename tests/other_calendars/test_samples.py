"""Files in the manner of each program, and the instants that they must yield."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ontmoet.other_calendars.contents import read
from ontmoet.other_calendars.rules import Event, Remark, Skip, Window

SAMPLES = Path(__file__).parent / "samples"
WINDOW = Window(datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC))


@dataclass
class Sample:
    """Each event as number, recurrence, beginning and end (UTC) and title."""

    events: list[tuple[int, str, str, str, str]]
    left_out: dict[Skip, int] = field(default_factory=dict)
    remarks: dict[int, set[Remark]] = field(default_factory=dict)
    """By the place in `events`; the others have none."""


CHOIR = "Zangkoor De Linde, repetitie"
COFFEE = "Koffie-uurtje ☕ met Noor; iedereen is welkom, ook wie nog niemand kent in de…"

EXPECTED = {
    # Weekly on the wall clock over the change of 29 March; one struck, one moved, a private day, a free one.
    "outlook": Sample(
        [
            (1, "2026-03-17T18:30:00Z", "2026-03-17 18:30", "2026-03-17 20:30", CHOIR),
            (1, "2026-03-24T18:30:00Z", "2026-03-24 18:30", "2026-03-24 20:30", CHOIR),
            (1, "2026-03-31T17:30:00Z", "2026-03-31 17:30", "2026-03-31 19:30", CHOIR),
            (1, "2026-04-14T17:30:00Z", "2026-04-15 18:00", "2026-04-15 20:00", "Zangkoor, nu op woensdag"),
            (1, "2026-04-21T17:30:00Z", "2026-04-21 17:30", "2026-04-21 19:30", CHOIR),
            (3, "", "2026-04-26 22:00", "2026-04-27 22:00", ""),
        ],
        {Skip.FREE: 1},
        {5: {Remark.ALL_DAY}},
    ),
    # The last Thursday until December, over the change of 25 October; Outlook's own names for zones.
    "outlook_365": Sample(
        [
            (1, "2026-09-24T17:00:00Z", "2026-09-24 17:00", "2026-09-24 19:00", "Bestuur Het Plein"),
            (1, "2026-10-29T18:00:00Z", "2026-10-29 18:00", "2026-10-29 20:00", "Bestuur Het Plein"),
            (1, "2026-11-26T18:00:00Z", "2026-11-26 18:00", "2026-11-26 20:00", "Bestuur Het Plein"),
            (1, "2026-12-31T18:00:00Z", "2026-12-31 18:00", "2026-12-31 20:00", "Bestuur Het Plein"),
            (2, "", "2026-10-25 13:00", "2026-10-25 15:00", "Huurdersoverleg"),
            (3, "", "2026-07-01 08:00", "2026-07-01 10:00", "Koffie met Fatma"),
        ],
        remarks={4: {Remark.TENTATIVE}},
    ),
    # UNTIL in UTC, one struck, one moved and renamed, one cancelled; a single one in UTC; a free day.
    "google": Sample(
        [
            (1, "2026-10-12T08:00:00Z", "2026-10-12 08:00", "2026-10-12 09:30", COFFEE),
            (1, "2026-10-26T09:00:00Z", "2026-10-26 09:00", "2026-10-26 10:30", COFFEE),
            (1, "2026-11-02T09:00:00Z", "2026-11-03 13:00", "2026-11-03 14:00", "Koffie-uurtje op dinsdag"),
            (4, "", "2026-12-05 18:00", "2026-12-05 21:00", "Pakjesavond"),
        ],
        {Skip.CANCELLED: 1, Skip.FREE: 1},
    ),
    # From March on an hour later, longer and under another name; a day each year, without end.
    "apple": Sample(
        [
            (1, "2026-01-20T09:00:00Z", "2026-01-20 09:00", "2026-01-20 11:00", "Buurtlunch"),
            (1, "2026-02-20T09:00:00Z", "2026-02-20 09:00", "2026-02-20 11:00", "Buurtlunch"),
            (1, "2026-03-20T09:00:00Z", "2026-03-20 10:00", "2026-03-20 14:00", "Lange buurtlunch"),
            (1, "2026-04-20T08:00:00Z", "2026-04-20 09:00", "2026-04-20 13:00", "Lange buurtlunch"),
            (3, "2026-05-28T22:00:00Z", "2026-05-28 22:00", "2026-05-29 22:00", "Burendag"),
            (3, "2027-05-28T22:00:00Z", "2027-05-28 22:00", "2027-05-29 22:00", "Burendag"),
        ],
        remarks={4: {Remark.ALL_DAY}, 5: {Remark.ALL_DAY, Remark.GOES_ON}},
    ),
    # A duration, an extra date, a task that is no event, and one that says no end.
    "nextcloud": Sample(
        [
            (1, "2026-04-02T17:30:00Z", "2026-04-02 17:30", "2026-04-02 19:30", "Spelletjesavond"),
            (1, "2026-04-09T17:30:00Z", "2026-04-09 17:30", "2026-04-09 19:30", "Spelletjesavond"),
            (1, "2026-04-11T12:00:00Z", "2026-04-11 12:00", "2026-04-11 14:00", "Spelletjesavond"),
            (2, "", "2026-04-03 18:00", "2026-04-03 19:00", ""),
        ],
        remarks={3: {Remark.NO_END}},
    ),
    # UNTIL as a day counts that day; struck in UTC; an extra period; a time without a zone; one of long ago.
    "thunderbird": Sample(
        [
            (1, "2026-03-27T17:00:00Z", "2026-03-27 17:00", "2026-03-27 18:00", "Yoga met Sanne"),
            (1, "2026-03-29T16:00:00Z", "2026-03-29 16:00", "2026-03-29 17:00", "Yoga met Sanne"),
            (1, "2026-03-30T16:00:00Z", "2026-03-30 16:00", "2026-03-30 17:00", "Yoga met Sanne"),
            (1, "2026-04-04T16:00:00Z", "2026-04-04 16:00", "2026-04-04 19:00", "Yoga met Sanne"),
            (2, "", "2026-04-05 08:00", "2026-04-05 09:30", "Opruimen"),
        ],
        {Skip.LONG_AGO: 1},
        {4: {Remark.FLOATING}},
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_program_says_when(name: str) -> None:
    found = read((SAMPLES / f"{name}.ics").read_bytes(), WINDOW)
    expected = EXPECTED[name]
    assert [_told(event) for event in found.events] == expected.events
    assert found.faults == []
    assert found.left_out == expected.left_out
    remarks = [set(event.remarks) for event in found.events]
    assert remarks == [expected.remarks.get(place, set()) for place in range(len(remarks))]


def test_there_is_a_table_for_each_sample() -> None:
    assert {path.stem for path in SAMPLES.glob("*.ics")} == set(EXPECTED)


def _told(event: Event) -> tuple[int, str, str, str, str]:
    starts, ends = event.slot.starts, event.slot.ends
    return (event.number, event.recurrence, f"{starts:%Y-%m-%d %H:%M}", f"{ends:%Y-%m-%d %H:%M}", event.title)
