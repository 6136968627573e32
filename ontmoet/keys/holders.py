"""Who can be spoken to about a copy: the person who has it, or who comes for the organisation that does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, or_, select

from ontmoet.db import LocalDate, execute
from ontmoet.kernel.actor import Function
from ontmoet.people.models import Organisation, Person, Role

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement

    from .rules import Holder

_person = Person.__table__
_role = Role.__table__
_organisation = Organisation.__table__

_CONTACTS = (
    select(
        _organisation.c.id.label("organisation_id"),
        _organisation.c.public_id,
        _organisation.c.name.label("organisation_name"),
        _person.c.id.label("person_id"),
        _person.c.name,
        _person.c.phone,
    )
    .join_from(_role, _person, _person.c.id == _role.c.person_id)
    .join(_organisation, _organisation.c.id == _role.c.organisation_id)
    .where(
        _role.c.room_id == bindparam("room_id"),
        _role.c.function == Function.PARTNER,
        _role.c.since <= bindparam("today", type_=LocalDate()),
        or_(_role.c.until.is_(None), _role.c.until > bindparam("today", type_=LocalDate())),
    )
    .order_by(_organisation.c.name, _person.c.name, _person.c.id)
)


def somebody_comes_for(organisation_id: Any, room_id: Any) -> ColumnElement[bool]:
    """Whether an organisation still has a contact in a room, for a statement that gets `today` as well."""
    today = bindparam("today", type_=LocalDate())
    return exists().where(
        _role.c.organisation_id == organisation_id,
        _role.c.room_id == room_id,
        _role.c.function == Function.PARTNER,
        _role.c.since <= today,
        or_(_role.c.until.is_(None), _role.c.until > today),
    )


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who comes for an organisation in a room; `phone` may be empty."""

    person_id: int
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class KeyPartner:
    """An organisation that works in a room, and who comes for it there."""

    organisation_id: int
    public_id: str
    name: str
    contacts: tuple[Contact, ...]


def partners_in(room_id: int, *, today: date) -> list[KeyPartner]:
    """The organisations that work in a room, by name. One statement."""
    found: dict[int, KeyPartner] = {}
    for row in execute(_CONTACTS, room_id=room_id, today=today):
        before = found.get(row.organisation_id)
        contact = Contact(row.person_id, row.name, row.phone or "")
        found[row.organisation_id] = KeyPartner(
            row.organisation_id,
            row.public_id,
            row.organisation_name,
            (*(before.contacts if before else ()), contact),
        )
    return list(found.values())


def contacts_of(holder: Holder, room_id: int, *, today: date) -> tuple[Contact, ...]:
    """Who comes here for the organisation that has a copy; nobody when it is not with one. At most one
    statement.
    """
    if holder.organisation_id is None:
        return ()
    partners = partners_in(room_id, today=today)
    return next((one.contacts for one in partners if one.organisation_id == holder.organisation_id), ())


def people_behind(holder: Holder, room_id: int, *, today: date) -> tuple[int, ...]:
    """Who hears that a copy came or went, and may say whether it is so: the holder, or its contacts."""
    if holder.person_id is not None:
        return (holder.person_id,)
    return tuple(contact.person_id for contact in contacts_of(holder, room_id, today=today))
