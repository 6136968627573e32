"""A new password, or for who has no e-mail address a new PIN."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, session

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.people import pins
from ontmoet.people.passwords import hash_password, verify_password
from ontmoet.people.wording import say as say_of_people
from ontmoet.rooms.queries import corporation_name
from ontmoet.web.access import current_session, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page

from . import actions
from .forms import OwnPasswordForm, PasswordForm, PinForm
from .queries import own_nickname, own_password
from .regained import is_regained
from .rules import WINDOW, Reason, fault_of_password
from .wording import say

bp = Blueprint("password", __name__)


@bp.route("/mijn/wachtwoord", methods=["GET", "POST"])
@requires(Permission.OWN_PAGES)
def password() -> Response:
    """Choose a new password; who did not just come in by a link also types the one of now."""
    regained = is_regained(now=clock.now())
    form = (PasswordForm if regained else OwnPasswordForm)(request.form)
    if request.method != "POST" or not form.validate():
        return _password_page(form, regained=regained)
    try:
        _set_password(form)
    except Refused as refusal:
        form.refuse(refusal.objections, say)
        over = any(objection.reason is Reason.TOO_MANY_TRIES for objection in refusal.objections)
        response = _password_page(form, regained=regained)
        if over:
            response.status_code = 429
            response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
        return response
    session.pop("regained_until", None)
    flash(_("Je hebt een nieuw wachtwoord."), "good")
    return go_to("/mijn")


@bp.route("/mijn/pincode", methods=["GET", "POST"])
@requires(Permission.OWN_PAGES)
def pin() -> Response:
    """Choose a nickname and a new PIN, after getting in by a slip."""
    actor, now = known_actor(), clock.now()
    home_id = actor.dwellings[0].home_id if actor.dwellings else None
    regained = is_regained(now=now)
    form = PinForm(request.form, data={"nickname": own_nickname(actor.person_id) or actor.given_name})
    if request.method != "POST" or home_id is None or not regained or not form.validate():
        status = 422 if request.method == "POST" else 200
        may_choose = regained and home_id is not None
        return page(
            "recovery/pin.html",
            status=status,
            nav="mine",
            corporation_name=corporation_name(),
            form=form,
            regained=may_choose,
        )
    try:
        pins.check_pin(form.pin.data)
        pin_hash = hash_password(form.pin.data)
        with unit_of_work():
            pins.give_pin(
                actor.person_id,
                home_id=home_id,
                nickname=form.nickname.data,
                pin_hash=pin_hash,
                actor_id=actor.person_id,
                now=now,
            )
    except Refused as refusal:
        form.refuse(refusal.objections, say_of_people)
        return page("recovery/pin.html", status=422, nav="mine", form=form, regained=regained)
    session.pop("regained_until", None)
    flash(_("Je hebt een nieuwe pincode."), "good")
    return go_to("/mijn")


def _set_password(form: PasswordForm) -> None:
    """Raises `Refused`. Hashing is slow, so it happens outside the unit of work."""
    now, signed_in = clock.now(), current_session()
    stored, own_words = own_password(signed_in.actor.person_id)
    if isinstance(form, OwnPasswordForm):
        with unit_of_work():
            within = actions.may_try_own_password(signed_in.actor.person_id, now=now)
        if not within:
            raise Refused(Objection(Reason.TOO_MANY_TRIES))
        if not verify_password(stored, form.current.data):
            raise Refused(Objection(Reason.WRONG_PASSWORD, "current"))
    fault = fault_of_password(form.password.data, besides=own_words)
    if fault is not None:
        raise Refused(Objection(fault, "password"))
    hashed = hash_password(form.password.data)
    with unit_of_work():
        actions.set_password(signed_in, hashed, end_others=form.end_others.data, now=now)


def _password_page(form: PasswordForm, *, regained: bool) -> Response:
    return page(
        "recovery/password.html",
        status=422 if form.is_refused else 200,
        nav="mine",
        corporation_name=corporation_name(),
        form=form,
        regained=regained,
    )
