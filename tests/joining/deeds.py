"""What people do with letters, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.db import unit_of_work
from ontmoet.joining import actions
from ontmoet.joining.rules import Newcomer
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.people.passwords import hash_password
from ontmoet.rooms.queries import room_by_id
from ontmoet.trail.actions import FormPost
from tests import builders as make
from tests.watching import rows

if TYPE_CHECKING:
    from typing import Any

    from tests.cast import Neighbourhood

PIN_HASH = hash_password(make.PIN)
HOME = "linde-14b"


def print_letters(
    hood: Neighbourhood, *address_names: str, by: str = "sanne", key: str | None = None
) -> dict[str, str]:
    """Make letters for these homes; the code of each, by address name."""
    post = FormPost(
        hood.people[by], "/r/de-linde/brieven", key or make.new_key(), {"homes": sorted(address_names)}
    )
    with hood.app.app_context(), unit_of_work():
        made = actions.make_letters(
            room_by_id(hood.linde), address_names, post=post, location="/r/de-linde/brieven", now=clock.now()
        )
    return {letter.address_name: letter.code for letter in made}


def a_letter(hood: Neighbourhood, address_name: str = HOME) -> str:
    return print_letters(hood, address_name)[address_name]


def a_newcomer(**others: Any) -> Newcomer:
    usual = {
        "name": "Henk Mulder",
        "nickname": "",
        "email": "",
        "phone": "",
        "own_phone": True,
        "accepts_rules": True,
        "rules_seen": "",
        "is_somebody_else": False,
        "is_child": False,
        "guardian": "",
    }
    return Newcomer(**{**usual, **others})


def join(
    hood: Neighbourhood,
    code: str,
    *,
    device: str = "telefoon",
    key: str = "een sleutel van een formulier",
    secret: str | None = None,
    **filled_in: Any,
) -> Any:
    """Join with a letter: who is signed in, None for a child. Raises `Refused`."""
    with hood.app.app_context(), unit_of_work():
        return actions.join(
            code,
            a_newcomer(**filled_in),
            pin_hash=PIN_HASH,
            form_key=key,
            device=device,
            secret=secret or make.new_key(),
            now=clock.now(),
        )


def reasons(hood: Neighbourhood, code: str, **how: Any) -> list[str]:
    """Why joining is refused; empty when it is not."""
    try:
        join(hood, code, **how)
    except Refused as refusal:
        return [str(objection.reason) for objection in refusal.objections]
    return []


def letter_rows(hood: Neighbourhood) -> list[tuple[int, bool]]:
    """(uses left, replaced) of each letter, the oldest first."""
    found = rows(hood.app, "select uses_left, revoked_at from invitation order by id")
    return [(row.uses_left, row.revoked_at is not None) for row in found]
