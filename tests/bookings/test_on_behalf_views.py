"""The pages with which somebody does it for a neighbour, and what cannot be forged there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.states import Status
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel.actor import Function
from tests import builders as make
from tests.bookings.deeds import cancel, seen
from tests.bookings.request_deeds import ask, ask_back, let_ask
from tests.cast import sign_in, token_in
from tests.watching import errors, inputs, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

FIND, URL = "/r/de-linde/namens", "/r/de-linde/reserveren"


@pytest.fixture
def bram(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    sign_in(client, "bram")
    return client


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def form_for(client: FlaskClient, public_id: str, **fields: str) -> dict[str, str]:
    """The fields of the form for somebody, filled in."""
    page = text_of(client.get(f"{URL}?voor={public_id}"))
    wish = {"day": "2026-11-25", "starts": "14:00", "ends": "16:00", "zone": "grote-zaal", "people": "4"}
    return {**inputs(page), **wish, **fields}


def searched(client: FlaskClient, name: str) -> TestResponse:
    sent = {"csrf_token": token_in(text_of(client.get(FIND))), "name": name}
    return client.post(FIND, data=sent, follow_redirects=True)


def test_name_gives_the_form_for_that_person(bram: FlaskClient, hood: Neighbourhood) -> None:
    answer = searched(bram, "noor")
    assert answer.status_code == 200
    assert f'href="{URL}?voor={hood.public_id("noor")}"' in text_of(answer)
    assert "linde-14b" not in text_of(answer)
    page = text_of(bram.get(f"{URL}?voor={hood.public_id('noor')}"))
    for words in ("Voor Noor de Proef", "Wanneer wil Noor komen?", "Reserveer voor Noor de Proef"):
        assert words in visible(page)


def test_form_says_for_whom_the_time_is_kept_until_there_is_an_answer(
    bram: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    wish = f"{URL}?voor={hood.public_id('noor')}&van=2026-11-26T10:00&tot=2026-11-26T11:00"
    page = visible(text_of(bram.get(wish)))
    assert "De beheergroep kijkt eerst of het kan. Tot dan houden we de tijd vast voor Noor." in page
    assert "voor je vast" not in page


@pytest.mark.parametrize("name", ["", "no", " n o ", "n" * 81, "a\x00b"])
def test_too_little_of_a_name_finds_nobody(bram: FlaskClient, hood: Neighbourhood, name: str) -> None:
    answer = searched(bram, name)
    assert (answer.status_code, list(errors(text_of(answer)))) == (422, ["name"])
    assert "Noor" not in visible(text_of(answer))
    assert rows(hood.app, "select id from audit where action = 'person_found'") == []


def test_booking_for_somebody_is_shown_to_both_and_undone_by_whose_it_is(
    bram: FlaskClient, hood: Neighbourhood
) -> None:
    answer = bram.post(URL, data=form_for(bram, hood.public_id("noor"), purpose="Kaarten"))
    assert answer.status_code == 303
    page = visible(text_of(bram.get(answer.location)))
    assert "Gelukt. Je hebt dit geregeld voor Noor de Proef." in page
    assert "Zeg af voor Noor" in page
    assert "Noor de Proef" in visible(text_of(bram.get(FIND))), "among what Bram did for others"
    assert "Noor" not in visible(text_of(bram.get("/mijn")))

    noor = hood.app.test_client()
    sign_in(noor, "noor")
    assert "gedaan door Bram" in visible(text_of(noor.get("/mijn")))
    page = text_of(noor.get(answer.location))
    assert "Gedaan door Bram" in visible(page)
    assert noor.post(f"{answer.location}/afzeggen", data={"csrf_token": token_in(page)}).status_code == 303
    assert seen(hood, answer.location.rsplit("/", 1)[1]).status is Status.CANCELLED


@pytest.mark.parametrize("who", ["fatma", "bram", "sanne", "mo"])
def test_nobody_acts_for_another_room_for_oneself_or_for_the_corporation(
    bram: FlaskClient, hood: Neighbourhood, who: str
) -> None:
    public_id = hood.public_id(who)
    sent = {**form_for(bram, hood.public_id("noor")), "voor": public_id}
    assert bram.get(f"{URL}?voor={public_id}").status_code == 404
    assert bram.post(URL, data=sent).status_code == 404
    assert row_counts(hood.app, "booking") == {"booking": 0}


@pytest.mark.parametrize("forged", ["", "zzzzzzzzzz", "a\x00b", "x" * 300, "1", "0123456789 ", "é"])
def test_forged_id_is_not_there(bram: FlaskClient, hood: Neighbourhood, forged: str) -> None:
    sent = {**form_for(bram, hood.public_id("noor")), "voor": forged}
    assert bram.get(URL, query_string={"voor": forged}).status_code == 404
    assert bram.post(URL, data=sent).status_code == 404
    assert row_counts(hood.app, "booking") == {"booking": 0}


def test_two_people_at_once_are_nobody(bram: FlaskClient, hood: Neighbourhood) -> None:
    sent = form_for(bram, hood.public_id("noor"))
    assert bram.post(f"{URL}?voor={hood.public_id('ali')}", data=sent).status_code == 404


@pytest.mark.parametrize("who", ["noor", "riet", "mo"])
def test_who_may_not_help_acts_for_nobody(client: FlaskClient, hood: Neighbourhood, who: str) -> None:
    sign_in(client, who)
    ali = hood.public_id("ali")
    for path in (f"{URL}?voor={ali}", f"{URL}?voor=zzzzzzzzzz"):
        assert client.get(path).status_code == 404
    assert client.get(FIND).status_code == 403
    sent = {**inputs(text_of(client.get(URL))), "voor": ali}
    assert client.post(URL, data=sent).status_code == 404
    assert row_counts(hood.app, "booking") == {"booking": 0}


def test_fields_that_no_form_has_change_nothing(bram: FlaskClient, hood: Neighbourhood) -> None:
    ali, home = str(hood.people["ali"]), str(hood.actor("ali").dwellings[0].home_id)
    forged = {"person_id": ali, "home_id": home, "entered_by_id": ali, "exception": "Zomaar", "status": "x"}
    own = bram.post(URL, data={**inputs(text_of(bram.get(URL))), **forged})
    for_noor = bram.post(URL, data=form_for(bram, hood.public_id("noor"), **forged))
    edit = f"{for_noor.location}/wijzigen"
    changed = bram.post(
        edit, data={**inputs(text_of(bram.get(edit))), **forged, "voor": hood.public_id("ali"), "people": "5"}
    )
    assert [own.status_code, for_noor.status_code, changed.status_code] == [303, 303, 303]
    found = rows(
        hood.app, "select person_id, entered_by_id, fair_use_exception, people from booking order by id"
    )
    bram_id = hood.people["bram"]
    assert [tuple(row) for row in found] == [
        (bram_id, bram_id, None, 1),
        (hood.people["noor"], bram_id, None, 5),
    ]


def test_function_that_ended_meanwhile_helps_no_more(bram: FlaskClient, hood: Neighbourhood) -> None:
    sent = form_for(bram, hood.public_id("noor"))
    assert bram.post(URL, data=sent).status_code == 303
    with hood.app.app_context(), unit_of_work():
        execute(text("update role set until = since where person_id = :id"), id=hood.people["bram"])
    assert bram.post(URL, data=sent).status_code == 404, "also what was done before is asked again"
    assert bram.get(FIND).status_code == 403
    assert row_counts(hood.app, "booking") == {"booking": 1}


def test_same_form_again_is_once_and_for_somebody_else_a_422(bram: FlaskClient, hood: Neighbourhood) -> None:
    sent = form_for(bram, hood.public_id("noor"))
    first, again = bram.post(URL, data=sent), bram.post(URL, data=sent)
    assert (again.status_code, again.location) == (303, first.location)
    other = bram.post(URL, data={**sent, "voor": hood.public_id("ali"), "day": "2026-11-26"})
    assert other.status_code == 422
    assert row_counts(hood.app, "booking") == {"booking": 1}


def test_only_the_board_lets_somebody_go_beyond_fair_use(client: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
        make.make_role(person_id=hood.people["ali"], function=Function.TREASURER, room_id=hood.linde)
    hood.book("noor", "2026-11-30 14:00", "2026-11-30 16:00")
    noor = hood.public_id("noor")
    sign_in(client, "sanne")
    refused = client.post(URL, data=form_for(client, noor, exception="Zomaar"))
    assert refused.status_code == 422
    assert "Het adres van Noor heeft deze maand al 1 van de 1 keer." in visible(text_of(refused))
    assert 'name="exception"' not in text_of(refused)

    board = hood.app.test_client()
    sign_in(board, "ali")
    assert "1 van de 1 keer van het adres van Noor deze maand" in visible(
        text_of(board.get(f"{URL}?voor={noor}&day=2026-11-25&starts=14:00&ends=16:00&zone=keuken&people=2"))
    )
    assert board.post(URL, data=form_for(board, noor)).status_code == 422
    assert board.post(URL, data=form_for(board, noor, exception="x" * 121)).status_code == 422
    made = board.post(URL, data=form_for(board, noor, exception="Feest van de straat"))
    assert made.status_code == 303
    assert "Uitzondering op eerlijk delen: Feest van de straat" in " ".join(
        visible(text_of(board.get(made.location))).split()
    )


def test_reason_to_go_beyond_the_turns_is_not_asked_where_nobody_counts_them(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_role(person_id=hood.people["ali"], function=Function.TREASURER, room_id=hood.linde)
    sign_in(client, "ali")
    assert 'name="exception"' not in text_of(client.get(f"{URL}?voor={hood.public_id('noor')}"))


def test_board_lets_somebody_go_beyond_fair_use_when_changing_too(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
        make.make_role(person_id=hood.people["ali"], function=Function.TREASURER, room_id=hood.linde)
    form = f"{URL}?voor={hood.public_id('noor')}"
    treasurer = hood.app.test_client()
    sign_in(treasurer, "ali")
    assert 'name="exception"' in text_of(treasurer.get(form))
    hood.book("noor", "2026-12-01 14:00", "2026-12-01 16:00")
    edit = f"/reserveringen/{hood.book('noor', '2026-11-30 14:00', '2026-11-30 16:00')}/wijzigen"
    own = f"/reserveringen/{hood.book('ali', '2026-11-30 17:00', '2026-11-30 18:00')}/wijzigen"
    wish = {"day": "2026-12-02", "exception": "Feest van de straat"}

    sign_in(client, "sanne")
    page = text_of(client.get(edit))
    assert 'name="exception"' not in page
    assert client.post(edit, data={**inputs(page), **wish}).status_code == 422, "staff make no exception"

    board = hood.app.test_client()
    sign_in(board, "ali")
    assert 'name="exception"' not in text_of(board.get(own)), "not for oneself"
    page = text_of(board.get(edit))
    refused = board.post(edit, data={**inputs(page), "day": "2026-12-02"})
    assert refused.status_code == 422
    assert "Het adres van Noor heeft in december al 1 van de 1 keer." in visible(text_of(refused))
    made = board.post(edit, data={**inputs(text_of(refused)), **wish})
    assert made.status_code == 303
    assert "Uitzondering op eerlijk delen: Feest van de straat" in " ".join(
        visible(text_of(board.get(made.location))).split()
    )


def test_signing_on_paper_leads_back_to_the_form(bram: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        version = make.make_rules(room_id=hood.linde)
        make.make_acceptance(person_id=hood.people["bram"], rules_version_id=version)
    noor = hood.public_id("noor")
    page = text_of(bram.get(f"{URL}?voor={noor}&van=2026-11-26T10:00&tot=2026-11-26T11:00"))
    assert "Noor doet nog niet mee met de huisregels." in visible(page)
    link = page.split('href="/r/de-linde/huisregels/op-papier?', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    paper = text_of(bram.get(f"/r/de-linde/huisregels/op-papier?{link}"))
    assert "Handtekening" in visible(paper)
    form = paper.split('action="/r/de-linde/huisregels/op-papier"', 1)[1]
    sent = inputs(f"novalidate>{form}")
    back = bram.post("/r/de-linde/huisregels/op-papier", data=sent)
    assert back.status_code == 303
    assert back.location.startswith(f"{URL}?voor={noor}&day=2026-11-26")
    [row] = rows(hood.app, "select person_id, how, recorded_by_id from acceptance where how = 'paper'")
    assert tuple(row) == (hood.people["noor"], "paper", hood.people["bram"])
    [trail] = rows(
        hood.app, "select actor_id, on_behalf_of_id from audit where action = 'house_rules_accepted'"
    )
    assert tuple(trail) == (hood.people["bram"], hood.people["noor"])
    again = bram.post("/r/de-linde/huisregels/op-papier", data=sent)
    assert again.status_code == 303
    assert bram.post("/r/de-linde/huisregels/op-papier", data={**sent, "voor": ""}).status_code == 404
    assert bram.post("/r/de-linde/huisregels/op-papier", data={**sent, "number": "7"}).status_code == 422


def test_slip_says_what_to_take_home(bram: FlaskClient, hood: Neighbourhood) -> None:
    public_id = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", helper="bram")
    slip = visible(text_of(bram.get(f"/reserveringen/{public_id}/briefje")))
    for words in (
        "Briefje: De Linde, woensdag 25 november",
        "Woensdag 25 november",
        "14:00–16:00",
        "Voor Noor de Proef",
        "0800 555 00 00",
    ):
        assert words in slip
    stranger = hood.app.test_client()
    sign_in(stranger, "ali")
    assert stranger.get(f"/reserveringen/{public_id}/briefje").status_code == 404


def test_slip_of_a_time_that_came_free_says_until_when_to_say_yes_and_not_that_it_is_booked(
    bram: FlaskClient, hood: Neighbourhood
) -> None:
    first = hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00")
    public_id = hood.book("ali", "2026-11-28 14:00", "2026-11-28 16:00", helper="bram", or_wait=True)
    cancel(hood, "noor", first)
    slip = visible(text_of(bram.get(f"/reserveringen/{public_id}/briefje")))
    assert "Vrijgekomen" in slip
    assert "Het is nog niet zeker. Zeg ja voor donderdag 26 november 12:05" in slip
    for words in ("Gereserveerd", "Haal de sleutel op", "Kom om"):
        assert words not in slip


def test_slip_of_a_request_says_what_it_waits_for(client: FlaskClient, hood: Neighbourhood) -> None:
    let_ask(hood)
    public_id = ask(hood)
    sign_in(client, "kim")
    slip = visible(text_of(client.get(f"/reserveringen/{public_id}/briefje")))
    assert "Aangevraagd" in slip
    assert "De beheergroep kijkt of het kan. Je krijgt antwoord voor vrijdag 27 november 14:05" in slip
    ask_back(hood, "kim", public_id)
    slip = visible(text_of(client.get(f"/reserveringen/{public_id}/briefje")))
    assert "De beheergroep kijkt of het kan." not in slip
    assert "De beheergroep wil eerst iets weten. Geef antwoord voor " in slip


def test_pages_for_helping_stay_within_their_statements(bram: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=4)
        make.make_rules(room_id=hood.linde)
    for path in (FIND, f"{URL}?voor={hood.public_id('noor')}"):
        bram.get(path)
        with statements(hood.app) as seen_now:
            bram.get(path)
        assert len(seen_now) <= 8, path
