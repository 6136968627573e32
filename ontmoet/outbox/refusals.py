"""What a mail server means when it refuses to take a mail for somebody for good (RFC 5321, RFC 3463)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .letters import NotTaken

if TYPE_CHECKING:
    from collections.abc import Collection


class AddressRefused(NotTaken):
    """The mail server will never accept mail for this address: it is full or not there, or its domain is not.
    The text does not hold the address.
    """

    def __init__(self, text: str, address: str) -> None:
        super().__init__(text)
        self.address = address


class Unexplained(AddressRefused):
    """Whether this is about the address or about us is not said."""


class Barred(Unexplained):
    """The mail server has something against us, or its rules against this: whether the address works is not
    said.
    """


_OF_SENDER = frozenset({"5.1.7", "5.1.8"})
_OF_ADDRESS = ("5.1.", "5.2.")
_NO_WAY_TO_DOMAIN = "5.4.4"
_OF_RULES = ("5.3.", "5.7.")
_CODES_OF_ADDRESS = frozenset({501, 551, 552, 556})
"""Not an address, not here, full, and a domain that takes no mail."""
_CODES_OF_US = frozenset({500, 502, 503, 504, 521, 530, 534, 535, 538})
"""What was said is not understood, the server takes no mail at all, or we have to sign in first."""


def refusal_of(code: int, status: str) -> type[AddressRefused]:
    """What it means that a server answers so once it hears whom a mail is for: many say only then what they
    have against who sends it. A status says more than a code.
    """
    if status in _OF_SENDER or status.startswith(_OF_RULES):
        return Barred
    if status == _NO_WAY_TO_DOMAIN or status.startswith(_OF_ADDRESS):
        return AddressRefused
    if code in _CODES_OF_US:
        return Barred
    return AddressRefused if code in _CODES_OF_ADDRESS else Unexplained


def of_server(refusals: Collection[AddressRefused], *, taken: int) -> list[Unexplained]:
    """Which refusals of one round of sending are about the server or its settings, rather than about these
    addresses: those that say nothing of the address, when it took nothing, and named its rules or refused
    several so.
    """
    found = [each for each in refusals if isinstance(each, Unexplained)]
    named = any(isinstance(each, Barred) for each in found)
    several = len({each.address for each in found}) > 1
    return found if not taken and (named or several) else []
