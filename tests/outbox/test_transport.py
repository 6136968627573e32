"""How mail leaves, against real servers."""

from __future__ import annotations

import os
import socket
import stat
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontmoet.config import Config, ConfigError
from ontmoet.outbox import transport
from ontmoet.outbox.letters import Letter, NotTaken, mail_of, one_line
from ontmoet.outbox.refusals import AddressRefused
from ontmoet.outbox.transport import FolderTransport, ServerAway, SmtpTransport, transport_for
from tests.fixtures import TUESDAY, config_for
from tests.outbox.mailbox import AUTHORITY, PASSWORD, free_port, mail_server, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.outbox.mailbox import Mailbox

FROM = "ontmoet@proef.example"
LETTER = Letter(
    to="noor@proef.example",
    sender="Woonstichting Café Proef",
    subject="’t Hoekje is van jou op di 24 nov",
    body="Hallo Noor,\n\n.Een punt vooraan en een é: 14:00–16:00\u00a0uur.\n",
)
HEADERS = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "auto-submitted",
    "content-language",
    "mime-version",
    "content-type",
]
CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def _send(url: str, letter: Letter = LETTER) -> None:
    transport = SmtpTransport(url, FROM)
    try:
        transport.send(letter, number=12, now=TUESDAY)
    finally:
        transport.hang_up()


def test_one_call_takes_many_letters_and_outlives_a_refusal(mailbox: Mailbox) -> None:
    transport = SmtpTransport(mailbox.url, FROM)
    mailbox.refused["weg@proef.example"] = "550 no such user"
    for number in range(2):
        transport.send(LETTER, number=number, now=TUESDAY)
    with pytest.raises(AddressRefused):
        transport.send(replace(LETTER, to="weg@proef.example"), number=2, now=TUESDAY)
    transport.send(LETTER, number=3, now=TUESDAY)
    transport.hang_up()
    transport.hang_up()
    assert [id.split("-")[1].split("@")[0] for id in mailbox.ids] == ["0", "1", "3"]
    assert mailbox.calls == 1


def test_letter_arrives_as_it_was_written(mailbox: Mailbox) -> None:
    _send(mailbox.url)
    (received,) = mailbox.received
    mail = received.mail
    assert received.to == ["noor@proef.example"]
    assert mail["To"] == "noor@proef.example"
    assert mail["From"] == "Woonstichting Café Proef <ontmoet@proef.example>"
    assert mail["Subject"] == LETTER.subject
    assert mail["Date"].datetime == TUESDAY
    assert mail["Message-ID"] == "<message-12@proef.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert words(mail) == LETTER.body


@given(body=st.text(max_size=400), sender=st.text(max_size=150), subject=st.text(max_size=150))
@settings(max_examples=150, deadline=None)
def test_whatever_is_in_a_letter_a_mail_program_reads_it_and_no_server_stumbles(
    body: str, sender: str, subject: str
) -> None:
    letter = replace(LETTER, body=body, sender=sender, subject=subject, calendar=CALENDAR)
    written = mail_of(letter, number=12, from_address=FROM, now=TUESDAY)
    mail = message_from_bytes(written, policy=default)
    text, calendar = mail.iter_parts()
    # A mail ends its lines in one way; what ends a line in a letter is one.
    lines = body.encode().splitlines()
    assert (words(text).encode().splitlines() or [b""]) == (lines or [b""])
    assert calendar.get_payload(decode=True) == CALENDAR
    assert sorted(name.lower() for name in mail) == sorted(HEADERS)
    assert mail["Subject"] == one_line(subject)
    # The library's newer parser leaves a space between two pieces of one name; readers do not.
    name, address = parseaddr(message_from_bytes(written)["From"].replace("\r\n", ""))
    assert (str(make_header(decode_header(name))), address) == (one_line(sender), FROM)
    for line in written.split(b"\r\n"):
        assert line.isascii()
        assert len(line) < 200
        assert b"\r" not in line
        assert b"\n" not in line


def test_mail_program_finds_its_button(mailbox: Mailbox) -> None:
    address = f"https://ontmoet.proef.example/afmelden?t={'abcdefghij' * 12}"
    _send(mailbox.url, replace(LETTER, unsubscribe=address))
    # As the RFC has it: in no code, in one piece.
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in mailbox.received[0].content


def test_line_that_was_cut_off_between_two_letters_costs_no_letter(mailbox: Mailbox) -> None:
    transport = SmtpTransport(mailbox.url, FROM)
    transport.send(LETTER, number=1, now=TUESDAY)
    assert transport._server is not None
    transport._server.sock.shutdown(socket.SHUT_RDWR)
    transport.send(LETTER, number=2, now=TUESDAY)
    transport.hang_up()
    assert mailbox.ids == ["<message-1@proef.example>", "<message-2@proef.example>"]
    assert mailbox.calls == 2


def test_calendar_goes_along(mailbox: Mailbox) -> None:
    _send(mailbox.url, replace(LETTER, calendar=CALENDAR))
    text, calendar = mailbox.received[0].mail.iter_parts()
    assert words(text) == LETTER.body
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "PUBLISH"
    assert calendar.get_filename() == "reservering.ics"
    assert calendar.get_payload(decode=True) == CALENDAR


@pytest.mark.parametrize("field", ["sender", "subject"])
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x00"])
def test_nobody_adds_a_header(mailbox: Mailbox, field: str, ending: str) -> None:
    evil = f"Proef{ending}Bcc: vera@elders.example{ending}{ending}Klik hier"
    _send(mailbox.url, replace(LETTER, **{field: evil}))
    (received,) = mailbox.received
    assert received.to == ["noor@proef.example"]
    assert received.mail["Bcc"] is None
    assert words(received.mail) == LETTER.body
    shown = received.mail["Subject" if field == "subject" else "From"]
    assert "Proef Bcc: vera@elders.example Klik hier" in shown


