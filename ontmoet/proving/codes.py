"""Codes of an app, and spare ones: each is taken once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ontmoet.db import let_go
from ontmoet.kernel.objections import Objection
from ontmoet.kernel.sealing import unseal
from ontmoet.recovery.rules import keyed_digest
from ontmoet.web.settings import current_config

from . import actions
from .queries import code_app_of
from .rules import SPARE_LENGTH, Reason, spare_code_in, step_of_code

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


def code_to_take(person_id: int, typed: str, *, now: datetime) -> Callable[[], Objection | None]:
    """What takes a code of somebody's app, or a spare one. Call it in the unit of work of what the code is
    for, so that both happen or neither. It returns why not, to be raised once that unit is over: the try is
    counted in it before anything is told, and is lost to nobody when the database is busy.
    """
    code = spare_code_in(typed)
    if len(code) == SPARE_LENGTH:
        use = partial(_use_spare, person_id, spare_digest(code), now)
    else:
        step = step_of_code(secret, code, now=now) if (secret := _secret_of(person_id)) is not None else None
        use = partial(_use_step, person_id, step)
    return partial(_take, use, person_id, now)


def spare_digest(code: str) -> str:
    """As a spare code is stored."""
    return keyed_digest(current_config().token_key, f"spare-code/{code}")


def app_purpose(seal_id: str) -> str:
    """What the secret of an app is sealed for."""
    return f"code-app/{seal_id}"


def _take(use: Callable[[], Reason | None], person_id: int, now: datetime) -> Objection | None:
    if not actions.may_try_proof(person_id, now=now):
        return Objection(Reason.TOO_MANY_TRIES)
    why_not = use()
    if why_not is not None:
        return Objection(why_not, "code")
    actions.was_no_guess(person_id, now=now)
    return None


def _use_spare(person_id: int, digest: str, now: datetime) -> Reason | None:
    return None if actions.use_spare_code(person_id, digest, now=now) else Reason.WRONG_CODE


def _use_step(person_id: int, step: int | None) -> Reason | None:
    if step is None:
        return Reason.WRONG_CODE
    return None if actions.use_step(person_id, step) else Reason.USED_CODE


def _secret_of(person_id: int) -> str | None:
    found = code_app_of(person_id)
    let_go()
    if found is None:
        return None
    seal_id, sealed = found
    return unseal(sealed, app_purpose(seal_id), key=current_config().token_key)
