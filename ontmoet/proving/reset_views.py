"""A colleague lost the phone and the paper: an administrator lets them begin anew."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actions import functions_of
from ontmoet.people.actor_queries import actor_by_public_id
from ontmoet.people.rules import needs_second_proof
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page

from . import actions
from .fresh import asked_again

bp = Blueprint("proofs_reset", __name__)

BACK = "/corporatie/mensen"


@bp.route(f"{BACK}/<public_id:public_id>/tweede-stap", methods=["GET", "POST"])
@requires(Permission.COLLEAGUES_MANAGE)
def reset(public_id: str) -> Response:
    """Take away all that a colleague proves with; at their next sign-in they set it up again."""
    ensure(Permission.COLLEAGUES_MANAGE, None, hide=True)
    colleague = actor_by_public_id(public_id, today=day_of(clock.now()))
    by = known_actor().person_id
    if colleague is None or not needs_second_proof(functions_of(colleague)):
        abort(404)
    if colleague.person_id == by:
        # Nobody lets themself begin anew: that is what the own page is for, with a proof.
        return go_to("/mijn/toegang")
    if request.method != "POST":
        return page("proving/reset.html", colleague=colleague)
    if (asking := asked_again()) is not None:
        return asking
    with unit_of_work():
        actions.reset(colleague.person_id, by=by, now=clock.now())
    flash(_("Gelukt. %(name)s stelt de tweede stap opnieuw in.", name=colleague.name), "good")
    return go_to(BACK)
