"""Calendars to follow: one's own and a room's, and the pages that tell how to put them on a phone."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import NamedTuple

from flask import Blueprint, Response, abort, flash, g, request
from markupsafe import Markup

from ontmoet.bookings.calendar import feed
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.permissions import Permission
from ontmoet.people.confirming import is_confirmed
from ontmoet.people.entering import network_of_request
from ontmoet.people.feeds import reader_by_token, token_of
from ontmoet.rooms.pages import lead_on, room_or_404, room_page
from ontmoet.rooms.rules import RoomView
from ontmoet.trail.actions import count_try
from ontmoet.web.access import known_actor, public, requires
from ontmoet.web.errors import answer
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import speaking
from ontmoet.web.pages import PUBLIC, go_to, page, slow_down
from ontmoet.web.qr import qr_drawing
from ontmoet.web.settings import current_config

from . import actions, entries

bp = Blueprint("calendars", __name__)

MINE = "/mijn/agenda"
GUESSES, GUESSES_WINDOW = 60, timedelta(minutes=15)
"""Of one network. Programs go on asking for an address that was ended, so that must not keep out others: a
right one always works. It has 140 bits, so guessing is hopeless without a limit too.
"""


@bp.get("/agenda/<letter_code:code>.ics")
@public
def own_feed(code: str) -> Response:
    """A person's bookings, for whoever has the address."""
    g.is_personal = True
    now = clock.now()
    reader = reader_by_token(code) if code else None
    if reader is None:
        with unit_of_work():
            tries = count_try(f"feed/network/{network_of_request()}", window=GUESSES_WINDOW, now=now)
        if tries > GUESSES:
            return slow_down(answer(429), seconds=GUESSES_WINDOW.total_seconds())
        abort(404)
    with speaking(reader.language):
        body = entries.own_feed(reader.person_id, base_url=current_config().base_url, now=now)
    response = Response(body, mimetype="text/calendar")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/r/<slug:slug>/agenda.ics")
@public
def room_feed(slug: str) -> Response:
    """When a room is taken or closed, without names."""
    room, now = _open_room(slug, "/agenda.ics"), clock.now()
    body = feed(room.name, entries.entries_in(room, base_url=current_config().base_url, now=now))
    mark = hashlib.sha256(body).hexdigest()[:32]
    if request.if_none_match.contains_weak(mark):
        response = Response(status=304)
    else:
        response = Response(body, mimetype="text/calendar")
    response.headers["Cache-Control"] = PUBLIC
    response.set_etag(mark, weak=True)
    return response


@bp.get("/r/<slug:slug>/agenda/telefoon")
@public
def on_a_phone(slug: str) -> Response:
    """How to put a room's calendar on a phone."""
    room = _open_room(slug, "/agenda/telefoon")
    return room_page("calendars/room.html", room, nav="agenda", ways=_ways(f"/r/{slug}/agenda.ics"))


@bp.route(MINE, methods=["GET", "POST"])
@requires(Permission.OWN_PAGES)
def mine() -> Response:
    """The address of one's own calendar: made, shown again, made anew or ended."""
    now, person_id, key = clock.now(), known_actor().person_id, current_config().token_key
    if not is_confirmed(now):
        # The phone may lie on a table, and the address works until somebody ends it.
        return go_to(f"/mijn/gegevens/bevestigen?next={MINE}")
    if request.method != "POST":
        token = token_of(person_id, key=key)
        return page(
            "calendars/mine.html",
            nav="mine",
            ways=None if token is None else _ways(f"/agenda/{token}.ics"),
        )
    deed = request.form.get("deed")
    if deed not in ("make", "renew", "end"):
        abort(400)
    with unit_of_work():
        if deed == "end":
            actions.end(person_id, now=now)
        else:
            actions.make(person_id, key=key, anew=deed == "renew", now=now)
    said = {
        "make": _("Het adres is klaar. Zet het nu op je telefoon."),
        "renew": _("Dit is je nieuwe adres. Het oude werkt niet meer."),
        "end": _("Gestopt. Het adres werkt niet meer."),
    }
    flash(said[deed], "good")
    return go_to(MINE)


def _open_room(slug: str, path: str) -> RoomView:
    room = room_or_404(slug)
    lead_on(room, path)
    if not room.is_open_to_bookings(clock.now()):
        abort(404)
    return room


class _Ways(NamedTuple):
    """An address in full, as programs for calendars open it by themselves, and as a code to scan."""

    address: str
    by_itself: str
    code: Markup


def _ways(path: str) -> _Ways:
    address = f"{current_config().base_url}{path}"
    by_itself = f"webcal://{address.partition('://')[2]}"
    return _Ways(address, by_itself, qr_drawing(by_itself))
