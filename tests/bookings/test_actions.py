"""Booking: what is written, what is refused, and that the database keeps the promise itself."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from ontmoet.bookings import ending, queries
from ontmoet.bookings.closure_rules import daily_pieces
from ontmoet.bookings.models import Booking, Occupancy
from ontmoet.bookings.rules import Reason
from ontmoet.bookings.states import Status
from ontmoet.db import execute, unit_of_work, violated
from ontmoet.db.guards import OVERLAP
from ontmoet.kernel.objections import Refused
from ontmoet.rooms.models import Room
from ontmoet.rooms.rules import UseKind
from tests import builders as make
from tests.bookings.deeds import TRACES, audited, close, held, reasons_in, seen
from tests.samples import span
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

WEDNESDAY = ("2026-11-25 14:00", "2026-11-25 16:00")


def refused(hood: Neighbourhood, *args: str, **wish: object) -> list[Reason]:
    with pytest.raises(Refused) as refusal:
        hood.book(*args, **wish)
    return reasons_in(refusal.value)


def test_booking_writes_one_row_its_occupancy_one_audit_row_and_its_key(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    before = row_counts(hood.app, *TRACES)
    public_id = hood.book("noor", *WEDNESDAY, people=7, purpose="Verjaardag van Sem")
    assert before == {"booking": 0, "occupancy": 0, "audit": 0, "idempotency": 0, "closure": 0}
    assert row_counts(hood.app, *TRACES) == {
        "booking": 1,
        "occupancy": 1,
        "audit": 1,
        "idempotency": 1,
        "closure": 0,
    }
    booking = seen(hood, public_id)
    assert (booking.slot, booking.people, booking.purpose) == (span(*WEDNESDAY), 7, "Verjaardag van Sem")
    assert (booking.status, booking.lapses_at, booking.version) == (Status.CONFIRMED, None, 1)
    assert (booking.person_id, booking.home_id is not None) == (hood.people["noor"], True)
    assert held(hood) == [span(*WEDNESDAY)]
    (trace,) = rows(hood.app, "select action, actor_id, object_id, room_id, changes from audit")
    assert tuple(trace)[:4] == ("booking_made", hood.people["noor"], booking.booking_id, hood.linde)
    assert json.loads(trace.changes) == {
        "starts": "2026-11-25 13:00:00+00:00",
        "ends": "2026-11-25 15:00:00+00:00",
        "zone": "grote-zaal",
        "people": 7,
    }


def test_refusal_leaves_no_trace_anywhere(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hood.book("ali", *WEDNESDAY)
    before = row_counts(hood.app, *TRACES)
    assert refused(hood, "noor", *WEDNESDAY, people=99) == [Reason.TOO_MANY_PEOPLE, Reason.ROOM_TAKEN]
    assert refused(hood, "noor", *WEDNESDAY, zone="zolder") == [Reason.NO_SUCH_ZONE]
    assert row_counts(hood.app, *TRACES) == before


def test_zone_and_whole_room_exclude_each_other(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hood.book("noor", *WEDNESDAY, zone="keuken")
    hood.book("ali", *WEDNESDAY, zone="grote-zaal")
    assert held(hood) == [span(*WEDNESDAY)] * 2
    assert refused(hood, "bram", *WEDNESDAY, zone="") == [Reason.ROOM_TAKEN]
    hood.book("bram", "2026-11-25 16:00", "2026-11-25 17:00", zone="")
    assert refused(hood, "noor", "2026-11-25 16:30", "2026-11-25 18:00", zone="keuken") == [Reason.ROOM_TAKEN]


def test_database_refuses_overlap_update_and_a_hold_of_over_two_days(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    booking = seen(hood, hood.book("ali", *WEDNESDAY))
    occupancy = Occupancy.__table__

    def write(statement: object, **values: object) -> str:
        with hood.app.app_context():
            zone_id = execute(select(occupancy.c.zone_id)).scalar_one()
            with pytest.raises(IntegrityError) as stopped, unit_of_work():
                execute(statement, **values, **({"zone_id": zone_id} if values else {}))
        names = (OVERLAP, "occupancy_never_updated", "occupancy_not_too_long")
        return next(name for name in names if violated(stopped.value, name))

    def row(starts: str, ends: str) -> dict[str, object]:
        return {"held_from": make.at(starts), "held_until": make.at(ends), "booking_id": booking.booking_id}

    assert write(insert(occupancy), **row("2026-11-25 15:00", "2026-11-25 17:00")) == OVERLAP
    assert write(insert(occupancy), **row("2026-11-25 14:30", "2026-11-25 15:00")) == OVERLAP
    assert write(insert(occupancy), **row("2026-11-24 15:00", "2026-11-26 10:00")) == OVERLAP
    assert write(insert(occupancy), **row("2026-12-01 00:00", "2026-12-03 00:01")) == "occupancy_not_too_long"
    later = occupancy.update().values(held_until=make.at("2026-11-25 18:00"))
    assert write(later) == "occupancy_never_updated"
    assert held(hood) == [span(*WEDNESDAY)]


def test_buffer_holds_the_zone_behind_the_booking(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context(), unit_of_work():
        execute(Room.__table__.update().values(buffer_minutes=30))
    hood.book("noor", *WEDNESDAY)
    assert held(hood) == [span("2026-11-25 14:00", "2026-11-25 16:30")]
    assert refused(hood, "ali", "2026-11-25 16:15", "2026-11-25 17:00") == [Reason.ROOM_TAKEN]
    assert refused(hood, "ali", "2026-11-25 12:00", "2026-11-25 13:45") == [Reason.ROOM_TAKEN]
    hood.book("ali", "2026-11-25 16:30", "2026-11-25 17:00")
    hood.book("ali", "2026-11-25 12:00", "2026-11-25 13:30")


def test_request_holds_the_room_lapses_by_reading_and_goes_at_the_next_write(
    hood_on_both: Neighbourhood, moment
) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    public_id = hood.book("noor", "2026-12-10 14:00", "2026-12-10 16:00")
    asked = seen(hood, public_id)
    assert (asked.status, asked.lapses_at) == (Status.REQUESTED, make.at("2026-11-27 14:05"))
    assert refused(hood, "ali", "2026-12-10 15:00", "2026-12-10 17:00") == [Reason.ROOM_TAKEN]
    moment(timedelta(hours=72) - timedelta(seconds=1))
    assert held(hood, "2026-12-10") == [span("2026-12-10 14:00", "2026-12-10 16:00")]
    moment(timedelta(seconds=1))
    assert seen(hood, public_id).status is Status.LAPSED
    assert held(hood, "2026-12-10") == []
    assert row_counts(hood.app, "occupancy") == {"occupancy": 1}
    hood.book("ali", "2026-12-10 15:00", "2026-12-10 17:00")
    assert row_counts(hood.app, "occupancy") == {"occupancy": 1}
    (row,) = rows(hood.app, "select status, reason from booking where public_id = :id", id=public_id)
    assert tuple(row) == ("lapsed", "no_answer")
    assert audited(hood) == ["booking_requested", "booking_lapsed", "booking_requested"]


def test_lapse_overdue_ends_those_of_one_room_once(hood: Neighbourhood, moment) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
        make.make_use_rule(room_id=hood.plein, needs_approval=True)
    hood.book("noor", "2026-12-10 14:00", "2026-12-10 16:00")
    hood.book("fatma", "2026-12-10 14:00", "2026-12-10 16:00", room="plein", zone="")
    moment(timedelta(hours=72))
    now = make.at("2026-11-27 14:05")
    with hood.app.app_context(), unit_of_work():
        assert queries.rooms_with_overdue(now) == [hood.linde, hood.plein]
        assert [ending.lapse_overdue(hood.plein, now=now) for _ in range(2)] == [1, 0]
        assert queries.rooms_with_overdue(now) == [hood.linde]


def test_closure_takes_the_place_of_a_request_that_lapsed(hood: Neighbourhood, moment) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    hood.book("noor", "2026-12-10 14:00", "2026-12-10 16:00")
    moment(timedelta(hours=72))
    close(hood, span("2026-12-10 08:00", "2026-12-10 22:00"))
    assert held(hood, "2026-12-10") == [span("2026-12-10 08:00", "2026-12-10 22:00")] * 2


def test_staff_are_not_bound_by_approval_or_fair_use_and_partners_ask(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True, quota=1)
    by_name = {}
    for hours, name in enumerate(("sanne", "sanne", "mo", "mo", "riet", "riet", "bram")):
        starts, ends = f"2026-11-25 {8 + hours}:00", f"2026-11-25 {9 + hours}:00"
        booking = seen(hood, hood.book(name, starts, ends))
        by_name[name] = (booking.status, booking.use_kind, booking.home_id is not None)
    assert by_name == {
        "sanne": (Status.CONFIRMED, UseKind.OWN, False),
        "mo": (Status.CONFIRMED, UseKind.OWN, False),
        "riet": (Status.REQUESTED, UseKind.ORGANISATION, False),
        "bram": (Status.REQUESTED, UseKind.OWN, True),
    }
    assert refused(hood, "bram", "2026-11-26 09:00", "2026-11-26 10:00") == [Reason.FAIR_USE_SPENT]


def test_same_form_gives_the_same_answer_and_writes_once(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    key = make.new_key()
    first = hood.book("noor", *WEDNESDAY, key=key)
    before = row_counts(hood.app, *TRACES)
    assert hood.book("noor", *WEDNESDAY, key=key) == first
    assert row_counts(hood.app, *TRACES) == before
    assert refused(hood, "noor", "2026-11-26 14:00", "2026-11-26 16:00", key=key) == [Reason.FORM_REUSED]
    assert row_counts(hood.app, *TRACES) == before
    hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00", key=key)


def test_refused_form_keeps_its_key(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    key = make.new_key()
    assert refused(hood, "noor", *WEDNESDAY, people=99, key=key) == [Reason.TOO_MANY_PEOPLE]
    assert row_counts(hood.app, "idempotency") == {"idempotency": 0}
    hood.book("noor", *WEDNESDAY, people=5, key=key)


def test_zone_of_another_room_is_refused(hood: Neighbourhood) -> None:
    assert refused(hood, "noor", *WEDNESDAY, zone="zaal") == [Reason.NO_SUCH_ZONE]


def test_room_of_one_zone_is_booked_whole_by_either_name(hood: Neighbourhood) -> None:
    named = seen(hood, hood.book("fatma", *WEDNESDAY, room="plein", zone="zaal"))
    whole = seen(hood, hood.book("fatma", "2026-11-26 14:00", "2026-11-26 16:00", room="plein", zone=""))
    assert (named.zone_id, whole.zone_id) == (None, None)


def test_closure_holds_every_day_in_a_piece_of_its_own_over_the_clock_change(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    close(hood, span("2027-03-27 12:00", "2027-03-29 09:00"))
    pieces = [
        span("2027-03-27 12:00", "2027-03-28 00:00"),
        span("2027-03-28 00:00", "2027-03-29 00:00"),
        span("2027-03-29 00:00", "2027-03-29 09:00"),
    ]
    found = rows(hood.app, "select zone_id, held_from, held_until from occupancy order by held_from")
    assert len(found) == 6
    assert [held(hood, f"2027-03-{day}") for day in (27, 28, 29)] == [[piece] * 2 for piece in pieces]
    assert refused(hood, "noor", "2027-03-28 10:00", "2027-03-28 12:00") == [Reason.ROOM_TAKEN]
    assert audited(hood) == ["room_closed"]


@pytest.mark.parametrize(
    ("starts", "ends", "hours"),
    [
        ("2026-03-28 12:00", "2026-03-30 00:00", [12, 23]),
        ("2026-10-24 12:00", "2026-10-26 06:00", [12, 25, 6]),
        ("2026-11-24 09:00", "2026-11-24 10:00", [1]),
    ],
)
def test_daily_pieces_follow_the_local_day(starts: str, ends: str, hours: list[int]) -> None:
    slot = span(starts, ends)
    pieces = daily_pieces(slot)
    assert [piece.length for piece in pieces] == [timedelta(hours=length) for length in hours]
    assert (pieces[0].starts, pieces[-1].ends) == (slot.starts, slot.ends)
    assert all(one.ends == other.starts for one, other in pairwise(pieces))


def test_audit_and_occupancy_stay_when_a_unit_of_work_fails(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hood.book("noor", *WEDNESDAY)
    with hood.app.app_context(), pytest.raises(KeyError), unit_of_work():  # noqa: PT012
        execute(delete(Occupancy.__table__))
        execute(Booking.__table__.update().values(purpose="anders"))
        raise KeyError("a fault in the middle")
    assert held(hood) == [span(*WEDNESDAY)]
    assert [row.purpose for row in rows(hood.app, "select purpose from booking")] == [""]
