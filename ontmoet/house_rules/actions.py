"""What happens to house rules. Runs inside a unit of work and commits nothing itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, text

from ontmoet.db import Instant, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.rooms.queries import room_by_id
from ontmoet.trail.actions import record

from .queries import published_rules
from .rules import How, Reason

_ACCEPT = text(
    "insert into acceptance (person_id, rules_version_id, how, at)"
    " values (:person_id, :rules_version_id, :how, :at)"
    " on conflict (person_id, rules_version_id) do nothing"
).bindparams(bindparam("at", type_=Instant()))


def agree(room_id: int, number: int, *, person_id: int, now: datetime) -> None:
    """A person goes along with the version that was on the screen. Doing so again changes nothing.

    Raises `Refused` when that is not the version in force: nobody agrees with words they did not see.
    """
    current = next(reversed(published_rules(room_by_id(room_id), now=now)), None)
    if current is None or current.number != number:
        raise Refused(Objection(Reason.CHANGED_MEANWHILE))
    added = execute(
        _ACCEPT, person_id=person_id, rules_version_id=current.version_id, how=How.SCREEN.value, at=now
    )
    if added.rowcount:
        record(
            "house_rules_accepted",
            object_kind="rules_version",
            object_id=current.version_id,
            room_id=room_id,
            actor_id=person_id,
            now=now,
        )
