"""Reading keys: where each copy is, who had it, and who comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, or_, select

from ontmoet.bookings.models import Booking
from ontmoet.bookings.states import Status
from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.people.models import Organisation, Person, Role
from ontmoet.rooms.models import Room
from ontmoet.rooms.queries import room_under

from .models import BoxCode, CodeBox, Custody, Key, KeyCopy
from .rules import Condition, Holder, HolderKind, is_overdue, picked_up_for

if TYPE_CHECKING:
    from datetime import date

    from ontmoet.db import AnyRow
    from ontmoet.kernel.actor import Actor, Function
    from ontmoet.rooms.rules import RoomView

MOST_BEFORE = 400
"""Of the times that a copy was somewhere before. More than three months hold no name (retention.py)."""

MOST_NEXT = 6

_key = Key.__table__
_copy = KeyCopy.__table__
_custody = Custody.__table__
_box = CodeBox.__table__
_code = BoxCode.__table__
_booking = Booking.__table__
_person = Person.__table__
_organisation = Organisation.__table__
_role = Role.__table__
_room = Room.__table__
_recorder = Person.__table__.alias("recorder")


class Held(NamedTuple):
    """One time that a copy was somewhere. `name` is of the person, organisation or other who had it; empty
    for the cabinet, for what is lost, and when it is forgotten.
    """

    custody_id: int
    holder: Holder
    name: str
    public_id: str | None
    phone: str | None
    since: datetime
    until: datetime | None
    due_at: datetime | None
    booking_id: int | None
    recorded_by_id: int | None
    recorded_by: str
    is_one_sided: bool
    objected_at: datetime | None
    condition: Condition | None
    note: str

    @property
    def is_out(self) -> bool:
        return self.holder.kind not in (HolderKind.CABINET, HolderKind.LOST)

    def is_late(self, now: datetime) -> bool:
        """Whether it should have been back."""
        return is_overdue(self.due_at, now)


class Copy(NamedTuple):
    """A copy of a key, and where it is now. `has_box`: its room has a code box with a code."""

    copy_id: int
    public_id: str
    room_id: int
    key_id: int
    number: int
    opens: str
    tag_edition: int
    has_box: bool
    now: Held


@dataclass(frozen=True, slots=True)
class Turn:
    """A booking that has no key yet, soon or running."""

    booking_id: int
    public_id: str
    person_id: int
    organisation_id: int | None
    name: str
    slot: TimeSlot


_HELD: tuple[Any, ...] = (
    _custody.c.id.label("custody_id"),
    _custody.c.holder,
    _custody.c.person_id,
    _custody.c.organisation_id,
    _custody.c.holder_name,
    _person.c.name.label("person_name"),
    _person.c.public_id.label("person_public_id"),
    _person.c.phone,
    _organisation.c.name.label("organisation_name"),
    _custody.c.since,
    _custody.c.until,
    _custody.c.due_at,
    _custody.c.booking_id,
    _custody.c.recorded_by_id,
    _recorder.c.name.label("recorded_by"),
    _custody.c.is_one_sided,
    _custody.c.objected_at,
    _custody.c.condition,
    _custody.c.note,
)
_WITH_NAMES = (
    _custody.outerjoin(_person, _person.c.id == _custody.c.person_id)
    .outerjoin(_organisation, _organisation.c.id == _custody.c.organisation_id)
    .outerjoin(_recorder, _recorder.c.id == _custody.c.recorded_by_id)
)
_HAS_BOX = (
    select(_box.c.id)
    .join_from(_box, _code, _code.c.box_id == _box.c.id)
    .where(_box.c.room_id == _copy.c.room_id, _code.c.valid_until.is_(None))
    .exists()
)
_COPIES = (
    select(
        _copy.c.id,
        _copy.c.public_id,
        _copy.c.room_id,
        _copy.c.key_id,
        _copy.c.number,
        _copy.c.tag_edition,
        _key.c.opens,
        _HAS_BOX.label("has_box"),
        *_HELD,
    )
    .select_from(
        _WITH_NAMES.join(_copy, _copy.c.id == _custody.c.copy_id).join(_key, _key.c.id == _copy.c.key_id)
    )
    .where(_custody.c.until.is_(None), _copy.c.retired_at.is_(None))
    .order_by(_copy.c.number)
)
_OF_ROOM = _COPIES.where(_copy.c.room_id == bindparam("room_id"))
_ONE = (
    _COPIES.where(_copy.c.public_id == bindparam("which"))
    .join(_room, _room.c.id == _copy.c.room_id)
    .add_columns(_room.c.version, _room.c.agenda_version)
)
_WITH_PERSON = _COPIES.where(_custody.c.person_id == bindparam("whose"))
_WITH_ORGANISATIONS = _COPIES.where(
    _custody.c.organisation_id.in_(bindparam("organisation_ids", expanding=True))
)
_HISTORY = (
    select(*_HELD)
    .select_from(_WITH_NAMES)
    .where(_custody.c.copy_id == bindparam("copy_id"), _custody.c.until.is_not(None))
    .order_by(_custody.c.since.desc(), _custody.c.id.desc())
    .limit(bindparam("most"))
)
_TURNS = (
    select(
        _booking.c.id,
        _booking.c.public_id,
        _booking.c.person_id,
        _booking.c.organisation_id,
        _person.c.name,
        _booking.c.starts_at,
        _booking.c.ends_at,
    )
    .join_from(_booking, _person, _person.c.id == _booking.c.person_id)
    .where(
        _booking.c.room_id == bindparam("room_id"),
        _booking.c.status == Status.CONFIRMED,
        _booking.c.starts_at < bindparam("until", type_=Instant()),
        # No booking crosses midnight, so what still runs began less than a day ago.
        _booking.c.starts_at > bindparam("since", type_=Instant()),
        _booking.c.ends_at > bindparam("now", type_=Instant()),
        ~select(_custody.c.id)
        .where(_custody.c.booking_id == _booking.c.id, _custody.c.until.is_(None))
        .exists(),
    )
    .order_by(_booking.c.starts_at)
    .limit(MOST_NEXT)
)
_WITH_FUNCTION = (
    _role.c.room_id == bindparam("room_id"),
    _role.c.function.in_(bindparam("functions", expanding=True)),
    _role.c.since <= bindparam("today", type_=LocalDate()),
    or_(_role.c.until.is_(None), _role.c.until > bindparam("today", type_=LocalDate())),
)
_PUBLIC_ID = select(_person.c.public_id).where(_person.c.id == bindparam("whose"))
_PEOPLE = select(_role.c.person_id).distinct().where(*_WITH_FUNCTION)


def copies_in(room_id: int) -> list[Copy]:
    """All copies in use of a room, by number, each with where it is now. One statement."""
    return [_as_copy(row) for row in execute(_OF_ROOM, room_id=room_id)]


def copy_and_room(public_id: str) -> tuple[Copy, RoomView] | None:
    """The copy with this id and its room; None when there is none in use. One statement."""
    row = execute(_ONE, which=public_id).one_or_none()
    if row is None:
        return None
    return _as_copy(row), room_under(row.room_id, row.version, row.agenda_version)


def copies_with(person_id: int) -> list[Copy]:
    """What this person has with them now."""
    return [_as_copy(row) for row in execute(_WITH_PERSON, whose=person_id)]


def copies_for(actor: Actor) -> list[Copy]:
    """What this person has with them, and what the organisation has for which they come to a room. At most
    two statements.
    """
    own = copies_with(actor.person_id)
    if not actor.organisations:
        return own
    rows = execute(_WITH_ORGANISATIONS, organisation_ids=sorted(set(actor.organisations.values())))
    theirs = [_as_copy(row) for row in rows]
    here = [
        copy for copy in theirs if actor.organisations.get(copy.room_id) == copy.now.holder.organisation_id
    ]
    return [*own, *here]


def history_of(copy_id: int, *, most: int = MOST_BEFORE) -> list[Held]:
    """Where a copy was before, the latest first."""
    return [_as_held(row) for row in execute(_HISTORY, copy_id=copy_id, most=most)]


def turns_in(room_id: int, *, now: datetime) -> list[Turn]:
    """Who may get a key now: bookings that run, or begin today or tomorrow, and have no key yet."""
    until = picked_up_for(now)
    rows = execute(_TURNS, room_id=room_id, now=now, until=until, since=now - timedelta(hours=26))
    return [
        Turn(turn_id, public_id, person_id, organisation_id, name, TimeSlot(starts, ends))
        for turn_id, public_id, person_id, organisation_id, name, starts, ends in rows
    ]


def public_id_of(person_id: int) -> str:
    """What a person is called in addresses."""
    found: str = execute(_PUBLIC_ID, whose=person_id).scalar_one()
    return found


def people_with(functions: frozenset[Function], room_id: int, *, today: date) -> list[int]:
    """Who has one of these functions in a room today."""
    return list(execute(_PEOPLE, functions=sorted(functions), room_id=room_id, today=today).scalars())


def _as_copy(row: AnyRow) -> Copy:
    return Copy(
        copy_id=row.id,
        public_id=row.public_id,
        room_id=row.room_id,
        key_id=row.key_id,
        number=row.number,
        opens=row.opens,
        tag_edition=row.tag_edition,
        has_box=bool(row.has_box),
        now=_as_held(row),
    )


def _as_held(row: AnyRow) -> Held:
    return Held(
        custody_id=row.custody_id,
        holder=Holder(HolderKind(row.holder), row.person_id, row.organisation_id, row.holder_name),
        name=row.person_name or row.organisation_name or row.holder_name,
        public_id=row.person_public_id,
        phone=row.phone,
        since=row.since,
        until=row.until,
        due_at=row.due_at,
        booking_id=row.booking_id,
        recorded_by_id=row.recorded_by_id,
        recorded_by=row.recorded_by or "",
        is_one_sided=row.is_one_sided,
        objected_at=row.objected_at,
        condition=Condition(row.condition) if row.condition else None,
        note=row.note,
    )
