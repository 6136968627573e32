"""Moving, cancelling and fair use: each booking keeps its slot or has the new one, once."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from ontmoet.bookings.rules import Reason
from ontmoet.bookings.states import CancelReason, Status
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.people.models import Residency
from tests import builders as make
from tests.bookings.deeds import TRACES, audited, cancel, change, held, reasons_in, seen
from tests.bookings.request_deeds import approve, ask, let_ask
from tests.samples import span
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

WEDNESDAY = ("2026-11-25 14:00", "2026-11-25 16:00")
THURSDAY = ("2026-11-26 18:00", "2026-11-26 21:00")


def refused(hood: Neighbourhood, *args: object, **wish: object) -> list[Reason]:
    with pytest.raises(Refused) as refusal:
        change(hood, *args, **wish)
    return reasons_in(refusal.value)


def test_change_moves_time_zone_people_and_purpose_in_one_go(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    booking = seen(hood, hood.book("noor", *WEDNESDAY))
    where = change(hood, "noor", booking, *THURSDAY, zone="", people=45, purpose="Buurtfeest")
    moved = seen(hood, booking.public_id)
    assert where == f"/reserveringen/{booking.public_id}"
    assert (moved.slot, moved.zone_id, moved.people) == (span(*THURSDAY), None, 45)
    assert (moved.purpose, moved.version, moved.status) == ("Buurtfeest", 2, Status.CONFIRMED)
    assert held(hood) == []
    assert held(hood, "2026-11-26") == [span(*THURSDAY)] * 2
    assert audited(hood) == ["booking_made", "booking_changed"]
    (row,) = rows(hood.app, "select changes from audit where action = 'booking_changed'")
    assert json.loads(row.changes) == {
        "was": {"starts": "2026-11-25 13:00:00+00:00", "ends": "2026-11-25 15:00:00+00:00"},
        "starts": "2026-11-26 17:00:00+00:00",
        "ends": "2026-11-26 20:00:00+00:00",
        "zone": "",
        "people": 45,
    }


def test_change_that_is_refused_keeps_the_old_slot(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hood.book("ali", *THURSDAY)
    booking = seen(hood, hood.book("noor", *WEDNESDAY))
    before = row_counts(hood.app, *TRACES)
    assert refused(hood, "noor", booking, *THURSDAY, people=5) == [Reason.ROOM_TAKEN]
    assert refused(hood, "noor", booking, *WEDNESDAY, zone="zolder") == [Reason.NO_SUCH_ZONE]
    assert seen(hood, booking.public_id) == booking
    assert held(hood) == [span(*WEDNESDAY)]
    assert row_counts(hood.app, *TRACES) == before


def test_change_may_overlap_the_slot_it_leaves(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    booking = seen(hood, hood.book("noor", *WEDNESDAY))
    change(hood, "noor", booking, "2026-11-25 15:00", "2026-11-25 17:00")
    assert held(hood) == [span("2026-11-25 15:00", "2026-11-25 17:00")]


def test_second_change_of_the_same_version_is_refused(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    booking = seen(hood, hood.book("noor", *WEDNESDAY))
    change(hood, "noor", booking, *THURSDAY)
    assert refused(hood, "noor", booking, "2026-11-27 10:00", "2026-11-27 12:00") == [
        Reason.CHANGED_MEANWHILE
    ]
    assert held(hood, "2026-11-26") == [span(*THURSDAY)]


def test_same_change_form_is_carried_out_once(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    booking = seen(hood, hood.book("noor", *WEDNESDAY))
    key = make.new_key()
    first = change(hood, "noor", booking, *THURSDAY, key=key)
    assert change(hood, "noor", booking, *THURSDAY, key=key) == first
    assert seen(hood, booking.public_id).version == 2
    assert refused(hood, "noor", booking, *WEDNESDAY, key=key) == [Reason.FORM_REUSED]


def test_change_of_what_is_over_or_cancelled_is_refused(hood: Neighbourhood, moment) -> None:
    over = seen(hood, hood.book("noor", "2026-11-24 15:00", "2026-11-24 16:00"))
    gone = seen(hood, hood.book("noor", *WEDNESDAY))
    cancel(hood, "noor", gone.public_id)
    assert refused(hood, "noor", gone, *THURSDAY) == [Reason.ALREADY_OVER]
    moment(timedelta(hours=2))
    assert refused(hood, "noor", over, *THURSDAY) == [Reason.ALREADY_OVER]


def test_change_on_approval_asks_again_only_for_another_time_or_place(hood: Neighbourhood) -> None:
    booking = seen(hood, hood.book("noor", *WEDNESDAY))
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    change(hood, "noor", booking, *WEDNESDAY, people=9)
    more_people = seen(hood, booking.public_id)
    assert (more_people.status, more_people.people) == (Status.CONFIRMED, 9)
    change(hood, "noor", more_people, *THURSDAY)
    moved = seen(hood, booking.public_id)
    assert (moved.status, moved.lapses_at) == (Status.REQUESTED, make.at("2026-11-26 14:00"))


def test_running_booking_that_needed_a_yes_ends_sooner_without_another(hood: Neighbourhood, moment) -> None:
    let_ask(hood)
    public_id = ask(hood, "iris", "2026-11-24 16:00", "2026-11-24 20:00")
    approve(hood, "kim", public_id)
    moment(timedelta(hours=2))
    change(hood, "iris", seen(hood, public_id), "2026-11-24 16:00", "2026-11-24 18:00", zone="")
    left = seen(hood, public_id)
    assert (left.status, left.lapses_at) == (Status.CONFIRMED, None)
    assert left.slot == span("2026-11-24 16:00", "2026-11-24 18:00")


@pytest.mark.parametrize("name", ["iris", "fatma"])
def test_running_booking_keeps_what_it_has_when_more_needs_a_yes(
    hood: Neighbourhood, moment, name: str
) -> None:
    let_ask(hood)
    public_id = ask(hood, "iris", "2026-11-24 16:00", "2026-11-24 18:00")
    approve(hood, "kim", public_id)
    moment(timedelta(hours=2))
    before = seen(hood, public_id)
    longer = ("2026-11-24 16:00", "2026-11-24 19:00")
    assert refused(hood, name, before, *longer, zone="") == [Reason.MORE_NEEDS_A_YES]
    assert seen(hood, public_id) == before
    # The way out that it is told: the time after it is a request of its own.
    assert seen(hood, ask(hood, "iris", "2026-11-24 18:00", "2026-11-24 19:00")).status is Status.REQUESTED


def test_cancel_frees_the_slot_at_once_and_keeps_who_and_why(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    public_id = hood.book("noor", *WEDNESDAY, zone="")
    cancel(hood, "noor", public_id)
    gone = seen(hood, public_id)
    assert (gone.status, gone.reason, gone.version) == (Status.CANCELLED, CancelReason.PLANS_CHANGED, 2)
    assert held(hood) == []
    hood.book("ali", *WEDNESDAY)
    (row,) = rows(
        hood.app,
        "select actor_id, on_behalf_of_id, changes from audit where object_id = 1 and "
        "action = 'booking_cancelled'",
    )
    assert tuple(row) == (hood.people["noor"], None, '{"reason": "plans_changed"}')


def test_cancel_twice_changes_nothing_the_second_time(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    public_id = hood.book("noor", *WEDNESDAY)
    cancel(hood, "noor", public_id)
    before = (seen(hood, public_id), row_counts(hood.app, *TRACES))
    cancel(hood, "bram", public_id, CancelReason.DEFECT)
    assert (seen(hood, public_id), row_counts(hood.app, *TRACES)) == before
    assert audited(hood) == ["booking_made", "booking_cancelled"]


def test_cancel_by_staff_is_recorded_on_behalf_of_the_booker(hood: Neighbourhood) -> None:
    public_id = hood.book("noor", *WEDNESDAY)
    cancel(hood, "sanne", public_id, CancelReason.DEFECT)
    (row,) = rows(hood.app, "select actor_id, on_behalf_of_id from audit where action = 'booking_cancelled'")
    assert tuple(row) == (hood.people["sanne"], hood.people["noor"])
    assert seen(hood, public_id).reason is CancelReason.DEFECT


def test_cancel_works_until_the_end_and_not_after(hood: Neighbourhood, moment) -> None:
    running = hood.book("noor", "2026-11-24 14:30", "2026-11-24 16:00")
    other = hood.book("noor", "2026-11-24 14:30", "2026-11-24 16:00", zone="keuken")
    moment(timedelta(minutes=114))
    cancel(hood, "noor", running)
    assert seen(hood, running).status is Status.CANCELLED
    moment(timedelta(minutes=1))
    with pytest.raises(Refused) as refusal:
        cancel(hood, "noor", other)
    assert reasons_in(refusal.value) == [Reason.ALREADY_OVER]


def test_fair_use_is_per_home_room_and_month(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=2, quota_from=18 * 60)
        lodger = make.make_person(name="Lot de Proef")
        home_id = rows(hood.app, "select id from home where address_name = 'linde-14b'")[0].id
        make.make_residency(person_id=lodger, home_id=home_id)
    hood.people["lot"] = lodger
    hood.book("noor", "2026-11-25 18:00", "2026-11-25 20:00")
    hood.book("lot", "2026-11-26 18:00", "2026-11-26 20:00")
    for name in ("noor", "lot"):
        with pytest.raises(Refused) as refusal:
            hood.book(name, "2026-11-27 18:00", "2026-11-27 20:00")
        (objection,) = refusal.value.objections
        assert (objection.reason, objection.field) == (Reason.FAIR_USE_SPENT, "day")
        turns = {"quota": 2, "quota_from": 18 * 60}
        month = {"month": date(2026, 11, 1), "today": date(2026, 11, 24)}
        assert dict(objection.facts) == turns | month
    hood.book("noor", "2026-11-27 17:45", "2026-11-27 19:00", zone="keuken")
    hood.book("noor", "2026-12-01 18:00", "2026-12-01 20:00")
    hood.book("ali", "2026-11-27 19:00", "2026-11-27 20:00")


def test_fair_use_counts_what_was_cancelled_less_than_a_day_before(hood: Neighbourhood, moment) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
    late_by_a_second = hood.book("noor", "2026-11-25 14:04", "2026-11-25 15:00")
    cancel(hood, "noor", late_by_a_second)
    with pytest.raises(Refused) as refusal:
        hood.book("noor", "2026-11-28 10:00", "2026-11-28 11:00")
    assert reasons_in(refusal.value) == [Reason.FAIR_USE_SPENT]
    in_time = hood.book("ali", "2026-11-25 14:05", "2026-11-25 15:00")
    cancel(hood, "ali", in_time)
    hood.book("ali", "2026-11-28 10:00", "2026-11-28 11:00")


def test_fair_use_counts_what_was_moved_away_late_and_cancelled_then(hood: Neighbourhood, moment) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
    away = ("2026-11-29 10:00", "2026-11-29 11:00")
    for name, starts, mover, is_free in (
        ("noor", "2026-11-25 14:04", "noor", False),
        ("ali", "2026-11-25 14:05", "ali", True),
        ("bram", "2026-11-25 12:00", "sanne", True),
    ):
        public_id = hood.book(name, starts, "2026-11-25 15:00", zone="keuken")
        change(hood, mover, seen(hood, public_id), *away)
        cancel(hood, name, public_id)
        if is_free:
            cancel(hood, "sanne", hood.book(name, *away))
        else:
            with pytest.raises(Refused) as refusal:
                hood.book(name, *away)
            assert reasons_in(refusal.value) == [Reason.FAIR_USE_SPENT]


def test_evening_given_up_late_counts_also_when_it_was_moved_to_the_day(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1, quota_from=18 * 60)
    for name, starts, is_free in (("noor", "2026-11-24 19:00", False), ("ali", "2026-11-24 17:00", True)):
        public_id = hood.book(name, starts, "2026-11-24 21:00", zone="keuken")
        change(hood, name, seen(hood, public_id), "2026-11-28 10:00", "2026-11-28 12:00")
        cancel(hood, name, public_id)
        if is_free:
            hood.book(name, *THURSDAY)
        else:
            with pytest.raises(Refused) as refusal:
                hood.book(name, *THURSDAY)
            assert reasons_in(refusal.value) == [Reason.FAIR_USE_SPENT]


def test_fair_use_gives_back_what_somebody_else_cancelled_or_nobody_answered(
    hood: Neighbourhood, moment
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1, needs_approval=True)
    cancel(hood, "sanne", hood.book("noor", "2026-11-25 10:00", "2026-11-25 11:00"), CancelReason.DEFECT)
    hood.book("noor", "2026-11-30 10:00", "2026-11-30 11:00")
    with pytest.raises(Refused) as refusal:
        hood.book("noor", "2026-11-29 10:00", "2026-11-29 11:00")
    assert reasons_in(refusal.value) == [Reason.FAIR_USE_SPENT]
    moment(timedelta(hours=72))
    assert clock.now() == make.at("2026-11-27 14:05")
    hood.book("noor", "2026-11-29 10:00", "2026-11-29 11:00")


def test_fair_use_leaves_out_the_booking_that_moves(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
    booking = seen(hood, hood.book("noor", *WEDNESDAY))
    change(hood, "noor", booking, *THURSDAY)
    assert held(hood, "2026-11-26") == [span(*THURSDAY)]


def test_running_booking_can_still_change_its_people_and_its_end(hood: Neighbourhood, moment) -> None:
    booking = seen(hood, hood.book("noor", "2026-11-24 14:30", "2026-11-24 16:00"))
    moment(timedelta(hours=1))
    change(hood, "noor", booking, "2026-11-24 14:30", "2026-11-24 17:00", people=6)
    assert seen(hood, booking.public_id).people == 6


def test_number_of_people_changes_whatever_was_lowered_or_spent_since(hood: Neighbourhood) -> None:
    found = [hood.book("noor", f"2026-11-{day} 20:00", f"2026-11-{day} 22:00") for day in (25, 26)]
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
        make.make_opening_exception(room_id=hood.linde, day=date(2026, 11, 26))
    change(hood, "noor", seen(hood, found[1]), "2026-11-26 20:00", "2026-11-26 22:00", people=6)
    assert seen(hood, found[1]).people == 6


def test_new_resident_does_not_pay_for_the_turns_of_who_lived_there_before(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
        hood.people["iris"] = make.make_person(name="Iris de Proef")
        (home,) = rows(hood.app, "select id from home where address_name = 'linde-14b'")
        make.make_residency(person_id=hood.people["iris"], home_id=home.id)
    left_behind = hood.book("noor", *WEDNESDAY)
    with pytest.raises(Refused):
        hood.book("iris", *THURSDAY)
    with hood.app.app_context(), unit_of_work():
        execute(
            update(Residency.__table__)
            .where(Residency.person_id == hood.people["noor"])
            .values(until=date(2026, 11, 24))
        )
    hood.book("iris", *THURSDAY)
    assert seen(hood, left_behind).status is Status.CONFIRMED
