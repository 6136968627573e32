"""Two persons turn out to be one: all that hangs on the one goes to the other.

Which columns point at a person is read from the tables themselves, so a table that is added is not
forgotten. Only where two rows of one person could collide, the table has a way of its own in `BY_HAND`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select, update

from ontmoet.db import Base, execute
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.walltime import day_of
from ontmoet.membership.actions import lock_place
from ontmoet.outbox.actions import readdress
from ontmoet.people.actions import fit_sessions
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.models import Person
from ontmoet.recovery.ending import end_access, end_slips
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import record

from .queries import lock_people, side_of
from .rules import Reason, left_for_elsewhere, objections_to_merging

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Column, Table

    from ontmoet.membership.rules import By

_person = Person.__table__


def merge(keep_id: int, gone_id: int, by: By) -> None:
    """Everything of `gone_id` becomes of `keep_id`, who stays. Raises `Refused`."""
    lock_place(None)
    lock_room(by.room_id)
    if not lock_people(keep_id, gone_id):
        raise Refused(Objection(Reason.GONE))
    today = day_of(by.now)
    keep, gone = side_of(keep_id, today=today), side_of(gone_id, today=today)
    refuse_any(objections_to_merging(actor_of(by.actor_id, today=today), keep, gone))
    room = room_by_id(by.room_id)
    if any(left_for_elsewhere(actor_of(one, today=today), room) for one in (keep_id, gone_id)):
        raise Refused(Objection(Reason.LIVES_ELSEWHERE))
    end_access(gone_id, now=by.now)
    end_slips(keep_id, now=by.now)
    for table, make_way in BY_HAND.items():
        make_way(Base.metadata.tables[table], keep_id, gone_id)
    for column in columns_of_people():
        execute(update(column.table).where(column == gone_id).values({column.name: keep_id}))
    _take_over_ways_to_reach(keep_id, gone_id)
    readdress(gone_id, to=keep_id)
    execute(update(_person).where(_person.c.id == gone_id).values(merged_into_id=keep_id, name=""))
    fit_sessions(keep_id, now=by.now)
    record(
        "merged",
        object_kind="person",
        object_id=gone_id,
        room_id=by.room_id,
        actor_id=by.actor_id,
        now=by.now,
        changes={"into": keep_id},
    )


def columns_of_people() -> list[Column[int]]:
    """Every column that points at a person."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.c
        if any(key.column is _person.c.id for key in column.foreign_keys)
    ]


def _drop_active_twice(table: Table, keep_id: int, gone_id: int) -> None:
    """Of two rows that say the same is so now, the one of who stays is enough."""
    same = {"residency": ("home_id",), "role": ("room_id", "function")}[table.name]
    other = table.alias("other")
    execute(
        delete(table).where(
            table.c.person_id == gone_id,
            table.c.until.is_(None),
            exists().where(
                other.c.person_id == keep_id,
                other.c.until.is_(None),
                *(other.c[name].is_not_distinct_from(table.c[name]) for name in same),
            ),
        )
    )


def _drop_accepted_twice(table: Table, keep_id: int, gone_id: int) -> None:
    versions = select(table.c.rules_version_id).where(table.c.person_id == keep_id)
    execute(delete(table).where(table.c.person_id == gone_id, table.c.rules_version_id.in_(versions)))


def _keep_own(table: Table, keep_id: int, gone_id: int) -> None:
    """One row for each person: who stays keeps the own one."""
    has_own = select(table.c.person_id).where(table.c.person_id == keep_id)
    if execute(has_own).first() is not None:
        execute(delete(table).where(table.c.person_id == gone_id))


def _unguard(table: Table, keep_id: int, gone_id: int) -> None:
    """Nobody answers for, or is merged into, themself."""
    both = (keep_id, gone_id)
    execute(update(table).where(table.c.id.in_(both), table.c.guardian_id.in_(both)).values(guardian_id=None))


def _drop_asked_twice(table: Table, keep_id: int, gone_id: int) -> None:
    kinds = select(table.c.kind).where(table.c.person_id == keep_id)
    execute(delete(table).where(table.c.person_id == gone_id, table.c.kind.in_(kinds)))


def _drop_of_gone(table: Table, _keep_id: int, gone_id: int) -> None:
    """What opens something of whoever is no longer there opens nothing."""
    execute(delete(table).where(table.c.person_id == gone_id))


def _drop_between(table: Table, keep_id: int, gone_id: int) -> None:
    """Nobody makes a slip for themself."""
    both = (keep_id, gone_id)
    execute(delete(table).where(table.c.person_id.in_(both), table.c.made_by_id.in_(both)))


BY_HAND: Mapping[str, Callable[[Table, int, int], None]] = {
    "person": _unguard,
    "residency": _drop_active_twice,
    "role": _drop_active_twice,
    "acceptance": _drop_accepted_twice,
    "credential": _keep_own,
    "hearing": _keep_own,
    "email_change": _keep_own,
    "opt_in": _drop_asked_twice,
    "slip": _drop_between,
    "calendar_feed": _drop_of_gone,
    # Whoever has the double's phone or app is not let in as who stays.
    "passkey": _drop_of_gone,
    "code_app": _drop_of_gone,
    "spare_code": _drop_of_gone,
    "work_account": _drop_of_gone,
}
"""What makes way before rows change hands, by table."""


def _take_over_ways_to_reach(keep_id: int, gone_id: int) -> None:
    """Who stays keeps the own e-mail address and phone; where there is none, those of the other come."""
    ways = select(_person.c.id, _person.c.email, _person.c.password_hash, _person.c.phone, _person.c.channel)
    found = {row.id: row for row in execute(ways.where(_person.c.id.in_([keep_id, gone_id])))}
    keep, gone = found[keep_id], found[gone_id]
    # An address belongs to one person at a time: it is let go before it is taken.
    execute(update(_person).where(_person.c.id == gone_id).values(email=None, password_hash=None, phone=None))
    taken = {} if keep.phone else {"phone": gone.phone}
    if not keep.email and gone.email:
        taken |= {"email": gone.email, "password_hash": gone.password_hash, "channel": gone.channel}
    if taken:
        execute(update(_person).where(_person.c.id == keep_id).values(taken))
