"""Correcting one's data. Runs inside a unit of work and commits nothing itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, update

from ontmoet.db import execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.reach import is_phone
from ontmoet.people.models import Person
from ontmoet.trail.actions import record

from .queries import Subject
from .rules import Reason

_person = Person.__table__
_CORRECT = (
    update(_person)
    .where(_person.c.id == bindparam("person_id"), _person.c.erased_at.is_(None))
    .values(name=bindparam("new_name"), phone=bindparam("new_phone"))
)


def correct(subject: Subject, *, name: str, phone: str, by: int, now: datetime) -> None:
    """Change name and phone; an empty phone takes it away. Raises `Refused` (NO_PHONE)."""
    if phone and not is_phone(phone):
        raise Refused(Objection(Reason.NO_PHONE, "phone"))
    changed = [
        field
        for field, was, becomes in (("name", subject.name, name), ("phone", subject.phone or "", phone))
        if was != becomes
    ]
    if not changed:
        return
    execute(_CORRECT, person_id=subject.person_id, new_name=name, new_phone=phone or None)
    record(
        "person_corrected",
        object_kind="person",
        object_id=subject.person_id,
        actor_id=by,
        on_behalf_of_id=subject.person_id,
        now=now,
        changes={"fields": changed},
    )


def record_look(action: str, subject: Subject, *, by: int, now: datetime) -> None:
    """Write down that data were handed out, or that a guardian looked at those of a child."""
    record(
        action,
        object_kind="person",
        object_id=subject.person_id,
        actor_id=by,
        on_behalf_of_id=subject.person_id,
        now=now,
    )
