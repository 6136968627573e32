"""Saying again who it is, and proving a new e-mail address."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.reach import is_email
from ontmoet.kernel.text import folded
from ontmoet.kernel.tokens import new_form_key
from ontmoet.people import addresses, confirming
from ontmoet.people.rules import TRIES_WINDOW
from ontmoet.people.rules import Reason as PeopleReason
from ontmoet.proving.fresh import by_work, prove_again, say_any, takes_passkeys
from ontmoet.proving.rules import Reason as ProofReason
from ontmoet.recovery.ending import end_ways_in
from ontmoet.trail.actions import FormPost
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page, slow_down
from ontmoet.web.redirects import safe_path

from .forms import AddressForm, CodeForm, ConfirmForm
from .queries import subject_by_id
from .rules import Reason
from .wording import say

if TYPE_CHECKING:
    from ontmoet.web.forms import Form

bp = Blueprint("confirming", __name__)

HOME = "/mijn/gegevens"
ADDRESS = f"{HOME}/e-mailadres"


@bp.route(f"{HOME}/bevestigen", methods=["GET", "POST"])
@requires(Permission.OWN_PAGES)
def confirm() -> Response:
    """The password or PIN again, or a passkey, and on to where one was going."""
    target = safe_path(request.args.get("next")) or HOME
    if request.method != "POST":
        return (
            go_to(target)
            if confirming.is_confirmed(clock.now())
            else _form("my_data/confirm.html", ConfirmForm(), 200)
        )
    form, answer = ConfirmForm(request.form), request.form.get("answer", "")
    if not answer and not form.validate():
        return _form("my_data/confirm.html", form, 422)
    try:
        prove_again(form.secret.data, answer, now=clock.now())
    except Refused as refusal:
        return _refused("my_data/confirm.html", form, refusal)
    return go_to(target)


@bp.route(ADDRESS, methods=["GET", "POST"])
@requires(Permission.OWN_PAGES)
def ask_for_address() -> Response:
    """Another e-mail address: the code goes there."""
    now = clock.now()
    if not confirming.is_confirmed(now):
        return go_to(f"{HOME}/bevestigen?next={ADDRESS}")
    if request.method != "POST":
        return _form("my_data/address.html", AddressForm(), 200)
    form = AddressForm(request.form)
    if not form.validate():
        return _form("my_data/address.html", form, 422)
    try:
        _ask(known_actor().person_id, folded(form.email.data), now=now)
    except Refused as refusal:
        return _refused("my_data/address.html", form, refusal)
    flash(_("We sturen een code naar je nieuwe adres. Dat duurt hoogstens een paar minuten."), "info")
    return go_to(f"{ADDRESS}/code")


@bp.route(f"{ADDRESS}/code", methods=["GET", "POST"])
@requires(Permission.OWN_PAGES)
def prove_address() -> Response:
    """The code from the mail: from then on the new address counts. A second tap leads where the first did."""
    if request.method != "POST":
        fresh = CodeForm(code=request.args.get("code", "")[:20], idempotency_key=new_form_key())
        return _form("my_data/code.html", fresh, 200)
    form = CodeForm(request.form)
    if not form.validate():
        return _form("my_data/code.html", form, 422)
    person_id, now = known_actor().person_id, clock.now()
    post = FormPost(person_id, request.path, form.idempotency_key.data, {"code": form.code.data})
    try:
        _prove(post, form.code.data, now=now)
    except Refused as refusal:
        return _refused("my_data/code.html", form, refusal)
    flash(_("Je nieuwe e-mailadres werkt."), "good")
    return go_to(HOME)


def _ask(person_id: int, address: str, *, now: datetime) -> None:
    """The same for every address, whoever it belongs to."""
    if not is_email(address):
        raise Refused(Objection(Reason.NO_ADDRESS, "email"))
    subject = subject_by_id(person_id)
    if subject is not None and subject.email == address:
        raise Refused(Objection(Reason.SAME_ADDRESS, "email"))
    with unit_of_work():
        _count("ask", person_id, now=now)
        addresses.ask_for_address(person_id, address, now=now)


def _prove(post: FormPost, code: str, *, now: datetime) -> None:
    """Count the try and take the code in one go: a busy database costs no try. Raises `Refused`."""
    refusal, secret_key = None, current_app.config["SECRET_KEY"]
    with unit_of_work():
        try:
            _count("code", post.actor_id, now=now)
            if addresses.prove_address(post, code, secret_key=secret_key, location=HOME, now=now):
                # A link that went to the old address gets nobody in any more.
                end_ways_in(post.actor_id, now=now)
        except Refused as refused:
            # By then only the try was written, and that counts.
            refusal = refused
    if refusal is not None:
        raise refusal


def _count(deed: str, person_id: int, *, now: datetime) -> None:
    if not addresses.count_address_try(deed, person_id, now=now):
        minutes = int(TRIES_WINDOW.total_seconds() // 60)
        raise Refused(Objection(PeopleReason.TOO_MANY_TRIES, facts={"minutes": minutes}))


def _refused(template: str, form: Form, refusal: Refused) -> Response:
    form.refuse(refusal.objections, _say)
    over = any(
        objection.reason in (PeopleReason.TOO_MANY_TRIES, ProofReason.TOO_MANY_TRIES)
        for objection in refusal.objections
    )
    response = _form(template, form, 422)
    return slow_down(response, seconds=TRIES_WINDOW.total_seconds()) if over else response


def _say(objection: Objection) -> str:
    return say(objection) if isinstance(objection.reason, Reason) else say_any(objection)


def _form(template: str, form: Form, status: int) -> Response:
    return page(
        template,
        status=status,
        nav="mine",
        form=form,
        takes_passkeys=takes_passkeys(),
        by_work=by_work(safe_path(request.args.get("next")) or HOME),
    )
