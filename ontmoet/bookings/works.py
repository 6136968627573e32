"""Work in a room, and access for who does it (OV-07): announced to everybody, and it holds no time.

What writes runs inside a unit of work and commits nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from ontmoet.db import Instant, Memory, execute
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.tokens import new_public_id
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import earlier_or_refused, record, remember_answer

from .closure_queries import Affected, bookings_during, mark_of
from .closure_rules import ClosureNews, SpanReason, against
from .models import Works
from .telling import tell_bookers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontmoet.db import AnyRow
    from ontmoet.rooms.rules import RoomView
    from ontmoet.trail.actions import FormPost

MOST_AT_ONCE = 200
"""Announcements that are forgotten, all of one room."""

_works = Works.__table__

_IN_ROOM = (
    select(_works).where(_works.c.room_id == bindparam("room_id")).order_by(_works.c.starts_at, _works.c.id)
)
_ONE = select(_works).where(
    _works.c.room_id == bindparam("room_id"), _works.c.public_id == bindparam("which")
)
_CHANGE = (
    update(_works)
    .where(_works.c.id == bindparam("its_id"))
    .values(
        starts_at=bindparam("its_start", type_=Instant()),
        ends_at=bindparam("its_end", type_=Instant()),
        what=bindparam("its_what"),
        who=bindparam("its_who"),
        version=_works.c.version + 1,
    )
)
_REMOVE = delete(_works).where(_works.c.id == bindparam("its_id"))
_OLD = _works.c.ends_at < bindparam("before", type_=Instant())
_COUNT_OLD = select(func.count()).select_from(_works).where(_OLD)
_ROOM_OF_THE_OLDEST = select(_works.c.room_id).where(_OLD).order_by(_works.c.ends_at).limit(1)
_SOME_OLD = select(_works.c.id).where(_OLD, _works.c.room_id == bindparam("room_id")).limit(MOST_AT_ONCE)
_FORGET = delete(_works).where(_works.c.id.in_(bindparam("ids", expanding=True)))

_memory: Memory[int, tuple[WorksView, ...]] = Memory(most=1000)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is announced: what happens, who comes in, and when."""

    slot: TimeSlot
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class WorksView:
    """An announcement as everybody reads it."""

    works_id: int
    public_id: str
    slot: TimeSlot
    what: str
    who: str
    version: int

    @property
    def mark(self) -> str:
        """Differs once something about it was changed."""
        return mark_of(self.slot, self.what, self.who)


def works_in(room: RoomView) -> tuple[WorksView, ...]:
    """All that is announced in a room, in order of time; a year after it is over it is forgotten. One
    statement, or none when this process knows.
    """

    def read() -> tuple[WorksView, ...]:
        return tuple(_view(row) for row in execute(_IN_ROOM, room_id=room.room_id))

    return _memory.recall(room.room_id, room.version, read)


def works_during(room: RoomView, slot: TimeSlot) -> list[WorksView]:
    """What is announced for some of this time."""
    return [each for each in works_in(room) if each.slot.overlaps(slot)]


def works_of(room_id: int, public_id: str) -> WorksView | None:
    """The announcement in this room with this id."""
    row = execute(_ONE, room_id=room_id, which=public_id).one_or_none()
    return None if row is None else _view(row)


def announce(room_id: int, wanted: Wanted, *, actor_id: int, now: datetime, post: FormPost) -> str:
    """Announce it, and tell who has the room then; where it can be seen. The same form again changes
    nothing, nor does another form that says just the same. Raises `Refused`.
    """
    lock_room(room_id)
    earlier = earlier_or_refused(post, SpanReason.FORM_REUSED)
    if earlier is not None:
        return earlier
    refuse_any(against(wanted.slot, now=now))
    mark = mark_of(wanted.slot, wanted.what, wanted.who)
    if any(_view(row).mark == mark for row in execute(_IN_ROOM, room_id=room_id)):
        return _done(room_id, post, now)
    works_id: int = execute(
        insert(_works).returning(_works.c.id),
        public_id=new_public_id(),
        room_id=room_id,
        starts_at=wanted.slot.starts,
        ends_at=wanted.slot.ends,
        what=wanted.what,
        who=wanted.who,
        version=1,
    ).scalar_one()
    _tell(ClosureNews.WORKS, bookings_during(room_id, wanted.slot, None, now=now), works_id, 1, room_id, now)
    _record("works_announced", works_id, room_id, wanted.slot, actor_id, now)
    return _done(room_id, post, now)


