"""Sending what is due: each message once, whatever breaks meanwhile."""

from __future__ import annotations

import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, event, text

from ontmoet.db import current_connection, db, execute, unit_of_work
from ontmoet.hearing.readers import READERS
from ontmoet.outbox import transport
from ontmoet.outbox.actions import post
from ontmoet.outbox.letters import Letter
from ontmoet.outbox.reporting import Report
from ontmoet.outbox.rules import Route, Way
from ontmoet.outbox.sending import CLAIMED_AT_ONCE, FIRST_PAUSE, send_due
from ontmoet.outbox.transport import SmtpTransport
from ontmoet.outbox.waiting import MOST_ATTEMPTS
from tests.cast import Neighbourhood
from tests.fixtures import TUESDAY
from tests.outbox.mailbox import Mailbox, free_port, mail_server
from tests.real.nest import hatch
from tests.watching import rows

if TYPE_CHECKING:
    from flask import Flask

    from ontmoet.outbox.waiting import Waiting
    from tests.real.nest import Hatched

FROM = "ontmoet@proef.example"
MUCH_LATER = timedelta(days=30)


def address(person_id: int) -> str:
    return f"bewoner-{person_id}@proef.example"


def hello(message: Waiting, *, now: datetime) -> Letter | None:
    return Letter(to=address(message.person_id), sender="Proef", subject="Hallo", body="Hallo.\n")


def nothing(message: Waiting, *, now: datetime) -> Letter | None:
    return None


def broken(message: Waiting, *, now: datetime) -> Letter | None:
    raise LookupError(address(message.person_id))


class Everybody:
    """Readers who all want mail, at any hour; and whose addresses were refused."""

    def __init__(self) -> None:
        self.refused: list[tuple[int, str]] = []

    def route(self, message: Waiting, *, now: datetime) -> Route:
        return Route(Way.MAIL)

    def note_refused(self, person_id: int, address: str, *, now: datetime) -> None:
        self.refused.append((person_id, address))


EVERYBODY = Everybody()
COMPOSE = {"hello": hello, "nothing": nothing, "broken": broken}


@dataclass
class Dying:
    """A transport whose process dies while sending."""

    number: list[int] = field(default_factory=list)

    def hang_up(self) -> None:
        pass

    def send(self, letter: Letter, *, number: int, now: datetime) -> None:
        self.number.append(number)
        raise KeyboardInterrupt


def put(app: Flask, *people: int, kind: str = "hello", due_at: datetime = TUESDAY) -> None:
    """Post a message to each of these people."""
    with app.app_context(), unit_of_work():
        for person in people:
            key = f"{kind}:{person}"
            post(
                kind, person_id=person, object_id=1, dedupe_key=key, due_at=due_at, now=TUESDAY, room_id=None
            )


def send(app: Flask, url: str, now: datetime = TUESDAY) -> Report:
    with app.app_context():
        return send_due(now, transport=SmtpTransport(url, FROM), compose=COMPOSE, readers=EVERYBODY)


def standing(app: Flask) -> list[tuple[str, int]]:
    """Status and number of attempts of each message, in order."""
    return [tuple(row) for row in rows(app, "select status, attempts from message order by id")]


def test_due_messages_are_sent_once(app_on_both: Flask, mailbox: Mailbox) -> None:
    put(app_on_both, 1, 2)
    assert send(app_on_both, mailbox.url) == Report(sent=2)
    assert send(app_on_both, mailbox.url, TUESDAY + MUCH_LATER) == Report()
    assert [received.to for received in mailbox.received] == [[address(1)], [address(2)]]
    assert standing(app_on_both) == [("sent", 1), ("sent", 1)]


def test_message_waits_until_it_is_due(app: Flask, mailbox: Mailbox) -> None:
    put(app, 1, due_at=TUESDAY + timedelta(seconds=1))
    assert send(app, mailbox.url) == Report()
    assert send(app, mailbox.url, TUESDAY + timedelta(seconds=1)) == Report(sent=1)


