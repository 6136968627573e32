"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, cast
from urllib.parse import quote

from flask import Blueprint, Response, current_app, flash, g, request, session
from wtforms import Field

from ontmoet.db import DatabaseBusy, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.tokens import digest_of
from ontmoet.kernel.walltime import day_of
from ontmoet.web.access import (
    current_actor,
    current_session,
    public,
    requires,
    to_second_proof,
    waiting_session,
)
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page, slow_down
from ontmoet.web.redirects import safe_path
from ontmoet.web.settings import current_config

from . import actions, guardians
from .actor_queries import SignedIn, actor_of, signed_in
from .entering import (
    asks_second_proof,
    device_name_of_request,
    device_of_request,
    enter,
    network_of_request,
    new_cookies,
)
from .forms import AddressSignInForm, SignInForm
from .passwords import verify_password
from .personas import PASSWORD, sign_in_choices, sign_in_choices_by_address
from .rules import HALFWAY, Reason, needs_second_proof, outlives, rolls_on, session_life, shows_use
from .wording import say

bp = Blueprint("people", __name__)

ASKED_OF_A_CHILD = (Reason.WAITS_FOR_GUARDIAN, Reason.NO_GUARDIAN)


class Way(NamedTuple):
    """One of the ways to sign in: its page, its form, the field with the secret, how a try is counted
    and what is said when it does not fit.
    """

    template: str
    form: SignInForm | AddressSignInForm
    secret: Field
    begin: Callable[[datetime], actions.Attempt]
    no_match: Reason


def load_session(secret: str) -> SignedIn | None:
    """Whose session a cookie belongs to; a resident's own phone stays signed in while it is used. When a
    function began since the last visit, sessions last no longer than it allows, as when it is given; and of
    who has it now a second proof may be asked that was not before, in a while from now.
    """
    now = clock.now()
    found = signed_in(digest_of(secret), today=day_of(now), now=now)
    if found is None:
        return None
    functions = actions.functions_of(found.actor)
    if found.proven_at is None and needs_second_proof(functions) and asks_second_proof():
        found = replace(found, waits=True)
    life = session_life(functions, own_phone=found.own_phone)
    try:
        if found.waits and outlives(HALFWAY, found.expires_at, now=now):
            with unit_of_work():
                actions.hurry_session(found.session_id, now=now)
        elif rolls_on(life, found.expires_at, now=now):
            with unit_of_work():
                actions.roll_session(found, life=life, now=now)
        elif outlives(life, found.expires_at, now=now):
            with unit_of_work():
                actions.fit_sessions(found.actor.person_id, now=now)
        elif shows_use(found.used_at, now=now):
            with unit_of_work():
                actions.note_use(found.session_id, name=device_name_of_request(), now=now)
    except DatabaseBusy:
        return found  # At the next visit then; nobody waits for that.
    return found


@bp.route("/inloggen", methods=["GET", "POST"])
@public
def sign_in() -> Response:
    """The form for who has an e-mail address, and its answer. People who are signed in already go on."""
    form = SignInForm(request.form)

    def begin(now: datetime) -> actions.Attempt:
        return actions.begin_sign_in(
            form.email.data, network=network_of_request(), device=device_of_request(), now=now
        )

    return _sign_in(Way("people/sign_in.html", form, form.password, begin, Reason.NO_MATCH))


@bp.route("/inloggen/adres", methods=["GET", "POST"])
@public
def sign_in_by_address() -> Response:
    """The same for who has no e-mail address: address name, nickname and PIN."""
    form = AddressSignInForm(request.form)

    def begin(now: datetime) -> actions.Attempt:
        return actions.begin_pin_sign_in(
            form.address_name.data,
            form.nickname.data,
            network=network_of_request(),
            device=device_of_request(),
            now=now,
        )

    return _sign_in(Way("people/sign_in_by_address.html", form, form.pin, begin, Reason.PIN_NO_MATCH))


@bp.get("/inloggen/wachten")
@public
def waiting() -> Response:
    """What a child reads whose guardian was asked."""
    g.is_personal = True
    return page("people/waiting.html")