def change(
    works: WorksView,
    room_id: int,
    wanted: Wanted,
    *,
    seen_as: str,
    actor_id: int,
    now: datetime,
    post: FormPost,
) -> str:
    """Announce it otherwise: who has the room then is told, and so is who had it before. Raises `Refused`."""
    lock_room(room_id)
    earlier = earlier_or_refused(post, SpanReason.FORM_REUSED)
    if earlier is not None:
        return earlier
    current = works_of(room_id, works.public_id)
    if current is None or current.slot.ends <= now:
        raise Refused(Objection(SpanReason.ALREADY_OVER))
    if current.mark != seen_as:
        raise Refused(Objection(SpanReason.CHANGED_MEANWHILE))
    refuse_any(
        against(wanted.slot, now=now, began=current.slot.starts if current.slot.starts <= now else None)
    )
    execute(
        _CHANGE,
        its_id=current.works_id,
        its_start=wanted.slot.starts,
        its_end=wanted.slot.ends,
        its_what=wanted.what,
        its_who=wanted.who,
    )
    version = current.version + 1
    told = bookings_during(room_id, wanted.slot, None, now=now)
    ids = {each.booking_id for each in told}
    before = bookings_during(room_id, current.slot, None, now=now)
    _tell(ClosureNews.WORKS, told, current.works_id, version, room_id, now)
    off = [each for each in before if each.booking_id not in ids]
    _tell(ClosureNews.WORKS_OFF, off, current.works_id, version, room_id, now)
    _record("works_changed", current.works_id, room_id, wanted.slot, actor_id, now)
    return _done(room_id, post, now)


def take_back(works: WorksView, room_id: int, *, actor_id: int, now: datetime) -> None:
    """It does not happen: who has the room then is told. Taking it back again changes nothing."""
    lock_room(room_id)
    current = works_of(room_id, works.public_id)
    if current is None:
        return
    execute(_REMOVE, its_id=current.works_id)
    told = bookings_during(room_id, current.slot, None, now=now)
    _tell(ClosureNews.WORKS_OFF, told, current.works_id, current.version + 1, room_id, now)
    _record("works_taken_back", current.works_id, room_id, current.slot, actor_id, now)


def count_old_works(before: datetime) -> int:
    """How many announcements were over before then."""
    number: int = execute(_COUNT_OLD, before=before).scalar_one()
    return number


def forget_works(before: datetime) -> int:
    """Some announcements that were over before then are gone; how many."""
    room_id = execute(_ROOM_OF_THE_OLDEST, before=before).scalar()
    if room_id is None:
        return 0
    lock_room(room_id)
    ids: Sequence[Any] = execute(_SOME_OLD, before=before, room_id=room_id).scalars().all()
    execute(_FORGET, ids=ids)
    return len(ids)


def _tell(
    news: ClosureNews,
    told: Iterable[Affected],
    works_id: int,
    version: int,
    room_id: int,
    now: datetime,
) -> None:
    tell_bookers(news, told, key=f"{news}:{works_id}:{version}", room_id=room_id, now=now)


def _done(room_id: int, post: FormPost, now: datetime) -> str:
    location = f"/r/{room_by_id(room_id).slug}/werk"
    remember_answer(post, location, now=now)
    return location


def _record(action: str, works_id: int, room_id: int, slot: TimeSlot, actor_id: int, now: datetime) -> None:
    record(
        action,
        object_kind="works",
        object_id=works_id,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
        changes={"starts": slot.starts, "ends": slot.ends},
    )


def _view(row: AnyRow) -> WorksView:
    return WorksView(
        row.id, row.public_id, TimeSlot(row.starts_at, row.ends_at), row.what, row.who, row.version
    )
