"""A real mail server on loopback that keeps what it is given."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from typing import TYPE_CHECKING, Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

if TYPE_CHECKING:
    from collections.abc import Iterator

AUTHORITY = trustme.CA()
"""Signs the certificate of the server; nobody trusts it but the tests that say so."""

PASSWORD = "een wachtwoord/met tekens"


@dataclass(frozen=True)
class Received:
    """One mail: who got it, what it says, and whether it came encrypted and after signing in. It is taken
    apart when somebody reads it: the server itself is in a hurry.
    """

    to: list[str]
    content: bytes
    encrypted: bool
    signed_in: bool

    @cached_property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)


@dataclass
class Mailbox:
    """What arrived, in order. Mail to an address in `refused` is answered with that line; all other, when
    `refuses_senders` or `refuses_all` has one.
    """

    host: str
    port: int
    received: list[Received] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    refuses_senders: str = ""
    refuses_all: str = ""
    tried: list[str] = field(default_factory=list)
    logins: int = 0
    calls: int = 0
    """How often somebody rang up and said who they are."""
    answers_after: float = 0.0
    """Seconds between having a mail and saying so."""

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    @property
    def ids(self) -> list[str]:
        return [received.mail["Message-ID"] for received in self.received]


def words(mail: Any) -> str:
    """The text of a mail, or of a part of it, with the line ends of this side."""
    text: str = mail.get_content()
    return text.replace("\r\n", "\n")


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass(frozen=True)
class _Clerk:
    """Puts in the mailbox what comes. The server reads each attribute of its clerk at each call: so nothing
    that takes time can be one.
    """

    mailbox: Mailbox

    async def handle_EHLO(  # noqa: N802 - the server's own name
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.mailbox.calls += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802 - the server's own name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.mailbox.refuses_senders:
            return self.mailbox.refuses_senders
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the server's own name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.mailbox.tried.append(address)
        answer = self.mailbox.refused.get(address, self.mailbox.refuses_all)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        encrypted, signed_in = session.ssl is not None, bool(session.authenticated)
        self.mailbox.received.append(Received(envelope.rcpt_tos, envelope.content, encrypted, signed_in))
        await asyncio.sleep(self.mailbox.answers_after)
        return "250 OK"

    def admits(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
        self.mailbox.logins += 1
        right = login.login == b"ontmoet" and login.password == PASSWORD.encode()
        return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(
    *, host: str = "127.0.0.1", port: int | None = None, encrypts: str = "", knows_password: bool = False
) -> Iterator[Mailbox]:
    """A server that runs meanwhile. `encrypts` is "starttls" when it offers to, "smtps" when it
    speaks nothing else.
    """
    mailbox = Mailbox(host, port or free_port(host))
    clerk = _Clerk(mailbox)
    # By itself it looks its own name up for each connection, which can take half a second.
    settings: dict[str, Any] = {"server_hostname": "mail.proef.example"}
    if encrypts:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        AUTHORITY.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        settings["tls_context" if encrypts == "starttls" else "ssl_context"] = context
    if knows_password:
        # It would also take a password over an open line: not sending one is up to us.
        settings |= {"authenticator": clerk.admits, "auth_require_tls": False}
    controller = (Controller if encrypts != "smtps" else _Smtps)(
        clerk, hostname=host, port=mailbox.port, **settings
    )
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


class _Smtps(Controller):
    """Starts without trying itself out: its own trial would have to trust the certificate."""

    def _trigger_server(self) -> None:
        socket.create_connection((self.hostname, self.port)).close()