@bp.post("/uitloggen")
@requires(Permission.OWN_PAGES)
def sign_out() -> Response:
    """End the session of this device."""
    with unit_of_work():
        actions.sign_out(current_session(), now=clock.now())
    return _signed_out(_("Je bent uitgelogd."))


@bp.post("/uitloggen/overal")
@requires(Permission.OWN_PAGES)
def sign_out_everywhere() -> Response:
    """End all sessions of this person, and what would let somebody in as them."""
    with unit_of_work():
        signed_in, now = current_session(), clock.now()
        actions.sign_out_everywhere(signed_in, now=now)
        current_app.extensions["ontmoet_end_ways_in"](signed_in.actor.person_id, now=now)
    return _signed_out(_("Je bent overal uitgelogd."))


def _sign_in(way: Way) -> Response:
    g.is_personal = True
    if request.method != "POST":
        target = safe_path(request.args.get("next")) or "/mijn"
        if waiting_session() is not None:
            return to_second_proof(target)
        return go_to(target) if current_actor() is not None else _form_page(way, 200)
    if not way.form.validate():
        return _form_page(way, 422)
    try:
        return _signed_in(way)
    except Refused as refusal:
        way.form.refuse(refusal.objections, say)
        over = next((o for o in refusal.objections if o.reason is Reason.TOO_MANY_TRIES), None)
        asks_guardian = any(o.reason in ASKED_OF_A_CHILD for o in refusal.objections)
        response = _form_page(way, 422, asks_guardian=asks_guardian)
        if over is not None:
            return slow_down(response, seconds=cast(int, over.facts["seconds"]))
        return response


def _form_page(way: Way, status: int, *, asks_guardian: bool = False) -> Response:
    target, config = safe_path(request.args.get("next")), current_config()
    return page(
        way.template,
        status=status,
        form=way.form,
        asks_guardian=asks_guardian,
        query=f"?next={quote(target)}" if target else "",
        personas=sign_in_choices(),
        pin_personas=sign_in_choices_by_address(),
        demo_password=PASSWORD,
        takes_passkeys=config.takes_passkeys,
        work_account=config.openid and config.openid.name,
    )


def _signed_in(way: Way) -> Response:
    now = clock.now()
    with unit_of_work():
        attempt = way.begin(now)
    actions.refuse_if_over(attempt)
    # Hashing takes a while: outside the unit of work, or nobody could book meanwhile.
    if not verify_password(attempt.secret_hash, way.secret.data):
        raise Refused(Objection(way.no_match))
    secret, device = new_cookies()
    with unit_of_work():
        if not actions.is_still_right(attempt):
            raise Refused(Objection(way.no_match))
        started = actions.finish_sign_in(
            attempt,
            secret=secret,
            device=device,
            own_phone=way.form.own_phone.data,
            device_name=device_name_of_request(),
            asks_second=asks_second_proof(),
            now=now,
        )
    if started is None:
        return _child_waits(way.form, attempt.person_id, now)
    target = safe_path(request.args.get("next")) or "/mijn"
    return enter(started, secret=secret, device=device, target=target)


def _child_waits(form: SignInForm | AddressSignInForm, child_id: int | None, now: datetime) -> Response:
    """Who gave the right PIN reads why that is not enough yet, and may name another guardian."""
    named = form.guardian.data if isinstance(form, AddressSignInForm) else ""
    if child_id is None or not named:
        raise Refused(Objection(Reason.WAITS_FOR_GUARDIAN))
    today = day_of(now)
    with unit_of_work():
        homes = [dwelling.home_id for dwelling in actor_of(child_id, today=today).dwellings]
        guardian_id = guardians.grown_up_named(homes, named, today=today)
        if guardian_id is None:
            raise Refused(Objection(Reason.NO_GUARDIAN, "guardian"))
        guardians.name_guardian(child_id, guardian_id, now=now)
    return go_to("/inloggen/wachten")


def _signed_out(message: str) -> Response:
    session.clear()
    flash(message, "good")
    response = go_to("/inloggen")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
