"""Reading how far somebody is with the house rules."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from ontmoet.db import execute, unit_of_work
from ontmoet.house_rules.actions import agree
from ontmoet.house_rules.queries import agreement_of, owes_agreement
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.queries import room_by_id
from tests import builders as make

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

OWES = select(owes_agreement(bindparam("who")))
PEOPLE = ("noor", "ali", "riet", "els")


def who_owes(hood: Neighbourhood) -> list[str]:
    """Who still has to agree, as the statement says and as the rule says."""
    now, actors = clock.now(), {name: hood.actor(name) for name in PEOPLE}
    with hood.app.app_context():
        room = room_by_id(hood.linde)
        about = {"room_id": hood.linde, "now": now, "today": day_of(now)}
        read = [name for name in PEOPLE if execute(OWES, who=hood.people[name], **about).scalar_one()]
        assert read == [name for name in PEOPLE if agreement_of(actors[name], room, now=now).is_missing]
    return read


def test_what_a_statement_reads_along_is_what_the_rule_says(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        hood.people["els"] = make.make_person(name="Els de Proef", email="els@proef.example")
        make.make_role(
            person_id=hood.people["els"],
            function=Function.PARTNER,
            room_id=hood.linde,
            organisation_id=1,
            until=day_of(clock.now()),
        )
        make.make_rules(room_id=hood.plein)
    found = [who_owes(hood)]
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    found.append(who_owes(hood))
    for name in ("noor", "riet"):  # Riet goes along for her organisation
        actor = hood.actor(name)
        with hood.app.app_context(), unit_of_work():
            agree(hood.linde, 1, actor=actor, now=clock.now())
    found.append(who_owes(hood))
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde, number=2, needs_acceptance=False)
        make.make_rules(room_id=hood.linde, number=3, published_at=clock.now() + timedelta(days=1))
    found.append(who_owes(hood))
    assert found == [[], ["noor", "ali", "riet", "els"], ["ali", "els"], ["ali", "els"]]
