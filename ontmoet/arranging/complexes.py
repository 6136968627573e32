"""Complexes and their homes: found, added, corrected, removed, ended. Writers run inside a unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from ontmoet.db import Instant, LocalDate, current_connection, execute, lock_row, violated
from ontmoet.joining.models import Invitation
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.text import has_words
from ontmoet.kernel.walltime import day_of
from ontmoet.people.models import Residency
from ontmoet.people.queries import lock_home
from ontmoet.rooms.models import Complex, Home, RightOfUse, Room
from ontmoet.trail.actions import FormPost, earlier_or_refused, record, remember_answer

from .rules import (
    MOST_IN_A_STREET,
    Reason,
    Side,
    address_name_of,
    free_slug,
    in_order_of_streets,
    numbers_of,
    slug_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ontmoet.kernel.actor import Actor

_complex = Complex.__table__
_home = Home.__table__
_room = Room.__table__
_residency = Residency.__table__
_invitation = Invitation.__table__
_right = RightOfUse.__table__

_COMPLEXES = (
    select(
        _complex.c.id,
        _complex.c.public_id,
        _complex.c.name,
        func.count(case((_home.c.ended_at.is_(None), _home.c.id))),
    )
    .outerjoin(_home, _home.c.complex_id == _complex.c.id)
    .group_by(_complex.c.id, _complex.c.public_id, _complex.c.name)
    .order_by(_complex.c.name)
)
_COMPLEX = (
    select(_complex.c.id, _complex.c.public_id, _complex.c.name, _room.c.id.label("room_id"))
    .outerjoin(_room, _room.c.complex_id == _complex.c.id)
    .where(_complex.c.public_id == bindparam("public_id"))
)
_LIVED_IN = select(_residency.c.id).where(_residency.c.home_id == _home.c.id).correlate(_home)
_LIVED_IN_NOW = _LIVED_IN.where(
    _residency.c.since <= bindparam("today", type_=LocalDate()),
    or_(_residency.c.until.is_(None), _residency.c.until > bindparam("today", type_=LocalDate())),
)
_HOMES = select(
    _home.c.id, _home.c.address, _home.c.address_name, _home.c.ended_at, _home.c.end_reason
).where(_home.c.complex_id == bindparam("complex_id"))
_HOME = _HOMES.add_columns(
    _LIVED_IN.exists().label("was_lived_in"), _LIVED_IN_NOW.exists().label("is_lived_in")
).where(_home.c.address_name == bindparam("address_name"))
_NAMES = select(_home.c.address_name)
_ADDRESSES = select(_home.c.address).where(_home.c.complex_id == bindparam("complex_id"))
_THIS = _home.c.id == bindparam("this")
_CORRECT = (
    update(_home).where(_THIS).values(address=bindparam("new_address"), address_name=bindparam("new_name"))
)
_END = (
    update(_home).where(_THIS).values(ended_at=bindparam("at", type_=Instant()), end_reason=bindparam("why"))
)
_REVOKE = (
    update(_invitation)
    .where(_invitation.c.home_id == bindparam("this"), _invitation.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at", type_=Instant()))
)
_REMOVE = delete(_home).where(_THIS)
_PARTS_OF_A_HOME = (
    delete(_invitation).where(_invitation.c.home_id == bindparam("this")),
    delete(_right).where(_right.c.home_id == bindparam("this")),
)


@dataclass(frozen=True, slots=True)
class ComplexLine:
    """A complex, and how many homes are in it."""

    complex_id: int
    public_id: str
    name: str
    homes: int


@dataclass(frozen=True, slots=True)
class ComplexView:
    """A complex, and the rooms that stand in it."""

    complex_id: int
    public_id: str
    name: str
    room_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class HomeView:
    """An address. Who lives there is not told."""

    home_id: int
    address: str
    address_name: str
    ended_at: datetime | None
    end_reason: str | None
    was_lived_in: bool = False
    is_lived_in: bool = False


def all_complexes() -> list[ComplexLine]:
    """Every complex, by name."""
    return [ComplexLine(*row) for row in execute(_COMPLEXES)]


def complex_by_public_id(public_id: str) -> ComplexView | None:
    """A complex; None when there is none."""
    rows = execute(_COMPLEX, public_id=public_id).all()
    if not rows:
        return None
    first = rows[0]
    rooms = frozenset(row.room_id for row in rows if row.room_id is not None)
    return ComplexView(first.id, first.public_id, first.name, rooms)


def homes_of(complex_id: int, *, words: str = "") -> Sequence[HomeView]:
    """The addresses of a complex that have all these words in them, in the order of the street."""
    found = [HomeView(*row) for row in execute(_HOMES, complex_id=complex_id)]
    return sorted(
        (home for home in found if has_words(f"{home.address} {home.address_name}", words)),
        key=lambda home: in_order_of_streets(home.address),
    )


def home_of(complex_id: int, address_name: str, *, today: date) -> HomeView | None:
    """One address; None when the complex has none of that name."""
    row = execute(_HOME, complex_id=complex_id, address_name=address_name, today=today).one_or_none()
    return None if row is None else HomeView(*row)


def add_street(
    complex_id: int, street: str, first: int, last: int, side: Side, *, actor: Actor, now: datetime
) -> int:
    """Add the addresses of a street that are not there yet; how many that were."""
    if last < first:
        raise Refused(Objection(Reason.WRONG_RANGE, "last"))
    numbers = numbers_of(first, last, side)
    if not numbers:
        raise Refused(Objection(Reason.NO_NUMBERS, "last"))
    if len(numbers) > MOST_IN_A_STREET:
        raise Refused(Objection(Reason.TOO_MANY, "last"))
    return _add(complex_id, [f"{street} {number}" for number in numbers], "", actor=actor, now=now)


def add_home(complex_id: int, address: str, address_name: str, *, actor: Actor, now: datetime) -> int:
    """Add one address, under a short name of its own or the one we propose; 0 when it was there already."""
    return _add(complex_id, [address], address_name, actor=actor, now=now)


def correct_home(
    complex_id: int,
    home: HomeView | None,
    address: str,
    address_name: str,
    *,
    actor: Actor,
    post: FormPost,
    location: str,
    now: datetime,
) -> None:
    """Write an address as it should be, by a form that leads to `location`. As it is it changes nothing; nor
    does the same form again, though by then there may be no home of that short name. Raises `Refused`.
    """
    lock_row(_complex, complex_id)
    if earlier_or_refused(post, Reason.FORM_REUSED) is not None:
        return
    if home is None or home_of(complex_id, home.address_name, today=day_of(now)) is None:
        raise Refused(Objection(Reason.ALREADY_SO))
    if address.casefold() in _there(complex_id) - {home.address.casefold()}:
        raise Refused(Objection(Reason.ADDRESS_TAKEN, "address"))
    others = _taken() - {home.address_name}
    name = _own_name(address_name, others) if address_name else home.address_name
    if (address, name) == (home.address, home.address_name):
        return
    _storing(lambda: execute(_CORRECT, this=home.home_id, new_address=address, new_name=name))
    _record("home_corrected", home.home_id, actor, now)
    remember_answer(post, location, now=now)


def remove_home(complex_id: int, home: HomeView, *, actor: Actor, now: datetime) -> None:
    """Take away an address that was a mistake. Raises `Refused` (LIVED_IN) when somebody lived there ever."""
    lock_row(_complex, complex_id)
    current = home_of(complex_id, home.address_name, today=day_of(now))
    if current is None:
        raise Refused(Objection(Reason.ALREADY_SO))
    if current.was_lived_in:
        raise Refused(Objection(Reason.LIVED_IN))
    try:
        for part in (*_PARTS_OF_A_HOME, _REMOVE):
            execute(part, this=home.home_id)
    except IntegrityError as error:
        # A booking or a letter that was used: somebody was here after all.
        raise Refused(Objection(Reason.LIVED_IN)) from error
    _record("home_removed", home.home_id, actor, now)


def end_home(complex_id: int, home: HomeView, why: str, *, actor: Actor, now: datetime) -> None:
    """This address is no more. Its letter works no longer. Raises `Refused` while somebody lives there."""
    lock_row(_complex, complex_id)
    # Who comes to live there with its letter holds the home.
    lock_home(home.home_id)
    current = home_of(complex_id, home.address_name, today=day_of(now))
    if current is None or current.ended_at is not None:
        raise Refused(Objection(Reason.ALREADY_SO))
    if current.is_lived_in:
        raise Refused(Objection(Reason.LIVED_IN_NOW))
    execute(_END, this=home.home_id, at=now, why=why)
    execute(_REVOKE, this=home.home_id, at=now)
    _record("home_ended", home.home_id, actor, now)


def _add(complex_id: int, addresses: Sequence[str], own_name: str, *, actor: Actor, now: datetime) -> int:
    lock_row(_complex, complex_id)
    there, taken, rows = _there(complex_id), _taken(), []
    for address in addresses:
        if address.casefold() in there:
            continue
        if own_name:
            name = _own_name(own_name, taken)
        else:
            proposed = address_name_of(address)
            if not proposed:
                raise Refused(Objection(Reason.ADDRESS_WITHOUT_LETTERS, "address"))
            name = free_slug(proposed, taken)
        taken.add(name)
        rows.append({"complex_id": complex_id, "address": address, "address_name": name})
    if rows:
        _storing(lambda: current_connection().execute(insert(_home), rows))
        record(
            "homes_added",
            object_kind="complex",
            object_id=complex_id,
            actor_id=actor.person_id,
            now=now,
            changes={"number": len(rows)},
        )
    return len(rows)


def _own_name(wished: str, taken: set[str]) -> str:
    name = slug_of(wished)
    if not name:
        raise Refused(Objection(Reason.NO_SHORT_NAME, "address_name"))
    if name in taken:
        raise Refused(Objection(Reason.NAME_TAKEN, "address_name"))
    return name


def _there(complex_id: int) -> set[str]:
    return {address.casefold() for (address,) in execute(_ADDRESSES, complex_id=complex_id)}


def _taken() -> set[str]:
    return {name for (name,) in execute(_NAMES)}


def _storing(write: Callable[[], object]) -> None:
    """The database has the last word on short names: another complex may have taken one meanwhile."""
    try:
        write()
    except IntegrityError as error:
        if violated(error, "home.address_name") or violated(error, "uq_home_address_name"):
            raise Refused(Objection(Reason.NAME_TAKEN, "address_name")) from error
        raise


def _record(action: str, home_id: int, actor: Actor, now: datetime) -> None:
    record(action, object_kind="home", object_id=home_id, actor_id=actor.person_id, now=now)
