"""Two rooms become one: what goes along, what stays, and what happens at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ontmoet.arranging.merging import Merge, merge
from ontmoet.arranging.merging_queries import plan_of
from ontmoet.arranging.merging_rules import MergeReason
from ontmoet.bookings.rules import Reason
from ontmoet.db import DatabaseBusy, execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Refused
from ontmoet.keys.lockers import Wanted
from ontmoet.keys.queries import copies_in
from ontmoet.portal.checking import faults
from ontmoet.rooms.queries import goes_on_in, room_by_id
from tests import builders as make
from tests.bookings.deeds import reasons_in
from tests.keys.box_deeds import a_locker
from tests.keys.deeds import a_key
from tests.watching import rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

WEDNESDAY = ("2026-11-25 14:00", "2026-11-25 16:00")
THURSDAY = ("2026-11-26 14:00", "2026-11-26 16:00")


def seen_by(hood: Neighbourhood, old: int, into: int, *, zone: str = "", by: str = "mo") -> Merge:
    """What this person wants who just read what happens."""
    actor, now = hood.actor(by), clock.now()
    with hood.app.app_context():
        rooms = room_by_id(old), room_by_id(into)
        plan = plan_of(*rooms, rooms[1].zone(zone), actor=actor, now=now)
    return Merge(old, into, zone, plan.mark, "kwam mee uit Het Plein", actor.person_id, now)


def do(hood: Neighbourhood, wanted: Merge) -> None:
    with hood.app.app_context(), unit_of_work():
        merge(wanted)


def plein_into_linde(hood: Neighbourhood, *, zone: str = "grote-zaal", by: str = "mo") -> None:
    do(hood, seen_by(hood, hood.plein, hood.linde, zone=zone, by=by))


def standing(hood: Neighbourhood, public_id: str) -> tuple[object, ...]:
    """Room, status, and what it holds: (room_id, status, number of zones held)."""
    [row] = rows(
        hood.app,
        "select room_id, status, (select count(*) from occupancy where booking_id = booking.id) as held"
        " from booking where public_id = :public_id",
        public_id=public_id,
    )
    return tuple(row)


def test_all_that_is_to_come_goes_on_in_the_other_room(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    people = hood.people
    with hood.app.app_context():
        make.make_role(person_id=people["bram"], function=Function.HOST, room_id=hood.plein)
        make.make_role(
            person_id=people["sanne"], function=Function.STAFF, room_id=hood.plein, is_contact=True
        )
        neighbour = make.make_home(complex_id=None, address_name="buur-1")
        with unit_of_work():
            execute(
                text(
                    "insert into admission (room_id, home_id, reason, since) values (:room, :home, '', :day)"
                ),
                room=hood.plein,
                home=neighbour,
                day="2026-01-01",
            )
        make.make_right_of_use(room_id=hood.plein, home_id=neighbour)
    goes = hood.book("fatma", *WEDNESDAY, room="plein", zone="")
    collides = hood.book("fatma", *THURSDAY, room="plein", zone="")
    in_the_way = hood.book("noor", *THURSDAY)
    theirs, ours = a_key(hood, room_id=hood.plein), a_key(hood)
    theirs.give("fatma", by="fatma")
    for room_id in (hood.linde, hood.plein):
        a_locker(hood, room_id, Wanted(3, "Koor"))

    plein_into_linde(hood)

    assert standing(hood, goes) == (hood.linde, "confirmed", 1)
    assert standing(hood, collides) == (hood.plein, "cancelled", 0)
    assert standing(hood, in_the_way) == (hood.linde, "confirmed", 1)
    with hood.app.app_context():
        old, into = room_by_id(hood.plein), room_by_id(hood.linde)
        assert (old.is_closed(clock.now()), goes_on_in(old)) == (True, into)
        assert [(copy.number, copy.opens) for copy in copies_in(hood.linde)] == [
            (1, "voordeur en keuken"),
            (2, "voordeur en keuken (Het Plein)"),
        ]
        assert copies_in(hood.plein) == []
        assert faults() == []
    assert theirs.now.holder.person_id == people["fatma"]
    assert (theirs.breaks(), ours.breaks()) == ([], [])
    assert rows(hood.app, "select number from locker where room_id = :id order by number", id=hood.linde) == [
        (3,),
        (4,),
    ]
    doing = "select person_id, function from role where room_id = :id and until is null order by person_id"
    assert rows(hood.app, doing, id=hood.plein) == [(people["sanne"], "staff")]
    assert sorted(rows(hood.app, doing, id=hood.linde)) == sorted(
        [
            (people["bram"], "host"),
            (people["fatma"], "chair"),
            (people["sanne"], "staff"),
            (people["riet"], "partner"),
        ]
    )
    contact = "select person_id from role where room_id = :id and is_contact and until is null"
    assert rows(hood.app, contact, id=hood.linde) == [(people["sanne"],)]
    [admission] = rows(hood.app, "select reason, until from admission where room_id = :id", id=hood.linde)
    assert tuple(admission) == ("kwam mee uit Het Plein", None)
    assert hood.actor("fatma").functions[hood.linde] == frozenset({Function.CHAIR})
    # Who lived at the old room books in the other one from now on.
    hood.book("fatma", "2026-11-27 14:00", "2026-11-27 16:00")
    told = rows(
        hood.app, "select person_id from message where kind = 'room_merged' and room_id = :id", id=hood.linde
    )
    assert {row.person_id for row in told} == {people[name] for name in ("bram", "sanne", "riet", "fatma")}
    done = {row.action for row in rows(hood.app, "select action from audit")}
    assert {"room_merged", "room_took_in", "function_went_along", "booking_went_along"} <= done


def test_what_was_stays_and_requests_wait_on_in_the_other_room(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.plein, needs_approval=True)
    asked = hood.book("fatma", *WEDNESDAY, room="plein", zone="")
    running = hood.book("fatma", "2026-11-24 15:00", "2026-11-24 17:00", room="plein", zone="")
    with hood.app.app_context(), unit_of_work():
        execute(
            text(
                "update booking set status = 'confirmed', lapses_at = null, starts_at = starts_at - 7200"
                " where public_id = :id"
            ),
            id=running,
        )
    plein_into_linde(hood)
    assert standing(hood, asked) == (hood.linde, "requested", 1)
    assert standing(hood, running)[:2] == (hood.plein, "confirmed")
    [held] = rows(
        hood.app,
        "select o.expires_at, b.lapses_at from occupancy o join booking b on b.id = o.booking_id"
        " where b.public_id = :id",
        id=asked,
    )
    assert held.expires_at == held.lapses_at is not None


def test_time_to_tidy_up_is_cut_where_the_next_of_the_other_room_begins(hood: Neighbourhood) -> None:
    goes = hood.book("fatma", *WEDNESDAY, room="plein", zone="")
    hood.book("noor", "2026-11-25 16:15", "2026-11-25 17:00")
    with hood.app.app_context(), unit_of_work():
        execute(text("update room set buffer_minutes = 30 where id = :id"), id=hood.linde)
    plein_into_linde(hood)
    held = "select (held_until - held_from) / 60 from occupancy o join booking b on b.id = o.booking_id"
    assert rows(hood.app, f"{held} where b.public_id = :id", id=goes) == [(135,)]


def test_who_may_not_in_one_of_the_rooms_merges_nothing(hood: Neighbourhood) -> None:
    with pytest.raises(Refused) as refused:
        plein_into_linde(hood, by="sanne")
    assert refused.value.objections[0].reason is MergeReason.NO_SUCH_ROOM


def test_merging_is_refused_in_words_and_leaves_no_trace(hood: Neighbourhood) -> None:
    def reason(old: int, into: int) -> MergeReason:
        with pytest.raises(Refused) as refused:
            do(hood, seen_by(hood, old, into))
        [objection] = refused.value.objections
        return MergeReason(objection.reason)

    assert reason(hood.linde, hood.linde) is MergeReason.SAME_ROOM
    early = seen_by(hood, hood.plein, hood.linde, zone="grote-zaal")
    hood.book("fatma", *WEDNESDAY, room="plein", zone="")
    with pytest.raises(Refused) as refused:
        do(hood, early)
    assert refused.value.objections[0].reason is MergeReason.SEEN_OTHERWISE
    assert rows(hood.app, "select 1 from audit where action = 'room_merged'") == []

    plein_into_linde(hood)
    # The second of two people finds that it was done; nothing is done twice.
    do(hood, early)
    assert len(rows(hood.app, "select 1 from audit where action = 'room_merged'")) == 1
    # In a circle, or into what ended: there is nothing to go on in.
    assert reason(hood.linde, hood.plein) is MergeReason.NOT_OPEN
    with hood.app.app_context():
        third = make.make_room(complex_id=1, slug="de-eik")
    assert reason(hood.plein, third) is MergeReason.NOT_OPEN


def test_rooms_lead_on_however_often_they_were_merged(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        third = make.make_room(complex_id=1, slug="de-eik")
    plein_into_linde(hood)
    do(hood, seen_by(hood, hood.linde, third))
    # A room without a contact at the corporation has the one of the room that came.
    contact = "select person_id from role where room_id = :id and is_contact and until is null"
    assert rows(hood.app, contact, id=third) == [(hood.people["sanne"],)]
    client = hood.app.test_client()
    assert client.get("/r/het-plein").location == "/r/de-eik?uit=het-plein"


def test_database_refuses_a_room_that_goes_on_in_itself_or_is_open(hood_on_both: Neighbourhood) -> None:
    with hood_on_both.app.app_context():
        for into, closed in (("id", "live_at"), (str(hood_on_both.plein), "null")):
            with pytest.raises(IntegrityError), unit_of_work():
                execute(
                    text(f"update room set merged_into_id = {into}, closed_at = {closed} where id = :id"),  # noqa: S608 - ours
                    id=hood_on_both.linde,
                )


def test_staff_gives_nobody_more_than_they_could_have_given(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        for function in (Function.STAFF, Function.CHAIR):
            make.make_role(person_id=hood.people["sanne"], function=function, room_id=hood.plein)
    plein_into_linde(hood, by="sanne")
    # To be chair as well is for a second person to give.
    assert hood.actor("sanne").functions[hood.linde] == frozenset({Function.STAFF})


def test_booking_made_while_rooms_are_merged_is_in_one_of_them_or_refused(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    wanted = seen_by(hood, hood.plein, hood.linde, zone="grote-zaal")

    def together() -> str:
        try:
            do(hood, wanted)
        except Refused as refused:
            return str(refused.objections[0].reason)
        except DatabaseBusy:
            return "busy"
        return "merged"

    def book(day: int) -> str:
        try:
            hood.book("fatma", f"2026-12-{day:02} 14:00", f"2026-12-{day:02} 16:00", room="plein", zone="")
        except Refused as refused:
            return str(reasons_in(refused)[0])
        except DatabaseBusy:
            return "busy"
        return "booked"

    with ThreadPoolExecutor(4) as pool:
        booked = [pool.submit(book, day) for day in (1, 2)]
        merged = pool.submit(together)
        booked += [pool.submit(book, day) for day in (3, 4)]
        results = [each.result() for each in booked]
    assert merged.result() in ("merged", MergeReason.SEEN_OTHERWISE, "busy")
    if merged.result() == "merged":
        assert set(results) <= {"booked", Reason.ROOM_CLOSED, "busy"}
    open_in_old = (
        "select count(*) from booking b join room r on r.id = b.room_id where b.status = 'confirmed'"
    )
    assert rows(hood.app, f"{open_in_old} and r.closed_at is not null") == [(0,)]
    with hood.app.app_context():
        assert faults() == []
