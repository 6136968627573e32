"""How long a letter works, for how many, and what somebody who joins has to fill in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from ontmoet.kernel.objections import Objection
from ontmoet.kernel.reach import is_email, is_phone
from ontmoet.kernel.text import folded_name
from ontmoet.people.rules import Reason as PeopleReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WORKS_FOR = timedelta(days=90)
MOST_USES = 6
"""A letter is for one home; more than six people seldom live there."""

TAP_AGAIN = timedelta(minutes=2)
"""The same form again within this time is a second tap; later it may be somebody else on the same device."""

MOST_AT_ONCE = 500
"""Letters of one press: making and drawing them keeps others waiting for two seconds, and a browser can print
so many.
"""

SHOWN_FOR = timedelta(days=30)
"""So long those at home read on their page that somebody joined."""

GUESSES_WINDOW = timedelta(hours=1)
MOST_GUESSES = 30
"""Codes that are none, from one network. A code cannot be guessed: this keeps programs from trying."""

LONGEST_NAME = 80


class Reason(StrEnum):
    """Why somebody cannot join, or letters are not made."""

    NO_LETTER = "no_letter"
    NAME_EMPTY = "name_empty"
    IS_IT_YOU = "is_it_you"
    GUARDIAN_EMPTY = "guardian_empty"
    EMAIL_MALFORMED = "email_malformed"
    PHONE_MALFORMED = "phone_malformed"
    RULES_NOT_ACCEPTED = "rules_not_accepted"
    RULES_CHANGED = "rules_changed"
    NOTHING_CHOSEN = "nothing_chosen"
    TOO_MANY_CHOSEN = "too_many_chosen"
    MADE_ALREADY = "made_already"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A letter as its code finds it. `rooms` are not part of it: they may change after it is printed."""

    invitation_id: int
    home_id: int
    address_name: str
    address: str
    complex_id: int | None
    expires_at: datetime
    uses_left: int
    revoked_at: datetime | None

    def works(self, now: datetime) -> bool:
        """Neither old, used up, nor replaced by a newer one."""
        return self.revoked_at is None and self.uses_left > 0 and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody who joins filled in. `rules_seen` names the house rules that were on the screen.

    An empty nickname stands for the first word of the name. `guardian` is the name of a parent, of use only
    to a child.
    """

    name: str
    nickname: str
    email: str
    phone: str
    own_phone: bool
    accepts_rules: bool
    rules_seen: str
    is_somebody_else: bool
    is_child: bool
    guardian: str

    @property
    def given_name(self) -> str:
        return self.name.split(" ", 1)[0]

    @property
    def chosen_nickname(self) -> str:
        return self.nickname or self.given_name


def objections_to(
    newcomer: Newcomer, *, at_home: Iterable[str], has_guardian: bool, rules_now: str
) -> list[Objection]:
    """Everything that keeps somebody from joining a home in which people with these names live. A name
    that lives there already is asked about once: “Ben jij dit?”. A child needs a guardian who lives there.
    """
    found = []
    name = folded_name(newcomer.name)
    if not name:
        found.append(Objection(Reason.NAME_EMPTY, "name"))
    elif not newcomer.is_somebody_else and name in map(folded_name, at_home):
        found.append(Objection(Reason.IS_IT_YOU, "name"))
    if newcomer.is_child and not folded_name(newcomer.guardian):
        found.append(Objection(Reason.GUARDIAN_EMPTY, "guardian"))
    elif newcomer.is_child and not has_guardian:
        found.append(Objection(PeopleReason.NO_GUARDIAN, "guardian"))
    if newcomer.phone and not is_phone(newcomer.phone):
        found.append(Objection(Reason.PHONE_MALFORMED, "phone"))
    if newcomer.email and not is_email(newcomer.email):
        found.append(Objection(Reason.EMAIL_MALFORMED, "email"))
    return found + objections_to_agreeing(newcomer.rules_seen, rules_now, accepts=newcomer.accepts_rules)


def objections_to_agreeing(seen: str, now: str, *, accepts: bool) -> list[Objection]:
    """Nobody agrees with house rules that were not on the screen, or goes without those in force."""
    if seen != now:
        return [Objection(Reason.RULES_CHANGED, "accepts_rules")]
    return [Objection(Reason.RULES_NOT_ACCEPTED, "accepts_rules")] if now and not accepts else []


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody joined a home of the reader; a child that waits may ask the reader to agree."""

    at: datetime
    asks_reader: bool


@dataclass(frozen=True, slots=True)
class HomeLetter:
    """How a home stands with its letter; without one, `made_at` and `expires_at` are None.

    `uses` are of this letter, `people` are all who live there and take part, however they joined.
    """

    address_name: str
    address: str
    made_at: datetime | None
    expires_at: datetime | None
    uses: int
    people: int

    def still_works(self, now: datetime) -> bool:
        """Somebody can still join with this letter, so a new one would take that from them."""
        return self.expires_at is not None and now < self.expires_at and self.uses < MOST_USES

    @property
    def is_empty(self) -> bool:
        """Nobody of this home takes part."""
        return self.people == 0

    @property
    def order(self) -> tuple[tuple[int, str], ...]:
        """For sorting: number 9 goes before number 10."""
        return _order(self.address_name)


def of_one_press(letters: Sequence[HomeLetter], *, now: datetime) -> Sequence[HomeLetter]:
    """Whom the button for all makes letters for. Of more than go at once: the first that have none that
    works, so that the next press goes on where this one ended.
    """
    if len(letters) <= MOST_AT_ONCE:
        return letters
    return [letter for letter in letters if not letter.still_works(now)][:MOST_AT_ONCE]


# Each look at a list sorts the same few hundred names anew.
@lru_cache(maxsize=20_000)
def _order(address_name: str) -> tuple[tuple[int, str], ...]:
    parts = re.findall(r"[0-9]+|[^0-9]+", address_name)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)
