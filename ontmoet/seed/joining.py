"""How people of the demo get in who have no e-mail address."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from ontmoet.joining.models import Invitation, InvitationUse
from ontmoet.joining.rules import MOST_USES, WORKS_FOR
from ontmoet.kernel.tokens import digest_of
from ontmoet.people.models import Credential
from ontmoet.people.passwords import hash_password
from ontmoet.people.personas import PIN_PERSONAS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from .settle import Booker
    from .writing import Rows

ROUNDS = ((0, 20, timedelta(days=100), 2), (20, 44, timedelta(days=20), 3))
"""Letters went round twice: (from this home, up to that one, how long ago, one in so many was used)."""


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


def add_letters(
    rows: Rows, homes: Sequence[int], *, who_lives: Mapping[int, int], made_by_id: int, now: datetime
) -> None:
    """Letters for the first homes of a street, some of them used by the person who lives there. The
    first round is over by now, and the last homes never had one. Nobody knows their codes.
    """
    dice = Random("letters")
    for first, after, ago, one_in in ROUNDS:
        for place, home_id in enumerate(homes[first:after]):
            person_id = who_lives.get(home_id) if place % one_in == 0 else None
            made_at = now - ago
            invitation_id = rows.add(
                Invitation,
                home_id=home_id,
                code_hash=digest_of(str(dice.getrandbits(140))),
                made_at=made_at,
                made_by_id=made_by_id,
                expires_at=made_at + WORKS_FOR,
                uses_left=MOST_USES if person_id is None else MOST_USES - 1,
                revoked_at=None,
            )
            if person_id is not None:
                rows.add(
                    InvitationUse,
                    invitation_id=invitation_id,
                    person_id=person_id,
                    device_hash=digest_of(str(dice.getrandbits(140))),
                    form_hash=digest_of(str(dice.getrandbits(140))),
                    at=made_at + timedelta(days=3),
                )
