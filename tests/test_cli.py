"""Commands: what they say when they cannot do their work now."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from ontmoet.db import DatabaseBusy, execute, trouble, unit_of_work
from ontmoet.factory import create_app
from tests.fixtures import config_for
from tests.real.nest import hatch
from tests.watching import rows

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from flask import Flask

    from tests.cast import Neighbourhood

ANSWERS = ("--corporation=A", "--phone=010 555 01 23", "--name=Mo", "--email=mo@proef.example")
COMMANDS = (
    ("check",),
    ("init", *ANSWERS, "--complex=B", "--room=C", "--capacity=9"),
    ("erasures", "reapply"),
    ("retention", "--dry-run"),
    ("seed", "demo"),
    ("backup", "copy.ontmoet"),
)
NOT_THERE = "postgresql+psycopg://iemand:een-geheim@127.0.0.1:1/nergens"


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=words, env={"ONTMOET_ADMIN_PASSWORD": "drie gewone woorden"})


def says(done: Result, sentence: str) -> None:
    """One sentence on standard error, and no trace."""
    assert (done.exit_code, done.stdout) == (1, ""), done.output
    assert done.stderr == f"Error: {sentence}\n"


def test_command_that_gets_no_turn_to_write_says_so(app: Flask, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ontmoet.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        done = run(app, "seed", "demo")
    says(done, "the database cannot write just now; try again later")


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_postgresql_that_is_away_is_told_in_a_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    done = run(create_app(config_for(NOT_THERE, tmp_path)), *words)
    said = 'connection to server at "127.0.0.1", port 1 failed: Connection refused'
    says(done, f"PostgreSQL cannot be reached; does it run, and is DATABASE_URL right? {said}")


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_folder_that_is_not_there_is_told_in_a_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/nergens/ontmoet.db"
    says(run(create_app(config_for(url, tmp_path)), *words), trouble.NOT_OPENED)


@pytest.mark.parametrize("words", [("erasures", "reapply"), ("retention", "--dry-run"), ("seed", "demo")])
def test_database_without_tables_is_told_in_a_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    says(run(create_app(config_for(f"sqlite:///{tmp_path}/empty.db", tmp_path)), *words), trouble.UPGRADE)


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_role_and_database_that_postgresql_does_not_know_are_told(database_url: str, tmp_path: Path) -> None:
    url = make_url(database_url)
    for wrong, said in (
        (url.set(username="niemand", password="een-geheim"), 'role "niemand" does not exist'),
        (url.set(database="nergens"), 'database "nergens" does not exist'),
    ):
        app = create_app(config_for(wrong.render_as_string(hide_password=False), tmp_path))
        done = run(app, "check")
        assert (done.exit_code, said in done.stderr, done.stderr.count("\n")) == (1, True, 1), done.output
        assert "een-geheim" not in done.stderr


def test_migrating_without_a_database_is_told_in_a_sentence(tmp_path: Path) -> None:
    env = {**os.environ, "DATABASE_URL": NOT_THERE, "ONTMOET_DATA": str(tmp_path)}
    log = tmp_path / "upgrade.log"
    assert hatch(["flask", "--app", "app", "db", "upgrade"], env, log).wait() == 1
    said = log.read_text()
    assert "Error: PostgreSQL cannot be reached" in said
    assert not any(word in said for word in ("Traceback", "een-geheim"))


def test_fault_of_ours_keeps_its_trace(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[str]:
        with unit_of_work():
            execute(text("selecteer alles"))
        return []

    monkeypatch.setattr("ontmoet.cli.faults", broken)
    done = run(app, "check")
    assert isinstance(done.exception, DatabaseBusy)


def test_jobs_wait_for_the_migrations_and_note_nothing(hood: Neighbourhood) -> None:
    app = hood.app
    with app.app_context(), unit_of_work():
        execute(text("update alembic_version set version_num = 'an_older_one'"))
    for words in (("jobs", "due"), ("retention",)):
        says(run(app, *words), "De database is niet bijgewerkt. Draai eerst: flask --app app db upgrade.")
    assert rows(app, "select count(*) from job_run") == [(0,)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("export", "TABLE: dit mist. Vul het in."),
        ("export alles", "--to: dit mist. Vul het in."),
        ("export onzin --to x.csv", "TABLE: deze tabel of lijst is er niet. Kies een andere, of alles"),
        ("export homes --to x.csv --format pdf", "--format: dit kan niet. Kies uit csv, xlsx, json."),
        ("export homes --to x.csv --format json", "--format: een lijst kan als csv of als xlsx."),
        ("import homes geen.csv", "FILE: dit bestand is er niet, of het is een map."),
        ("import onzin x.csv", "Zo kennen we dit niet."),
        ("import calendar pyproject.toml --room geen", "--room: de ruimte geen is er niet."),
        ("jobs due --now gisteren", "--now: dit is geen moment."),
        ("jobs due --now 2026-11-24T14:05", "--now: de tijdzone mist."),
        ("seed scale --rooms -1", "--rooms: vul een heel getal in van 1 tot en met 500."),
        ("backup a b", "Zo kennen we dit niet."),
        ("routes --jso", "--jso kennen we niet."),
    ],
)
def test_command_that_is_typed_wrong_says_so_in_dutch(hood: Neighbourhood, words: str, said: str) -> None:
    answer = hood.app.test_cli_runner().invoke(args=words.split())
    assert answer.exit_code == 2, answer.output
    assert answer.output.startswith(said)
    assert f"Hoe het wel moet, zie je met: flask --app app {words.split()[0]}" in answer.output
    assert answer.output.count("\n") == 1
