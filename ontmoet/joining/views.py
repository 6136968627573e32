"""How somebody joins: typing the code of a letter, and the one page that the code opens."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, g, request

from ontmoet.db import unit_of_work
from ontmoet.house_rules.rules import groups_in
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.tokens import code_in, digest_of, new_form_key, new_secret
from ontmoet.people.entering import (
    device_name_of_request,
    device_of_request,
    enter,
    keep_device,
    network_of_request,
    new_cookies,
)
from ontmoet.people.passwords import hash_password
from ontmoet.people.pins import check_pin
from ontmoet.rooms.queries import corporation_of, place_of
from ontmoet.web.access import current_actor, public
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to, page, slow_down
from ontmoet.web.settings import current_config

from . import actions, adding
from .forms import AddHomeForm, CodeForm, JoinForm
from .queries import invitation_by_code, rooms_of, rules_of, use_on
from .rules import GUESSES_WINDOW, Invitation, Reason
from .wording import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ontmoet.house_rules.rules import Group, RulesVersion
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

bp = Blueprint("joining", __name__)


@bp.route("/welkom", methods=["GET", "POST"])
@public
def type_code() -> Response:
    """For who has no camera: the code of the letter, typed over."""
    g.is_personal = True
    form = CodeForm(request.form)
    if request.method != "POST" or not form.validate():
        return page("joining/type_code.html", status=422 if form.is_refused else 200, form=form)
    code = code_in(form.code.data)
    return go_to(f"/welkom/{code}") if code else _no_letter(clock.now())


@bp.route("/welkom/<letter_code:code>", methods=["GET", "POST"])
@public
def join(code: str) -> Response:
    """The page of a letter: join the home it was sent to. Who is signed in can add it to the own homes."""
    g.is_personal = True
    now = clock.now()
    actor = current_actor()
    letter = invitation_by_code(code) if code else None
    if actor is not None and letter is not None:
        return _add_home(code, letter, actor, now)
    if letter is None or not _opens(letter, now):
        return _no_letter(now)
    if request.method != "POST":
        return _first_page(letter, now)
    form = JoinForm(request.form, minimum_age=current_config().minimum_age)
    if not form.validate():
        return _join_page(letter, form, now, status=422)
    try:
        return _joined(code, letter, form, now)
    except Refused as refusal:
        if any(objection.reason is Reason.NO_LETTER for objection in refusal.objections):
            return _no_letter(now)
        form.refuse(refusal.objections, say)
        asks_who = any(objection.reason is Reason.IS_IT_YOU for objection in refusal.objections)
        form.rules_seen.raw_data = None
        return _join_page(letter, form, now, status=422, asks_who=asks_who)


def _opens(letter: Invitation, now: datetime) -> bool:
    """Whether the letter works on this device: once. A form that is sent again may be a second tap, of
    which the first used the letter up.
    """
    device = device_of_request()
    is_used = device is not None and use_on(letter.invitation_id, digest_of(device)) is not None
    return request.method == "POST" if is_used else letter.works(now)


def _joined(code: str, letter: Invitation, form: JoinForm, now: datetime) -> Response:
    check_pin(form.pin.data)
    # Hashing takes a while: outside the unit of work, or nobody could book meanwhile.
    pin_hash = hash_password(form.pin.data)
    secret, device = new_cookies()
    newcomer = form.newcomer
    with unit_of_work():
        started = actions.join(
            code,
            newcomer,
            pin_hash=pin_hash,
            form_key=form.idempotency_key.data,
            device=device,
            secret=secret,
            device_name=device_name_of_request(),
            now=now,
        )
    if started is None:
        response = keep_device(go_to("/inloggen/wachten"), device)
    else:
        places = started.actor.places
        target = f"/r/{places[0].slug}" if places else "/mijn"
        response = enter(started, secret=secret, device=device, target=target)
    flash(
        _(
            "Welkom, %(name)s. Onthoud dit voor later. Je logt in met je adres %(address)s, "
            "je bijnaam %(nickname)s en je pincode.",
            name=newcomer.given_name,
            address=letter.address_name,
            nickname=newcomer.chosen_nickname,
        ),
        "good",
    )
    if newcomer.email and started is not None:
        flash(
            _("We sturen een code naar %(email)s. Vul die in bij ‘Mijn gegevens’.", email=newcomer.email),
            "info",
        )
    return response


def _add_home(code: str, letter: Invitation, actor: Actor, now: datetime) -> Response:
    """For who is signed in: live in this home too, by one press. Nothing else that is sent counts."""
    is_asked = request.method == "POST" and "add" in request.form
    rooms = rooms_of(letter, now=now)
    target = f"/r/{rooms[0].slug}" if rooms else "/mijn"
    added = _("%(address)s staat nu bij jouw adressen.", address=letter.address)
    if any(dwelling.home_id == letter.home_id for dwelling in actor.dwellings):
        if not is_asked:
            return _lives_there_page(letter, rooms)
        # A second tap: its answer is the one that is seen.
        flash(added, "good")
        return go_to(target)
    device = device_of_request() or new_secret()
    form = AddHomeForm(request.form if is_asked else None)
    if not (is_asked and form.validate()):
        if not letter.works(now) or use_on(letter.invitation_id, digest_of(device)) is not None:
            return _no_letter(now)
    else:
        # Not asked before: a second tap may find the letter used up by the first.
        try:
            with unit_of_work():
                adding.add_home(
                    code,
                    actor.person_id,
                    accepts_rules=form.accepts_rules.data,
                    rules_seen=form.rules_seen.data,
                    form_key=form.idempotency_key.data,
                    device=device,
                    now=now,
                )
            flash(added, "good")
            return keep_device(go_to(target), device)
        except Refused as refusal:
            if any(objection.reason is Reason.NO_LETTER for objection in refusal.objections):
                return _no_letter(now)
            form.refuse(refusal.objections, say)
            form.rules_seen.raw_data = None
    if not is_asked:
        form.idempotency_key.data = new_form_key()
    rules = adding.rules_to_accept(rooms, actor, now=now)
    if form.rules_seen.raw_data is None:
        form.rules_seen.data = actions.rules_label(rules)
    response = page(
        "joining/add_home.html",
        status=422 if form.is_refused else 200,
        place=place_of(rooms[0]) if rooms else None,
        corporation=corporation_of(rooms[0]) if rooms else None,
        form=form,
        letter=letter,
        rooms=[room.name for room in rooms],
        rules=_in_groups(rules),
    )
    return keep_device(response, device)


def _lives_there_page(letter: Invitation, rooms: tuple[RoomView, ...]) -> Response:
    return page(
        "joining/signed_in.html",
        place=place_of(rooms[0]) if rooms else None,
        corporation=corporation_of(rooms[0]) if rooms else None,
        letter=letter,
        rooms=[(room.slug, room.name) for room in rooms],
    )


def _in_groups(rules: Iterable[tuple[RoomView, RulesVersion]]) -> list[tuple[str, tuple[Group, ...]]]:
    return [(room.name, groups_in(version.body)) for room, version in rules]


def _first_page(letter: Invitation, now: datetime) -> Response:
    form = JoinForm(minimum_age=current_config().minimum_age)
    form.idempotency_key.data = new_form_key()
    return keep_device(_join_page(letter, form, now))


def _join_page(
    letter: Invitation, form: JoinForm, now: datetime, *, status: int = 200, asks_who: bool = False
) -> Response:
    rooms = rooms_of(letter, now=now)
    rules = rules_of(rooms, now=now)
    if form.rules_seen.raw_data is None:
        form.rules_seen.data = actions.rules_label(rules)
    first = rooms[0] if rooms else None
    return page(
        "joining/join.html",
        status=status,
        place=place_of(first) if first else None,
        corporation=corporation_of(first) if first else None,
        form=form,
        letter=letter,
        rooms=[room.name for room in rooms],
        rules=_in_groups(rules),
        asks_who=asks_who or form.is_somebody_else.data,
    )


def _no_letter(now: datetime) -> Response:
    """One page for every code that does not work, whatever the cause. Only these are counted: who holds
    a letter did not guess its code, and is not kept out by a neighbour who does.
    """
    with unit_of_work():
        too_many = actions.is_guess_too_many(network_of_request(), now=now)
    response = page("joining/no_letter.html", status=404)
    return slow_down(response, seconds=GUESSES_WINDOW.total_seconds()) if too_many else response
