"""Figures for a monitor: only with the token, true at the moment of asking, and nothing about people."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, text

from ontmoet.config import ConfigError
from ontmoet.db import DatabaseBusy, db, execute, guards, unit_of_work
from ontmoet.factory import create_app
from ontmoet.jobs import JOBS, run_due
from ontmoet.outbox.models import Message
from ontmoet.trail.models import Installation, InstallationKind
from ontmoet.trail.rules import LATE_AFTER
from tests.fixtures import TUESDAY, config_for
from tests.watching import statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

TOKEN = "a token that only tests use, ünd only here"
NAMES = [job.name for job in JOBS]


def ask(app: Flask, token: str = TOKEN, *, scheme: str = "Bearer") -> TestResponse:
    """What a monitor gets. A header's bytes reach the app as Latin-1."""
    sent = f"{scheme} {token}".encode().decode("latin-1")
    return app.test_client().get("/metrics", headers={"Authorization": sent})


def figures(app: Flask) -> dict[str, float]:
    """Each figure by its name, with the value of its label."""
    answer = ask(app)
    assert answer.status_code == 200
    return {
        ":".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(answer.get_data(as_text=True))
        for sample in family.samples
    }


def of_jobs(found: dict[str, float], figure: str) -> dict[str, float]:
    start = f"ontmoet_job_{figure}:"
    return {name.removeprefix(start): value for name, value in found.items() if name.startswith(start)}


def with_token(app: Flask) -> Flask:
    app.extensions["ontmoet_config"] = replace(app.extensions["ontmoet_config"], metrics_token=TOKEN)
    return app


@pytest.fixture
def watched(hood_on_both: Neighbourhood) -> Flask:
    """A house installed at this moment, whose monitor has a token; nothing was done yet."""
    app = with_token(hood_on_both.app)
    with app.app_context(), unit_of_work():
        execute(insert(Installation.__table__), id=1, kind=InstallationKind.REAL, made_at=TUESDAY)
    return app


def test_without_the_setting_there_is_no_page(app: Flask) -> None:
    assert ask(app).status_code == 404


@pytest.mark.parametrize(
    ("token", "scheme"),
    [(TOKEN[:-1], "Bearer"), (f"{TOKEN}x", "Bearer"), (TOKEN, "Basic"), ("", "Bearer"), ("é", "Bearer")],
)
def test_wrong_token_is_refused_and_told_how(app: Flask, token: str, scheme: str) -> None:
    answer = ask(with_token(app), token, scheme=scheme)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="metrics"'
    assert b"ontmoet_" not in answer.data


def test_no_token_is_refused_before_the_database_is_asked(app: Flask) -> None:
    with statements(app) as seen:
        answer = with_token(app).test_client().get("/metrics")
    assert (answer.status_code, seen) == (401, [])
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="metrics"'


def test_right_token_gets_the_text_of_prometheus(app: Flask) -> None:
    answer = ask(with_token(app), scheme="bearer")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert answer.headers["Cache-Control"] == "no-store"
    families = list(text_string_to_metric_families(answer.get_data(as_text=True)))
    assert {family.type for family in families} == {"gauge"}
    assert all(family.documentation for family in families)


def test_token_that_can_be_guessed_is_refused_at_the_start(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="METRICS_TOKEN"):
        replace(config_for(sqlite_url, tmp_path), metrics_token="x" * 31).check()


def test_new_house_has_done_nothing_and_is_not_late(watched: Flask) -> None:
    found = figures(watched)
    with watched.app_context():
        product = db.engine.dialect.name
    assert found == {
        f"ontmoet_database:{product}": 1,
        "ontmoet_migrations_current": 1,
        "ontmoet_guards_present": 1,
        "ontmoet_database_writes": 1,
        **{f"ontmoet_job_late:{name}": 0 for name in NAMES},
        "ontmoet_messages_waiting": 0,
        "ontmoet_messages_failed": 0,
        "ontmoet_messages_oldest_due_age_seconds": 0,
    }


def test_jobs_tell_how_long_ago_and_how_it_went(watched: Flask, moment: Callable[[timedelta], None]) -> None:
    def fail(now: datetime) -> str:
        raise DatabaseBusy

    with watched.app_context():
        run_due(TUESDAY)
    moment(LATE_AFTER)
    mail = "send_messages"
    with watched.app_context():
        run_due(TUESDAY + LATE_AFTER, [replace(job, run=fail) for job in JOBS if job.name == mail])
    found = figures(watched)
    # They end a moment after they began.
    assert of_jobs(found, "last_well_age_seconds") == dict.fromkeys(NAMES, pytest.approx(600, abs=20))
    assert of_jobs(found, "last_run_ok") == {**dict.fromkeys(NAMES, 1), mail: 0}
    assert of_jobs(found, "late") == dict.fromkeys(NAMES, 0)
    moment(timedelta(minutes=1))
    assert of_jobs(figures(watched), "late") == {job.name: not job.nightly for job in JOBS}


def test_messages_are_counted(watched: Flask) -> None:
    hours = {"waiting": (2, 1, -3), "failed": (5,), "sent": (9,), "not_needed": (9,)}
    with watched.app_context(), unit_of_work():
        for status, ages in hours.items():
            for age in ages:
                _add_message(status, due_at=TUESDAY - timedelta(hours=age))
    found = figures(watched)
    assert found["ontmoet_messages_waiting"] == 3
    assert found["ontmoet_messages_failed"] == 1
    assert found["ontmoet_messages_oldest_due_age_seconds"] == 7200


def _add_message(status: str, *, due_at: datetime) -> None:
    execute(
        insert(Message.__table__),
        dedupe_key=f"{status}:{due_at}",
        kind="hello",
        person_id=1,
        object_id=1,
        made_at=TUESDAY,
        due_at=due_at,
        status=status,
        attempts=0,
    )


def test_database_that_lacks_its_guard_tells(watched: Flask) -> None:
    with watched.app_context():
        on_sqlite = db.engine.dialect.name == "sqlite"
        with unit_of_work():
            execute(
                text(
                    f"drop trigger {guards.OVERLAP}"
                    if on_sqlite
                    else f"alter table occupancy drop constraint {guards.OVERLAP}"
                )
            )
    assert figures(watched)["ontmoet_guards_present"] == 0


def test_database_without_its_tables_tells_that_and_no_more(watched: Flask) -> None:
    with watched.app_context(), unit_of_work():
        for table in ("alembic_version", "job_run", "telling", "message", "installation"):
            execute(text(f"drop table {table}"))
    found = figures(watched)
    assert found["ontmoet_migrations_current"] == 0
    assert [name for name in found if name.startswith(("ontmoet_job", "ontmoet_messages"))] == []


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all.db", "postgresql+psycopg://nobody@127.0.0.1:1/nothing"]
)
def test_database_that_is_away_is_a_503(tmp_path: Path, url: str) -> None:
    app = create_app(replace(config_for(url, tmp_path), metrics_token=TOKEN))
    answer = ask(app)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
