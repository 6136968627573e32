"""Sheets of A4 with the agenda of a day, of weeks or a month, and room to tally. Public: without names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from ontmoet.bookings.agenda_pages import FIRST_DAY, LAST_DAY
from ontmoet.bookings.agenda_queries import agenda_between
from ontmoet.kernel import clock, text
from ontmoet.kernel.text import Malformed
from ontmoet.kernel.walltime import day_of, month_of
from ontmoet.rooms.pages import room_or_404, room_page, stop_before_it_opens
from ontmoet.web import dates
from ontmoet.web.access import public
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pieces import Piece
from ontmoet.web.qr import qr_drawing
from ontmoet.web.settings import current_config

from .sheet import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from ontmoet.bookings.agenda_queries import AgendaLine
    from ontmoet.rooms.rules import RoomView

    from .sheet import SheetRow

bp = Blueprint("sheet", __name__)

MOST_WEEKS = 4


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed on paper of its own: its title, its days with their rows, and where figures go."""

    title: str
    span: str
    days: list[tuple[str, list[SheetRow]]]
    code: Markup


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which days, and in which pieces; `view` is the part of the address that asked for it."""

    view: str
    pieces: tuple[tuple[date, date], ...]

    @property
    def first(self) -> date:
        return self.pieces[0][0]

    @property
    def after(self) -> date:
        return self.pieces[-1][1]


@bp.get("/r/<slug:slug>/agenda/afdrukken")
@public
def sheet(slug: str) -> Response:
    """A day (`dag`), a week (`week`) and up to four (`weken`), or a month (`maand`); this week without."""
    now = clock.now()
    room = room_or_404(slug)
    stop_before_it_opens(room)
    try:
        wanted = _wanted(request.args, today=day_of(now))
    except Malformed:
        abort(400)
    lines, _taken = agenda_between(room, wanted.first, wanted.after, reader=None, now=now)
    return room_page(
        "attendance/sheet.html",
        room,
        nav="agenda",
        views=_views(wanted, today=day_of(now)),
        around=_around(wanted),
        piece=Piece(("sheet", room.room_id, wanted), (room.version, lines)),
        sheets=(_sheet(room, wanted.view, first, after, lines) for first, after in wanted.pieces),
    )


def _wanted(args: Mapping[str, str], *, today: date) -> Wanted:
    """What an address asks for. Raises `Malformed`."""
    if "dag" in args:
        day = text.day(args["dag"])
        return Wanted("dag", ((day, day + timedelta(days=1)),))
    if "maand" in args:
        return Wanted("maand", (month_of(text.month(args["maand"])),))
    monday = text.week(args["week"]) if "week" in args else today - timedelta(days=today.weekday())
    weeks = text.whole_number(args.get("weken", "1"), least=1, most=MOST_WEEKS)
    mondays = [monday + timedelta(days=7 * number) for number in range(weeks)]
    return Wanted(
        "week" if weeks == 1 else "weken", tuple((first, first + timedelta(days=7)) for first in mondays)
    )


def _sheet(room: RoomView, view: str, first: date, after: date, lines: tuple[AgendaLine, ...]) -> Sheet:
    days = [first + timedelta(days=number) for number in range((after - first).days)]
    base_url = current_config().base_url
    last = days[-1]
    title, span = {
        "dag": (dates.long_day(first), str(first.year)),
        "maand": (dates.month_and_year(first), ""),
    }.get(
        view,
        (
            _("week %(number)s", number=first.isocalendar().week),
            _(
                "%(first)s tot en met %(last)s %(year)s",
                first=dates.short_day(first),
                last=dates.short_day(last),
                year=last.year,
            ),
        ),
    )
    return Sheet(
        title,
        span,
        [(dates.short_day(day), rows) for day in days if (rows := rows_of(day, lines, room))],
        qr_drawing(f"{base_url}/r/{room.slug}/opkomst?dag={first}"),
    )


def _views(wanted: Wanted, *, today: date) -> list[tuple[str, str, bool, dict[str, str]]]:
    """The same time on other sheets: this day when it is among them, else the first."""
    day = today if wanted.first <= today < wanted.after else wanted.first
    names = {"dag": _("Dag"), "week": _("Week"), "weken": _("4 weken"), "maand": _("Maand")}
    return [(_address(view, day, MOST_WEEKS), name, wanted.view == view, {}) for view, name in names.items()]


def _around(wanted: Wanted) -> list[tuple[str, str] | None]:
    """What comes before these sheets and after them; None where the agenda ends."""
    back = timedelta(days=1) if wanted.view == "maand" else wanted.after - wanted.first
    return [
        (_address(wanted.view, day, len(wanted.pieces)), words) if FIRST_DAY <= day <= LAST_DAY else None
        for day, words in ((wanted.first - back, _("Eerder")), (wanted.after, _("Later")))
    ]


def _address(view: str, day: date, weeks: int) -> str:
    if view == "dag":
        return f"?dag={day}"
    if view == "maand":
        return f"?maand={day:%Y-%m}"
    year, week, _weekday = day.isocalendar()
    return f"?week={year}-W{week:02d}" + (f"&weken={weeks}" if view == "weken" else "")
