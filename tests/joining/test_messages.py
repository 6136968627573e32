"""What those at home are told when somebody joins."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from ontmoet.db import execute
from ontmoet.joining.messages import LETTERS
from ontmoet.kernel import clock
from ontmoet.outbox.models import Message
from ontmoet.outbox.waiting import Waiting
from tests import builders as make
from tests.joining.deeds import HOME, a_letter, join

if TYPE_CHECKING:
    from collections.abc import Callable

    from ontmoet.outbox.letters import Letter
    from tests.cast import Neighbourhood


def told(hood: Neighbourhood) -> list[Letter | None]:
    """Every message posted so far, as it would be sent now."""
    message = Message.__table__
    columns = (
        message.c[name] for name in ("id", "kind", "person_id", "object_id", "made_at", "due_at", "attempts")
    )
    with hood.app.test_request_context():
        posted = execute(select(*columns).order_by(message.c.id)).all()
        return [LETTERS[row.kind](Waiting(*row), now=clock.now()) for row in posted]


def test_housemate_is_told_when_and_what_to_do_without_the_name(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    join(hood, a_letter(hood), name="Bel 0900-1234 voor je prijs")
    (letter,) = told(hood)
    assert letter is not None
    assert (letter.to, letter.sender) == ("noor@proef.example", "Woonstichting De Proef")
    assert letter.subject == "Er is iemand bij gekomen op jouw adres"
    assert "op dinsdag 24 november" in letter.body
    assert "Bel ons dan: 0800 555 00 00." in letter.body
    assert "http://127.0.0.1:8000/mijn" in letter.body
    assert "0900" not in letter.body


def test_housemate_without_email_reads_it_on_the_own_page_only(hood: Neighbourhood) -> None:
    home_id = hood.actor("noor").dwellings[0].home_id
    with hood.app.app_context():
        make.make_residency(person_id=make.make_person(name="Ria"), home_id=home_id)
    join(hood, a_letter(hood))
    assert [letter and letter.to for letter in told(hood)] == ["noor@proef.example", None]


def test_old_news_is_not_sent(hood: Neighbourhood, moment: Callable[[timedelta], None]) -> None:
    join(hood, a_letter(hood, HOME))
    moment(timedelta(days=31))
    assert told(hood) == [None]
