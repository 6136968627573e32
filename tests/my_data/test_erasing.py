"""Who leaves is gone from every table, counts stay, and no old copy brings them back."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import Base, DatabaseBusy, db, execute, unit_of_work
from ontmoet.exports.tables import one_picture
from ontmoet.jobs import JOBS, Job, run_due
from ontmoet.lifecycle.actions import WAITS_NO_MORE
from ontmoet.my_data import erasing
from ontmoet.my_data.declared import PERSONAL
from ontmoet.my_data.erasing import reapply, wipe_traces
from ontmoet.outbox.actions import post
from ontmoet.portal.checking import faults
from tests.fixtures import TUESDAY
from tests.my_data.leaving import TRACES, found_in, home_of, leave, move_in_everywhere
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.cast import Neighbourhood

HELD = "select room_id, count(*), sum(people) from booking group by room_id"
OF_OTHERS = (
    "select person_id, home_id, purpose, status from booking where person_id is not null order by id",
    "select id, name, email, password_hash from person where erased_at is null order by id",
    "select person_id, home_id, since from residency order by id",
)


def wiped(app: Flask, patience: float = 1.0) -> tuple[int, int]:
    with app.app_context():
        done = wipe_traces(TUESDAY, patience=patience)
    return done.gone, done.left


def cells_with(app: Flask, *texts: str) -> list[str]:
    """table.column of every value in the database in which one of the texts stands."""
    found = []
    for table in Base.metadata.tables.values():
        for column in table.columns:
            values = rows(app, f'select "{column.name}" from "{table.name}"')  # noqa: S608 - our own tables
            if any(text in str(value) for (value,) in values for text in texts):
                found.append(f"{table.name}.{column.name}")
    return found


def test_nothing_in_any_table_tells_who_it_was(hood_on_both: Neighbourhood) -> None:
    hood, app = hood_on_both, hood_on_both.app
    person_id = move_in_everywhere(hood)
    assert set(cells_with(app, *TRACES)) == {
        "person.name",
        "person.email",
        "person.phone",
        "credential.nickname",
        "email_change.address",
        "booking.purpose",
        "use_trace.note",
    }
    leave(hood)
    assert cells_with(app, *TRACES) == []
    (row,) = rows(app, "select * from person where id = :id", id=person_id)
    assert {
        name: value for name, value in row._mapping.items() if value not in (None, "", "nl", "print")
    } == {
        "id": person_id,
        "public_id": row.public_id,
        "erased_at": row.erased_at,
    }
    for table, column in (pair.split(".") for subject in PERSONAL for pair in subject.columns):
        pointing = rows(app, f"select count(*) from {table} where {column} = :id", id=person_id)  # noqa: S608
        expected = {"role.person_id": 1}.get(f"{table}.{column}", 0)
        if table != "audit":
            assert pointing == [(expected,)], (table, column)
    assert rows(app, "select count(*) from throttle") == [(0,)]
    assert [
        bool(row.until) for row in rows(app, "select until from role where person_id = :id", id=person_id)
    ]


def test_counts_stay_future_bookings_go_and_others_notice_nothing(hood_on_both: Neighbourhood) -> None:
    hood, app = hood_on_both, hood_on_both.app
    hood.book("noor", "2026-11-27 10:00", "2026-11-27 12:00", purpose="Koffie")
    others = [rows(app, statement) for statement in OF_OTHERS]
    person_id = move_in_everywhere(hood)
    held = rows(app, HELD)
    leave(hood)
    assert rows(app, HELD) == held
    assert [rows(app, statement) for statement in OF_OTHERS] == others
    mine = rows(
        app,
        "select status, organiser_pseudonym, home_id from booking where person_id is null order by starts_at",
    )
    assert [row.status for row in mine] == ["cancelled"] * 3
    pseudonyms = [row.organiser_pseudonym for row in mine]
    assert pseudonyms[0] == pseudonyms[1] != pseudonyms[2], "one for each month"
    assert {row.home_id for row in mine} == {None}
    assert row_counts(app, "occupancy") == {"occupancy": 1}
    log = rows(app, "select action, actor_id from audit where object_id = :id", id=person_id)
    assert ("person_erased", person_id) in log
    with app.app_context():
        assert [fault for fault in faults() if "overlap" in fault or "vasthouden" in fault] == []


def test_who_was_inside_and_what_an_organisation_booked_stays(hood: Neighbourhood) -> None:
    hood.book("riet", "2026-11-26 14:00", "2026-11-26 16:00")
    move_in_everywhere(hood)
    leave(hood, "zebedeus", TUESDAY + timedelta(hours=1, minutes=30))
    leave(hood, "riet")
    statuses = rows(hood.app, "select status, organisation_id is not null from booking order by starts_at")
    assert [tuple(row) for row in statuses] == [
        ("confirmed", 0),
        ("cancelled", 0),
        ("requested", 1),
        ("cancelled", 0),
    ]


def test_address_leaves_old_bookings_when_the_last_one_leaves_a_home(hood: Neighbourhood) -> None:
    hood.book("ali", "2026-11-24 18:00", "2026-11-24 19:00")
    with hood.app.app_context(), unit_of_work():
        execute(text("update booking set person_id = null"))
    leave(hood, "ali")
    assert rows(hood.app, "select home_id from booking") == [(None,)]
    hood.book("noor", "2026-11-25 15:00", "2026-11-25 16:00")
    move_in_everywhere(hood)
    with hood.app.app_context(), unit_of_work():
        execute(text("update booking set person_id = null where person_id = :id"), id=hood.people["noor"])
    leave(hood)
    homes = {row.home_id for row in rows(hood.app, "select home_id from booking")}
    assert homes == {None, home_of(hood.app, "linde-14b")}, "Noor still lives there"


def test_leaving_twice_changes_nothing(hood: Neighbourhood) -> None:
    move_in_everywhere(hood)
    leave(hood)
    audited = row_counts(hood.app, "audit")
    leave(hood)
    assert row_counts(hood.app, "audit") == audited


def test_nobody_leaves_when_the_list_cannot_be_written(
    hood: Neighbourhood, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id = move_in_everywhere(hood)
    (tmp_path / "erased.jsonl").mkdir()
    with pytest.raises(DatabaseBusy):
        leave(hood)
    assert rows(hood.app, "select erased_at from person where id = :id", id=person_id) == [(None,)]


def test_files_hold_nothing_after_the_wiping(hood: Neighbourhood, tmp_path: Path) -> None:
    move_in_everywhere(hood)
    hood.work()
    assert set(found_in(tmp_path, *TRACES)) >= {"ontmoet.db-wal", "outbox/message-1.eml"}
    leave(hood)
    assert wiped(hood.app) == (1, 0)
    assert found_in(tmp_path, *TRACES) == {}
    assert wiped(hood.app) == (0, 0)


def test_wiping_waits_for_who_still_reads_and_the_house_says_so(
    hood: Neighbourhood, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = hood.app
    monkeypatch.setitem(wipe_traces.__kwdefaults__, "patience", 0.3)
    move_in_everywhere(hood)
    with closing(sqlite3.connect(tmp_path / "ontmoet.db", isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from person").fetchone()
        leave(hood)
        assert wiped(app, patience=0.3) == (0, 1)
        assert found_in(tmp_path, *TRACES) != {}
        with app.app_context():
            assert not all(report.ok for report in run_due(TUESDAY, erasing_jobs()))
            said = " ".join(faults())
        assert "Mensen die gewist zijn en van wie nog sporen in een bestand staan: 1." in said
        assert "Sporen van wie gewist is: Van 1 mensen staan nog sporen" in said
        reader.execute("commit")
    with app.app_context():
        assert all(report.ok for report in run_due(TUESDAY, erasing_jobs()))
        assert [fault for fault in faults() if "sporen" in fault.lower()] == []
    assert found_in(tmp_path, *TRACES) == {}


def erasing_jobs() -> list[Job]:

    return [job for job in JOBS if job.name == "wipe_traces"]


def test_wiping_works_on_both_products(hood_on_both: Neighbourhood) -> None:
    move_in_everywhere(hood_on_both)
    leave(hood_on_both)
    assert wiped(hood_on_both.app) == (1, 0)


def test_vacuum_waits_for_a_transaction_that_began_before(hood_on_both: Neighbourhood) -> None:
    app = hood_on_both.app
    move_in_everywhere(hood_on_both)
    with app.app_context(), one_picture() as reader:
        reader.execute(text("select count(*) from person"))
        leave(hood_on_both)
        assert wiped(app, patience=0.3) == (0, 1)
        reader.rollback()
        assert wiped(app) == (1, 0)


def test_what_another_window_left_behind_goes_with_the_traces(hood: Neighbourhood) -> None:
    person_id = move_in_everywhere(hood)
    actor = hood.actor("zebedeus")
    leave(hood)
    assert actor.person_id == person_id
    with hood.app.app_context(), unit_of_work():
        execute(
            text("update booking set person_id = :id, home_id = 1, purpose = 'Xanthippe' where id = 1"),
            id=person_id,
        )
    assert wiped(hood.app) == (1, 0)
    assert cells_with(hood.app, *TRACES) == []


@pytest.mark.usefixtures("file_of_its_own")
def test_old_copy_brings_nobody_back(hood: Neighbourhood, tmp_path: Path) -> None:
    app, path = hood.app, tmp_path / "ontmoet.db"
    person_id = move_in_everywhere(hood)
    with app.app_context():
        db.engine.dispose()
        copy = shutil.copy(path, tmp_path / "before.db")
    leave(hood)
    with app.app_context():
        db.engine.dispose()
    for leftover in ("ontmoet.db-wal", "ontmoet.db-shm"):
        (tmp_path / leftover).unlink(missing_ok=True)
    shutil.move(copy, path)
    assert "person.name" in cells_with(app, *TRACES), "it came back"
    later = TUESDAY + timedelta(days=3)
    with app.app_context():
        assert reapply(later) == 1
        assert reapply(later) == 0
    assert cells_with(app, *TRACES) == []
    assert found_in(tmp_path, *TRACES) == {}
    (row,) = rows(app, "select erased_at from person where id = :id", id=person_id)
    assert row.erased_at == int(later.timestamp())


def test_list_that_was_lost_is_made_again(hood_on_both: Neighbourhood, tmp_path: Path) -> None:
    hood = hood_on_both
    move_in_everywhere(hood)
    leave(hood)
    (tmp_path / "erased.jsonl").unlink()
    with hood.app.app_context():
        assert reapply(TUESDAY) == 0
        assert [erasure.at for erasure in erasing._erasures().all()] == [TUESDAY]


def test_who_was_erased_and_comes_back_is_erased_again_on_both_products(hood_on_both: Neighbourhood) -> None:
    hood, app = hood_on_both, hood_on_both.app
    person_id = move_in_everywhere(hood)
    leave(hood)
    with app.app_context(), unit_of_work():
        # As an old copy has it.
        execute(text("update person set erased_at = null, name = 'Xanthippe' where id = :id"), id=person_id)
    with app.app_context():
        assert app.test_cli_runner().invoke(args=["erasures", "reapply"]).output == "1 opnieuw gewist.\n"
    assert cells_with(app, *TRACES) == []


def test_nothing_is_sent_before_who_came_back_is_erased_again(hood: Neighbourhood, tmp_path: Path) -> None:
    """A consumer does two jobs at once: after a restore it may begin to send while the other still erases."""
    app = hood.app
    person_id = move_in_everywhere(hood)
    leave(hood)
    as_in_an_old_copy = text(
        "update person set erased_at = null, name = 'Xanthippe', email = 'x@proef.example', channel = 'mail'"
        " where id = :id"
    )
    with app.app_context(), unit_of_work():
        execute(as_in_an_old_copy, id=person_id)
        post(
            WAITS_NO_MORE,
            person_id=person_id,
            object_id=hood.linde,
            dedupe_key="left over",
            due_at=TUESDAY,
            now=TUESDAY,
            room_id=hood.linde,
        )
    [send] = [job for job in JOBS if job.name == "send_messages"]
    with app.app_context():
        [report] = run_due(TUESDAY, [send])
    assert report.note.startswith("0 verstuurd")
    assert not list((tmp_path / "outbox").glob("*"))
    assert cells_with(app, *TRACES) == []
