"""Organisations that work with a room, and who comes for them. Writing runs inside a unit of work.

Whoever has the function of partner for an organisation in a room is its contact there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from ontmoet.db import execute
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.text import folded, folded_name
from ontmoet.kernel.tokens import new_public_id
from ontmoet.kernel.walltime import day_of
from ontmoet.people.models import Organisation, OrganisationKind, Person, Role
from ontmoet.people.rules import Channel
from ontmoet.rooms.queries import lock_corporation
from ontmoet.trail.actions import record

from .actions import Post, give
from .queries import lasts
from .rules import By, Reason, Term

if TYPE_CHECKING:
    from ontmoet.db import AnyRow

_organisation = Organisation.__table__
_person = Person.__table__
_role = Role.__table__

_ALL = select(
    _organisation.c.id, _organisation.c.public_id, _organisation.c.name, _organisation.c.kind
).order_by(_organisation.c.name)
_BY_PUBLIC_ID = _ALL.where(_organisation.c.public_id == bindparam("public_id"))
# Compared here: SQLite knows the capitals of A to Z only.
_NAMES = select(_organisation.c.id, _organisation.c.name)
_CONTACTS = (
    select(
        _role.c.organisation_id,
        _person.c.public_id,
        _person.c.name,
        _person.c.phone,
        _role.c.since,
        _role.c.until,
    )
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .where(
        _role.c.room_id == bindparam("room_id"),
        _role.c.function == Function.PARTNER,
        _role.c.organisation_id.is_not(None),
        lasts(_role.c.until),
    )
    .order_by(_person.c.name)
)
_WITH_EMAIL = select(_person.c.id, _person.c.name).where(_person.c.email == bindparam("email"))


@dataclass(frozen=True, slots=True)
class Contact:
    """Who comes for an organisation in a room, and until when."""

    public_id: str
    name: str
    phone: str | None
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation, and its contacts in one room; without any it does not work there."""

    organisation_id: int
    public_id: str
    name: str
    kind: OrganisationKind
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who was not known yet."""

    name: str
    phone: str | None = None
    email: str | None = None


def organisations(room_id: int, *, today: date) -> list[Partner]:
    """All organisations the corporation knows, with their contacts in this room."""
    contacts = _contacts_in(room_id, today)
    return [_partner(row, contacts) for row in execute(_ALL)]


def organisation(public_id: str, room_id: int, *, today: date) -> Partner | None:
    """One of them."""
    row = execute(_BY_PUBLIC_ID, public_id=public_id).one_or_none()
    return None if row is None else _partner(row, _contacts_in(room_id, today))


def add_organisation(name: str, kind: OrganisationKind, by: By) -> str:
    """The public id of a new organisation. Raises `Refused` when there is one of that name."""
    _refuse_same_name(name)
    public_id = new_public_id()
    organisation_id: int = execute(
        insert(_organisation).returning(_organisation.c.id), public_id=public_id, name=name, kind=kind
    ).scalar_one()
    _record("organisation_added", organisation_id, by)
    return public_id


def edit_organisation(found: Partner, name: str, kind: OrganisationKind, by: By) -> None:
    """An organisation is called otherwise, or is of another kind. Raises `Refused`."""
    _refuse_same_name(name, besides=found.organisation_id)
    execute(
        update(_organisation).where(_organisation.c.id == found.organisation_id).values(name=name, kind=kind)
    )
    _record("organisation_changed", found.organisation_id, by)


def add_contact(found: Partner, who: Newcomer, term: Term, by: By) -> None:
    """Somebody new comes for an organisation in a room. Who comes for it already, by this name and number, is
    not put there twice. Raises `Refused`.
    """
    # Two who add the same address at once wait for each other before they look for it.
    lock_corporation()
    there = _contacts_in(by.room_id, day_of(by.now)).get(found.organisation_id, ())
    for each in there:
        is_same = (folded(each.name), each.phone) == (folded(who.name), who.phone)
        if is_same and (each.until is None or term.since < each.until):
            raise Refused(Objection(Reason.DOES_SO_ALREADY, "name"))
    email = folded(who.email) if who.email else None
    if email is not None and execute(_WITH_EMAIL, email=email).first() is not None:
        raise Refused(Objection(Reason.EMAIL_TAKEN, "email"))
    give(
        Post(add_person(who), Function.PARTNER, by.room_id),
        term,
        organisation_id=found.organisation_id,
        actor_id=by.actor_id,
        now=by.now,
    )


def person_with(who: Newcomer) -> tuple[int, str]:
    """The person with this e-mail address, added when there is none yet, and what they are called: that may
    be otherwise than was typed.
    """
    known = execute(_WITH_EMAIL, email=folded(who.email or "")).first()
    return (add_person(who), who.name) if known is None else (known.id, known.name)


def add_person(who: Newcomer) -> int:
    """Somebody new, reached by e-mail or else by phone."""
    person_id: int = execute(
        insert(_person).returning(_person.c.id),
        name=who.name,
        phone=who.phone,
        email=folded(who.email) if who.email else None,
        channel=Channel.MAIL if who.email else Channel.CALL,
    ).scalar_one()
    return person_id


def _refuse_same_name(name: str, besides: int | None = None) -> None:
    # Two who add the same name at once wait for each other here.
    lock_corporation()
    others = [other for organisation_id, other in execute(_NAMES) if organisation_id != besides]
    if folded_name(name) in map(folded_name, others):
        raise Refused(Objection(Reason.NAME_TAKEN, "organisation"))


def _contacts_in(room_id: int, today: date) -> dict[int, list[Contact]]:
    contacts: defaultdict[int, list[Contact]] = defaultdict(list)
    for organisation_id, *contact in execute(_CONTACTS, room_id=room_id, day=today):
        contacts[organisation_id].append(Contact(*contact))
    return contacts


def _partner(row: AnyRow, contacts: dict[int, list[Contact]]) -> Partner:
    organisation_id, public_id, name, kind = row
    found = tuple(contacts.get(organisation_id, ()))
    return Partner(organisation_id, public_id, name, OrganisationKind(kind), found)


def _record(action: str, organisation_id: int, by: By) -> None:
    record(
        action,
        object_kind="organisation",
        object_id=organisation_id,
        room_id=by.room_id,
        actor_id=by.actor_id,
        now=by.now,
    )
