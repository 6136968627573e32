"""A message in words, and the mail it becomes."""

from __future__ import annotations

from base64 import encodebytes
from binascii import b2a_qp
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING, Any

from ontmoet.web import i18n

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_LINE = 120
"""Characters of a subject or a sender's name; more is cut off."""

# "=_" is in no text that is quoted and in no file in base64.
_BETWEEN = "=_ontmoet"
_NEXT = f"--{_BETWEEN}"
_TWO_PARTS = (f'Content-Type: multipart/mixed; boundary="{_BETWEEN}"',)
_TEXT = ('Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: quoted-printable")
_CALENDAR = (
    'Content-Type: text/calendar; charset="utf-8"; method="PUBLISH"',
    "Content-Transfer-Encoding: base64",
    'Content-Disposition: attachment; filename="reservering.ics"',
)


class NotTaken(Exception):
    """This mail was not accepted, or can be sent to nobody. The text holds no personal data."""


class AddressRefused(NotTaken):
    """The mail server will never accept mail for this address. The text does not hold it."""

    def __init__(self, text: str, address: str) -> None:
        super().__init__(text)
        self.address = address


class Unsure(Exception):
    """All of the mail was handed over and no answer came: it may be on its way."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is told: `to` is one address, `sender` the name people see as its source.

    `calendar` is an iCalendar file to send along. `unsubscribe` is where one button ends such letters.
    `language` is the one spoken while it was composed.
    """

    to: str
    sender: str
    subject: str
    body: str
    calendar: bytes | None = None
    unsubscribe: str | None = None
    language: str = field(default_factory=i18n.language)


@dataclass(frozen=True, slots=True)
class Optional:
    """A kind of message that is only for who asked for it, in words for the page where people ask."""

    title: Any
    hint: Any


def mail_of(letter: Letter, *, number: int, from_address: str, now: datetime) -> bytes:
    """The letter as mail. `number` is the message's id: sent again it is the same mail, so that a
    mailbox can leave the second out. Raises `NotTaken` when `to` is not exactly one address.

    Written line by line: the library's `EmailMessage` takes many times as long, which was most of what
    sending cost, and puts the address of the unsubscribe button into a code that mail programs do not read.
    """
    _, _, domain = from_address.rpartition("@")
    lines = [
        f"From: {_mailbox(from_address, one_line(letter.sender))}",
        f"To: {_one_address(letter.to)}",
        f"Subject: {_in_header('Subject', one_line(letter.subject))}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: <message-{number}@{domain}>",
        # Answering machines keep silent to what a machine sends.
        "Auto-Submitted: auto-generated",
        f"Content-Language: {letter.language}",
        "MIME-Version: 1.0",
    ]
    if letter.unsubscribe is not None:
        # RFC 8058: the reader's mail program has a button of its own for it.
        lines += [
            f"List-Unsubscribe: <{letter.unsubscribe}>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ]
    text = [*_TEXT, "", _quoted(letter.body)]
    if letter.calendar is None:
        lines += text
    else:
        file = [*_CALENDAR, "", _base64(letter.calendar)]
        lines += [*_TWO_PARTS, "", _NEXT, *text, _NEXT, *file, f"{_NEXT}--", ""]
    return "\r\n".join(lines).encode()


def one_line(text: str) -> str:
    """The text without line ends and other characters that have no shape, for a header."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(shown.split())[:LONGEST_LINE]


def _mailbox(address: str, name: str) -> str:
    """The address with the name that people see."""
    if not _is_plain(name):
        return f"{_in_header('From', name)} <{address}>"
    return formataddr((name, address))


def _one_address(text: str) -> str:
    try:
        return Address(addr_spec=text).addr_spec
    except (ValueError, IndexError, MessageError):
        # The parser's own text repeats the address.
        raise NotTaken("not one address") from None


def _in_header(name: str, text: str) -> str:
    return text if _is_plain(text) else Header(text, "utf-8", header_name=name).encode(linesep="\r\n")


def _is_plain(text: str) -> bool:
    """Whether it stands in a header as it is. What looks like something in code does not."""
    return text.isascii() and "=?" not in text


def _quoted(text: str) -> str:
    # Each line ends as lines of mail do: no end is left that a server could take for that of the mail.
    lines = b"\r\n".join(text.encode().splitlines())
    return b2a_qp(lines + b"\r\n").decode("ascii")


def _base64(file: bytes) -> str:
    return encodebytes(file).decode("ascii").replace("\n", "\r\n").rstrip()
