"""`flask check` finds each thing that may not be, on both products, and says nothing of a sound house."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, text

from ontmoet.db import db, execute, guards, unit_of_work, writable
from ontmoet.jobs import JOBS, NotWell, run_due
from ontmoet.kernel import clock
from ontmoet.portal.checking import faults
from ontmoet.trail.models import Installation, InstallationKind
from ontmoet.trail.rules import LATE_AFTER, NIGHTLY_LATE_AFTER
from tests.bookings.deeds import cancel, close
from tests.fixtures import TUESDAY
from tests.samples import span

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from flask import Flask

    from tests.cast import Neighbourhood

AFTERNOON = ("2026-11-25 14:00", "2026-11-25 16:00")
COPY_OF_HELD_TIME = (
    "insert into occupancy (zone_id, held_from, held_until, booking_id, closure_id, expires_at)"
    " select {zone}, held_from, held_until, booking_id, closure_id, expires_at from occupancy"
)


@pytest.fixture
def lived_in(hood_on_both: Neighbourhood) -> Neighbourhood:
    """A whole-room booking, one of a zone, a cancelled one and a closure: all as they should be."""
    hood = hood_on_both
    hood.book("noor", *AFTERNOON, zone="")
    hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00", zone="keuken")
    cancel(hood, "noor", hood.book("noor", "2026-11-27 14:00", "2026-11-27 16:00"))
    close(hood, span("2026-11-28 08:00", "2026-11-30 12:00"))
    return hood


def found_after(hood: Neighbourhood, *deeds: str) -> list[str]:
    """What is found once these statements were run behind the back of the application."""
    with hood.app.app_context():
        with unit_of_work():
            for deed in deeds:
                execute(text(deed))
        return faults()


def test_house_that_cannot_write_is_told_and_stays_ready(
    lived_in: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> tuple[list[str], int, object]:
        with lived_in.app.app_context():
            found = [fault for fault in faults() if "opslaan" in fault]
        answer = lived_in.app.test_client().get("/readyz")
        return found, answer.status_code, answer.json

    assert told() == ([], 200, {"ready": True})
    with monkeypatch.context() as broken:
        broken.setattr(writable, "LEAST_ROOM", 2**63)
        full = "De schijf is vol, of bijna. Maak ruimte, anders kan niemand iets opslaan."
        assert told() == ([full], 200, {"ready": True, "writes": False, "reason": "disk full"})
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    [found], status, answer = told()
    assert "alleen te lezen" in found
    assert (status, answer) == (200, {"ready": True, "writes": False, "reason": "read-only"})


def test_whoever_writes_meanwhile_keeps_nobody_from_checking(hood: Neighbourhood, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ontmoet.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        with hood.app.app_context():
            assert faults() == []


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_that_only_reads_is_told(hood_on_both: Neighbourhood) -> None:
    with hood_on_both.app.app_context():
        execute(text("set default_transaction_read_only = on"))
        try:
            assert any("alleen te lezen" in fault for fault in faults())
        finally:
            execute(text("set default_transaction_read_only = off"))


def without_overlap_guard(hood: Neighbourhood) -> str:
    with hood.app.app_context():
        on_sqlite = db.engine.dialect.name == "sqlite"
    if on_sqlite:
        return f"drop trigger {guards.OVERLAP}"
    return f"alter table occupancy drop constraint {guards.OVERLAP}"


def test_sound_house_has_no_faults(lived_in: Neighbourhood) -> None:
    assert found_after(lived_in) == []


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        pytest.param(
            "delete from occupancy where booking_id = 1 and zone_id = 2",
            "Reserveringen die hun tijd niet in elk deel vasthouden: 1.",
            id="one zone of a whole room is lost",
        ),
        pytest.param(
            "delete from occupancy where booking_id is not null",
            "Reserveringen die hun tijd niet in elk deel vasthouden: 2.",
            id="all held time is lost",
        ),
        pytest.param(
            COPY_OF_HELD_TIME.format(zone=1) + " where booking_id = 2",
            "Bezette tijden die niet bij hun reservering passen: 1.",
            id="a zone is held that was not booked",
        ),
        pytest.param(
            "update booking set status = 'cancelled', reason = 'plans_changed' where id = 2",
            "Reserveringen die niet doorgaan en toch tijd vasthouden: 1.",
            id="cancelled and still there",
        ),
    ],
)
def test_held_time_that_does_not_fit_its_booking_is_found(
    lived_in: Neighbourhood, deed: str, sentence: str
) -> None:
    assert found_after(lived_in, deed) == [sentence]


def test_booking_that_moved_without_its_held_time_is_found(lived_in: Neighbourhood) -> None:
    deed = (
        "update booking set (starts_at, ends_at) ="
        " (select starts_at, ends_at from booking where id = 3) where id = 2"
    )
    assert found_after(lived_in, deed) == [
        "Reserveringen die hun tijd niet in elk deel vasthouden: 1.",
        "Bezette tijden die niet bij hun reservering passen: 1.",
    ]


def test_zone_of_another_room_is_found(lived_in: Neighbourhood) -> None:
    deed = (
        "update booking set zone_id = (select id from zone where zone.room_id <> booking.room_id)"
        " where id = 2"
    )
    assert found_after(lived_in, deed) == [
        "Bezette tijden die niet bij hun reservering passen: 1.",
        "Reserveringen met een deel van een andere ruimte: 1.",
    ]


def test_overlap_is_found_once_the_guard_is_gone(lived_in: Neighbourhood) -> None:
    zone_of_closure = "(select min(zone_id) from occupancy where closure_id is not null)"
    found = found_after(
        lived_in,
        without_overlap_guard(lived_in),
        COPY_OF_HELD_TIME.format(zone="zone_id")
        + f" where closure_id is not null and zone_id = {zone_of_closure}",
    )
    assert found == [
        f"In de database ontbreekt de bewaking {guards.OVERLAP}.",
        "Bezette tijden die elkaar overlappen: 3.",
    ]


def test_reference_to_nothing_is_found_on_sqlite(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        raw = db.engine.raw_connection()
        raw.driver_connection.execute("pragma foreign_keys = 0")
        raw.driver_connection.execute("delete from complex")
        raw.close()
        db.engine.dispose()
        found = faults()
    assert found == ["Rijen die naar iets verwijzen dat er niet is: 6."]


AND_ITS_WORK = timedelta(minutes=1)
"""More than the work itself takes, on a busy machine too: it stands as done when it ended."""

LATE = (
    f"Dit werk is te lang niet gedaan: {', '.join(job.title for job in JOBS if not job.nightly)}. "
    "Draai elke minuut: flask --app app jobs due."
)


@pytest.fixture
def installed(hood_on_both: Neighbourhood) -> Flask:
    """A house installed at this very moment, of which no job has run yet."""
    with hood_on_both.app.app_context(), unit_of_work():
        execute(insert(Installation.__table__), id=1, kind=InstallationKind.REAL, made_at=TUESDAY)
    return hood_on_both.app


def said_now(app: Flask) -> list[str]:
    with app.app_context():
        return faults()


def test_work_that_never_was_done_is_found_in_time(
    installed: Flask, moment: Callable[[timedelta], None]
) -> None:
    moment(LATE_AFTER)
    assert said_now(installed) == []
    moment(timedelta(seconds=1))
    assert said_now(installed) == [LATE]


def test_work_that_stopped_is_found_in_time(installed: Flask, moment: Callable[[timedelta], None]) -> None:
    moment(timedelta(days=1))
    with installed.app_context():
        run_due(clock.now())
    moment(LATE_AFTER)
    assert said_now(installed) == []
    moment(AND_ITS_WORK)
    assert said_now(installed) == [LATE]


def test_work_of_the_night_has_a_night_and_two_hours(
    installed: Flask, moment: Callable[[timedelta], None]
) -> None:
    with installed.app_context():
        run_due(TUESDAY)
    moment(NIGHTLY_LATE_AFTER)
    by_day = [job for job in JOBS if not job.nightly]
    with installed.app_context():
        run_due(clock.now(), by_day)
    assert said_now(installed) == []
    moment(AND_ITS_WORK)
    late = ", ".join(job.title for job in JOBS if job.nightly)
    assert said_now(installed) == [
        f"Dit werk is te lang niet gedaan: {late}. Draai elke minuut: flask --app app jobs due."
    ]


def test_work_that_went_wrong_the_last_time_is_found(installed: Flask) -> None:
    def fail(now: datetime) -> str:
        raise NotWell("De mailserver neemt niets aan.")

    mail = next(job for job in JOBS if job.name == "send_messages")
    with installed.app_context():
        run_due(TUESDAY, [replace(mail, run=fail)])
        assert faults() == ["Dit werk ging de laatste keer mis: Berichten: De mailserver neemt niets aan."]
        run_due(TUESDAY)
        assert faults() == []


def test_late_work_leaves_the_server_ready(installed: Flask, moment: Callable[[timedelta], None]) -> None:
    moment(timedelta(days=1))
    assert said_now(installed) == [LATE]
    assert installed.test_client().get("/readyz").status_code == 200


def test_database_without_tables_is_told_to_migrate(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            execute(text("delete from alembic_version"))
        assert faults() == ["De database is niet bijgewerkt. Draai eerst: flask --app app db upgrade."]


def test_command_says_what_is_wrong_and_fails(hood: Neighbourhood) -> None:
    runner = hood.app.test_cli_runner()
    sound = runner.invoke(args=["check"])
    assert (sound.exit_code, sound.output) == (0, "In orde.\n")
    found_after(hood, without_overlap_guard(hood))
    faulty = runner.invoke(args=["check"])
    assert faulty.exit_code == 1
    assert faulty.output == f"In de database ontbreekt de bewaking {guards.OVERLAP}.\n"
