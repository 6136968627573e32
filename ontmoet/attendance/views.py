"""How many people came on a day: copied from the sheet, and corrected later."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, request

from ontmoet.bookings.agenda_pages import FIRST_DAY
from ontmoet.bookings.agenda_queries import agenda_between
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock, text
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.text import Malformed
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import room_for, room_page
from ontmoet.web import dates
from ontmoet.web.access import known_actor, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import go_to
from ontmoet.web.pieces import untouched

from .actions import count
from .forms import figures_form
from .queries import figures_between
from .rules import WALK_IN, Reason, as_text, from_text, may_be_counted, not_asked_yet
from .sheet import rows_of, rows_to_fill, walk_in_row
from .wording import people_line, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ontmoet.rooms.rules import RoomView

    from .forms import FiguresForm
    from .rules import Figures
    from .sheet import SheetRow

bp = Blueprint("attendance", __name__)


class Week:
    """The week around a day: what there was to count, and what was counted."""

    def __init__(self, room: RoomView, day: date, *, now: datetime) -> None:
        monday = day - timedelta(days=day.weekday())
        lines, _taken = agenda_between(room, monday, monday + timedelta(days=7), reader=None, now=now)
        self.days = [monday + timedelta(days=number) for number in range(7)]
        self.rows = {one: rows_of(one, lines, room) for one in self.days}
        self.figures = figures_between(room.room_id, self.days[0], self.days[-1])
        self._room, self._now = room, now

    def to_fill(self, day: date) -> list[SheetRow]:
        """The rows of a day that can be filled in. Who walks in can be, whatever the hours say now."""
        if not may_be_counted(day, day_of(self._now)):
            return []
        rows = rows_to_fill(self.rows[day], now=self._now)
        return rows if rows and rows[-1].key == WALK_IN else [*rows, walk_in_row(self._room)]

    def figures_on(self, day: date) -> Figures:
        """What was counted on a day, None for what was not."""
        found = self.figures.get(day, {})
        return {row.key: found.get(row.key) for row in self.to_fill(day)}

    def is_done(self, day: date) -> bool:
        """Whether every row of the sheet of a day has its figure."""
        keys = {row.key for row in self.rows[day] if row.key}
        return bool(keys) and keys <= self.figures.get(day, {}).keys()


@bp.route("/r/<slug:slug>/opkomst", methods=["GET", "POST"])
@requires(Permission.ATTENDANCE_COUNT)
def figures(slug: str) -> Response:
    """The figures of a day (`dag`; today without), in the order of the sheet."""
    now = clock.now()
    room = room_for(slug, Permission.ATTENDANCE_COUNT)
    try:
        day = text.day(request.values["dag"]) if "dag" in request.values else day_of(now)
    except Malformed:
        abort(400)
    week = Week(room, day, now=now)
    rows = week.to_fill(day)
    if request.method != "POST":
        return _page(room, day, week, figures_form(rows, None, week.figures_on(day)), now=now)
    seen: Figures = _sent("seen")
    sure = _sent("sure")
    form = figures_form(rows, request.form, {})
    strange: Mapping[str, int] = {}
    if form.validate():
        wanted = form.figures()
        strange = _strange(rows, wanted, seen=seen, sure=sure)
        if strange:
            form.refuse(_asked_back(rows, strange), say_of(rows))
        else:
            try:
                with unit_of_work():
                    count(room.room_id, day, wanted, seen=seen, actor_id=known_actor().person_id, now=now)
            except Refused as refusal:
                form.refuse(refusal.objections, say_of(rows))
                # From here on they know what somebody else made of it.
                week = Week(room, day, now=now)
                form.show_meanwhile(seen, week.figures_on(day))
                seen = week.figures_on(day)
            else:
                flash(_("Bewaard."), "good")
                return go_to(f"/r/{slug}/opkomst?dag={day}")
    return _page(
        room,
        day,
        week,
        form,
        now=now,
        seen=seen,
        sure={**sure, **strange},
        is_asked_back=bool(strange),
        status=422,
    )


def say_of(rows: Sequence[SheetRow]) -> Callable[[Objection], str]:
    """Words for objections, with the row they are about."""
    labels = {row.key: row.label for row in rows}

    def say_with_row(objection: Objection) -> str:
        sentence = say(objection)
        return sentence if objection.field is None else f"{labels[objection.field]}: {sentence}"

    return say_with_row


def _strange(rows: Sequence[SheetRow], wanted: Figures, *, seen: Figures, sure: Figures) -> Mapping[str, int]:
    fresh = {key: figure for key, figure in wanted.items() if figure != seen.get(key)}
    return not_asked_yet(fresh, {row.key: row.most for row in rows}, sure=sure)


def _asked_back(rows: Sequence[SheetRow], strange: Mapping[str, int]) -> list[Objection]:
    return [
        Objection(Reason.STRANGE, row.key, {"figure": strange[row.key], "capacity": row.capacity})
        for row in rows
        if row.key in strange
    ]


def _sent(field: str) -> dict[str, int | None]:
    """Figures that the form carries; what cannot be was not made by us."""
    try:
        return from_text(request.form.get(field, ""))
    except ValueError:
        abort(400)


def _page(
    room: RoomView,
    day: date,
    week: Week,
    form: FiguresForm,
    *,
    now: datetime,
    seen: Figures | None = None,
    sure: Figures | None = None,
    is_asked_back: bool = False,
    status: int = 200,
) -> Response:
    today, there = day_of(now), week.figures_on(day)
    rows = week.to_fill(day)
    counted = [figure for figure in there.values() if figure is not None]
    path = f"/r/{room.slug}/opkomst"
    return room_page(
        "attendance/figures.html",
        room,
        status=status,
        form=form,
        day=day,
        day_title=dates.capitalised(dates.long_day(day)),
        week_title=_("Week %(number)s", number=day.isocalendar().week),
        days=[
            (
                f"?dag={one}",
                dates.weekday(one),
                one.day,
                _("klaar") if week.is_done(one) else dates.month_name(one),
                one == day,
                {},
            )
            for one in week.days
            if may_be_counted(one, today)
        ],
        before=(f"{path}?dag={week.days[0] - timedelta(days=1)}", _("Eerder"))
        if week.days[0] > FIRST_DAY
        else None,
        after=(f"{path}?dag={min(week.days[-1] + timedelta(days=1), today)}", _("Later"))
        if week.days[-1] < today
        else None,
        lines=[(form[row.key], row.times, row.what) for row in rows],
        is_to_come=day > today,
        is_running=day == today and len(rows) < sum(bool(row.key) for row in week.rows[day]),
        seen=as_text(there if seen is None else seen),
        sure=as_text(sure or {}),
        is_asked_back=is_asked_back,
        piece=untouched(
            ("figures", room.room_id, day),
            (room.version, today, week.rows, week.figures, [row.key for row in rows]),
        ),
        total=people_line(sum(counted)) if counted else "",
    )
