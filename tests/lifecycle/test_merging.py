"""Two persons become one, and nothing that hung on either is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import UniqueConstraint, insert, text

from ontmoet.bookings.one_tap import cancel_link
from ontmoet.db import Base, execute, unit_of_work
from ontmoet.hearing.links import unsubscribe_link
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Refused
from ontmoet.lifecycle.merging import BY_HAND, columns_of_people, merge
from ontmoet.lifecycle.rules import Reason
from ontmoet.people.models import Credential
from tests import builders as make
from tests.cast import token_in
from tests.lifecycle.test_actions import TODAY, by, home_of, move
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood


def add_double(hood: Neighbourhood, *, email: str | None = None) -> int:
    """Noor once more, in the same home."""
    home_id = home_of(hood, "noor")
    with hood.app.app_context():
        double = make.make_person(name="Noor Proef", email=email)
        make.make_residency(person_id=double, home_id=home_id)
    hood.people["double"] = double
    return double


def join(hood: Neighbourhood, keep: str = "noor", gone: str = "double", *, who: str = "sanne") -> None:
    with hood.app.app_context(), unit_of_work():
        merge(hood.people[keep], hood.people[gone], by(hood, who))


def left_with(hood: Neighbourhood, person_id: int) -> dict[str, int]:
    """How many rows still point at a person, by column."""
    counted = {
        f"{column.table.name}.{column.name}": rows(
            hood.app,
            f"select count(*) from {column.table.name} where {column.name} = :it",  # noqa: S608
            it=person_id,
        )[0][0]
        for column in columns_of_people()
    }
    return {name: count for name, count in counted.items() if count}


def test_every_table_whose_rows_could_collide_has_a_way_of_its_own() -> None:
    """A new table with a person in a unique constraint stops here until somebody thought about it."""
    people = {(column.table.name, column.name) for column in columns_of_people()}
    unique = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for held in (
            *(c for c in table.constraints if isinstance(c, UniqueConstraint)),
            *(index for index in table.indexes if index.unique),
            table.primary_key,
        )
        for column in held.columns
    }
    assert {table for table, _ in people & unique} <= set(BY_HAND)
    # `guardian_is_another`, `paper_is_recorded`, `made_by_another`
    checked = {"person", "acceptance", "slip"}
    assert checked <= set(BY_HAND)


def test_everything_of_the_one_becomes_of_the_other(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    double = add_double(hood, email="noor.twee@proef.example")
    with hood.app.app_context():
        version = make.make_rules(room_id=hood.linde)
        newer = make.make_rules(room_id=hood.linde, number=2)
        for person_id in (double, hood.people["noor"]):
            make.make_acceptance(person_id=person_id, rules_version_id=version)
        make.make_acceptance(person_id=double, rules_version_id=newer)
        make.make_role(person_id=double, function=Function.HOST, room_id=hood.linde)
        make.make_session(person_id=double, days=30)
        with unit_of_work():
            execute(
                insert(Credential.__table__),
                person_id=double,
                home_id=home_of(hood, "noor"),
                nickname="noor",
                pin_hash="x",
            )
    booked = hood.book("double", "2026-12-01 10:00", "2026-12-01 11:00")
    join(hood)
    assert left_with(hood, double) == {}
    noor = hood.people["noor"]
    assert hood.actor("noor").functions == {hood.linde: {Function.HOST}}
    assert rows(
        hood.app, "select person_id, entered_by_id from booking where public_id = :it", it=booked
    ) == [(noor, noor)]
    assert row_counts(hood.app, "acceptance", "credential") == {"acceptance": 2, "credential": 1}
    assert rows(hood.app, "select count(*) from residency where person_id = :it", it=noor) == [(1,)]
    assert rows(hood.app, "select person_id from message") == [(noor,)]
    assert rows(hood.app, "select revoked_at is null from session") in ([(0,)], [(False,)])
    person = "select email, merged_into_id from person where id = :it"
    assert rows(hood.app, person, it=noor) == [("noor@proef.example", None)]
    assert rows(hood.app, person, it=double) == [(None, noor)]
    found = rows(hood.app, "select actor_id, object_id from audit where action = 'merged'")
    assert found == [(hood.people["sanne"], double)]


def test_who_stays_gets_the_ways_to_reach_that_were_missing(hood: Neighbourhood) -> None:
    add_double(hood)
    join(hood, keep="double", gone="noor")
    found = rows(hood.app, "select email from person where id = :it", it=hood.people["double"])
    assert found == [("noor@proef.example",)]


def test_rights_grow_only_by_who_may_give_them(hood: Neighbourhood) -> None:
    add_double(hood)
    with hood.app.app_context():
        make.make_role(person_id=hood.people["ali"], function=Function.CHAIR, room_id=hood.linde)
        make.make_role(person_id=hood.people["double"], function=Function.TREASURER, room_id=hood.linde)
    for keep, gone, who, reason in (
        ("noor", "double", "ali", Reason.HEAVIER_THAN_YOURS),
        ("double", "noor", "ali", Reason.HEAVIER_THAN_YOURS),
        ("noor", "mo", "sanne", Reason.HEAVIER_THAN_YOURS),
        ("noor", "noor", "sanne", Reason.SAME_PERSON),
        ("noor", "ali", "ali", Reason.NOT_YOURSELF),
    ):
        with pytest.raises(Refused) as refused:
            join(hood, keep, gone, who=who)
        assert [objection.reason for objection in refused.value.objections] == [reason]
    join(hood)
    assert hood.actor("noor").functions == {hood.linde: {Function.TREASURER}}


def test_who_left_for_another_room_is_not_made_one_with_somebody_of_here(hood_on_both: Neighbourhood) -> None:
    """Whoever signs in as the double would be in where the chair of this room has nothing to say."""
    hood = hood_on_both
    add_double(hood)
    move(hood, "noor", TODAY)
    with hood.app.app_context():
        make.make_role(person_id=hood.people["ali"], function=Function.CHAIR, room_id=hood.linde)
        make.make_residency(person_id=hood.people["noor"], home_id=home_of(hood, "fatma"))
    for pair in (("noor", "double"), ("double", "noor")):
        with pytest.raises(Refused) as refused:
            join(hood, *pair, who="ali")
        assert [objection.reason for objection in refused.value.objections] == [Reason.LIVES_ELSEWHERE]


def test_merged_both_ways_at_once_is_merged_once(hood_on_both: Neighbourhood) -> None:
    add_double(hood_on_both)

    def attempt(pair: tuple[str, str]) -> bool:
        try:
            join(hood_on_both, *pair)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(attempt, [("noor", "double"), ("double", "noor")]))
    assert sorted(done) == [False, True]
    assert rows(hood_on_both.app, "select count(*) from person where merged_into_id is not null") == [(1,)]


def test_guardian_is_never_the_child(hood: Neighbourhood) -> None:
    double = add_double(hood)
    with hood.app.app_context(), unit_of_work():
        execute(
            text("update person set guardian_id = :noor where id = :it"), noor=hood.people["noor"], it=double
        )
    join(hood)
    assert left_with(hood, double) == {}


def test_links_in_mail_that_left_before_still_do_what_they_say(hood: Neighbourhood) -> None:
    add_double(hood, email="dubbel@proef.example")
    booked = hood.book("double", "2026-11-28 14:00", "2026-11-28 16:00")
    with hood.app.app_context():
        double = hood.public_id("double")
        give_back, hear_no_more = cancel_link(booked, double), unsubscribe_link(double, "booking_reminder")
        with unit_of_work():
            execute(text("insert into opt_in values (:id, 'booking_reminder')"), id=hood.people["double"])
    join(hood)
    client = hood.app.test_client()
    token = token_in(client.get(give_back).get_data(as_text=True))
    assert client.post(give_back, data={"csrf_token": token}).status_code == 303
    assert rows(hood.app, "select person_id, status from booking") == [(hood.people["noor"], "cancelled")]
    assert client.post(hear_no_more).status_code == 200
    assert rows(hood.app, "select * from opt_in") == []
