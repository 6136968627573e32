"""Choosing when a key has to be back: while it is handed out, and while somebody has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from ontmoet.kernel.objections import Refused, refuse_any
from ontmoet.kernel.permissions import Permission
from ontmoet.rooms.pages import room_page
from ontmoet.web import dates
from ontmoet.web.access import requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from . import actions
from .doing import do, grip_of, seen_key
from .due import change_due
from .forms import DueForm
from .rules import HolderKind, choices_for_booking, due_choices, objections_to_due, person
from .wording import copy_name, due_line, given_to, say, turn_line

if TYPE_CHECKING:
    from .key_pages import Seen
    from .queries import Turn

bp = Blueprint("key_due", __name__)


@bp.route("/sleutels/<public_id:public_id>/op-een-andere-tijd", methods=["GET", "POST"])
@requires(Permission.KEYS_HAND_OUT)
def give_until(public_id: str) -> Response:
    """Hand the key to whose turn it is (`beurt`), and choose until when."""
    seen = seen_key(public_id, Permission.KEYS_HAND_OUT)
    asked = request.values.get("beurt", "")
    turn = next((turn for turn in seen.turns if turn.public_id == asked), None)
    if turn is None or seen.copy.now.holder.kind is HolderKind.LOST:
        return go_to(f"/sleutels/{public_id}")
    form = DueForm(request.form if request.method == "POST" else None)
    form.offer(choices_for_booking(turn.slot), seen.now)
    if request.method != "POST":
        return _give_page(seen, turn, form)
    if not form.validate():
        return _give_page(seen, turn, form, status=422)
    grip, holder, due_at = grip_of(seen), person(turn.person_id), form.due_at

    def deed() -> None:
        refuse_any(objections_to_due(due_at, starts=turn.slot.starts, now=seen.now))
        actions.hand_out(grip, holder, booking_id=turn.booking_id, due_at=due_at)

    def refused(again: Seen, refusal: Refused) -> Response:
        form.refuse(refusal.objections, say)
        return _give_page(again, turn, form, status=422)

    return do(seen, deed, holder, said=given_to(turn.name, due_at, seen.now), refused=refused)


@bp.route("/sleutels/<public_id:public_id>/terug-voor", methods=["GET", "POST"])
@requires(Permission.KEYS_HAND_OUT)
def change(public_id: str) -> Response:
    """Who has the key may keep it longer, or brings it back sooner."""
    seen = seen_key(public_id, Permission.KEYS_HAND_OUT)
    form = DueForm(request.form if request.method == "POST" else None)
    form.offer(due_choices(seen.now), seen.now)
    is_sent = request.method == "POST"
    if not is_sent or not form.validate():
        if not seen.copy.now.is_out:
            return go_to(f"/sleutels/{public_id}")
        return _change_page(seen, form, status=422 if is_sent else 200)
    grip = grip_of(seen)

    def refused(again: Seen, refusal: Refused) -> Response:
        form.refuse(refusal.objections, say)
        return _change_page(again, form, status=422)

    return do(seen, lambda: change_due(grip, form.due_at), refused=refused)


def _give_page(seen: Seen, turn: Turn, form: DueForm, *, status: int = 200) -> Response:
    return _due_page(
        seen,
        form,
        status,
        deed="op-een-andere-tijd",
        turn=turn.public_id,
        who=turn.name,
        line=turn_line(turn, seen.now),
        hears=True,
        button=_("Geef aan %(name)s", name=turn.name.split(" ", 1)[0]),
    )


def _change_page(seen: Seen, form: DueForm, *, status: int = 200) -> Response:
    held = seen.copy.now
    return _due_page(
        seen,
        form,
        status,
        deed="terug-voor",
        turn="",
        who=held.name,
        line=dates.capitalised(due_line(held.due_at, seen.now)),
        # Somebody without an account is only a name.
        hears=held.holder.kind is not HolderKind.OTHER,
        button=_("Bewaar"),
    )


def _due_page(seen: Seen, form: DueForm, status: int, **context: Any) -> Response:
    return room_page(
        "keys/due.html",
        seen.room,
        status=status,
        seen=seen,
        title=copy_name(seen.copy),
        due_form=form,
        **context,
    )
