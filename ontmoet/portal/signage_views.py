"""What hangs at a room: the poster on its door, and the screen in its hall. Public, and without names of
residents.
"""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, abort, current_app, request

from ontmoet.arranging.hours_rules import week_in
from ontmoet.arranging.hours_wording import week_lines
from ontmoet.bookings.coming import activities_after
from ontmoet.kernel import clock
from ontmoet.kernel.walltime import day_of, wall
from ontmoet.people.queries import contact_of
from ontmoet.rooms.pages import lead_on, room_or_404, room_page
from ontmoet.rooms.wording import for_whom
from ontmoet.web import i18n
from ontmoet.web.access import public
from ontmoet.web.pages import PUBLIC, html
from ontmoet.web.pieces import Piece
from ontmoet.web.qr import qr_drawing
from ontmoet.web.settings import current_config

from .door import door_agenda
from .screen import screen_of

bp = Blueprint("signage", __name__)

TIME_HEADER = "Ontmoet-Time"
"""The wall clock of the room: a television often has none that is right."""


@bp.get("/r/<slug:slug>/poster")
@public
def poster(slug: str) -> Response:
    """For on the door. Also of a room that is not live yet: it hangs there before."""
    room = room_or_404(slug)
    lead_on(room)
    return room_page(
        "portal/poster.html",
        room,
        address=_address(slug).partition("://")[2],
        for_whom=for_whom(room.access_policy),
        hours=week_lines(week_in(room.hours)),
        contact=contact_of(room, today=day_of(clock.now())),
    )


@bp.get("/r/<slug:slug>/scherm")
@public
def screen(slug: str) -> Response:
    """For a television: it asks again each minute, and is told when nothing changed. Who asks is nobody."""
    now = clock.now()
    room = room_or_404(slug)
    lead_on(room, "/scherm")
    if not room.is_open_to_bookings(now):
        abort(404)
    today = day_of(now)
    lines, taken = door_agenda(room, reader=None, now=now)
    shown = screen_of(room, lines, taken, activities_after(room, today), now=now)
    asset = current_app.jinja_env.globals["asset"]
    made_of = (room.name, room.door, shown, asset("app.css"), asset("screen.js"), i18n.language())  # type: ignore[operator]
    mark = hashlib.sha256(repr(made_of).encode()).hexdigest()[:32]
    if request.if_none_match.contains_weak(mark):
        response = Response(status=304, headers={"Cache-Control": PUBLIC, "Vary": "HX-Request, Cookie"})
    else:
        response = html(
            "portal/screen.html",
            status=200,
            room=room,
            shown=shown,
            piece=Piece(("screen", room.room_id), mark),
            code=qr_drawing(_address(slug)),
            time=f"{wall(now):%-H:%M}",
        )
    response.set_etag(mark, weak=True)
    response.headers[TIME_HEADER] = f"{wall(now):%H:%M:%S}"
    return response


def _address(slug: str) -> str:
    """What the codes open."""
    return f"{current_config().base_url}/r/{slug}"
