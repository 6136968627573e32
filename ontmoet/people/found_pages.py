"""A page on which somebody is found by name: the name travels in the form only, and the answer is shown on
the page itself, so that going back and loading again show it once more without looking anybody up.

Who was found is kept by id in the signed cookie of the session; each page shows what was found there last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, session

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.web.access import known_actor

from .finding import Finding, Scope, find, those_of
from .rules import FRESH_FOR
from .wording import say

if TYPE_CHECKING:
    from ontmoet.rooms.rules import RoomView

    from .forms import NameForm

SHOWN = "gevonden"
"""What the address carries after a search. Without it the page begins anew."""


def found_by(form: NameForm, room: RoomView, scope: Scope, *, besides: int | None = None) -> str | None:
    """Look for who was typed; where the answer is shown, or None when the form has to be mended."""
    now = clock.now()
    if not form.validate():
        return None
    try:
        with unit_of_work():
            finding = find(
                room, scope, form.name.data, actor_id=known_actor().person_id, besides=besides, now=now
            )
    except Refused as refusal:
        form.refuse(refusal.objections, say)
        return None
    ids = [person.public_id for person in finding.people]
    session["found"] = [request.path, int(now.timestamp()), ids, finding.has_more]
    return f"{request.path}?{SHOWN}"


def found_before(room: RoomView, scope: Scope) -> Finding | None:
    """Who was found on this page a moment ago and still belongs to the room; None when nobody was asked."""
    is_shown = request.method == "GET" and SHOWN in request.args
    return found_on(request.path, room, scope) if is_shown else None


def found_on(page: str, room: RoomView, scope: Scope) -> Finding | None:
    """Who was found on that page a moment ago: for a form on it that is sent elsewhere, and comes back."""
    if "found" not in session:
        return None
    path, at, ids, has_more = session["found"]
    now = clock.now()
    if path != page or not 0 <= int(now.timestamp()) - at <= FRESH_FOR.total_seconds():
        return None
    return Finding(tuple(those_of(room, scope, ids, now=now)), has_more)
