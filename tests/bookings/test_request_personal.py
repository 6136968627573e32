"""What was said about requests goes with the names, and who leaves takes it along first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings.personal import PERSONAL
from ontmoet.bookings.request_personal import TALK
from ontmoet.bookings.retention import take_names
from ontmoet.bookings.states import CancelReason
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from tests.bookings.request_deeds import answer, approve, ask, ask_back, decline, let_ask
from tests.watching import rows

if TYPE_CHECKING:
    from ontmoet.kernel.personal import Facts
    from tests.cast import Neighbourhood

TALKED = "select question, asked_by_id, answer, answered_by_id from request_question"


@pytest.fixture
def talked(hood: Neighbourhood) -> Neighbourhood:
    """Fatma asked Iris something, who answered; then she said yes, and no to Omar."""
    let_ask(hood)
    public_id = ask(hood)
    ask_back(hood, "fatma", public_id)
    answer(hood, "iris", public_id)
    approve(hood, "fatma", public_id)
    other = ask(hood, "omar", "2026-11-29 14:00", "2026-11-29 16:00")
    decline(hood, "fatma", other, CancelReason.OTHER, "Omar weet waarom.")
    return hood


def told(hood: Neighbourhood, name: str) -> list[Facts]:
    with hood.app.app_context():
        return TALK.export(hood.people[name])


def forget(hood: Neighbourhood, name: str) -> None:
    with hood.app.app_context(), unit_of_work():
        TALK.forget(hood.people[name], clock.now())


def test_each_takes_along_what_they_said_and_decided(talked: Neighbourhood) -> None:
    [said] = told(talked, "iris")
    assert (said["Vraag"], said["Antwoord"]) == ("Hoeveel mensen?", "Vijftien.")
    asked, *decided = told(talked, "fatma")
    assert (asked["Vraag"], asked["Antwoord"]) == ("Hoeveel mensen?", "van een ander")
    assert [row["Beslist"] for row in decided] == ["ja", "nee"]
    assert told(talked, "omar") == []


def test_who_asked_for_the_room_and_leaves_takes_the_talk_away(talked: Neighbourhood) -> None:
    forget(talked, "iris")
    assert rows(talked.app, TALKED) == []


def test_who_decided_and_leaves_is_nobody_and_the_decision_stays(talked: Neighbourhood) -> None:
    forget(talked, "fatma")
    [said] = rows(talked.app, TALKED)
    assert said == ("Hoeveel mensen?", None, "Vijftien.", talked.people["iris"])
    found = rows(talked.app, "select decided_by_id, status from booking order by id")
    assert [tuple(row) for row in found] == [(None, "confirmed"), (None, "declined")]


def test_names_answers_and_explanations_go_together_when_their_term_is_over(talked: Neighbourhood) -> None:
    with talked.app.app_context(), unit_of_work():
        assert take_names(clock.now() + timedelta(days=90)) == 2
    assert rows(talked.app, TALKED) == []
    found = rows(
        talked.app, "select decided_by_id, explanation, responsible, reason from booking order by id"
    )
    assert [tuple(row) for row in found] == [(None, None, None, None), (None, None, None, "other")]


def test_who_booked_and_leaves_takes_along_who_decided(talked: Neighbourhood) -> None:
    with talked.app.app_context(), unit_of_work():
        for held in PERSONAL:
            held.forget(talked.people["omar"], clock.now())
    decided = rows(talked.app, "select decided_by_id from booking where person_id is null")
    assert [row.decided_by_id for row in decided] == [None]
