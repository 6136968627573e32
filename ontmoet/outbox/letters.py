"""A message in words, and the mail it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING, Any

from ontmoet.web import i18n

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_LINE = 120
"""Characters of a subject or a sender's name; more is cut off."""

# Text is read as it is where a mail is kept.
_TEXT = Charset("utf-8")
_TEXT.body_encoding = QP
# Nothing is folded: a code that is cut in two is no link any more.
_AS_SENT = compat32.clone(linesep="\r\n", max_line_length=0)


class NotTaken(Exception):
    """This mail was not accepted, or can be sent to nobody. The text holds no personal data."""


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

    Made of the parts of `email.mime`: `EmailMessage` takes four times as long, which was a third of what
    sending cost, and puts the address of the unsubscribe button into a code that mail programs do not read.
    """
    _, _, domain = from_address.rpartition("@")
    mail: MIMENonMultipart | MIMEMultipart = MIMENonMultipart("text", "plain")
    mail.set_payload(letter.body, _TEXT)
    if letter.calendar is not None:
        mail = MIMEMultipart(_subparts=[mail, _attached(letter.calendar)])
    mail["From"] = _mailbox(from_address, one_line(letter.sender))
    mail["To"] = _one_address(letter.to)
    mail["Subject"] = _in_header("Subject", one_line(letter.subject))
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<message-{number}@{domain}>"
    # Answering machines keep silent to what a machine sends.
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = letter.language
    if letter.unsubscribe is not None:
        # RFC 8058: the reader's mail program has a button of its own for it.
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return mail.as_bytes(policy=_AS_SENT)


def _attached(calendar: bytes) -> MIMENonMultipart:
    file = MIMENonMultipart("text", "calendar", charset="utf-8", method="PUBLISH")
    file.set_payload(calendar)
    encode_base64(file)
    file.add_header("Content-Disposition", "attachment", filename="reservering.ics")
    return file


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
