"""What the pages of opening hours show."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Response, request

from ontmoet.bookings.missed import missed_in
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import room_or_404, room_page
from ontmoet.web import dates
from ontmoet.web.access import ensure, known_actor
from ontmoet.web.pieces import Piece, untouched

from .hours_holidays import coming_school_holidays, public_holidays
from .hours_rules import How, in_rows, special_since, week_in, week_text
from .hours_school import Region
from .hours_wording import (
    affected_title,
    days_line,
    missed_lines,
    region_word,
    special_line,
    week_lines,
    when_lines,
    who_line,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from werkzeug.datastructures import MultiDict

    from ontmoet.rooms.rules import RoomView

    from .hours_forms import DaysForm, WeekForm
    from .hours_holidays import Suggestion
    from .hours_queries import Coming
    from .hours_rules import Week

MOST_LISTED = 50
SOON = timedelta(days=30)
"""Which days of their own the page of the room tells."""


def room_to_change(slug: str) -> RoomView:
    """The room, for who may change its hours and rules; also before it opens."""
    room = room_or_404(slug)
    ensure(Permission.HOURS_CHANGE, room)
    return room


def hours_page(
    room: RoomView,
    form: WeekForm,
    *,
    now: datetime,
    seen: Week,
    changed: Sequence[str] = (),
    status: int = 200,
) -> Response:
    """The week, and the days of their own. `seen` is the week that the reader knows of, `changed` what
    somebody else made of it meanwhile.
    """
    today, missed = day_of(now), missed_in(room.room_id)
    return room_page(
        "arranging/hours.html",
        room,
        form=form,
        days=form.day_fields(),
        week_piece=untouched(("week", room.room_id), room.version),
        seen=week_text(seen),
        changed=changed,
        missed=missed_lines(missed),
        missed_taken=missed_lines(missed, was_taken=True),
        special=[
            (row.first, row.last, days_line(row.first, row.last, today), special_line(row))
            for row in in_rows(special_since(room.hours, today))
        ],
        status=status,
    )


def hours_lines(room: RoomView, *, now: datetime) -> Iterator[str]:
    """When the room is open, and which days soon go otherwise and why."""
    yield from week_lines(week_in(room.hours))
    today = day_of(now)
    soon = [one for one in special_since(room.hours, today) if one.day <= today + SOON]
    for row in in_rows(soon):
        yield f"{dates.capitalised(days_line(row.first, row.last, today))}: {special_line(row)}"


def days_page(room: RoomView, form: DaysForm, *, status: int = 200) -> Response:
    """A day that goes otherwise."""
    # The form is made of what the address says, and nothing else.
    piece = untouched(("hours_days", room.room_id), (room.slug, request.query_string))
    return room_page("arranging/hours_days.html", room, form=form, piece=piece, status=status)


def holidays_page(room: RoomView, region: Region | None, *, now: datetime) -> Response:
    """Holidays as suggestions, each with what stands on those days already."""
    today = day_of(now)
    path = f"/r/{room.slug}/openingstijden/feestdagen"

    def public() -> Iterator[dict[str, object]]:
        for one in public_holidays(special_since(room.hours, today), today=today):
            yield _shown(one, region, today)

    def school() -> Iterator[dict[str, object]]:
        if region:
            for one in coming_school_holidays(region, special_since(room.hours, today), today=today):
                yield _shown(one, region, today)

    return room_page(
        "arranging/hours_holidays.html",
        room,
        # Of the room only its hours and its name in addresses are in it.
        piece=Piece(("holidays", room.room_id, region), (room.version, today)),
        public=public,
        school=school,
        regions=[(f"{path}?regio={one}#school", region_word(one), one == region, {}) for one in Region],
    )


def _shown(one: Suggestion, region: Region | None, today: date) -> dict[str, object]:
    days = {"first": one.first.isoformat(), "last": one.last.isoformat(), "reason": one.name}
    back = {"back": "feestdagen", "regio": region or ""}
    return {
        "name": one.name,
        "when": dates.capitalised(days_line(one.first, one.last, today)),
        "stands": [
            special_line(row)
            if (row.first, row.last) == (one.first, one.last)
            else f"{dates.capitalised(days_line(row.first, row.last, today))}: {special_line(row)}"
            for row in in_rows(one.stands)
        ],
        "sent": [*days.items(), *back.items()],
        "query": urlencode({**days, "how": How.OTHER.value}),
    }


def look_page(
    room: RoomView,
    affected: Sequence[Coming],
    sent: MultiDict[str, str],
    *,
    action: str,
    seen: str,
    now: datetime,
    is_never: bool = False,
    stood: Sequence[str] = (),
    problem: str = "",
) -> Response:
    """Before hours are saved: whose booking falls outside them, and what else there is to know."""
    today = day_of(now)
    with_name = allows(known_actor(), Permission.NAMES_SEE, room)
    kept = [(name, value) for name, value in sent.items() if name not in ("csrf_token", "seen", "step")]
    return room_page(
        "arranging/hours_look.html",
        room,
        action=action,
        kept=kept,
        seen=seen,
        is_never=is_never,
        stood=stood,
        problem=problem,
        title=affected_title(len(affected)),
        affected=[
            (
                *when_lines(one, today),
                who_line(one, with_name=with_name),
                f"/reserveringen/{one.public_id}" if with_name else "",
            )
            for one in affected[:MOST_LISTED]
        ],
        more=max(0, len(affected) - MOST_LISTED),
        status=422 if problem else 200,
    )
