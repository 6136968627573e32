"""Which house rules hold in a room, and whether somebody still has to agree with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.kernel.objections import Objection
from ontmoet.kernel.permissions import lives_near

if TYPE_CHECKING:
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView


class Reason(StrEnum):
    """Why agreeing, or publishing, is refused."""

    CHANGED_MEANWHILE = "changed_meanwhile"
    PUBLISHED_MEANWHILE = "published_meanwhile"
    NO_RULES = "no_rules"
    NOTHING_CHANGED = "nothing_changed"
    NO_CHANGE_NOTE = "no_change_note"
    FORM_REUSED = "form_reused"


class How(StrEnum):
    """How somebody agreed."""

    SCREEN = "screen"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class RulesVersion:
    """House rules as they were published once. `change_note` says what changed and why.

    A version that only mends wording does not need acceptance; the first always does.
    """

    version_id: int
    number: int
    published_at: datetime
    body: str
    change_note: str
    needs_acceptance: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """House rules as somebody wants to publish them."""

    body: str
    change_note: str
    needs_acceptance: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that belong together, under a heading or (empty) without one."""

    heading: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far somebody is with the house rules of a room.

    `published` holds the versions that are there, oldest first; `accepted` is the number of the newest
    one this person accepted, 0 for none.
    """

    published: tuple[RulesVersion, ...]
    accepted: int = 0

    @property
    def current(self) -> RulesVersion | None:
        """The version in force; None in a room without house rules."""
        return self.published[-1] if self.published else None

    @property
    def accepted_version(self) -> RulesVersion | None:
        return next((version for version in self.published if version.number == self.accepted), None)

    @property
    def is_missing(self) -> bool:
        """Whether a version that needs acceptance came after the one that was accepted."""
        return any(version.needs_acceptance for version in self._newer)

    @property
    def changes(self) -> tuple[RulesVersion, ...]:
        """What changed for somebody who went along before and is asked again."""
        return self._newer if self.accepted and self.is_missing else ()

    @property
    def _newer(self) -> tuple[RulesVersion, ...]:
        return tuple(version for version in self.published if version.number > self.accepted)


def organisation_of(person: Actor, room: RoomView) -> int | None:
    """The organisation that goes along when this person does; None for who goes along themselves."""
    return None if lives_near(person, room) else person.organisations.get(room.room_id)


def objections_to(draft: Draft, current: RulesVersion | None) -> tuple[Objection, ...]:
    """Why this cannot follow the version in force; empty when it can."""
    found = []
    groups = groups_in(draft.body)
    if not any(group.rules for group in groups):
        found.append(Objection(Reason.NO_RULES, "body"))
    elif current is not None and groups == groups_in(current.body):
        found.append(Objection(Reason.NOTHING_CHANGED, "body"))
    if current is not None and not draft.change_note:
        found.append(Objection(Reason.NO_CHANGE_NOTE, "change_note"))
    return tuple(found)


def published_at(versions: tuple[RulesVersion, ...], now: datetime) -> tuple[RulesVersion, ...]:
    """The versions that are published by now, in the order given."""
    return tuple(version for version in versions if version.published_at <= now)


def groups_in(body: str) -> tuple[Group, ...]:
    """The rules of a plain text: one on each line, and a line that ends with a colon is a heading."""
    found: list[tuple[str, list[str]]] = []
    for line in filter(None, map(str.strip, body.splitlines())):
        if line.endswith(":"):
            found.append((line[:-1].rstrip(), []))
        elif found:
            found[-1][1].append(line)
        else:
            found.append(("", [line]))
    return tuple(Group(heading, tuple(rules)) for heading, rules in found)
