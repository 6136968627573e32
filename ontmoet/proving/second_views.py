"""The second step of signing in: a password or a link came first, and is worth nothing alone.

Who has nothing to prove with yet, sets it up here at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Response, abort, flash, g, request, session

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.people.actions import sign_out
from ontmoet.rooms.queries import corporation_name
from ontmoet.web.access import current_session, public, waiting_session
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page, slow_down
from ontmoet.web.redirects import safe_path
from ontmoet.web.settings import current_config

from .access_views import PATH as ACCESS
from .access_views import add_made_passkey, app_page
from .ceremonies import question_to_make, read_shown
from .codes import code_to_take
from .finishing import let_in
from .forms import AppForm, CodeForm
from .fresh import takes_passkeys
from .passkey_views import as_question
from .queries import named, proofs_of
from .rules import TRIES_WINDOW, Reason
from .setting_up import set_up_app
from .wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from ontmoet.people.actor_queries import SignedIn

bp = Blueprint("second_step", __name__)

PATH = "/inloggen/tweede-stap"


@bp.route(PATH, methods=["GET", "POST"])
@public
def second_step() -> Response:
    """A code, or the answer of a passkey. Who has neither yet chooses what to set up."""
    g.is_personal = True
    waiting = waiting_session()
    if waiting is None:
        return _nobody_waits()
    form = CodeForm(request.form)
    proofs = proofs_of(waiting.actor.person_id)
    if not proofs.lasting:
        return _choices_page()
    if request.method != "POST":
        return _step_page(form)
    try:
        return let_in(waiting, _target(), take=_shown(waiting, form))
    except Refused as refusal:
        form.refuse(refusal.objections, say)
        response = _step_page(form)
        if any(objection.reason is Reason.TOO_MANY_TRIES for objection in refusal.objections):
            return slow_down(response, seconds=TRIES_WINDOW.total_seconds())
        return response


@bp.get(f"{PATH}/vraag")
@public
def question() -> Response:
    """What a browser is asked so that it makes the first passkey of somebody."""
    person_id = _who_sets_up().actor.person_id
    if not takes_passkeys():
        abort(400)
    site_name = corporation_name() or "Ontmoet"
    return as_question(question_to_make(named(person_id), [], site_name=site_name, now=clock.now()))


@bp.post(f"{PATH}/sleutel")
@public
def first_passkey() -> Response:
    """The first passkey of somebody, and spare codes with it."""
    g.is_personal = True
    waiting = _who_sets_up()
    try:
        add_made_passkey(waiting.actor.person_id, as_first=True)
    except Refused as refusal:
        flash(say(refusal.objections[0]), "warn")
        return go_to(f"{PATH}?next={quote(_target())}")
    return _begun(waiting)


@bp.route(f"{PATH}/app", methods=["GET", "POST"])
@public
def first_app() -> Response:
    """The first app that shows codes, and spare codes with it."""
    g.is_personal = True
    waiting, form = _who_sets_up(), AppForm(request.form)
    person_id = waiting.actor.person_id
    if request.method == "POST" and form.validate():
        try:
            set_up_app(form, person_id, as_first=True, now=clock.now())
            return _begun(waiting)
        except Refused as refusal:
            form.refuse(refusal.objections, say)
    return app_page("proving/first_app.html", form, person_id)


@bp.post(f"{PATH}/stoppen")
@public
def stop() -> Response:
    """Not now: whoever stopped halfway is signed out."""
    waiting = waiting_session()
    if waiting is not None:
        with unit_of_work():
            sign_out(waiting, now=clock.now())
        session.clear()
        flash(_("Je bent uitgelogd."), "good")
    return go_to("/inloggen")


def _shown(waiting: SignedIn, form: CodeForm) -> Callable[[], Objection | None] | None:
    """What takes the code that was shown; None for a passkey, which can be shown again. Raises `Refused`."""
    now, person_id = clock.now(), waiting.actor.person_id
    answer = request.form.get("answer", "")
    if answer:
        if read_shown(answer, now=now).person_id != person_id:
            raise Refused(Objection(Reason.NO_PASSKEY))
        return None
    if not form.validate():
        raise Refused
    return code_to_take(person_id, form.code.data, now=now)


def _begun(waiting: SignedIn) -> Response:
    """Somebody set the first proof up, and gets spare codes next."""
    return let_in(waiting, f"{ACCESS}/reservecodes?next={quote(_target())}")


def _step_page(form: CodeForm) -> Response:
    waiting = waiting_session()
    return page(
        "proving/second_step.html",
        status=422 if form.is_refused else 200,
        form=form,
        name=waiting.actor.given_name,
        proofs=proofs_of(waiting.actor.person_id),
        query=f"?next={quote(_target())}",
        takes_passkeys=takes_passkeys(),
        work_account=_work_account(),
    )


def _choices_page() -> Response:
    return page(
        "proving/first_proof.html",
        name=waiting_session().actor.given_name,
        query=f"?next={quote(_target())}",
        takes_passkeys=takes_passkeys(),
        work_account=_work_account(),
    )


def _work_account() -> str | None:
    openid = current_config().openid
    return None if openid is None else openid.name


def _who_sets_up() -> SignedIn:
    """Who waits for a second proof and has none yet; for all others these pages are not there. Whose time was
    up meanwhile begins again.
    """
    waiting: SignedIn | None = waiting_session()
    if waiting is None and current_session() is None:
        abort(_nobody_waits())
    if waiting is None or proofs_of(waiting.actor.person_id).lasting:
        abort(404)
    return waiting


def _nobody_waits() -> Response:
    """Whoever is in goes on, and who is not is asked for the first step; when their time was up, in words."""
    if current_session() is None:
        if request.method == "POST":
            flash(_("Dat duurde te lang. Log opnieuw in."), "warn")
        return go_to(f"/inloggen?next={quote(_target())}")
    return go_to(_target())


def _target() -> str:
    return safe_path(request.args.get("next")) or "/mijn"
