"""A forgotten password, a booking that is off for somebody without e-mail, and a night's rest."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.states import CancelReason
from ontmoet.config import Config
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from tests import builders as make
from tests.bookings.deeds import cancel
from tests.cast import sign_in, token_in
from tests.fixtures import TUESDAY
from tests.outbox.mailbox import mail_server, words
from tests.watching import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood
    from tests.outbox.mailbox import Mailbox

    Move = Callable[[timedelta], None]


@pytest.fixture
def mailbox(hood: Neighbourhood) -> Iterator[Mailbox]:
    """The mail server of the corporation."""
    with mail_server() as found:
        config: Config = hood.app.extensions["ontmoet_config"]
        hood.app.extensions["ontmoet_config"] = Config(**{**vars(config), "smtp_url": found.url})
        yield found


def read(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def fill_in(client: FlaskClient, path: str, **fields: str) -> str:
    """Send the form of a page; where one lands."""
    answer = client.post(path, data={"csrf_token": token_in(read(client, path)), **fields})
    assert answer.status_code == 303, visible(answer.get_data(as_text=True))
    assert answer.location is not None
    return answer.location


def test_noor_forgets_her_password(client: FlaskClient, hood: Neighbourhood, mailbox: Mailbox) -> None:
    assert 'href="/inloggen/vergeten"' in read(client, "/inloggen")
    assert fill_in(client, "/inloggen/vergeten", email="Noor@proef.example") == "/inloggen/code"
    hood.work()
    (received,) = mailbox.received
    assert received.to == ["noor@proef.example"]
    link = re.search(r"http://127\.0\.0\.1:8000(/inloggen/link\S+)", words(received.mail))
    assert link is not None
    assert "Welkom terug" in read(client, link[1])
    assert fill_in(client, link[1]) == "/mijn/wachtwoord"
    assert fill_in(client, "/mijn/wachtwoord", password="paarse fiets tafel", end_others="y") == "/mijn"
    assert "Je hebt een nieuw wachtwoord." in read(client, "/mijn")
    hood.work()
    assert "Je wachtwoord is veranderd" in mailbox.received[-1].mail["Subject"]
    hood.work()
    assert len(mailbox.received) == 2


def test_henk_without_email_is_called_by_bram(
    client: FlaskClient, hood: Neighbourhood, mailbox: Mailbox
) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(
            text(
                "update person set name = 'Henk Mulder', email = null, channel = 'call',"
                " phone = '06 1234 5678' where id = :id"
            ),
            id=hood.people["ali"],
        )
    booked = hood.book("ali", "2026-11-24 19:00", "2026-11-24 21:00")
    cancel(hood, "sanne", booked, CancelReason.DEFECT)
    hood.work()
    assert mailbox.received == []

    sign_in(client, "bram")
    assert 'href="/r/de-linde/bellijst"' in read(client, "/r/de-linde/beheer")
    page = read(client, "/r/de-linde/bellijst")
    said = " ".join(visible(page).split())
    assert "Henk Mulder" in said
    assert "Jouw reservering van De Linde op dinsdag 24 november" in said
    assert "Er is iets kapot." in said
    assert 'href="tel:0612345678"' in page
    number = re.search(r'data-message="(\d+)"', page)
    assert number is not None
    where = fill_in(client, "/r/de-linde/bellijst", message=number[1], deed="told")
    assert "Niemand om te bellen" in read(client, where)
    assert "Verteld door Bram de Proef" in visible(read(client, where))


def test_night_is_quiet_but_for_what_cannot_wait(
    client: FlaskClient, hood: Neighbourhood, mailbox: Mailbox, moment: Move
) -> None:
    tonight = hood.book("noor", "2026-11-24 21:30", "2026-11-24 22:00")
    later = hood.book("noor", "2026-11-27 14:00", "2026-11-27 16:00")
    hood.work()
    assert len(mailbox.received) == 2
    moment(make.at("2026-11-24 21:05") - TUESDAY)
    cancel(hood, "sanne", tonight, CancelReason.DEFECT)
    cancel(hood, "sanne", later, CancelReason.NO_HOST)
    hood.work()
    assert [r.mail["Subject"] for r in mailbox.received[2:]] == ["Gaat niet door: De Linde op di 24 nov"]
    for _hour in range(10):
        moment(timedelta(hours=1))
        hood.work()
    assert clock.now() == make.at("2026-11-25 07:05")
    assert len(mailbox.received) == 3
    moment(timedelta(minutes=55))
    hood.work()
    assert [r.mail["Subject"] for r in mailbox.received[3:]] == ["Gaat niet door: De Linde op vr 27 nov"]
