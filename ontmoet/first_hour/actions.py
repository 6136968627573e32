"""An empty database becomes a corporation's. Runs inside a unit of work and commits nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from ontmoet.arranging.actions import add_complex, add_room
from ontmoet.db import execute
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.membership.partners import Newcomer, add_person
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.models import Person, Role
from ontmoet.rooms.models import Complex, Corporation, Room
from ontmoet.trail.actions import record
from ontmoet.trail.models import Installation, InstallationKind
from ontmoet.trail.queries import installation_kind

from .rules import Reason

_person = Person.__table__
_SET_PASSWORD = (
    update(_person).where(_person.c.id == bindparam("whose")).values(password_hash=bindparam("hashed"))
)
_COMPLEX = select(Complex.__table__.c.id).where(Complex.__table__.c.public_id == bindparam("public_id"))
_ROOM = select(Room.__table__.c.id).where(Room.__table__.c.slug == bindparam("slug"))


@dataclass(frozen=True, slots=True)
class Beginning:
    """What an installation begins with. The password is hashed before: that takes long."""

    corporation: str
    phone: str
    administrator: Newcomer
    password_hash: str
    complex: str
    room: str
    capacity: int


def install(beginning: Beginning, *, now: datetime) -> str:
    """Make this database a real installation; the slug of its first room, which nobody can book yet. Who
    administers works in that room too.

    Raises `Refused` when the database is in use.
    """
    if installation_kind() is not None:
        raise Refused(Objection(Reason.IN_USE))
    try:
        execute(insert(Installation.__table__), id=1, kind=InstallationKind.REAL, made_at=now)
    except IntegrityError as error:
        # Another began at the same moment.
        raise Refused(Objection(Reason.IN_USE)) from error
    execute(insert(Corporation.__table__), id=1, name=beginning.corporation, phone=beginning.phone)
    person_id = add_person(beginning.administrator)
    execute(_SET_PASSWORD, whose=person_id, hashed=beginning.password_hash)
    _give(person_id, Function.ADMINISTRATOR, None, now)
    record("installation_begun", object_kind="installation", object_id=1, actor_id=person_id, now=now)
    administrator = actor_of(person_id, today=day_of(now))
    public_id = add_complex(beginning.complex, actor=administrator, now=now)
    complex_id = execute(_COMPLEX, public_id=public_id).scalar_one()
    slug = add_room(complex_id, beginning.room, beginning.capacity, actor=administrator, now=now)
    # Nobody else is there yet to hand out keys and answer the telephone.
    _give(person_id, Function.STAFF, execute(_ROOM, slug=slug).scalar_one(), now)
    return slug


def _give(person_id: int, function: Function, room_id: int | None, now: datetime) -> None:
    execute(
        insert(Role.__table__),
        person_id=person_id,
        room_id=room_id,
        organisation_id=None,
        function=function,
        is_contact=False,
        since=day_of(now),
        until=None,
        granted_by_id=None,
    )
