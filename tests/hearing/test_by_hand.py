"""Who has no e-mail hears all that others are mailed, but what an address is for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.states import CancelReason
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.lifecycle import actions as lifecycle
from ontmoet.lifecycle.rules import Choice
from ontmoet.recovery.slips import make_slip
from tests import builders as make
from tests.bookings.deeds import cancel
from tests.cast import sign_in
from tests.fixtures import TUESDAY
from tests.hearing.test_call_list import PATH, page_of
from tests.joining.deeds import a_letter, join
from tests.lifecycle.test_actions import by
from tests.membership.test_actions import end, give
from tests.watching import rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

NEEDS_AN_ADDRESS = {
    "sign_in_link": "whoever has no address has no password to forget: they sign in by PIN",
    "password_changed": "likewise",
    "pin_changed": "whoever changes it knows; the mail warns who has a mailbox and did not",
    "passkey_added": "likewise",
    "code_app_set": "who works for the corporation has an address",
    "account_linked": "likewise",
    "proof_removed": "whoever does it knows; the mail warns who did not",
    "address_code": "it shows that the address is theirs",
    "address_asked": "it goes to the address that may be replaced",
}
"""Kinds of message that nobody can tell by hand, and why."""


@pytest.fixture
def without_mail(hood: Neighbourhood) -> Neighbourhood:
    """Ali of De Linde has no e-mail but a phone."""
    with hood.app.app_context(), unit_of_work():
        execute(
            text("update person set email = null, channel = 'call', phone = '06 1234 5678' where id = :id"),
            id=hood.people["ali"],
        )
    return hood


def slip(hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        make_slip(
            hood.people["ali"], room_id=hood.linde, made_by_id=hood.people["bram"], key="k", now=clock.now()
        )


def keep(hood: Neighbourhood, booked: str) -> None:
    with hood.app.app_context(), unit_of_work():
        lifecycle.decide_on_bookings(hood.people["ali"], {booked: Choice.KEEP}, TUESDAY.date(), by(hood))


def said(client: FlaskClient) -> list[str]:
    """What is still to be told, in order."""
    to_tell = page_of(client).split('id="verteld"')[0]
    return [" ".join(visible(part).split()) for part in to_tell.split("data-message=")[1:]]


def test_every_kind_of_message_can_be_told_by_hand_or_is_for_an_address(app: Flask) -> None:
    kinds, told = app.extensions["ontmoet_letters"], app.extensions["ontmoet_told"]
    assert told.keys() | NEEDS_AN_ADDRESS.keys() == kinds.keys()
    assert told.keys() & NEEDS_AN_ADDRESS.keys() == set()


def test_all_that_happens_to_somebody_without_mail_is_on_the_list(
    client: FlaskClient, without_mail: Neighbourhood
) -> None:
    hood = without_mail
    give(hood, "ali", by="sanne", room_id=hood.linde, until=date(2027, 6, 1))
    keep(hood, hood.book("ali", "2026-12-01 10:00", "2026-12-01 11:00"))
    join(hood, a_letter(hood, "linde-16"))
    slip(hood)
    hood.work()
    sign_in(client, "bram")
    first, *others = said(client)
    assert "Er is een inlogbriefje voor je gemaakt, op dinsdag 24 november." in first
    assert "haast" in first
    sentences = (
        "De Linde is van jou op dinsdag 1 december, 10:00–11:00 uur.",
        "Je woont niet meer bij De Linde. Jouw reservering op dinsdag 1 december, 10:00–11:00 uur, blijft",
        "Je hebt een nieuwe functie in De Linde: gastheer of gastvrouw, van 24 november 2026 tot 1 juni",
        "Er is iemand bij gekomen op jouw adres, op dinsdag 24 november, met de code uit een brief",
    )
    assert [sentence in line for sentence, line in zip(sentences, others, strict=True)] == [True] * 4
    assert "Henk" not in " ".join(others)


def test_function_that_stops_is_told_and_the_older_news_no_more(
    client: FlaskClient, without_mail: Neighbourhood
) -> None:
    hood = without_mail
    give(hood, "ali", by="sanne", room_id=hood.linde)
    hood.work()
    end(hood, "ali", by="sanne", room_id=hood.linde, is_sure=True)
    hood.work()
    sign_in(client, "bram")
    (line,) = said(client)
    assert "Je functie in De Linde stopt: gastheer of gastvrouw." in line
    assert "De eerste dag zonder deze functie is 24 november 2026." in line


def test_booking_that_was_kept_and_called_off_after_all_is_told_once(
    client: FlaskClient, without_mail: Neighbourhood
) -> None:
    booked = without_mail.book("ali", "2026-12-01 10:00", "2026-12-01 11:00")
    keep(without_mail, booked)
    cancel(without_mail, "sanne", booked, CancelReason.DEFECT)
    without_mail.work()
    sign_in(client, "bram")
    (line,) = said(client)
    assert "gaat niet door. Er is iets kapot." in line


def test_housemate_who_joined_in_the_night_is_told_by_the_day_it_was(
    client: FlaskClient, without_mail: Neighbourhood, moment: Move
) -> None:
    moment(timedelta(hours=8))
    join(without_mail, a_letter(without_mail, "linde-16"))
    without_mail.work()
    sign_in(client, "bram")
    assert said(client) == []
    moment(timedelta(hours=10))
    without_mail.work()
    (line,) = said(client)
    assert "op dinsdag 24 november" in line


def test_what_is_no_news_any_more_is_not_told(
    client: FlaskClient, without_mail: Neighbourhood, moment: Move
) -> None:
    join(without_mail, a_letter(without_mail, "linde-16"))
    slip(without_mail)
    without_mail.work()
    moment(timedelta(days=30, seconds=1))
    sign_in(client, "bram")
    assert said(client) == []


def test_who_wants_a_call_hears_of_a_slip_by_hand_though_mail_could_come(hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        make.change_person(hood.people["ali"], channel="call")
    slip(hood)
    hood.work()
    assert [row.status for row in rows(hood.app, "select status from message")] == ["by_hand"]


def test_list_of_all_kinds_costs_few_statements(client: FlaskClient, without_mail: Neighbourhood) -> None:
    hood = without_mail
    give(hood, "ali", by="sanne", room_id=hood.linde)
    keep(hood, hood.book("ali", "2026-12-01 10:00", "2026-12-01 11:00"))
    join(hood, a_letter(hood, "linde-16"))
    slip(hood)
    cancel(hood, "sanne", hood.book("ali", "2026-12-02 10:00", "2026-12-02 11:00"), CancelReason.DEFECT)
    hood.work()
    sign_in(client, "bram")
    assert len(said(client)) == 6
    with statements(hood.app) as seen:
        client.get(PATH)
    assert len(seen) == 7, seen
