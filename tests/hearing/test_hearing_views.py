"""The pages on which people say how they hear from us, and the link with which they stop something."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.telling import remind
from ontmoet.db import execute, unit_of_work
from ontmoet.hearing.actions import note_refused
from ontmoet.hearing.links import read_unsubscribe, unsubscribe_link
from ontmoet.hearing.queries import reader_of
from ontmoet.hearing.readers import READERS
from ontmoet.hearing.rules import QuietHours
from ontmoet.kernel import clock
from ontmoet.outbox.letters import mail_of
from ontmoet.outbox.rules import Route, Way
from ontmoet.outbox.waiting import Waiting
from ontmoet.people.rules import Channel
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.fixtures import TUESDAY
from tests.watching import rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

PATH = "/mijn/berichten"
EVENING = make.at("2026-11-24 21:30")
CHOSEN = {"channel": "mail", "language": "nl", "is_quiet": "y", "quiet_from": "21:00", "quiet_until": "08:00"}


def save(client: FlaskClient, **fields: str) -> TestResponse:
    token = token_in(client.get(PATH).get_data(as_text=True))
    return client.post(PATH, data={"csrf_token": token, **fields})


def reader(hood: Neighbourhood, name: str = "noor") -> object:
    with hood.app.app_context():
        return reader_of(hood.people[name])


def do(hood: Neighbourhood, statement: str, **values: object) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text(statement), **values)


def route(hood: Neighbourhood, name: str, *, kind: str = "booking_confirmed", **facts: object) -> Route:
    """How a message to this person would go now."""
    message = Waiting(1, kind, hood.people[name], 1, TUESDAY, TUESDAY, 0, **{"room_id": hood.linde, **facts})
    with hood.app.app_context():
        return READERS.route(message, now=clock.now())


def test_choices_are_kept_and_shown_again(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "noor")
    fields = {**CHOSEN, "channel": "call", "quiet_from": "13:00", "quiet_until": "15:00"}
    assert save(client, **fields, booking_reminder="y").location == PATH
    found = reader(hood)
    assert (found.channel, found.quiet, found.wants) == (
        Channel.CALL,
        QuietHours(13 * 60, 15 * 60),
        {"booking_reminder"},
    )
    page = client.get(PATH).get_data(as_text=True)
    assert "<option selected>13:00</option>" in page
    assert 'value="call" checked' in page
    save(client, channel="print", language="nl", quiet_from="21:00", quiet_until="08:00")
    assert (reader(hood).quiet, reader(hood).wants) == (QuietHours(0, 0), set())


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "duif"},
        {"channel": ""},
        {"language": "tlh"},
        {"language": ""},
        {"quiet_from": "21:30"},
        {"quiet_until": "24:00"},
        {"quiet_from": "٣"},
    ],
)
def test_what_is_not_among_the_choices_is_a_422(
    client: FlaskClient, hood: Neighbourhood, wrong: dict[str, str]
) -> None:
    sign_in(client, "noor")
    assert save(client, **{**CHOSEN, **wrong}).status_code == 422
    assert rows(hood.app, "select count(*) from hearing")[0][0] == 0


def test_who_has_no_address_cannot_choose_mail(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "noor")
    do(hood, "update person set email = null where id = :id", id=hood.people["noor"])
    assert 'value="mail"' not in client.get(PATH).get_data(as_text=True)
    assert save(client, **CHOSEN).status_code == 422


def test_page_costs_few_statements(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "noor")
    for path, most in ((PATH, 4), ("/mijn", 8)):
        client.get(path)
        with statements(hood.app) as seen:
            client.get(path)
        assert len(seen) <= most, seen


def test_way_follows_the_person_as_they_are_now(hood: Neighbourhood) -> None:
    assert route(hood, "noor") == Route(Way.MAIL)
    do(hood, "update person set channel = 'call' where id = :id", id=hood.people["noor"])
    assert route(hood, "noor") == Route(Way.BY_HAND)
    # What she asks for herself comes by mail all the same.
    assert route(hood, "noor", kind="sign_in_link", room_id=None) == Route(Way.MAIL)
    do(hood, "update person set email = null where id = :id", id=hood.people["noor"])
    assert route(hood, "noor", kind="sign_in_link", room_id=None) == Route(Way.NOT_AT_ALL)
    do(hood, "update person set erased_at = :at where id = :id", at=1, id=hood.people["noor"])
    assert route(hood, "noor") == Route(Way.NOT_AT_ALL)


def test_quiet_hours_hold_what_can_wait(hood: Neighbourhood, moment: Move) -> None:
    moment(EVENING - TUESDAY)
    morning = make.at("2026-11-25 08:00")
    assert route(hood, "noor", useful_until=make.at("2026-11-27 14:00")).after == morning
    assert route(hood, "noor", useful_until=make.at("2026-11-24 23:00")).after is None
    assert (
        route(hood, "noor", kind="sign_in_link", useful_until=EVENING + timedelta(minutes=10)).after is None
    )


def test_refused_address_is_shown_and_called_until_it_is_tried_again_or_changed(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    noor = hood.people["noor"]
    with hood.app.app_context(), unit_of_work():
        note_refused(noor, "een-ander@proef.example", now=TUESDAY)
    assert route(hood, "noor").way is Way.MAIL
    with hood.app.app_context(), unit_of_work():
        note_refused(noor, "noor@proef.example", now=TUESDAY)
    assert route(hood, "noor").way is Way.BY_HAND
    sign_in(client, "noor")
    for path in ("/mijn", PATH):
        assert "Mail aan jou komt niet aan." in client.get(path).get_data(as_text=True)
    save(client, **CHOSEN)
    assert route(hood, "noor").way is Way.MAIL
    with hood.app.app_context(), unit_of_work():
        note_refused(noor, "noor@proef.example", now=TUESDAY)
    do(hood, "update person set email = 'nieuw@proef.example' where id = :id", id=noor)
    assert route(hood, "noor").way is Way.MAIL


def test_what_nobody_asked_for_does_not_come(client: FlaskClient, hood: Neighbourhood) -> None:
    assert route(hood, "noor", kind="booking_reminder").way is Way.NOT_AT_ALL
    sign_in(client, "noor")
    save(client, **CHOSEN, booking_reminder="y")
    assert route(hood, "noor", kind="booking_reminder").way is Way.MAIL


def test_reminder_comes_once_a_day_before_to_who_asked(
    client: FlaskClient, hood: Neighbourhood, moment: Move
) -> None:
    hood.book("ali", "2026-11-27 10:00", "2026-11-27 12:00")
    hood.book("noor", "2026-11-27 14:00", "2026-11-27 16:00")
    sign_in(client, "noor")
    save(client, **CHOSEN, booking_reminder="y")

    def reminded() -> int:
        with hood.app.app_context(), unit_of_work():
            remind(clock.now())
        return int(rows(hood.app, "select count(*) from message where kind = 'booking_reminder'")[0][0])

    assert reminded() == 0
    moment(timedelta(days=2))
    assert [reminded(), reminded()] == [1, 1]


def test_reminder_ends_by_one_button_without_signing_in(
    client: FlaskClient, hood: Neighbourhood, moment: Move
) -> None:
    hood.book("noor", "2026-11-27 14:00", "2026-11-27 16:00")
    sign_in(client, "noor")
    save(client, **CHOSEN, booking_reminder="y")
    moment(timedelta(days=2))
    with hood.app.app_context():
        with unit_of_work():
            remind(clock.now())
        (row,) = rows(
            hood.app,
            "select id, kind, person_id, object_id, made_at, due_at, attempts from message"
            " where kind = 'booking_reminder'",
        )
        letter = hood.app.extensions["ontmoet_letters"][row.kind](Waiting(*row), now=clock.now())
        mail = message_from_bytes(
            mail_of(letter, number=1, from_address="ontmoet@proef.example", now=clock.now())
        )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip("<>")
    assert link in letter.body
    path = link.removeprefix("http://127.0.0.1:8000")
    stranger = hood.app.test_client()
    for _ in range(2):
        assert "Ik wil dit niet meer" in stranger.get(path).get_data(as_text=True)
    assert reader(hood).wants
    # As the program of somebody's mail does it: no cookie, no token of a form.
    answer = stranger.post(path, data={"List-Unsubscribe": "One-Click"})
    assert "Gelukt. Je krijgt dit niet meer." in visible(answer.get_data(as_text=True))
    assert not reader(hood).wants
    assert stranger.post(path).status_code == 200


def test_link_of_another_kind_or_another_key_ends_nothing(client: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        necessary = unsubscribe_link("0123456789", "booking_cancelled")
        assert read_unsubscribe("niets") is None
    assert client.get(necessary).status_code == 404
    for token in ("", "x", "x.y", "é", "a" * 3000):
        assert client.post("/afmelden", query_string={"t": token}).status_code == 404
