"""The key duty of a room changes hands. Runs inside a unit of work and commits nothing itself.

A hand-over names the one that its page showed: of two at once one is written down, the other is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, update

from ontmoet.db import Instant, execute
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.tokens import new_public_id
from ontmoet.outbox.actions import post
from ontmoet.rooms.queries import lock_room
from ontmoet.trail.actions import record

from .duty_queries import duty_now, in_cabinet, keepers_in
from .duty_rules import DutyNews, answerer, objections_to_duty, step_of
from .models import DutyCount, KeyDuty
from .queries import copies_in
from .rules import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .duty_queries import Duty

_duty = KeyDuty.__table__
_count = DutyCount.__table__

_END = (
    update(_duty)
    .where(_duty.c.id == bindparam("duty_id"), _duty.c.until.is_(None))
    .values(until=bindparam("moment", type_=Instant()))
)
_UNANSWERED = (
    _duty.c.id == bindparam("duty_id"),
    _duty.c.is_one_sided,
    _duty.c.objected_at.is_(None),
)
_CONFIRM = update(_duty).where(*_UNANSWERED).values(is_one_sided=False)
_OBJECT = update(_duty).where(*_UNANSWERED).values(objected_at=bindparam("moment", type_=Instant()))


@dataclass(frozen=True, slots=True)
class HandOver:
    """What somebody writes down: after which hand-over the duty goes to whom, and how many copies of each key
    they counted. `seen_id` is None when there was none yet, `to_id` when it goes to nobody.
    """

    room_id: int
    seen_id: int | None
    to_id: int | None
    counted: Mapping[int, int]
    note: str
    actor_id: int
    now: datetime


def hand_over(wanted: HandOver) -> str:
    """Write down that the duty changes hands; the public id of the hand-over. A second tap is the first.
    Raises `Refused`.
    """
    lock_room(wanted.room_id)
    before = duty_now(wanted.room_id)
    if before is not None and before.duty_id != wanted.seen_id:
        if (before.recorded_by_id, before.to_id) == (wanted.actor_id, wanted.to_id):
            return before.public_id
        raise Refused(Objection(Reason.DUTY_MOVED))
    from_id = before.to_id if before else None
    keepers = {keeper.person_id for keeper in keepers_in(wanted.room_id, now=wanted.now)}
    refuse_any(objections_to_duty(from_id, wanted.to_id, keepers))
    duty_id, public_id = _write_down(wanted, before, from_id)
    changes = _write_counts(wanted, duty_id)
    other = answerer(from_id, wanted.to_id, wanted.actor_id)
    _record("key_duty_passed", duty_id, wanted.room_id, wanted.actor_id, wanted.now, other, changes)
    for news, person_id in ((DutyNews.GIVEN, wanted.to_id), (DutyNews.TAKEN, from_id)):
        if person_id not in (None, wanted.actor_id):
            _tell(news, person_id, duty_id, wanted.room_id, wanted.now)
    return public_id


def confirm(duty: Duty, *, actor_id: int, now: datetime) -> None:
    """The other says that it is so. Saying so again changes nothing. Raises `Refused`."""
    _refuse_stranger(duty, actor_id)
    if execute(_CONFIRM, duty_id=duty.duty_id).rowcount:
        _record("key_duty_confirmed", duty.duty_id, duty.room_id, actor_id, now)


def object_to(duty: Duty, *, actor_id: int, now: datetime) -> None:
    """The other says that it is not so. It stays written down until people sort it out; whoever wrote it is
    told. Raises `Refused`.
    """
    _refuse_stranger(duty, actor_id)
    if execute(_OBJECT, duty_id=duty.duty_id, moment=now).rowcount:
        _record("key_duty_objected", duty.duty_id, duty.room_id, actor_id, now)
        if duty.recorded_by_id is not None:
            _tell(DutyNews.OBJECTED, duty.recorded_by_id, duty.duty_id, duty.room_id, now)


def _refuse_stranger(duty: Duty, actor_id: int) -> None:
    if answerer(duty.from_id, duty.to_id, duty.recorded_by_id) != actor_id:
        raise Refused(Objection(Reason.NOT_YOURS_TO_SAY))


def _write_down(wanted: HandOver, before: Duty | None, from_id: int | None) -> tuple[int, str]:
    # A clock that was set back must not end it before it began.
    moment = max(wanted.now, before.at) if before else wanted.now
    if before is not None:
        execute(_END, duty_id=before.duty_id, moment=moment)
    public_id = new_public_id()
    duty_id: int = execute(
        insert(_duty).returning(_duty.c.id),
        public_id=public_id,
        room_id=wanted.room_id,
        step=step_of(from_id, wanted.to_id),
        from_id=from_id,
        to_id=wanted.to_id,
        at=moment,
        until=None,
        recorded_by_id=wanted.actor_id,
        is_one_sided=answerer(from_id, wanted.to_id, wanted.actor_id) is not None,
        objected_at=None,
        note=wanted.note,
    ).scalar_one()
    return duty_id, public_id


def _write_counts(wanted: HandOver, duty_id: int) -> dict[str, object]:
    """What was counted, beside what the register says now; the same for the audit."""
    found: dict[str, object] = {}
    for lying in in_cabinet(copies_in(wanted.room_id)):
        if lying.key_id in wanted.counted:
            expected, counted = len(lying.copies), wanted.counted[lying.key_id]
            execute(insert(_count), duty_id=duty_id, key_id=lying.key_id, expected=expected, counted=counted)
            found[f"key {lying.key_id}"] = [expected, counted]
    return found


def _tell(news: DutyNews, person_id: int, duty_id: int, room_id: int, now: datetime) -> None:
    post(
        news,
        person_id=person_id,
        object_id=duty_id,
        dedupe_key=f"{news}:{duty_id}:{person_id}",
        due_at=now,
        now=now,
        room_id=room_id,
    )


def _record(
    action: str,
    duty_id: int,
    room_id: int,
    actor_id: int,
    now: datetime,
    other_id: int | None = None,
    changes: dict[str, object] | None = None,
) -> None:
    record(
        action,
        object_kind="key_duty",
        object_id=duty_id,
        room_id=room_id,
        actor_id=actor_id,
        on_behalf_of_id=other_id,
        now=now,
        changes=changes,
    )
