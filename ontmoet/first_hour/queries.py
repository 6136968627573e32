"""Reading how far a room is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import BindParameter, bindparam, exists, func, or_, select

from ontmoet.arranging.rules import Missing
from ontmoet.bookings.models import Booking
from ontmoet.db import execute
from ontmoet.house_rules.models import RulesVersion
from ontmoet.joining.models import Invitation
from ontmoet.keys.models import BoxCode, CodeBox, KeyCopy
from ontmoet.rooms.models import Home, RightOfUse, Room
from ontmoet.rooms.rules import KeyPlan

from .rules import Progress

if TYPE_CHECKING:
    from ontmoet.arranging.queries import Sheet

_home = Home.__table__
_right = RightOfUse.__table__
_room = Room.__table__
_version = RulesVersion.__table__
_copy = KeyCopy.__table__
_box = CodeBox.__table__
_code = BoxCode.__table__
_invitation = Invitation.__table__
_booking = Booking.__table__

ABOUT = frozenset({Missing.ADDRESS, Missing.TOWN, Missing.TYPOLOGY, Missing.AREA, Missing.ZONE})
"""What is told about a room on its own sheet."""

_ROOM: BindParameter[int] = bindparam("room_id")
_WHO_MAY_USE_IT = or_(
    _home.c.complex_id == bindparam("complex_id"),
    _home.c.complex_id.in_(select(_right.c.complex_id).where(_right.c.room_id == _ROOM)),
    _home.c.id.in_(select(_right.c.home_id).where(_right.c.room_id == _ROOM)),
)
_FACTS = select(
    exists(select(_version.c.id).where(_version.c.room_id == _ROOM)).label("has_house_rules"),
    exists(select(_copy.c.id).where(_copy.c.room_id == _ROOM, _copy.c.retired_at.is_(None))).label(
        "has_keys"
    ),
    exists(
        select(_code.c.id)
        .join_from(_code, _box, _box.c.id == _code.c.box_id)
        .where(_box.c.room_id == _ROOM, _code.c.valid_until.is_(None))
    ).label("has_code"),
    select(func.count(_invitation.c.id))
    .join_from(_invitation, _home, _home.c.id == _invitation.c.home_id)
    .where(_WHO_MAY_USE_IT)
    .scalar_subquery()
    .label("letters"),
    exists(select(_booking.c.id).where(_booking.c.room_id == _ROOM)).label("has_booking"),
)
_BEGUN = (
    select(_room.c.id, _room.c.slug, _room.c.name, _room.c.live_at)
    .where(_room.c.closed_at.is_(None))
    .order_by(_room.c.name)
)


class Begun(NamedTuple):
    """A room that is not closed for good."""

    room_id: int
    slug: str
    name: str
    is_live: bool


def begun_rooms() -> list[Begun]:
    """Those that are not open yet first, then by name."""
    rooms = [
        Begun(room_id, slug, name, live_at is not None) for room_id, slug, name, live_at in execute(_BEGUN)
    ]
    return sorted(rooms, key=lambda room: room.is_live)


def progress_of(sheet: Sheet) -> Progress:
    """How far the room of this sheet is. One statement."""
    facts = execute(_FACTS, room_id=sheet.room_id, complex_id=sheet.complex_id).one()
    return Progress(
        has_complex=True,
        homes=sheet.homes,
        has_room=True,
        about_is_told=ABOUT.isdisjoint(sheet.missing),
        has_contact=sheet.has_contact,
        has_hours=Missing.HOURS not in sheet.missing,
        has_house_rules=facts.has_house_rules,
        key_plan=KeyPlan(sheet.values["key_plan"]),
        has_keys=facts.has_keys,
        has_code=facts.has_code,
        is_live=sheet.live_at is not None,
        letters=facts.letters,
        has_booking=facts.has_booking,
    )
