"""The person of somebody who joins. Runs inside a unit of work, with the home locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from ontmoet.db import execute
from ontmoet.kernel.text import folded
from ontmoet.kernel.walltime import day_of
from ontmoet.people.addresses import ask_for_address
from ontmoet.people.models import Person, Residency
from ontmoet.people.rules import Channel

if TYPE_CHECKING:
    from datetime import datetime

    from .rules import Newcomer

_person = Person.__table__


def put_person(newcomer: Newcomer, expected: int | None, *, home_id: int, now: datetime) -> int:
    """Somebody new; or who was expected, and from now on is as they say themselves: whoever has the letter
    learns nothing that a list said of somebody.

    An e-mail address counts once its owner gives the code that is sent there; a child, who cannot sign in
    yet to give it, is asked for the address later.
    """
    phone = newcomer.phone or None
    wants_mail = bool(newcomer.email) and not newcomer.is_child
    channel = Channel.MAIL if wants_mail else Channel.CALL if phone else Channel.PRINT
    values = {"name": newcomer.name, "phone": phone, "channel": channel}
    person_id: int
    if expected is None:
        person_id = execute(insert(_person).returning(_person.c.id), **values).scalar_one()
        execute(insert(Residency.__table__), person_id=person_id, home_id=home_id, since=day_of(now))
    else:
        person_id = expected
        execute(update(_person).where(_person.c.id == expected).values(**values))
    if wants_mail:
        ask_for_address(person_id, folded(newcomer.email), now=now)
    return person_id
