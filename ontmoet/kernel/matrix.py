"""Who may do what, for people to read: the permission table, asked for each kind of person.

Nothing is written down a second time. Each answer is what `allows` says about somebody made up, in a room
of their own and about a booking of another.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .actor import Actor, Dwelling, Function
from .permissions import Permission, allows

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOM, COMPLEX, MYSELF, SOMEBODY_ELSE = 1, 1, 1, 2


class Answer(StrEnum):
    """Whether somebody may: always, with what is their own, or not."""

    YES = "yes"
    OWN = "own"
    NO = "no"


_RANK = {Answer.NO: 0, Answer.OWN: 1, Answer.YES: 2}


class Home(StrEnum):
    """Who comes to a room without a function there."""

    NONE = "none"  # no account
    RESIDENT = "resident"


Who = Home | Function


@dataclass(frozen=True, slots=True)
class Subject:
    """A room, a complex, a booking, a key and a person in one, as far as permissions look."""

    person_id: int | None
    guardian_id: int | None = None
    room_id: int = ROOM
    used_by_complexes: frozenset[int] = frozenset({COMPLEX})
    used_by_homes: frozenset[int] = frozenset()
    room_ids: frozenset[int] = frozenset({ROOM})
    is_for_corporation: bool = False
    next_ids: frozenset[int] = frozenset()
    opener_ids: frozenset[int] = frozenset()
    organisation_id: int | None = None

    @property
    def holder_id(self) -> int | None:
        return self.person_id


@dataclass(frozen=True, slots=True)
class Group:
    """People who may exactly the same."""

    people: tuple[Who, ...]
    answers: Mapping[Permission, Answer]

    def may(self, answer: Answer) -> tuple[Permission, ...]:
        return tuple(permission for permission, given in self.answers.items() if given is answer)

    def beyond(self, other: Group) -> Group | None:
        """What these people may on top of the others; None when those may anything that these may not."""
        if any(_RANK[given] < _RANK[other.answers[permission]] for permission, given in self.answers.items()):
            return None
        more = {
            permission: Answer.NO if given is other.answers[permission] else given
            for permission, given in self.answers.items()
        }
        return Group(self.people, more)


def answer(who: Who, permission: Permission) -> Answer:
    """Whether this kind of person has the permission, in a room where they belong."""
    actor = _made_up(who)
    if allows(actor, permission, Subject(SOMEBODY_ELSE)):
        return Answer.YES
    return Answer.OWN if allows(actor, permission, Subject(MYSELF)) else Answer.NO


def groups() -> tuple[Group, ...]:
    """All kinds of people, those who may the same together."""
    alike: defaultdict[tuple[Answer, ...], list[Who]] = defaultdict(list)
    for who in (*Home, *Function):
        alike[tuple(answer(who, permission) for permission in Permission)].append(who)
    return tuple(
        Group(tuple(people), dict(zip(Permission, answers, strict=True))) for answers, people in alike.items()
    )


def _made_up(who: Who) -> Actor | None:
    match who:
        case Home.NONE:
            return None
        case Home.RESIDENT:
            return Actor(MYSELF, "", dwellings=(Dwelling(1, COMPLEX),))
        case Function.ADMINISTRATOR:
            return Actor(MYSELF, "", functions={None: frozenset({who})})
        case _:
            return Actor(MYSELF, "", functions={ROOM: frozenset({who})})
