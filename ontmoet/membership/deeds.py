"""What can be done with somebody's page: one row for each page about a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ontmoet.kernel.permissions import Permission, allows
from ontmoet.web.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView


@dataclass(frozen=True, slots=True)
class Deed:
    """A link on a person's page: under the person's address, for whom has the permission in the room; some
    only of somebody with a home there, or who still belongs to it.
    """

    path: str
    icon: str
    label: Any
    line: Any
    permission: Permission
    only_with_a_home: bool = False
    only_while_here: bool = False


DEEDS = (
    Deed(
        "functie",
        "heart",
        _l("Geef een functie"),
        _l("Zoals gastheer of organisator"),
        Permission.FUNCTIONS_GIVE,
        only_while_here=True,
    ),
    Deed(
        "verhuisd",
        "house",
        _l("Verhuisd"),
        _l("Woont hier niet meer"),
        Permission.PERSON_CHANGE,
        only_with_a_home=True,
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


def deeds_with(actor: Actor, room: RoomView, *, has_home: bool, is_here: bool) -> tuple[Deed, ...]:
    """What this person may do with somebody of the room, with a home there or not, still here or not."""
    return tuple(
        deed
        for deed in DEEDS
        if allows(actor, deed.permission, room)
        and (has_home or not deed.only_with_a_home)
        and (is_here or not deed.only_while_here)
    )
