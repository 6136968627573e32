"""What can be a phone number or an e-mail address, and who may be removed by whom."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Objection

if TYPE_CHECKING:
    from collections.abc import Collection

    from ontmoet.kernel.actor import Actor

LONGEST_NAME = 80


class Reason(StrEnum):
    """Why a change of somebody's data is refused."""

    NO_PHONE = "no_phone"
    NO_ADDRESS = "no_address"
    SAME_ADDRESS = "same_address"
    NOT_SURE = "not_sure"
    OBSTACLE = "obstacle"
    NOT_YOURSELF = "not_yourself"
    NOT_YOURS_ALONE = "not_yours_alone"
    NOT_ASKED = "not_asked"


class Asked(StrEnum):
    """How somebody who cannot sign in asked to be removed. Nothing is removed unasked."""

    LETTER = "letter"
    IN_PERSON = "in_person"
    PHONE = "phone"
    FAMILY = "family"


def objections_to_removing(
    actor: Actor, person_id: int, ties: Collection[int | None]
) -> tuple[Objection, ...]:
    """Why this person may not remove that one, who belongs to these rooms; None is the corporation.

    Staff answer for their own rooms. Whoever also belongs to another, or to the corporation, is removed by
    an administrator. Oneself one removes on one's own page.
    """
    if person_id == actor.person_id:
        return (Objection(Reason.NOT_YOURSELF),)
    if actor.has(Function.ADMINISTRATOR):
        return ()
    if all(actor.has(Function.STAFF, room_id) for room_id in ties):
        return ()
    return (Objection(Reason.NOT_YOURS_ALONE),)
