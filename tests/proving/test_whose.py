"""Proofs belong to somebody: they are told of each change, take them along, and leave none behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.lifecycle.actions import record_death
from ontmoet.membership.rules import By
from ontmoet.proving import actions
from ontmoet.proving.personal import PERSONAL
from ontmoet.proving.rules import NewKey
from ontmoet.proving.setting_up import new_spare_codes
from tests.lifecycle.test_merging import join
from tests.my_data.leaving import leave
from tests.recovery.test_recovery_views import letters
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

TABLES = ("passkey", "code_app", "spare_code", "work_account")


def prove(hood: Neighbourhood, name: str) -> int:
    """Somebody has one of everything."""
    person_id, now = hood.people[name], clock.now()
    with hood.app.app_context(), unit_of_work():
        key = NewKey(f"key-of-{name}", "public", 0)
        actions.add_passkey(person_id, key, name="Chrome, Android", as_first=True, now=now)
        actions.set_code_app(person_id, seal_id=name, sealed="x", step=1, as_first=False, now=now)
        actions.link_account(person_id, "https://login.proef.example", name, as_first=False, now=now)
    with hood.app.app_context():
        new_spare_codes(person_id, now=now)
    return person_id


def whose(hood: Neighbourhood) -> dict[str, set[int]]:
    return {table: {row[0] for row in rows(hood.app, f"select person_id from {table}")} for table in TABLES}  # noqa: S608


def test_change_is_told_with_what_to_do_when_it_was_another(hood: Neighbourhood) -> None:
    person_id = prove(hood, "sanne")
    with hood.app.app_context(), unit_of_work():
        actions.remove_code_app(person_id, needs_one=True, now=clock.now())
    for kind, said in (
        ("passkey_added", "Je kunt nu ook inloggen met een nieuwe toegangssleutel."),
        ("code_app_set", "Je tweede stap is ingesteld: een app met codes."),
        ("account_linked", "Je logt nu ook in met het account van je werk."),
        ("proof_removed", "Er is een manier weggehaald waarmee je laat zien dat jij het bent."),
    ):
        (letter,) = letters(hood, kind)
        assert letter is not None
        assert said in letter.body
        assert "http://127.0.0.1:8000/mijn/toegang" in letter.body


def test_proofs_are_taken_along_without_their_secrets_and_gone_with_who_leaves(hood: Neighbourhood) -> None:
    person_id = prove(hood, "bram")
    with hood.app.app_context():
        facts = PERSONAL[0].export(person_id)
    assert [fact["Wat"] for fact in facts].count("Reservecode") == 8
    assert "Chrome, Android" in {fact["Naam"] for fact in facts}
    assert not {"key-of-bram", "public", "x"} & {str(value) for fact in facts for value in fact.values()}
    leave(hood, "bram")
    assert row_counts(hood.app, *TABLES) == dict.fromkeys(TABLES, 0)


@pytest.mark.parametrize("has_own", [False, True])
def test_nobody_is_let_in_as_who_stays_by_what_proved_the_double(hood: Neighbourhood, has_own: bool) -> None:
    prove(hood, "ali")
    if has_own:
        prove(hood, "noor")
    join(hood, "noor", "ali")
    assert whose(hood) == {table: {hood.people["noor"]} if has_own else set() for table in TABLES}
    kept = {row.subject for row in rows(hood.app, "select subject from work_account")}
    assert kept == ({"noor"} if has_own else set())


def test_nobody_signs_in_as_who_died(hood: Neighbourhood) -> None:
    prove(hood, "ali")
    with hood.app.app_context(), unit_of_work():
        record_death(hood.people["ali"], By(hood.people["sanne"], hood.linde, clock.now()))
    assert row_counts(hood.app, *TABLES) == dict.fromkeys(TABLES, 0)
