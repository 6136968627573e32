"""The queue of a room on somebody's phone, and a booking's page while it waits."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.ending import call_off_waiting
from ontmoet.bookings.request_queries import settled_lately
from ontmoet.bookings.states import CancelReason, Status
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from tests import builders as make
from tests.bookings.deeds import cancel, close, seen
from tests.bookings.request_deeds import answer, approve, ask, ask_back, decline, let_ask
from tests.cast import booking_form, sign_in, token_in
from tests.samples import span
from tests.watching import errors, inputs, row_counts, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

QUEUE = "/r/het-plein/aanvragen"


@pytest.fixture
def hood(hood: Neighbourhood) -> Neighbourhood:
    let_ask(hood)
    return hood


@pytest.fixture
def fatma(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    sign_in(client, "fatma")
    return client


def as_(hood: Neighbourhood, name: str) -> FlaskClient:
    client = hood.app.test_client()
    sign_in(client, name)
    return client


def text_of(answered: TestResponse) -> str:
    return answered.get_data(as_text=True)


def said_on(page: str) -> str:
    """What a page says, each space like any other."""
    return " ".join(visible(page).split())


def url_of(public_id: str, deed: str = "") -> str:
    return f"/reserveringen/{public_id}{deed}"


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    token = token_in(text_of(client.get("/mijn")))
    return client.post(path, data={"csrf_token": token, **fields})


def card_of(page: str, public_id: str) -> str:
    """One request in the queue."""
    return page.split(f'id="aanvraag-{public_id}"', 1)[1].split("</article>", 1)[0]


def test_ag_05_queue_tells_what_when_who_how_many_and_until_when(
    fatma: FlaskClient, hood: Neighbourhood
) -> None:
    ask(hood, "iris", "2026-11-27 10:00", "2026-11-27 12:00")
    public_id = ask(hood, purpose="Verjaardag", people=15)
    card = said_on(card_of(text_of(fatma.get(QUEUE)), public_id))
    for words in (
        "Za 28 nov, 14:00–17:00 uur",
        "vervalt over 3 dagen",
        "tot vr 27 nov 14:05 uur",
        "15 mensen, hele ruimte",
        "Verjaardag. Voor zichzelf.",
        "Iris de Proef",
        "Dit adres heeft die maand nog 1 andere reservering.",
        "Verder is er dan niets in de ruimte.",
    ):
        assert words in card, words


def test_queue_shows_the_most_urgent_first_and_says_so_in_hours(
    fatma: FlaskClient, hood: Neighbourhood
) -> None:
    later = ask(hood)
    soon = ask(hood, "omar", "2026-11-25 10:00", "2026-11-25 12:00")
    page = text_of(fatma.get(QUEUE))
    assert page.index(soon) < page.index(later)
    assert "vervalt over 15 uur" in said_on(card_of(page, soon))
    assert "2 aanvragen wachten op antwoord." in said_on(page)


def test_empty_queue_says_so(fatma: FlaskClient, hood: Neighbourhood) -> None:
    page = said_on(text_of(fatma.get(QUEUE)))
    assert "Er wacht niemand" in page
    # Not each who reads this is sent a message.
    assert "Vraagt iemand de ruimte aan, dan staat dat hier." in page


def test_who_is_alone_reads_why_they_may_decide_themselves(hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text("delete from role where person_id = :kim"), kim=hood.people["kim"])
    public_id = ask(hood, "fatma")
    card = said_on(card_of(text_of(as_(hood, "fatma").get(QUEUE)), public_id))
    assert "Niemand anders van de beheergroep kan beslissen, dus je mag het zelf." in card


def test_pages_about_requests_say_the_same_on_both_databases(hood_on_both: Neighbourhood) -> None:
    let_ask(hood_on_both)
    fatma = as_(hood_on_both, "fatma")
    assert "Er wacht niemand" in said_on(text_of(fatma.get(QUEUE)))
    asked, other = ask(hood_on_both), ask(hood_on_both, "omar", "2026-11-29 14:00", "2026-11-29 16:00")
    ask_back(hood_on_both, "kim", asked)
    decline(hood_on_both, "kim", other)
    card = said_on(card_of(text_of(fatma.get(QUEUE)), asked))
    assert "Kim vroeg: Hoeveel mensen?" in card
    assert "Verder is er dan niets in de ruimte." in card
    assert "Kim wees dit af." in said_on(text_of(fatma.get(QUEUE)))
    assert "Aanvragen voor Het Plein 1 wacht op antwoord" in said_on(text_of(fatma.get("/mijn")))
    assert "Deze tijden kunnen wel" in text_of(fatma.get(url_of(other)))


def test_what_else_is_in_the_room_is_told(hood: Neighbourhood) -> None:
    client = as_(hood, "sanne")
    hood.book("noor", "2026-11-28 13:00", "2026-11-28 15:00", zone="keuken", purpose="Koken")
    hood.book("noor", "2026-11-28 09:00", "2026-11-28 13:00", zone="keuken", purpose="Ontbijt")
    close(hood, span("2026-11-29 13:00", "2026-11-29 15:00"), "keuken")
    saturday = hood.book("riet", "2026-11-28 14:00", "2026-11-28 16:00")
    sunday = hood.book("riet", "2026-11-29 14:00", "2026-11-29 16:00")
    page = text_of(client.get("/r/de-linde/aanvragen"))
    card = said_on(card_of(page, saturday))
    assert "Keuken: Koken, 13:00–15:00" in card
    assert "Ontbijt" not in card
    assert "Keuken: gesloten. Nieuwe vloer" in said_on(card_of(page, sunday))
    assert "Deze organisatie heeft die maand nog 1 andere reservering." in card


def test_one_tap_approves_and_the_second_tap_is_the_first(fatma: FlaskClient, hood: Neighbourhood) -> None:
    public_id = ask(hood)
    card = card_of(text_of(fatma.get(QUEUE)), public_id)
    fields = {"csrf_token": token_in(card), "version": "1"}
    assert 'name="version" value="1"' in card
    first = fatma.post(url_of(public_id, "/goedkeuren"), data=fields)
    assert (first.status_code, first.headers["Location"]) == (303, QUEUE)
    assert seen(hood, public_id).status is Status.CONFIRMED
    counts = row_counts(hood.app, "audit", "message")
    assert fatma.post(url_of(public_id, "/goedkeuren"), data=fields).status_code == 303
    assert row_counts(hood.app, "audit", "message") == counts
    page = said_on(text_of(fatma.get(QUEUE)))
    assert "Goedgekeurd. Iris krijgt bericht." in page
    assert "Jij keurde dit goed." in page


def test_whoever_is_second_reads_what_was_decided(fatma: FlaskClient, hood: Neighbourhood) -> None:
    yes, no = ask(hood), ask(hood, "omar", "2026-11-29 14:00", "2026-11-29 16:00")
    approve(hood, "kim", yes)
    decline(hood, "kim", no, CancelReason.SIZE)
    for public_id, words in (
        (yes, "Iris de Proef, za 28 nov, 14:00–17:00 uur. Kim keurde dit goed."),
        (no, "Omar de Proef, zo 29 nov, 14:00–16:00 uur. Kim wees dit af. De ruimte is te klein"),
    ):
        answered = send(fatma, url_of(public_id, "/goedkeuren"), version="1")
        assert answered.status_code == 409
        assert words in said_on(text_of(answered))
        late = send(fatma, url_of(public_id, "/afwijzen"), reason="rules")
        assert late.status_code == 409
        assert words in said_on(text_of(late))
        for page in ("/afwijzen", "/vraag"):
            assert words in said_on(text_of(fatma.get(url_of(public_id, page), follow_redirects=True)))


def test_what_lapsed_or_was_withdrawn_gets_words(hood: Neighbourhood, moment: Move) -> None:
    lapsed, withdrawn = ask(hood), ask(hood, "omar", "2026-12-12 14:00", "2026-12-12 16:00")
    called_off = ask(hood, "omar", "2026-12-13 14:00", "2026-12-13 16:00")
    cancel(hood, "omar", withdrawn)
    approve(hood, "fatma", called_off)
    cancel(hood, "omar", called_off)
    moment(timedelta(hours=72))
    fatma = as_(hood, "fatma")
    for public_id, words in (
        (lapsed, "Deze aanvraag is verlopen."),
        (withdrawn, "Deze aanvraag is ingetrokken."),
        (called_off, "Goedgekeurd, en daarna afgezegd."),
    ):
        answered = send(fatma, url_of(public_id, "/goedkeuren"), version="1")
        assert answered.status_code == 409
        assert words in said_on(text_of(answered))


def test_who_waited_in_vain_is_no_request_that_nobody_answered(hood: Neighbourhood, moment: Move) -> None:
    approve(hood, "fatma", ask(hood))
    ask(hood, "omar", or_wait=True)
    with hood.app.app_context(), unit_of_work():
        call_off_waiting(hood.plein, now=clock.now())
    asked = ask(hood, "omar", "2026-12-12 14:00", "2026-12-12 16:00")
    with hood.app.app_context():
        assert [each.status for each in settled_lately(hood.plein, now=clock.now())] == [Status.CONFIRMED]
    moment(timedelta(hours=72))
    hood.work()
    with hood.app.app_context():
        lapsed, decided = settled_lately(hood.plein, now=clock.now())
    assert (lapsed.public_id, decided.status) == (asked, Status.CONFIRMED)


def test_changed_request_is_looked_at_again(fatma: FlaskClient, hood: Neighbourhood) -> None:
    public_id = ask(hood)
    ask_back(hood, "kim", public_id)
    answer(hood, "iris", public_id, "Vijftig.")
    answered = send(fatma, url_of(public_id, "/goedkeuren"), version="1")
    assert answered.status_code == 409
    page = said_on(text_of(answered))
    assert "Er is intussen iets veranderd aan deze aanvraag." in page
    assert "Vijftig." in page


def test_malformed_version_is_not_guessed(fatma: FlaskClient, hood: Neighbourhood) -> None:
    public_id = ask(hood)
    for version in ("", "x", "9" * 30):
        assert send(fatma, url_of(public_id, "/goedkeuren"), version=version).status_code == 400
    assert seen(hood, public_id).status is Status.REQUESTED


def test_ag_05_no_needs_a_reason_and_keeps_what_was_typed(fatma: FlaskClient, hood: Neighbourhood) -> None:
    public_id = ask(hood)
    path = url_of(public_id, "/afwijzen")
    answered = send(fatma, path, explanation="Een middag kan wel.")
    assert answered.status_code == 422
    page = text_of(answered)
    assert errors(page) == {"reason": "Kies een reden."}
    assert inputs(page)["explanation"] == "Een middag kan wel."
    assert "ziek" not in page.lower()
    other = send(fatma, path, reason="other")
    assert other.status_code == 422
    assert errors(text_of(other)) == {
        "explanation": "Schrijf erbij wat de reden is. Anders weet niemand waarom."
    }
    for wrong in ("plans_changed", "x"):
        assert send(fatma, path, reason=wrong).status_code == 422
    assert send(fatma, path, reason="rules", explanation="x" * 201).status_code == 422
    done = send(fatma, path, reason="rules", explanation="Een middag kan wel.")
    assert (done.status_code, done.headers["Location"]) == (303, QUEUE)
    assert seen(hood, public_id).explanation == "Een middag kan wel."


def test_who_was_told_no_reads_why_and_takes_another_time(fatma: FlaskClient, hood: Neighbourhood) -> None:
    public_id = ask(hood)
    decline(hood, "fatma", public_id, CancelReason.ALCOHOL, "Zonder <b>bier</b> kan wel.")
    iris = as_(hood, "iris")
    page = text_of(iris.get(url_of(public_id)))
    said = said_on(page)
    assert "Gaat niet door: Het Plein, za 28 nov" in said
    assert "Er mag geen alcohol worden geschonken. Zonder &lt;b&gt;bier&lt;/b&gt; kan wel." in page
    ways = page.split("Deze tijden kunnen wel", 1)[1].split("</section>", 1)[0]
    assert ways.count("/r/het-plein/reserveren?") == 3
    # What was refused is no alternative, but can be asked again.
    assert "day=2026-11-28&amp;starts=14:00&amp;ends=17:00" not in ways
    assert "day=2026-11-28&amp;starts=14:00&amp;ends=17:00" in page
    way = ways.split('href="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    form = text_of(iris.get(way))
    assert "om-notice" not in form.split("booking-preview", 1)[1].split("</form>", 1)[0]
    # Who works there reads the same times, to tell them; the buttons are the asker's.
    theirs = text_of(fatma.get(url_of(public_id)))
    assert "Deze tijden kunnen wel" in theirs
    assert "reserveren?day" not in theirs


def again_on(hood: Neighbourhood, name: str, public_id: str) -> bool:
    page = text_of(as_(hood, name).get(url_of(public_id)))
    assert "Kies een andere tijd" in page
    return "Vraag deze tijd opnieuw" in page


def test_time_is_asked_again_only_as_long_as_it_can_be_had(hood: Neighbourhood, moment: Move) -> None:
    declined = ask(hood)
    ask(hood, "omar", or_wait=True)
    at_its_start = ask(hood, "iris", "2026-11-24 16:00", "2026-11-24 18:00")
    taken = ask(hood, "iris", "2026-11-24 19:00", "2026-11-24 21:00")
    in_vain = ask(hood, "omar", "2026-11-24 19:00", "2026-11-24 21:00", or_wait=True)
    approve(hood, "kim", taken)
    decline(hood, "kim", declined)
    moment(timedelta(hours=2, minutes=40))
    hood.work()
    assert [seen(hood, each).status for each in (at_its_start, in_vain)] == [Status.LAPSED] * 2
    assert not again_on(hood, "iris", declined), "Omar waited for it"
    assert not again_on(hood, "iris", at_its_start)
    assert not again_on(hood, "omar", in_vain)
    free = ask(hood, "iris", "2026-12-03 14:00", "2026-12-03 16:00")
    decline(hood, "kim", free)
    assert again_on(hood, "iris", free)


def test_question_is_answered_on_the_page_of_the_booking(fatma: FlaskClient, hood: Neighbourhood) -> None:
    public_id = ask(hood)
    assert send(fatma, url_of(public_id, "/vraag"), question=" ").status_code == 422
    assert send(fatma, url_of(public_id, "/vraag"), question="Hoeveel mensen?").status_code == 303
    iris = as_(hood, "iris")
    for day in range(1, 10):
        hood.book(
            "iris",
            f"2026-11-2{day % 3 + 5} {day + 8:02d}:00",
            f"2026-11-2{day % 3 + 5} {day + 9:02d}:00",
            room="plein",
            zone="",
        )
    mine = said_on(text_of(iris.get("/mijn")))
    assert mine.index("er is een vraag aan jou") < mine.index("aangevraagd")
    assert "Hoeveel mensen?" in said_on(text_of(iris.get(url_of(public_id))))
    empty = send(iris, url_of(public_id, "/antwoord"), answer="")
    assert empty.status_code == 422
    assert list(errors(text_of(empty))) == ["answer"]
    assert "<title>Fout: Aangevraagd: Het Plein, " in text_of(empty)
    assert '<a href="#answer">Jouw antwoord: vul dit in.</a>' in text_of(empty)
    assert send(iris, url_of(public_id, "/antwoord"), answer="Vijftien.").status_code == 303
    card = said_on(card_of(text_of(fatma.get(QUEUE)), public_id))
    assert "Fatma vroeg: Hoeveel mensen?" in card
    assert "Antwoord: Vijftien." in card
    again = send(iris, url_of(public_id, "/antwoord"), answer="Twintig.")
    assert again.status_code == 422
    assert "Er staat geen vraag meer open." in said_on(text_of(again))
    assert "Dit schreef je: Twintig." in said_on(text_of(again))


def test_answer_that_comes_too_late_is_shown_again_also_when_it_is_too_long(hood: Neighbourhood) -> None:
    public_id, decided = ask(hood), ask(hood, "iris", "2026-11-29 14:00", "2026-11-29 16:00")
    for each in (public_id, decided):
        ask_back(hood, "fatma", each)
    answer(hood, "iris", public_id)
    approve(hood, "fatma", decided)
    iris = as_(hood, "iris")
    for each, sentence in (
        (public_id, "Er staat geen vraag meer open."),
        (decided, "Over deze aanvraag is al beslist."),
    ):
        for words in ("Twintig <b>mensen</b>.", "Twintig. " * 30):
            answered = send(iris, url_of(each, "/antwoord"), answer=words)
            assert answered.status_code == 422
            page = said_on(text_of(answered))
            assert sentence in page
            assert f"Dit schreef je: {' '.join(words.split())}" in unescape(page)
    # Who wrote nothing lost nothing.
    empty = said_on(text_of(send(iris, url_of(public_id, "/antwoord"), answer=" ")))
    assert "Er staat geen vraag meer open." in empty
    assert "Dit schreef je" not in empty


def test_second_question_waits_for_the_answer_to_the_first(fatma: FlaskClient, hood: Neighbourhood) -> None:
    public_id = ask(hood)
    ask_back(hood, "kim", public_id)
    assert "/vraag" not in card_of(text_of(fatma.get(QUEUE)), public_id)
    answered = send(fatma, url_of(public_id, "/vraag"), question="En muziek?")
    assert answered.status_code == 422
    page = text_of(answered)
    assert errors(page) == {"question": "Er staat al een vraag open. Wacht op het antwoord."}
    assert inputs(page)["question"] == "En muziek?"


def test_helper_answers_for_who_cannot(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_role(person_id=hood.people["bram"], function=Function.HOST, room_id=hood.plein)
    public_id = ask(hood)
    ask_back(hood, "fatma", public_id)
    bram = as_(hood, "bram")
    assert "Eerst een vraag" in said_on(text_of(bram.get(url_of(public_id))))
    assert send(bram, url_of(public_id, "/antwoord"), answer="Vijftien.").status_code == 303
    with hood.app.app_context():
        assert seen(hood, public_id).is_asked is False
    # Who wants the room sees who answered for them, and so does who decides and knows names.
    assert "Antwoord van Bram: Vijftien." in said_on(text_of(as_(hood, "iris").get(url_of(public_id))))
    assert "Antwoord van Bram: Vijftien." in said_on(text_of(as_(hood, "fatma").get(QUEUE)))
    own = ask(hood, "omar", "2026-11-29 14:00", "2026-11-29 16:00")
    ask_back(hood, "fatma", own)
    answer(hood, "omar", own, "Tien.")
    assert "Antwoord: Tien." in said_on(text_of(as_(hood, "omar").get(url_of(own))))


def test_who_cannot_say_yes_reads_about_which_request_why_and_the_way_out(
    fatma: FlaskClient, hood: Neighbourhood
) -> None:
    public_id = ask(hood)
    assert "niet open" not in card_of(text_of(fatma.get(QUEUE)), public_id)
    with hood.app.app_context():
        make.make_rules(room_id=hood.plein)
        make.make_opening_exception(room_id=hood.plein, day=date(2026, 11, 28))
    assert "De ruimte is dan niet open." in card_of(text_of(fatma.get(QUEUE)), public_id)
    refused = send(fatma, url_of(public_id, "/goedkeuren"), version="1")
    assert refused.status_code == 409
    assert (
        "Iris de Proef, za 28 nov, 14:00–17:00 uur. Iris doet nog niet mee met de huisregels. Lees ze samen"
        " en laat tekenen. De ruimte is dan niet open. Vraag om een andere tijd, of wijs de aanvraag af."
    ) in said_on(text_of(refused))
    path = f"/r/het-plein/huisregels/op-papier?voor={hood.public_id('iris')}"
    path += "&next=%2Fr%2Fhet-plein%2Faanvragen"
    assert f'href="{path.replace("&", "&amp;")}"' in text_of(refused)
    assert fatma.get(path).status_code == 200


def test_own_request_is_shown_without_buttons_while_another_can_decide(
    fatma: FlaskClient, hood: Neighbourhood
) -> None:
    public_id = ask(hood, "fatma")
    card = card_of(text_of(fatma.get(QUEUE)), public_id)
    assert "Dit is je eigen aanvraag." in card
    assert "Een ander van de beheergroep beslist erover." in card
    assert "<form" not in card
    answered = send(fatma, url_of(public_id, "/goedkeuren"), version="1")
    assert answered.status_code == 409
    assert "Dit is je eigen aanvraag." in said_on(text_of(answered))
    assert fatma.get(url_of(public_id, "/afwijzen")).status_code == 303
    assert seen(hood, public_id).status is Status.REQUESTED
    kims = card_of(text_of(as_(hood, "kim").get(QUEUE)), public_id)
    assert "Goedkeuren" in kims


def test_who_decides_alone_about_an_own_request_is_not_told_that_they_hear_of_it(
    fatma: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text("delete from role where person_id = :kim"), kim=hood.people["kim"])
    yes, no = ask(hood, "fatma"), ask(hood, "fatma", "2026-11-29 14:00", "2026-11-29 16:00")
    assert send(fatma, url_of(yes, "/goedkeuren"), version="1").status_code == 303
    assert said_on(text_of(fatma.get(QUEUE))).startswith("Goedgekeurd. – Aanvragen")
    assert send(fatma, url_of(no, "/afwijzen"), reason="rules").status_code == 303
    assert said_on(text_of(fatma.get(QUEUE))).startswith("Afgewezen. – Aanvragen")


def test_ag_05_organisation_names_who_is_responsible(hood: Neighbourhood) -> None:
    sanne, riet = as_(hood, "sanne"), as_(hood, "riet")
    form = text_of(riet.get("/r/de-linde/reserveren"))
    assert 'name="responsible"' in form
    assert 'name="responsible"' not in text_of(as_(hood, "noor").get("/r/de-linde/reserveren"))
    empty = riet.post("/r/de-linde/reserveren", data=booking_form(riet, responsible=""))
    assert empty.status_code == 422
    assert errors(text_of(empty)) == {"responsible": "Vul in wie er die dag verantwoordelijk is."}
    # A client that knows the contract only leaves the field out, and is asked afterwards.
    sent = riet.post("/r/de-linde/reserveren", data=booking_form(riet))
    public_id = sent.headers["Location"].rsplit("/", 1)[1]
    queue = "/r/de-linde/aanvragen"
    assert "Er is nog niemand verantwoordelijk." in card_of(text_of(sanne.get(queue)), public_id)
    assert "/goedkeuren" not in card_of(text_of(sanne.get(queue)), public_id)
    asking = text_of(sanne.get(url_of(public_id, "/vraag")))
    assert inputs(asking)["question"].startswith("Wie is er die dag verantwoordelijk?")
    refused = send(sanne, url_of(public_id, "/goedkeuren"), version="1")
    assert refused.status_code == 409
    assert "Er is nog niemand verantwoordelijk. Vraag wie dat is." in said_on(text_of(refused))
    page = text_of(riet.get(url_of(public_id, "/wijzigen")))
    fields = {**booking_form(riet), **inputs(page), "responsible": "Els van de zorg"}
    assert "Verander mijn aanvraag" in page
    assert riet.post(url_of(public_id, "/wijzigen"), data=fields).status_code == 303
    assert "Je aanvraag is veranderd." in text_of(riet.get(url_of(public_id)))
    card = card_of(text_of(sanne.get(queue)), public_id)
    assert "Els van de zorg is verantwoordelijk" in said_on(card)
    assert send(sanne, url_of(public_id, "/goedkeuren"), version="2").status_code == 303
    assert seen(hood, public_id).status is Status.CONFIRMED


def test_who_decides_gets_there_and_nobody_else(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_role(person_id=hood.people["sanne"], function=Function.STAFF, room_id=hood.plein)
        make.make_role(person_id=hood.people["ali"], function=Function.HOST, room_id=hood.plein)
    public_id = ask(hood)
    for name, status in (
        ("fatma", 200),
        ("kim", 200),
        ("sanne", 200),
        ("mo", 200),
        ("ali", 403),
        ("noor", 403),
    ):
        client = as_(hood, name)
        assert client.get(QUEUE).status_code == status, name
        found = client.get(url_of(public_id, "/afwijzen")).status_code
        assert found == {200: 200, 403: 403 if name == "ali" else 404}[status], name
    # The asker sees the booking, and may not decide.
    iris = as_(hood, "iris")
    assert send(iris, url_of(public_id, "/goedkeuren"), version="1").status_code == 403
    assert send(as_(hood, "omar"), url_of(public_id, "/antwoord"), answer="Ja.").status_code == 404
    assert iris.get("/r/bestaat-niet/aanvragen").status_code == 404


def test_administrator_decides_without_names(hood: Neighbourhood) -> None:
    public_id = ask(hood, purpose="Verjaardag")
    other = ask(hood, "omar", "2026-11-29 14:00", "2026-11-29 16:00")
    decline(hood, "fatma", other)
    mo = as_(hood, "mo")
    with hood.app.app_context():
        make.make_role(person_id=hood.people["bram"], function=Function.HOST, room_id=hood.plein)
    ask_back(hood, "kim", public_id)
    answer(hood, "bram", public_id)
    approved = ask(hood, "omar", "2026-11-30 14:00", "2026-11-30 16:00")
    approve(hood, "fatma", approved)
    page = text_of(mo.get(QUEUE))
    for name in ("Iris", "Omar", "Kim", "Bram", "Fatma"):
        assert name not in page, name
    assert "Gevraagd: Hoeveel mensen?" in said_on(page)
    assert "Antwoord: Vijftien." in said_on(page)
    late = send(mo, url_of(other, "/goedkeuren"), version="1")
    assert late.status_code == 409
    assert "Fatma" not in text_of(late)
    assert "Fatma" not in text_of(mo.get(url_of(other, "/afwijzen"), follow_redirects=True))
    assert "Een bewoner" in card_of(page, public_id)
    assert f'href="{url_of(other)}"' not in page
    assert "Open de reservering" not in page
    assert "Open de reservering" in text_of(as_(hood, "fatma").get(QUEUE))
    form = text_of(mo.get(url_of(public_id, "/afwijzen")))
    assert "Iris" not in form
    assert "We sturen de reden mee, en andere tijden als die er zijn." in form
    assert send(mo, url_of(public_id, "/goedkeuren"), version="2").status_code == 303
    assert "Goedgekeurd. De aanvrager krijgt bericht." in said_on(text_of(mo.get(QUEUE)))


def test_own_page_and_management_say_how_many_wait(fatma: FlaskClient, hood: Neighbourhood) -> None:
    assert "Aanvragen voor Het Plein" not in text_of(fatma.get("/mijn"))
    assert "Er wacht niets" in said_on(text_of(fatma.get("/r/het-plein/beheer")))
    ask(hood)
    ask(hood, "omar", "2026-11-29 14:00", "2026-11-29 16:00")
    assert "Aanvragen voor Het Plein 2 wachten op antwoord" in said_on(text_of(fatma.get("/mijn")))
    assert "Aanvragen 2 wachten op antwoord" in said_on(text_of(fatma.get("/r/het-plein/beheer")))
    assert "Aanvragen" not in said_on(text_of(as_(hood, "iris").get("/mijn")))


def test_booking_leads_who_decides_to_the_queue(fatma: FlaskClient, hood: Neighbourhood) -> None:
    public_id = ask(hood)
    link = f"{QUEUE}#aanvraag-{public_id}"
    assert link in text_of(fatma.get(url_of(public_id)))
    assert link not in text_of(as_(hood, "iris").get(url_of(public_id)))


def test_pages_ask_the_same_few_statements_for_1_and_30_requests(
    fatma: FlaskClient, hood: Neighbourhood
) -> None:
    first = ask(hood)
    ask_back(hood, "kim", first)
    gone = ask(hood, "omar", "2026-11-29 14:00", "2026-11-29 15:00")
    decline(hood, "kim", gone)
    pages = (QUEUE, "/mijn", "/r/het-plein/beheer", url_of(first), url_of(first, "/afwijzen"), url_of(gone))

    def counted() -> list[int]:
        counts = []
        for page in pages:
            with statements(hood.app) as asked:
                assert fatma.get(page).status_code == 200
            counts.append(len(asked))
        return counts

    counted()  # the first time the room is read, too
    few = counted()
    assert few == [6, 7, 3, 4, 3, 5]
    for day in range(1, 31):
        public_id = ask(hood, "iris", f"2026-12-{day:02d} 10:00", f"2026-12-{day:02d} 11:00")
        if day % 2:
            ask_back(hood, "kim", public_id)
    assert text_of(fatma.get(QUEUE)).count("<article") == 31
    assert counted() == few


def test_who_decides_reads_about_who_asks_and_not_about_themselves(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    public_id = ask(hood)
    sign_in(client, "kim")
    where = f"/reserveringen/{public_id}"
    assert "Iris krijgt antwoord voor vr 27 nov 14:05" in visible(client.get(where).get_data(as_text=True))
    ask_back(hood, "kim", public_id)
    assert "Iris moet nog antwoord geven. We houden de tijd vast tot " in visible(
        client.get(where).get_data(as_text=True)
    )
