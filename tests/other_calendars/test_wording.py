"""Each reason has words: of a file in a sentence, of an event behind what it is called."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ontmoet.kernel.objections import Objection
from ontmoet.other_calendars import wording
from ontmoet.other_calendars.rules import Fault, Reason, Stays

if TYPE_CHECKING:
    from flask import Flask

OF_A_FILE = frozenset(
    {
        Reason.TOO_LARGE,
        Reason.NOT_A_CALENDAR,
        Reason.EMPTY,
        Reason.TOO_MANY,
        Reason.TAKES_TOO_LONG,
        Reason.NOT_READABLE,
        Reason.CHANGED_MEANWHILE,
    }
)
OF_AN_EVENT = (set(Reason) - OF_A_FILE) | {Reason.NOT_READABLE, Reason.TAKES_TOO_LONG}
FOLDER = Path(wording.__file__).parent


@pytest.mark.parametrize("reason", sorted(OF_A_FILE))
def test_refused_file_is_told_in_a_sentence(app: Flask, reason: Reason) -> None:
    with app.test_request_context():
        assert re.fullmatch(r"[A-Z].*\.", wording.say(Objection(reason)))


@pytest.mark.parametrize("reason", sorted(OF_AN_EVENT))
def test_event_that_cannot_be_read_is_told_by_what_is_known_of_it(app: Flask, reason: Reason) -> None:
    with app.test_request_context():
        assert wording.fault_line(Fault(3, reason)).startswith("Afspraak 3 in het bestand: ")
        told = wording.fault_line(Fault(3, reason, "Koor", "26 november"))
        assert told.startswith("Koor, 26 november: ")
        assert told.endswith(".")


@pytest.mark.parametrize("stays", Stays)
def test_what_stays_is_told_why(app: Flask, stays: Stays) -> None:
    with app.test_request_context():
        assert re.fullmatch(r"[A-Z].*\.", wording.why_it_stays(stays))


def test_every_reason_is_given_somewhere() -> None:
    code = "".join(path.read_text() for path in FOLDER.glob("*.py") if path.name != "wording.py")
    assert [reason.name for reason in Reason if f"Reason.{reason.name}" not in code] == []
