"""Addresses, numbers in the log, old agreements and people who are nowhere leave after their term."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ontmoet.bookings.retention import take_homes
from ontmoet.db import execute, unit_of_work, violated
from ontmoet.house_rules.retention import count_replaced, forget_replaced
from ontmoet.my_data.retention import count_nowhere, forget_nowhere
from ontmoet.people.addresses import ask_for_address, count_old_changes, forget_old_changes
from ontmoet.trail.actions import blank_old_audit
from ontmoet.trail.queries import count_old_audit
from tests import builders as make
from tests.cast import moment_of
from tests.fixtures import TUESDAY
from tests.watching import rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask import Flask

    from tests.cast import Neighbourhood

SECOND = timedelta(seconds=1)


def done(app: Flask, deed: Callable[[datetime], int], before: datetime) -> int:
    with app.app_context(), unit_of_work():
        return deed(before)


def test_home_leaves_a_booking_after_its_person_did(hood_on_both: Neighbourhood) -> None:
    hood, app = hood_on_both, hood_on_both.app
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    with app.app_context(), unit_of_work():
        execute(text("update booking set person_id = null where person_id = :id"), id=hood.people["noor"])
    assert done(app, take_homes, moment_of("2026-11-25 16:00")) == 0
    assert done(app, take_homes, moment_of("2027-11-25 16:00")) == 1
    homes = [row.home_id is None for row in rows(app, "select home_id from booking order by starts_at")]
    assert homes == [True, False], "Ali is still known"


def test_booking_of_somebody_known_never_loses_its_party(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    with hood.app.app_context(), pytest.raises(IntegrityError) as refused, unit_of_work():
        execute(text("update booking set home_id = null"))
    assert violated(refused.value, "ck_booking_one_party")


def test_audit_loses_who_and_what_about_and_nothing_else(hood_on_both: Neighbourhood) -> None:
    hood, app = hood_on_both, hood_on_both.app
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    (before,) = rows(app, "select * from audit")
    assert done(app, blank_old_audit, TUESDAY) == 0
    with app.app_context():
        assert count_old_audit(TUESDAY + SECOND) == 1
    assert done(app, blank_old_audit, TUESDAY + SECOND) == 1
    assert done(app, blank_old_audit, TUESDAY + SECOND) == 0
    (after,) = rows(app, "select * from audit")
    blank = {"actor_id": None, "on_behalf_of_id": None, "object_id": None}
    assert after._asdict() == {**before._asdict(), **blank}


@pytest.mark.parametrize(
    "change",
    [
        "actor_id = 1",
        "actor_id = actor_id + 1",
        "on_behalf_of_id = 1",
        "object_id = 0",
        "action = 'niets'",
        "action = 'niets', actor_id = null",
        "at = {}",
        "request_id = 'x'",
        "object_kind = 'x'",
        "room_id = null",
        "changes = ''",
        "id = id + 1",
    ],
)
def test_audit_lets_nothing_else_change(hood_on_both: Neighbourhood, change: str) -> None:
    hood, app = hood_on_both, hood_on_both.app
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00")
    on_sqlite = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    changed = change.format("at + 1" if on_sqlite else "at + interval '1 day'")
    with app.app_context(), pytest.raises(IntegrityError) as refused, unit_of_work():
        execute(text(f"update audit set {changed}"))  # noqa: S608 - our own changes
    assert violated(refused.value, "audit_never_updated")


def test_number_that_is_gone_never_comes_back(hood_on_both: Neighbourhood) -> None:
    hood, app = hood_on_both, hood_on_both.app
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00")
    assert done(app, blank_old_audit, TUESDAY + SECOND) == 1
    with app.app_context(), pytest.raises(IntegrityError), unit_of_work():
        execute(text("update audit set actor_id = 1"))


def test_agreement_goes_long_after_a_newer_one(
    hood_on_both: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    hood, app = hood_on_both, hood_on_both.app
    noor, ali = hood.people["noor"], hood.people["ali"]
    with app.app_context():
        first = make.make_rules(room_id=hood.linde)
        elsewhere = make.make_rules(room_id=hood.plein)
        for person_id in (noor, ali):
            make.make_acceptance(person_id=person_id, rules_version_id=first)
        make.make_acceptance(person_id=noor, rules_version_id=elsewhere)
        moment(timedelta(days=10))
        second = make.make_rules(room_id=hood.linde, number=2)
        make.make_acceptance(person_id=noor, rules_version_id=second)
    agreed_again = TUESDAY + timedelta(days=10)
    with app.app_context():
        assert [count_replaced(agreed_again), count_replaced(agreed_again + SECOND)] == [0, 1]
    assert done(app, forget_replaced, agreed_again) == 0
    assert done(app, forget_replaced, agreed_again + SECOND) == 1
    kept = rows(app, "select person_id, rules_version_id from acceptance order by id")
    assert [tuple(row) for row in kept] == [(ali, first), (noor, elsewhere), (noor, second)]


def test_address_that_was_not_proven_goes(hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        ask_for_address(hood.people["noor"], "noor@nieuw.example", now=TUESDAY)
    with hood.app.app_context():
        assert count_old_changes(TUESDAY + SECOND) == 1
    assert [done(hood.app, forget_old_changes, TUESDAY + n * SECOND) for n in range(2)] == [0, 1]


def test_who_moved_away_long_ago_is_erased_and_nobody_else(hood_on_both: Neighbourhood) -> None:
    hood, app = hood_on_both, hood_on_both.app
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00")
    moved = date(2026, 11, 20)
    with app.app_context(), unit_of_work():
        for name in ("noor", "ali", "bram"):
            execute(
                text("update residency set until = :day where person_id = :id"),
                day=str(moved) if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") else moved,
                id=hood.people[name],
            )
    noon = moment_of("2026-11-24 12:00")
    with app.app_context():
        stranger = make.make_person(name="Nog onderweg")
        assert count_nowhere(moment_of("2026-11-20 12:00")) == 0
        assert count_nowhere(noon) == 1, "Ali has something coming, Bram is a host"
    assert done(app, forget_nowhere, noon) == 1
    assert done(app, forget_nowhere, noon) == 0
    erased = [row.id for row in rows(app, "select id from person where erased_at is not null")]
    assert erased == [hood.people["noor"]] != [stranger]
