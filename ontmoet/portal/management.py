"""What there is to do for who has a function in a room: one page with links to the pages of all slices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response

from ontmoet.bookings.request_queries import how_many_wait
from ontmoet.bookings.request_wording import waiting_line
from ontmoet.bookings.use_pages import closings_line
from ontmoet.bookings.use_queries import closings_of
from ontmoet.kernel import clock
from ontmoet.kernel.permissions import BOARD, VOLUNTEERS, Permission, allows
from ontmoet.rooms.pages import room_or_404, room_page
from ontmoet.web.access import ensure, known_actor, requires
from ontmoet.web.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Callable

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

bp = Blueprint("management", __name__)


@dataclass(frozen=True, slots=True)
class Work:
    """A page under the room's address, for whom has the permission there. The words are made when read."""

    path: str
    icon: str
    label: Any
    line: Any
    permission: Permission
    number_line: Callable[[int], str] | None = None
    """Says how many requests of the room wait, in the place of `line`."""


WORK: tuple[tuple[Any, tuple[Work, ...]], ...] = (
    (
        _l("De agenda"),
        (
            Work("agenda", "calendar", _l("Agenda"), _l("Wie er komt, en wanneer"), Permission.NAMES_SEE),
            Work(
                "aanvragen",
                "hourglass",
                _l("Aanvragen"),
                _l("Goedkeuren of afwijzen"),
                Permission.REQUEST_DECIDE,
                waiting_line,
            ),
            Work("reeksen", "calendar", _l("Reeksen"), _l("Wie er vaker komt"), Permission.NAMES_SEE),
            Work(
                "opkomst", "people", _l("Opkomst"), _l("Hoeveel mensen er waren"), Permission.ATTENDANCE_COUNT
            ),
            Work(
                "sluitingen",
                "lock",
                _l("Sluitingen"),
                _l("De ruimte een tijd dichtdoen"),
                Permission.CLOSURES_MANAGE,
            ),
            Work(
                "werk", "tool", _l("Werk aankondigen"), _l("Er komt iemand binnen"), Permission.WORKS_ANNOUNCE
            ),
            Work(
                "agenda/overnemen",
                "calendar",
                _l("Agenda overnemen"),
                _l("Uit Google, Outlook of een ander programma"),
                Permission.CALENDAR_TAKE_OVER,
            ),
        ),
    ),
    (
        _l("Voor een buur"),
        (
            Work(
                "namens", "people", _l("Regel iets voor een buur"), _l("Namens iemand"), Permission.ON_BEHALF
            ),
            Work(
                "bellijst",
                "phone",
                _l("Bellijst"),
                _l("Wie je belt of iets vertelt"),
                Permission.CALL_LIST_SEE,
            ),
            Work(
                "briefje",
                "key",
                _l("Inlogbriefje maken"),
                _l("Na een vergeten pincode"),
                Permission.SLIP_MAKE,
            ),
            Work(
                "sleutels",
                "key",
                _l("Sleutels"),
                _l("Wie heeft ze, uitgeven en innemen"),
                Permission.KEYS_HAND_OUT,
            ),
        ),
    ),
    (
        _l("Wie erbij hoort"),
        (
            Work(
                "mensen",
                "people",
                _l("Wie doet wat"),
                _l("Functies, en wie ze heeft"),
                Permission.FUNCTIONS_SEE,
            ),
            Work(
                "brieven",
                "printer",
                _l("Brieven voor bewoners"),
                _l("Zo doen buren mee"),
                Permission.LETTERS_MAKE,
            ),
            Work(
                "buren",
                "door",
                _l("Buren toelaten"),
                _l("Wie van buiten mag reserveren"),
                Permission.GUESTS_ADMIT,
            ),
            Work(
                "organisaties",
                "house",
                _l("Organisaties"),
                _l("Met wie we samenwerken"),
                Permission.PARTNERS_MANAGE,
            ),
        ),
    ),
    (
        _l("De ruimte"),
        (
            Work(
                "openingstijden",
                "clock",
                _l("Openingstijden"),
                _l("Ook vakanties en feestdagen"),
                Permission.HOURS_CHANGE,
            ),
            Work(
                "reserveerregels",
                "list",
                _l("Reserveerregels"),
                _l("Hoe lang, hoe vaak, hoe ver vooruit"),
                Permission.HOURS_CHANGE,
            ),
            Work(
                "huisregels/nieuw",
                "heart",
                _l("Nieuwe huisregels"),
                _l("Schrijf ze"),
                Permission.HOUSE_RULES_PUBLISH,
            ),
            Work(
                "inrichting",
                "house",
                _l("Inrichting"),
                _l("Wat er is, en hoe het gaat"),
                Permission.ROOM_TELL,
            ),
            Work(
                "poster",
                "qr",
                _l("Poster voor op de deur"),
                _l("Druk hem af en hang hem op"),
                Permission.NAMES_SEE,
            ),
            Work("scherm", "door", _l("Scherm in de hal"), _l("Voor een televisie"), Permission.NAMES_SEE),
        ),
    ),
)
"""Under what it is about, in the order of the page. Another page for functions of a room is one more row."""


@bp.get("/r/<slug:slug>/beheer")
@requires(Permission.FUNCTIONS_SEE)
def manage(slug: str) -> Response:
    """What this person may do here."""
    room = room_or_404(slug)
    ensure(Permission.FUNCTIONS_SEE, room)
    actor, now = known_actor(), clock.now()
    waiting = how_many_wait([room.room_id], now=now).get(room.room_id, 0)
    is_staff = not actor.functions_in(room.room_id) & (BOARD | VOLUNTEERS)
    return room_page(
        "portal/manage.html",
        room,
        groups=[
            (
                heading,
                [(work, work.number_line(waiting) if work.number_line else work.line) for work in works],
            )
            for heading, works in work_of(actor, room)
        ],
        closings=closings_line(closings_of(room.room_id, now=now), is_staff=is_staff),
    )


def work_of(actor: Actor, room: RoomView) -> list[tuple[Any, list[Work]]]:
    """The rows for somebody in a room, under their headings. A heading without any is left out."""
    groups = [
        (heading, [work for work in works if allows(actor, work.permission, room)]) for heading, works in WORK
    ]
    return [(heading, works) for heading, works in groups if works]
