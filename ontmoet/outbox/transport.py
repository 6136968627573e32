"""How mail leaves: over SMTP, or into a folder where no mail server is set."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from .letters import NotTaken, Unsure, mail_of
from .refusals import refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from .letters import Letter

TIMEOUT = 10.0
"""Seconds for each thing the mail server is asked."""

MOST_IN_A_CALL = 100
"""Letters. Mail servers end a call that goes on and on."""

COST_OF_REFUSAL = 10
"""Letters that a refusal counts for: they sooner end one with mistakes in it."""

PORTS = {"smtp": 25, "smtps": 465}
ACCEPTED, FORWARDED, NEVER = 250, 251, 500
_STATUS = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class ServerAway(Exception):
    """The mail server cannot be reached or does not let us in: nothing can be sent just now."""


class Transport(Protocol):
    """Something that takes letters."""

    def send(self, letter: Letter, *, number: int, now: datetime) -> None:
        """Hand the letter over. Raises `ServerAway`; `NotTaken` when only this letter fails, and
        `AddressRefused` when it always will; `Unsure` when nobody knows.
        """

    def hang_up(self) -> None:
        """Nothing more comes for now."""


def transport_for(smtp_url: str | None, *, folder: Path, from_address: str) -> Transport:
    """The mail server, or without one the folder."""
    if smtp_url:
        return SmtpTransport(smtp_url, from_address)
    return FolderTransport(folder, from_address)


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """Writes each mail as an .eml file that only its owner may read; the same mail again is the
    same file.
    """

    folder: Path
    from_address: str

    def send(self, letter: Letter, *, number: int, now: datetime) -> None:
        mail = mail_of(letter, number=number, from_address=self.from_address, now=now)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written beside its place and moved when complete, so that nobody reads half a mail.
        part = self.folder / f".message-{number}-{os.getpid()}"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(mail)
        part.rename(self.folder / f"message-{number}.eml")

    def hang_up(self) -> None:
        """There is nothing to end."""


@dataclass(slots=True)
class SmtpTransport:
    """Sends by `smtp://` (encrypted when the server offers it) or `smtps://`; certificates are
    checked. The URL may hold a user and a password. One call takes many letters, one after the other.
    """

    url: str
    from_address: str
    _server: smtplib.SMTP | None = None
    _taken: int = 0

    def send(self, letter: Letter, *, number: int, now: datetime) -> None:
        mail = mail_of(letter, number=number, from_address=self.from_address, now=now)
        server = self._told_who_sends()
        try:
            self._address(server, letter.to)
            self._hand_over(server, mail)
        except NotTaken:
            # The next letter may go over the same line, if that is still good.
            with suppress(smtplib.SMTPException, OSError):
                server.rset()
            self._taken += COST_OF_REFUSAL
            raise
        except BaseException:
            self.hang_up()
            raise
        self._taken += 1

    def hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            # However the goodbye goes, what was accepted stays accepted.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _told_who_sends(self) -> smtplib.SMTP:
        """The server, told whose letter comes: over the line there is, or over a new one when that is gone or
        had enough.
        """
        if self._server is not None and self._taken < MOST_IN_A_CALL:
            with suppress(ServerAway):
                self._say_who_sends(self._server)
                return self._server
        self.hang_up()
        self._server, self._taken = self._connected(), 0
        self._say_who_sends(self._server)
        return self._server

    def _say_who_sends(self, server: smtplib.SMTP) -> None:
        """Each letter has this sender: what goes wrong here, also what is only so for now, is no letter's."""
        try:
            code, status = _answer(server.mail, self.from_address)
        except NotTaken as problem:
            raise ServerAway(f"sender {problem}") from problem
        if code != ACCEPTED:
            raise ServerAway(f"sender {code} {status}".rstrip())

    def _address(self, server: smtplib.SMTP, to: str) -> None:
        code, status = _answer(server.rcpt, to)
        if code >= NEVER:
            raise refusal_of(code, status)(f"recipient {code} {status}".rstrip(), to)
        if code not in (ACCEPTED, FORWARDED):
            raise NotTaken(f"recipient {code}")

    def _hand_over(self, server: smtplib.SMTP, mail: bytes) -> None:
        try:
            code, _ = server.data(mail)
        except smtplib.SMTPDataError as error:
            raise NotTaken(f"data {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unsure(type(error).__name__) from error
        if code != ACCEPTED:
            raise NotTaken(f"data {code}")

    def _connected(self) -> smtplib.SMTP:
        try:
            server = self._dialled()
            try:
                self._introduce(server)
            except BaseException:
                server.close()
                raise
        except (smtplib.SMTPException, OSError) as error:
            raise ServerAway(type(error).__name__) from error
        return server

    def _dialled(self) -> smtplib.SMTP:
        where = urlsplit(self.url)
        host, port = where.hostname or "", where.port or PORTS[where.scheme]
        # Our own name as we know it: looking it up can take longer than sending.
        name = self.from_address.rsplit("@", 1)[1]
        if where.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, name, timeout=TIMEOUT, context=context)
        return smtplib.SMTP(host, port, name, timeout=TIMEOUT)

    def _introduce(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        where = urlsplit(self.url)
        if where.username is None:
            return
        if not isinstance(server.sock, ssl.SSLSocket) and where.hostname not in LOOPBACK:
            raise ServerAway("no encryption for the password")
        server.login(unquote(where.username), unquote(where.password or ""))


def _answer(told: Callable[[str], tuple[int, bytes]], address: str) -> tuple[int, str]:
    """What a server says to an address: its code, and its status (RFC 3463) or "". Not its words, which may
    repeat the address. Nothing of the mail itself is told yet: what fails here did not arrive.
    """
    try:
        code, words = told(address)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotTaken(type(error).__name__) from error
    status = _STATUS.match(words)
    return code, status.group().decode() if status else ""
