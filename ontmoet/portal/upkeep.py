"""How the work goes that nobody asks for: messages, forgetting, back-ups. For who answers for the house."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app
from sqlalchemy import text

from ontmoet.db import current_connection, execute
from ontmoet.kernel import clock
from ontmoet.kernel.permissions import Permission
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.queries import load_at
from ontmoet.trail.queries import installed_at, job_states
from ontmoet.trail.rules import Standing, standing
from ontmoet.web import dates
from ontmoet.web.access import ensure, requires
from ontmoet.web.i18n import gettext as _
from ontmoet.web.pages import page

from .retention import RETENTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ontmoet.trail.rules import Chore, JobState

bp = Blueprint("upkeep", __name__)

SOUND_SQLITE = (3, 51, 3)
"""Before it, two connections that empty the log at the same instant could, rarely, spoil the file. Our
writers take turns, which closes that gap for all but a connection that is closing.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A job on the page."""

    name: str
    title: str
    nightly: bool
    standing: Standing
    well_at: str
    note: str

    @property
    def asks_attention(self) -> bool:
        return self.standing in (Standing.FAILED, Standing.LATE)


@bp.get("/corporatie/beheer/vanzelf")
@requires(Permission.UPKEEP_SEE)
def upkeep() -> Response:
    """Each job: when it last went well, and how it went."""
    ensure(Permission.UPKEEP_SEE, None, hide=True)
    now = clock.now()
    chores: Mapping[str, Chore] = current_app.extensions["ontmoet_jobs"]
    states, installed = job_states(), installed_at()
    lines = [_line(name, chore, states.get(name), installed, now) for name, chore in chores.items()]
    forgetting = {row.name for row in RETENTIONS}
    load = load_at(now)
    return page(
        "portal/upkeep.html",
        red=[line for line in lines if line.asks_attention],
        has_only_begun=any(line.standing is Standing.AWAITED for line in lines),
        by_minute=[line for line in lines if not line.nightly and line.name not in forgetting],
        by_night=[line for line in lines if line.nightly],
        forgetting=[line for line in lines if line.name in forgetting],
        load=load,
        due_since=_moment(load.due_since, now) if load.due_since else "",
        database=_database(),
        old_sqlite=_on_sqlite() and sqlite3.sqlite_version_info < SOUND_SQLITE,
    )


def _line(name: str, chore: Chore, state: JobState | None, installed: datetime | None, now: datetime) -> Line:
    return Line(
        name,
        chore.title,
        chore.nightly,
        standing(chore, state, installed_at=installed, now=now),
        _moment(state.well_at, now) if state is not None and state.well_at else _("nog nooit"),
        dates.capitalised(state.note) if state is not None else "",
    )


def _moment(moment: datetime, now: datetime) -> str:
    day = dates.near_day(day_of(moment), day_of(now))
    return _("%(day)s %(time)s\u00a0uur", day=day, time=dates.clock_at(moment))


def _on_sqlite() -> bool:
    return current_connection().dialect.name == "sqlite"


def _database() -> str:
    if _on_sqlite():
        return f"SQLite {sqlite3.sqlite_version}"
    return f"PostgreSQL {execute(text('show server_version')).scalar_one()}"
