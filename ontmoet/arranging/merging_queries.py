"""Reading what becomes of a room that goes on in another one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Integer, Text, bindparam, cast, literal, null, or_, select, union_all

from ontmoet.bookings.going_along import still_to_end
from ontmoet.bookings.states import Status
from ontmoet.bookings.taken_queries import taken_between
from ontmoet.db import LocalDate, execute
from ontmoet.kernel.actor import Function
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of
from ontmoet.keys.models import BoxCode, CodeBox, Key, KeyCopy, KeyDuty, Locker
from ontmoet.membership.models import Admission
from ontmoet.membership.rules import objections_to_giving
from ontmoet.people.models import Person, Role
from ontmoet.rooms.models import Complex

from .merging_rules import Admitted, Coming, Doing, Numbered, Placing, Plan, Term, both, numbers_after, placed

if TYPE_CHECKING:
    from ontmoet.db import AnyRow
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView, ZoneView

_role = Role.__table__
_person = Person.__table__
_key = Key.__table__
_copy = KeyCopy.__table__
_locker = Locker.__table__
_duty = KeyDuty.__table__
_box = CodeBox.__table__
_code = BoxCode.__table__
_complex = Complex.__table__
_admission = Admission.__table__

_BOTH = bindparam("both", expanding=True, type_=Integer)
_OLD = bindparam("old", type_=Integer)
_NO_NUMBER = cast(null(), Integer)
_NO_TEXT = cast(null(), Text)

# One statement instead of seven: each row says what kind it is, and uses the columns it needs.
_PARTS = union_all(
    select(
        literal("role").label("kind"),
        _role.c.room_id.label("room_id"),
        _role.c.id.label("which"),
        _role.c.person_id.label("whose"),
        _role.c.organisation_id.label("number"),
        _role.c.function.label("text"),
        _person.c.name.label("more"),
        cast(_role.c.since, Text).label("first"),
        cast(_role.c.until, Text).label("last"),
    )
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .where(
        _role.c.room_id.in_(_BOTH),
        or_(_role.c.until.is_(None), _role.c.until > bindparam("today", type_=LocalDate())),
    ),
    select(
        literal("copy"),
        _copy.c.room_id,
        _copy.c.id,
        _copy.c.key_id,
        _copy.c.number,
        _key.c.opens,
        cast(_copy.c.retired_at, Text),
        _NO_TEXT,
        _NO_TEXT,
    )
    .join_from(_copy, _key, _key.c.id == _copy.c.key_id)
    .where(_copy.c.room_id.in_(_BOTH)),
    select(
        literal("locker"),
        _locker.c.room_id,
        _locker.c.id,
        _NO_NUMBER,
        _locker.c.number,
        _locker.c.group_name,
        _NO_TEXT,
        _NO_TEXT,
        _NO_TEXT,
    ).where(_locker.c.room_id.in_(_BOTH), _locker.c.until.is_(None)),
    select(
        literal("duty"),
        _duty.c.room_id,
        _duty.c.id,
        _NO_NUMBER,
        _NO_NUMBER,
        _NO_TEXT,
        _NO_TEXT,
        _NO_TEXT,
        _NO_TEXT,
    ).where(_duty.c.room_id == _OLD, _duty.c.until.is_(None), _duty.c.to_id.is_not(None)),
    select(
        literal("box"),
        _box.c.room_id,
        _box.c.id,
        _NO_NUMBER,
        _NO_NUMBER,
        _box.c.hangs,
        _NO_TEXT,
        _NO_TEXT,
        _NO_TEXT,
    )
    .join_from(_box, _code, (_code.c.box_id == _box.c.id) & _code.c.valid_until.is_(None))
    .where(_box.c.room_id == _OLD),
    select(
        literal("complex"),
        _OLD,
        _complex.c.id,
        _NO_NUMBER,
        _NO_NUMBER,
        _complex.c.name,
        _NO_TEXT,
        _NO_TEXT,
        _NO_TEXT,
    ).where(_complex.c.id.in_(bindparam("complexes", expanding=True, type_=Integer))),
    select(
        literal("admission"),
        _admission.c.room_id,
        _admission.c.id,
        _admission.c.home_id,
        _NO_NUMBER,
        _admission.c.reason,
        _NO_TEXT,
        _NO_TEXT,
        _NO_TEXT,
    ).where(_admission.c.room_id.in_(_BOTH), _admission.c.until.is_(None)),
)


def plan_of(old: RoomView, into: RoomView, zone: ZoneView | None, *, actor: Actor, now: datetime) -> Plan:
    """What happens when `actor` lets `old` go on in `into`. Three statements."""
    parts = execute(
        _PARTS,
        both=[old.room_id, into.room_id],
        old=old.room_id,
        complexes=sorted(old.used_by_complexes - into.used_by_complexes),
        today=day_of(now),
    ).all()
    mine = [row for row in parts if row.room_id == old.room_id]
    there = [row for row in parts if row.room_id == into.room_id]
    # A key of which no copy is left stays behind, with its history.
    in_use = {row.whose for row in mine if row.kind == "copy" and row.more is None}
    copies = [row for row in mine if row.kind == "copy" and row.whose in in_use]
    return Plan(
        placing=_placing(old, into, zone, now=now),
        doing=tuple(_doing(mine, there, actor, into.room_id, today=day_of(now))),
        keys=tuple(sorted({(row.whose, row.text) for row in copies})),
        copies=_renumbered(copies, there),
        lockers=_renumbered([row for row in mine if row.kind == "locker"], there),
        has_duty=any(row.kind == "duty" for row in mine),
        box=next((row.text for row in mine if row.kind == "box"), None),
        complexes=tuple(sorted((row.which, row.text) for row in mine if row.kind == "complex")),
        homes=tuple(sorted(old.used_by_homes - into.used_by_homes)),
        admitted=tuple(_admitted(mine, there)),
    )


def _placing(old: RoomView, into: RoomView, zone: ZoneView | None, *, now: datetime) -> Placing:
    rows = still_to_end(old.room_id, now=now)
    coming = [
        Coming(
            row.id,
            row.public_id,
            row.person_id,
            TimeSlot(row.starts_at, row.ends_at),
            row.people,
            row.made_at,
            row.lapses_at,
            Status(row.status),
        )
        for row in rows
    ]
    # As far as time to tidy up may reach.
    until = max((one.slot.ends for one in coming), default=now) + timedelta(minutes=into.buffer_minutes)
    taken = taken_between(into.room_id, now, until, now=now) if coming else ()
    return placed(coming, into, zone, taken, now=now)


def _doing(
    mine: list[AnyRow], there: list[AnyRow], actor: Actor, into_id: int, *, today: date
) -> list[Doing]:
    in_order = sorted((row for row in there if row.kind == "role"), key=lambda row: (row.first, row.which))
    known = {(row.whose, row.text): row for row in in_order}
    found = []
    for row in mine:
        if row.kind != "role":
            continue
        term = Term(max(_day(row.first), today), _term(row).until)
        same = known.get((row.whose, row.text))
        becomes = term if same is None else both(term, _term(same))
        found.append(
            Doing(
                row.which,
                row.whose,
                row.number,
                Function(row.text),
                row.more,
                term,
                None if same is None else same.which,
                becomes,
                is_longer=same is not None and becomes != _term(same),
                may_go=not objections_to_giving(actor, row.whose, Function(row.text), room_id=into_id),
            )
        )
    return sorted(found, key=lambda one: (one.name, one.function, one.role_id))


def _term(row: AnyRow) -> Term:
    return Term(_day(row.first), _day(row.last) if row.last else None)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _renumbered(mine: list[AnyRow], there: list[AnyRow]) -> tuple[Numbered, ...]:
    kinds = {row.kind for row in mine}
    taken = {row.number for row in there if row.kind in kinds}
    becomes = numbers_after({row.which: row.number for row in mine}, taken)
    in_order = sorted(mine, key=lambda row: (row.number, row.which))
    return tuple(Numbered(row.which, row.number, becomes[row.which]) for row in in_order)


def _admitted(mine: list[AnyRow], there: list[AnyRow]) -> list[Admitted]:
    known = {row.whose for row in there if row.kind == "admission"}
    return sorted(
        (
            Admitted(row.which, row.whose, row.text, row.whose in known)
            for row in mine
            if row.kind == "admission"
        ),
        key=lambda one: one.admission_id,
    )
