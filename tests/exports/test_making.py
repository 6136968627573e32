"""The file as a whole: complete, of one moment, without secrets, and in nobody's way."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from sqlalchemy import select, text, update

from ontmoet.bookings.models import Booking
from ontmoet.db import execute, let_go, unit_of_work
from ontmoet.exports import tables
from ontmoet.exports.making import ALL, make
from ontmoet.exports.rules import Format
from ontmoet.exports.tables import TABLES, one_picture, sheet_of
from ontmoet.kernel.cells import as_it_was
from ontmoet.my_data.erasing import erase
from tests.builders import at as make_at
from tests.fixtures import TUESDAY
from tests.my_data.leaving import TRACES, move_in_everywhere
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.cast import Neighbourhood

SECRETS = (("person", "password_hash"), ("credential", "pin_hash"), ("session", "id_hash"))


def exported(app: Flask, name: str, kind: Format) -> bytes:
    into = io.BytesIO()
    with app.app_context():
        make(name, kind, into, folder=app.extensions["ontmoet_config"].data)
    return into.getvalue()


def files_again(app: Flask, name: str) -> bytes:
    """One file out of the zip with all workbooks."""
    with zipfile.ZipFile(io.BytesIO(exported(app, ALL, Format.XLSX))) as files:
        return files.read(name)


def everything(app: Flask) -> dict[str, list[dict[str, Any]]]:
    """All tables, from the JSON in the zip."""
    with zipfile.ZipFile(io.BytesIO(exported(app, ALL, Format.JSON))) as files:
        return {name.removesuffix(".json"): json.loads(files.read(name)) for name in files.namelist()}


def test_all_tables_go_along_with_all_their_rows_and_a_legend(hood_on_both: Neighbourhood) -> None:
    hood_on_both.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    found = everything(hood_on_both.app)
    legend = found.pop("uitleg")
    assert list(found) == list(TABLES)
    assert {name: len(listed) for name, listed in found.items()} == row_counts(hood_on_both.app, *TABLES)
    assert {(line["tabel"], line["kolom"]) for line in legend} == {
        (name, column) for name, told in TABLES.items() for column in told.columns
    }
    (booking,) = found["booking"]
    assert list(booking) == list(TABLES["booking"].columns)
    assert (booking["starts_at"], booking["status"]) == ("2026-11-25T14:00:00+01:00", "confirmed")
    assert booking["for_corporation"] is False
    kinds = {type(value) for listed in found.values() for row in listed for value in row.values()}
    assert kinds <= {str, int, bool, type(None)}


def test_zip_of_workbooks_and_zip_of_csv_say_the_same(hood_on_both: Neighbourhood) -> None:
    hood_on_both.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    summer = {"starts_at": make_at("2026-07-01 14:00"), "ends_at": make_at("2026-07-01 16:00")}
    with hood_on_both.app.app_context(), unit_of_work():
        execute(update(Booking.__table__).values(**summer, purpose='=1+1 \u202e👩‍👧 "x"\nmeer'))
    with zipfile.ZipFile(io.BytesIO(exported(hood_on_both.app, ALL, Format.XLSX))) as files:
        assert files.testzip() is None
        assert len(files.namelist()) == len(TABLES) + 1
        book = openpyxl.load_workbook(io.BytesIO(files.read("booking.xlsx")))
    assert exported(hood_on_both.app, "booking", Format.XLSX) == files_again(hood_on_both.app, "booking.xlsx")
    heads, row = book["booking"].iter_rows(values_only=True)
    with zipfile.ZipFile(io.BytesIO(exported(hood_on_both.app, ALL, Format.CSV))) as files:
        plain = files.read("booking.csv").decode("utf-8-sig")
    (in_csv,) = csv.DictReader(io.StringIO(plain, newline=""), delimiter=";")
    assert in_csv["purpose"] == '\'=1+1 \u202e👩‍👧 "x"\nmeer'
    assert in_csv["starts_at"] == "2026-07-01T14:00:00+02:00"
    assert {name: as_it_was(cell) for name, cell in in_csv.items()} == {
        name: "" if value is None else str(value) for name, value in zip(heads, row, strict=True)
    }


def test_no_secret_that_is_in_the_database_is_in_the_files(hood_on_both: Neighbourhood) -> None:
    move_in_everywhere(hood_on_both)
    secrets = [
        str(value)
        for table, column in SECRETS
        for (value,) in rows(hood_on_both.app, f"select {column} from {table} where {column} is not null")  # noqa: S608
    ]
    assert len(secrets) > 2
    said = json.dumps(everything(hood_on_both.app))
    assert [secret for secret in secrets if secret in said] == []
    assert "argon2" not in said


def test_who_was_erased_is_in_no_file(hood_on_both: Neighbourhood) -> None:
    person_id = move_in_everywhere(hood_on_both)
    said = json.dumps(everything(hood_on_both.app))
    assert [trace for trace in TRACES if trace not in said] == []
    with hood_on_both.app.app_context(), unit_of_work():
        erase(person_id, by=person_id, now=TUESDAY)
    said = json.dumps(everything(hood_on_both.app))
    assert [trace for trace in TRACES if trace in said] == []


def test_all_of_it_is_of_one_moment_and_writers_go_on_meanwhile(
    hood_on_both: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "AT_ONCE", 1)
    app = hood_on_both.app
    hood_on_both.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    with app.app_context(), one_picture() as connection:
        people = iter(sheet_of("person", connection).lots)
        before = [next(people)]
        if connection.dialect.name == "postgresql":
            # The server holds the rows that are not asked for yet.
            assert connection.execute(text("select count(*) from pg_cursors")).scalar_one() == 1
        hood_on_both.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
        with app.app_context(), unit_of_work():
            execute(text("update person set name = 'Later'"))
        seen = [lot for lots in (before, people) for lot in lots]
        bookings = [row for lot in sheet_of("booking", connection).lots for row in lot]
    assert len(bookings) == 1
    assert [row[2] for lot in seen for row in lot if row[2] == "Later"] == []
    assert row_counts(app, "booking") == {"booking": 2}


def test_picture_cannot_be_written_in_where_the_product_can_forbid_it(hood_on_both: Neighbourhood) -> None:
    with hood_on_both.app.app_context(), one_picture() as connection:
        if connection.dialect.name == "postgresql":
            assert connection.execute(text("show transaction_read_only")).scalar_one() == "on"
            assert connection.execute(text("show transaction_isolation")).scalar_one() == "repeatable read"
        else:
            # Nothing is asked that writes, so SQLite never gives it the lock that others wait for.
            connection.execute(select(Booking.__table__)).all()
            with hood_on_both.app.app_context(), unit_of_work():
                execute(text("update room set capacity = capacity"))
    with hood_on_both.app.app_context():
        execute(text("select 1"))
        let_go()


def test_command_writes_a_file_for_its_owner_and_is_written_down(hood: Neighbourhood, tmp_path: Path) -> None:
    run = hood.app.test_cli_runner().invoke
    path = tmp_path / "uit" / "alles.zip"
    assert run(args=["export", "alles", "--to", str(path)]).exit_code == 1
    path.parent.mkdir()
    done = run(args=["export", "alles", "--format", "csv", "--to", str(path)])
    assert (done.exit_code, done.output) == (0, "alles.zip is klaar.\n")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["alles.zip"]
    with zipfile.ZipFile(path) as files:
        assert "person.csv" in files.namelist()
    one = run(args=["export", "person", "--format", "json", "--to", str(tmp_path / "person.json")])
    assert one.exit_code == 0
    assert json.loads((tmp_path / "person.json").read_text(encoding="utf-8"))[0]["name"]
    written = rows(hood.app, "select actor_id, changes from audit where action = 'data_exported' order by id")
    assert [(row.actor_id, json.loads(row.changes)["what"]) for row in written] == [
        (None, "alles"),
        (None, "alles"),
        (None, "person"),
    ]


@pytest.mark.parametrize("name", ["session", "niets", "person;", ""])
def test_command_refuses_what_does_not_go_along(hood: Neighbourhood, tmp_path: Path, name: str) -> None:
    done = hood.app.test_cli_runner().invoke(args=["export", name, "--to", str(tmp_path / "x.csv")])
    assert done.exit_code == 2
    assert list(tmp_path.glob("*x.csv*")) == []
