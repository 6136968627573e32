"""Somebody who takes part already lives in one more home, with its letter. Runs inside a unit of work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, or_, select

from ontmoet.db import LocalDate, execute
from ontmoet.house_rules.actions import agree
from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.tokens import digest_of
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.models import Residency
from ontmoet.people.queries import lock_home
from ontmoet.trail.actions import record

from .actions import note_use, rules_label, tell_housemates, use_up
from .queries import invitation_by_code, people_at_home, rooms_of, rules_of, use_on
from .rules import Reason, objections_to_agreeing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ontmoet.house_rules.rules import RulesVersion
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

_residency = Residency.__table__

_LIVES = select(_residency.c.id).where(
    _residency.c.person_id == bindparam("person_id"),
    _residency.c.home_id == bindparam("home_id"),
    or_(_residency.c.until.is_(None), _residency.c.until > bindparam("today", type_=LocalDate())),
)


def rules_to_accept(
    rooms: Iterable[RoomView], actor: Actor, *, now: datetime
) -> tuple[tuple[RoomView, RulesVersion], ...]:
    """The house rules in force in these rooms, as far as the actor still has to agree."""
    return tuple(
        (room, version)
        for room, version in rules_of(rooms, now=now)
        if agreement_of(actor, room, now=now).is_missing
    )


def add_home(
    code: str,
    person_id: int,
    *,
    accepts_rules: bool,
    rules_seen: str,
    form_key: str,
    device: str,
    now: datetime,
) -> None:
    """The person lives in the home of the letter from now on, too. Who lives there already stays so.

    Raises `Refused`: NO_LETTER when the letter does not work, or not any more on this device; else what is
    to be agreed with.
    """
    letter, today = invitation_by_code(code), day_of(now)
    if letter is None:
        raise Refused(Objection(Reason.NO_LETTER))
    lock_home(letter.home_id)
    if execute(_LIVES, person_id=person_id, home_id=letter.home_id, today=today).first() is not None:
        return
    if use_on(letter.invitation_id, digest_of(device)) is not None or not use_up(letter, now=now):
        raise Refused(Objection(Reason.NO_LETTER))
    rules = rules_to_accept(rooms_of(letter, now=now), actor_of(person_id, today=today), now=now)
    refuse_any(objections_to_agreeing(rules_seen, rules_label(rules), accepts=accepts_rules))
    housemates = people_at_home(letter.home_id, today=today)
    execute(insert(_residency), person_id=person_id, home_id=letter.home_id, since=today)
    note_use(letter, person_id, device=device, form_key=form_key, now=now)
    record(
        "home_added",
        object_kind="invitation",
        object_id=letter.invitation_id,
        actor_id=person_id,
        now=now,
    )
    actor = actor_of(person_id, today=today)
    for room, version in rules:
        agree(room.room_id, version.number, actor=actor, now=now)
    tell_housemates(letter, person_id, [one for one, _name in housemates], now)
