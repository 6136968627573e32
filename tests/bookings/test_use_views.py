"""The pages on which people say that they are there, how they leave, and whether they came."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.telling import ask_who_left_no_trace
from ontmoet.db import execute, unit_of_work
from ontmoet.hearing.call_list import shown_list
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from tests import builders as make
from tests.bookings.deeds import seen
from tests.cast import sign_in, token_in
from tests.watching import errors, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

SOON = ("2026-11-24 14:15", "2026-11-24 16:00")
DOOR = "/r/de-linde"


@pytest.fixture
def public_id(hood: Neighbourhood) -> str:
    return hood.book("noor", *SOON)


@pytest.fixture
def noor(client: FlaskClient, hood: Neighbourhood, public_id: str) -> FlaskClient:
    sign_in(client, "noor")
    return client


def url_of(public_id: str, tail: str = "") -> str:
    return f"/reserveringen/{public_id}{tail}"


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def post(client: FlaskClient, url: str, **fields: object) -> TestResponse:
    token = token_in(text_of(client.get("/mijn")))
    return client.post(url, data={"csrf_token": token, **fields})


def kinds(hood: Neighbourhood) -> list[str]:
    return [row.kind for row in rows(hood.app, "select kind from use_trace order by id")]


def counted(client: FlaskClient, hood: Neighbourhood, path: str) -> int:
    with statements(hood.app) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_one_tap_at_the_door_says_that_i_am_there(
    noor: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    page = text_of(noor.get(DOOR))
    assert "Jouw reservering, 14:15–16:00\u00a0uur" in visible(page)
    form = page.split(f'action="{url_of(public_id, "/ik-ben-er")}">', 1)[1].split("</form>", 1)[0]
    assert "Ik ben er" in form
    for _ in range(2):  # a double tap
        answer = noor.post(url_of(public_id, "/ik-ben-er"), data={"csrf_token": token_in(form), "deur": "1"})
        assert (answer.status_code, answer.location) == (303, DOOR)
    assert kinds(hood) == ["check_in"]
    page = visible(text_of(noor.get(DOOR)))
    assert "Aangemeld om 14:05\u00a0uur." in page
    assert "Ik ben er" not in page
    assert "Fijn dat je er bent." in page


def test_door_offers_it_only_to_who_has_a_booking_now(
    client: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move
) -> None:
    hood.book("ali", "2026-11-24 14:36", "2026-11-24 16:00", zone="keuken")
    for who, offered in ((None, False), ("noor", True), ("ali", False), ("bram", False), ("sanne", False)):
        someone = hood.app.test_client()
        if who:
            sign_in(someone, who)
        for _ in range(2):  # what is drawn for one reader must not be kept for the next
            assert ("Ik ben er" in text_of(someone.get(DOOR))) is offered, who
    sign_in(client, "ali")
    moment(timedelta(minutes=1))
    assert "Ik ben er" in text_of(client.get(DOOR))
    moment(timedelta(hours=2))
    assert "Ik ben er" not in text_of(client.get(DOOR))


def test_request_that_nobody_approved_is_no_booking_at_the_door(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    public_id = hood.book("noor", *SOON)
    sign_in(client, "noor")
    assert "Ik ben er" not in text_of(client.get(DOOR))
    answer = post(client, url_of(public_id, "/ik-ben-er"))
    assert answer.status_code == 422
    assert "Deze reservering staat nog niet vast." in visible(text_of(answer))


def test_door_asks_one_statement_more_of_who_has_a_booking_and_none_of_others(
    hood: Neighbourhood,
) -> None:
    hood.book("noor", "2026-11-24 18:00", "2026-11-24 20:00")
    clients = {who: hood.app.test_client() for who in (None, "noor", "ali", "bram")}
    for who, client in clients.items():
        if who:
            sign_in(client, who)

    def all_counted() -> dict[str | None, int]:
        for client in clients.values():
            client.get(DOOR)  # the first time the room is read, too
        return {who: counted(client, hood, DOOR) for who, client in clients.items()}

    before = all_counted()
    assert before == {None: 1, "noor": 1, "ali": 1, "bram": 2}
    hood.book("noor", *SOON)
    assert all_counted() == {**before, "noor": 2}


def test_booking_page_leads_from_coming_to_closing(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move
) -> None:
    page = visible(text_of(noor.get(url_of(public_id))))
    assert "Ik ben er" in page
    assert "Afsluitlijst" not in page
    assert post(noor, url_of(public_id, "/ik-ben-er")).location == url_of(public_id)
    moment(timedelta(hours=1))
    page = visible(text_of(noor.get(url_of(public_id))))
    assert "Aangemeld om 14:05\u00a0uur." in page
    assert "Vink aan wat er klaar is" in page
    answer = post(
        noor, url_of(public_id, "/afsluiten"), done=["tidied", "lights", "nonsense"], note="De kraan lekt"
    )
    assert (answer.status_code, answer.location) == (303, url_of(public_id))
    page = " ".join(visible(text_of(noor.get(url_of(public_id)))).split())
    assert "Ingevuld. Je kunt het nog veranderen" in page
    assert "Gedaan Netjes achtergelaten Niet gedaan Niet: afwas gedaan Gedaan Lampen uit" in page
    assert "Niet: sleutel terug" in page
    assert "De kraan lekt" in page
    form = text_of(noor.get(url_of(public_id, "/afsluiten")))
    assert form.count(" checked") == 2
    assert 'value="De kraan lekt"' in form
    moment(timedelta(days=2))
    sign_in(noor, "noor")
    page = visible(text_of(noor.get(url_of(public_id))))
    assert "Zo bleef de ruimte achter" in page
    assert "Je kunt het nog veranderen" not in page
    assert noor.get(url_of(public_id, "/afsluiten")).location == url_of(public_id)
    late = "De afsluitlijst vul je in tot een dag na afloop. Dat is nu voorbij."
    assert late in visible(text_of(noor.get(url_of(public_id)))), "an old link says why it leads here"


def test_who_is_there_sees_what_is_next_and_folds_away_how_to_get_in(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move
) -> None:
    moment(timedelta(minutes=20))
    before = text_of(noor.get(url_of(public_id)))
    assert before.index("Als je er bent") < before.index("Zo kom je binnen") < before.index("Zeg af</button>")
    assert "<summary><h2" not in before
    post(noor, url_of(public_id, "/ik-ben-er"))
    after = text_of(noor.get(url_of(public_id)))
    assert after.index("Als je er bent") < after.index('<summary><h2 id="binnen">Zo kom je binnen')
    assert ("Zeg af" in after, "Verander de tijd" in visible(after)) == (False, True)
    # What may be needed at once is not folded away.
    assert after.index("</details>") < after.index("Lukt het niet? Bel ons.")


def test_closing_list_speaks_of_the_way_this_room_has_with_keys(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move
) -> None:
    moment(timedelta(hours=1))
    for plan, words in (
        ("handed_out", "Sleutel terug"),
        ("neighbour_opens", "Gezegd dat je klaar bent"),
        ("own_key", "Deur op slot"),
        ("code_box", "Sleutel terug in de kluis"),
    ):
        with hood.app.app_context(), unit_of_work():
            execute(text("update room set key_plan = :plan"), plan=plan)
        assert f"<b>{words}</b>" in text_of(noor.get(url_of(public_id, "/afsluiten")))


@pytest.mark.parametrize("note", ["x" * 201, "a\x00b"])
def test_note_that_cannot_be_kept_is_refused_and_stays_with_the_ticks(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move, note: str
) -> None:
    moment(timedelta(hours=1))
    answer = post(noor, url_of(public_id, "/afsluiten"), done=["windows"], note=note)
    assert answer.status_code == 422
    page = text_of(answer)
    assert set(errors(page)) == {"note"}
    assert page.count(" checked") == 1
    assert "<title>Fout: " in page
    assert kinds(hood) == []


def test_closing_too_early_or_too_late_is_said_in_words(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move
) -> None:
    early = post(noor, url_of(public_id, "/afsluiten"), done=["windows"])
    moment(timedelta(hours=26))
    sign_in(noor, "noor")
    late = post(noor, url_of(public_id, "/afsluiten"), done=["windows"])
    assert (early.status_code, late.status_code) == (422, 422)
    assert "Dit kan nog niet. Het kan vanaf di 24 nov 14:15\u00a0uur." in visible(text_of(early))
    assert "Deze reservering is al voorbij of afgezegd." in visible(text_of(late))
    assert kinds(hood) == []


def test_check_in_too_early_is_said_in_words(client: FlaskClient, hood: Neighbourhood) -> None:
    public_id = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    sign_in(client, "noor")
    answer = post(client, url_of(public_id, "/ik-ben-er"))
    assert answer.status_code == 422
    assert "Dit kan nog niet. Het kan vanaf wo 25 nov 13:30\u00a0uur." in visible(text_of(answer))


def test_helper_does_it_for_a_neighbour(
    client: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move
) -> None:
    sign_in(client, "bram")
    assert "Noor is er" in visible(text_of(client.get(url_of(public_id))))
    post(client, url_of(public_id, "/ik-ben-er"))
    assert "Opgeschreven: Noor is er." in visible(text_of(client.get(url_of(public_id))))
    moment(timedelta(hours=1))
    assert "Noor" in visible(text_of(client.get(url_of(public_id, "/afsluiten"))))
    post(client, url_of(public_id, "/afsluiten"), done=["tidied"])
    audited = rows(
        hood.app,
        "select action, actor_id, on_behalf_of_id from audit where on_behalf_of_id is not null order by id",
    )
    bram, noor = hood.people["bram"], hood.people["noor"]
    assert [tuple(row) for row in audited] == [("checked_in", bram, noor), ("closed_up", bram, noor)]


@pytest.mark.parametrize(
    ("who", "status"), [("ali", 404), ("fatma", 404), ("riet", 404), ("mo", 404), ("organiser", 403)]
)
def test_nobody_else_says_it(
    client: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move, who: str, status: int
) -> None:
    if who == "organiser":
        with hood.app.app_context():
            make.make_role(person_id=hood.people["ali"], function=Function.ORGANISER, room_id=hood.linde)
        who = "ali"
    sign_in(client, who)
    moment(timedelta(hours=2))
    for tail in ("/ik-ben-er", "/afsluiten", "/was-je-er"):
        assert post(client, url_of(public_id, tail), answer="ja").status_code == status
    assert kinds(hood) == []


def test_without_a_token_nothing_is_written(noor: FlaskClient, hood: Neighbourhood, public_id: str) -> None:
    assert noor.post(url_of(public_id, "/ik-ben-er")).status_code == 400
    assert kinds(hood) == []


@pytest.mark.parametrize(("given", "was_there"), [("ja", True), ("nee", False)])
def test_question_is_answered_by_one_tap_and_has_no_consequences(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move, given: str, was_there: bool
) -> None:
    moment(timedelta(hours=3))
    assert "Was je er?" in visible(text_of(noor.get(url_of(public_id))))
    page = visible(text_of(noor.get(url_of(public_id, "/was-je-er"))))
    assert "Je antwoord heeft geen gevolgen." in page
    before = seen(hood, public_id)
    for _ in range(2):
        answer = post(noor, url_of(public_id, "/was-je-er"), answer=given)
        assert (answer.status_code, answer.location) == (303, url_of(public_id))
    found = rows(hood.app, "select kind, was_there from use_trace")
    assert [(row.kind, bool(row.was_there)) for row in found] == [("answer", was_there)]
    page = visible(text_of(noor.get(url_of(public_id))))
    assert ("Er was iemand." if was_there else "Er was niemand.") in page
    assert "Was je er?" not in page
    assert seen(hood, public_id) == before


def test_answer_that_is_neither_is_asked_again(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move
) -> None:
    moment(timedelta(hours=3))
    answer = post(noor, url_of(public_id, "/was-je-er"), answer="misschien")
    assert answer.status_code == 422
    assert "Kies ja of nee." in visible(text_of(answer))
    assert kinds(hood) == []


def test_question_is_not_there_before_the_end_nor_when_we_know(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move
) -> None:
    tail = url_of(public_id, "/was-je-er")
    assert noor.get(tail).location == url_of(public_id)
    assert "Dit kan nog niet. Het kan vanaf" in visible(text_of(noor.get(url_of(public_id))))
    post(noor, url_of(public_id, "/ik-ben-er"))
    moment(timedelta(hours=3))
    assert noor.get(tail).location == url_of(public_id)
    assert "Je hoeft dit niet meer te zeggen." in visible(text_of(noor.get(url_of(public_id))))
    assert post(noor, tail, answer="nee").location == url_of(public_id)
    assert kinds(hood) == ["check_in"]


def test_who_has_no_mail_is_asked_by_telephone_until_somebody_knows(
    client: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move
) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text("update person set email = null, channel = 'call' where name like 'Noor%'"))
    moment(timedelta(hours=3))
    with hood.app.app_context(), unit_of_work():
        ask_who_left_no_trace(clock.now())
        execute(text("update message set status = 'by_hand' where kind = 'use_asked'"))

    def listed() -> list[str]:
        with hood.app.test_request_context():
            shown = shown_list(hood.linde, actor_id=hood.people["bram"], now=clock.now())
        return [line.says for line in shown]

    assert listed() == [
        "Je had De Linde op dinsdag 24 november, 14:15–16:00\u00a0uur. Was je er? "
        "Vertel het ons, dan schrijven we het op."
    ]
    sign_in(client, "bram")
    post(client, url_of(public_id, "/was-je-er"), answer="ja")
    assert listed() == []
    assert kinds(hood) == ["answer"]


@pytest.mark.parametrize(
    ("who", "used", "closed", "line"),
    [
        ("bram", 0, 0, "Er is nog te weinig gebruik om te tellen."),
        ("bram", 3, 1, "Bij 2 van de 3 keer is de lijst niet ingevuld."),
        ("bram", 3, 3, "Alle 3 keer is de lijst ingevuld."),
        ("sanne", 4, 0, "Er is nog te weinig gebruik om te tellen."),
        ("sanne", 6, 2, "Bij minder dan 5 van de 6 keer is de lijst niet ingevuld."),
        ("sanne", 6, 6, "Bij minder dan 5 van de 6 keer is de lijst niet ingevuld."),
        ("sanne", 6, 1, "Bij 5 van de 6 keer is de lijst niet ingevuld."),
        ("mo", 6, 2, "Bij minder dan 5 van de 6 keer is de lijst niet ingevuld."),
    ],
)
def test_missing_lists_are_a_number_without_names(
    client: FlaskClient, hood: Neighbourhood, moment: Move, who: str, used: int, closed: int, line: str
) -> None:
    for number in range(used):
        hood.book("noor", f"2026-11-24 {15 + number}:00", f"2026-11-24 {16 + number}:00")
    with hood.app.app_context(), unit_of_work():
        execute(
            text(
                "insert into use_trace (booking_id, kind, at, note)"
                " select id, 'closing', starts_at, '' from booking where id <= :closed"
            ),
            closed=closed,
        )
    moment(timedelta(days=3))
    sign_in(client, who)
    page = visible(text_of(client.get("/r/de-linde/beheer")))
    assert line in page
    assert "Noor" not in page


def test_pages_of_use_ask_few_statements(
    noor: FlaskClient, hood: Neighbourhood, public_id: str, moment: Move
) -> None:
    moment(timedelta(hours=3))
    paths = [url_of(public_id, tail) for tail in ("", "/afsluiten", "/was-je-er")]
    for path in paths:
        noor.get(path)
    assert [counted(noor, hood, path) for path in paths] == [4, 4, 4]
    post(noor, url_of(public_id, "/afsluiten"), done=["tidied"])
    assert row_counts(hood.app, "use_trace") == {"use_trace": 1}
    assert [counted(noor, hood, path) for path in paths[:2]] == [4, 4]
