"""A child joins with the letter: a parent who joined before is asked first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.db import unit_of_work
from ontmoet.my_data.retention import count_waiting_children, forget_waiting_children
from ontmoet.outbox.waiting import Waiting
from ontmoet.people.guardian_messages import sentences
from ontmoet.people.guardians import agree_as_guardian, children_of, end_agreements, waits_for_guardian
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.fixtures import TUESDAY
from tests.joining.deeds import a_letter, join, letter_rows, reasons
from tests.joining.test_views import MADE, fields, send, text_of
from tests.my_data.test_new_address import mails
from tests.watching import errors, row_counts, rows, visible

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

SEM = {"name": "Sem de Proef", "is_child": "y", "guardian": "Noor de Proef"}


def test_child_is_there_and_not_signed_in_and_its_guardian_is_asked(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        version = make.make_rules(room_id=hood.linde)
        ria = make.make_person(name="Ria")
        make.make_residency(person_id=ria, home_id=hood.actor("noor").dwellings[0].home_id)
    code = a_letter(hood)
    how = {"name": "Sem", "is_child": True, "guardian": "noor", "rules_seen": "de-linde:1"}
    assert join(hood, code, **how) is None
    assert row_counts(hood.app, "session") == {"session": 0}
    ((sem, guardian, agreed),) = rows(
        hood.app, "select id, guardian_id, guardian_agreed_at from person where name = 'Sem'"
    )
    assert (guardian, agreed) == (hood.people["noor"], None)
    told = rows(hood.app, "select kind, person_id, object_id, room_id from message order by id")
    home_id = hood.actor("noor").dwellings[0].home_id
    assert [tuple(row) for row in told] == [
        ("child_asks", hood.people["noor"], sem, hood.linde),
        ("housemate_joined", ria, home_id, hood.linde),
    ]
    assert rows(hood.app, "select rules_version_id from acceptance") == [(version,)]
    assert letter_rows(hood) == [(5, False)]
    # A second tap is the same child, who still waits.
    assert join(hood, code, **how) is None
    assert row_counts(hood.app, "invitation_use") == {"invitation_use": 1}


def test_agreement_begins_and_ends(hood_on_both: Neighbourhood, tmp_path: Path) -> None:
    hood = hood_on_both
    assert join(hood, a_letter(hood), name="Sem", is_child=True, guardian="noor") is None
    noor = hood.people["noor"]
    ((sem,),) = rows(hood.app, "select id from person where name = 'Sem'")
    assert "Vind jij het goed?" in mails(hood, tmp_path)["noor@proef.example"]
    message = Waiting(1, "child_asks", noor, sem, TUESDAY, TUESDAY, 0)
    with hood.app.app_context():
        assert [child.name for child in children_of(noor)] == ["Sem"]
        assert list(sentences([message], TUESDAY)) == [1]
        assert count_waiting_children(TUESDAY + timedelta(seconds=1)) == 1
        with unit_of_work():
            agree_as_guardian(sem, noor, now=TUESDAY)
        assert (waits_for_guardian(sem), sentences([message], TUESDAY)) == (False, {})
        assert count_waiting_children(TUESDAY + timedelta(seconds=1)) == 0
        with unit_of_work():
            end_agreements(noor, now=TUESDAY)
        assert waits_for_guardian(sem)
        with unit_of_work():
            assert forget_waiting_children(TUESDAY + timedelta(seconds=1)) == 1
        assert children_of(noor) == []


@pytest.mark.parametrize(
    ("guardian", "why"),
    [
        ("", "guardian_empty"),
        ("\u200d", "guardian_empty"),
        ("Ali de Proef", "no_guardian"),
        ("mama", "no_guardian"),
        ("Sem", "no_guardian"),
    ],
)
def test_child_without_a_grown_up_of_that_name_at_home_does_not_join(
    hood: Neighbourhood, guardian: str, why: str
) -> None:
    code = a_letter(hood)
    before = row_counts(hood.app, *MADE)
    assert reasons(hood, code, name="Sem", is_child=True, guardian=guardian) == [why]
    assert row_counts(hood.app, *MADE) == before
    assert letter_rows(hood) == [(6, False)]


def test_who_is_old_enough_needs_nobody(hood: Neighbourhood) -> None:
    assert join(hood, a_letter(hood), guardian="mama") is not None


def test_child_answers_for_no_other_child(hood: Neighbourhood) -> None:
    code = a_letter(hood)
    join(hood, code, name="Sem", is_child=True, guardian="Noor")
    other = {"name": "Lot", "device": "tablet", "key": "een tweede formulier", "is_child": True}
    assert reasons(hood, code, **other, guardian="Sem") == ["no_guardian"]


def test_child_reads_what_comes_next_and_how_to_sign_in_later(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    answer = send(client, a_letter(hood), **SEM)
    assert (answer.status_code, answer.location) == (303, "/inloggen/wachten")
    page = visible(text_of(client.get("/inloggen/wachten")))
    assert "We vragen je ouder of verzorger of je mee mag doen." in page
    assert "je adres linde-14b, je bijnaam Sem en je pincode" in page
    assert client.get("/mijn").status_code == 302


def test_guardian_agrees_and_the_child_signs_in(hood: Neighbourhood, client: FlaskClient) -> None:
    send(client, a_letter(hood), **SEM)
    noor = hood.app.test_client()
    sign_in(noor, "noor")
    page = text_of(noor.get("/mijn/gegevens"))
    assert "Sem de Proef wil meedoen" in visible(page)
    (sem,) = rows(hood.app, "select public_id from person where guardian_id is not null")
    agreed = noor.post(f"/mijn/gegevens/{sem[0]}/akkoord", data={"csrf_token": token_in(page)})
    assert agreed.status_code == 303
    token = token_in(text_of(client.get("/inloggen/adres")))
    by_pin = {"address_name": "linde-14b", "nickname": "sem", "pin": make.PIN, "csrf_token": token}
    assert client.post("/inloggen/adres", data=by_pin).location == "/mijn"


def test_unknown_guardian_is_told_at_the_field_with_a_way_out(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    code = a_letter(hood)
    answer = send(client, code, **{**SEM, "guardian": "Opa Jan"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert list(errors(page)) == ["guardian"]
    assert "Laat die eerst meedoen, met dezelfde brief." in errors(page)["guardian"]
    assert 'value="Opa Jan"' in page
    assert "om-follow--open" in page
    assert "Noor" not in page
    assert list(errors(text_of(send(client, code, **{**SEM, "guardian": "x" * 81})))) == ["guardian"]


def test_age_is_that_of_the_settings(hood: Neighbourhood, client: FlaskClient) -> None:
    code = a_letter(hood)
    assert "Ik ben jonger dan 16 jaar" in text_of(client.get(f"/welkom/{code}"))
    config = hood.app.extensions["ontmoet_config"]
    hood.app.extensions["ontmoet_config"] = replace(config, minimum_age=18)
    page = text_of(client.get(f"/welkom/{code}"))
    assert "Ik ben jonger dan 18 jaar" in page
    assert "om-follow--open" not in page
    assert "guardian" in fields(client, code)
