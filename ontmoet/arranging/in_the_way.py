"""Bookings that stand in the way of something, as rows of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.web import dates
from ontmoet.web.access import known_actor
from ontmoet.web.i18n import ngettext
from ontmoet.web.pieces import Piece

from .coming import MOST_LISTED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ontmoet.rooms.rules import RoomView

    from .coming import InTheWay


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows without a name, the same for everybody who may open them, and for everybody who may not."""

    found: tuple[InTheWay, ...]
    may_open: bool
    piece: Piece
    has_more: bool

    def __bool__(self) -> bool:
        return bool(self.found)

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Where each leads (nowhere for who sees no names here), when it is, and for how many people."""
        for one in self.found:
            when = f"{dates.long_day(day_of(one.slot.starts))}, {dates.times_in_words(one.slot)}"
            yield (
                f"/reserveringen/{one.public_id}" if self.may_open else "",
                dates.capitalised(when),
                ngettext("%(num)s persoon", "%(num)s mensen", one.people),
            )


def lines_of(room: RoomView, found: Sequence[InTheWay], which: str) -> Lines:
    """These bookings of a room as rows; `which` list of the room it is. When there are more it says so."""
    may_open = allows(known_actor(), Permission.NAMES_SEE, room)
    bookings = tuple(found[:MOST_LISTED])
    piece = Piece(("in_the_way", room.room_id, which), (bookings, may_open))
    return Lines(bookings, may_open, piece, has_more=len(found) > len(bookings))
