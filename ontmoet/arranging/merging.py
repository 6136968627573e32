"""One room goes on in another one. Runs inside a unit of work and commits nothing itself.

What was stays with the room that ends: bookings that are over, how many came, closures, versions of the house
rules, and who did what until then. What is to come goes to the other room.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, bindparam, delete, func, insert, select, update

from ontmoet.bookings.ending import end_shut, hand_on, lapse_overdue
from ontmoet.bookings.going_along import go_along
from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.keys.boxes import end_code
from ontmoet.keys.models import Custody, Key, KeyCopy, Locker
from ontmoet.keys.rules import LONGEST_OPENS
from ontmoet.membership.models import Admission
from ontmoet.membership.rules import is_for_neighbours
from ontmoet.outbox.actions import Notice, pass_on, post_all
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.models import Role
from ontmoet.rooms.models import RightOfUse, Room
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.series.rooms_end import series_go_along
from ontmoet.trail.actions import record

from .merging_queries import plan_of
from .merging_rules import MergeReason, objections_to_merging

if TYPE_CHECKING:
    from ontmoet.rooms.rules import RoomView

    from .merging_rules import Doing, Plan

MERGED = "room_merged"
"""The kind of message."""

_room = Room.__table__
_role = Role.__table__
_key = Key.__table__
_copy = KeyCopy.__table__
_custody = Custody.__table__
_locker = Locker.__table__
_right = RightOfUse.__table__
_admission = Admission.__table__

_WHICH: BindParameter[int] = bindparam("which")
_INTO: BindParameter[int] = bindparam("into")
_UNTIL = bindparam("last", type_=LocalDate())
_END_ROOM = (
    update(_room)
    .where(_room.c.id == _WHICH)
    .values(closed_at=bindparam("at", type_=Instant()), merged_into_id=_INTO)
)
_END_ROLE = update(_role).where(_role.c.id == _WHICH).values(until=_UNTIL, is_contact=False)
_LENGTHEN_ROLE = (
    update(_role)
    .where(_role.c.id == _WHICH)
    .values(since=bindparam("first", type_=LocalDate()), until=_UNTIL)
)
_CONTACTS = select(func.count(_role.c.id)).where(
    _role.c.room_id == _INTO, _role.c.is_contact, _role.c.until.is_(None)
)
_CONTACT = select(_role.c.person_id).where(
    _role.c.room_id == _WHICH, _role.c.is_contact, _role.c.until.is_(None)
)
_NAME_CONTACT = (
    update(_role)
    .where(
        _role.c.room_id == _INTO,
        _role.c.person_id == bindparam("whose"),
        _role.c.function == Function.STAFF,
        _role.c.until.is_(None),
    )
    .values(is_contact=True)
)
_MOVE_KEY = update(_key).where(_key.c.id == _WHICH).values(room_id=_INTO, opens=bindparam("says"))
_MOVE_COPY = update(_copy).where(_copy.c.id == _WHICH).values(room_id=_INTO, number=bindparam("becomes"))
_MOVE_LOCKER = (
    update(_locker).where(_locker.c.id == _WHICH).values(room_id=_INTO, number=bindparam("becomes"))
)
_HOLDERS = select(_custody.c.person_id).where(
    _custody.c.copy_id.in_(bindparam("copies", expanding=True)),
    _custody.c.until.is_(None),
    _custody.c.person_id.is_not(None),
)
_END_ADMISSION = update(_admission).where(_admission.c.id == _WHICH).values(until=_UNTIL)
_NO_RIGHT = delete(_right).where(_right.c.room_id == _WHICH, _right.c.home_id == bindparam("home_id"))
_DOING_THERE = select(_role.c.person_id).where(
    _role.c.room_id == _INTO,
    _role.c.since <= bindparam("today", type_=LocalDate()),
    (_role.c.until.is_(None)) | (_role.c.until > bindparam("today", type_=LocalDate())),
)


@dataclass(frozen=True, slots=True)
class Merge:
    """What somebody wants who saw what happens: `seen` is the mark of the plan that they saw. `zone` is the
    slug of the part of the other room to which bookings go, empty for all of it.
    """

    old_id: int
    into_id: int
    zone: str
    seen: str
    exception: str
    """Why neighbours who come along are let in where neighbours are an exception."""
    actor_id: int
    now: datetime


def merge(wanted: Merge) -> None:
    """The old room is closed for good, and what is to come goes on in the other. Doing so again changes
    nothing. Raises `Refused`: also when anything differs from what was seen.
    """
    # Always in the same order: two merges that meet wait for each other, and neither for ever.
    for room_id in sorted({wanted.old_id, wanted.into_id}):
        lock_room(room_id)
    old, into = room_by_id(wanted.old_id), room_by_id(wanted.into_id)
    if old.merged_into_id == into.room_id:
        return
    actor = actor_of(wanted.actor_id, today=day_of(wanted.now))
    if not all(allows(actor, Permission.ROOM_ARRANGE, room) for room in (old, into)):
        raise Refused(Objection(MergeReason.NO_SUCH_ROOM, "into"))
    refuse_any(objections_to_merging(old, into, now=wanted.now))
    zone = into.zone(wanted.zone)
    if wanted.zone and zone is None:
        raise Refused(Objection(MergeReason.NO_SUCH_ZONE, "zone"))
    for room in (old, into):
        lapse_overdue(room.room_id, now=wanted.now)
    plan = plan_of(old, into, zone, actor=actor, now=wanted.now)
    if plan.mark != wanted.seen:
        raise Refused(Objection(MergeReason.SEEN_OTHERWISE))
    told = _told(plan, wanted)
    _bookings(plan, old, into, zone_id=zone.zone_id if zone else None, wanted=wanted)
    _keys(plan, old, wanted)
    _functions(plan, wanted)
    _rights(plan, into, wanted)
    pass_on(old.room_id, to=into.room_id)
    execute(_END_ROOM, which=old.room_id, into=into.room_id, at=wanted.now)
    hand_on(into.room_id, now=wanted.now)
    _record("room_merged", old.room_id, wanted, {"into": into.room_id, **_numbers(plan)})
    _record("room_took_in", into.room_id, wanted, {"from": old.room_id, **_numbers(plan)})
    post_all(
        [
            Notice(
                MERGED,
                person_id=person_id,
                object_id=old.room_id,
                dedupe_key=f"{MERGED}:{old.room_id}:{person_id}",
                due_at=wanted.now,
                made_at=wanted.now,
                room_id=into.room_id,
            )
            for person_id in sorted(told)
        ]
    )


def _told(plan: Plan, wanted: Merge) -> set[int]:
    """Everybody who booked, has a key or does something in one of the rooms; not who does this and knows."""
    bookings = (
        *(each.booking for each in plan.placing.going),
        *plan.placing.colliding,
        *plan.placing.waiting,
    )
    booked = {one.person_id for one in bookings if one.person_id is not None}
    today = day_of(wanted.now)
    doing = {one.person_id for one in plan.doing}
    doing |= set(execute(_DOING_THERE, into=wanted.into_id, today=today).scalars())
    holding = set(execute(_HOLDERS, copies=[copy.which for copy in plan.copies]).scalars())
    return ((doing | holding) - {wanted.actor_id}) | booked


def _bookings(plan: Plan, old: RoomView, into: RoomView, *, zone_id: int | None, wanted: Merge) -> None:
    end_shut(
        [(one.booking_id, one.person_id, one.status) for one in plan.placing.colliding],
        room_id=old.room_id,
        actor_id=wanted.actor_id,
        now=wanted.now,
    )
    go_along(
        [(each.booking.booking_id, each.held, each.booking.lapses_at) for each in plan.placing.going],
        [one.booking_id for one in plan.placing.waiting],
        old_id=old.room_id,
        into_id=into.room_id,
        zone_id=zone_id,
        zone_ids=into.zone_ids if zone_id is None else {zone_id},
        actor_id=wanted.actor_id,
        now=wanted.now,
    )
    series_go_along(old.room_id, into_id=into.room_id, zone_id=zone_id)


def _keys(plan: Plan, old: RoomView, wanted: Merge) -> None:
    """Copies keep their tags and who has them. What they open says of which room it was."""
    end_code(old.room_id, actor_id=wanted.actor_id, now=wanted.now)
    for key_id, opens in plan.keys:
        says = f"{opens} ({old.name})"
        says = says if len(says) <= LONGEST_OPENS else opens
        execute(_MOVE_KEY, which=key_id, into=wanted.into_id, says=says)
    for copy in plan.copies:
        execute(_MOVE_COPY, which=copy.which, into=wanted.into_id, becomes=copy.becomes)
    for locker in plan.lockers:
        execute(_MOVE_LOCKER, which=locker.which, into=wanted.into_id, becomes=locker.becomes)


def _functions(plan: Plan, wanted: Merge) -> None:
    today = day_of(wanted.now)
    contact = execute(_CONTACT, which=wanted.old_id).scalar()
    for one in plan.doing:
        if one.goes and one.there is None:
            _give(one, wanted)
        elif one.goes:
            execute(_LENGTHEN_ROLE, which=one.there, first=one.becomes.since, last=one.becomes.until)
        if not one.stays_too:
            execute(_END_ROLE, which=one.role_id, last=max(today, one.term.since))
    if contact is not None and not execute(_CONTACTS, into=wanted.into_id).scalar():
        execute(_NAME_CONTACT, into=wanted.into_id, whose=contact)


def _give(one: Doing, wanted: Merge) -> None:
    role_id: int = execute(
        insert(_role).returning(_role.c.id),
        person_id=one.person_id,
        room_id=wanted.into_id,
        organisation_id=one.organisation_id,
        function=one.function,
        is_contact=False,
        since=one.term.since,
        until=one.term.until,
        granted_by_id=wanted.actor_id,
    ).scalar_one()
    record(
        "function_went_along",
        object_kind="role",
        object_id=role_id,
        room_id=wanted.into_id,
        actor_id=wanted.actor_id,
        now=wanted.now,
        changes={"function": one.function, "from": wanted.old_id},
    )


def _rights(plan: Plan, into: RoomView, wanted: Merge) -> None:
    """Whoever might use the old room may use the other one."""
    for complex_id, _name in plan.complexes:
        execute(insert(_right), room_id=into.room_id, complex_id=complex_id, home_id=None)
    for home_id in plan.homes:
        execute(insert(_right), room_id=into.room_id, complex_id=None, home_id=home_id)
    today = day_of(wanted.now)
    is_exception = not is_for_neighbours(into.access_policy)
    for one in plan.admitted:
        execute(_END_ADMISSION, which=one.admission_id, last=today)
        execute(_NO_RIGHT, which=wanted.old_id, home_id=one.home_id)
        if not one.is_there:
            execute(
                insert(_admission),
                room_id=into.room_id,
                home_id=one.home_id,
                reason=(one.reason or wanted.exception) if is_exception else one.reason,
                since=today,
                until=None,
                admitted_by_id=wanted.actor_id,
            )


def _numbers(plan: Plan) -> dict[str, object]:
    return {
        "bookings": len(plan.placing.going),
        "called_off": len(plan.placing.colliding),
        "functions": len(plan.doing),
        "copies": len(plan.copies),
        "rights": len(plan.complexes) + len(plan.homes),
    }


def _record(action: str, room_id: int, wanted: Merge, changes: dict[str, object]) -> None:
    record(
        action,
        object_kind="room",
        object_id=room_id,
        room_id=room_id,
        actor_id=wanted.actor_id,
        now=wanted.now,
        changes=changes,
    )
