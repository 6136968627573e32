"""What of the form to reserve looks the same to whoever chooses the same. Two hundred may want one evening: a
fifth of the cost of a refusal was drawing this anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ontmoet.kernel.walltime import day_of
from ontmoet.web.pieces import Piece

if TYPE_CHECKING:
    from datetime import datetime

    from wtforms import Field

    from ontmoet.rooms.rules import RoomView

    from .forms import BookingForm
    from .reserving import Day, Preview


class FormPieces(NamedTuple):
    """Of each part of the form its piece, None where it holds what somebody typed, a name or an address to go
    to. But for the days there is one of each per room, so that they take little memory: what is chosen next
    takes its place.
    """

    days: Piece | None
    times: Piece | None
    preview: Piece | None
    zone: Piece | None
    people: Piece | None
    """How many, and what for as long as that is empty. Its buttons lead to the page that it stands on."""


def pieces_of(
    form: BookingForm, room: RoomView, preview: Preview, days: list[Day], *, is_own: bool, now: datetime
) -> FormPieces:
    """The pieces of a form. With `is_own` the reader fills it in for themselves, and for a new booking."""
    starts, ends, people, purpose = form.starts, form.ends, form.people, form.purpose
    zone = form.zone if "zone" in form and form.zone.is_listed else None
    says_nothing = purpose.is_plain and not purpose.data
    times_are_plain = starts.is_plain and ends.is_plain
    is_for_all = is_own and preview.has_agreed and not preview.own
    return FormPieces(
        days=_days(form, days, now),
        times=_fields(room, starts, ends) if times_are_plain else None,
        preview=Piece(("preview", room.room_id), preview) if is_for_all else None,
        zone=_fields(room, zone) if zone else None,
        people=_fields(room, people, purpose) if is_own and people.is_plain and says_nothing else None,
    )


def _days(form: BookingForm, days: list[Day], now: datetime) -> Piece | None:
    """The strip that starts today is the same for everybody; others are asked for too seldom to keep."""
    starts_today = bool(days) and days[0][0] == day_of(now).isoformat()
    return Piece(("days", form.day.data), tuple(days)) if starts_today and not form.day.errors else None


def _fields(room: RoomView, *fields: Field) -> Piece:
    """Fields that hold what was read, and what is wrong with it; sizes of parts come with the room."""
    shown = [(field.data, tuple(getattr(field, "choices", ())), tuple(field.errors)) for field in fields]
    return Piece((fields[0].name, room.room_id), (room.version, *shown))
