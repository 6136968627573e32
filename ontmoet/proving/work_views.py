"""Signing in with the account of one's work, and linking it to the account here."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, flash, g, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actions import functions_of, start_session
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.confirming import is_confirmed, note_confirmed
from ontmoet.people.entering import device_name_of_request, enter, new_cookies
from ontmoet.people.rules import needs_second_proof
from ontmoet.web.access import current_session, public, waiting_session
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page
from ontmoet.web.redirects import safe_path

from . import actions
from .finishing import let_in
from .organisation import Known, NotKnown, go_there, who_is_back
from .queries import whose_account
from .wording import say

bp = Blueprint("organisation_sign_in", __name__)

PATH = "/inloggen/organisatie"


@bp.get(PATH)
@public
def leave() -> Response:
    """Off to where the organisation signs in; with `koppel` to link that account to the one here, with
    `opnieuw` to show once more who one is.
    """
    g.is_personal = True
    target, links = safe_path(request.args.get("next")) or "/mijn", "koppel" in request.args
    if links and not is_confirmed(clock.now()):
        here = quote(f"{PATH}?koppel=1&next={quote(target)}")
        return go_to(f"/mijn/gegevens/bevestigen?next={here}")
    try:
        return go_there(target=target, links=links, again="opnieuw" in request.args)
    except NotKnown:
        return _not_known()


@bp.get(f"{PATH}/terug")
@public
def back() -> Response:
    """Who comes back is signed in, or linked."""
    g.is_personal = True
    try:
        known = who_is_back()
    except NotKnown:
        return _not_known()
    if known.links:
        return _linked(known)
    person_id = whose_account(known.issuer, known.subject)
    if person_id is None or not _works_here(person_id):
        return _stranger(known)
    return _signed_in(person_id, known.target)


def _signed_in(person_id: int, target: str) -> Response:
    now, here, waiting = clock.now(), current_session(), waiting_session()
    # Who is here already, or halfway, goes on where they are.
    if here is not None and here.actor.person_id == person_id:
        note_confirmed(now)
        return go_to(target)
    if waiting is not None and waiting.actor.person_id == person_id:
        return let_in(waiting, target)
    secret, device = new_cookies()
    with unit_of_work():
        actions.note_account_used(person_id, now=now)
        started = start_session(
            person_id,
            secret=secret,
            device=device,
            own_phone=False,
            device_name=device_name_of_request(),
            proven=True,
            now=now,
        )
    return enter(started, secret=secret, device=device, target=target)


def _linked(known: Known) -> Response:
    """Who is signed in here, and works here, is who came back. Somebody halfway links it as the first second
    proof only: whoever has one, shows that one.
    """
    now, waiting = clock.now(), waiting_session()
    session_here = current_session() or waiting
    if session_here is None or not needs_second_proof(functions_of(session_here.actor)):
        return _stranger(known)
    person_id = session_here.actor.person_id
    is_halfway = waiting is not None
    try:
        with unit_of_work():
            actions.link_account(person_id, known.issuer, known.subject, as_first=is_halfway, now=now)
    except Refused as refusal:
        flash(say(refusal.objections[0]), "warn")
        return go_to(known.target)
    flash(_("Gelukt. Je logt voortaan ook in met het account van je werk."), "good")
    return go_to(known.target) if waiting is None else let_in(waiting, known.target)


def _works_here(person_id: int) -> bool:
    return needs_second_proof(functions_of(actor_of(person_id, today=day_of(clock.now()))))


def _stranger(known: Known) -> Response:
    """Somebody of the organisation who has no function here, or did not link the account."""
    return page(
        "proving/stranger.html",
        status=403,
        account=known.account,
    )


def _not_known() -> Response:
    flash(_("Inloggen met je werk lukte niet. Probeer het nog eens, of log in op een andere manier."), "warn")
    return go_to("/inloggen")
