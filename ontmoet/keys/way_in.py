"""What somebody with a booking has to know about keys, beside the steps of their room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from ontmoet.bookings.models import Booking
from ontmoet.db import execute
from ontmoet.rooms.rules import KeyPlan
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

from .boxes import box_in
from .duty_queries import whom_to_call
from .models import Custody
from .queries import copies_in
from .rules import AHEAD, HolderKind, box_opens_at, may_open_box
from .wording import copy_name, due_line, moment_words, where_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ontmoet.bookings.queries import BookingView
    from ontmoet.rooms.rules import RoomView

    from .boxes import Box
    from .duty_queries import OnCall
    from .queries import Copy


_custody = Custody.__table__
_booking = Booking.__table__

_WITH_KEY = (
    select(_booking.c.id)
    .distinct()
    .join_from(_custody, _booking, _booking.c.id == _custody.c.booking_id)
    .where(
        _booking.c.id.in_(bindparam("booking_ids", expanding=True)),
        _custody.c.until.is_(None),
        _custody.c.person_id == _booking.c.person_id,
    )
)


@dataclass(frozen=True, slots=True)
class WayIn:
    """A line about a key: where it leads, a number to call, or a button that posts; all may be empty."""

    title: str
    line: str
    href: str = ""
    phone: str = ""
    posts_to: str = ""
    button: str = ""


def way_in(booking: BookingView, room: RoomView, *, now: datetime) -> list[WayIn]:
    """Where the key is and whom to call: to who booked, from a day before (decisions 2.14, 2.15). At most
    three statements.
    """
    if booking.slot.starts - now > AHEAD:
        return []
    box = box_in(room.room_id)
    in_box = [_box_way(box, booking, now)] if box is not None and box.has_code else []
    if room.key_plan is KeyPlan.OWN_KEY:
        return in_box
    copies = copies_in(room.room_id)
    theirs = [copy for copy in copies if copy.now.holder.person_id == booking.person_id]
    mine = [copy for copy in theirs if copy.now.objected_at is None]
    ours = [
        copy
        for copy in copies
        if booking.organisation_id is not None and copy.now.holder.organisation_id == booking.organisation_id
    ]
    if mine or ours:
        return [*in_box, *(_own_way(copy, now) for copy in mine), *(_way_to(copy) for copy in ours)]
    # Who said not to have it has to ask for one.
    denied = [_denied_way(copy) for copy in theirs]
    is_in_cabinet = any(copy.now.holder.kind is HolderKind.CABINET for copy in copies)
    if in_box and (is_in_cabinet or not copies):
        return [*in_box, *denied]
    keepers = [
        _keeper_way(keeper)
        for keeper in whom_to_call(room.room_id, now=now)
        if keeper.person_id != booking.person_id
    ]
    if is_in_cabinet:
        return [*keepers, *denied]
    elsewhere = [_way_to(copy) for copy in copies if copy.now.is_out and copy not in theirs]
    return [*in_box, *keepers, *denied, *elsewhere]


def _keeper_way(keeper: OnCall) -> WayIn:
    """Whom to ask for the key; who has the duty is asked first."""
    if keeper.phone and keeper.has_duty:
        line = _("Heeft nu de sleuteldienst. Bel even van tevoren.")
    elif keeper.phone:
        line = _("Bel even van tevoren.")
    elif keeper.has_duty:
        line = _("Heeft nu de sleuteldienst. Loop even langs, of vraag het bij de deur.")
    else:
        line = _("Loop even langs, of vraag het bij de deur.")
    return WayIn(_("Haal de sleutel bij %(name)s", name=keeper.name), line, phone=keeper.phone)


def _box_way(box: Box, booking: BookingView, now: datetime) -> WayIn:
    """Where the box hangs; the code itself stands on no page that one opens by accident."""
    title = _("Sleutelkluis")
    if may_open_box(booking.slot, now):
        return WayIn(
            title,
            _("Hangt hier: %(hangs)s", hangs=box.hangs),
            posts_to=f"/reserveringen/{booking.public_id}/code",
            button=_("Laat de code zien"),
        )
    opens = moment_words(box_opens_at(booking.slot), now)
    return WayIn(
        title, _("Hangt hier: %(hangs)s. De code zie je vanaf %(moment)s.", hangs=box.hangs, moment=opens)
    )


def _own_way(copy: Copy, now: datetime) -> WayIn:
    return WayIn(
        _("%(key)s is bij jou", key=copy_name(copy)),
        dates.capitalised(due_line(copy.now.due_at, now)),
        href=f"/sleutels/{copy.public_id}",
    )


def _denied_way(copy: Copy) -> WayIn:
    return WayIn(copy_name(copy), _("Jij zei dat je hem niet hebt."), href=f"/sleutels/{copy.public_id}")


def _way_to(copy: Copy) -> WayIn:
    return WayIn(copy_name(copy), dates.capitalised(where_line(copy.now)), href=f"/sleutels/{copy.public_id}")


def bookings_with_key(booking_ids: Sequence[int]) -> set[int]:
    """Those for which whoever booked has a key just now. One statement, none without bookings."""
    return set(execute(_WITH_KEY, booking_ids=list(booking_ids)).scalars()) if booking_ids else set()
