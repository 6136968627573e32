"""Signing in with a passkey: no name and no password are typed."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, abort, flash, g, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.people.actions import start_session
from ontmoet.people.entering import device_name_of_request, enter, new_cookies
from ontmoet.people.guardians import waits_for_guardian
from ontmoet.web.access import public
from ontmoet.web.pages import go_to
from ontmoet.web.redirects import safe_path

from .ceremonies import question_to_show, read_shown
from .fresh import takes_passkeys
from .wording import say

bp = Blueprint("passkeys", __name__)


@bp.get("/inloggen/sleutel/vraag")
@public
def question() -> Response:
    """What a browser is asked; for everybody the same, and nothing is stored."""
    if not takes_passkeys():
        abort(400)
    return as_question(question_to_show(now=clock.now()))


@bp.post("/inloggen/sleutel")
@public
def sign_in() -> Response:
    """The answer: whose passkey it is, is signed in. It asked for a finger, a face or a code: that is as good
    as a password and a second proof.
    """
    g.is_personal = True
    target, now = safe_path(request.args.get("next")) or "/mijn", clock.now()
    try:
        known = read_shown(request.form.get("answer", ""), now=now)
    except Refused as refusal:
        flash(say(refusal.objections[0]), "warn")
        return go_to(f"/inloggen?next={quote(target)}")
    if waits_for_guardian(known.person_id):
        return go_to("/inloggen/wachten")
    secret, device = new_cookies()
    with unit_of_work():
        started = start_session(
            known.person_id,
            secret=secret,
            device=device,
            own_phone="own_phone" in request.form,
            device_name=device_name_of_request(),
            proven=True,
            now=now,
        )
    return enter(started, secret=secret, device=device, target=target)


def as_question(question: str) -> Response:
    """What the script reads; it is for this browser, now."""
    response = Response(question, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
