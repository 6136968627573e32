"""Writing the trail. Everything here happens in the transaction of what it records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sized
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, insert, select, text, update

from ontmoet.db import current_connection, execute
from ontmoet.kernel.correlation import request_id
from ontmoet.kernel.objections import Objection, Refused

from .models import LONGEST_CHANGES, LONGEST_NOTE, WITH_IDS, Audit, Idempotency, JobRun, Throttle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from enum import StrEnum

RUNS_KEPT = 100
"""Of each job."""

MOST_BLANKED = 1_000
"""At once, each minute."""

_audit = Audit.__table__
_idempotency = Idempotency.__table__
_throttle = Throttle.__table__
_job_run = JobRun.__table__

# Nobody asks what number the row got.
_RECORD = insert(_audit).inline()
_ANSWER = select(_idempotency.c.fields_digest, _idempotency.c.location).where(
    _idempotency.c.actor_id == bindparam("actor_id"),
    _idempotency.c.route == bindparam("route"),
    _idempotency.c.key == bindparam("key"),
)
_WINDOW = bindparam("window", type_=_throttle.c.window_start.type)
# One statement counts and tells: two requests can never both read the number before either adds one.
_COUNT = text(
    "insert into throttle (bucket, window_start, tries) values (:bucket, :window, 1)"
    " on conflict (bucket, window_start) do update set tries = throttle.tries + 1"
    " returning tries"
).bindparams(_WINDOW)
_SO_FAR = select(_throttle.c.tries).where(
    _throttle.c.bucket == bindparam("looked_at"), _throttle.c.window_start == _WINDOW
)
_TAKE_BACK = (
    update(_throttle)
    .where(_throttle.c.bucket == bindparam("taken_from"), _throttle.c.window_start == _WINDOW)
    .where(_throttle.c.tries > 0)
    .values(tries=_throttle.c.tries - 1)
)

_REMEMBER = insert(_idempotency)

_OLD_AUDIT = (
    select(_audit.c.id)
    .where(_audit.c.at < bindparam("before", type_=_audit.c.at.type), text(f"({WITH_IDS})"))
    .limit(MOST_BLANKED)
)
_BLANK = (
    update(_audit)
    .where(_audit.c.id.in_(_OLD_AUDIT))
    .values(actor_id=None, on_behalf_of_id=None, object_id=None)
)
_FORGET_BUCKETS = delete(_throttle).where(_throttle.c.bucket.endswith(bindparam("ending")))

_RUN = insert(_job_run).inline()
_OF_JOB = _job_run.c.name == bindparam("job")
_NEWEST_TOO_OLD = (
    select(_job_run.c.id).where(_OF_JOB).order_by(_job_run.c.id.desc()).offset(RUNS_KEPT).limit(1)
)
_LAST_WELL = select(func.coalesce(func.max(_job_run.c.id), 0)).where(_OF_JOB, _job_run.c.ok)
_FORGET_RUNS = delete(_job_run).where(
    _OF_JOB,
    _job_run.c.id <= _NEWEST_TOO_OLD.scalar_subquery(),
    _job_run.c.id != _LAST_WELL.scalar_subquery(),
)


def record(
    action: str,
    *,
    object_kind: str,
    object_id: int,
    now: datetime,
    actor_id: int | None,
    room_id: int | None = None,
    on_behalf_of_id: int | None = None,
    changes: Mapping[str, object] | None = None,
) -> None:
    """Write the one audit row of a change. What is the actor's own is on behalf of nobody. `changes` holds no
    personal data; its values become text, and of lists that do not fit how much is in them.
    """
    execute(
        _RECORD,
        at=now,
        actor_id=actor_id,
        on_behalf_of_id=_other_than(actor_id, on_behalf_of_id),
        request_id=request_id.get(),
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        room_id=room_id,
        changes=_told(changes),
    )


def record_all(
    action: str,
    *,
    object_kind: str,
    object_ids: Sequence[int],
    now: datetime,
    actor_id: int | None,
    room_id: int | None = None,
    on_behalf_of: Mapping[int, int | None] | None = None,
    changes: Mapping[str, object] | None = None,
) -> None:
    """The same for many at once: a row for each, so that each can be told. `on_behalf_of` says by their ids
    whose they are.
    """
    if object_ids:
        whose = on_behalf_of or {}
        common = {"at": now, "actor_id": actor_id, "request_id": request_id.get(), "action": action}
        common |= {"object_kind": object_kind, "room_id": room_id, "changes": _told(changes)}
        current_connection().execute(
            _RECORD,
            [
                {**common, "object_id": one, "on_behalf_of_id": _other_than(actor_id, whose.get(one))}
                for one in object_ids
            ],
        )


def _other_than(actor_id: int | None, person_id: int | None) -> int | None:
    return None if person_id == actor_id else person_id


def _told(changes: Mapping[str, object] | None) -> str:
    told = _as_text(changes or {})
    if changes is None or len(told) <= LONGEST_CHANGES:
        return told
    # The longest first: what is done must not fail on what is told about it.
    fitting = dict(changes)
    for name, value in sorted(changes.items(), key=lambda change: -len(_as_text(change[1]))):
        if isinstance(value, Sized) and len(told) > LONGEST_CHANGES:
            fitting[name] = {"number": len(value)}
            told = _as_text(fitting)
    return told


def _as_text(value: object) -> str:
    return json.dumps(value, default=str, ensure_ascii=False, sort_keys=True)


class FormReused(Exception):
    """The key of this form was used up by a form with other fields."""


@dataclass(frozen=True, slots=True)
class FormPost:
    """A form as it was sent: by whom, where, under which key, with which fields."""

    actor_id: int
    route: str
    key: str
    fields: Mapping[str, object]

    @property
    def digest(self) -> str:
        listed = json.dumps(self.fields, default=str, sort_keys=True)
        return hashlib.sha256(listed.encode()).hexdigest()


def earlier_answer(post: FormPost) -> str | None:
    """Where the same form led before, or None. Ask after the lock that the deed needs is taken.

    Raises `FormReused` when the key belongs to other fields.
    """
    found = execute(_ANSWER, actor_id=post.actor_id, route=post.route, key=post.key).one_or_none()
    if found is None:
        return None
    if found.fields_digest != post.digest:
        raise FormReused
    location: str = found.location
    return location


def earlier_or_refused(post: FormPost, reused: StrEnum) -> str | None:
    """The same, for who says no in words: raises `Refused` with this reason when the key belongs to other
    fields.
    """
    try:
        return earlier_answer(post)
    except FormReused:
        raise Refused(Objection(reused)) from None


def remember_answer(post: FormPost, location: str, *, now: datetime) -> None:
    """Use the key up. Only success does; a refused form keeps its key."""
    execute(
        _REMEMBER,
        actor_id=post.actor_id,
        route=post.route,
        key=post.key,
        fields_digest=post.digest,
        location=location,
        at=now,
    )


def forget_old_answers(before: datetime) -> int:
    """Remove answers from before then, that nobody will ask for again; the number removed."""
    return execute(delete(_idempotency).where(_idempotency.c.at < before)).rowcount


def count_try(bucket: str, *, window: timedelta, now: datetime) -> int:
    """Count one try in the present window; the number so far, this one included."""
    tries: int = execute(_COUNT, bucket=bucket, window=_window_start(window, now)).scalar_one()
    return tries


def tries_so_far(bucket: str, *, window: timedelta, now: datetime) -> int:
    """The number of tries in the present window."""
    tries: int = execute(_SO_FAR, looked_at=bucket, window=_window_start(window, now)).scalar() or 0
    return tries


def take_back_try(bucket: str, *, window: timedelta, now: datetime) -> None:
    """Somebody got in rightfully: that try was no guess."""
    execute(_TAKE_BACK, taken_from=bucket, window=_window_start(window, now))


def forget_old_tries(before: datetime) -> int:
    """Remove windows that began before then; the number removed."""
    return execute(delete(_throttle).where(_throttle.c.window_start < before)).rowcount


def forget_tries_ending_in(ending: str) -> None:
    """Remove the counters whose bucket ends so: those of one account."""
    execute(_FORGET_BUCKETS, ending=ending)


def blank_old_audit(before: datetime) -> int:
    """Some rows from before then lose who it was and what it was about; how many. The guard allows this
    and nothing else.
    """
    return execute(_BLANK, before=before).rowcount


def record_run(name: str, *, started_at: datetime, ended_at: datetime, ok: bool, note: str) -> None:
    """Write down how a job went. Only the last runs of each job are kept, and the last that went well."""
    execute(_RUN, name=name, started_at=started_at, ended_at=ended_at, ok=ok, note=note[:LONGEST_NOTE])
    execute(_FORGET_RUNS, job=name)


def _window_start(window: timedelta, now: datetime) -> datetime:
    return now - timedelta(seconds=int(now.timestamp()) % int(window.total_seconds()))
