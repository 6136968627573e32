"""Closing a room for a while: whom it displaces, what it holds, and what comes free again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings import closing
from ontmoet.bookings.closing import Displaces, Wanted
from ontmoet.bookings.closure_queries import ClosureView, closure_of
from ontmoet.bookings.closure_rules import SpanReason
from ontmoet.bookings.refusal_wording import say
from ontmoet.bookings.states import CancelReason, Status
from ontmoet.bookings.taken_queries import taken_between
from ontmoet.db import DatabaseBusy, execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.timeslot import gaps
from ontmoet.portal.checking import faults
from ontmoet.rooms.queries import room_by_id
from ontmoet.trail.actions import FormPost
from tests import builders as make
from tests.bookings.deeds import (
    TRACES,
    audited,
    cancel,
    close,
    close_over,
    half_hours,
    held,
    reasons_in,
    seen,
)
from tests.keys.deeds import a_key
from tests.samples import span
from tests.watching import row_counts, rows, statements, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from ontmoet.kernel.timeslot import TimeSlot
    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

WEDNESDAY = ("2026-11-25 14:00", "2026-11-25 16:00")
ALL_WEDNESDAY = span("2026-11-25 00:00", "2026-11-26 00:00")


def marks(hood: Neighbourhood, slot: TimeSlot = ALL_WEDNESDAY, *zones: str) -> frozenset[str]:
    """Of those who have to make place, as the page shows them."""
    with pytest.raises(Displaces) as shown:
        close_over(hood, slot, *zones)
    return frozenset(each.mark for each in shown.value.bookings)


def view(hood: Neighbourhood, public_id: str) -> ClosureView:
    with hood.app.app_context():
        found = closure_of(hood.linde, public_id)
    assert found is not None
    return found


def change(
    hood: Neighbourhood, closure: ClosureView, slot: TimeSlot, zone: str = "", seen: tuple[str, ...] = ()
) -> None:
    actor_id = hood.people["sanne"]
    post = FormPost(actor_id, "/sluiting", make.new_key(), {"slot": slot})
    with hood.app.app_context(), unit_of_work():
        closing.change(
            closure,
            hood.linde,
            Wanted(slot, zone, "Nieuwe vloer"),
            seen=seen,
            seen_as=closure.mark,
            actor_id=actor_id,
            now=clock.now(),
            post=post,
        )


def reopen(hood: Neighbourhood, closure: ClosureView) -> bool:
    with hood.app.app_context(), unit_of_work():
        return closing.reopen(closure, hood.linde, actor_id=hood.people["sanne"], now=clock.now())


def found_faults(hood: Neighbourhood) -> list[str]:
    """Without work that no test does."""
    with hood.app.app_context():
        return [fault for fault in faults() if "jobs due" not in fault]


def test_nobody_is_displaced_before_somebody_looked(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    booked = hood.book("noor", *WEDNESDAY, zone="keuken")
    before = row_counts(hood.app, *TRACES, "message")
    with pytest.raises(Displaces) as shown:
        close_over(hood, ALL_WEDNESDAY)
    [affected] = shown.value.bookings
    assert (affected.public_id, affected.person_name) == (booked, "Noor de Proef")
    assert row_counts(hood.app, *TRACES, "message") == before


def test_closing_over_what_was_seen_calls_it_off_and_takes_its_time(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    booked = [
        hood.book("noor", *WEDNESDAY, zone="keuken"),
        hood.book("ali", "2026-11-25 09:00", "2026-11-25 11:00", zone=""),
    ]
    close_over(hood, ALL_WEDNESDAY, seen=marks(hood))
    for public_id in booked:
        booking = seen(hood, public_id)
        assert (booking.status, booking.reason) == (Status.CANCELLED, CancelReason.CLOSED)
    assert held(hood) == [ALL_WEDNESDAY] * 2
    told = rows(hood.app, "select person_id from message where kind = 'booking_displaced' order by id")
    assert [row.person_id for row in told] == [hood.people["ali"], hood.people["noor"]]
    assert audited(hood)[-3:] == ["booking_cancelled", "booking_cancelled", "room_closed"]
    assert found_faults(hood) == []


def test_displacing_many_runs_the_statements_of_displacing_one(hood_on_both: Neighbourhood) -> None:
    """And of each is written down whose it was, and its person is told."""
    hood = hood_on_both
    counted = []
    for day, number in (("2026-11-25", 1), ("2026-11-26", 30)):
        booked = half_hours(hood, day, number, names=("noor", "sanne", "ali"))
        with hood.app.app_context(), unit_of_work():
            nobodys = booked[29:]
            execute(text("update booking set person_id = null where public_id = :it"), it="".join(nobodys))
        slot = span(f"{day} 00:00", f"{day} 24:00")
        affected = marks(hood, slot)
        with statements(hood.app) as run:
            close_over(hood, slot, seen=affected)
        counted.append((len(affected), len(writing(run)), len(run)))
    everything = counted[0][2]
    assert counted == [(1, 8, everything), (30, 8, everything)]
    noor, sanne, ali = (hood.people[name] for name in ("noor", "sanne", "ali"))
    written = rows(
        hood.app,
        "select b.starts_at, a.actor_id, a.on_behalf_of_id, a.changes from audit a"
        " join booking b on b.id = a.object_id where a.action = 'booking_cancelled' order by a.id",
    )
    assert [(row.actor_id, row.on_behalf_of_id) for row in written] == [
        (sanne, noor),
        *[(sanne, noor), (sanne, None), (sanne, ali)] * 9,
        (sanne, noor),
        (sanne, None),
        (sanne, None),
    ]
    assert {row.changes for row in written} == {'{"reason": "closed"}'}
    assert written == sorted(written, key=lambda row: row.starts_at)
    told = rows(
        hood.app,
        "select m.person_id, m.dedupe_key, m.object_id, m.useful_until - b.ends_at as late from message m"
        " join booking b on b.id = m.object_id where m.kind = 'booking_displaced' order by m.id",
    )
    assert [row.person_id for row in told] == [noor, *[noor, sanne, ali] * 9, noor, sanne]
    assert [row.dedupe_key for row in told] == [f"booking_displaced:{row.object_id}" for row in told]
    assert not any(row.late for row in told)


def test_wish_during_a_closure_is_told_that_the_room_is_shut(hood: Neighbourhood) -> None:
    close(hood, ALL_WEDNESDAY)
    with pytest.raises(Refused) as refused:
        hood.book("noor", *WEDNESDAY)
    [objection] = refused.value.objections
    with hood.app.test_request_context():
        assert say(objection) == (
            "De ruimte is dan dicht. Dat duurt tot en met morgen. De reden: Nieuwe vloer. "
            "Kies een andere tijd."
        )


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("", "Van 12:00–15:00\u00a0uur is de ruimte dicht. De reden: Nieuwe vloer. Kies een andere tijd."),
        (
            "keuken",
            "Van 12:00–15:00\u00a0uur is dit deel dicht. De reden: Nieuwe vloer."
            " Kies een andere tijd of een ander deel.",
        ),
    ],
)
def test_wish_of_which_a_part_is_shut_is_told_why(hood: Neighbourhood, zone: str, told: str) -> None:
    close(hood, span("2026-11-25 12:00", "2026-11-25 15:00"), zone)
    with pytest.raises(Refused) as refused:
        hood.book("noor", *WEDNESDAY, zone=zone)
    [objection] = refused.value.objections
    with hood.app.test_request_context():
        assert say(objection) == told


def test_booking_that_came_in_meanwhile_is_shown_and_nothing_is_half_done(hood: Neighbourhood) -> None:
    hood.book("noor", *WEDNESDAY)
    shown = marks(hood)
    late = hood.book("ali", "2026-11-25 18:00", "2026-11-25 19:00")
    before = row_counts(hood.app, *TRACES, "message")
    with pytest.raises(Displaces) as again:
        close_over(hood, ALL_WEDNESDAY, seen=shown)
    assert late in {each.public_id for each in again.value.bookings}
    assert row_counts(hood.app, *TRACES, "message") == before


def test_who_called_off_meanwhile_needs_no_second_look(hood: Neighbourhood) -> None:
    booked = hood.book("noor", *WEDNESDAY)
    shown = marks(hood)
    cancel(hood, "noor", booked)
    close_over(hood, ALL_WEDNESDAY, seen=shown)
    assert seen(hood, booked).reason is CancelReason.PLANS_CHANGED


def test_closing_a_part_leaves_the_other_part_alone(hood: Neighbourhood) -> None:
    kitchen = hood.book("noor", *WEDNESDAY, zone="keuken")
    whole = hood.book("ali", "2026-11-25 09:00", "2026-11-25 11:00", zone="")
    shown = marks(hood, ALL_WEDNESDAY, "grote-zaal")
    close_over(hood, ALL_WEDNESDAY, "grote-zaal", seen=shown)
    assert (seen(hood, kitchen).status, seen(hood, whole).status) == (Status.CONFIRMED, Status.CANCELLED)
    assert held(hood) == [ALL_WEDNESDAY, span(*WEDNESDAY)]


def test_request_that_stands_makes_place_and_one_that_lapsed_does_not(
    hood: Neighbourhood, moment: Move
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    asked = hood.book("noor", *WEDNESDAY)
    close_over(hood, ALL_WEDNESDAY, seen=marks(hood))
    assert (seen(hood, asked).status, seen(hood, asked).lapses_at) == (Status.DECLINED, None)
    hood.book("noor", "2026-12-10 14:00", "2026-12-10 16:00")
    moment(timedelta(hours=72))
    close(hood, span("2026-12-10 08:00", "2026-12-10 22:00"))


def test_who_is_inside_makes_place_and_who_was_there_does_not(hood: Neighbourhood, moment: Move) -> None:
    was = hood.book("noor", "2026-11-24 14:15", "2026-11-24 15:00")
    inside = hood.book("ali", "2026-11-24 15:00", "2026-11-24 17:00")
    moment(timedelta(hours=1))
    today = span("2026-11-24 08:00", "2026-11-24 22:00")
    with pytest.raises(Displaces) as shown:
        close_over(hood, today)
    assert [each.public_id for each in shown.value.bookings] == [inside]
    public_id = close_over(hood, today, seen=[each.mark for each in shown.value.bookings])
    assert view(hood, public_id).slot == span("2026-11-24 15:05", "2026-11-24 22:00")
    assert seen(hood, was).status is Status.CONFIRMED


def test_displaced_booking_spends_no_turn(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=False, quota=1)
    hood.book("noor", "2026-11-24 20:00", "2026-11-24 21:00")
    today = span("2026-11-24 14:05", "2026-11-24 22:00")
    close_over(hood, today, seen=marks(hood, today))
    hood.book("noor", *WEDNESDAY)


def test_key_that_is_out_stays_due_as_it_was(hood: Neighbourhood) -> None:
    booked = hood.book("noor", *WEDNESDAY)
    ring = a_key(hood)
    due_at = make.at("2026-11-26 12:00")
    ring.give("noor", due_at=due_at, booking_id=seen(hood, booked).booking_id)
    close_over(hood, ALL_WEDNESDAY, seen=marks(hood))
    assert (ring.now.due_at, ring.now.holder.person_id) == (due_at, hood.people["noor"])


def test_time_to_tidy_up_before_a_closure_does_not_come_free_when_that_is_called_off(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    with hood.app.app_context(), unit_of_work():
        execute(text("update room set buffer_minutes = 30"))
    booked = hood.book("noor", *WEDNESDAY, zone="")
    evening = span("2026-11-25 16:00", "2026-11-25 22:00")
    close(hood, evening)
    assert held(hood) == [span(*WEDNESDAY)] * 2 + [evening] * 2
    assert found_faults(hood) == []
    cancel(hood, "noor", booked)
    assert held(hood) == [evening] * 2


def test_overlapping_closures_take_over_from_each_other(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    first = close(hood, span("2026-11-25 10:00", "2026-11-25 14:00"))
    second = close(hood, span("2026-11-25 12:00", "2026-11-25 18:00"), "keuken")
    whole = span("2026-11-25 10:00", "2026-11-25 18:00")
    assert uncovered(hood, whole, "keuken") == ()
    assert reopen(hood, view(hood, first)) is False
    assert row_counts(hood.app, "closure") == {"closure": 1}
    assert held(hood) == [span("2026-11-25 12:00", "2026-11-25 18:00")]
    hood.book("noor", "2026-11-25 12:00", "2026-11-25 18:00", zone="grote-zaal")
    assert reopen(hood, view(hood, second)) is False
    hood.book("ali", "2026-11-25 10:00", "2026-11-25 18:00", zone="keuken")
    assert found_faults(hood) == []


def uncovered(hood: Neighbourhood, slot: TimeSlot, zone: str = "grote-zaal") -> tuple[TimeSlot, ...]:
    """What nothing holds of this zone during the slot."""
    with hood.app.app_context():
        found = room_by_id(hood.linde).zone(zone)
        assert found is not None
        taken = taken_between(hood.linde, slot.starts, slot.ends, now=clock.now())
    return gaps(slot, [t.slot for t in taken if t.zone_id == found.zone_id])


def test_closure_that_runs_ends_now_and_frees_the_rest(hood: Neighbourhood, moment: Move) -> None:
    closure = view(hood, close(hood, span("2026-11-24 14:05", "2026-11-26 12:00")))
    moment(timedelta(hours=2, seconds=20))
    assert reopen(hood, closure) is True
    assert view(hood, closure.public_id).slot == span("2026-11-24 14:05", "2026-11-24 16:05")
    hood.book("noor", "2026-11-24 16:15", "2026-11-24 18:00")
    before = row_counts(hood.app, *TRACES)
    assert reopen(hood, closure) is True
    assert row_counts(hood.app, *TRACES) == before
    assert audited(hood)[:2] == ["room_closed", "closure_ended"]


def test_closure_in_the_minute_it_began_is_taken_away(hood: Neighbourhood) -> None:
    closure = view(hood, close(hood, span("2026-11-24 08:00", "2026-11-24 22:00")))
    assert reopen(hood, closure) is False
    assert reopen(hood, closure) is False
    assert row_counts(hood.app, "closure", "occupancy") == {"closure": 0, "occupancy": 0}


def test_change_frees_what_it_leaves_and_asks_about_what_it_takes(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    closure = view(hood, close(hood, span("2026-11-25 10:00", "2026-11-25 12:00")))
    booked = hood.book("noor", *WEDNESDAY)
    longer = span("2026-11-25 11:00", "2026-11-25 15:00")
    with pytest.raises(Displaces) as shown:
        change(hood, closure, longer)
    assert held(hood).count(closure.slot) == 2
    change(hood, closure, longer, seen=tuple(each.mark for each in shown.value.bookings))
    assert seen(hood, booked).reason is CancelReason.CLOSED
    assert held(hood) == [longer] * 2
    with pytest.raises(Refused) as refusal:
        change(hood, closure, longer)
    assert [o.reason for o in refusal.value.objections] == [SpanReason.CHANGED_MEANWHILE]
    change(hood, view(hood, closure.public_id), longer, "keuken")
    assert held(hood) == [longer]
    assert found_faults(hood) == []


def test_closure_that_began_keeps_its_beginning(hood: Neighbourhood, moment: Move) -> None:
    closure = view(hood, close(hood, span("2026-11-24 14:05", "2026-11-24 18:00")))
    moment(timedelta(hours=1))
    change(hood, closure, span("2026-11-24 17:00", "2026-11-25 10:00"))
    assert view(hood, closure.public_id).slot == span("2026-11-24 14:05", "2026-11-25 10:00")
    moment(timedelta(days=2))
    with pytest.raises(Refused) as refusal:
        change(hood, view(hood, closure.public_id), span("2026-11-24 17:00", "2026-11-29 10:00"))
    assert [o.reason for o in refusal.value.objections] == [SpanReason.ALREADY_OVER]


@pytest.mark.parametrize(
    ("slot", "reason"),
    [
        (span("2026-11-20 10:00", "2026-11-21 10:00"), SpanReason.OVER),
        (span("2026-11-23 10:00", "2026-11-26 10:00"), SpanReason.BEGAN_BEFORE_TODAY),
        (span("2026-11-25 10:00", "2028-11-26 10:00"), SpanReason.TOO_LONG),
    ],
)
def test_closing_the_past_or_for_years_is_refused(
    hood: Neighbourhood, slot: TimeSlot, reason: SpanReason
) -> None:
    with pytest.raises(Refused) as refusal:
        close(hood, slot)
    assert [o.reason for o in refusal.value.objections] == [reason]
    with pytest.raises(Refused) as refusal:
        close(hood, ALL_WEDNESDAY, "zolder")
    assert [o.reason for o in refusal.value.objections] == [SpanReason.NO_SUCH_ZONE]


def test_closure_of_a_year_is_a_piece_for_each_day(hood: Neighbourhood) -> None:
    close(hood, span("2026-11-25 00:00", "2027-11-25 00:00"))
    assert row_counts(hood.app, "occupancy") == {"occupancy": 2 * 365}


def test_same_form_twice_is_one_closure(hood: Neighbourhood) -> None:
    actor_id = hood.people["sanne"]
    post = FormPost(actor_id, "/sluitingen/nieuw", make.new_key(), {"a": 1})
    wanted = Wanted(ALL_WEDNESDAY, "", "Nieuwe vloer")
    for _ in range(2):
        with hood.app.app_context(), unit_of_work():
            where = closing.close(hood.linde, wanted, seen=(), actor_id=actor_id, now=clock.now(), post=post)
        assert where == "/r/de-linde/sluitingen"
    another = FormPost(actor_id, post.route, make.new_key(), {"a": 1})
    with hood.app.app_context(), unit_of_work():
        where = closing.close(hood.linde, wanted, seen=(), actor_id=actor_id, now=clock.now(), post=another)
    assert where == "/r/de-linde/sluitingen"
    assert row_counts(hood.app, "closure") == {"closure": 1}, "nor does a form that says just the same"
    other = FormPost(actor_id, post.route, post.key, {"a": 2})
    with pytest.raises(Refused) as refusal, hood.app.app_context(), unit_of_work():
        closing.close(hood.linde, wanted, seen=(), actor_id=actor_id, now=clock.now(), post=other)
    assert [o.reason for o in refusal.value.objections] == [SpanReason.FORM_REUSED]


def test_booking_at_the_same_moment_is_displaced_or_refused(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hours = [8, 9, 10, 11, 12, 13, 14, 15]

    def book(hour: int) -> str:
        starts, ends = f"2026-11-25 {hour}:00", f"2026-11-25 {hour + 1}:00"
        try:
            return hood.book(("noor", "ali", "riet", "bram")[hour % 4], starts, ends)
        except Refused as refusal:
            return str(reasons_in(refusal)[0])
        except DatabaseBusy:
            return "busy"

    def shut(zone: str) -> str:
        shown: list[str] = []
        for _ in range(40):
            try:
                close_once(hood, zone, shown)
            except Displaces as found:
                shown = [each.mark for each in found.bookings]
            except DatabaseBusy:
                continue
            else:
                return "closed"
        return "never"

    with ThreadPoolExecutor(8) as pool:
        closers = [pool.submit(shut, zone) for zone in ("", "grote-zaal")]
        booked = list(pool.map(book, hours))
        assert [closer.result() for closer in closers] == ["closed", "closed"]
    came_first = [answer for answer in booked if len(answer) == 10 and answer != "room_taken"]
    assert set(booked) - set(came_first) <= {"room_taken", "busy"}
    for public_id in came_first:
        assert seen(hood, public_id).reason is CancelReason.CLOSED
    assert row_counts(hood.app, "closure") == {"closure": 2}
    assert held(hood) == [ALL_WEDNESDAY] * 2
    told = rows(hood.app, "select count(*) from message where kind = 'booking_displaced'")[0][0]
    assert told == len(came_first)
    assert found_faults(hood) == []


def close_once(hood: Neighbourhood, zone: str, shown: list[str]) -> None:
    wanted = Wanted(ALL_WEDNESDAY, zone, "Nieuwe vloer")
    with hood.app.app_context(), unit_of_work():
        closing.close(hood.linde, wanted, seen=shown, actor_id=hood.people["sanne"], now=clock.now())


def test_closure_within_another_is_told_at_once_and_no_more_when_it_goes(hood_on_both: Neighbourhood) -> None:
    hood, client = hood_on_both, hood_on_both.app.test_client()

    def told() -> int:
        return client.get("/r/de-linde/agenda.ics").get_data(as_text=True).count("BEGIN:VEVENT")

    close(hood, span("2026-11-28 09:00", "2026-11-28 18:00"))
    assert told() == 1
    inner = close(hood, span("2026-11-28 10:00", "2026-11-28 12:00"))
    assert told() == 2
    with hood.app.app_context():
        closure = closure_of(hood.linde, inner)
        assert closure is not None
    reopen(hood, closure)
    assert told() == 1
