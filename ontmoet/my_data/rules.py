"""What can be a phone number or an e-mail address, and why something is refused."""

from __future__ import annotations

import re
from enum import StrEnum

_PHONE = re.compile(r"\+?[0-9][0-9 ()/-]*")
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\\\[\]]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
FEWEST_DIGITS, MOST_DIGITS = 8, 15
LONGEST_NAME, LONGEST_PHONE, LONGEST_ADDRESS = 80, 30, 254


class Reason(StrEnum):
    """Why a change of one's own data is refused."""

    NO_PHONE = "no_phone"
    NO_ADDRESS = "no_address"
    SAME_ADDRESS = "same_address"
    NOT_SURE = "not_sure"
    OBSTACLE = "obstacle"


def is_phone(text: str) -> bool:
    """Whether somebody can be called at this."""
    digits = sum(character.isdecimal() for character in text)
    return _PHONE.fullmatch(text) is not None and FEWEST_DIGITS <= digits <= MOST_DIGITS


def is_address(text: str) -> bool:
    """Whether a (folded) text has the shape of one e-mail address. Only its owner can say that it works."""
    return text.isascii() and _ADDRESS.fullmatch(text) is not None
