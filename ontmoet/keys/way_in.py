"""What somebody with a booking has to know about keys, beside the steps of their room (decisions 2.14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontmoet.rooms.rules import KeyPlan
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

from .queries import copies_in, keepers_of
from .rules import AHEAD, HolderKind
from .wording import copy_name, due_line, where_line

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.bookings.queries import BookingView
    from ontmoet.rooms.rules import RoomView


@dataclass(frozen=True, slots=True)
class WayIn:
    """A line about a key: where it leads, or a number to call; both may be empty."""

    title: str
    line: str
    href: str = ""
    phone: str = ""


def way_in(booking: BookingView, room: RoomView, *, now: datetime) -> list[WayIn]:
    """Where the key is and whom to call: to who booked, from a day before. At most two statements."""
    if booking.slot.starts - now > AHEAD or room.key_plan is KeyPlan.OWN_KEY:
        return []
    copies = copies_in(room.room_id)
    mine = [copy for copy in copies if copy.now.holder.person_id == booking.person_id]
    if mine:
        return [
            WayIn(
                _("%(key)s is bij jou", key=copy_name(copy)),
                dates.capitalised(due_line(copy.now.due_at, now)),
                href=f"/sleutels/{copy.public_id}",
            )
            for copy in mine
        ]
    if room.key_plan is KeyPlan.CODE_BOX:
        return []
    keepers = [
        WayIn(keeper.name, _("Let op de sleutels"), phone=keeper.phone)
        for keeper in keepers_of(room.room_id, now=now)
    ]
    if any(copy.now.holder.kind is HolderKind.CABINET for copy in copies):
        return keepers
    return [
        *keepers,
        *[
            WayIn(
                copy_name(copy), dates.capitalised(where_line(copy.now)), href=f"/sleutels/{copy.public_id}"
            )
            for copy in copies
            if copy.now.is_out
        ],
    ]
