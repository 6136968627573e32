"""`flask init` makes an empty database a corporation's, once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ontmoet.db import db, execute, unit_of_work
from ontmoet.first_hour.actions import Beginning, install
from ontmoet.first_hour.cli import FROM_SURROUNDINGS
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.membership.partners import Newcomer
from tests import builders as make
from tests.databases import fresh_postgresql, nothing
from tests.real.nest import hatch
from tests.watching import rows

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from flask import Flask

SECRET = "drie gewone woorden"
ANSWERS = {
    "corporation": "Woonstichting De Proef",
    "phone": "010 555 01 23",
    "name": "Mo de Proef",
    "email": "Mo@proef.example",
    "complex": "Lindehof",
    "room": "’t Hoekje",
    "capacity": "30",
}


def begin(app: Flask, *, password: str | None = SECRET, typed: str = "", **changed: str | None) -> Result:
    """Run the command with these options and answers."""
    given = {**ANSWERS, **changed}
    options = [f"--{name}={value}" for name, value in given.items() if value is not None]
    return app.test_cli_runner().invoke(
        args=["init", *options], input=typed, env={FROM_SURROUNDINGS: password}
    )


def test_options_make_an_installation_and_say_where_to_go(app: Flask) -> None:
    answer = begin(app)
    assert (answer.exit_code, "/corporatie/beheer/start" in answer.output) == (0, True), answer.output
    assert rows(app, "select kind from installation") == [("real",)]
    assert rows(app, "select name, phone from corporation") == [("Woonstichting De Proef", "010 555 01 23")]
    assert rows(app, "select slug, live_at from room") == [("t-hoekje", None)]
    [(action, changes)] = rows(app, "select action, changes from audit where action like 'installation%'")
    assert (action, "proef" in (changes or "").lower()) == ("installation_begun", False)


def test_what_no_option_says_is_asked_and_what_is_wrong_is_asked_again(app: Flask) -> None:
    answer = begin(app, password=None, email="geen adres", capacity=None, typed="mo@proef.example\n")
    assert answer.exit_code == 1, "it asked for more and nobody answered"
    assert "Dit is geen e-mailadres." in answer.output
    assert "Gestopt. Er is niets bewaard." in answer.output
    assert "Aborted" not in answer.output
    assert rows(app, "select count(*) from corporation") == [(0,)]
    typed = f"mo@proef.example\nkort\nkort\n30\n{SECRET}\n{SECRET}\n"
    again = begin(app, password=None, email="geen adres", capacity=None, typed=typed)
    assert again.exit_code == 0, again.output
    assert "Dit wachtwoord is te kort." in again.output
    assert SECRET not in again.output


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"room": "!!!"}, "gewone letters of cijfers"),
        ({"complex": "bos"}, "Deze naam is er al."),
    ],
)
def test_name_that_cannot_be_is_told_in_a_sentence(app: Flask, changed: dict[str, str], why: str) -> None:
    with app.app_context():
        # By a list that was read in before.
        make.make_complex(name="Bos")
    answer = begin(app, **changed)
    assert answer.exit_code == 1
    assert answer.output.startswith("Het complex of de ruimte kan zo niet heten. "), answer.output
    assert why in answer.output
    assert rows(app, "select count(*) from corporation") == [(0,)]


def test_database_in_use_is_left_alone(app: Flask) -> None:
    begin(app)
    again = begin(app, corporation="Een ander")
    assert (again.exit_code, "al in gebruik" in again.output) == (1, True)
    assert rows(app, "select name from corporation") == [("Woonstichting De Proef",)]
    nothing_given = app.test_cli_runner().invoke(args=["init"])
    assert nothing_given.exit_code == 1
    assert nothing_given.output == "Deze database is al in gebruik. Begin met een lege.\n"
    demo = app.test_cli_runner().invoke(args=["seed", "demo"])
    assert demo.exit_code != 0
    assert rows(app, "select count(*) from room") == [(1,)]


def test_of_two_beginnings_at_once_one_is_told(app_on_both: Flask) -> None:
    beginning = Beginning(
        "De Proef", "010 555 01 23", Newcomer("Mo", email="mo@proef.example"), "x", "A", "B", 9
    )
    with app_on_both.app_context():
        with unit_of_work():
            install(beginning, now=clock.now())
        with pytest.raises(Refused), unit_of_work():
            install(beginning, now=clock.now())
        assert execute(db.text("select count(*) from person")).scalar() == 1


@pytest.mark.usefixtures("file_of_its_own")
def test_tables_are_made_when_they_are_not_there(app_of_its_own: Flask) -> None:
    with app_of_its_own.app_context():
        with db.engine.begin() as connection:
            for (name,) in connection.execute(
                db.text("select name from sqlite_master where type = 'trigger'")
            ).all():
                connection.execute(db.text(f"drop trigger {name}"))
        db.engine.dispose()
        assert db.engine.url.database is not None
        open(db.engine.url.database, "wb").close()
    answer = begin(app_of_its_own)
    assert answer.exit_code == 0, answer.output
    assert rows(app_of_its_own, "select count(*) from corporation") == [(1,)]


@pytest.mark.postgres
def test_of_two_that_begin_at_once_one_begins_and_the_other_is_told(tmp_path: Path) -> None:
    words = ["flask", "--app", "app", "init", *(f"--{name}={value}" for name, value in ANSWERS.items())]
    with fresh_postgresql(nothing) as url:
        env = {**os.environ, "DATABASE_URL": url, "ONTMOET_DATA": str(tmp_path), FROM_SURROUNDINGS: SECRET}
        logs = [tmp_path / f"{name}.log" for name in ("one", "other")]
        processes = [hatch(words, env, log) for log in logs]
        ends = [process.wait() for process in processes]
        said = "".join(log.read_text(encoding="utf-8") for log in logs)
    assert sorted(ends) == [0, 1], said
    assert "Traceback" not in said
    assert ("Klaar. Start de server" in said, "al in gebruik" in said) == (True, True)
