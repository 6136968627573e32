"""How people get in again: ask for a link, use it or its code, or use a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, g, request, session

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection
from ontmoet.kernel.tokens import PUBLIC_ID_LENGTH, digest_of, new_secret
from ontmoet.people.actions import start_session
from ontmoet.people.entering import (
    asks_second_proof,
    device_name_of_request,
    device_of_request,
    enter,
    keep_device,
    network_of_request,
    new_cookies,
)
from ontmoet.people.guardians import waits_for_guardian
from ontmoet.web.access import public
from ontmoet.web.forms import Form
from ontmoet.web.pages import go_to, page, slow_down

from . import actions, slips
from .forms import CodeForm, ForgottenForm, SlipForm
from .queries import is_open, newest_link_on
from .regained import choose_path, mark_regained
from .rules import WINDOW, Reason
from .wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

bp = Blueprint("recovery", __name__)

LONGEST_TOKEN = 200
FORGOTTEN, CODE, SLIP = "recovery/forgotten.html", "recovery/code.html", "recovery/slip.html"


@bp.route("/inloggen/vergeten", methods=["GET", "POST"])
@public
def forgotten() -> Response:
    """Ask for a link and a code; the answer is the same whether or not somebody has the address."""
    g.is_personal = True
    form = ForgottenForm(request.form)
    if request.method != "POST" or not form.validate():
        return _form_page(FORGOTTEN, form)
    now, device = clock.now(), device_of_request() or new_secret()
    with unit_of_work():
        within = actions.may_ask(form.email.data, network=network_of_request(), device=device, now=now)
        if within:
            actions.ask_for_link(form.email.data, device=device, now=now)
    if not within:
        return _refused(FORGOTTEN, form, Reason.TOO_MANY_TRIES)
    return keep_device(go_to("/inloggen/code"), device)


@bp.route("/inloggen/code", methods=["GET", "POST"])
@public
def code() -> Response:
    """Look in the mail; or type the code of it, on the device that asked."""
    g.is_personal = True
    form = CodeForm(request.form)
    if request.method != "POST" or not form.validate():
        return _form_page(CODE, form)
    device, entered = device_of_request() or "", None
    if newest_link_on(digest_of(device), now=clock.now()) is not None:
        entered = _let_in(lambda now: actions.try_code(device, form.code.data, key=_key(), now=now))
    return entered or _refused(CODE, form, Reason.NOT_VALID)


@bp.route("/inloggen/link", methods=["GET", "POST"])
@public
def link() -> Response:
    """What the link in the mail opens: one button. Only pressing it uses the link up, since programs that
    read mail follow every link in it.
    """
    g.is_personal = True
    is_over = request.method == "POST"
    if is_over and (entered := _use_link(clock.now())) is not None:
        return entered
    return _without_referrer(
        page(
            "recovery/link.html",
            status=422 if is_over else 200,
            is_over=is_over,
        )
    )


@bp.route("/inloggen/briefje", methods=["GET", "POST"])
@public
def slip() -> Response:
    """Type the code on a slip; scanning it fills it in. Only pressing the button uses it up."""
    g.is_personal = True
    form = SlipForm(request.form, data={"code": request.args.get("c", "")[:40]})
    if request.method != "POST" or not form.validate():
        return _without_referrer(_form_page(SLIP, form))
    now = clock.now()
    with unit_of_work():
        within = slips.may_try_slip(network=network_of_request(), now=now)
    if not within:
        return _refused(SLIP, form, Reason.TOO_MANY_TRIES)
    entered = _let_in(lambda now: slips.use_slip(form.code.data, key=_key(), now=now))
    return entered or _refused(SLIP, form, Reason.NOT_VALID)


def _use_link(now: datetime) -> Response | None:
    token = request.args.get("t", "")[:LONGEST_TOKEN]
    if not is_open(token[:PUBLIC_ID_LENGTH], now=now):
        return None
    return _let_in(lambda now: actions.use_link(token, key=_key(), now=now))


def _let_in(use: Callable[[datetime], int | None]) -> Response | None:
    """Use a way in up and sign in whose it is, both or neither, on a device of which nobody said that it is
    one's own; they choose a new secret. A child that waits for a guardian reads so. None when the way is not
    good any more.
    """
    secret, device = new_cookies()
    now = clock.now()
    with unit_of_work():
        person_id = use(now)
        if person_id is None:
            return None
        if waits_for_guardian(person_id):
            return go_to("/inloggen/wachten")
        started = start_session(
            person_id,
            secret=secret,
            device=device,
            own_phone=False,
            device_name=device_name_of_request(),
            asks_second=asks_second_proof(),
            now=now,
        )
    response = enter(started, secret=secret, device=device, target=choose_path(person_id))
    mark_regained(session, now=now)
    return response


def _refused(template: str, form: Form, reason: Reason) -> Response:
    form.refuse([Objection(reason, None if reason is Reason.TOO_MANY_TRIES else "code")], say)
    response = _form_page(template, form)
    too_often = reason is Reason.TOO_MANY_TRIES
    return slow_down(response, seconds=WINDOW.total_seconds()) if too_often else response


def _form_page(template: str, form: Form) -> Response:
    return page(
        template,
        status=422 if form.is_refused else 200,
        form=form,
    )


def _without_referrer(response: Response) -> Response:
    """The address of the page is a secret: it goes to nobody."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _key() -> str:
    key: str = current_app.config["SECRET_KEY"]
    return key
