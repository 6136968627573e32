"""Complexes, and the addresses in them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.arranging.complexes import end_home, home_of
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.people.queries import lock_home
from tests import builders as make
from tests.arranging.deeds import press
from tests.cast import sign_in
from tests.watching import inputs, public_id_of, rows, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood


@pytest.fixture
def mo(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    sign_in(client, "mo")
    return client


@pytest.fixture
def lindehof(hood: Neighbourhood) -> str:
    return f"/corporatie/complexen/{public_id_of(hood.app, 'complex', 1)}"


def test_complex_is_added_once(mo: FlaskClient, hood: Neighbourhood) -> None:
    path, key = "/corporatie/beheer/complexen/nieuw", make.new_key()
    first, second = (press(mo, path, name="Eikhof", idempotency_key=key) for _tap in range(2))
    assert (second.status_code, second.location) == (303, first.location)
    for same in ("Eikhof", "eikhof", "EIK\u200bHOF"):
        assert press(mo, path, name=same, idempotency_key=make.new_key()).status_code == 422
    assert press(mo, path, name="Beukhof", idempotency_key=key).status_code == 422


def test_street_is_added_in_one_go_and_again_adds_nothing(
    mo: FlaskClient, lindehof: str, hood: Neighbourhood
) -> None:
    street = {"street": "Lindestraat", "first": "1", "last": "7", "side": "odd"}
    assert press(mo, f"{lindehof}/straat", **street).location == lindehof
    assert "4 adressen toegevoegd." in mo.get(lindehof).get_data(as_text=True)
    press(mo, f"{lindehof}/straat", **street)
    added = rows(hood.app, "select address_name from home where address like 'Lindestraat %' order by id")
    assert [row.address_name for row in added] == ["linde-1", "linde-3", "linde-5", "linde-7"]


def test_street_that_runs_backwards_or_too_long_is_refused(mo: FlaskClient, lindehof: str) -> None:
    for last in ("1", "9999"):
        answer = press(mo, f"{lindehof}/straat", street="A", first="2", last=last, side="all")
        assert answer.status_code == 422


def test_street_without_a_number_on_that_side_is_refused(mo: FlaskClient, lindehof: str) -> None:
    answer = press(mo, f"{lindehof}/straat", street="A", first="2", last="2", side="odd")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Zo komt er geen enkel adres bij. Kies andere nummers, of alle nummers." in page
    assert "Deze adressen zijn er al" not in page


def test_short_name_that_is_taken_gets_a_number_or_is_refused_when_typed(
    mo: FlaskClient, lindehof: str, hood: Neighbourhood
) -> None:
    press(mo, f"{lindehof}/adres", address="Lindelaan 16", address_name="")
    assert (
        rows(hood.app, "select address_name from home where address = 'Lindelaan 16'")[0][0] == "linde-16-2"
    )
    assert press(mo, f"{lindehof}/adres", address="Beukweg 1", address_name="linde-16").status_code == 422


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"address": "Beukweg 1", "address_name": "محمد"},
            "Gebruik in de korte naam gewone letters of cijfers. Bewoners typen hem als ze inloggen.",
        ),
        (
            {"address": "محمد", "address_name": ""},
            "Gebruik in het adres ook gewone letters of cijfers. Daar maken we de korte naam van.",
        ),
    ],
)
def test_what_gives_no_short_name_is_said_of_a_home_and_not_of_a_page(
    mo: FlaskClient, lindehof: str, fields: dict[str, str], said: str
) -> None:
    answer = press(mo, f"{lindehof}/adres", **fields)
    assert answer.status_code == 422
    assert said in visible(answer.get_data(as_text=True))


def test_home_nobody_lived_in_goes_and_one_that_was_lived_in_stays(
    mo: FlaskClient, lindehof: str, hood: Neighbourhood
) -> None:
    press(mo, f"{lindehof}/adres", address="Beukweg 1", address_name="")
    assert press(mo, f"{lindehof}/adres-wijzigen?adres=beuk-1", step="remove").location == lindehof
    assert press(mo, f"{lindehof}/adres-wijzigen?adres=linde-16", step="remove").status_code == 422
    names = {row.address_name for row in rows(hood.app, "select address_name from home")}
    assert ("beuk-1" in names, "linde-16" in names) == (False, True)


def test_home_ends_with_words_once_nobody_lives_there(
    mo: FlaskClient, lindehof: str, hood: Neighbourhood
) -> None:
    path = f"{lindehof}/adres-beeindigen?adres=linde-16"
    change = f"{lindehof}/adres-wijzigen?adres=linde-16"
    assert "Hier woont nog iemand." in visible(mo.get(change).get_data(as_text=True))
    assert press(mo, path, reason="gesloopt").status_code == 422
    with hood.app.app_context(), unit_of_work():
        moved_out = text("update residency set until = '2026-11-01' where person_id = :ali")
        execute(moved_out, ali=hood.people["ali"])
    assert "Je kunt het wel beëindigen." in visible(mo.get(change).get_data(as_text=True))
    assert press(mo, path, reason="gesloopt").location == lindehof
    assert "beëindigd: gesloopt" in visible(mo.get(lindehof).get_data(as_text=True))


def test_home_does_not_end_while_somebody_comes_to_live_there(hood_on_both: Neighbourhood) -> None:
    hood, mo = hood_on_both, hood_on_both.actor("mo")
    with hood.app.app_context():
        home_id = make.make_home(complex_id=1, address_name="beuk-1")
        found = home_of(1, "beuk-1", today=day_of(clock.now()))
        assert found is not None

    def ended() -> bool:
        try:
            with hood.app.app_context(), unit_of_work():
                end_home(1, found, "gesloopt", actor=mo, now=clock.now())
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(1) as pool, hood.app.app_context():
        with unit_of_work():
            lock_home(home_id)
            comes = "insert into residency (person_id, home_id, since) values (:ali, :home, '2026-11-24')"
            execute(text(comes), ali=hood.people["ali"], home=home_id)
            ending = pool.submit(ended)
            with suppress(TimeoutError):
                ending.result(timeout=0.3)
        assert not ending.result()


def test_address_that_is_written_as_it_is_changes_nothing(
    mo: FlaskClient, lindehof: str, hood: Neighbourhood
) -> None:
    press(mo, f"{lindehof}/adres", address="Beukweg 1", address_name="")
    path = f"{lindehof}/adres-wijzigen?adres=beuk-1"
    same = {"address": "Beukweg 1", "address_name": "beuk-1", "idempotency_key": make.new_key()}
    assert press(mo, path, **same).location == lindehof
    assert rows(hood.app, "select count(*) from audit where action = 'home_corrected'") == [(0,)]
    other = {"address": "Beukweg 1a", "address_name": "", "idempotency_key": make.new_key()}
    assert press(mo, path, **other).location == lindehof
    assert rows(hood.app, "select count(*) from audit where action = 'home_corrected'") == [(1,)]


def test_address_is_not_corrected_into_one_that_is_there(
    mo: FlaskClient, hood: Neighbourhood, lindehof: str
) -> None:
    for address in ("Beukweg 1", "Beukweg 2"):
        press(mo, f"{lindehof}/adres", address=address, address_name="")
    path = f"{lindehof}/adres-wijzigen?adres=beuk-1"
    refused = press(mo, path, address="beukweg 2", address_name="beuk-1", idempotency_key=make.new_key())
    assert refused.status_code == 422
    assert "Dit adres is er al in dit complex." in visible(refused.get_data(as_text=True))
    louder = {"address": "BEUKWEG 1", "address_name": "beuk-1", "idempotency_key": make.new_key()}
    assert press(mo, path, **louder).location == lindehof
    assert rows(hood.app, "select address from home where address_name like 'beuk-%'") == [
        ("BEUKWEG 1",),
        ("Beukweg 2",),
    ]


def test_second_tap_on_a_corrected_address_leads_where_the_first_did(
    mo: FlaskClient, lindehof: str, hood: Neighbourhood
) -> None:
    press(mo, f"{lindehof}/adres", address="Beukweg 1", address_name="")
    path = f"{lindehof}/adres-wijzigen?adres=beuk-1"
    sent = {**inputs(mo.get(path).get_data(as_text=True)), "address_name": "beukweg-1"}
    first, again = mo.post(path, data=sent), mo.post(path, data=sent)
    assert (first.status_code, first.location) == (again.status_code, again.location) == (303, lindehof)
    assert "Het adres is verbeterd." in mo.get(lindehof).get_data(as_text=True)
    assert rows(hood.app, "select count(*) from audit where action = 'home_corrected'") == [(1,)]
    # Anything else about a name that is gone is about nothing.
    assert mo.post(path, data={**sent, "address": "Beukweg 2"}).status_code == 404
    assert mo.post(path, data={**sent, "idempotency_key": make.new_key()}).status_code == 404
    assert mo.get(path).status_code == 404
    assert rows(hood.app, "select address from home where address_name = 'beukweg-1'") == [("Beukweg 1",)]


def test_form_of_an_address_that_was_used_can_be_sent_for_something_else(
    mo: FlaskClient, lindehof: str
) -> None:
    press(mo, f"{lindehof}/adres", address="Beukweg 1", address_name="")
    path = f"{lindehof}/adres-wijzigen?adres=beuk-1"
    sent = inputs(mo.get(path).get_data(as_text=True))
    mo.post(path, data={**sent, "address": "Beukweg 1a"})
    other = mo.post(path, data={**sent, "address": "Beukweg 1b"})
    assert (other.status_code, "al gebruikt voor iets anders" in other.get_data(as_text=True)) == (422, True)
    assert mo.post(path, data=inputs(other.get_data(as_text=True))).location == lindehof
    assert "Beukweg 1b" in mo.get(lindehof).get_data(as_text=True)


def test_addresses_are_found_by_words_and_never_say_who_lives_there(mo: FlaskClient, lindehof: str) -> None:
    page = visible(mo.get(f"{lindehof}?zoek=14b").get_data(as_text=True))
    assert "linde-14b" in page
    assert "linde-16" not in page
    assert "Noor" not in page


def test_complex_is_not_there_for_staff_of_another_room(hood: Neighbourhood) -> None:
    client = hood.app.test_client()
    sign_in(client, "sanne")
    other = public_id_of(hood.app, "complex", 2)
    assert client.get(f"/corporatie/complexen/{public_id_of(hood.app, 'complex', 1)}").status_code == 200
    assert client.get(f"/corporatie/complexen/{other}").status_code == 404


def test_right_of_use_is_given_and_taken(mo: FlaskClient, hood: Neighbourhood) -> None:
    path = "/r/de-linde/inrichting/gebruik"
    assert press(mo, path, address_name="bestaat-niet").status_code == 422
    assert press(mo, path, address_name="plein-1").status_code == 303
    assert press(mo, path, step="complex", complex=public_id_of(hood.app, "complex", 2)).status_code == 303
    rights = rows(hood.app, "select id from right_of_use order by id")
    assert len(rights) == 2
    press(mo, path, step="take", right=str(rights[0].id))
    assert len(rows(hood.app, "select id from right_of_use")) == 1
