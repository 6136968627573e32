"""What can be done with somebody's page: one row for each page about a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ontmoet.kernel.permissions import Permission, allows
from ontmoet.web.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

    from .queries import PersonCard


def _always(_person: PersonCard, _day: date) -> bool:
    return True


def _is_here(person: PersonCard, day: date) -> bool:
    return person.is_here_on(day)


def _has_home(person: PersonCard, _day: date) -> bool:
    return bool(person.homes)


def _moves(person: PersonCard, _day: date) -> bool:
    return any(home.until is not None for home in person.homes)


@dataclass(frozen=True, slots=True)
class Deed:
    """A link on a person's page: under the person's address, for whom has the permission in the room, and
    of whom it can be done on that day.
    """

    path: str
    icon: str
    label: Any
    line: Any
    permission: Permission
    when: Callable[[PersonCard, date], bool] = _always


DEEDS = (
    Deed(
        "functie",
        "heart",
        _l("Geef een functie"),
        _l("Zoals gastheer of organisator"),
        Permission.FUNCTIONS_GIVE,
        _is_here,
    ),
    Deed(
        "verhuisd",
        "house",
        _l("Verhuisd"),
        _l("Woont hier niet meer"),
        Permission.PERSON_CHANGE,
        _has_home,
    ),
    Deed(
        "reserveringen",
        "calendar",
        _l("Reserveringen"),
        _l("Wat gaat door, en wat niet"),
        Permission.PERSON_CHANGE,
        _moves,
    ),
    Deed("overleden", "moon", _l("Overleden"), _l("Dan sturen we niets meer"), Permission.PERSON_CHANGE),
    Deed(
        "samenvoegen",
        "people",
        _l("Staat er twee keer"),
        _l("Maak er één persoon van"),
        Permission.PERSON_CHANGE,
    ),
    Deed(
        "verwijderen",
        "cross",
        _l("Wis alle gegevens"),
        _l("Als iemand daarom vraagt"),
        Permission.PERSON_ERASE,
    ),
)


def deeds_with(actor: Actor, room: RoomView, person: PersonCard, *, day: date) -> tuple[Deed, ...]:
    """What may and can be done with somebody of the room, in the order of the page."""
    return tuple(deed for deed in DEEDS if allows(actor, deed.permission, room) and deed.when(person, day))
