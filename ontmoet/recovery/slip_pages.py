"""How people of a room make a slip: find somebody by name, and print."""

from __future__ import annotations

from datetime import datetime

import segno
from flask import Blueprint, Response, abort, current_app, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.tokens import PUBLIC_ID
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.finding import Found, Scope, those_of
from ontmoet.people.forms import NameForm
from ontmoet.people.found_pages import found_before, found_by
from ontmoet.people.queries import language_read_by
from ontmoet.rooms.pages import room_or_404, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import speaking
from ontmoet.web.pages import go_to, paper
from ontmoet.web.settings import current_config

from .rules import SLIP_LIFE, objection_to_slip
from .slips import make_slip
from .wording import say

bp = Blueprint("slips", __name__)


@bp.route("/r/<slug:slug>/briefje", methods=["GET", "POST"])
@requires(Permission.SLIP_MAKE)
def find(slug: str) -> Response:
    """Find somebody of the room by name."""
    room = _own_room(slug)
    if request.method != "POST":
        return _find_page(room, NameForm())
    form = NameForm(request.form)
    shown = found_by(form, room, Scope.PRESENT)
    return go_to(shown) if shown else _find_page(room, form, status=422)


@bp.route("/r/<slug:slug>/briefje/maken", methods=["GET", "POST"])
@requires(Permission.SLIP_MAKE)
def make(slug: str) -> Response:
    """Make a slip and show it, once: what is not printed now has to be made again."""
    room, now, maker = _own_room(slug), clock.now(), known_actor()
    if request.method != "POST":
        return go_to(f"/r/{slug}/briefje")
    asked = request.form.get("person", "")
    if not PUBLIC_ID.fullmatch(asked):
        abort(400)
    person = next(iter(those_of(room, Scope.PRESENT, [asked], now=now)), None)
    if person is None:
        abort(404)
    subject = actor_of(person.person_id, today=day_of(now))
    problem = objection_to_slip(maker, subject, room_id=room.room_id, has_mail=person.has_mail)
    if problem is not None:
        form = NameForm()
        form.refuse([Objection(problem)], say)
        return _find_page(room, form, status=422)
    # With a slip somebody gets in as another.
    asking: Response | None = current_app.extensions["ontmoet_asked_again"]()
    if asking is not None:
        return asking
    with unit_of_work():
        code = make_slip(
            person.person_id, room_id=room.room_id, made_by_id=maker.person_id, key=_key(), now=now
        )
    return _slip_page(room, person, code, now)


def _own_room(slug: str) -> RoomView:
    room = room_or_404(slug)
    ensure(Permission.SLIP_MAKE, room)
    return room


def _find_page(room: RoomView, form: NameForm, *, status: int = 200) -> Response:
    return room_page(
        "recovery/slip_find.html", room, status=status, form=form, found=found_before(room, Scope.PRESENT)
    )


def _slip_page(room: RoomView, person: Found, code: str, now: datetime) -> Response:
    until = now + SLIP_LIFE
    where = f"{current_config().base_url}/inloggen/briefje"
    with speaking(language_read_by(person.person_id)):
        drawn = paper(
            "recovery/sign_in_slip.html",
            room=room,
            name=person.name,
            where=where,
            code="-".join(code[at : at + 4] for at in range(0, len(code), 4)),
            qr=_drawn(f"{where}?c={code}"),
            until=dates.full_moment(until),
        )
    return room_page("recovery/slip_made.html", room, name=person.name, slip=drawn)


def _drawn(address: str) -> str:
    """The QR code as an address of an image that holds it: the page asks nobody for it."""
    return segno.make_qr(address, error="m").svg_data_uri(scale=6, border=4, light="white")


def _key() -> str:
    key: str = current_app.config["SECRET_KEY"]
    return key
