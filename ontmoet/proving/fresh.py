"""Who does something that weighs says once more who it is, in place: what was filled in goes along."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.people import confirming
from ontmoet.people.rules import Reason as PeopleReason
from ontmoet.people.wording import say as say_people
from ontmoet.web.access import known_actor
from ontmoet.web.pages import page, slow_down
from ontmoet.web.settings import current_config

from .ceremonies import read_shown
from .codes import code_to_take
from .forms import AgainForm
from .queries import code_app_of, proofs_of
from .rules import TRIES_WINDOW, Reason
from .wording import say

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Response

_DIGITS = re.compile(r"[0-9]{6}")
_PROOFS = frozenset({"csrf_token", "proof_secret", "proof_answer"})


def asked_again() -> Response | None:
    """None when it is known who it is, for a while. Else the page that asks, to be sent instead: its form
    comes back here with all that was filled in. Ask it of a POST, once it is settled that somebody may.
    """
    now = clock.now()
    if confirming.is_confirmed(now):
        return None
    form = AgainForm(request.form)
    status, too_often = 200, False
    if not _PROOFS.isdisjoint(set(request.form) - {"csrf_token"}):
        answer = request.form.get("proof_answer", "")
        try:
            if not answer and not form.validate():
                raise Refused
            prove_again(form.proof_secret.data, answer, now=now)
        except Refused as refusal:
            status, too_often = 422, _refuse(form, refusal)
        else:
            return None
    response = page(
        "proving/again.html",
        status=status,
        nav="mine",
        form=form,
        kept=[
            (name, value) for name, values in request.form.lists() if name not in _PROOFS for value in values
        ],
        takes_passkeys=takes_passkeys(),
        by_work=by_work(request.path),
    )
    return slow_down(response, seconds=TRIES_WINDOW.total_seconds()) if too_often else response


def prove_again(typed: str, answer: str, *, now: datetime) -> None:
    """Take the answer of a passkey, or what was typed: the password, the PIN or a code of the app. Raises
    `Refused`.
    """
    person_id = known_actor().person_id
    if answer:
        if read_shown(answer, now=now).person_id != person_id:
            raise Refused(Objection(Reason.NO_PASSKEY))
        confirming.note_confirmed(now)
    elif _DIGITS.fullmatch(typed) and _is_code(person_id, typed, now):
        confirming.note_confirmed(now)
    else:
        # A PIN has six digits too.
        confirming.confirm(person_id, typed, now=now)


def _refuse(form: AgainForm, refusal: Refused) -> bool:
    """Put the reasons at the field; whether it was tried too often."""
    form.refuse(
        (
            # What is wrong with a password stands at the one field of the form.
            Objection(objection.reason, objection.field and "proof_secret", objection.facts)
            for objection in refusal.objections
        ),
        say_any,
    )
    reasons = {objection.reason for objection in refusal.objections}
    return not reasons.isdisjoint({Reason.TOO_MANY_TRIES, PeopleReason.TOO_MANY_TRIES})


def say_any(objection: Objection) -> str:
    """The sentence for an objection of this slice or of the people's."""
    return say_people(objection) if isinstance(objection.reason, PeopleReason) else say(objection)


def takes_passkeys() -> bool:
    """Whether browsers know passkeys at the address of this site."""
    return current_config().takes_passkeys


def by_work(target: str) -> tuple[str, str] | None:
    """For who signs in with the account of their work: where they do so again, and what it is called. That
    leaves the site, so what was filled in does not go along.
    """
    openid = current_config().openid
    if openid is None or not proofs_of(known_actor().person_id).accounts:
        return None
    return f"/inloggen/organisatie?opnieuw=1&next={quote(target)}", openid.name


def _is_code(person_id: int, typed: str, now: datetime) -> bool:
    """Whether it is a code of somebody's app; who has none loses no try."""
    if code_app_of(person_id) is None:
        return False
    take = code_to_take(person_id, typed, now=now)
    with unit_of_work():
        return take() is None
