"""How people of a room make a slip: find somebody by name, and print."""

from __future__ import annotations

from datetime import datetime

import segno
from flask import Blueprint, Response, abort, current_app, request

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock, text
from ontmoet.kernel.objections import Objection
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.text import Malformed, folded
from ontmoet.kernel.tokens import PUBLIC_ID
from ontmoet.kernel.walltime import day_of
from ontmoet.people.queries import actor_of
from ontmoet.rooms.queries import place_of, room_by_slug
from ontmoet.rooms.rules import RoomView
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.pages import page

from . import actions
from .queries import OfRoom, people_of
from .rules import SLIP_LIFE, objection_to_slip
from .wording import say

bp = Blueprint("slips", __name__)

FEWEST_LETTERS = 3
MOST_FOUND = 10
LONGEST_NAME = 80


@bp.get("/r/<slug:slug>/briefje")
@requires(Permission.SLIP_MAKE)
def find(slug: str) -> Response:
    """Find somebody of the room by name, at least three letters of it."""
    room, now = _own_room(slug), clock.now()
    asked = _typed_name()
    found: list[OfRoom] = []
    if len(asked) >= FEWEST_LETTERS:
        found = [person for person in people_of(room, today=day_of(now)) if _fits(asked, person.name)]
        with unit_of_work():
            found_ids = [person.person_id for person in found]
            actions.note_search(room.room_id, found_ids, actor_id=known_actor().person_id, now=now)
    return _find_page(room, asked, found)


@bp.post("/r/<slug:slug>/briefje")
@requires(Permission.SLIP_MAKE)
def make(slug: str) -> Response:
    """Make a slip and show it, once: what is not printed now has to be made again."""
    room, now, maker = _own_room(slug), clock.now(), known_actor()
    asked = request.form.get("person", "")
    if not PUBLIC_ID.fullmatch(asked):
        abort(400)
    person = next((one for one in people_of(room, today=day_of(now)) if one.public_id == asked), None)
    if person is None:
        abort(404)
    subject = actor_of(person.person_id, today=day_of(now))
    problem = objection_to_slip(
        maker, subject, room_id=room.room_id, is_of_room=True, has_mail=person.has_mail
    )
    if problem is not None:
        return _find_page(room, "", [], problem=say(Objection(problem)), status=422)
    with unit_of_work():
        code = actions.make_slip(
            person.person_id, room_id=room.room_id, made_by_id=maker.person_id, key=_key(), now=now
        )
    return _slip_page(room, person, code, now)


def _own_room(slug: str) -> RoomView:
    room = room_by_slug(slug)
    if room is None:
        abort(404)
    ensure(Permission.SLIP_MAKE, room)
    return room


def _typed_name() -> str:
    try:
        return text.line(request.args.get("naam", ""), longest=LONGEST_NAME)
    except Malformed:
        return ""


def _fits(asked: str, name: str) -> bool:
    """Whether a word of the name begins like this, or the whole name does."""
    wanted, whole = folded(asked), folded(name)
    return whole.startswith(wanted) or any(word.startswith(wanted) for word in whole.split())


def _find_page(
    room: RoomView, asked: str, found: list[OfRoom], *, problem: str = "", status: int = 200
) -> Response:
    return page(
        "recovery/slip_find.html",
        status=status,
        place=place_of(room),
        nav="room",
        corporation_name=room.corporation_name,
        room=room,
        asked=asked,
        is_short=0 < len(asked) < FEWEST_LETTERS,
        has_searched=len(asked) >= FEWEST_LETTERS,
        found=found[:MOST_FOUND],
        more=max(len(found) - MOST_FOUND, 0),
        problem=problem,
    )


def _slip_page(room: RoomView, person: OfRoom, code: str, now: datetime) -> Response:
    until = now + SLIP_LIFE
    where = f"{current_app.extensions['ontmoet_config'].base_url}/inloggen/briefje"
    return page(
        "recovery/slip_made.html",
        place=place_of(room),
        nav="room",
        corporation_name=room.corporation_name,
        room=room,
        name=person.name,
        where=where,
        code="-".join(code[at : at + 4] for at in range(0, len(code), 4)),
        qr=_drawn(f"{where}?c={code}"),
        until=f"{dates.long_day(day_of(until))} {dates.clock_at(until)}",
        scripts=True,
    )


def _drawn(address: str) -> str:
    """The QR code as an address of an image that holds it: the page asks nobody for it."""
    return segno.make_qr(address, error="m").svg_data_uri(scale=6, border=4, light="white")


def _key() -> str:
    key: str = current_app.config["SECRET_KEY"]
    return key
