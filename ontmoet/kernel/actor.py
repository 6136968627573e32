"""Who is doing something, as far as rules and permissions need to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Function(StrEnum):
    """What somebody does for a room, or for the corporation when no room is named."""

    HOST = "host"
    KEY_KEEPER = "key_keeper"
    AGENDA_KEEPER = "agenda_keeper"
    ORGANISER = "organiser"
    CONNECTOR = "connector"
    CHAIR = "chair"
    SECRETARY = "secretary"
    TREASURER = "treasurer"
    STAFF = "staff"
    PARTNER = "partner"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Dwelling:
    """A home somebody lives in now."""

    home_id: int
    complex_id: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A room as a link needs it: where its page is, what it is called, which door it has."""

    room_id: int
    slug: str
    name: str
    door: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody signed in, read anew at each request, so a change of role works at once.

    `functions` maps a room's id to what this person does there; the key None holds functions for the
    whole corporation. `organisations` maps the same keys to the partner somebody comes for. `places` are
    the rooms this person belongs to, the own one first.
    """

    person_id: int
    name: str
    dwellings: tuple[Dwelling, ...] = ()
    functions: Mapping[int | None, frozenset[Function]] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    organisations: Mapping[int | None, int] = field(default_factory=dict)

    @property
    def given_name(self) -> str:
        return self.name.split(" ", 1)[0]

    @property
    def initial(self) -> str:
        return self.name[:1].upper()

    def functions_in(self, room_id: int) -> frozenset[Function]:
        """What this person does in one room, without what they do for the corporation."""
        return self.functions.get(room_id, frozenset())

    def has(self, function: Function, room_id: int | None = None) -> bool:
        return function in self.functions.get(room_id, frozenset())
