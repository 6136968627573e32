"""What people are told about functions and about bookings that go on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.lifecycle import actions as lifecycle
from ontmoet.lifecycle.rules import Choice
from ontmoet.outbox.waiting import Waiting
from tests.fixtures import TUESDAY
from tests.lifecycle.test_actions import by
from tests.membership.test_actions import end, give
from tests.watching import rows

if TYPE_CHECKING:
    from ontmoet.outbox.letters import Letter
    from tests.cast import Neighbourhood


def letters(hood: Neighbourhood, kind: str) -> list[Letter | None]:
    """The messages of a kind in words, as they would leave now."""
    found = rows(hood.app, "select id, kind, person_id, object_id from message where kind = :kind", kind=kind)
    compose = hood.app.extensions["ontmoet_letters"][kind]
    with hood.app.test_request_context():
        return [compose(Waiting(*row, clock.now(), clock.now(), 0), now=clock.now()) for row in found]


def test_who_gets_a_function_is_told_until_when(hood: Neighbourhood) -> None:
    give(hood, "noor", until=date(2027, 6, 1))
    (letter,) = letters(hood, "function_given")
    assert letter is not None
    assert letter.to == "noor@proef.example"
    assert letter.subject == "Jouw functie in Het Plein"
    assert "Je hebt een nieuwe functie in Het Plein: gastheer of gastvrouw." in letter.body
    assert "Van 24 november 2026 tot 1 juni 2027." in letter.body
    assert "http://127.0.0.1:8000/mijn" in letter.body


def test_who_stops_is_told_and_the_older_news_is_no_news(hood: Neighbourhood) -> None:
    give(hood, "noor")
    end(hood, "noor")
    assert letters(hood, "function_given") == [None]
    (letter,) = letters(hood, "function_ended")
    assert letter is not None
    assert "De eerste dag zonder deze functie is 24 november 2026." in letter.body


def test_booking_that_goes_on_is_told(hood: Neighbourhood) -> None:
    booked = hood.book("noor", "2026-12-01 10:00", "2026-12-01 11:00")
    with hood.app.app_context(), unit_of_work():
        lifecycle.decide_on_bookings(hood.people["noor"], {booked: Choice.KEEP}, TUESDAY.date(), by(hood))
    (letter,) = letters(hood, "booking_kept")
    assert letter is not None
    assert "Deze reservering blijft van jou." in letter.body
    assert f"/reserveringen/{booked}" in letter.body
