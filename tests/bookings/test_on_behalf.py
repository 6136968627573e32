"""Somebody does it for a neighbour: whose limits hold, who is told, what is written down (GE-04)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.retention import take_names
from ontmoet.bookings.rules import Reason
from ontmoet.bookings.states import CancelReason, Status
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel.objections import Refused
from ontmoet.rooms.rules import UseKind
from tests import builders as make
from tests.bookings.deeds import cancel, change, reasons_in, seen
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

SATURDAY = ("2026-11-28 14:00", "2026-11-28 16:00")
WEDNESDAY = ("2026-11-25 14:00", "2026-11-25 16:00")


def limit(hood: Neighbourhood, quota: int, **settings: bool) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=quota, **settings)


def trail(hood: Neighbourhood) -> list[tuple[str, int | None, int | None]]:
    found = rows(hood.app, "select action, actor_id, on_behalf_of_id from audit order by id")
    return [tuple(row) for row in found]


def told(hood: Neighbourhood) -> list[tuple[str, int]]:
    return [tuple(row) for row in rows(hood.app, "select kind, person_id from message order by id")]


def test_booking_is_theirs_and_both_names_are_kept(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    noor, bram = hood.people["noor"], hood.people["bram"]
    booking = seen(hood, hood.book("noor", *WEDNESDAY, helper="bram"))
    assert (booking.person_id, booking.entered_by_id, booking.helper) == (noor, bram, "Bram")
    assert booking.home_id == hood.actor("noor").dwellings[0].home_id
    assert trail(hood) == [("booking_made", bram, noor)]
    assert told(hood) == [("booking_confirmed", noor)]


def test_booking_for_a_partner_is_of_the_organisation_and_on_approval(hood: Neighbourhood) -> None:
    booking = seen(hood, hood.book("riet", *WEDNESDAY, helper="sanne"))
    assert (booking.use_kind, booking.status) == (UseKind.ORGANISATION, Status.REQUESTED)
    assert booking.organisation_id is not None


def test_staff_helping_are_bound_by_the_limits_of_the_one_it_is_for(hood: Neighbourhood) -> None:
    limit(hood, 1, needs_approval=True)
    assert seen(hood, hood.book("noor", *WEDNESDAY, helper="sanne")).status is Status.REQUESTED
    with pytest.raises(Refused) as refused:
        hood.book("noor", "2026-11-26 14:00", "2026-11-26 16:00", helper="sanne")
    assert reasons_in(refused.value) == [Reason.FAIR_USE_SPENT]
    # Those who help spend nothing of their own.
    hood.book("bram", "2026-11-27 14:00", "2026-11-27 16:00")


def test_two_helpers_at_once_do_not_go_beyond_fair_use(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    limit(hood, 2)

    def book(number: int) -> bool:
        helper, day = ("bram", "sanne")[number % 2], f"2026-11-{25 + number // 2:02d}"
        try:
            hood.book("noor", f"{day} {9 + number}:00", f"{day} {10 + number}:00", helper=helper)
        except Refused as refusal:
            return reasons_in(refusal) != [Reason.FAIR_USE_SPENT]
        return True

    with ThreadPoolExecutor(6) as pool:
        booked = list(pool.map(book, range(6)))
    assert sum(booked) == 2
    assert row_counts(hood.app, "booking") == {"booking": 2}


def test_exception_to_fair_use_is_kept_where_it_was_needed_and_holds_for_its_month(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    limit(hood, 1)
    first = seen(hood, hood.book("noor", *SATURDAY, helper="bram", exception="Niet nodig"))
    assert first.fair_use_exception is None
    extra = hood.book(
        "noor", "2026-11-26 14:00", "2026-11-26 16:00", helper="bram", exception="Feest van de straat"
    )
    assert seen(hood, extra).fair_use_exception == "Feest van de straat"
    change(hood, "noor", seen(hood, extra), "2026-11-27 14:00", "2026-11-27 16:00")
    assert seen(hood, extra).fair_use_exception == "Feest van de straat"
    hood.book("noor", "2026-12-01 14:00", "2026-12-01 16:00")
    with pytest.raises(Refused) as refused:
        change(hood, "noor", seen(hood, extra), "2026-12-02 14:00", "2026-12-02 16:00")
    assert reasons_in(refused.value) == [Reason.FAIR_USE_SPENT]
    cancel(hood, "noor", first.public_id)
    change(hood, "noor", seen(hood, extra), "2026-11-27 15:00", "2026-11-27 16:00")
    assert seen(hood, extra).fair_use_exception is None, "a turn came free"


def test_exception_may_be_given_when_changing_and_takes_the_place_of_an_earlier_one(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    limit(hood, 1)
    hood.book("noor", "2026-12-01 14:00", "2026-12-01 16:00")
    moved = hood.book("noor", *WEDNESDAY)
    december = ("2026-12-02 14:00", "2026-12-02 16:00")
    with pytest.raises(Refused) as refused:
        change(hood, "bram", seen(hood, moved), *december)
    assert reasons_in(refused.value) == [Reason.FAIR_USE_SPENT]
    for reason in ("Feest van de straat", "Toch de buurtmaaltijd"):
        change(hood, "bram", seen(hood, moved), *december, exception=reason)
        assert seen(hood, moved).fair_use_exception == reason
    changes = rows(hood.app, "select changes from audit where action = 'booking_changed'")
    assert ["beyond_fair_use" in change for (change,) in changes] == [True, True]
    change(hood, "bram", seen(hood, moved), *WEDNESDAY, exception="Niet nodig")
    assert seen(hood, moved).fair_use_exception is None


def test_booking_from_before_the_limit_that_moves_within_its_month_has_no_exception(
    hood: Neighbourhood,
) -> None:
    hood.book("noor", *WEDNESDAY)
    extra = hood.book("noor", *SATURDAY)
    limit(hood, 1)
    change(hood, "noor", seen(hood, extra), "2026-11-28 15:00", "2026-11-28 16:00")
    assert seen(hood, extra).fair_use_exception is None


def test_change_and_cancel_for_somebody_are_theirs_and_told(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    noor, bram = hood.people["noor"], hood.people["bram"]
    public_id = hood.book("noor", *WEDNESDAY)
    change(hood, "bram", seen(hood, public_id), "2026-11-25 15:00", "2026-11-25 17:00")
    assert seen(hood, public_id).helper == "Bram"
    change(hood, "noor", seen(hood, public_id), *WEDNESDAY)
    assert seen(hood, public_id).helper == "", "she changed it back herself"
    cancel(hood, "bram", public_id)
    assert (seen(hood, public_id).helper, seen(hood, public_id).status) == ("Bram", Status.CANCELLED)
    assert trail(hood) == [
        ("booking_made", noor, None),
        ("booking_changed", bram, noor),
        ("booking_changed", noor, None),
        ("booking_cancelled", bram, noor),
    ]
    assert [kind for kind, person in told(hood) if person == noor] == [
        "booking_confirmed",
        "booking_changed",
        "booking_changed",
        "booking_cancelled",
    ]


def test_calling_off_is_not_done_for_somebody(hood: Neighbourhood) -> None:
    public_id = hood.book("noor", *WEDNESDAY)
    cancel(hood, "sanne", public_id, CancelReason.DEFECT)
    assert seen(hood, public_id).helper == ""


def test_change_by_staff_keeps_the_limits_of_the_one_it_is_for(hood: Neighbourhood) -> None:
    limit(hood, 1)
    hood.book("noor", *WEDNESDAY)
    december = hood.book("noor", "2026-12-02 14:00", "2026-12-02 16:00")
    with pytest.raises(Refused) as refused:
        change(hood, "sanne", seen(hood, december), "2026-11-26 14:00", "2026-11-26 16:00")
    assert reasons_in(refused.value) == [Reason.FAIR_USE_SPENT]


def test_house_rules_are_asked_of_the_one_it_is_for(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        version = make.make_rules(room_id=hood.linde)
        make.make_acceptance(person_id=hood.people["bram"], rules_version_id=version)
    with pytest.raises(Refused) as refused:
        hood.book("noor", *WEDNESDAY, helper="bram")
    assert reasons_in(refused.value) == [Reason.HOUSE_RULES_NOT_AGREED]
    with hood.app.app_context():
        make.make_acceptance(person_id=hood.people["noor"], rules_version_id=version)
    hood.book("noor", *WEDNESDAY, helper="bram")


def test_helper_and_exception_leave_with_the_name(hood: Neighbourhood) -> None:
    limit(hood, 1)
    hood.book("noor", *WEDNESDAY)
    hood.book("noor", "2026-11-26 14:00", "2026-11-26 16:00", helper="bram", exception="Feest")
    with hood.app.app_context(), unit_of_work():
        assert take_names(make.at("2027-03-01 12:00")) == 2
        kept = execute(text("select person_id, entered_by_id, fair_use_exception from booking")).all()
    assert [tuple(row) for row in kept] == [(None, None, None)] * 2