def test_what_falls_due_during_a_round_leaves_in_it(app_on_both: Flask, mailbox: Mailbox) -> None:
    def telling(message: Waiting, *, now: datetime) -> Letter | None:
        put(app_on_both, 2)
        return hello(message, now=now)

    put(app_on_both, 1, kind="telling")
    with app_on_both.app_context():
        transport_ = SmtpTransport(mailbox.url, FROM)
        report = send_due(
            TUESDAY, transport=transport_, compose=COMPOSE | {"telling": telling}, readers=EVERYBODY
        )
    assert report == Report(sent=2)
    assert mailbox.calls == 1


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_sender_goes_on_with_what_another_is_not_claiming(
    database_url: str, app_on_both: Flask, mailbox: Mailbox
) -> None:
    put(app_on_both, 1, 2, 3)
    engine = create_engine(database_url)
    with engine.connect() as other, other.begin():
        other.execute(text("select id from message where person_id = 1 for update"))
        assert send(app_on_both, mailbox.url) == Report(sent=2)
    engine.dispose()
    assert send(app_on_both, mailbox.url) == Report(sent=1)


def test_nothing_to_say_is_not_needed(app_on_both: Flask, mailbox: Mailbox) -> None:
    put(app_on_both, 1, kind="nothing")
    assert send(app_on_both, mailbox.url) == Report(not_needed=1)
    assert standing(app_on_both) == [("not_needed", 1)]
    assert mailbox.received == []


def test_no_transaction_is_open_while_a_server_is_talked_to(app_on_both: Flask) -> None:
    open_then = []

    def reading(message: Waiting, *, now: datetime) -> Letter | None:
        rows(app_on_both, "select count(*) from message")
        current_connection()
        return hello(message, now=now)

    class Watching:
        def hang_up(self) -> None:
            pass

        def send(self, letter: Letter, *, number: int, now: datetime) -> None:
            open_then.append(current_connection().in_transaction())

    put(app_on_both, 1)
    with app_on_both.app_context():
        report = send_due(TUESDAY, transport=Watching(), compose={"hello": reading}, readers=EVERYBODY)
    assert report == Report(sent=1)
    assert open_then == [False]


def test_claim_is_on_disk_before_a_letter_leaves_and_marks_wait_for_the_next(
    app_of_its_own: Flask, mailbox: Mailbox
) -> None:
    levels = []
    put(app_of_its_own, *range(CLAIMED_AT_ONCE + 1))
    with app_of_its_own.app_context():
        engine = db.engine
    event.listen(
        engine, "commit", lambda one: levels.append(one.exec_driver_sql("pragma synchronous").scalar())
    )
    send(app_of_its_own, mailbox.url)
    claim, marked = 2, 1
    assert levels == [claim, *[marked] * CLAIMED_AT_ONCE, claim, marked, claim]


def test_server_away_costs_no_attempt_and_later_all_is_sent(app_on_both: Flask) -> None:
    put(app_on_both, 1, 2)
    port = free_port()
    for _ in range(MOST_ATTEMPTS + 1):
        report = send(app_on_both, f"smtp://127.0.0.1:{port}")
        assert report == Report(away="ConnectionRefusedError")
        assert not report.is_well
    assert standing(app_on_both) == [("waiting", 0), ("waiting", 0)]
    with mail_server(port=port) as back:
        assert send(app_on_both, back.url) == Report(sent=2)
    assert len(back.received) == 2


def test_refused_message_is_tried_again_and_holds_up_no_other(app: Flask, mailbox: Mailbox) -> None:
    put(app, 1, 2)
    mailbox.refused[address(1)] = "451 later"
    assert send(app, mailbox.url) == Report(sent=1, put_off=1)
    assert send(app, mailbox.url) == Report()
    mailbox.refused.clear()
    assert send(app, mailbox.url, TUESDAY + FIRST_PAUSE) == Report(sent=1)
    assert standing(app) == [("sent", 2), ("sent", 1)]


