"""What to do in an emergency: public, and made to be printed and hung on the wall."""

from __future__ import annotations

from flask import Blueprint, Response

from ontmoet.kernel import clock
from ontmoet.kernel.walltime import day_of
from ontmoet.people.queries import contact_of
from ontmoet.rooms.pages import room_or_404, room_page
from ontmoet.web.access import public
from ontmoet.web.i18n import gettext as _

from .queries import sheet_of

bp = Blueprint("emergency", __name__)


@bp.get("/r/<slug:slug>/nood")
@public
def emergency(slug: str) -> Response:
    """Door, water, power and 112. Also of a room that is not live yet: the paper hangs there before."""
    room = room_or_404(slug)
    today = day_of(clock.now())
    values = sheet_of(room.room_id, today=today).values
    return room_page(
        "arranging/emergency.html",
        room,
        contact=contact_of(room, today=today),
        # Whoever stands there reads what the room says; where it says nothing, they call.
        parts=[
            (_("De deur gaat niet open of dicht"), values["emergency_door"].splitlines()),
            (_("Er lekt water"), values["emergency_water"].splitlines()),
            (_("Er is geen stroom of licht"), values["emergency_power"].splitlines()),
        ],
    )
