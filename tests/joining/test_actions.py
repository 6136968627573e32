"""Letters and joining: what is stored, who may no more, who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ontmoet.db import execute, unit_of_work
from ontmoet.joining import actions
from ontmoet.joining.queries import joined_lately, letters_of
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.tokens import digest_of
from ontmoet.kernel.walltime import day_of
from tests import builders as make
from tests.joining.deeds import HOME, a_letter, join, letter_rows, print_letters, reasons
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Neighbourhood

MADE = ("person", "residency", "credential", "invitation_use", "session")


def test_only_the_digest_of_a_code_is_kept(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    codes = print_letters(hood, "linde-16", HOME, "linde-2")
    assert sorted(codes) == [HOME, "linde-16", "linde-2"]
    assert len({len(code) for code in codes.values()}) == 1
    found = rows(hood.app, "select code_hash, expires_at, made_at, made_by_id, uses_left from invitation")
    assert {row.code_hash for row in found} == {digest_of(code) for code in codes.values()}
    assert {(row.made_by_id, row.uses_left) for row in found} == {(hood.people["sanne"], 6)}
    (trace,) = rows(hood.app, "select action, actor_id, room_id, changes from audit")
    assert tuple(trace) == ("letters_made", hood.people["sanne"], hood.linde, '{"letters": 3}')


def test_new_letter_replaces_the_old_of_that_home_only(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    first = print_letters(hood, HOME, "linde-16")
    print_letters(hood, HOME)
    assert letter_rows(hood).count((6, True)) == 1
    assert reasons(hood, first[HOME]) == ["no_letter"]
    assert reasons(hood, first["linde-16"]) == []


def test_form_that_made_letters_makes_no_others(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    key = make.new_key()
    code = print_letters(hood, HOME, key=key)[HOME]
    for homes in ((HOME,), ("linde-16",)):
        with pytest.raises(Refused, match="made_already"):
            print_letters(hood, *homes, key=key)
    assert reasons(hood, code) == []


@pytest.mark.parametrize("homes", [(), ("plein-1",), ("bestaat-niet",)])
def test_homes_of_another_complex_get_no_letter(hood: Neighbourhood, homes: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="nothing_chosen"):
        print_letters(hood, *homes)
    assert row_counts(hood.app, "invitation") == {"invitation": 0}


def test_database_keeps_one_letter_per_home(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    a_letter(hood)
    copy = (
        "insert into invitation (home_id, code_hash, made_at, made_by_id, expires_at, uses_left)"
        " select home_id, 'x', made_at, made_by_id, expires_at, 6 from invitation"
    )
    with hood.app.app_context(), pytest.raises(IntegrityError), unit_of_work():
        execute(text(copy))


def test_who_joins_lives_there_has_a_pin_and_is_signed_in(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    code = a_letter(hood)
    started = join(hood, code, phone="06 12345678", secret="het geheim")
    assert started.actor.name == "Henk Mulder"
    assert [place.slug for place in started.actor.places] == ["de-linde"]
    assert started.expires_at == clock.now() + timedelta(days=180)
    (person,) = rows(hood.app, "select * from person where name = 'Henk Mulder'")
    assert (person.email, person.phone, person.channel, person.password_hash) == (
        None,
        "06 12345678",
        "call",
        None,
    )
    (credential,) = rows(hood.app, "select person_id, nickname from credential")
    assert tuple(credential) == (person.id, "henk")
    (use,) = rows(hood.app, "select person_id, device_hash, form_hash from invitation_use")
    assert use.person_id == person.id
    assert use.device_hash == digest_of("telefoon")
    assert letter_rows(hood) == [(5, False)]
    told = rows(hood.app, "select action, actor_id from audit where id > 1 order by id")
    assert [tuple(row) for row in told] == [
        ("joined", person.id),
        ("pin_given", person.id),
        ("signed_in", person.id),
    ]


def test_those_at_home_are_told_once_and_see_it_for_a_month(
    hood_on_both: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    hood = hood_on_both
    code = a_letter(hood)
    newcomer = join(hood, code).actor
    (message,) = rows(hood.app, "select kind, person_id, status from message")
    assert tuple(message) == ("housemate_joined", hood.people["noor"], "waiting")

    def seen(name: str) -> int:
        with hood.app.app_context():
            return len(joined_lately(hood.actor(name), now=clock.now()))

    assert (seen("noor"), seen("ali"), seen("sanne")) == (1, 0, 0)
    with hood.app.app_context():
        assert joined_lately(newcomer, now=clock.now()) == ()
    join(hood, code, device="tablet", name="Ria", key="een tweede formulier")
    assert seen("noor") == 2
    with hood.app.app_context():
        assert len(joined_lately(newcomer, now=clock.now())) == 1
    assert row_counts(hood.app, "message") == {"message": 3}
    moment(timedelta(days=31))
    assert seen("noor") == 0


def test_house_rules_of_the_room_are_accepted_with_it(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        version = make.make_rules(room_id=hood.linde)
    code = a_letter(hood)
    assert reasons(hood, code) == ["rules_changed"]
    assert reasons(hood, code, rules_seen="de-linde:1", accepts_rules=False) == ["rules_not_accepted"]
    assert row_counts(hood.app, *MADE)["residency"] == 4
    person_id = join(hood, code, rules_seen="de-linde:1").actor.person_id
    assert rows(hood.app, "select person_id, rules_version_id, how from acceptance") == [
        (person_id, version, "screen")
    ]


def test_letter_works_once_on_each_device_and_for_six_people(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    code = a_letter(hood)
    for number in range(6):
        join(hood, code, device=f"telefoon {number}", key=f"formulier nummer {number}", name=f"Naam{number}")
    assert letter_rows(hood) == [(0, False)]
    before = row_counts(hood.app, *MADE)
    assert reasons(hood, code, device="telefoon 7", key="formulier nummer 7") == ["no_letter"]
    assert reasons(hood, code, device="telefoon 0", key="een ander formulier") == ["no_letter"]
    assert row_counts(hood.app, *MADE) == before


def test_second_tap_is_the_same_person_and_later_nobody_is_let_in(
    hood_on_both: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    hood = hood_on_both
    code = a_letter(hood)
    first = join(hood, code)
    moment(timedelta(minutes=2))
    assert join(hood, code).actor == first.actor
    assert row_counts(hood.app, "person", "invitation_use") == {"person": 8, "invitation_use": 1}
    moment(timedelta(seconds=1))
    assert reasons(hood, code) == ["no_letter"]


def test_letter_ends_after_ninety_days(hood: Neighbourhood, moment: Callable[[timedelta], None]) -> None:
    code = a_letter(hood)
    moment(timedelta(days=90) - timedelta(seconds=1))
    assert reasons(hood, code, device="een") == []
    moment(timedelta(seconds=1))
    assert reasons(hood, code, device="twee", name="Ria", key="een tweede formulier") == ["no_letter"]


def test_unknown_code_is_no_letter(hood: Neighbourhood) -> None:
    assert reasons(hood, "0" * 28) == ["no_letter"]


def test_name_that_lives_there_is_asked_and_nobody_is_signed_in_by_a_letter_alone(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    code = a_letter(hood)
    before = row_counts(hood.app, *MADE)
    assert reasons(hood, code, name="NOOR de proef") == ["is_it_you"]
    assert row_counts(hood.app, *MADE) == before
    assert letter_rows(hood) == [(6, False)]
    assert reasons(hood, code, name="Noor de Proef", is_somebody_else=True, nickname="noor2") == []


def test_taken_nickname_is_refused_and_costs_no_use(hood: Neighbourhood) -> None:
    code = a_letter(hood)
    join(hood, code)
    other = {"device": "tablet", "key": "een tweede formulier", "name": "Henk de Vries"}
    assert reasons(hood, code, **other) == ["nickname_taken"]
    assert letter_rows(hood) == [(5, False)]
    assert reasons(hood, code, **other, nickname="Henk2") == []


def test_email_is_asked_for_and_belongs_to_nobody_yet_whoever_has_it(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    code = a_letter(hood)
    join(hood, code, email="ALI@proef.example", phone="06 12345678")
    join(hood, code, email="Ria@Proef.example", name="Ria", device="tablet", key="een tweede formulier")
    found = rows(
        hood.app,
        "select name, email, channel, address from person left join email_change on person_id = person.id"
        " where name in ('Henk Mulder', 'Ria')",
    )
    assert sorted(map(tuple, found)) == [
        ("Henk Mulder", None, "mail", "ali@proef.example"),
        ("Ria", None, "mail", "ria@proef.example"),
    ]
    assert len(rows(hood.app, "select id from message where kind = 'address_code'")) == 2


def test_child_is_asked_for_an_address_later(hood: Neighbourhood) -> None:
    join(hood, a_letter(hood), name="Sem", is_child=True, guardian="Noor", email="sem@proef.example")
    assert rows(hood.app, "select email, channel from person where name = 'Sem'") == [(None, "print")]
    assert row_counts(hood.app, "email_change") == {"email_change": 0}


@pytest.mark.parametrize("name", ["Ōsaka 大阪", "محمد العربي", "Ивана", "O’Neill-Åse", "李", "🎉 Feest"])
def test_names_of_every_script_join(hood_on_both: Neighbourhood, name: str) -> None:
    hood = hood_on_both
    assert join(hood, a_letter(hood), name=name).actor.name == name


def how_homes_stand(hood: Neighbourhood) -> dict[str, tuple[int, int]]:
    """(people who take part, uses of the present letter) by address name."""
    with hood.app.app_context():
        letters = letters_of(hood.linde, today=day_of(clock.now()))
    return {letter.address_name: (letter.people, letter.uses) for letter in letters}


def test_list_counts_who_takes_part_whatever_letter_they_used(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    codes = print_letters(hood, HOME, "linde-16")
    joined = join(hood, codes[HOME])
    assert list(how_homes_stand(hood).items()) == [("linde-2", (1, 0)), (HOME, (2, 1)), ("linde-16", (1, 0))]
    # A new letter does not send anybody away; moving out, waiting, leaving and being merged do.
    print_letters(hood, HOME)
    assert how_homes_stand(hood)[HOME] == (2, 0)
    join(hood, a_letter(hood), name="Sem", device="tablet", is_child=True, guardian="Noor")
    assert how_homes_stand(hood)[HOME] == (2, 1)
    with hood.app.app_context(), unit_of_work():
        make.change_person(joined.actor.person_id, erased_at=clock.now())
        make.change_person(hood.people["ali"], merged_into_id=hood.people["noor"])
        execute(
            text("update residency set until = :today where person_id = :id"),
            today="2026-11-24",
            id=hood.people["bram"],
        )
    assert list(how_homes_stand(hood).values()) == [(0, 0), (1, 1), (0, 0)]


def test_letters_that_are_over_are_forgotten_with_who_used_them(
    hood_on_both: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    hood = hood_on_both
    code = a_letter(hood)
    join(hood, code)
    print_letters(hood, HOME, "linde-16")
    moment(timedelta(days=31))
    before = clock.now() - timedelta(days=30)
    with hood.app.app_context(), unit_of_work():
        assert actions.forget_old_invitations(before) == 1
        assert actions.forget_old_invitations(before) == 0
    assert letter_rows(hood) == [(6, False), (6, False)]
    assert row_counts(hood.app, "invitation_use") == {"invitation_use": 0}
    moment(timedelta(days=90))
    with hood.app.app_context(), unit_of_work():
        assert actions.forget_old_invitations(clock.now() - timedelta(days=30)) == 2
