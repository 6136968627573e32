"""How pages of keys find their room and key, and do their deeds: whoever is second is told, a second tap is
the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission, allows, may_be_helped
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actor_queries import actor_of
from ontmoet.web.access import known_actor, may
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to

from .custodies import Grip
from .key_pages import Seen, give_page, key_page
from .queries import copy_and_room, history_of, public_id_of
from .rules import Holder, Reason
from .wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from .forms import GiveForm, TakeBackForm

OWN_KEYS = "/mijn/sleutels"
"""What the reader has with them."""


def seen_key(public_id: str, permission: Permission) -> Seen:
    """The key, for who may do this with it. For who may not even know about it there is nothing (404); who
    tapped twice on giving it away is led to what they still have.
    """
    seen = _found(public_id)
    if not may(permission, seen):
        if request.method == "POST" and _was_mine(seen):
            abort(go_to(OWN_KEYS))
        abort(403 if allows(known_actor(), Permission.KEY_SEE, seen) else 404)
    return seen


def overtaken(seen: Seen) -> Response:
    """Whose turn was chosen does not wait for a key any more. A second tap is the first; anybody else reads
    how it is (409).
    """
    if seen.copy.now.is_out and _was_mine(seen):
        return go_to(f"/sleutels/{seen.copy.public_id}")
    return key_page(seen, problem=say(Objection(Reason.TURN_GONE)), status=409)


def grip_of(seen: Seen) -> Grip:
    """The custody that the form was made for; that of now when the form says none that can be."""
    sent = request.form.get("custody", "")
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 16):
        abort(400)
    actor, room_id = known_actor(), seen.room.room_id
    comes_for = actor.organisations.get(room_id)
    return Grip(seen.copy.copy_id, int(sent), room_id, actor.person_id, seen.now, comes_for)


def do(
    seen: Seen,
    deed: Callable[[], None],
    target: Holder | None = None,
    *,
    said: str = "",
    give: GiveForm | None = None,
    back: TakeBackForm | None = None,
    refused: Callable[[Seen, Refused], Response] | None = None,
) -> Response:
    """Do it, and show the key as it is then. Who was second sees how it is, and is told so (409). A form of
    another page says with `refused` how it is shown again. `said` tells what was done.
    """
    here = f"/sleutels/{seen.copy.public_id}"
    where = OWN_KEYS if target is not None and _parts_with_it(seen, target) else here
    try:
        with unit_of_work():
            deed()
    except Refused as refusal:
        again = _found(seen.copy.public_id)
        if any(objection.reason is Reason.MOVED for objection in refusal.objections):
            if target is not None and _was_done(again, target):
                return go_to(where)
            return key_page(again, problem=say(Objection(Reason.MOVED)), status=409)
        if refused is not None:
            return refused(again, refusal)
        rules_first = _rules_first(again, target, refusal)
        if give is not None:
            give.refuse(refusal.objections, say)
            return give_page(again, give=give, rules_first=rules_first, status=422)
        if back is not None:
            back.refuse(refusal.objections, say)
            return key_page(again, back=back, status=422)
        problem = " ".join(say(each) for each in refusal.objections)
        return key_page(again, problem=problem, rules_first=rules_first, status=422)
    flash(said or _("Opgeschreven."), "good")
    return go_to(where)


def _found(public_id: str) -> Seen:
    """The key as it is by now."""
    found = copy_and_room(public_id)
    if found is None:
        abort(404)
    return Seen(*found, clock.now())


def _parts_with_it(seen: Seen, target: Holder) -> bool:
    """Whether the reader has it no more after this: its page is not for them then."""
    return not may(Permission.KEYS_HAND_OUT, seen.room) and target.person_id != known_actor().person_id


def _rules_first(again: Seen, target: Holder | None, refusal: Refused) -> tuple[str, str] | None:
    """The link to the house rules, to read or to let sign, when those stand in the way: where it leads and
    how it reads. From there one comes back. None for who may not write down that somebody signed.
    """
    reasons = {objection.reason for objection in refusal.objections}
    getter_id = None if target is None else target.person_id
    here, back = f"/r/{again.room.slug}/huisregels", {"next": f"/sleutels/{again.copy.public_id}"}
    if Reason.AGREE_FIRST in reasons:
        return f"{here}?{urlencode(back)}", _("Naar de huisregels")
    if Reason.NEEDS_RULES not in reasons or getter_id is None or not may(Permission.ON_BEHALF, again.room):
        return None
    if not may_be_helped(actor_of(getter_id, today=day_of(again.now)), again.room):
        return None
    signing = urlencode({"voor": public_id_of(getter_id), **back})
    return f"{here}/op-papier?{signing}", _("Naar de huisregels om te tekenen")


def _was_done(again: Seen, target: Holder) -> bool:
    """Whether this is a second tap: the same person did just this to the custody that the form names."""
    return again.copy.now.holder == target and _was_mine(again)


def _was_mine(again: Seen) -> bool:
    """Whether the reader did what came right after the custody that the form names."""
    if again.copy.now.recorded_by_id != known_actor().person_id:
        return False
    before = next(iter(history_of(again.copy.copy_id, most=1)), None)
    return before is not None and str(before.custody_id) == request.form.get("custody", "")