@pytest.mark.parametrize(
    "to",
    [
        "",
        "noor",
        "noor@proef.example, vera@elders.example",
        "noor@proef.example\r\nBcc: vera@elders.example",
        "noor@proef.example\n",
        "Noor <noor@proef.example>",
    ],
)
def test_one_letter_goes_to_one_address(mailbox: Mailbox, to: str) -> None:
    with pytest.raises(NotTaken):
        _send(mailbox.url, replace(LETTER, to=to))
    assert mailbox.received == []


def test_refused_address_is_not_taken(mailbox: Mailbox) -> None:
    mailbox.refused[LETTER.to] = "550 unknown"
    with pytest.raises(NotTaken):
        _send(mailbox.url)


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """We trust who signed the certificate of the mail server."""
    with AUTHORITY.cert_pem.tempfile() as path:
        monkeypatch.setenv("SSL_CERT_FILE", path)
        yield


@pytest.mark.usefixtures("trusting")
def test_encrypts_when_the_server_offers_it() -> None:
    with mail_server(encrypts="starttls") as mailbox:
        _send(mailbox.url)
    assert [received.encrypted for received in mailbox.received] == [True]


@pytest.mark.usefixtures("trusting")
def test_smtps_encrypts_from_the_start() -> None:
    with mail_server(encrypts="smtps") as mailbox:
        _send(mailbox.url.replace("smtp:", "smtps:"))
    assert len(mailbox.received) == 1


@pytest.mark.parametrize(("encrypts", "scheme"), [("starttls", "smtp:"), ("smtps", "smtps:")])
def test_server_with_an_unknown_certificate_gets_nothing(encrypts: str, scheme: str) -> None:
    with mail_server(encrypts=encrypts) as mailbox, pytest.raises(ServerAway, match="SSLCert"):
        _send(mailbox.url.replace("smtp:", scheme))
    assert mailbox.received == []


def _with_login(mailbox: Mailbox, password: str = PASSWORD) -> str:
    return mailbox.url.replace("//", f"//ontmoet:{quote(password, safe='')}@")


@pytest.mark.usefixtures("trusting")
def test_signs_in_with_the_password_of_the_url() -> None:
    with mail_server(encrypts="starttls", knows_password=True) as mailbox:
        _send(_with_login(mailbox))
        with pytest.raises(ServerAway, match="SMTPAuthenticationError"):
            _send(_with_login(mailbox, "een ander"))
    assert [received.signed_in for received in mailbox.received] == [True]


def test_password_never_goes_over_an_open_line() -> None:
    with (
        mail_server(host="127.0.0.2", knows_password=True) as mailbox,
        pytest.raises(ServerAway, match="no encryption"),
    ):
        _send(_with_login(mailbox))
    assert (mailbox.logins, mailbox.received) == (0, [])


def test_server_that_is_not_there_is_away() -> None:
    with pytest.raises(ServerAway, match="ConnectionRefusedError"):
        _send(f"smtp://127.0.0.1:{free_port()}")


def test_server_that_says_nothing_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "TIMEOUT", 0.2)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(ServerAway, match="SMTPServerDisconnected"),
    ):
        _send(f"smtp://127.0.0.1:{silent.getsockname()[1]}")


def test_folder_holds_mail_that_only_its_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    given = FolderTransport(folder, FROM)
    before = os.umask(0)
    try:
        given.send(replace(LETTER, calendar=CALENDAR), number=12, now=TUESDAY)
        given.send(LETTER, number=12, now=TUESDAY)
    finally:
        os.umask(before)
    (path,) = folder.iterdir()
    assert path.name == "message-12.eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert mail["To"] == LETTER.to
    assert words(mail) == LETTER.body


def test_without_a_mail_server_the_folder_is_used(tmp_path: Path) -> None:
    assert isinstance(transport_for(None, folder=tmp_path, from_address=FROM), FolderTransport)
    assert isinstance(transport_for("smtp://mail", folder=tmp_path, from_address=FROM), SmtpTransport)


@pytest.mark.parametrize(
    "url", ["smtp:", "smtp://", "http://mail", "mail.example", "smtp://mail:x", "smtp://[::1"]
)
def test_faulty_smtp_url_stops_the_start(tmp_path: Path, url: str) -> None:
    config = replace(config_for("sqlite:////x", tmp_path), smtp_url=url)
    with pytest.raises(ConfigError, match="SMTP_URL"):
        config.check()


@pytest.mark.parametrize("address", ["", "a", "a@b, c@d", "a@b\n", "Proef <a@b>"])
def test_faulty_mail_from_stops_the_start(tmp_path: Path, address: str) -> None:
    env = {"ONTMOET_DATA": str(tmp_path), "MAIL_FROM": address or "@"}
    with pytest.raises(ConfigError, match="MAIL_FROM"):
        Config.from_env(env)


def test_mail_comes_from_our_own_address(tmp_path: Path) -> None:
    env = {"ONTMOET_DATA": str(tmp_path), "BASE_URL": "http://ontmoet.proef.example:8000"}
    assert Config.from_env(env).from_address == "ontmoet@ontmoet.proef.example"
    assert Config.from_env(env | {"MAIL_FROM": "hallo@brink.example"}).from_address == "hallo@brink.example"
