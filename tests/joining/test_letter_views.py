"""Making letters by browser."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.joining import actions, rules, wording
from ontmoet.joining.rules import HomeLetter
from ontmoet.joining.wording import letter_state
from tests import builders as make
from tests.cast import sign_in
from tests.fixtures import TUESDAY
from tests.joining.deeds import a_letter, join, letter_rows
from tests.watching import inputs, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

PAGE = "/r/de-linde/brieven"


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def form_of(client: FlaskClient, query: str = "") -> dict[str, str | list[str]]:
    return dict(inputs(text_of(client.get(f"{PAGE}{query}"))))


def codes_in(page: str) -> list[str]:
    """The codes as they are printed, in groups."""
    found = re.findall(r'class="om-code">(.*?)</p>', page)
    return [" ".join(re.findall(r"<span>([0-9A-Z]{4})</span>", code)) for code in found]


def nobody_lives_in(hood: Neighbourhood, address_name: str) -> None:
    home = "select id from home where address_name = :name"
    with hood.app.app_context(), unit_of_work():
        execute(text(f"delete from residency where home_id = ({home})"), name=address_name)  # noqa: S608


@pytest.fixture
def sanne(hood: Neighbourhood, client: FlaskClient) -> FlaskClient:
    """A member of staff of De Linde, signed in."""
    sign_in(client, "sanne")
    return client


def test_page_shows_each_home_of_the_complex_and_how_it_stands(
    hood: Neighbourhood, sanne: FlaskClient
) -> None:
    join(hood, a_letter(hood))
    nobody_lives_in(hood, "linde-2")
    with statements(hood.app) as seen:
        page = " ".join(visible(text_of(sanne.get(PAGE))).split())
    assert len(seen) <= 8
    assert "linde-2 Nog geen brief" in page
    assert "linde-14b 2 mensen doen mee. Brief van 24 november 2026, 1 keer gebruikt" in page
    assert "plein-1" not in page
    assert "Henk" not in page
    unused = visible(text_of(sanne.get(f"{PAGE}?toon=ongebruikt")))
    assert "linde-2" in unused
    assert "linde-14b" not in unused


def test_chosen_homes_get_a_letter_with_typed_groups_and_address(
    hood: Neighbourhood, sanne: FlaskClient
) -> None:
    answer = sanne.post(PAGE, data={**form_of(sanne), "home": ["linde-16", "linde-2", "plein-1", "x\x00"]})
    page = text_of(answer)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert page.count("<article") == 2
    assert page.index("linde-2,") < page.index("linde-16,")
    assert page.count("<svg") >= 2
    codes = codes_in(page)
    assert [code.count(" ") for code in codes] == [6, 6]
    assert hood.app.test_client().get(f"/welkom/{codes[0]}").status_code == 200
    assert letter_rows(hood) == [(6, False)] * 2


def test_all_that_are_shown_get_a_letter(hood: Neighbourhood, sanne: FlaskClient) -> None:
    nobody_lives_in(hood, "linde-2")
    nobody_lives_in(hood, "linde-16")
    page = text_of(sanne.post(PAGE, data={**form_of(sanne, "?toon=ongebruikt"), "all": "1"}))
    assert len(codes_in(page)) == 2
    page = text_of(sanne.post(PAGE, data={**form_of(sanne), "all": "1"}))
    assert len(codes_in(page)) == 3


def test_letters_that_still_work_are_not_taken_back_in_one_press(
    hood: Neighbourhood, sanne: FlaskClient
) -> None:
    assert "Ja, maak ze opnieuw" not in text_of(sanne.get(PAGE))
    sanne.post(PAGE, data={**form_of(sanne), "home": ["linde-2", "linde-16"]})
    page = text_of(sanne.get(PAGE))
    assert "Er zijn nog 2 brieven die werken." in page
    assert page.index("<summary>Maak brieven voor alle 3 woningen") < page.index("Ja, maak ze opnieuw")


def test_nothing_chosen_is_told(sanne: FlaskClient, hood: Neighbourhood) -> None:
    for chosen in ([], ["plein-1"], ["bestaat-niet"]):
        answer = sanne.post(PAGE, data={**form_of(sanne), "home": chosen})
        assert answer.status_code == 422
        assert "Kies eerst voor welke woningen je een brief wilt." in text_of(answer)


def test_same_form_again_makes_no_new_letters_and_the_printed_ones_work(
    hood: Neighbourhood, sanne: FlaskClient
) -> None:
    sent = {**form_of(sanne), "home": ["linde-2"]}
    code = codes_in(text_of(sanne.post(PAGE, data=sent)))[0]
    again = sanne.post(PAGE, data=sent)
    assert again.status_code == 422
    assert "Deze brieven zijn al gemaakt." in text_of(again)
    assert codes_in(text_of(again)) == []
    assert hood.app.test_client().get(f"/welkom/{code}").status_code == 200
    new = {**dict(inputs(text_of(again))), "home": ["linde-2"]}
    assert sanne.post(PAGE, data=new).status_code == 200


def test_making_letters_stands_in_the_trail(hood: Neighbourhood, sanne: FlaskClient) -> None:
    sanne.post(PAGE, data={**form_of(sanne), "all": "1"})
    (trace,) = rows(hood.app, "select room_id, changes from audit where action = 'letters_made'")
    assert tuple(trace) == (hood.linde, '{"letters": 3}')


@pytest.mark.parametrize("who", ["noor", "ali", "bram", "fatma", "riet"])
def test_others_may_neither_see_nor_make(hood: Neighbourhood, client: FlaskClient, who: str) -> None:
    sign_in(client, who)
    assert client.get(PAGE).status_code == 403
    token = inputs("novalidate>" + text_of(client.get("/mijn")).split("<form", 1)[1])["csrf_token"]
    assert client.post(PAGE, data={"csrf_token": token, "all": "1"}).status_code == 403
    assert row_counts(hood.app, "invitation") == {"invitation": 0}
    assert PAGE not in text_of(client.get("/r/de-linde"))


def test_room_without_homes_says_so(hood: Neighbourhood, sanne: FlaskClient) -> None:
    with hood.app.app_context():
        complex_id = make.make_complex(name="Leeg")
        room_id = make.make_room(complex_id=complex_id, slug="leeg")
        make.make_role(person_id=hood.people["sanne"], function="staff", room_id=room_id)  # type: ignore[arg-type]
    page = text_of(sanne.get("/r/leeg/brieven"))
    assert "Bij deze ruimte staan nog geen woningen. De beheerder van de corporatie zet ze in" in page
    assert sanne.get("/r/bestaat-niet/brieven").status_code == 404


def test_more_letters_than_go_at_once_are_made_in_parts(
    hood: Neighbourhood, sanne: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (rules, actions, wording):
        monkeypatch.setattr(module, "MOST_AT_ONCE", 2)
    page = text_of(sanne.get(PAGE))
    assert "Er zijn 3 woningen. Dat is te veel voor één keer." in page
    assert "Maak brieven voor de eerste 2 woningen zonder brief die werkt" in page
    answer = sanne.post(PAGE, data={**form_of(sanne), "home": ["linde-2", "linde-16", "linde-14b"]})
    assert answer.status_code == 422
    assert "Kies hoogstens 2 woningen tegelijk." in text_of(answer)
    sent = {**form_of(sanne), "all": "1"}
    assert len(codes_in(text_of(sanne.post(PAGE, data=sent)))) == 2
    # A second tap is none for the homes that come next.
    assert sanne.post(PAGE, data=sent).status_code == 422
    assert "Maak een brief voor de woning zonder brief die werkt" in text_of(sanne.get(PAGE))
    assert len(codes_in(text_of(sanne.post(PAGE, data={**form_of(sanne), "all": "1"})))) == 1
    assert letter_rows(hood) == [(6, False)] * 3
    assert "Al deze woningen hebben een brief die werkt." in text_of(sanne.get(PAGE))


def a_street(hood: Neighbourhood, numbers: range) -> None:
    with hood.app.app_context():
        complex_id = hood.actor("noor").dwellings[0].complex_id
        for number in numbers:
            make.make_home(complex_id=complex_id, address_name=f"laan-{number}")


def ticks_on(page: str) -> list[str]:
    return re.findall(r'type="checkbox" name="home" value="([^"]+)"', page)


def test_many_homes_come_in_leaves_of_fifty(hood: Neighbourhood, sanne: FlaskClient) -> None:
    assert "Pagina’s" not in text_of(sanne.get(PAGE)), "three homes need no leaves"
    a_street(hood, range(100, 217))
    first = text_of(sanne.get(PAGE))
    assert len(first) < 40_000
    assert ("Pagina 1 van 3" in first, "Vorige" in first, "Volgende" in first) == (True, False, True)
    third = text_of(sanne.post(PAGE, data={**form_of(sanne), "pagina": "3"}))
    assert ("Vorige" in third, "Volgende" in third) == (True, False)
    assert "<title>Brieven voor De Linde, pagina 3 van 3" in third
    second = text_of(sanne.get(f"{PAGE}?pagina=2"))
    together = ticks_on(first) + ticks_on(second) + ticks_on(third)
    assert [len(ticks_on(page)) for page in (first, second, third)] == [50, 50, 20]
    assert len(set(together)) == 120
    for odd in ("0", "-1", "twee", "", "4", "9" * 30, "\x00"):
        assert sanne.post(PAGE, data={**form_of(sanne), "pagina": odd}).status_code == 200
    assert "Pagina 3 van 3" in text_of(sanne.get(PAGE, query_string={"pagina": "999"}))


def test_what_is_ticked_stays_from_leaf_to_leaf(hood: Neighbourhood, sanne: FlaskClient) -> None:
    a_street(hood, range(100, 217))
    at_first = {**form_of(sanne), "home": ["laan-100", "laan-101"], "pagina": "2"}
    page = text_of(sanne.post(PAGE, data=at_first))
    assert "Je koos nog 2 woningen die je nu niet ziet." in page
    at_second = {**inputs(page), "home": ["laan-100", "laan-101", ticks_on(page)[0]]}
    back = text_of(sanne.post(PAGE, data={**at_second, "pagina": "1"}))
    assert re.findall(r'value="(laan-[0-9]+)" checked', back) == ["laan-100", "laan-101"]
    assert "Je koos nog 1 woning die je nu niet ziet." in back
    refused = text_of(sanne.post(PAGE, data={**inputs(page), "home": ["bestaat-niet"]}))
    assert "Pagina 2 van 3" in refused, "who is refused stays where they were"
    assert letter_rows(hood) == [], "looking makes no letters"
    printed = text_of(sanne.post(PAGE, data=at_second))
    assert len(codes_in(printed)) == 3


def test_homes_are_found_by_words_and_all_are_those_that_were_found(
    hood: Neighbourhood, sanne: FlaskClient
) -> None:
    a_street(hood, range(100, 217))
    first = text_of(sanne.get(PAGE))
    assert first.index('value="1">Zoek</button>') < first.index('name="all"'), "Enter looks, and makes none"
    sent = {**form_of(sanne), "home": ["linde-2"], "zoek": "LAAN-11", "vind": "1", "hier": "3"}
    found = text_of(sanne.post(PAGE, data=sent))
    assert ticks_on(found) == [f"laan-{number}" for number in range(110, 120)]
    assert "10 woningen met “LAAN-11”." in found
    assert "Maak brieven voor alle 10 woningen" in found
    assert "Je koos nog 1 woning die je nu niet ziet." in found
    # What was typed and not looked for does not count.
    printed = text_of(sanne.post(PAGE, data={**inputs(found), "zoek": "laan", "all": "1"}))
    assert len(codes_in(printed)) == 10
    nothing = text_of(sanne.post(PAGE, data={**sent, **form_of(sanne), "zoek": "bestaat niet <b>"}))
    assert "Geen woning met “bestaat niet &lt;b&gt;”." in nothing
    assert 'name="all"' not in nothing
    assert len(codes_in(text_of(sanne.post(PAGE, data={**inputs(nothing), "home": "linde-2"})))) == 1


def test_two_hundred_letters_are_one_page(hood: Neighbourhood, sanne: FlaskClient) -> None:
    with hood.app.app_context():
        complex_id = hood.actor("noor").dwellings[0].complex_id
        for number in range(100, 300):
            make.make_home(complex_id=complex_id, address_name=f"linde-{number}")
    sent = form_of(sanne)
    with statements(hood.app) as seen:
        answer = sanne.post(PAGE, data={**sent, "all": "1"})
    assert len(set(codes_in(text_of(answer)))) == 203
    assert len(seen) <= 14


@pytest.mark.parametrize(
    ("uses", "people", "is_old", "said"),
    [
        (0, 0, False, "Brief van 24 november 2026, nog niet gebruikt"),
        (0, 3, False, "3 mensen doen mee. Brief van 24 november 2026, nog niet gebruikt"),
        (2, 1, False, "1 persoon doet mee. Brief van 24 november 2026, 2 keer gebruikt"),
        (2, 0, True, "Brief van 24 november 2026, verlopen"),
    ],
)
def test_state_of_a_home_is_people_first(
    hood: Neighbourhood, uses: int, people: int, is_old: bool, said: str
) -> None:
    ends = TUESDAY + (timedelta(0) if is_old else timedelta(days=90))
    with hood.app.test_request_context():
        assert letter_state(HomeLetter("linde-2", "", TUESDAY, ends, uses, people), now=TUESDAY) == said
