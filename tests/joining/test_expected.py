"""Who is known from a list comes in with the letter of the home, as the person that the list put there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ontmoet.joining.queries import letters_of
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.walltime import day_of
from tests import builders as make
from tests.joining.deeds import HOME, a_letter, join, reasons
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood


def somebody_listed(hood: Neighbourhood, **known: Any) -> int:
    """Henk lives at linde-14b as far as the corporation knows."""
    with hood.app.app_context():
        person_id = make.make_person(name="Henk  Mulder", **known)
        make.make_residency(person_id=person_id, home_id=home_id(hood))
    return person_id


def home_id(hood: Neighbourhood) -> int:
    found: int = rows(hood.app, f"select id from home where address_name = '{HOME}'")[0].id  # noqa: S608
    return found


def test_who_was_listed_joins_as_that_person_and_as_they_say_themselves(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    person_id = somebody_listed(hood)
    before = row_counts(hood.app, "person", "residency")
    with hood.app.app_context():
        letters = {one.address_name: one for one in letters_of(hood.linde, today=day_of(clock.now()))}
    assert letters[HOME].people == 1, "Noor takes part; of Henk it is only known that he lives there"
    assert join(hood, a_letter(hood), name="henk mulder", phone="06 12345678") is not None
    assert row_counts(hood.app, "person", "residency") == before
    [henk] = rows(hood.app, f"select name, phone, channel from person where id = {person_id}")  # noqa: S608
    assert tuple(henk) == ("henk mulder", "06 12345678", "call")
    assert rows(hood.app, "select home_id from credential where nickname = 'henk'") == [(home_id(hood),)]
    assert rows(hood.app, f"select count(*) from message where person_id = {person_id}") == [(0,)]  # noqa: S608
    assert reasons(hood, a_letter(hood), name="Henk Mulder", device="een ander") == ["is_it_you"]


@pytest.mark.parametrize("has", ["e-mail", "password", "PIN", "session", "function", "another home"])
def test_letter_never_gives_somebody_who_can_get_in_otherwise(hood: Neighbourhood, has: str) -> None:
    known = {"e-mail": {"email": "henk@proef.example"}, "password": {"password": make.PASSWORD}}.get(has, {})
    person_id = somebody_listed(hood, **known)
    letter = a_letter(hood, "linde-16" if has == "another home" else HOME)
    with hood.app.app_context():
        if has == "PIN":
            make.make_pin(person_id=person_id, home_id=home_id(hood), nickname="hm")
        elif has == "session":
            make.make_session(person_id=person_id, days=2)
        elif has == "function":
            make.make_role(person_id=person_id, function=Function.HOST, room_id=hood.linde)
    if has == "another home":
        assert join(hood, letter).actor.person_id != person_id
    else:
        assert reasons(hood, letter) == ["is_it_you"]


def test_who_says_to_be_somebody_else_is_somebody_else(hood: Neighbourhood) -> None:
    person_id = somebody_listed(hood)
    assert join(hood, a_letter(hood), is_somebody_else=True).actor.person_id != person_id
