"""Three requests for Het Plein: one with a question first, one that is declined, one that nobody answers."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.bookings.request_deeds import let_ask
from tests.cast import booking_form, sign_in, token_in
from tests.journeys.test_a_resident_books import follow, sent
from tests.watching import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood


def ask(client: FlaskClient, **wish: str) -> str:
    """Ask for Het Plein by the form; the page of the request."""
    fields = {**booking_form(client, "het-plein"), "zone": "", **wish}
    return sent(client, "/r/het-plein/reserveren", **fields)


def press(client: FlaskClient, page: str, deed: str, **fields: str) -> str:
    """Send the first form of a page that leads to a deed, with its hidden fields."""
    found = re.search(rf'<form[^>]*action="([^"]*/{deed})".*?</form>', page, re.DOTALL)
    assert found, f"no form to {deed}"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found[0]))
    return sent(client, found[1], **{**hidden, **fields})


def said_on(page: str) -> str:
    return " ".join(visible(page).split())


def test_ag_05_a_birthday_is_talked_about_and_approved(client: FlaskClient, hood: Neighbourhood) -> None:
    let_ask(hood)
    iris, fatma = client, hood.app.test_client()
    sign_in(iris, "iris")
    sign_in(fatma, "fatma")
    asked = ask(iris, day="2026-11-28", starts="14:00", ends="17:00", people="15", purpose="Verjaardag")
    assert "De beheergroep kijkt of het kan." in said_on(asked)

    mine = fatma.get("/mijn").get_data(as_text=True)
    queue = follow(fatma, mine, "Aanvragen voor Het Plein")
    assert "Verjaardag. Voor zichzelf." in said_on(queue)
    form = follow(fatma, queue, "Vraag iets")
    queue = press(fatma, form, "vraag", question="Hoeveel kinderen komen er?")
    assert "Gevraagd. Iris krijgt bericht." in said_on(queue)

    own = follow(iris, iris.get("/mijn").get_data(as_text=True), "er is een vraag aan jou")
    assert "Hoeveel kinderen komen er?" in said_on(own)
    own = press(iris, own, "antwoord", answer="Tien, en vijf grote mensen.")
    assert "Je antwoord is verstuurd." in said_on(own)

    queue = fatma.get("/r/het-plein/aanvragen").get_data(as_text=True)
    assert "Tien, en vijf grote mensen." in said_on(queue)
    queue = press(fatma, queue, "goedkeuren")
    assert "Goedgekeurd. Iris krijgt bericht." in said_on(queue)
    assert "Er wacht niemand" in said_on(queue)
    own = follow(iris, iris.get("/mijn").get_data(as_text=True), "Za 28 nov")
    assert "Het Plein is op za 28 nov van jou" in said_on(own)


def test_ag_05_who_is_told_no_takes_another_time(client: FlaskClient, hood: Neighbourhood) -> None:
    let_ask(hood)
    omar, fatma = client, hood.app.test_client()
    sign_in(omar, "omar")
    sign_in(fatma, "fatma")
    ask(omar, day="2026-11-28", starts="20:00", ends="22:00", people="30", purpose="Feest")
    queue = fatma.get("/r/het-plein/aanvragen").get_data(as_text=True)
    form = follow(fatma, queue, "Afwijzen")
    queue = press(fatma, form, "afwijzen", reason="rules", explanation="Na negen uur is het stil.")
    assert "Afgewezen. Omar krijgt bericht, met andere tijden als die er zijn." in said_on(queue)

    own = follow(omar, omar.get("/mijn").get_data(as_text=True), "aanvraag gaat niet door")
    assert "Het past niet bij de regels. Na negen uur is het stil." in said_on(own)
    ways = own.split("Deze tijden kunnen wel", 1)[1]
    filled = follow(omar, ways, "uur")
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', filled))
    chosen = dict(re.findall(r'<select[^>]*name="(\w+)"[^>]*>.*?<option selected>([^<]*)', filled, re.DOTALL))
    [day] = re.findall(r'name="day"[^>]*value="([^"]*)" checked', filled)
    again = ask(omar, **{**fields, **chosen, "day": day, "people": "30"})
    assert "Aangevraagd: Het Plein, " in said_on(again)
    queue = press(fatma, fatma.get("/r/het-plein/aanvragen").get_data(as_text=True), "goedkeuren")
    assert "Goedgekeurd. Omar krijgt bericht." in said_on(queue)


def test_request_that_nobody_answers_lapses_and_can_be_asked_again(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    let_ask(hood)
    sign_in(client, "iris")
    ask(client, day="2026-12-05", starts="14:00", ends="17:00", people="8")
    moment(timedelta(hours=72))
    hood.work()
    sign_in(client, "iris")
    own = follow(client, client.get("/mijn").get_data(as_text=True), "verlopen")
    assert "Verlopen. Er kwam niet op tijd antwoord." in said_on(own)
    form = follow(client, own, "Vraag deze tijd opnieuw")
    assert "<option selected>14:00</option>" in form
    assert token_in(form)
    fatma = hood.app.test_client()
    sign_in(fatma, "fatma")
    queue = said_on(fatma.get("/r/het-plein/aanvragen").get_data(as_text=True))
    assert "Deze aanvraag is verlopen. Er kwam niet op tijd antwoord." in queue
