"""Giving somebody a nickname and a PIN, or new ones. Runs inside a unit of work and commits nothing itself.

Hash the PIN outside it: `hash_password` of `passwords.py`, after `check_pin`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select

from ontmoet.db import execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.text import folded_name
from ontmoet.trail.actions import record

from .models import Credential
from .queries import lock_home
from .rules import Reason, is_easy_pin, nickname_problem

if TYPE_CHECKING:
    from datetime import datetime

_credential = Credential.__table__

_WHOSE = select(_credential.c.person_id).where(
    _credential.c.home_id == bindparam("home_id"), _credential.c.nickname == bindparam("nickname")
)
_GIVE = insert(_credential).returning(_credential.c.id)
_FORGET = delete(_credential).where(_credential.c.person_id == bindparam("whose"))


def check_pin(pin: str) -> None:
    """Raises `Refused` (PIN_TOO_EASY) for six digits that are easily guessed."""
    if is_easy_pin(pin):
        raise Refused(Objection(Reason.PIN_TOO_EASY, "pin"))


def check_nickname(nickname: str, *, home_id: int, person_id: int | None = None) -> None:
    """Raises `Refused` when nobody can have this nickname, or somebody else in the home has it.

    Ask again while the home is locked: `give_pin` does.
    """
    problem = nickname_problem(nickname)
    if problem is None:
        whose = execute(_WHOSE, home_id=home_id, nickname=folded_name(nickname)).scalar()
        if whose is not None and whose != person_id:
            problem = Reason.NICKNAME_TAKEN
    if problem is not None:
        raise Refused(Objection(problem, "nickname"))


def give_pin(
    person_id: int, *, home_id: int, nickname: str, pin_hash: str, actor_id: int, now: datetime
) -> None:
    """From now on this person signs in with this home, nickname and PIN, and with no other.

    Locks the home. Raises `Refused` as `check_nickname` does.
    """
    lock_home(home_id)
    check_nickname(nickname, home_id=home_id, person_id=person_id)
    execute(_FORGET, whose=person_id)
    credential_id: int = execute(
        _GIVE, person_id=person_id, home_id=home_id, nickname=folded_name(nickname), pin_hash=pin_hash
    ).scalar_one()
    record(
        "pin_given",
        object_kind="credential",
        object_id=credential_id,
        actor_id=actor_id,
        on_behalf_of_id=person_id,
        now=now,
    )
