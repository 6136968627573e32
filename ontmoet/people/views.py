"""Signing in and out."""

from __future__ import annotations

import ipaddress

from flask import Blueprint, Response, current_app, flash, g, request, session
from flask_login import login_user
from flask_wtf.csrf import generate_csrf

from ontmoet.db import DatabaseBusy, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.tokens import digest_of, new_secret
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.queries import corporation_name
from ontmoet.web.access import Account, current_actor, current_session, public, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page
from ontmoet.web.redirects import safe_path

from . import actions
from .confirming import note_confirmed
from .forms import SignInForm
from .passwords import verify_password
from .personas import PASSWORD, sign_in_choices
from .queries import SignedIn, signed_in
from .rules import TRIES_WINDOW, Reason, rolls_on, session_life
from .wording import say

bp = Blueprint("people", __name__)

DEVICE_COOKIE = "ontmoet-device"
DEVICE_SECONDS = 400 * 24 * 3600


def load_session(secret: str) -> SignedIn | None:
    """Whose session a cookie belongs to; a resident's own phone stays signed in while it is used."""
    now = clock.now()
    found = signed_in(digest_of(secret), today=day_of(now), now=now)
    if found is None:
        return None
    life = session_life(actions.functions_of(found.actor), own_phone=found.own_phone)
    if rolls_on(life, found.expires_at, now=now):
        try:
            with unit_of_work():
                actions.roll_session(found, life=life, now=now)
        except DatabaseBusy:
            return found  # It rolls on at the next visit; nobody waits for that.
    return found


@bp.route("/inloggen", methods=["GET", "POST"])
@public
def sign_in() -> Response:
    """The form, and its answer. People who are signed in already go on."""
    g.is_personal = True
    target = safe_path(request.args.get("next")) or "/mijn"
    if request.method != "POST":
        return go_to(target) if current_actor() is not None else _form_page(SignInForm(), 200)
    form = SignInForm(request.form)
    if not form.validate():
        return _form_page(form, 422)
    try:
        return _signed_in(form, target)
    except Refused as refusal:
        form.refuse(refusal.objections, say)
        over = any(o.reason is Reason.TOO_MANY_TRIES for o in refusal.objections)
        response = _form_page(form, 429 if over else 422)
        if over:
            response.headers["Retry-After"] = str(int(TRIES_WINDOW.total_seconds()))
        return response


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
    """End all sessions of this person."""
    with unit_of_work():
        actions.sign_out_everywhere(current_session(), now=clock.now())
    return _signed_out(_("Je bent overal uitgelogd."))


def _form_page(form: SignInForm, status: int) -> Response:
    return page(
        "people/sign_in.html",
        status=status,
        form=form,
        personas=sign_in_choices(),
        demo_password=PASSWORD,
        corporation_name=corporation_name(),
    )


def _signed_in(form: SignInForm, target: str) -> Response:
    now = clock.now()
    known_device = request.cookies.get(DEVICE_COOKIE)
    with unit_of_work():
        attempt = actions.begin_sign_in(
            form.email.data, network=_network(request.remote_addr), device=known_device, now=now
        )
    actions.refuse_if_over(attempt)
    # Hashing takes a while: outside the unit of work, or nobody could book meanwhile.
    if not verify_password(attempt.password_hash, form.password.data):
        raise Refused(Objection(Reason.NO_MATCH))
    secret, device = new_secret(), known_device or new_secret()
    with unit_of_work():
        started = actions.finish_sign_in(
            attempt, secret=secret, device=device, own_phone=form.own_phone.data, now=now
        )
    # A new session id and form token: what was known before signing in is worth nothing after it.
    session.clear()
    login_user(Account(secret, started))
    note_confirmed(now)
    generate_csrf()  # else the first page with a form would have to set the cookie again
    session.permanent = form.own_phone.data
    response = go_to(target)
    response.set_cookie(
        DEVICE_COOKIE,
        device,
        max_age=DEVICE_SECONDS,
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )
    return response


def _signed_out(message: str) -> Response:
    session.clear()
    flash(message, "good")
    response = go_to("/inloggen")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _network(address: str | None) -> str:
    """The network somebody comes from: /24 for IPv4, /64 for IPv6; one home or one room's wifi."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 64}", strict=False))
