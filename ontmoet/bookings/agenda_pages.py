"""The four views of the agenda over the same lines."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Response

from ontmoet.kernel import text
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.text import FIRST_YEAR, LAST_YEAR
from ontmoet.kernel.walltime import day_of, month_of
from ontmoet.rooms.pages import room_page
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pieces import Piece

from . import agenda, agenda_grid
from .agenda_queries import AgendaLine, agenda_between, shows_own

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

    from .rules import Taken

DAYS_IN_LIST = 28
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 8), date(LAST_YEAR, 12, 24)
"""How far the agenda can be turned: whole weeks inside the years that can be read."""


def agenda_page(room: RoomView, args: Mapping[str, str], *, reader: Actor | None, now: datetime) -> Response:
    """The view that `args` asks for. Raises `Malformed` for a day that cannot be read."""
    today = day_of(now)
    if "dag" in args:
        return _day(room, text.day(args["dag"]), reader, now)
    if "maand" in args:
        return _month(room, text.month(args["maand"]), reader, now)
    if "lijst" in args:
        return _list(room, text.day(args["lijst"]) if args["lijst"] else today, reader, now)
    monday = text.week(args["week"]) if "week" in args else today - timedelta(days=today.weekday())
    return _week(room, monday, reader, now)


def _day(room: RoomView, day: date, reader: Actor | None, now: datetime) -> Response:
    lines, taken = agenda_between(room, day, day + timedelta(days=1), reader=reader, now=now)
    monday = day - timedelta(days=day.weekday())
    entries = agenda.day_entries(day, lines, taken, room, now)
    around = [monday + timedelta(days=n) for n in range(7)]
    return _agenda(
        "bookings/agenda_day.html",
        room,
        reader,
        lines,
        taken=taken,
        view="dag",
        day=day,
        now=now,
        heading=_("Agenda van %(room)s", room=room.name),
        day_title=dates.capitalised(_day_title(day, day_of(now))),
        entries=entries,
        remark=agenda.day_remark(day, room, now, is_empty=not entries),
        days=[(f"?dag={d}", dates.weekday(d), d.day, dates.month_name(d), d == day, {}) for d in around],
        week_title=_week_title(monday),
        before=_link("dag", day - timedelta(days=7), _week_title(monday - timedelta(days=7))),
        after=_link("dag", day + timedelta(days=7), _week_title(monday + timedelta(days=7))),
    )


def _week(room: RoomView, monday: date, reader: Actor | None, now: datetime) -> Response:
    before, after = monday - timedelta(days=7), monday + timedelta(days=7)
    lines, _taken = agenda_between(room, monday, after, reader=reader, now=now)
    days = [monday + timedelta(days=n) for n in range(7)]
    frame = agenda_grid.week_frame(days, lines, room)
    return _agenda(
        "bookings/agenda_week.html",
        room,
        reader,
        lines,
        view="week",
        day=monday,
        now=now,
        week_title=_week_title(monday),
        goes_to_today=monday < day_of(now) < after,
        span=f", {_span(monday, after - timedelta(days=1), day_of(now))}",
        before=_link("week", before, _week_title(before)),
        after=_link("week", after, _week_title(after)),
        days=agenda_grid.week_days(monday, lines, room, frame, now),
        frame=frame,
    )


def _month(room: RoomView, first: date, reader: Actor | None, now: datetime) -> Response:
    _first, after = month_of(first)
    before = first - timedelta(days=1)
    # The table shows whole weeks, so also a few days of the months around it.
    monday = first - timedelta(days=first.weekday())
    sunday = after + timedelta(days=-after.weekday() % 7)
    lines, _taken = agenda_between(room, monday, sunday, reader=reader, now=now)
    return _agenda(
        "bookings/agenda_month.html",
        room,
        reader,
        lines,
        view="maand",
        day=first,
        now=now,
        month_title=dates.capitalised(dates.month_and_year(first)),
        before=_link("maand", before, dates.capitalised(dates.whole_month(before))),
        after=_link("maand", after, dates.capitalised(dates.whole_month(after))),
        weekdays=_weekdays(first),
        weeks=agenda_grid.month_weeks(first, lines, room, now),
        groups=_per_day([line for line in lines if line.day.month == first.month], room),
    )


def _list(room: RoomView, first: date, reader: Actor | None, now: datetime) -> Response:
    after = first + timedelta(days=DAYS_IN_LIST)
    lines, _taken = agenda_between(room, first, after, reader=reader, now=now)
    return _agenda(
        "bookings/agenda_list.html",
        room,
        reader,
        lines,
        view="lijst",
        day=first,
        now=now,
        span=_span(first, after - timedelta(days=1), day_of(now)),
        groups=_per_day(lines, room),
        nothing=agenda.list_remark(first, after, room, now),
        before=_link("lijst", first - timedelta(days=DAYS_IN_LIST), _("Eerder")),
        after=_link("lijst", after, _("Later")),
    )


def _agenda(
    template: str,
    room: RoomView,
    reader: Actor | None,
    lines: tuple[AgendaLine, ...],
    *,
    view: str,
    day: date,
    now: datetime,
    taken: tuple[Taken, ...] = (),
    **context: Any,
) -> Response:
    """The page of one view. What it is made of besides its lines, such as `taken`, belongs to its piece."""
    shown = _day_shown(day, view, now)
    views: tuple[tuple[str, str, bool, dict[str, str]], ...] = (
        (f"?lijst={_written('lijst', shown)}", _("Lijst"), view == "lijst", {}),
        (f"?dag={_written('dag', shown)}", _("Dag"), view == "dag", {}),
        (f"?week={_written('week', shown)}", _("Week"), view == "week", {}),
        (f"?maand={_written('maand', shown)}", _("Maand"), view == "maand", {}),
    )
    on_paper = "week" if view == "lijst" else view
    may_book = room.is_open_to_bookings(now) and (
        reader is None or allows(reader, Permission.BOOKING_MAKE, room)
    )
    return room_page(
        template,
        room,
        nav="agenda",
        scripts=True,
        views=views,
        paper=f"/r/{room.slug}/agenda/afdrukken?{on_paper}={_written(on_paper, shown)}",
        may_book=may_book,
        piece=None
        if shows_own(lines)
        else Piece((view, day, room.room_id, may_book), (room.version, lines, taken, now.replace(second=0))),
        **context,
    )


def _day_shown(day: date, view: str, now: datetime) -> date:
    """Where another view opens: at today when this one holds it, else at its first day."""
    today = day_of(now)
    length = {"dag": 1, "week": 7, "lijst": DAYS_IN_LIST, "maand": 28}[view]
    return today if day <= today < day + timedelta(days=length) else day


def _per_day(lines: Sequence[AgendaLine], room: RoomView) -> list[tuple[str, list[agenda.Entry]]]:
    groups: dict[date, list[agenda.Entry]] = {}
    for line in lines:
        groups.setdefault(line.day, []).append(agenda.entry_of(line, room))
    return [(dates.short_day(day), entries) for day, entries in groups.items()]


def _day_title(day: date, today: date) -> str:
    """Today and tomorrow with their date; in another year the date has the year already."""
    near = dates.near_day(day, today)
    return near if near.startswith(dates.short_day(day)) else f"{near}, {dates.short_day(day)}"


def _written(view: str, day: date) -> str:
    """A day as the view's own part of the address has it."""
    if view == "week":
        year, week, _weekday = day.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{day:%Y-%m}" if view == "maand" else day.isoformat()


def _link(view: str, day: date, words: str) -> tuple[str, str] | None:
    """(address, words) of another page of a view; None where the agenda ends."""
    if not FIRST_DAY <= day <= LAST_DAY:
        return None
    return f"?{view}={_written(view, day)}", words


def _week_title(monday: date) -> str:
    return _("Week %(number)s", number=monday.isocalendar().week)


def _span(first: date, last: date, today: date) -> str:
    until = f"{last.day} {dates.near_month(last, today)}"
    if first.month == last.month:
        return f"{first.day}{dates.EN_DASH}{until}"
    month = dates.month_name(first) if first.year == last.year else dates.near_month(first, today)
    return f"{first.day} {month} {dates.EN_DASH} {until}"


def _weekdays(first: date) -> list[tuple[str, str]]:
    monday = first - timedelta(days=first.weekday())
    week = [monday + timedelta(days=n) for n in range(7)]
    return [(dates.weekday(day), dates.long_day(day).split(" ")[0]) for day in week]
