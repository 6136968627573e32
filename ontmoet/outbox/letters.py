"""A message in words, and the mail it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Any

from ontmoet.web import i18n

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_LINE = 120
"""Characters of a subject or a sender's name; more is cut off."""


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


def mail_of(letter: Letter, *, number: int, from_address: str, now: datetime) -> EmailMessage:
    """The letter as mail. `number` is the message's id: sent again it is the same mail, so that a
    mailbox can leave the second out. Raises `NotTaken` when `to` is not exactly one address.
    """
    sender = _address(from_address, one_line(letter.sender))
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = _address(letter.to)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = now
    mail["Message-ID"] = f"<message-{number}@{sender.domain}>"
    # Answering machines keep silent to what a machine sends.
    mail["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe is not None:
        # RFC 8058: the reader's mail program has a button of its own for it.
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.body, cte="quoted-printable")
    if letter.calendar is not None:
        mail.add_attachment(
            letter.calendar,
            maintype="text",
            subtype="calendar",
            filename="reservering.ics",
            params={"charset": "utf-8", "method": "PUBLISH"},
        )
    # Last: putting something in clears all that is said about the content.
    mail["Content-Language"] = letter.language
    return mail


def one_line(text: str) -> str:
    """The text without line ends and other characters that have no shape, for a header."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(shown.split())[:LONGEST_LINE]


def _address(text: str, name: str = "") -> Address:
    try:
        return Address(name, addr_spec=text)
    except (ValueError, IndexError, MessageError):
        # The parser's own text repeats the address.
        raise NotTaken("not one address") from None