def test_message_refused_every_time_fails(app: Flask, mailbox: Mailbox) -> None:
    put(app, 1)
    mailbox.refused[address(1)] = "451 later"
    reports = [send(app, mailbox.url, TUESDAY + n * MUCH_LATER) for n in range(MOST_ATTEMPTS + 1)]
    assert reports == [Report(put_off=1)] * (MOST_ATTEMPTS - 1) + [Report(failed=1), Report()]
    assert mailbox.tried == [address(1)] * MOST_ATTEMPTS
    assert standing(app) == [("failed", MOST_ATTEMPTS)]


def test_fault_of_ours_holds_up_no_other_and_logs_no_address(
    app: Flask, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    put(app, 1, kind="broken")
    put(app, 2, kind="unheard_of")
    put(app, 3)
    report = send(app, mailbox.url)
    assert report == Report(sent=1, put_off=2, broken=2)
    assert not report.is_well
    assert "proef.example" not in capsys.readouterr().err
    assert standing(app) == [("waiting", 1), ("waiting", 1), ("sent", 1)]


def test_sender_that_dies_leaves_the_message_for_later(app_on_both: Flask, mailbox: Mailbox) -> None:
    put(app_on_both, 1)
    with app_on_both.app_context(), pytest.raises(KeyboardInterrupt):
        send_due(TUESDAY, transport=Dying(), compose=COMPOSE, readers=EVERYBODY)
    assert standing(app_on_both) == [("waiting", MOST_ATTEMPTS - 1)]
    just_before = TUESDAY + FIRST_PAUSE - timedelta(seconds=1)
    assert send(app_on_both, mailbox.url, just_before) == Report()
    assert send(app_on_both, mailbox.url, TUESDAY + FIRST_PAUSE) == Report(sent=1)


def test_same_message_is_the_same_mail_however_often_it_is_sent(app: Flask, mailbox: Mailbox) -> None:
    put(app, 1, 2)
    send(app, mailbox.url)
    with app.app_context(), unit_of_work():
        # As after a sender that died between handing over and marking.
        execute(text("update message set status = 'waiting'"))
    send(app, mailbox.url, TUESDAY + FIRST_PAUSE)
    first, second = mailbox.ids[:2]
    assert mailbox.ids == [first, second, first, second]
    assert first != second


def test_message_whose_senders_die_is_handed_over_twice_at_most(app: Flask, mailbox: Mailbox) -> None:
    put(app, 1)
    dying = Dying()
    for n in range(2):
        with app.app_context(), pytest.raises(KeyboardInterrupt):
            send_due(TUESDAY + n * MUCH_LATER, transport=dying, compose=COMPOSE, readers=EVERYBODY)
    assert send(app, mailbox.url, TUESDAY + 10 * MUCH_LATER) == Report(failed=1)
    assert len(dying.number) == 2
    assert mailbox.received == []
    assert standing(app) == [("failed", MOST_ATTEMPTS)]


def test_server_that_takes_a_mail_and_never_says_so_gets_it_twice_at_most(
    app: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TIMEOUT", 0.3)
    mailbox.answers_after = 0.8
    put(app, 1)
    reports = [send(app, mailbox.url, TUESDAY + n * MUCH_LATER) for n in range(4)]
    assert reports == [Report(put_off=1), Report(failed=1), Report(), Report()]
    assert len(mailbox.received) == 2
    assert len(set(mailbox.ids)) == 1


def test_address_that_is_refused_is_noted_at_once_and_goes_to_the_people_of_the_room(
    app_on_both: Flask, mailbox: Mailbox
) -> None:
    app, everybody = app_on_both, Everybody()
    put(app, 1)
    with app.app_context(), unit_of_work():
        post("hello", person_id=2, object_id=1, dedupe_key="2", due_at=TUESDAY, now=TUESDAY, room_id=5)
    put(app, 3)
    mailbox.refused |= {address(1): "550 unknown", address(2): "553 no such mailbox"}
    with app.app_context():
        report = send_due(
            TUESDAY, transport=SmtpTransport(mailbox.url, FROM), compose=COMPOSE, readers=everybody
        )
    assert report == Report(sent=1, by_hand=1, failed=1)
    assert everybody.refused == [(1, address(1)), (2, address(2))]
    assert standing(app) == [("failed", 1), ("by_hand", 1), ("sent", 1)]


@pytest.mark.parametrize(
    ("to", "refusal", "away"),
    [
        ("sender", "550 5.7.1 not from you", "sender 550 5.7.1"),
        ("sender", "553 no", "sender 553"),
        ("sender", "452 4.3.1 no room", "sender 452 4.3.1"),
        ("sender", "421 closing", "sender 421"),
        ("all", "554 5.7.1 <bewoner-1@proef.example>: Relay access denied", "recipient 554 5.7.1"),
        ("all", "550 5.1.8 sender refused: its domain does not exist", "recipient 550 5.1.8"),
        ("all", "550 no", "recipient 550"),
        ("all", "530 sign in first", "recipient 530"),
    ],
)
def test_server_that_refuses_everybody_is_at_fault_and_nobody_loses_their_mail(
    app_on_both: Flask, mailbox: Mailbox, to: str, refusal: str, away: str
) -> None:
    put(app_on_both, 1, 2)
    mailbox.refuses_senders, mailbox.refuses_all = (refusal, "") if to == "sender" else ("", refusal)
    EVERYBODY.refused.clear()
    for _ in range(MOST_ATTEMPTS + 1):
        report = send(app_on_both, mailbox.url)
        assert report == Report(away=away)
        assert not report.is_well
    assert EVERYBODY.refused == []
    assert standing(app_on_both) == [("waiting", 0), ("waiting", 0)]
    mailbox.refuses_senders = mailbox.refuses_all = ""
    assert send(app_on_both, mailbox.url) == Report(sent=2)


def test_relay_that_is_denied_for_the_only_letter_is_the_servers_fault(app: Flask, mailbox: Mailbox) -> None:
    put(app, 1)
    mailbox.refuses_all = "554 5.7.1 Relay access denied"
    assert send(app, mailbox.url) == Report(away="recipient 554 5.7.1")
    assert standing(app) == [("waiting", 0)]


@pytest.mark.parametrize(
    "refusal",
    [
        "550 5.1.1 no such user",
        "550 5.1.2 domain not found",
        "556 5.1.10 takes no mail",
        "552 5.2.2 full",
        "550 5.4.4 no way to that domain",
        "556 takes no mail",
    ],
)
def test_addresses_of_which_it_is_said_that_they_do_not_work_are_at_fault_themselves_also_alone(
    app: Flask, mailbox: Mailbox, refusal: str
) -> None:
    put(app, 1, 2)
    EVERYBODY.refused.clear()
    mailbox.refused |= dict.fromkeys((address(1), address(2)), refusal)
    report = send(app, mailbox.url)
    assert report == Report(failed=2)
    assert report.is_well
    assert EVERYBODY.refused == [(1, address(1)), (2, address(2))]


def test_address_that_does_not_work_does_not_wait_for_a_server_that_refuses_the_others(
    app: Flask, mailbox: Mailbox
) -> None:
    put(app, 1, 2, 3)
    EVERYBODY.refused.clear()
    mailbox.refuses_all = "550 no"
    mailbox.refused[address(1)] = "550 5.1.1 no such user"
    assert send(app, mailbox.url) == Report(failed=1, away="recipient 550")
    assert EVERYBODY.refused == [(1, address(1))]
    assert standing(app) == [("failed", 1), ("waiting", 0), ("waiting", 0)]


def test_address_that_does_not_work_is_no_proof_that_another_does_not(app: Flask, mailbox: Mailbox) -> None:
    put(app, 1, 2)
    mailbox.refused |= {address(1): "550 5.1.1 no such user", address(2): "550 5.7.1 Relay access denied"}
    assert send(app, mailbox.url) == Report(failed=1, away="recipient 550 5.7.1")
    assert standing(app) == [("failed", 1), ("waiting", 0)]


def test_only_letter_to_an_address_that_is_not_there_fails(app: Flask, mailbox: Mailbox) -> None:
    put(app, 1)
    EVERYBODY.refused.clear()
    mailbox.refused[address(1)] = "550 5.1.1 no such user"
    assert send(app, mailbox.url) == Report(failed=1)
    assert EVERYBODY.refused == [(1, address(1))]


def test_address_that_rules_bar_waits_holds_up_no_other_and_keeps_its_mail(
    app: Flask, mailbox: Mailbox
) -> None:
    put(app, 1, 2)
    EVERYBODY.refused.clear()
    mailbox.refused[address(1)] = "550 5.7.1 no outside mail"
    report = send(app, mailbox.url)
    assert report == Report(sent=1, put_off=1, barred=1)
    assert not report.is_well
    assert EVERYBODY.refused == []
    assert standing(app) == [("waiting", 1), ("sent", 1)]


def test_many_refusals_do_not_make_a_server_hang_up(app: Flask, mailbox: Mailbox) -> None:
    put(app, *range(25))
    mailbox.refuses_all = "550 no"
    assert send(app, mailbox.url) == Report(away="recipient 550")
    assert mailbox.calls == 3


def test_way_and_hour_are_asked_when_it_is_sent(app_on_both: Flask, mailbox: Mailbox) -> None:
    later = TUESDAY + timedelta(hours=9)

    class Particular(Everybody):
        def route(self, message: Waiting, *, now: datetime) -> Route:
            ways = {1: Route(Way.BY_HAND), 2: Route(Way.NOT_AT_ALL), 3: Route(Way.MAIL, after=later)}
            return ways[message.person_id] if now < later else Route(Way.MAIL)

    put(app_on_both, 1, 2, 3)
    with app_on_both.app_context():
        transport_ = SmtpTransport(mailbox.url, FROM)
        sent = [
            send_due(now, transport=transport_, compose=COMPOSE, readers=Particular())
            for now in (TUESDAY, TUESDAY + timedelta(hours=8), later)
        ]
    assert sent == [Report(by_hand=1, not_needed=1), Report(), Report(sent=1)]
    assert standing(app_on_both) == [("by_hand", 1), ("not_needed", 1), ("sent", 1)]


def test_many_senders_send_each_message_once(app_on_both: Flask, mailbox: Mailbox) -> None:
    people = range(1, 13)
    put(app_on_both, *people)
    start = Barrier(4)

    def one(_: int) -> Report:
        start.wait()
        return send(app_on_both, mailbox.url)

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(one, range(4)))
    assert sum(report.sent for report in reports) == len(people)
    assert sorted(mailbox.tried) == sorted(address(person) for person in people)
    assert set(standing(app_on_both)) == {("sent", 1)}


def test_killed_process_leaves_the_message_for_later(
    hood: Neighbourhood, sqlite_url: str, tmp_path: Path, mailbox: Mailbox
) -> None:
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(20)
        process = _jobs_due(sqlite_url, tmp_path, f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        connection, _ = silent.accept()
        with connection:
            # It waits for our greeting: the message is claimed, and not sent.
            process.send(signal.SIGKILL)
            process.wait()
    assert standing(hood.app) == [("waiting", MOST_ATTEMPTS - 1)]
    with hood.app.app_context():
        letters = hood.app.extensions["ontmoet_letters"]
        transport = SmtpTransport(mailbox.url, FROM)
        report = send_due(TUESDAY + 2 * FIRST_PAUSE, transport=transport, compose=letters, readers=READERS)
    assert report == Report(sent=1)
    assert [received.to for received in mailbox.received] == [["noor@proef.example"]]


def _jobs_due(database_url: str, data: Path, smtp_url: str) -> Hatched:
    env = {
        **os.environ,
        "DATABASE_URL": database_url,
        "ONTMOET_DATA": str(data),
        "SMTP_URL": smtp_url,
        "ONTMOET_NOW": TUESDAY.isoformat(),
    }
    return hatch(["flask", "--app", "app", "jobs", "due"], env, data / "due.log")
