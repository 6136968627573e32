"""Reading the key duty of a room: who has it, who had it, what was counted, and whom a booker calls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, or_, select

from ontmoet.db import LocalDate, execute
from ontmoet.kernel.permissions import HELPS_PEOPLE, KEEPERS
from ontmoet.kernel.walltime import day_of
from ontmoet.people.models import Person, Role

from .duty_rules import Count, Step, answerer
from .models import DutyCount, Key, KeyDuty
from .rules import HolderKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ontmoet.db import AnyRow

    from .queries import Copy

SHOWN = 12
"""Of the hand-overs before."""

_duty = KeyDuty.__table__
_count = DutyCount.__table__
_key = Key.__table__
_person = Person.__table__
_role = Role.__table__
_from = Person.__table__.alias("who_had_it")
_to = Person.__table__.alias("who_got_it")
_recorder = Person.__table__.alias("who_wrote_it")

_DUTIES = (
    select(
        _duty,
        _from.c.name.label("from_name"),
        _to.c.name.label("to_name"),
        _to.c.phone.label("to_phone"),
        _recorder.c.name.label("recorded_by"),
        select(_count.c.id)
        .where(_count.c.duty_id == _duty.c.id, _count.c.counted != _count.c.expected)
        .exists()
        .label("is_different"),
    )
    .outerjoin_from(_duty, _from, _from.c.id == _duty.c.from_id)
    .outerjoin(_to, _to.c.id == _duty.c.to_id)
    .outerjoin(_recorder, _recorder.c.id == _duty.c.recorded_by_id)
    .where(_duty.c.room_id == bindparam("room_id"))
)
_LATEST = _DUTIES.order_by(_duty.c.at.desc(), _duty.c.id.desc()).limit(SHOWN)
_NOW = _DUTIES.where(_duty.c.until.is_(None))
_ONE = _DUTIES.where(_duty.c.public_id == bindparam("which"))
_COUNTS = (
    select(_count.c.key_id, _key.c.opens, _count.c.expected, _count.c.counted)
    .join_from(_count, _key, _key.c.id == _count.c.key_id)
    .where(_count.c.duty_id == bindparam("duty_id"))
    .order_by(_key.c.id)
)
_TODAY = bindparam("today", type_=LocalDate())
_ACTIVE = (
    _role.c.room_id == bindparam("room_id"),
    _role.c.since <= _TODAY,
    or_(_role.c.until.is_(None), _role.c.until > _TODAY),
)
_HELPERS = (
    select(_person.c.id, _person.c.public_id, _person.c.name)
    .distinct()
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .where(*_ACTIVE, _role.c.function.in_(sorted(HELPS_PEOPLE)))
    .order_by(_person.c.name, _person.c.id)
)
_HAS_DUTY: Any = _duty.c.id.is_not(None)
_ON_CALL = (
    select(_person.c.id, _person.c.name, _person.c.phone, _HAS_DUTY.label("has_duty"))
    .distinct()
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .outerjoin(
        _duty,
        and_(
            _duty.c.room_id == _role.c.room_id,
            _duty.c.until.is_(None),
            _duty.c.to_id == _role.c.person_id,
        ),
    )
    .where(
        *_ACTIVE,
        or_(
            _role.c.function.in_(sorted(KEEPERS)),
            and_(_HAS_DUTY, _role.c.function.in_(sorted(HELPS_PEOPLE))),
        ),
    )
    .order_by(_HAS_DUTY.label("has_duty").desc(), _person.c.name, _person.c.id)
)


@dataclass(frozen=True, slots=True)
class Duty:
    """One time that the duty changed hands. A name is empty for nobody, and when it is forgotten.
    `is_different`: what was counted is not what the register said.
    """

    duty_id: int
    public_id: str
    room_id: int
    step: Step
    from_id: int | None
    from_name: str
    to_id: int | None
    to_name: str
    to_phone: str
    at: datetime
    is_now: bool
    recorded_by_id: int | None
    recorded_by: str
    is_one_sided: bool
    objected_at: datetime | None
    note: str
    is_different: bool

    @property
    def other_id(self) -> int | None:
        """Who says whether it is so."""
        return answerer(self.from_id, self.to_id, self.recorded_by_id)

    def may_answer(self, person_id: int) -> bool:
        """Whether this person still says if it is so."""
        return self.is_one_sided and self.objected_at is None and self.other_id == person_id


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who can have the duty."""

    person_id: int
    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Lying:
    """A key, and its copies that lie in the cabinet according to the register."""

    key_id: int
    opens: str
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody to ask for a key; `phone` may be empty."""

    person_id: int
    name: str
    phone: str
    has_duty: bool


def duty_now(room_id: int) -> Duty | None:
    """The last hand-over in a room, None when there was none yet. One statement."""
    row = execute(_NOW, room_id=room_id).one_or_none()
    return None if row is None else _as_duty(row)


def duties_in(room_id: int) -> list[Duty]:
    """The last hand-overs, the latest first. One statement."""
    return [_as_duty(row) for row in execute(_LATEST, room_id=room_id)]


def duty_of(room_id: int, public_id: str) -> Duty | None:
    """The hand-over of this room with this id."""
    row = execute(_ONE, room_id=room_id, which=public_id).one_or_none()
    return None if row is None else _as_duty(row)


def counts_of(duty_id: int) -> list[Count]:
    """What was counted then, each key once. One statement."""
    return [Count(*row) for row in execute(_COUNTS, duty_id=duty_id)]


def keepers_in(room_id: int, *, now: datetime) -> list[Keeper]:
    """Who can have the duty: who hands out keys there, by name. One statement."""
    return [Keeper(*row) for row in execute(_HELPERS, room_id=room_id, today=day_of(now))]


def whom_to_call(room_id: int, *, now: datetime) -> list[OnCall]:
    """Whom to ask for a key of a room: who has the duty first, then the other keepers by name. One
    statement.
    """
    rows = execute(_ON_CALL, room_id=room_id, today=day_of(now))
    return [OnCall(row.id, row.name, row.phone or "", bool(row.has_duty)) for row in rows]


def in_cabinet(copies: Iterable[Copy]) -> list[Lying]:
    """What lies in the cabinet according to the register, for each key that has copies."""
    lying: dict[int, Lying] = {}
    for copy in copies:
        of_key = lying.get(copy.key_id, Lying(copy.key_id, copy.opens, ()))
        is_there = copy.now.holder.kind is HolderKind.CABINET
        lying[copy.key_id] = replace(of_key, copies=(*of_key.copies, copy)) if is_there else of_key
    return list(lying.values())


def _as_duty(row: AnyRow) -> Duty:
    return Duty(
        duty_id=row.id,
        public_id=row.public_id,
        room_id=row.room_id,
        step=Step(row.step),
        from_id=row.from_id,
        from_name=row.from_name or "",
        to_id=row.to_id,
        to_name=row.to_name or "",
        to_phone=row.to_phone or "",
        at=row.at,
        is_now=row.until is None,
        recorded_by_id=row.recorded_by_id,
        recorded_by=row.recorded_by or "",
        is_one_sided=row.is_one_sided,
        objected_at=row.objected_at,
        note=row.note,
        is_different=bool(row.is_different),
    )
