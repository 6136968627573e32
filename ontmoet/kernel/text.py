"""Parsers for what people and programs send: text, numbers, days, times, keys.

Each takes the raw string and gives a clean value or raises `Malformed`. They are the only way from a
request to a value, so that no other code meets a NUL, a half character or a number of 5,000 digits.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from .walltime import MINUTES_A_DAY

# The years a wall clock conversion is safe in, and more than any agenda needs.
FIRST_YEAR, LAST_YEAR = 2000, 2099

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")
# Overrides, embeddings and isolates can rewrite the rest of the line around a name. Marks that a
# script needs (joiners, left-to-right and right-to-left marks) stay.
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_EMPTY_LINES = re.compile(r"\n{3,}")
_WHITE_SPACE = re.compile(r"\s+")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WRITTEN_DAY = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")
_WRITTEN_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(?: ?uur)?")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_NUMBER = re.compile(r"[0-9]{1,9}")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


class TextReason(StrEnum):
    """Why a text could not be read."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_A_DAY = "not_a_day"
    NOT_A_WRITTEN_DAY = "not_a_written_day"
    NO_SUCH_DAY = "no_such_day"
    NOT_A_TIME = "not_a_time"
    NOT_A_KEY = "not_a_key"
    NOT_A_CHOICE = "not_a_choice"
    NOT_SO_MANY_DIGITS = "not_so_many_digits"


