"""Reading the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, text

from ontmoet.db import execute

from .models import WITH_IDS, Audit, Idempotency, Installation, InstallationKind, JobRun, Throttle
from .rules import JobState

if TYPE_CHECKING:
    from datetime import datetime

_audit = Audit.__table__
_installation = Installation.__table__
_job_run = JobRun.__table__
_idempotency = Idempotency.__table__
_throttle = Throttle.__table__

_KIND = select(_installation.c.kind)
_INSTALLED_AT = select(_installation.c.made_at)

# By id, not by time: a demo's clock may start anew at an earlier moment.
_NEWEST = select(func.max(_job_run.c.id)).group_by(_job_run.c.name)
_JOB_RUNS = (
    select(_job_run.c.name, _job_run.c.ended_at, _job_run.c.ok, _job_run.c.note)
    .where(or_(_job_run.c.id.in_(_NEWEST), _job_run.c.id.in_(_NEWEST.where(_job_run.c.ok))))
    .order_by(_job_run.c.id)
)


def installation_kind() -> InstallationKind | None:
    """What this database is; None before it was filled."""
    kind = execute(_KIND).scalar()
    return None if kind is None else InstallationKind(kind)


def installed_at() -> datetime | None:
    """When this house began; None before it was filled."""
    made_at: datetime | None = execute(_INSTALLED_AT).scalar()
    return made_at


def job_states() -> dict[str, JobState]:
    """The state of each job that ever ran, by its name."""
    states: dict[str, JobState] = {}
    well_at: dict[str, datetime] = {}
    for run in execute(_JOB_RUNS):
        if run.ok:
            well_at[run.name] = run.ended_at
        states[run.name] = JobState(run.ended_at, well_at.get(run.name), run.ok, run.note)
    return states


def count_old_answers(before: datetime) -> int:
    """How many forms were answered before then."""
    number: int = execute(select(func.count()).where(_idempotency.c.at < before)).scalar_one()
    return number


def count_old_tries(before: datetime) -> int:
    """How many windows of tries began before then."""
    number: int = execute(select(func.count()).where(_throttle.c.window_start < before)).scalar_one()
    return number


def count_old_audit(before: datetime) -> int:
    """How many audit rows from before then still say who it was, or what it was about."""
    old = select(func.count()).where(_audit.c.at < before, text(f"({WITH_IDS})"))
    number: int = execute(old).scalar_one()
    return number
