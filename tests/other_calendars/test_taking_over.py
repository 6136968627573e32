"""A calendar is judged date by date; what fits is stored once, and what is known stays as it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text, update

from ontmoet.bookings.parties import Party
from ontmoet.bookings.uids import uid_of
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.other_calendars.actions import Target, judge, store
from ontmoet.other_calendars.rules import Event, ReadCalendar, Reason, State, by_day
from ontmoet.rooms.models import Room
from ontmoet.rooms.queries import room_by_slug
from ontmoet.rooms.rules import UseKind
from tests.builders import at
from tests.watching import row_counts, rows, statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.cast import Neighbourhood


def event(
    number: int, starts: str, ends: str, *, uid: str = "", title: str = "", recurrence: str = ""
) -> Event:
    return Event(number, uid or f"{number}@elders", recurrence, TimeSlot(at(starts), at(ends)), title)


def calendar(*events: Event) -> ReadCalendar:
    return ReadCalendar(events, ())


def target(zone: str = "", party: Party | None = None, slug: str = "de-linde") -> Target:
    room = room_by_slug(slug)
    assert room is not None
    return Target(room, zone, party)


def states(read: ReadCalendar, into: Target) -> list[State]:
    return [one.state for one in judge(read, into, now=clock.now()).dates]


def take_over(read: ReadCalendar, into: Target) -> None:
    seal = judge(read, into, now=clock.now()).seal
    with unit_of_work():
        store(read, into, seal, actor_id=None, now=clock.now())


@contextmanager
def within(hood: Neighbourhood) -> Iterator[None]:
    with hood.app.app_context():
        yield


COFFEE = event(1, "2026-11-25 10:00", "2026-11-25 12:00", title="Koffie")
CHOIR = event(2, "2026-11-26 19:30", "2026-11-26 21:30", title="Koor")


def booked(hood: Neighbourhood) -> Sequence[tuple[object, ...]]:
    return [tuple(row) for row in rows(hood.app, "select purpose, status from booking order by starts_at")]


def test_what_fits_is_stored_and_a_second_time_nothing_changes(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with within(hood):
        take_over(calendar(COFFEE, CHOIR), target())
        before = row_counts(hood.app, "booking", "occupancy", "taken_over_event", "audit", "message")
        assert (before["booking"], before["occupancy"], before["message"]) == (2, 4, 0), "two zones each"
        assert states(calendar(COFFEE, CHOIR), target()) == [State.ALREADY, State.ALREADY]
        take_over(calendar(COFFEE, CHOIR), target())
    assert row_counts(hood.app, "booking", "occupancy", "taken_over_event", "audit", "message") == before
    assert rows(
        hood.app,
        "select count(*) from booking"
        " where person_id is null and home_id is null and organisation_id is null and not for_corporation",
    ) == [(2,)]


def test_title_and_name_of_an_event_are_in_no_audit_and_its_name_is_nowhere(hood: Neighbourhood) -> None:
    with within(hood):
        take_over(calendar(replace(COFFEE, uid="truus@thuis.example")), target())
    assert [row.action for row in rows(hood.app, "select action from audit")][-1] == "calendar_taken_over"
    told = str(rows(hood.app, "select * from audit")) + str(rows(hood.app, "select * from taken_over_event"))
    assert "Koffie" not in told
    assert "truus" not in told


def test_what_meets_the_agenda_or_the_file_itself_is_left_out_and_the_rest_goes_on(
    hood: Neighbourhood,
) -> None:
    hood.book("noor", "2026-11-25 11:00", "2026-11-25 13:00", zone="keuken")
    late = event(3, "2026-11-26 21:00", "2026-11-26 22:00")
    read = calendar(COFFEE, CHOIR, late)
    with within(hood):
        assert states(read, target()) == [State.TAKEN, State.NEW, State.TAKEN_IN_FILE]
        assert states(read, target("grote-zaal")) == [State.NEW, State.NEW, State.TAKEN_IN_FILE]
        take_over(read, target())
    assert booked(hood) == [("", "confirmed"), ("Koor", "confirmed")]


def test_time_to_tidy_up_ends_where_the_next_of_the_file_begins(hood: Neighbourhood) -> None:
    with within(hood), unit_of_work():
        execute(text("update room set buffer_minutes = 30"))
    after = event(3, "2026-11-25 12:00", "2026-11-25 13:00")
    with within(hood):
        assert states(calendar(COFFEE, after), target()) == [State.NEW, State.NEW]
        take_over(calendar(COFFEE, after), target())
        close = event(4, "2026-11-25 13:15", "2026-11-25 14:00")
        assert states(calendar(close), target()) == [State.TAKEN]


def test_date_that_was_called_off_or_moved_here_stays_so(hood: Neighbourhood) -> None:
    with within(hood):
        take_over(calendar(COFFEE, CHOIR), target())
        with unit_of_work():
            coffee = execute(text("select id from booking where purpose = 'Koffie'")).scalar_one()
            execute(text("update booking set status = 'cancelled' where id = :id"), id=coffee)
            execute(text("delete from occupancy where booking_id = :id"), id=coffee)
        later = replace(CHOIR, slot=TimeSlot(at("2026-11-26 20:00"), at("2026-11-26 22:00")))
        assert states(calendar(COFFEE, later), target()) == [State.OFF, State.MOVED]
        take_over(calendar(COFFEE, later), target())
    assert booked(hood) == [("Koffie", "cancelled"), ("Koor", "confirmed")]


def test_bookings_of_our_own_feed_are_known(hood: Neighbourhood) -> None:
    public_id = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", zone="")
    own = event(1, "2026-11-25 14:00", "2026-11-25 16:00", uid=uid_of(public_id))
    forged = event(2, "2026-11-27 14:00", "2026-11-27 16:00", uid=uid_of("0123456789"))
    with within(hood):
        assert states(calendar(own, forged), target()) == [State.ALREADY, State.NEW]
        elsewhere = target(slug="het-plein")
        assert states(calendar(own), elsewhere) == [State.NEW], "a booking of another room says nothing"


def test_what_came_into_a_room_that_was_merged_is_known_in_the_one_that_goes_on(hood: Neighbourhood) -> None:
    with within(hood):
        take_over(calendar(COFFEE), target(slug="het-plein"))
        with unit_of_work():
            gone = update(Room.__table__).where(Room.__table__.c.id == hood.plein)
            execute(gone.values(merged_into_id=hood.linde, closed_at=clock.now()))
            execute(text("update booking set room_id = :here, zone_id = null"), here=hood.linde)
        assert states(calendar(COFFEE), target()) == [State.ALREADY]


def test_party_is_as_chosen(hood: Neighbourhood) -> None:
    with within(hood):
        take_over(calendar(COFFEE), target(party=Party(UseKind.OWN)))
        organisation = execute(text("select id from organisation")).scalars().first()
        take_over(calendar(CHOIR), target(party=Party(UseKind.ORGANISATION, organisation_id=organisation)))
    found = rows(
        hood.app, "select for_corporation, organisation_id, use_kind from booking order by starts_at"
    )
    assert [tuple(row) for row in found] == [(1, None, "own"), (0, organisation, "organisation")]


def test_what_goes_on_after_midnight_is_a_booking_of_each_day() -> None:
    party = event(1, "2026-10-24 20:00", "2026-10-26 01:00", recurrence="r")
    parts = by_day(party)
    assert [(part.slot.starts, part.slot.ends) for part in parts] == [
        (at("2026-10-24 20:00"), at("2026-10-25 00:00")),
        (at("2026-10-25 00:00"), at("2026-10-26 00:00")),
        (at("2026-10-26 00:00"), at("2026-10-26 01:00")),
    ]
    assert [part.recurrence for part in parts] == ["r", "r+1", "r+2"]
    assert by_day(COFFEE) == [COFFEE]
    until_midnight = event(2, "2026-11-25 20:00", "2026-11-26 00:00")
    assert by_day(until_midnight) == [until_midnight]


def test_number_of_statements_does_not_grow(hood: Neighbourhood) -> None:
    many = [
        event(n, f"2026-12-{1 + n // 10:02} {8 + n % 10}:00", f"2026-12-{1 + n // 10:02} {9 + n % 10}:00")
        for n in range(300)
    ]
    with within(hood):
        into = target()
        with statements(hood.app) as few:
            judge(calendar(*many[:2]), into, now=clock.now())
        with statements(hood.app) as more:
            judge(calendar(*many), into, now=clock.now())
    assert (len(few), len(more)) == (2, 2)


def test_who_saw_something_else_is_told(hood: Neighbourhood) -> None:
    with within(hood):
        into = target()
        seal = judge(calendar(COFFEE), into, now=clock.now()).seal
        for read, other in (
            (calendar(COFFEE, CHOIR), into),
            (calendar(replace(COFFEE, title="Thee")), into),
            (calendar(COFFEE), target("keuken")),
            (calendar(COFFEE), target(party=Party(UseKind.OWN))),
        ):
            with pytest.raises(Refused) as refused, unit_of_work():
                store(read, other, seal, actor_id=None, now=clock.now())
            assert refused.value.objections[0].reason is Reason.CHANGED_MEANWHILE
    assert booked(hood) == []


def test_of_the_same_calendar_sent_by_four_at_once_one_is_stored(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with within(hood):
        seal = judge(calendar(COFFEE, CHOIR), target(), now=clock.now()).seal

    def send_it(_number: int) -> str:
        with within(hood):
            try:
                with unit_of_work():
                    store(calendar(COFFEE, CHOIR), target(), seal, actor_id=None, now=clock.now())
            except Refused as refusal:
                return str(refusal.objections[0].reason)
        return "stored"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(send_it, range(4)))
    assert outcomes == [Reason.CHANGED_MEANWHILE] * 3 + ["stored"]
    assert booked(hood) == [("Koffie", "confirmed"), ("Koor", "confirmed")]
