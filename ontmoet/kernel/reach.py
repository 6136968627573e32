"""What somebody can be reached by, as far as its shape tells: whoever has it alone can say that it works."""

from __future__ import annotations

import re

from .text import folded

LONGEST_PHONE, LONGEST_EMAIL = 30, 254
FEWEST_DIGITS, MOST_DIGITS = 8, 15
"""Of a telephone number: of a home and its town, or of a whole country (E.164)."""

_PHONE = re.compile(r"\+?\(?[0-9][0-9 ()/.-]*")
_EMAIL = re.compile(r"[^\s@<>(),;:\"\\\[\]]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")


def is_phone(text: str) -> bool:
    """Whether this can be a telephone number."""
    digits = sum(character.isdecimal() for character in text)
    return _PHONE.fullmatch(text) is not None and FEWEST_DIGITS <= digits <= MOST_DIGITS


def is_email(text: str) -> bool:
    """Whether this can be one e-mail address. Not all programs for mail take letters beyond ASCII."""
    email = folded(text)
    return email.isascii() and len(email) <= LONGEST_EMAIL and _EMAIL.fullmatch(email) is not None
