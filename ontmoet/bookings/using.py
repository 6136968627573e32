"""What people tell about the use of a booking: I am here, this is how we left it, I was there.

Each function runs inside a unit of work and commits nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, text, update

from ontmoet.db import Flag, Instant, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.rooms.queries import lock_room
from ontmoet.trail.actions import record

from .models import ClosingList, UseTrace
from .queries import booking_by_public_id
from .rules import Reason
from .states import Status
from .use_queries import use_of
from .use_rules import Chore, Trace, against_answer, against_check_in, against_closing

if TYPE_CHECKING:
    from ontmoet.kernel.actor import Actor
    from ontmoet.kernel.timeslot import TimeSlot

    from .queries import BookingView

    Rule = Callable[..., Objection | None]

_trace = UseTrace.__table__
_list = ClosingList.__table__

# Whoever is second changes nothing and is not told so: what they wanted to say is said.
_LEAVE = text(
    "insert into use_trace (booking_id, kind, at, recorded_by_id, was_there, note)"
    " values (:booking_id, :kind, :at, :recorded_by_id, :was_there, '')"
    " on conflict (booking_id, kind) do nothing"
).bindparams(bindparam("at", type_=Instant()), bindparam("was_there", type_=Flag()))
_OF_KIND = (_trace.c.booking_id == bindparam("of_booking"), _trace.c.kind == bindparam("of_kind"))
_ID = select(_trace.c.id).where(*_OF_KIND)
_AGAIN = (
    update(_trace)
    .where(*_OF_KIND)
    .values(
        at=bindparam("moment", type_=Instant()),
        recorded_by_id=bindparam("by_id"),
        was_there=bindparam("says", type_=Flag()),
        note=bindparam("written"),
    )
)
# A key that is out for the booking stays out for it, whenever that will be.
_SAID = (_trace.c.booking_id == bindparam("of_booking"), _trace.c.kind != Trace.KEY)
_DROP_PHOTO = (
    update(_list)
    .where(
        _list.c.use_trace_id.in_(select(_trace.c.id).where(_trace.c.booking_id == bindparam("of_booking")))
    )
    .values(photo=None)
)
_DROP = delete(_trace).where(*_SAID)
_TAKE_BACK = delete(_trace).where(*_OF_KIND)


def leave_trace(
    booking_id: int, kind: Trace, *, now: datetime, by_id: int | None, was_there: bool | None = None
) -> bool:
    """Write down a sign that a booking was used; False when there was one of this kind already."""
    left = execute(
        _LEAVE, booking_id=booking_id, kind=kind, at=now, recorded_by_id=by_id, was_there=was_there
    )
    return left.rowcount == 1


def take_back_trace(booking_id: int, kind: Trace) -> None:
    """The sign was a mistake. Of a kind to which nothing else belongs, as it does to a closing list."""
    execute(_TAKE_BACK, of_booking=booking_id, of_kind=kind)


def check_in(booking: BookingView, *, actor: Actor, now: datetime) -> None:
    """Somebody is there. Saying so again changes nothing. Raises `Refused`."""
    current = _current(booking, against_check_in, now=now)
    if leave_trace(current.booking_id, Trace.CHECK_IN, now=now, by_id=actor.person_id):
        _record("checked_in", current, actor, now)


def close_up(
    booking: BookingView,
    done: frozenset[Chore],
    note: str,
    *,
    actor: Actor,
    now: datetime,
    photo: str | None = None,
) -> None:
    """How the room is left. The last that is said holds; the same again changes nothing. Raises `Refused`.

    `photo` is the name of a new one; without it the one that was there stays.
    """
    current = _current(booking, against_closing, now=now)
    before = use_of(current.booking_id)
    if photo is None and (before.done, before.note) == (done, note):
        return
    leave_trace(current.booking_id, Trace.CLOSING, now=now, by_id=actor.person_id)
    _say_again(current.booking_id, Trace.CLOSING, actor, now, note=note)
    trace_id: int = execute(_ID, of_booking=current.booking_id, of_kind=Trace.CLOSING).scalar_one()
    said: dict[str, object] = {chore.value: chore in done for chore in Chore}
    said["photo"] = photo or before.photo
    if before.done is None:
        execute(insert(_list), use_trace_id=trace_id, **said)
    else:
        execute(update(_list).where(_list.c.use_trace_id == trace_id).values(said))
    _record("closed_up", current, actor, now, {"done": sorted(done), "photo": photo is not None})


def remove_photo(booking: BookingView, *, actor: Actor, now: datetime) -> str | None:
    """The photo goes and the rest of the list stays, however long ago it was. The name of its file, None
    when there was no photo (any more).
    """
    lock_room(booking.room_id)
    name = use_of(booking.booking_id).photo
    if name is not None:
        execute(_DROP_PHOTO, of_booking=booking.booking_id)
        _record("photo_removed", booking, actor, now)
    return name


def answer(booking: BookingView, was_there: bool, *, actor: Actor, now: datetime) -> None:
    """Whether somebody was there. The last that is said holds. Raises `Refused`."""
    current = _current(booking, against_answer, now=now)
    if use_of(current.booking_id).was_there is was_there:
        return
    if not leave_trace(current.booking_id, Trace.ANSWER, now=now, by_id=actor.person_id, was_there=was_there):
        _say_again(current.booking_id, Trace.ANSWER, actor, now, was_there=was_there)
    _record("use_answered", current, actor, now, {"was_there": was_there})


def take_back_early(booking_id: int, slot: TimeSlot, *, now: datetime) -> None:
    """A booking moves to `slot`: what was said about its use is not about a time that is still to come."""
    if against_check_in(Status.CONFIRMED, slot, now=now) is not None:
        execute(_DROP, of_booking=booking_id)


def _current(booking: BookingView, rule: Rule, *, now: datetime) -> BookingView:
    """The booking as it is under the lock. Raises `Refused` when the rule has something against it."""
    lock_room(booking.room_id)
    current = booking_by_public_id(booking.public_id, now=now)
    if current is None:
        raise Refused(Objection(Reason.ALREADY_OVER))
    objection = rule(current.status, current.slot, now=now)
    if objection is not None:
        raise Refused(objection)
    return current


def _say_again(
    booking_id: int,
    kind: Trace,
    actor: Actor,
    now: datetime,
    *,
    was_there: bool | None = None,
    note: str = "",
) -> None:
    execute(
        _AGAIN,
        of_booking=booking_id,
        of_kind=kind,
        moment=now,
        by_id=actor.person_id,
        says=was_there,
        written=note,
    )


def _record(
    action: str,
    booking: BookingView,
    actor: Actor,
    now: datetime,
    changes: dict[str, object] | None = None,
) -> None:
    record(
        action,
        object_kind="booking",
        object_id=booking.booking_id,
        room_id=booking.room_id,
        actor_id=actor.person_id,
        on_behalf_of_id=booking.person_id,
        now=now,
        changes=changes,
    )
