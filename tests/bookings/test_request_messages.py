"""What is told about requests, as long as it is true: to who asked, to who asked back, to who decides."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings import messages, request_messages
from ontmoet.bookings.ending import lapse_overdue
from ontmoet.bookings.states import CancelReason
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.outbox.waiting import Waiting
from tests.bookings.deeds import change, seen
from tests.bookings.request_deeds import answer, approve, ask, ask_back, decline, let_ask
from tests.bookings.test_messages import LONGEST_SENTENCE
from tests.watching import rows, statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from ontmoet.outbox.letters import Letter
    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

LETTERS = {**messages.LETTERS, **request_messages.LETTERS}
TOLD = {**messages.TOLD, **request_messages.TOLD}


@pytest.fixture
def hood(hood: Neighbourhood) -> Neighbourhood:
    let_ask(hood)
    return hood


def posted(hood: Neighbourhood, kind: str, name: str) -> Waiting:
    """The newest message of a kind to somebody."""
    found = rows(
        hood.app,
        "select id, kind, person_id, object_id, made_at, due_at, attempts from message"
        " where kind = :kind and person_id = :person_id order by id",
        kind=kind,
        person_id=hood.people[name],
    )
    return Waiting(*found[-1])


def letter(hood: Neighbourhood, kind: str, name: str) -> Letter | None:
    waiting = posted(hood, kind, name)
    with hood.app.app_context():
        return LETTERS[kind](waiting, now=clock.now())


def spoken(hood: Neighbourhood, kind: str, name: str) -> str:
    """What is said by telephone; empty when it is overtaken."""
    waiting = posted(hood, kind, name)
    with hood.app.app_context():
        return TOLD[kind]([waiting], clock.now()).get(waiting.number, str)()


def test_who_decides_hears_that_a_request_waits_and_not_of_whom(hood: Neighbourhood) -> None:
    public_id = ask(hood, purpose="Verjaardag")
    told = letter(hood, "request_waiting", "fatma")
    assert told is not None
    assert told.to == "fatma@proef.example"
    assert told.subject == "Een aanvraag wacht: Het Plein op za 28 nov"
    assert "Zaterdag 28 november, 14:00–17:00\u00a0uur\n" in told.body
    assert "Beslis voor vrijdag 27 november 14:05\u00a0uur." in told.body
    assert "\nhttp://127.0.0.1:8000/r/het-plein/aanvragen\n" in told.body
    assert "Iris" not in told.body + told.subject
    assert spoken(hood, "request_waiting", "fatma").startswith("Er wacht een aanvraag voor Het Plein op")
    approve(hood, "kim", public_id)
    assert letter(hood, "request_waiting", "fatma") is None
    assert spoken(hood, "request_waiting", "fatma") == ""


def test_question_and_answer_are_told_until_they_are_overtaken(hood: Neighbourhood) -> None:
    public_id = ask(hood)
    ask_back(hood, "fatma", public_id, "Hoeveel mensen\u202e komen er?")
    told = letter(hood, "request_question", "iris")
    assert told is not None
    assert told.subject == "Een vraag aan jou: Het Plein op za 28 nov"
    assert "\nHoeveel mensen komen er?\n" in told.body
    assert f"\nhttp://127.0.0.1:8000/reserveringen/{public_id}\n" in told.body
    assert "wil eerst iets weten: Hoeveel mensen" in spoken(hood, "request_question", "iris")
    answer(hood, "iris", public_id, "Vijftien.")
    assert letter(hood, "request_question", "iris") is None
    assert spoken(hood, "request_question", "iris") == ""
    back = letter(hood, "request_answered", "fatma")
    assert back is not None
    assert "Het antwoord: Vijftien.\n" in back.body
    assert "Het antwoord: Vijftien." in spoken(hood, "request_answered", "fatma")
    approve(hood, "kim", public_id)
    assert letter(hood, "request_answered", "fatma") is None


def test_request_that_somebody_else_moved_is_told_as_a_request(hood: Neighbourhood) -> None:
    public_id = ask(hood)
    change(hood, "fatma", seen(hood, public_id), "2026-11-28 15:00", "2026-11-28 17:00", zone="")
    told = letter(hood, "booking_changed", "iris")
    assert told is not None
    assert "Jouw aanvraag voor Het Plein is veranderd.\n" in told.body
    assert "Hier vind je jouw aanvraag:\n" in told.body
    assert "eservering van" not in told.body
    assert spoken(hood, "booking_changed", "iris") == (
        "Jouw aanvraag voor Het Plein is veranderd. Het is nu zaterdag 28 november, 15:00–17:00\u00a0uur."
        " Je hoort nog of het kan."
    )


def test_each_hears_of_their_own_question_when_there_are_two(hood: Neighbourhood) -> None:
    public_id = ask(hood)
    ask_back(hood, "fatma", public_id, "Hoeveel mensen?")
    first = posted(hood, "request_question", "iris")
    answer(hood, "iris", public_id, "Vijftien.")
    ask_back(hood, "kim", public_id, "En muziek?")
    with hood.app.app_context():
        assert LETTERS["request_question"](first, now=clock.now()) is None
        assert TOLD["request_question"]([first], clock.now()) == {}
    second = letter(hood, "request_question", "iris")
    assert second is not None
    assert "En muziek?" in second.body
    # The answer that Fatma waited for is still news, though Kim asked something else.
    assert "Het antwoord: Vijftien." in spoken(hood, "request_answered", "fatma")
    answer(hood, "iris", public_id, "Geen muziek.")
    for name, question, words in (
        ("fatma", "Hoeveel mensen?", "Vijftien."),
        ("kim", "En muziek?", "Geen muziek."),
    ):
        told = letter(hood, "request_answered", name)
        assert told is not None
        assert f"Jouw vraag: {question}\nHet antwoord: {words}\n" in told.body
        assert spoken(hood, "request_answered", name).endswith(f"Het antwoord: {words}")


def test_yes_is_told_as_a_booking_with_its_time_for_the_calendar(hood: Neighbourhood) -> None:
    public_id = ask(hood)
    approve(hood, "fatma", public_id)
    told = letter(hood, "booking_confirmed", "iris")
    assert told is not None
    assert told.subject == "Het Plein is van jou op za 28 nov"
    assert told.calendar is not None
    assert "Het Plein is van jou" in spoken(hood, "booking_confirmed", "iris")


def test_no_tells_why_and_three_other_times(hood: Neighbourhood) -> None:
    public_id = ask(hood)
    decline(hood, "fatma", public_id, CancelReason.RULES, "Een middag kan wel.")
    told = letter(hood, "booking_declined", "iris")
    assert told is not None
    assert told.subject == "Gaat niet door: Het Plein op za 28 nov"
    assert "\nHet past niet bij de regels. Een middag kan wel.\n" in told.body
    assert told.body.count("\n- ") == 3
    assert "- Zaterdag 28 november, 14:00–17:00" not in told.body
    assert f"\nhttp://127.0.0.1:8000/reserveringen/{public_id}\n" in told.body
    said = spoken(hood, "booking_declined", "iris")
    assert "gaat niet door. Het past niet bij de regels. Een middag kan wel." in said
    assert said.endswith(
        "Zullen we een andere tijd zoeken? Bij de aanvraag staan andere tijden, als die er zijn."
    )


def test_lapsed_request_is_told_with_other_times_and_how_to_ask_again(
    hood: Neighbourhood, moment: Move
) -> None:
    ask(hood, "iris", "2026-12-05 14:00", "2026-12-05 17:00")
    moment(timedelta(hours=72))
    with hood.app.app_context(), unit_of_work():
        assert lapse_overdue(hood.plein, now=clock.now()) == 1
    told = letter(hood, "booking_lapsed", "iris")
    assert told is not None
    assert "\nEr kwam niet op tijd antwoord.\n" in told.body
    assert "Je kunt hem opnieuw vragen:" in told.body
    assert told.body.count("\n- ") == 3


def test_request_that_lapsed_at_its_start_is_not_to_be_asked_again(hood: Neighbourhood, moment: Move) -> None:
    ask(hood, "iris", "2026-11-24 16:00", "2026-11-24 18:00")
    moment(timedelta(hours=2))
    with hood.app.app_context(), unit_of_work():
        assert lapse_overdue(hood.plein, now=clock.now()) == 1
    told = letter(hood, "booking_lapsed", "iris")
    assert told is not None
    assert "opnieuw vragen" not in told.body
    assert told.body.count("\n- ") == 3


def test_telling_by_hand_costs_two_statements_however_many_wait(hood: Neighbourhood) -> None:
    asked_about = ask(hood, "omar", "2026-11-29 10:00", "2026-11-29 11:00")
    ask_back(hood, "fatma", asked_about)
    waiting = [posted(hood, "request_question", "omar")]
    for hour in range(10, 14):
        ask(hood, "iris", f"2026-11-28 {hour}:00", f"2026-11-28 {hour + 1}:00")
        waiting.append(posted(hood, "request_waiting", "fatma"))
    with hood.app.app_context(), statements(hood.app) as asked:
        said = TOLD["request_waiting"](waiting, clock.now())
    assert (len(said), len(asked)) == (5, 2)


def test_letters_about_requests_are_easy_to_read(hood: Neighbourhood) -> None:
    public_id = ask(hood)
    ask_back(hood, "fatma", public_id)
    letters = [letter(hood, "request_waiting", "kim"), letter(hood, "request_question", "iris")]
    answer(hood, "iris", public_id)
    letters.append(letter(hood, "request_answered", "fatma"))
    for found in letters:
        assert found is not None
        for line in [found.subject, *found.body.splitlines()]:
            for sentence in re.split(r"(?<=[.?!])\s", line):
                assert len(sentence.split()) <= LONGEST_SENTENCE, sentence
        assert "\n\n\n" not in found.body
        assert not re.search(r"[ \t]\n", found.body)
