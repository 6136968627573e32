"""Codes of an app, and spare ones: each is taken once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ontmoet.db import let_go, unit_of_work
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.sealing import unseal
from ontmoet.recovery.rules import keyed_digest
from ontmoet.web.settings import current_config

from . import actions
from .queries import code_app_of
from .rules import SPARE_LENGTH, Reason, spare_code_in, step_of_code

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


def code_to_take(person_id: int, typed: str, *, now: datetime) -> Callable[[], None]:
    """What takes a code of somebody's app, or a spare one. Call it in the unit of work of what the code is
    for, so that both happen or neither. Raises `Refused`, and so may what it returns.
    """
    with unit_of_work():
        within = actions.may_try_proof(person_id, now=now)
    if not within:
        raise Refused(Objection(Reason.TOO_MANY_TRIES))
    code = spare_code_in(typed)
    if len(code) == SPARE_LENGTH:
        return partial(_take_spare, person_id, spare_digest(code), now)
    step = step_of_code(secret, code, now=now) if (secret := _secret_of(person_id)) is not None else None
    if step is None:
        raise Refused(Objection(Reason.WRONG_CODE, "code"))
    return partial(_take_step, person_id, step, now)


def spare_digest(code: str) -> str:
    """As a spare code is stored."""
    return keyed_digest(current_config().token_key, f"spare-code/{code}")


def app_purpose(seal_id: str) -> str:
    """What the secret of an app is sealed for."""
    return f"code-app/{seal_id}"


def _take_spare(person_id: int, digest: str, now: datetime) -> None:
    if not actions.use_spare_code(person_id, digest, now=now):
        raise Refused(Objection(Reason.WRONG_CODE, "code"))
    actions.was_no_guess(person_id, now=now)


def _take_step(person_id: int, step: int, now: datetime) -> None:
    if not actions.use_step(person_id, step):
        raise Refused(Objection(Reason.USED_CODE, "code"))
    actions.was_no_guess(person_id, now=now)


def _secret_of(person_id: int) -> str | None:
    found = code_app_of(person_id)
    let_go()
    if found is None:
        return None
    seal_id, sealed = found
    return unseal(sealed, app_purpose(seal_id), key=current_config().token_key)
