"""Agreeing with house rules, and booking under them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings.rules import Reason as BookingReason
from ontmoet.db import unit_of_work
from ontmoet.house_rules import actions
from ontmoet.house_rules.rules import Reason
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from tests import builders as make
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood


def publish(hood: Neighbourhood, number: int = 1, *, needs_acceptance: bool = True) -> int:
    with hood.app.app_context():
        return make.make_rules(room_id=hood.linde, number=number, needs_acceptance=needs_acceptance)


def agree(hood: Neighbourhood, name: str = "noor", number: int = 1) -> None:
    actor = hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        actions.agree(hood.linde, number, actor=actor, now=clock.now())


def book(hood: Neighbourhood, name: str = "noor", hour: int = 14) -> str:
    return hood.book(name, f"2026-11-25 {hour}:00", f"2026-11-25 {hour + 1}:00")


def under(hood: Neighbourhood) -> list[int | None]:
    """The version of the house rules of each booking."""
    found = rows(
        hood.app,
        "select number from booking left join rules_version on rules_version.id = rules_version_id"
        " order by booking.id",
    )
    return [number for (number,) in found]


@pytest.mark.parametrize("name", ["noor", "bram", "riet", "sanne", "mo"])
def test_nobody_books_before_agreeing(hood_on_both: Neighbourhood, name: str) -> None:
    publish(hood_on_both)
    with pytest.raises(Refused) as refused:
        book(hood_on_both, name)
    assert [o.reason for o in refused.value.objections] == [BookingReason.HOUSE_RULES_NOT_AGREED]
    tables = ("booking", "occupancy", "audit", "idempotency", "message")
    assert row_counts(hood_on_both.app, *tables) == dict.fromkeys(tables, 0)
    agree(hood_on_both, name)
    book(hood_on_both, name)
    assert under(hood_on_both) == [1]


def test_room_without_house_rules_asks_nothing(hood: Neighbourhood) -> None:
    publish(hood)
    hood.book("fatma", "2026-11-25 14:00", "2026-11-25 16:00", room="plein", zone="")
    assert under(hood) == [None]


def test_booking_is_asked_again_when_it_matters(hood: Neighbourhood) -> None:
    publish(hood)
    agree(hood)
    publish(hood, 2, needs_acceptance=False)
    book(hood, hour=10)
    publish(hood, 3)
    with pytest.raises(Refused):
        book(hood, hour=12)
    agree(hood, number=3)
    book(hood, hour=14)
    assert under(hood) == [1, 3]


def test_agreeing_twice_is_once(hood_on_both: Neighbourhood) -> None:
    publish(hood_on_both)
    agree(hood_on_both)
    agree(hood_on_both)
    assert row_counts(hood_on_both.app, "acceptance", "audit") == {"acceptance": 1, "audit": 1}


def test_agreeing_at_the_same_time_is_once(hood_on_both: Neighbourhood) -> None:
    publish(hood_on_both)
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(agree, hood_on_both) for _ in range(4)]:
            done.result()
    assert row_counts(hood_on_both.app, "acceptance", "audit") == {"acceptance": 1, "audit": 1}


@pytest.mark.parametrize("number", [1, 3])
def test_only_the_version_in_force_is_agreed_with(hood: Neighbourhood, number: int) -> None:
    publish(hood)
    publish(hood, 2)
    with pytest.raises(Refused) as refused:
        agree(hood, number=number)
    assert [o.reason for o in refused.value.objections] == [Reason.CHANGED_MEANWHILE]
    assert row_counts(hood.app, "acceptance") == {"acceptance": 0}
