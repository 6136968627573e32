"""A request that somebody calls off was no booking yet: what its person is told, and reads."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings.messages import LETTERS, TITLES, TOLD
from ontmoet.bookings.states import CancelReason, News, Status
from ontmoet.kernel import clock
from ontmoet.outbox.waiting import Waiting
from ontmoet.people.rules import Language
from ontmoet.portal.checking import faults
from ontmoet.web.i18n import speaking
from tests import builders as make
from tests.bookings.deeds import audited, cancel, seen
from tests.cast import sign_in, token_in
from tests.watching import rows, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ontmoet.outbox.letters import Letter
    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

SATURDAY = ("2026-11-28 14:00", "2026-11-28 16:00")


@pytest.fixture
def request_of_noor(hood: Neighbourhood) -> str:
    """Noor asks for De Linde, which answers first; the public id."""
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    return hood.book("noor", *SATURDAY)


def last_told(hood: Neighbourhood, language: Language = Language.DUTCH) -> tuple[str, Letter, str]:
    """Of what is told last: kind, letter, and what is said by telephone."""
    row = rows(
        hood.app, "select id, kind, person_id, object_id, made_at, due_at, attempts from message order by id"
    )[-1]
    message = Waiting(*row)
    with hood.app.app_context(), speaking(language):
        letter = LETTERS[row.kind](message, now=clock.now())
        [says] = TOLD[row.kind]([message], clock.now()).values()
        assert letter is not None
        return row.kind, letter, says().replace("\u00a0", " ")


def page_of(client: FlaskClient, path: str) -> str:
    return " ".join(visible(client.get(path).get_data(as_text=True)).replace("\u00a0", " ").split())


def press(client: FlaskClient, public_id: str, reason: str = "") -> str:
    """Call it off on its page; what stands there then."""
    path = f"/reserveringen/{public_id}"
    token = token_in(client.get(path).get_data(as_text=True))
    answer = client.post(f"{path}/afzeggen", data={"csrf_token": token, "reason": reason})
    assert answer.status_code == 303
    return page_of(client, path)


def test_who_asked_hears_why_the_house_says_no_and_what_can_be_had(
    hood: Neighbourhood, client: FlaskClient, request_of_noor: str
) -> None:
    sign_in(client, "sanne")
    assert "De aanvraag gaat niet door. De tijd is weer vrij" in press(client, request_of_noor, "defect")
    found = seen(hood, request_of_noor)
    assert (found.status, found.reason) == (Status.DECLINED, CancelReason.DEFECT)
    assert found.decided_by_id == hood.people["sanne"]
    assert audited(hood)[-1] == "request_declined"
    kind, letter, said = last_told(hood)
    assert (kind, letter.subject) == (News.DECLINED, "Gaat niet door: De Linde op za 28 nov")
    assert "Jouw aanvraag voor De Linde gaat niet door.\nEr is iets kapot.\n" in letter.body
    assert "Deze tijden kunnen wel:\n- " in letter.body
    assert said.startswith(
        "Jouw aanvraag voor De Linde op zaterdag 28 november, 14:00–16:00 uur, gaat niet door."
        " Er is iets kapot."
    )
    assert "eservering" not in letter.body.replace("/reserveringen/", "") + said
    noor = hood.app.test_client()
    sign_in(noor, "noor")
    page = page_of(noor, f"/reserveringen/{request_of_noor}")
    assert "Aanvraag gaat niet door. Er is iets kapot." in page
    with hood.app.app_context():
        assert faults() == []
    # Whoever taps twice does it once.
    before = audited(hood)
    cancel(hood, "sanne", request_of_noor, CancelReason.DEFECT)
    assert audited(hood) == before


def test_words_about_a_no_fit_a_day_to_come_and_one_that_is_over(
    hood: Neighbourhood, client: FlaskClient, request_of_noor: str, moment: Move
) -> None:
    cancel(hood, "sanne", request_of_noor, CancelReason.DEFECT)
    said = []
    for wait in (timedelta(0), timedelta(days=5)):
        moment(wait)
        sign_in(client, "noor")
        mine, own = page_of(client, "/mijn"), page_of(client, f"/reserveringen/{request_of_noor}")
        assert "Voorbij, of gaat niet door" in mine
        said.append(["aanvraag gaat niet door" in mine, "Aanvraag gaat niet door." in own])
        said.append(["aanvraag niet doorgegaan" in mine, "Aanvraag niet doorgegaan." in own])
    assert said == [[True, True], [False, False], [False, False], [True, True]]


def test_who_let_it_be_taken_back_reads_that_it_was_a_request(
    hood: Neighbourhood, client: FlaskClient, request_of_noor: str
) -> None:
    sign_in(client, "bram")
    assert "De aanvraag gaat niet door." in press(client, request_of_noor, "plans_changed")
    assert seen(hood, request_of_noor).status is Status.CANCELLED
    assert audited(hood)[-1] == "request_taken_back"
    kind, letter, said = last_told(hood)
    assert (kind, TITLES[News.TAKEN_BACK]) == (News.TAKEN_BACK, "aanvraag ingetrokken")
    assert letter.subject == "Gaat niet door: De Linde op za 28 nov"
    assert "Jouw aanvraag voor De Linde gaat niet door.\nDe plannen zijn veranderd.\n" in letter.body
    assert "Bram deed dit voor je." in letter.body
    assert said == (
        "Jouw aanvraag voor De Linde op zaterdag 28 november, 14:00–16:00 uur, gaat niet door."
        " De plannen zijn veranderd."
    )
    assert "eservering" not in letter.body + said
    _, in_english, said = last_told(hood, Language.ENGLISH)
    assert "Your request for De Linde cannot go ahead." in in_english.body
    assert said.startswith("Your request for De Linde on Saturday 28 November")


def test_who_takes_back_their_own_request_reads_that_and_gets_no_mail(
    hood: Neighbourhood, client: FlaskClient, request_of_noor: str
) -> None:
    before = rows(hood.app, "select id from message")
    sign_in(client, "noor")
    page = press(client, request_of_noor)
    assert "De aanvraag gaat niet door. De tijd is weer vrij voor anderen." in page
    assert "Stand Aanvraag ingetrokken" in page
    assert "fgezegd" not in page
    assert "aanvraag ingetrokken" in page_of(client, "/mijn")
    assert rows(hood.app, "select id from message") == before
    assert audited(hood)[-1] == "request_taken_back"
