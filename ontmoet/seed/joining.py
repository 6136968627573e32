"""How people of the demo get in who have no e-mail address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.people.models import Credential
from ontmoet.people.passwords import hash_password
from ontmoet.people.personas import PIN_PERSONAS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .settle import Booker
    from .writing import Rows


def add_pins(rows: Rows, cast: Mapping[str, Booker]) -> None:
    """Nickname and PIN of those the sign-in page of the demo shows them for."""
    for persona in PIN_PERSONAS:
        booker = cast[persona.given_name]
        rows.add(
            Credential,
            person_id=booker.person_id,
            home_id=booker.home_id,
            nickname=persona.nickname,
            pin_hash=hash_password(persona.pin),
        )
