"""How the house runs, in figures for Prometheus. None is about a person or a room.

Each is read from the database when it is asked, so all processes tell the same and no page pays for it.
"""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily

from ontmoet.db import current_connection, guards, migrations
from ontmoet.db.writable import hindrance
from ontmoet.kernel import clock
from ontmoet.outbox.queries import load_at
from ontmoet.trail.queries import installed_at, job_states
from ontmoet.trail.rules import Chore, is_late
from ontmoet.web.access import public
from ontmoet.web.settings import current_config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from prometheus_client import Metric

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
@public
def metrics() -> Response:
    """The figures, for whoever has the token; without a token set there is no such page."""
    token = current_config().metrics_token
    if token is None:
        abort(404)
    if not _carries(token):
        return Response(
            "Authorization: Bearer METRICS_TOKEN\n",
            status=401,
            mimetype="text/plain",
            headers={"WWW-Authenticate": 'Bearer realm="metrics"'},
        )
    return Response(
        generate_latest(Figures()), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"}
    )


def _carries(token: str) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    # Headers are bytes that were read as Latin-1; bytes are compared, in a time that tells nothing.
    return scheme.lower() == "bearer" and compare_digest(given.strip().encode("latin-1"), token.encode())


class Figures:
    """A Prometheus collector. A database that lacks migrations tells that and no more."""

    def collect(self) -> Iterator[Metric]:
        connection = current_connection()
        current = migrations.is_current(connection, current_app.extensions["migrate"].directory)
        yield _gauge(
            "ontmoet_database", "Which database product is used", [({"product": connection.dialect.name}, 1)]
        )
        yield _gauge("ontmoet_migrations_current", "Whether the database has every migration", current)
        yield _gauge(
            "ontmoet_guards_present",
            "Whether the database refuses what it should",
            not guards.missing(connection),
        )
        data = current_config().data
        yield _gauge(
            "ontmoet_database_writes", "Whether anything can be written", hindrance(connection, data) is None
        )
        if current:
            yield from _of_jobs(clock.now())
            yield from _of_messages(clock.now())


def _of_jobs(now: datetime) -> Iterator[Metric]:
    """A job that never ran has no age and no last run; it can be late."""
    states, installed = job_states(), installed_at()
    chores: dict[str, Chore] = current_app.extensions["ontmoet_jobs"]
    well_at = {name: states[name].well_at if name in states else None for name in chores}
    yield _gauge(
        "ontmoet_job_last_well_age_seconds",
        "Time since the job last ended well",
        [({"job": name}, _age(at, now)) for name, at in well_at.items() if at is not None],
    )
    yield _gauge(
        "ontmoet_job_last_run_ok",
        "Whether the last run of the job ended well",
        [({"job": name}, states[name].ok) for name in chores if name in states],
    )
    yield _gauge(
        "ontmoet_job_late",
        "Whether the job did not end well for too long",
        [
            (
                {"job": name},
                is_late(well_at[name], installed_at=installed, now=now, nightly=chore.nightly),
            )
            for name, chore in chores.items()
        ],
    )


def _of_messages(now: datetime) -> Iterator[Metric]:
    load = load_at(now)
    yield _gauge("ontmoet_messages_waiting", "Messages still to be sent", load.waiting)
    yield _gauge("ontmoet_messages_failed", "Messages that were given up and are still kept", load.failed)
    yield _gauge(
        "ontmoet_messages_oldest_due_age_seconds",
        "Time since the oldest message that waits was due; 0 when none is",
        0 if load.due_since is None else _age(load.due_since, now),
    )


def _age(since: datetime, now: datetime) -> float:
    """A clock that was set back makes nothing happen in the future."""
    return max((now - since).total_seconds(), 0)


def _gauge(name: str, says: str, samples: float | Iterable[tuple[dict[str, str], float]]) -> Metric:
    """One figure, or one for each set of labels."""
    family = GaugeMetricFamily(name, says)
    for labels, value in [({}, samples)] if isinstance(samples, int | float) else samples:
        family.add_sample(name, labels, value)
    return family
