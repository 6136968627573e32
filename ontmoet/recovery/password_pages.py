"""A new password, or for who has no e-mail address a new PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, flash, request, session

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.people.actions import begin_pin_sign_in, refuse_if_over, take_back
from ontmoet.people.entering import device_of_request, network_of_request
from ontmoet.people.passwords import hash_password, verify_password
from ontmoet.people.pins import check_pin
from ontmoet.people.rules import Reason as PeopleReason
from ontmoet.people.wording import say as say_of_people
from ontmoet.web.access import current_session, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page, slow_down

from . import actions
from .forms import OwnPasswordForm, OwnPinForm, PasswordForm, PinForm
from .queries import OwnPin, own_password, own_pin
from .regained import is_regained
from .rules import WINDOW, Reason, fault_of_password
from .wording import say

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.actor import Actor

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
        had_feed = _set_password(form)
    except Refused as refusal:
        form.refuse(refusal.objections, say)
        over = any(objection.reason is Reason.TOO_MANY_TRIES for objection in refusal.objections)
        response = _password_page(form, regained=regained)
        return slow_down(response, seconds=WINDOW.total_seconds()) if over else response
    return _done(_("Je hebt een nieuw wachtwoord."), had_feed=had_feed)


@bp.route("/mijn/pincode", methods=["GET", "POST"])
@requires(Permission.OWN_PAGES)
def pin() -> Response:
    """Choose a nickname and a new PIN; who did not just come in by a slip also types the one of now."""
    actor, regained = known_actor(), is_regained(now=clock.now())
    own = own_pin(actor.person_id)
    home_id = _home_of_pin(actor, own)
    if home_id is None or (own is None and not regained):
        return page("recovery/no_pin.html", status=422 if request.method == "POST" else 200, nav="mine")
    form = (PinForm if regained else OwnPinForm)(
        request.form if request.method == "POST" else None,
        data={"nickname": own.nickname if own else actor.given_name},
    )
    if request.method != "POST" or not form.validate():
        return _pin_page(form, regained=regained)
    try:
        had_feed = _set_pin(form, own, home_id)
    except Refused as refusal:
        form.refuse(refusal.objections, _say_of_pin)
        response = _pin_page(form, regained=regained)
        over = next((o for o in refusal.objections if o.reason is PeopleReason.TOO_MANY_TRIES), None)
        if over is not None:
            return slow_down(response, seconds=cast(int, over.facts["seconds"]))
        return response
    return _done(_("Je hebt een nieuwe pincode."), had_feed=had_feed)


def _done(said: str, *, had_feed: bool) -> Response:
    session.pop("regained_until", None)
    feed = _("Het adres van je agenda werkt niet meer. Maak een nieuw bij ‘Mijn agenda’.")
    flash(f"{said} {feed}" if had_feed else said, "good")
    return go_to("/mijn")


def _home_of_pin(actor: Actor, own: OwnPin | None) -> int | None:
    """Where a PIN works: in the home it was chosen for, until somebody has only others."""
    homes = [dwelling.home_id for dwelling in actor.dwellings]
    return own.home_id if own and (not homes or own.home_id in homes) else next(iter(homes), None)


def _set_pin(form: PinForm, own: OwnPin | None, home_id: int) -> bool:
    """Whether the address of their calendar ended too. Raises `Refused`. Hashing is slow, so it happens
    outside the unit of work.
    """
    now = clock.now()
    check_pin(form.pin.data)
    if isinstance(form, OwnPinForm) and own is not None:
        _check_own_pin(own, form.current.data, now=now)
    pin_hash = hash_password(form.pin.data)
    with unit_of_work():
        return actions.set_pin(
            current_session(),
            home_id,
            form.nickname.data,
            pin_hash,
            end_others=form.end_others.data,
            now=now,
        )


def _check_own_pin(own: OwnPin, typed: str, *, now: datetime) -> None:
    """Counted as a try to sign in with it: a phone left on a table is no place to guess."""
    with unit_of_work():
        attempt = begin_pin_sign_in(
            own.address_name, own.nickname, network=network_of_request(), device=device_of_request(), now=now
        )
    refuse_if_over(attempt)
    is_own = attempt.person_id == known_actor().person_id
    if not verify_password(attempt.secret_hash if is_own else None, typed):
        raise Refused(Objection(Reason.WRONG_PIN, "current"))
    with unit_of_work():
        take_back(attempt, now=now)


def _say_of_pin(objection: Objection) -> str:
    return say_of_people(objection) if isinstance(objection.reason, PeopleReason) else say(objection)


def _pin_page(form: PinForm, *, regained: bool) -> Response:
    return page(
        "recovery/pin.html",
        status=422 if form.is_refused else 200,
        nav="mine",
        form=form,
        regained=regained,
    )


def _set_password(form: PasswordForm) -> bool:
    """Whether the address of their calendar ended too. Raises `Refused`. Hashing is slow, so it happens
    outside the unit of work.
    """
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
        return actions.set_password(signed_in, hashed, end_others=form.end_others.data, now=now)


def _password_page(form: PasswordForm, *, regained: bool) -> Response:
    return page(
        "recovery/password.html",
        status=422 if form.is_refused else 200,
        nav="mine",
        form=form,
        regained=regained,
    )
