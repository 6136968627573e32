"""Code boxes: where they hang, setting a code, and showing it. Commits nothing itself.

A code is in no log, message or audit row; whoever sees it is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select, update

from ontmoet.bookings.states import Status
from ontmoet.db import Instant, execute
from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.sealing import seal, unseal
from ontmoet.people.models import Person
from ontmoet.rooms.queries import lock_room
from ontmoet.trail.actions import record

from .models import BoxCode, BoxView, CodeBox
from .rules import Reason, objections_to_code, objections_to_showing_code

if TYPE_CHECKING:
    from ontmoet.bookings.queries import BookingView
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

MOST_SHOWN = 50

_box = CodeBox.__table__
_code = BoxCode.__table__
_view = BoxView.__table__
_person = Person.__table__

_IN_ROOM = (
    select(
        _box.c.id,
        _box.c.room_id,
        _box.c.hangs,
        _code.c.id.label("code_id"),
        _code.c.sealed,
        _code.c.valid_from,
    )
    .outerjoin_from(_box, _code, (_code.c.box_id == _box.c.id) & _code.c.valid_until.is_(None))
    .where(_box.c.room_id == bindparam("room_id"))
)
_KNOWN_BY = select(func.count(_view.c.person_id.distinct())).where(_view.c.code_id == bindparam("code_id"))
_SEEN_LAST = func.max(_view.c.at)
_SEEN_BY = (
    select(_person.c.name, _SEEN_LAST.label("last"))
    .join_from(_view, _person, _person.c.id == _view.c.person_id)
    .where(_view.c.code_id == bindparam("code_id"))
    .group_by(_person.c.id, _person.c.name)
    .order_by(_SEEN_LAST.desc(), _person.c.id)
    .limit(MOST_SHOWN)
)
_VALID = select(_code.c.box_id, _code.c.sealed).where(_code.c.valid_until.is_(None))
_HANG = (
    update(_box)
    .where(_box.c.id == bindparam("box_id"))
    .values(hangs=bindparam("where", type_=_box.c.hangs.type))
)
_END = (
    update(_code)
    .where(_code.c.id == bindparam("code_id"), _code.c.valid_until.is_(None))
    .values(valid_until=bindparam("moment", type_=Instant()), sealed=None)
)


@dataclass(frozen=True, slots=True)
class Box:
    """The code box of a room, with the code that is valid now; without one nobody can open it."""

    box_id: int
    room_id: int
    hangs: str
    code_id: int | None
    sealed: str | None
    since: datetime | None

    @property
    def has_code(self) -> bool:
        return self.code_id is not None


@dataclass(frozen=True, slots=True)
class SetBy:
    """Who sets a code, when, and with which token key it is sealed."""

    actor_id: int
    now: datetime
    token_key: str


def box_in(room_id: int) -> Box | None:
    """The code box of a room, None where there is none. One statement."""
    row = execute(_IN_ROOM, room_id=room_id).one_or_none()
    if row is None:
        return None
    return Box(row.id, row.room_id, row.hangs, row.code_id, row.sealed, row.valid_from)


def known_by(code_id: int) -> int:
    """How many different people saw a code."""
    number: int = execute(_KNOWN_BY, code_id=code_id).scalar_one()
    return number


def seen_by(code_id: int) -> list[tuple[str, datetime]]:
    """Who saw a code and when they last did, the latest first."""
    return [(row.name, row.last) for row in execute(_SEEN_BY, code_id=code_id)]


def seal_of(box_id: int) -> str:
    """What a code is sealed for: its own box."""
    return f"code-box/{box_id}"


def unreadable_codes(token_key: str) -> int:
    """How many codes that are valid cannot be read: they were sealed with another token key."""
    return sum(unseal(row.sealed, seal_of(row.box_id), key=token_key) is None for row in execute(_VALID))


def set_code(room_id: int, hangs: str, code: str, by: SetBy) -> None:
    """The box of a room hangs here and opens with this code; the code of before is worth nothing. Without
    `code` the one of now stays, if there is one. Raises `Refused`.
    """
    lock_room(room_id)
    box = box_in(room_id)
    keeps_code = not code and box is not None and box.has_code
    refuse_any(() if keeps_code else objections_to_code(code))
    box_id = _add_box(room_id, hangs, by) if box is None else box.box_id
    if box is not None and box.hangs != hangs:
        execute(_HANG, box_id=box_id, where=hangs)
        _record("box_moved", box_id, room_id, by.actor_id, by.now)
    if keeps_code or (box is not None and _code_in(box, by.token_key) == code):
        return  # also what a second press of the button does
    if box is not None:
        _end(box, by.now)
    execute(
        insert(_code),
        box_id=box_id,
        sealed=seal(code, seal_of(box_id), key=by.token_key),
        valid_from=by.now,
        valid_until=None,
        set_by_id=by.actor_id,
    )
    _record("box_code_set", box_id, room_id, by.actor_id, by.now)


def end_code(room_id: int, *, actor_id: int, now: datetime) -> None:
    """Nobody is shown the code of this room any more. Ending it again changes nothing."""
    lock_room(room_id)
    box = box_in(room_id)
    if box is not None and box.has_code:
        _end(box, now)
        _record("box_code_ended", box.box_id, room_id, actor_id, now)


def show_to_booker(
    booking: BookingView, room: RoomView, *, actor: Actor, token_key: str, now: datetime
) -> tuple[Box, str]:
    """The code, for who booked; that they saw it is written down. Raises `Refused`."""
    objections = objections_to_showing_code(
        booking.slot,
        is_confirmed=booking.status is Status.CONFIRMED,
        has_agreed=not agreement_of(actor, room, now=now).is_missing,
        now=now,
    )
    refuse_any(objections)
    return _show(room.room_id, actor.person_id, booking.booking_id, token_key=token_key, now=now)


def show_to_helper(room_id: int, *, actor_id: int, token_key: str, now: datetime) -> tuple[Box, str]:
    """The code, for who hands out keys there; that they saw it is written down. Raises `Refused`."""
    return _show(room_id, actor_id, None, token_key=token_key, now=now)


def _show(
    room_id: int, actor_id: int, booking_id: int | None, *, token_key: str, now: datetime
) -> tuple[Box, str]:
    box = box_in(room_id)
    code = _code_in(box, token_key)
    if box is None or code is None:
        raise Refused(Objection(Reason.NO_CODE))
    execute(insert(_view), code_id=box.code_id, person_id=actor_id, booking_id=booking_id, at=now)
    _record("box_code_seen", box.box_id, room_id, actor_id, now)
    return box, code


def _code_in(box: Box | None, token_key: str) -> str | None:
    if box is None or box.sealed is None:
        return None
    return unseal(box.sealed, seal_of(box.box_id), key=token_key)


def _add_box(room_id: int, hangs: str, by: SetBy) -> int:
    box_id: int = execute(
        insert(_box).returning(_box.c.id), room_id=room_id, hangs=hangs, made_at=by.now
    ).scalar_one()
    return box_id


def _end(box: Box, now: datetime) -> None:
    if box.since is not None:
        # A clock that was set back must not end it before it began.
        execute(_END, code_id=box.code_id, moment=max(now, box.since))


def _record(action: str, box_id: int, room_id: int, actor_id: int, now: datetime) -> None:
    record(action, object_kind="code_box", object_id=box_id, room_id=room_id, actor_id=actor_id, now=now)
