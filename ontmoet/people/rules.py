"""How long somebody stays signed in, and how often a password may be tried."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.kernel.actor import Function
from ontmoet.kernel.permissions import BOARD, VOLUNTEERS

if TYPE_CHECKING:
    from collections.abc import Collection

FEWEST_LETTERS = 3
"""Somebody types so many of a name, at least, to find who has it."""

TRIES_WINDOW = timedelta(minutes=15)
LONGEST_PASSWORD = 200
"""Characters; hashing a longer text would only cost time."""


class Channel(StrEnum):
    """How somebody hears from us. Who has no e-mail is called, or gets a printed slip."""

    MAIL = "mail"
    CALL = "call"
    PRINT = "print"


class Reason(StrEnum):
    """Why somebody does not get in. Never says whether an account exists."""

    NO_MATCH = "no_match"
    TOO_MANY_TRIES = "too_many_tries"


@dataclass(frozen=True, slots=True)
class Limit:
    """A bucket of tries and how many fit in a window."""

    bucket: str
    most: int


def limits_on_trying(account: str, network: str, known_device: str | None) -> tuple[Limit, ...]:
    """Which counters one try to sign in adds to; each argument is a digest or a network prefix.

    A device that signed in to this account before has a counter of its own: a stranger who guesses
    cannot lock its owner out. A room's wifi lets twenty people in at once, and more.
    """
    if known_device is not None:
        return (Limit(f"sign-in/device/{known_device}/{account}", 10),)
    return (
        Limit(f"sign-in/account/{account}", 10),
        Limit(f"sign-in/network/{network}", 60),
    )


def session_life(functions: Collection[Function], *, own_phone: bool) -> timedelta:
    """How long a sign-in lasts. The heaviest function decides; staff sign in each working day."""
    if functions and not set(functions) <= VOLUNTEERS | BOARD:
        return timedelta(hours=12)
    if not own_phone:
        return timedelta(hours=12)
    return timedelta(days=30) if functions else timedelta(days=180)


def rolls_on(life: timedelta, expires_at: datetime, *, now: datetime) -> bool:
    """A resident's own phone stays signed in as long as it is used; written at most once a day."""
    return life == timedelta(days=180) and expires_at - now < life - timedelta(days=1)


def name_matches(name: str, typed: str) -> bool:
    """Whether each word that was typed begins a word of the name, whatever its capitals and accents."""
    words = _bare(name).split()
    return all(any(word.startswith(part) for word in words) for part in _bare(typed).split())


def letters_in(typed: str) -> int:
    """How many letters and digits somebody typed."""
    return sum(character.isalnum() for character in typed)


def _bare(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character)).replace("-", " ")
