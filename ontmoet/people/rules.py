"""How long somebody stays signed in, which PINs are too easy, and how often somebody may try."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from ontmoet.kernel.actor import Function
from ontmoet.kernel.networks import wider
from ontmoet.kernel.permissions import BOARD, VOLUNTEERS
from ontmoet.kernel.text import folded, folded_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

FEWEST_LETTERS = 3
"""Somebody types so many of a name, at least, to find who has it; fewer give a list of everybody."""

TRIES_WINDOW = timedelta(minutes=15)
PIN_TRIES_WINDOW = timedelta(hours=1)
A_DAY = timedelta(days=1)
PIN_LENGTH = 6
LONGEST_NAME = 80
LONGEST_NICKNAME = 40
"""Characters, folded. Some characters become many: one Arabic ligature becomes eighteen."""
LONGEST_PASSWORD = 200
"""Characters; hashing a longer text would only cost time."""


class Channel(StrEnum):
    """How somebody hears from us. Who has no e-mail is called, or gets a printed slip."""

    MAIL = "mail"
    CALL = "call"
    PRINT = "print"


class Language(StrEnum):
    """In what somebody reads our messages."""

    DUTCH = "nl"
    ENGLISH = "en"


def language_of(tag: str) -> Language:
    """The language that is kept by this tag; Dutch when it is none of ours."""
    return Language(tag) if tag in set(Language) else Language.DUTCH


FRESH_FOR = timedelta(minutes=10)
"""How long personal data stay open after somebody said who it is."""

CODE_VALID_FOR = timedelta(hours=1)
MOST_CODE_TRIES = 5
"""Of a million codes, in a quarter of an hour."""


class News(StrEnum):
    """What people are told about their account, or that of a child."""

    ADDRESS_CODE = "address_code"
    ADDRESS_ASKED = "address_asked"
    CHILD_ASKS = "child_asks"


class Reason(StrEnum):
    """Why somebody does not get in, or may not have this nickname or PIN.

    What is said to somebody who tries to get in never tells whether an account exists.
    """

    NO_MATCH = "no_match"
    PIN_NO_MATCH = "pin_no_match"
    TOO_MANY_TRIES = "too_many_tries"
    PIN_TOO_EASY = "pin_too_easy"
    NICKNAME_EMPTY = "nickname_empty"
    NICKNAME_TOO_LONG = "nickname_too_long"
    NICKNAME_TAKEN = "nickname_taken"
    NOT_YOURS = "not_yours"
    WRONG_CODE = "wrong_code"
    NO_GUARDIAN = "no_guardian"
    TOO_FEW_LETTERS = "too_few_letters"
    WAITS_FOR_GUARDIAN = "waits_for_guardian"
    FORM_REUSED = "form_reused"


@dataclass(frozen=True, slots=True)
class Limit:
    """A bucket of tries and how many fit in a window. One that does not count is only looked at."""

    bucket: str
    most: int
    window: timedelta = TRIES_WINDOW
    counts: bool = True


def limits_on_network(
    name: str, network: str, most: int, window: timedelta = TRIES_WINDOW
) -> tuple[Limit, ...]:
    """How many fit from one network; and where one customer may have 256 of those, from all of them."""
    limits = (Limit(f"{name}/network/{network}", most, window),)
    around = wider(network)
    return limits if around is None else (*limits, Limit(f"{name}/network/{around}", 8 * most, window))


def limits_on_trying(account: str, network: str, known_device: str | None) -> tuple[Limit, ...]:
    """Which counters one try to sign in adds to; each argument is a digest or a network prefix.

    A device that signed in to this account before has a counter of its own: a stranger who guesses
    cannot lock its owner out. A room's wifi lets twenty people in at once, and more.
    """
    if known_device is not None:
        return (Limit(f"sign-in/device/{known_device}/{account}", 10),)
    return (Limit(f"sign-in/account/{account}", 10), *limits_on_network("sign-in", network, 60))


def limits_on_pin(
    home: str, nickname: str, network: str, known_device: str | None, *, is_there: bool
) -> tuple[Limit, ...]:
    """The same for a try with address name, nickname and PIN. A PIN has a million values, so fewer tries
    go in a longer window: ten a day at each home. Who guesses at one home of each street, from many
    networks, meets the last limit. Only tries at somebody who `is_there` use that up, else anybody could for
    everybody; who is not there meets it all the same, so it tells nothing.
    """
    if known_device is not None:
        return (Limit(f"pin/device/{known_device}/{home}/{nickname}", 10, PIN_TRIES_WINDOW),)
    return (
        Limit(f"pin/home/{home}", 10, A_DAY),
        *limits_on_network("sign-in", network, 60),
        Limit("pin/all", 200, PIN_TRIES_WINDOW, counts=is_there),
    )


_YEAR_FIRST = re.compile(r"(?:19|20)[0-9]{4}")
_YEAR_LAST = re.compile(r"[0-9]{2}(?:19|20)[0-9]{2}")
_BIRTHDAY = re.compile(r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}")


def is_easy_pin(pin: str) -> bool:
    """Whether somebody who knows you a little may guess it: the same over and over (111111, 121212,
    123123), a row (123456, 987654), a day or year of birth (240548, 194805, 051948).
    """
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeats = any(pin == pin[:length] * (PIN_LENGTH // length) for length in (1, 2, 3))
    dates = (_YEAR_FIRST, _YEAR_LAST, _BIRTHDAY)
    return steps in ({1}, {9}) or repeats or any(date.fullmatch(pin) for date in dates)


def nickname_problem(nickname: str) -> Reason | None:
    """Why nobody can have this nickname, whoever has it already."""
    kept = folded_name(nickname)
    if not kept:
        return Reason.NICKNAME_EMPTY
    return Reason.NICKNAME_TOO_LONG if len(kept) > LONGEST_NICKNAME else None


_WORD = re.compile(r"[^\W_]+")
_LETTER_THEN_NUMBER = re.compile(r"(?<=[^\W\d_])(?=\d)")
_NUMBER_THEN_LETTER = re.compile(r"(?<=\d)-(?=[^\W\d_])")


def address_spellings(typed: str) -> tuple[str, ...]:
    """The address names that somebody may mean, the likeliest first: “Linde 14 B” is linde-14b."""
    as_typed = "-".join(_WORD.findall(folded(typed)))
    usual = _LETTER_THEN_NUMBER.sub("-", _NUMBER_THEN_LETTER.sub("", as_typed))
    return tuple(dict.fromkeys((as_typed, usual)))


HALFWAY = timedelta(minutes=10)
"""How long somebody has for the second proof, from the first one on."""


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


def shows_use(used_at: datetime | None, *, now: datetime) -> bool:
    """Whether it is to be written down that a session was used: at most once a day."""
    return used_at is None or used_at <= now - A_DAY


def needs_second_proof(functions: Collection[Function]) -> bool:
    """Whether a password alone is too little: for who sees the data of all. The installation may ask it."""
    return not {Function.STAFF, Function.ADMINISTRATOR}.isdisjoint(functions)


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """What somebody calls the device of this browser, such as “Chrome, Android”; empty when it does not
    tell. Nothing of what the browser sent is kept but these names.
    """
    found = (
        next((name for sign, name in names if sign in user_agent), "") for names in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(filter(None, found))


def outlives(life: timedelta, expires_at: datetime, *, now: datetime) -> bool:
    """Whether a session lasts longer than it would be given now: a heavier function began meanwhile."""
    return expires_at > now + life


def finds(typed: str, name: str) -> bool:
    """Whether who typed this finds who is called so: each word typed begins a word of the name, whatever
    its capitals and accents, and it is three letters or more in all. Of a shorter name, all of it.
    """
    words, parts = _bare(name).split(), _bare(typed).split()
    if not parts or letters_in(typed) < min(FEWEST_LETTERS, letters_in(name)):
        return False
    return all(any(word.startswith(part) for word in words) for part in parts)


def person_meant(people: Iterable[tuple[int, str]], typed: str) -> int | None:
    """Who of these (id, name) is meant: who is called exactly so, else the only one whose name has all the
    words that were typed. Whole words: who tries letters finds nobody.
    """
    listed, wanted = list(people), folded_name(typed)
    for person_id, name in listed:
        if wanted and folded_name(name) == wanted:
            return person_id
    words = set(_bare(typed).split())
    found = [person_id for person_id, name in listed if words and words <= set(_bare(name).split())]
    return found[0] if len(found) == 1 else None


def letters_in(typed: str) -> int:
    """How many letters and digits somebody typed."""
    return sum(character.isalnum() for character in typed)


def _bare(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character)).replace("-", " ")
