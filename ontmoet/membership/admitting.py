"""Letting an address outside the complex in, and ending that. Runs inside a unit of work.

Access is of an address, as it is of a home in the complex: fair use counts per address, and two people
of one address do not get twice as many turns. What a room knows of an address is its own: another room that
lets in the same one begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, delete, exists, insert, or_, select, update

from ontmoet.db import LocalDate, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.text import folded
from ontmoet.kernel.tokens import new_public_id
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.models import Person, Residency
from ontmoet.people.rules import Channel
from ontmoet.rooms.models import Home, RightOfUse
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import record

from .models import Admission
from .rules import Reason, is_for_neighbours

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ontmoet.db import AnyRow

_admission = Admission.__table__
_home = Home.__table__
_person = Person.__table__
_residency = Residency.__table__
_right = RightOfUse.__table__
_admitter = _person.alias("admitter")

# An address that another room let in is not found, nor one it shares: who types it would see who lives there.
_elsewhere = _right.alias("elsewhere")
# Addresses are compared here: SQLite makes small letters of A to Z only.
_OUTSIDE = (
    select(_home.c.id, _home.c.address)
    .join_from(_admission, _home, _home.c.id == _admission.c.home_id)
    .where(
        _admission.c.room_id == bindparam("room_id"),
        _home.c.complex_id.is_(None),
        or_(
            _admission.c.until.is_(None),
            ~exists().where(_elsewhere.c.home_id == _home.c.id, _elsewhere.c.room_id != bindparam("room_id")),
        ),
    )
    .order_by(_home.c.id)
)
_OF_COMPLEX = select(_home.c.id, _home.c.address).where(
    _home.c.complex_id.in_(bindparam("complexes", expanding=True)), _home.c.ended_at.is_(None)
)
_LIVING_THERE = (
    select(_person.c.id, _person.c.name)
    .join_from(_residency, _person, _person.c.id == _residency.c.person_id)
    .where(_residency.c.home_id == bindparam("home_id"), _residency.c.until.is_(None))
)
_ADMITTED = (
    select(
        _home.c.address_name,
        _home.c.address,
        _admission.c.since,
        _admission.c.reason,
        _admitter.c.name,
        _person.c.public_id,
        _person.c.name,
    )
    .join_from(_admission, _home, _home.c.id == _admission.c.home_id)
    .outerjoin(_admitter, _admitter.c.id == _admission.c.admitted_by_id)
    .outerjoin(
        _residency,
        and_(
            _residency.c.home_id == _home.c.id,
            or_(_residency.c.until.is_(None), _residency.c.until > bindparam("day", type_=LocalDate())),
        ),
    )
    .outerjoin(_person, _person.c.id == _residency.c.person_id)
    .where(_admission.c.room_id == bindparam("room_id"), _admission.c.until.is_(None))
    .order_by(_home.c.address, _home.c.id, _person.c.name)
)
_CURRENT = select(_admission.c.id, _admission.c.home_id).where(
    _admission.c.room_id == bindparam("room_id"), _admission.c.until.is_(None)
)
_OF_ADDRESS = _CURRENT.join(_home, _home.c.id == _admission.c.home_id).where(
    _home.c.address_name == bindparam("address_name")
)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody from outside: as little as is needed to reach them."""

    name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """An address that was let in, and who lives there. A reason says that it is an exception."""

    address_name: str
    address: str
    since: date
    reason: str
    admitted_by: str | None
    people: tuple[tuple[str, str], ...]


def admitted_in(room_id: int, *, today: date) -> list[Admitted]:
    """The addresses outside the complex that may use a room. People as (public id, name)."""
    found: dict[str, Admitted] = {}
    for row in execute(_ADMITTED, room_id=room_id, day=today):
        address_name, address, since, reason, admitted_by, public_id, name = row
        people = found[address_name].people if address_name in found else ()
        people += () if public_id is None else ((public_id, name),)
        found[address_name] = Admitted(address_name, address, since, reason, admitted_by, people)
    return list(found.values())


