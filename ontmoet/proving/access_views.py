"""The own page of how one gets in: where one is signed in, and with what one proves who one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actions import functions_of
from ontmoet.people.entering import asks_second_proof, device_name_of_request
from ontmoet.people.rules import needs_second_proof
from ontmoet.recovery.regained import secret_paths
from ontmoet.rooms.queries import corporation_name
from ontmoet.web import dates
from ontmoet.web.access import current_session, known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page
from ontmoet.web.redirects import safe_path
from ontmoet.web.settings import current_config

from . import actions
from .ceremonies import question_to_make, read_made
from .forms import AppForm
from .fresh import asked_again, say_any, takes_passkeys
from .passkey_views import as_question
from .queries import devices_of, named, passkeys_of, proofs_of
from .setting_up import new_spare_codes, set_up_app, shown_app
from .wording import device_word, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

bp = Blueprint("access", __name__)

PATH = "/mijn/toegang"
OTHERS = "andere"


@bp.get(PATH)
@requires(Permission.OWN_PAGES)
def overview() -> Response:
    """Everything that gets somebody in, each with the way to take it away."""
    signed_in, now = current_session(), clock.now()
    actor = signed_in.actor
    config = current_config()
    return page(
        "proving/access.html",
        nav="mine",
        devices=[
            (
                device.ref,
                device_word(device.name, own_phone=device.own_phone),
                _day(device.used_at, now),
                f"{_day(device.started_at, now)} {dates.o_clock(dates.clock_at(device.started_at))}",
                device.session_id == signed_in.session_id,
            )
            for device in devices_of(actor.person_id, now=now)
        ],
        passkeys=[
            (key.public_id, key.name or _("Toegangssleutel"), key.used_at and _day(key.used_at, now))
            for key in passkeys_of(actor.person_id)
        ],
        takes_passkeys=config.takes_passkeys,
        proofs=proofs_of(actor.person_id),
        offers_app=needs_second_proof(functions_of(actor)),
        must_prove=_must_prove(),
        work_account=config.openid and config.openid.name,
        secret_paths=secret_paths(actor.person_id),
    )


@bp.post(f"{PATH}/uitloggen")
@requires(Permission.OWN_PAGES)
def sign_out_device() -> Response:
    """Sign out on one device (`toestel`), or on all others."""
    signed_in, now = current_session(), clock.now()
    which = request.form.get("toestel", "")
    others = [
        device
        for device in devices_of(signed_in.actor.person_id, now=now)
        if device.session_id != signed_in.session_id
    ]
    chosen = [device.session_id for device in others if which in (device.ref, OTHERS)]
    with unit_of_work():
        actions.end_device(signed_in.actor.person_id, chosen, now=now)
    flash(_("Daar ben je nu uitgelogd.") if chosen else _("Daar was je al uitgelogd."), "good")
    return go_to(PATH)


@bp.get(f"{PATH}/sleutel/vraag")
@requires(Permission.OWN_PAGES)
def question() -> Response:
    """What a browser is asked so that it makes a passkey."""
    if not takes_passkeys():
        abort(400)
    person_id = known_actor().person_id
    site_name = corporation_name() or "Ontmoet"
    return as_question(
        question_to_make(named(person_id), passkeys_of(person_id), site_name=site_name, now=clock.now())
    )


@bp.post(f"{PATH}/sleutel")
@requires(Permission.OWN_PAGES)
def add_passkey() -> Response:
    """The passkey that a device made."""
    if (asking := asked_again()) is not None:
        return asking
    try:
        add_made_passkey(known_actor().person_id, as_first=False)
    except Refused as refusal:
        flash(say(refusal.objections[0]), "warn")
        return go_to(PATH)
    flash(_("Gelukt. Je kunt nu ook inloggen met deze toegangssleutel."), "good")
    return go_to(PATH)


@bp.post(f"{PATH}/sleutel/weg")
@requires(Permission.OWN_PAGES)
def remove_passkey() -> Response:
    """One of the own passkeys (`sleutel`) is worth nothing any more."""
    which = request.form.get("sleutel", "")
    return _removed(
        lambda person_id, now: actions.remove_passkey(person_id, which, needs_one=_must_prove(), now=now)
    )


@bp.route(f"{PATH}/app", methods=["GET", "POST"])
@requires(Permission.OWN_PAGES)
def app() -> Response:
    """Set up an app that shows codes, for who may be asked for one."""
    if not needs_second_proof(functions_of(known_actor())):
        return go_to(PATH)
    person_id, form = known_actor().person_id, AppForm(request.form)
    if request.method == "POST":
        if (asking := asked_again()) is not None:
            return asking
        if form.validate():
            try:
                set_up_app(form, person_id, as_first=False, now=clock.now())
                flash(_("Gelukt. De app laat nu codes zien voor deze site."), "good")
                return go_to(PATH)
            except Refused as refusal:
                form.refuse(refusal.objections, say)
    return app_page("proving/app.html", form, person_id)


@bp.post(f"{PATH}/app/weg")
@requires(Permission.OWN_PAGES)
def remove_app() -> Response:
    """The app shows no codes any more."""
    return _removed(
        lambda person_id, now: actions.remove_code_app(person_id, needs_one=_must_prove(), now=now)
    )


@bp.post(f"{PATH}/account/weg")
@requires(Permission.OWN_PAGES)
def unlink_account() -> Response:
    """The account of work signs in nobody any more."""
    return _removed(
        lambda person_id, now: actions.unlink_account(person_id, needs_one=_must_prove(), now=now)
    )


@bp.route(f"{PATH}/reservecodes", methods=["GET", "POST"])
@requires(Permission.OWN_PAGES)
def spare_codes() -> Response:
    """New spare codes, shown once."""
    if not needs_second_proof(functions_of(known_actor())):
        return go_to(PATH)
    codes: list[str] = []
    if request.method == "POST":
        if (asking := asked_again()) is not None:
            return asking
        codes = new_spare_codes(known_actor().person_id, now=clock.now())
    return page(
        "proving/spare_codes.html",
        nav="mine",
        codes=codes,
        onward=safe_path(request.args.get("next")) or PATH,
    )


def add_made_passkey(person_id: int, *, as_first: bool) -> None:
    """Store the passkey in the answer. Raises `Refused`."""
    now = clock.now()
    made = read_made(request.form.get("answer", ""), now=now)
    with unit_of_work():
        actions.add_passkey(person_id, made, name=device_name_of_request(), as_first=as_first, now=now)


def app_page(template: str, form: AppForm, person_id: int) -> Response:
    """The page that sets an app up."""
    site_name = corporation_name()
    return page(
        template,
        status=422 if form.is_refused else 200,
        nav="mine",
        form=form,
        **shown_app(form, person_id, site_name=site_name or "Ontmoet"),
    )


def _removed(remove: Callable[[int, datetime], bool]) -> Response:
    if (asking := asked_again()) is not None:
        return asking
    try:
        with unit_of_work():
            gone = remove(known_actor().person_id, clock.now())
        flash(_("Weg. We sturen je er ook bericht van.") if gone else _("Dat was al weg."), "good")
    except Refused as refusal:
        flash(say_any(refusal.objections[0]), "warn")
    return go_to(PATH)


def _must_prove() -> bool:
    """Whether a second proof is asked of who asks."""
    return asks_second_proof() and needs_second_proof(functions_of(known_actor()))


def _day(moment: datetime, now: datetime) -> str:
    """Roughly when: the day."""
    return _("vandaag") if day_of(moment) == day_of(now) else dates.long_day(day_of(moment))
