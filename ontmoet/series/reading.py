"""What the forms about series send, as values."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import abort, request

from ontmoet.kernel.text import Malformed
from ontmoet.kernel.text import day as read_day
from ontmoet.kernel.text import form_key as read_key
from ontmoet.kernel.text import minutes as read_minutes
from ontmoet.trail.actions import FormPost
from ontmoet.web.access import known_actor

from .planning import Instead
from .reshaping import Became

if TYPE_CHECKING:
    from collections.abc import Mapping


NOT_KEPT = frozenset({"csrf_token", "step", "take", "instead", "seen", "vanaf"})


def kept_fields() -> list[tuple[str, str]]:
    """What was typed, to go along with the preview."""
    return [
        (name, value) for name, values in request.form.lists() if name not in NOT_KEPT for value in values
    ]


def seen_days() -> frozenset[date]:
    """The days that the preview showed as free; what cannot be read was not made by us."""
    return frozenset(_read(part) for part in request.form.get("seen", "").split(",") if part)


def taken_days() -> frozenset[date]:
    """The days that are ticked."""
    return frozenset(_read(part) for part in request.form.getlist("take"))


def seen_text(seen: Mapping[date, str]) -> str:
    """What a change was seen to mean, for the form to bring back."""
    return ",".join(f"{day}={became}" for day, became in sorted(seen.items()))


def seen_steps() -> dict[date, str]:
    """What `seen_text` wrote."""
    found = {}
    for part in filter(None, request.form.get("seen", "").split(",")):
        day, _equals, became = part.partition("=")
        if became not in set(Became):
            abort(400)
        found[_read(day)] = became
    return found


def chosen_instead() -> dict[date, Instead]:
    """Something else for some days, the first that was ticked of each."""
    found: dict[date, Instead] = {}
    for value in request.form.getlist("instead"):
        try:
            day, begin, end, slug = value.split("/")
            found.setdefault(_read(day), Instead(read_minutes(begin), read_minutes(end), slug))
        except (ValueError, Malformed):
            abort(400)
    return found


def form_post(key: str) -> FormPost:
    """The form as the trail knows it, with all that was ticked."""
    left_out = ("csrf_token", "idempotency_key")
    fields: dict[str, object] = {
        name: values for name, values in request.form.lists() if name not in left_out
    }
    return FormPost(known_actor().person_id, request.full_path.rstrip("?"), key, fields)


def key_given() -> str:
    """The key of a form that has nothing to fill in."""
    try:
        return read_key(request.form.get("idempotency_key", ""))
    except Malformed:
        abort(400)


def since_given() -> date | None:
    """From which date on; None for all that is to come."""
    given = request.form.get("vanaf") or request.args.get("vanaf")
    return None if not given else _read(given)


def day_given(name: str = "day") -> date:
    """The day that a button stands for."""
    return _read(request.form.get(name, ""))


def _read(text: str) -> date:
    try:
        return read_day(text)
    except Malformed:
        abort(400)
