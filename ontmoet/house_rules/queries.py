"""Reading house rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, case, func, or_, select

from ontmoet.db import Instant, LocalDate, Memory, execute
from ontmoet.kernel.walltime import day_of
from ontmoet.people.models import Person, Role

from .models import Acceptance
from .models import RulesVersion as RulesVersionRow
from .rules import Agreement, How, RulesVersion, published_at

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

_version = RulesVersionRow.__table__
_acceptance = Acceptance.__table__
_role = Role.__table__
_person = Person.__table__

_versions: Memory[int, tuple[RulesVersion, ...]] = Memory(most=1000)

_OF_ROOM = (
    select(
        _version.c.id,
        _version.c.number,
        _version.c.published_at,
        _version.c.body,
        _version.c.change_note,
        _version.c.needs_acceptance,
    )
    .where(_version.c.room_id == bindparam("room_id"))
    .order_by(_version.c.number)
)
_ACCEPTED = (
    select(func.max(_version.c.number))
    .join_from(_acceptance, _version, _version.c.id == _acceptance.c.rules_version_id)
    .where(
        or_(
            _acceptance.c.person_id == bindparam("person_id"),
            _acceptance.c.organisation_id == bindparam("organisation_id"),
        ),
        _version.c.room_id == bindparam("room_id"),
    )
)


_AGREED = (
    select(
        func.count(_acceptance.c.person_id.distinct()),
        func.count(_acceptance.c.organisation_id.distinct()),
        func.count(case((_acceptance.c.how == How.PAPER, _acceptance.c.id))),
    )
    .join_from(_acceptance, _version, _version.c.id == _acceptance.c.rules_version_id)
    .where(_version.c.room_id == bindparam("room_id"), _version.c.number >= bindparam("number"))
)


def published_rules(room: RoomView, *, now: datetime) -> tuple[RulesVersion, ...]:
    """The versions of a room's house rules that are published, oldest first.

    Remembered with the room: its version rises when a version of its house rules is added.
    """
    versions = _versions.recall(room.room_id, room.version, lambda: _read(room.room_id))
    return published_at(versions, now)


def current_of(room: RoomView, *, now: datetime) -> RulesVersion | None:
    """The house rules in force; None in a room without any."""
    return next(reversed(published_rules(room, now=now)), None)


def agreement_of(person: Actor | None, room: RoomView, *, now: datetime) -> Agreement:
    """How far a person is with the house rules of a room, or the organisation this person comes for;
    nobody in particular agreed with nothing.
    """
    published = published_rules(room, now=now)
    if person is None or not published:
        return Agreement(published)
    accepted = execute(
        _ACCEPTED,
        person_id=person.person_id,
        organisation_id=person.organisations.get(room.room_id),
        room_id=room.room_id,
    ).scalar()
    return Agreement(published, accepted or 0)


def owes_agreement(person_id: Any) -> ColumnElement[bool]:
    """`Agreement.is_missing` of a person in a room, for a statement that reads it along with what it is
    about. The statement gets `room_id`, `now` and `today` as well.
    """
    room_id, today = bindparam("room_id", type_=Integer), bindparam("today", type_=LocalDate())
    comes_for = select(_role.c.organisation_id).where(
        _role.c.person_id == person_id,
        _role.c.room_id == room_id,
        _role.c.since <= today,
        or_(_role.c.until.is_(None), _role.c.until > today),
    )
    # No joins: what a statement returns is written without names of tables.
    agreed_with = select(_acceptance.c.rules_version_id).where(
        or_(_acceptance.c.person_id == person_id, _acceptance.c.organisation_id.in_(comes_for))
    )
    newest = select(func.coalesce(func.max(_version.c.number), 0)).where(_version.c.room_id == room_id)
    needed = newest.where(
        _version.c.needs_acceptance, _version.c.published_at <= bindparam("now", type_=Instant())
    )
    accepted = newest.where(_version.c.id.in_(agreed_with))
    return needed.scalar_subquery() > accepted.scalar_subquery()


_ONE_WHO_AGREED = (
    select(_person.c.id)
    .where(_person.c.id.in_(bindparam("person_ids", expanding=True)), ~owes_agreement(_person.c.id))
    .limit(1)
)


def has_one_who_agreed(person_ids: Collection[int], room_id: int, *, now: datetime) -> bool:
    """Whether at least one of these people goes along with the rules in force. One statement."""
    asked = {"person_ids": [*person_ids], "room_id": room_id, "now": now, "today": day_of(now)}
    return execute(_ONE_WHO_AGREED, **asked).first() is not None


@dataclass(frozen=True, slots=True)
class Agreed:
    """How many went along with the rules that must be agreed with: numbers, never names."""

    people: int
    organisations: int
    on_paper: int


def agreed_with(room: RoomView, *, now: datetime) -> Agreed:
    """How many went along with the newest version that needed it, or with one after it."""
    needed = [version.number for version in published_rules(room, now=now) if version.needs_acceptance]
    return Agreed(*execute(_AGREED, room_id=room.room_id, number=max(needed, default=0)).one())


def _read(room_id: int) -> tuple[RulesVersion, ...]:
    return tuple(RulesVersion(*row) for row in execute(_OF_ROOM, room_id=room_id))
