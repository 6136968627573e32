"""Neighbours from outside the complexes who were let in."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import TYPE_CHECKING

from ontmoet.kernel.tokens import ALPHABET, PUBLIC_ID_LENGTH
from ontmoet.membership.models import Admission
from ontmoet.people.models import Person, Residency
from ontmoet.people.rules import Channel
from ontmoet.rooms.models import Home, RightOfUse

from .world import NEIGHBOURS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .settle import Booker
    from .writing import Rows


def add_neighbours(rows: Rows, room_ids: Mapping[str, int], cast: Mapping[str, Booker], since: date) -> None:
    """Set each ready with an address, a right of use for one room, and who let them in."""
    for plan in NEIGHBOURS:
        if plan.room not in room_ids:
            continue
        dice = Random(plan.name)
        home_id = rows.add(
            Home,
            complex_id=None,
            address_name=f"buur-{''.join(dice.choices(ALPHABET, k=6))}",
            address=plan.address,
        )
        person_id = rows.add(
            Person,
            public_id="".join(dice.choices(ALPHABET, k=PUBLIC_ID_LENGTH)),
            name=plan.name,
            email=None,
            phone=plan.phone,
            password_hash=None,
            language="nl",
            channel=Channel.CALL,
            guardian_id=None,
            erased_at=None,
            merged_into_id=None,
        )
        rows.add(Residency, person_id=person_id, home_id=home_id, since=since, until=None)
        rows.add(RightOfUse, room_id=room_ids[plan.room], complex_id=None, home_id=home_id)
        rows.add(
            Admission,
            room_id=room_ids[plan.room],
            home_id=home_id,
            reason=plan.reason,
            since=since,
            until=None,
            admitted_by_id=cast[plan.admitted_by].person_id,
        )
