"""The promises the database keeps itself are there on both products."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ontmoet.db import db, execute, guards, unit_of_work, violated
from ontmoet.rooms.queries import room_by_id
from tests import builders as make

if TYPE_CHECKING:
    from flask import Flask

    from tests.cast import Neighbourhood

NAMES = [
    "occupancy_no_overlap",
    "occupancy_not_too_long",
    "occupancy_never_updated",
    "audit_never_updated",
    "audit_never_deleted",
    "rules_version_never_updated",
    "rules_version_never_deleted",
    "custody_unbroken",
    "custody_ends_once",
    *(
        f"room_version_{table}_{deed}"
        for table in ("zone", "opening", "opening_exception", "use_rule", "right_of_use", "role", "works")
        for deed in ("insert", "update", "delete")
    ),
    "room_version_rules_version_insert",
    "room_version",
    "agenda_version_occupancy_insert",
    "agenda_version_occupancy_delete",
    "agenda_version_booking_update",
    *(f"agenda_version_closure_{deed}" for deed in ("insert", "update", "delete")),
    "room_version_person",
    "room_version_corporation",
]


def present(app: Flask) -> set[str]:
    """What stands on the tables, told by the database and not by us."""
    with app.app_context(), db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            listed = "select name from sqlite_master where type = 'trigger'"
        else:
            listed = (
                "select tgname from pg_trigger where not tgisinternal union select conname from pg_constraint"
                " where conname like 'occupancy%' and contype in ('c', 'x')"
            )
        return {name for (name,) in connection.execute(text(listed))}


def test_guards_that_are_listed_are_the_ones_that_stand(app_on_both: Flask) -> None:
    app = app_on_both
    assert [guard.name for guard in guards.GUARDS] == NAMES
    assert present(app) == set(NAMES)
    with app.app_context(), db.engine.connect() as connection:
        assert guards.missing(connection) == []


def test_guard_that_is_gone_is_missed_and_put_back(app_on_both: Flask) -> None:
    app = app_on_both
    on_sqlite = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    drop = (
        ("drop trigger occupancy_no_overlap", "drop trigger audit_never_deleted")
        if on_sqlite
        else (
            "alter table occupancy drop constraint occupancy_no_overlap",
            "drop trigger audit_never_deleted on audit",
        )
    )
    with app.app_context():
        with unit_of_work():
            for statement in drop:
                execute(text(statement))
        with db.engine.connect() as connection:
            assert guards.missing(connection) == ["occupancy_no_overlap", "audit_never_deleted"]
        answer = app.test_client().get("/readyz")
        assert answer.status_code == 503
        assert answer.get_json() == {
            "ready": False,
            "reason": "guards: occupancy_no_overlap, audit_never_deleted",
        }
        for _ in range(2):  # installing again changes nothing
            with db.engine.begin() as connection:
                guards.install(connection)
        with db.engine.connect() as connection:
            assert guards.missing(connection) == []
    assert app.test_client().get("/readyz").get_json() == {"ready": True}


def test_audit_can_be_added_to_and_never_changed_or_thinned(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    for statement, guard in (
        ("update audit set action = 'niets'", "audit_never_updated"),
        ("delete from audit", "audit_never_deleted"),
    ):
        with hood.app.app_context(), pytest.raises(IntegrityError) as refused, unit_of_work():
            execute(text(statement))
        assert violated(refused.value, guard)


def test_published_house_rules_are_never_changed_or_removed(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        before = room_by_id(hood.linde)
        make.make_rules(room_id=hood.linde)
        assert room_by_id(hood.linde).version > before.version
    for statement, guard in (
        ("update rules_version set body = 'Alles mag.'", "rules_version_never_updated"),
        ("delete from rules_version", "rules_version_never_deleted"),
    ):
        with hood.app.app_context(), pytest.raises(IntegrityError) as refused, unit_of_work():
            execute(text(statement))
        assert violated(refused.value, guard)
