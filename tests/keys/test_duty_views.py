"""The key duty as a browser gets it: handed over with a count, a difference in words, and whom to call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from tests.builders import at
from tests.cast import sign_in, token_in
from tests.keys.deeds import a_key
from tests.keys.duty_deeds import all_duties, current, hire, pass_duty
from tests.watching import errors, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

PATH = "/r/de-linde/sleutels/dienst"
DUE = at("2026-11-24 18:00")


def words(answer: TestResponse) -> str:
    return " ".join(visible(answer.get_data(as_text=True)).split())


def send(client: FlaskClient, **fields: str) -> TestResponse:
    """The form as the page shows it now, with these fields filled in."""
    page = client.get(PATH).get_data(as_text=True)
    seen = re.search(r'name="seen" value="(\d*)"', page)
    assert seen is not None
    sent = {"csrf_token": token_in(page), "seen": seen[1], "note": "", **fields}
    return client.post(PATH, data=sent)


def test_keeper_hands_the_duty_over_with_a_count_and_the_other_confirms(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    hire(hood)
    ring, other = a_key(hood), a_key(hood)
    ring.give("noor", due_at=DUE)
    key = f"count_{ring.copy.key_id}"
    sign_in(client, "bram")
    assert "Niemand heeft nu de dienst" in words(client.get("/r/de-linde/sleutels"))
    begin = client.get(PATH).get_data(as_text=True)
    assert f'value="{hood.public_id("bram")}" checked' in begin, "who asks begins"
    assert "Volgens de lijst ligt er 1: sleutel 2." in visible(begin)
    assert send(client, who=hood.public_id("bram"), **{key: "1"}).status_code == 303
    assert "Bram de Proef, sinds vandaag 14:05" in words(client.get("/r/de-linde/sleutels"))
    shown = words(client.get(PATH))
    assert "Niemand, de dienst stopt" in shown
    over = send(client, who=hood.public_id("ali"), note="Tot zaterdag", **{key: "0"})
    assert over.location == f"{PATH}/{all_duties(hood)[0].public_id}"
    page = words(client.get(over.location))
    assert "Van Bram de Proef naar Ali de Proef" in page
    assert "Dinsdag 24 november 14:05 uur, opgeschreven door Bram de Proef." in page
    assert "Ali de Proef heeft dit nog niet bevestigd." in page
    assert "0 geteld. Dat is er 1 minder dan in de lijst. Kijk welke er niet ligt." in page
    assert f'href="/sleutels/{other.public_id}"' in client.get(over.location).get_data(as_text=True)
    assert f'href="/sleutels/{ring.public_id}"' not in client.get(over.location).get_data(as_text=True)
    assert "Ja, dit klopt" not in page
    listed = words(client.get(PATH))
    assert "De laatste telling klopt niet met de lijst. Zoek uit hoe het zit." in listed
    assert listed.count("De telling klopte niet met de lijst.") == 1
    assert "Van Bram de Proef naar Ali de Proef , vandaag 14:05" in listed

    ali = hood.app.test_client()
    sign_in(ali, "ali")
    asked = words(ali.get(PATH))
    assert "Klopt deze overdracht? Bram de Proef schreef dit op. ‘Tot zaterdag’" in asked
    token = token_in(ali.get("/mijn").get_data(as_text=True))
    assert ali.post(f"{over.location}/klopt", data={"csrf_token": token}).status_code == 303
    assert "Bevestigd." in words(ali.get(over.location))
    strange = client.post(
        f"{over.location}/klopt-niet",
        data={"csrf_token": token_in(client.get("/mijn").get_data(as_text=True))},
    )
    assert (strange.status_code, "Alleen de ander" in words(strange)) == (422, True)
    assert all_duties(hood)[0].objected_at is None


def test_who_says_no_to_a_hand_over_reads_who_hears_so(client: FlaskClient, hood: Neighbourhood) -> None:
    hire(hood)
    a_key(hood)
    over = f"{PATH}/{pass_duty(hood, 'ali', by='bram')}"
    sign_in(client, "ali")
    token = token_in(client.get("/mijn").get_data(as_text=True))
    assert client.post(f"{over}/klopt-niet", data={"csrf_token": token}).status_code == 303
    page = words(client.get(over))
    assert "Opgeschreven. Bram de Proef hoort dat dit niet klopt." in page
    assert "Jij zei dat dit niet klopt. Zoek samen uit hoe het zit." in page
    bram = hood.app.test_client()
    sign_in(bram, "bram")
    for path in (over, PATH):
        assert "Ali de Proef zegt dat dit niet klopt. Zoek samen uit hoe het zit." in words(bram.get(path))


def test_key_too_many_leads_to_those_that_are_out(client: FlaskClient, hood: Neighbourhood) -> None:
    ring, lost = a_key(hood), a_key(hood)
    lying = a_key(hood)
    ring.give("noor", due_at=DUE)
    lost.lose()
    sign_in(client, "bram")
    answer = send(client, who=hood.public_id("bram"), **{f"count_{ring.copy.key_id}": "3"})
    page = client.get(answer.location).get_data(as_text=True)
    assert "3 geteld. Dat zijn er 2 meer dan in de lijst." in visible(page)
    listed = [key in page for key in (ring.public_id, lost.public_id, lying.public_id)]
    assert listed == [True, True, False]
    assert ring.now.name == "Noor de Proef", "a count takes nothing back"
    pass_duty(hood, None)
    assert ring.public_id not in client.get(answer.location).get_data(as_text=True), "the next count tells"


@pytest.mark.parametrize("typed", ["", "-1", "100", "twee", "٢", "2.5", "9" * 40])
def test_what_is_no_count_is_refused_at_its_field_and_stays(
    client: FlaskClient, hood: Neighbourhood, typed: str
) -> None:
    key = f"count_{a_key(hood).copy.key_id}"
    sign_in(client, "bram")
    answer = send(client, who=hood.public_id("bram"), note="Zo is het", **{key: typed})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, set(errors(page)) <= {key}) == (422, True)
    assert f'id="{key}-error"' in page
    assert f'value="{typed}"' in page
    assert 'value="Zo is het"' in page
    assert row_counts(hood.app, "key_duty") == {"key_duty": 0}


def test_duty_goes_to_nobody_but_a_keeper(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "bram")
    for who in ("", hood.public_id("noor"), "0000000000"):
        answer = send(client, who=who)
        assert (answer.status_code, "Kies wie de sleuteldienst krijgt." in words(answer)) == (422, True), who
    assert "Zo is het al." in words(send(client, who="niemand"))
    token = token_in(client.get(PATH).get_data(as_text=True))
    for seen in ("1" * 20, "٣", "-1"):
        forged = {"csrf_token": token, "seen": seen, "who": hood.public_id("bram"), "note": ""}
        assert client.post(PATH, data=forged).status_code == 400, seen
    for path in (PATH, f"{PATH}/0000000000"):
        resident = hood.app.test_client()
        sign_in(resident, "noor")
        assert resident.get(path).status_code == 403
    assert client.get(f"{PATH}/0000000000").status_code == 404


def test_hand_over_of_another_room_is_not_there(client: FlaskClient, hood: Neighbourhood) -> None:
    elsewhere = pass_duty(hood, "fatma", by="fatma", room_id=hood.plein)
    sign_in(client, "bram")
    assert client.get(f"{PATH}/{elsewhere}").status_code == 404


def test_who_is_second_reads_who_has_it_now_and_keeps_what_was_typed(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    hire(hood)
    key = f"count_{a_key(hood).copy.key_id}"
    sign_in(client, "bram")
    page = client.get(PATH).get_data(as_text=True)
    pass_duty(hood, "ali", by="ali")
    late = {"csrf_token": token_in(page), "seen": "", "who": hood.public_id("bram"), key: "1", "note": "Hoi"}
    answer = client.post(PATH, data=late)
    assert answer.status_code == 422
    assert "Er is net iets met de sleuteldienst gebeurd. Kijk hoe het nu is." in words(answer)
    assert "Ali de Proef, sinds vandaag" in words(answer)
    assert 'value="Hoi"' in answer.get_data(as_text=True)
    found = current(hood)
    assert found is not None
    assert found.to_name == "Ali de Proef"
    # What the page shows now counts, and a second tap is the first.
    again = {**late, "seen": str(found.duty_id)}
    assert [client.post(PATH, data=again).status_code for _ in range(2)] == [303, 303]
    assert row_counts(hood.app, "key_duty") == {"key_duty": 2}


def test_booker_calls_who_has_the_duty_first(client: FlaskClient, hood: Neighbourhood) -> None:
    hire(hood)
    with hood.app.app_context(), unit_of_work():
        execute(text("update person set phone = '06 5550 0100' where id = :it"), it=hood.people["bram"])
    a_key(hood)
    booking = hood.book("noor", "2026-11-24 15:00", "2026-11-24 17:00")
    sign_in(client, "noor")

    def called() -> list[str]:
        page = words(client.get(f"/reserveringen/{booking}"))
        return re.findall(r"Haal de sleutel bij (\w+) de Proef(?: (Heeft nu de sleuteldienst))?", page)

    assert called() == [("Ali", ""), ("Bram", "")]
    pass_duty(hood, "bram")
    assert called() == [("Bram", "Heeft nu de sleuteldienst"), ("Ali", "")]


def test_keeper_who_stopped_is_pointed_out(client: FlaskClient, hood: Neighbourhood) -> None:
    hire(hood)
    pass_duty(hood, "ali")
    with hood.app.app_context(), unit_of_work():
        execute(text("update role set until = since where person_id = :it"), it=hood.people["ali"])
    sign_in(client, "bram")
    assert "Deze persoon let hier niet meer op de sleutels." in words(client.get(PATH))


def test_pages_of_the_duty_cost_few_statements(client: FlaskClient, hood: Neighbourhood) -> None:
    hire(hood)
    ring = a_key(hood)
    for to in ("bram", "ali", "bram"):
        pass_duty(hood, to, counted={ring.copy.key_id: 0})
    sign_in(client, "bram")
    counts = []
    for path in (PATH, f"{PATH}/{all_duties(hood)[0].public_id}"):
        client.get(path)
        with statements(hood.app) as seen:
            assert client.get(path).status_code == 200
        counts.append(len(seen))
    assert counts == [5, 4]
    assert len(rows(hood.app, "select id from duty_count")) == 3
