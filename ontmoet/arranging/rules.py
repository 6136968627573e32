"""What a room still misses, how names in addresses are made, and what two who edit at once changed. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

LONGEST_SLUG = 40
MOST_IN_A_STREET = 400
"""Addresses that can be added in one go."""


class Reason(StrEnum):
    """Why something of a room cannot be changed so."""

    CHANGED_MEANWHILE = "changed_meanwhile"
    CHANGED_BY_BOTH = "changed_by_both"
    NEEDED_WHEN_LIVE = "needed_when_live"
    STILL_MISSING = "still_missing"
    NO_NAME_IN_ADDRESS = "no_name_in_address"
    NO_SHORT_NAME = "no_short_name"
    ADDRESS_TAKEN = "address_taken"
    ADDRESS_WITHOUT_LETTERS = "address_without_letters"
    NAME_TAKEN = "name_taken"
    LAST_ZONE = "last_zone"
    HAS_BOOKINGS = "has_bookings"
    LARGER_THAN_ROOM = "larger_than_room"
    SMALLER_THAN_PART = "smaller_than_part"
    ALREADY_SO = "already_so"
    FORM_REUSED = "form_reused"
    WRONG_RANGE = "wrong_range"
    NO_NUMBERS = "no_numbers"
    TOO_MANY = "too_many"
    LIVED_IN = "lived_in"
    NO_SUCH_ADDRESS = "no_such_address"
    MAY_ALREADY = "may_already"
    LIVED_IN_NOW = "lived_in_now"


class Missing(StrEnum):
    """What a room must have before people can book it (GE-01)."""

    ADDRESS = "address"
    TOWN = "town"
    TYPOLOGY = "typology"
    AREA = "area_m2"
    ZONE = "zone"
    HOMES = "homes"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Facts:
    """A room as far as going live looks at it."""

    address: str
    town: str
    typology: str | None
    area_m2: int | None
    zones: int
    homes: int
    days_open: int


def missing_from(facts: Facts) -> tuple[Missing, ...]:
    """What still has to be filled in, in the order of the pages."""
    has = {
        Missing.ADDRESS: facts.address,
        Missing.TOWN: facts.town,
        Missing.TYPOLOGY: facts.typology,
        Missing.AREA: facts.area_m2,
        Missing.ZONE: facts.zones,
        Missing.HOMES: facts.homes,
        Missing.HOURS: facts.days_open,
    }
    return tuple(what for what, found in has.items() if not found)


def slug_of(name: str) -> str:
    """A name as it stands in addresses; empty when none of its letters can."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("’", "").replace("'", ""))
    ascii_only = plain.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:LONGEST_SLUG].strip("-")


def free_slug(wished: str, taken: Collection[str]) -> str:
    """The wished one, or the first with a number behind it that nobody has."""
    number, found = 1, wished
    while found in taken:
        number += 1
        found = f"{wished}-{number}"
    return found


class Side(StrEnum):
    """Which of the numbers of a street."""

    ALL = "all"
    ODD = "odd"
    EVEN = "even"


def numbers_of(first: int, last: int, side: Side) -> range:
    """The house numbers from first to last, on one side or both; empty when there are none."""
    if side is Side.ALL:
        return range(first, last + 1)
    remainder = 1 if side is Side.ODD else 0
    return range(first + (first % 2 != remainder), last + 1, 2)


_END = re.compile(r"(?<=[a-z])(straat|laan|weg|plein|hof|dreef|pad|kade|gracht|singel|plantsoen|steeg|burg)$")


def address_name_of(address: str) -> str:
    """The short name of an address, to sign in with: Lindestraat 14b becomes linde-14b."""
    street, number = _street_and_number(address)
    shorter = _END.sub("", slug_of(street))
    short = shorter if len(shorter.strip("-")) > 1 else slug_of(street)
    return slug_of(f"{short} {number}")


@lru_cache(maxsize=20_000)
def in_order_of_streets(address: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """How addresses are sorted: 2 before 14, 14a before 14b, 18-2 before 18-10."""
    street, number = _street_and_number(address)
    parts = re.findall(r"\d+|\D+", number)
    return street.casefold(), tuple((int(part), "") if part.isdecimal() else (0, part) for part in parts)


def _street_and_number(address: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.*?)\s+(\d.*)", address)
    return (found[1], found[2]) if found else (address, "")


class Seen:
    """What stood in a form when it was opened, as short digests by field: enough to compare.

    It goes along in the form as one word per field.
    """

    def __init__(self, digests: Mapping[str, str]) -> None:
        self._digests = digests

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Seen:
        """Of what is shown now."""
        return cls({field: _digest(value) for field, value in values.items()})

    @classmethod
    def read(cls, text: str) -> Seen:
        """Out of a form; words that cannot be read name no field, and so count as never seen."""
        return cls(dict(word.partition(":")[::2] for word in text.split()))

    def __str__(self) -> str:
        return " ".join(f"{field}:{digest}" for field, digest in self._digests.items())

    def clashes(self, current: Mapping[str, str], mine: Mapping[str, str]) -> Iterator[tuple[str, Reason]]:
        """The fields that another changed since, and whether the writer changed them too.

        What both made the same is no clash.
        """
        for field, value in mine.items():
            was = self._digests.get(field)
            if was == _digest(current[field]) or current[field] == value:
                continue
            untouched = was == _digest(value)
            yield field, Reason.CHANGED_MEANWHILE if untouched else Reason.CHANGED_BY_BOTH


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:12]
