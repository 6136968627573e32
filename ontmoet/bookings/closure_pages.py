"""The pages of closures: the list, the form, and who has to make place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, current_app

from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.pages import room_page
from ontmoet.web import dates
from ontmoet.web.access import known_actor
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pieces import untouched

from .closure_queries import SHOWN_AFTER, closures_since
from .closure_rules import from_now
from .closure_wording import displaced_line, when_line
from .elsewhere import Way, ways_for_each
from .states import Status
from .works import works_during

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ontmoet.rooms.rules import RoomView

    from .closure_forms import ClosureForm
    from .closure_queries import Affected, ClosureView


@dataclass(frozen=True, slots=True)
class Line:
    """A closure or an announcement in its list; `href` as long as it can be changed."""

    title: str
    when: str
    where: str
    href: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A booking that has to make place, as its reader may know it."""

    when: str
    who: str
    notes: list[str]
    ways: list[Way]
    is_new: bool


def in_order(lines: Iterable[tuple[TimeSlot, Line]], now: datetime) -> list[tuple[str, list[Line]]]:
    """Under heads: what goes on, what is to come, and what is over, latest first."""
    listed = list(lines)
    return [
        (title, found)
        for title, found in (
            (_("Nu"), [line for slot, line in listed if slot.contains(now)]),
            (_("Komt nog"), [line for slot, line in listed if slot.starts > now]),
            (_("Het afgelopen jaar"), [line for slot, line in reversed(listed) if slot.ends <= now]),
        )
        if found
    ]


def closures_page(room: RoomView, *, now: datetime) -> Response:
    """The closures of a room."""
    lines = (
        (
            each.slot,
            Line(
                each.reason,
                when_line(each.slot, now),
                _zone_words(each, room),
                f"/r/{room.slug}/sluitingen/{each.public_id}" if each.slot.ends > now else "",
            ),
        )
        for each in closures_since(room.room_id, now - SHOWN_AFTER)
    )
    return room_page("bookings/closures.html", room, groups=in_order(lines, now))


def closure_page(
    room: RoomView,
    form: ClosureForm,
    closure: ClosureView | None = None,
    *,
    now: datetime,
    status: int = 200,
) -> Response:
    """The form, for a new closure or for one that is there."""
    return room_page(
        "bookings/closure.html",
        room,
        status=status,
        form=form,
        # A new one begins tomorrow, and offers the parts of the room.
        piece=None if closure else untouched(("closure", room.room_id), (room.version, day_of(now))),
        closure=closure,
        has_begun=closure is not None and closure.slot.starts <= now,
        since=when_line(closure.slot, now) if closure is not None else "",
        here=f"/r/{room.slug}/sluitingen/{closure.public_id if closure else 'nieuw'}",
    )


def displaced_page(
    room: RoomView,
    form: ClosureForm,
    affected: tuple[Affected, ...],
    closure: ClosureView | None,
    *,
    now: datetime,
) -> Response:
    """Who has the room then, and what else is free for each. A second time, with what is new: then the page
    that was sent was refused.
    """
    wanted = form.wanted()
    slot = from_now(wanted.slot, now)
    zone = room.zone(wanted.zone_slug)
    ways = ways_for_each(affected, room, slot, zone.zone_id if zone else None, now=now)
    seen = form.marks
    knows_names = allows(known_actor(), Permission.NAMES_SEE, room)
    with_key: set[int] = current_app.extensions["ontmoet_keys_out"]([each.booking_id for each in affected])
    form.seen.data, form.seen.raw_data = " ".join(each.mark for each in affected), None
    return room_page(
        "bookings/displaced.html",
        room,
        status=422 if seen else 200,
        form=form,
        when=when_line(wanted.slot, now),
        line=displaced_line(affected),
        is_second=bool(seen),
        shown=[
            Shown(
                f"{dates.capitalised(dates.near_day(day_of(each.slot.starts), day_of(now)))}"
                f" {dates.times_in_words(each.slot)}",
                _who(each) if knows_names else "",
                _notes(each, has_key=each.booking_id in with_key),
                ways[each.booking_id],
                bool(seen) and each.mark not in seen,
            )
            for each in affected
        ],
        here=f"/r/{room.slug}/sluitingen/{closure.public_id if closure else 'nieuw'}",
    )


def works_lines(room: RoomView, slot: TimeSlot, *, now: datetime) -> list[tuple[str, str, str]]:
    """What is announced for some of this time: what, who comes in, and when."""
    return [(each.what, each.who, when_line(each.slot, now)) for each in works_during(room, slot)]


def _zone_words(closure: ClosureView, room: RoomView) -> str:
    if not room.is_divisible:
        return ""
    return closure.zone_name or _("Hele ruimte")


def _who(each: Affected) -> str:
    return each.organisation_name or each.person_name or _("Onbekend")


def _notes(each: Affected, *, has_key: bool) -> list[str]:
    return [
        note
        for note in (
            _("Nog een aanvraag") if each.status is Status.REQUESTED else "",
            _("Vrijgekomen, nog niet genomen") if each.status is Status.OFFERED else "",
            _("Heeft nu een sleutel") if has_key else "",
        )
        if note
    ]