class Malformed(ValueError):
    """The text is not what was asked for. `limit` is the bound that was passed, where there is one."""

    def __init__(self, reason: TextReason, limit: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit


def line(raw: str, *, longest: int) -> str:
    """One line of text: NFC, white space folded, no control characters, at most `longest` characters.

    Raises `Malformed` (UNREADABLE, TOO_LONG). May be empty.
    """
    if len(raw) > 16 * longest:
        raise Malformed(TextReason.TOO_LONG, longest)
    if _FORBIDDEN.search(raw):
        raise Malformed(TextReason.UNREADABLE)
    clean = _one_line(raw)
    if len(clean) > longest:
        raise Malformed(TextReason.TOO_LONG, longest)
    return clean


def lines(raw: str, *, longest: int) -> str:
    """Several lines of text, each as `line` gives it; no empty ones at the ends, nor two in a row.

    Raises `Malformed` (UNREADABLE, TOO_LONG). May be empty.
    """
    if len(raw) > 16 * longest:
        raise Malformed(TextReason.TOO_LONG, longest)
    if _FORBIDDEN.search(raw):
        raise Malformed(TextReason.UNREADABLE)
    clean = "\n".join(_one_line(part) for part in raw.splitlines())
    clean = _EMPTY_LINES.sub("\n\n", clean).strip("\n")
    if len(clean) > longest:
        raise Malformed(TextReason.TOO_LONG, longest)
    return clean


def excerpt(raw: str, *, longest: int) -> str:
    """The start of a text that was refused, fit to be shown on one line; `…` says that there was more."""
    clean = _one_line(_FORBIDDEN.sub("", raw[: 16 * longest]))
    return clean if len(clean) <= longest else f"{clean[:longest].rstrip()}…"


def has_words(listed: str, words: str) -> bool:
    """All these words stand in what is listed, whole or in part, in capitals or not."""
    folded = listed.casefold()
    return all(word in folded for word in words.casefold().split())


def whole_number(raw: str, *, least: int, most: int) -> int:
    """A whole number in plain digits 0–9, between the bounds.

    `int()` is not asked: it takes Arabic-Indic digits, underscores and signs.
    """
    digits = raw.strip(" ")
    if not digits:
        raise Malformed(TextReason.EMPTY)
    if not digits.isascii() or not digits.isdecimal():
        raise Malformed(TextReason.NOT_A_NUMBER)
    if not _NUMBER.fullmatch(digits) or int(digits) > most:
        raise Malformed(TextReason.TOO_LARGE, most)
    if int(digits) < least:
        raise Malformed(TextReason.TOO_SMALL, least)
    return int(digits)


def digits(raw: str, *, length: int) -> str:
    """Exactly so many digits 0–9, as a PIN has; white space among them is let go."""
    found = _WHITE_SPACE.sub("", raw[: 16 * length])
    if not found:
        raise Malformed(TextReason.EMPTY)
    if len(found) != length or not found.isascii() or not found.isdecimal():
        raise Malformed(TextReason.NOT_SO_MANY_DIGITS, length)
    return found


def day(raw: str) -> date:
    """A day as YYYY-MM-DD, in the years that an agenda can hold."""
    found = _DAY.fullmatch(raw.strip(" "))
    return _in_reach(date, found)


def written_day(raw: str) -> date:
    """A day as a browser sends it (YYYY-MM-DD), or as people write it: 24-11-2026."""
    tidy = raw.strip(" ")
    written = _WRITTEN_DAY.fullmatch(tidy)
    found = "{2}-{1:0>2}-{0:0>2}".format(*written.groups()) if written else tidy
    try:
        return day(found)
    except Malformed:
        is_one = _DAY.fullmatch(found) is not None
        raise Malformed(TextReason.NO_SUCH_DAY if is_one else TextReason.NOT_A_WRITTEN_DAY) from None


def week(raw: str) -> date:
    """The Monday of an ISO week written as YYYY-Www."""
    found = _WEEK.fullmatch(raw)
    return _in_reach(lambda y, w: date.fromisocalendar(y, w, 1), found)


def month(raw: str) -> date:
    """The first day of a month written as YYYY-MM."""
    found = _MONTH.fullmatch(raw)
    return _in_reach(lambda y, m: date(y, m, 1), found)


def minutes(raw: str) -> int:
    """Minutes after midnight of a wall-clock time HH:MM; 24:00 is the end of the day."""
    found = _TIME.fullmatch(raw.strip(" "))
    if found is None:
        raise Malformed(TextReason.NOT_A_TIME)
    total = int(found[1]) * 60 + int(found[2])
    if int(found[2]) > 59 or total > MINUTES_A_DAY:
        raise Malformed(TextReason.NOT_A_TIME)
    return total


def written_minutes(raw: str) -> int:
    """The same of a time as people write it: also 9, 17.30 and 9:00 uur."""
    written = _WRITTEN_TIME.fullmatch(raw.strip(" "))
    return minutes(f"{written[1]}:{written[2] or '00'}" if written else raw)


def form_key(raw: str) -> str:
    """The idempotency key of a form: 16 to 64 letters, digits, hyphens or underscores."""
    if not _KEY.fullmatch(raw):
        raise Malformed(TextReason.NOT_A_KEY)
    return raw


def folded(text: str) -> str:
    """A form of `text` for comparing: without capitals, in one Unicode form (for e-mail addresses)."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def folded_name(name: str) -> str:
    """A form of a name for comparing: folded, white space made one, without characters that nobody sees.

    May be empty: a name can consist of such characters. May be longer than the name.
    """
    seen = "".join(character for character in folded(name) if unicodedata.category(character) != "Cf")
    return _WHITE_SPACE.sub(" ", seen).strip()


def _one_line(raw: str) -> str:
    clean = unicodedata.normalize("NFC", _BIDI_CONTROLS.sub("", raw))
    return _WHITE_SPACE.sub(" ", clean).strip()


def _in_reach(make: Callable[..., date], found: re.Match[str] | None) -> date:
    if found is None:
        raise Malformed(TextReason.NOT_A_DAY)
    parts = [int(part) for part in found.groups()]
    if not FIRST_YEAR <= parts[0] <= LAST_YEAR:
        raise Malformed(TextReason.NOT_A_DAY)
    try:
        return make(*parts)
    except ValueError:
        raise Malformed(TextReason.NOT_A_DAY) from None
