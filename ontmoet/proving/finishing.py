"""The end of the second step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import session

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.people.actions import prove_session
from ontmoet.people.entering import enter, new_cookies
from ontmoet.recovery.regained import is_regained, mark_regained

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from ontmoet.people.actor_queries import SignedIn


def let_in(waiting: SignedIn, target: str, *, take: Callable[[], Objection | None] | None = None) -> Response:
    """The second proof was given: the session is worth something from now on. `take` uses up what was shown:
    both happen or neither. Raises `Refused` when that says why not.
    """
    now, regained = clock.now(), is_regained(now=clock.now())
    secret, device = new_cookies()
    with unit_of_work():
        objection = None if take is None else take()
        if objection is None:
            proven = prove_session(waiting, secret=secret, now=now)
    if objection is not None:
        raise Refused(objection)
    response = enter(proven, secret=secret, device=device, target=target)
    if regained:
        mark_regained(session, now=now)
    return response