def admit(room_id: int, guest: Guest, *, reason: str, actor_id: int, now: datetime) -> None:
    """A neighbour may use the room from now on. Raises `Refused`.

    A room for tenants only lets nobody in but by exception: with a reason, from somebody who may. An address
    that belongs to the room already has its turns, and would have them twice.
    """
    lock_room(room_id)
    room, today = room_by_id(room_id), day_of(now)
    actor = actor_of(actor_id, today=today)
    is_exception = not is_for_neighbours(room.access_policy)
    if is_exception:
        if not allows(actor, Permission.GUESTS_EXCEPT, room):
            raise Refused(Objection(Reason.NOT_FOR_NEIGHBOURS))
        if not reason:
            raise Refused(Objection(Reason.NEEDS_REASON, "reason"))
    complexes = sorted(room.used_by_complexes)
    if _first_at(guest.address, execute(_OF_COMPLEX, complexes=complexes)) is not None:
        raise Refused(Objection(Reason.ADDRESS_OF_THE_ROOM, "address"))
    home_id = _home_at(guest.address, room_id)
    living = execute(_LIVING_THERE, home_id=home_id).all()
    person_id = next((row.id for row in living if folded(row.name) == folded(guest.name)), None)
    is_in = any(row.home_id == home_id for row in execute(_CURRENT, room_id=room_id))
    if is_in and person_id is not None:
        raise Refused(Objection(Reason.LET_IN_ALREADY, "name"))
    if person_id is None:
        person_id = _add_person(guest, home_id, today)
    if not is_in:
        _let_in(room_id, home_id, reason if is_exception else "", actor_id, today)
    record(
        "guest_admitted",
        object_kind="person",
        object_id=person_id,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
        changes={"home": home_id, "exception": is_exception},
    )


def end_admission(room_id: int, address_name: str, *, actor_id: int, now: datetime) -> bool:
    """An address may not use the room any more. False when that was so already."""
    lock_room(room_id)
    found: AnyRow | None = execute(_OF_ADDRESS, room_id=room_id, address_name=address_name).one_or_none()
    if found is None:
        return False
    execute(update(_admission).where(_admission.c.id == found.id).values(until=day_of(now)))
    execute(delete(_right).where(_right.c.room_id == room_id, _right.c.home_id == found.home_id))
    record(
        "admission_ended",
        object_kind="admission",
        object_id=found.id,
        room_id=room_id,
        actor_id=actor_id,
        now=now,
    )
    return True


def _home_at(address: str, room_id: int) -> int:
    known = _first_at(address, execute(_OUTSIDE, room_id=room_id))
    if known is not None:
        return known
    # Its name is typed at signing in, so it is short; it says nothing about where somebody lives.
    home_id: int = execute(
        insert(_home).returning(_home.c.id),
        complex_id=None,
        address_name=f"buur-{new_public_id()[:6]}",
        address=address,
    ).scalar_one()
    return home_id


def _first_at(address: str, homes: Iterable[AnyRow]) -> int | None:
    """Which of these homes has this address, however it is written in capitals."""
    wanted = folded(address)
    return next((home.id for home in homes if folded(home.address) == wanted), None)


def _add_person(guest: Guest, home_id: int, today: date) -> int:
    person_id: int = execute(
        insert(_person).returning(_person.c.id), name=guest.name, phone=guest.phone, channel=Channel.CALL
    ).scalar_one()
    execute(insert(_residency), person_id=person_id, home_id=home_id, since=today)
    return person_id


def _let_in(room_id: int, home_id: int, reason: str, actor_id: int, today: date) -> None:
    execute(
        insert(_admission),
        room_id=room_id,
        home_id=home_id,
        reason=reason,
        since=today,
        admitted_by_id=actor_id,
    )
    has_right = select(_right.c.id).where(_right.c.room_id == room_id, _right.c.home_id == home_id)
    if execute(has_right).first() is None:
        execute(insert(_right), room_id=room_id, home_id=home_id)
