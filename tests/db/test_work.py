"""One transaction that writes: all of it or nothing, and nobody waits for ever."""

from __future__ import annotations

import errno
import threading
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from ontmoet.db import DatabaseBusy, db, execute, let_go, trouble, unit_of_work, violated
from ontmoet.rooms.queries import lock_room
from tests import builders as make
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from flask import Flask

    from tests.cast import Neighbourhood


def names(app: Flask) -> list[str]:
    return [row.name for row in rows(app, "select name from complex order by id")]


def add(name: str) -> None:
    execute(text("insert into complex (name, public_id) values (:name, :name)"), name=name)


def test_unit_of_work_commits_all_or_nothing(app_on_both: Flask) -> None:
    app = app_on_both
    with app.app_context():
        with unit_of_work():
            add("een")
            add("twee")
        with pytest.raises(KeyError), unit_of_work():  # noqa: PT012
            add("drie")
            raise KeyError
        with pytest.raises(IntegrityError), unit_of_work():  # noqa: PT012
            add("vier")
            execute(text("insert into complex (id, name, public_id) values (1, 'dubbel', 'dubbel')"))
        with unit_of_work():
            add("vijf")
    assert names(app) == ["een", "twee", "vijf"]


def test_page_that_read_before_it_wrote_commits_all_or_nothing_too(app_on_both: Flask) -> None:
    count = text("select count(*) from complex")
    with app_on_both.test_request_context():
        assert execute(count).scalar() == 0
        with pytest.raises(KeyError), unit_of_work():  # noqa: PT012
            add("een")
            raise KeyError
        assert execute(count).scalar() == 0
        with unit_of_work():
            add("twee")
        assert execute(count).scalar() == 1
    assert names(app_on_both) == ["twee"]


def test_who_need_not_wait_for_the_disk_does_not_and_the_next_one_does(app_on_both: Flask) -> None:
    ask = {"sqlite": "pragma synchronous", "postgresql": "show synchronous_commit"}
    waits = {"sqlite": {True: 2, False: 1}, "postgresql": {True: "on", False: "off"}}
    with app_on_both.app_context():
        product = db.engine.dialect.name
        for waits_for_disk in (False, True, False, True):
            with unit_of_work(waits_for_disk=waits_for_disk):
                add(f"{waits_for_disk} {len(names(app_on_both))}")
                assert execute(text(ask[product])).scalar() == waits[product][waits_for_disk]
    assert len(names(app_on_both)) == 4


def test_unit_of_work_judges_what_is_true_now(app_on_both: Flask) -> None:
    app = app_on_both
    with app.app_context():
        assert execute(text("select count(*) from complex")).scalar() == 0

        def elsewhere() -> None:
            with app.app_context(), unit_of_work():
                add("van een ander")

        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()
        with unit_of_work():
            assert execute(text("select count(*) from complex")).scalar() == 1


def test_read_without_a_unit_of_work_takes_no_turn(app: Flask) -> None:
    with app.extensions["ontmoet_writer_queue"].turn(1):
        assert row_counts(app, "complex") == {"complex": 0}


def test_writer_that_gets_no_turn_is_told_within_two_seconds(app: Flask) -> None:
    began = time.monotonic()
    held, done = threading.Event(), threading.Event()

    def holder() -> None:
        with app.app_context(), unit_of_work():
            held.set()
            done.wait(10)

    thread = threading.Thread(target=holder)
    thread.start()
    held.wait(10)
    try:
        with app.app_context(), pytest.raises(DatabaseBusy), unit_of_work():
            add("te laat")
    finally:
        done.set()
        thread.join()
    assert 0.9 < time.monotonic() - began < 3
    with app.app_context(), unit_of_work():
        add("daarna")
    assert names(app) == ["daarna"]


def test_writer_that_meets_a_lock_from_outside_the_queue_is_told_too(app: Flask, sqlite_url: str) -> None:
    outside = create_engine(sqlite_url)
    with outside.connect() as connection:
        connection.exec_driver_sql("begin immediate")
        with app.app_context(), pytest.raises(DatabaseBusy), unit_of_work():
            add("te laat")
    outside.dispose()
    assert names(app) == []


def test_second_booker_of_a_room_does_not_wait_for_ever(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    held, done = threading.Event(), threading.Event()

    def holder() -> None:
        with hood.app.app_context(), unit_of_work():
            lock_room(hood.linde)
            held.set()
            done.wait(10)

    thread = threading.Thread(target=holder)
    thread.start()
    held.wait(10)
    began = time.monotonic()
    actor = hood.actor("noor")
    try:
        with pytest.raises(DatabaseBusy):
            hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    finally:
        done.set()
        thread.join()
    assert time.monotonic() - began < 3
    assert actor.name == "Noor de Proef"
    assert row_counts(hood.app, "booking") == {"booking": 0}


def test_writers_of_many_threads_all_get_their_turn(app_on_both: Flask) -> None:
    app = app_on_both

    def write(number: int) -> None:
        with app.app_context(), unit_of_work():
            add(str(number))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names(app)) == [str(number) for number in range(8)]


def test_full_or_read_only_database_is_busy_and_not_a_bug(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(DatabaseBusy), unit_of_work():  # noqa: PT012
            execute(text("pragma query_only = 1"))
            add("te laat")
        let_go()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("pragma query_only = 0")
    assert names(app) == []


def test_what_the_log_is_told_of_trouble_names_it(app_on_both: Flask) -> None:
    def code(statement: str) -> str | None:
        with app_on_both.app_context(), pytest.raises((DatabaseBusy, ProgrammingError)) as failed:  # noqa: SIM117
            with unit_of_work():
                execute(text(statement))
        return trouble.code_of(failed.value)

    with app_on_both.app_context():
        on_sqlite = db.engine.dialect.name == "sqlite"
    assert code("delete from nergens") == ("SQLITE_ERROR" if on_sqlite else "42P01")
    assert trouble.code_of(DatabaseBusy()) is None
    busy = DatabaseBusy()
    busy.__cause__ = OSError(errno.ENOSPC, "geheim")
    assert trouble.code_of(busy) == "ENOSPC"


def test_violated_tells_which_promise_was_broken(app_on_both: Flask) -> None:
    app = app_on_both
    with app.app_context():
        make.make_corporation()
        with pytest.raises(IntegrityError) as broken, unit_of_work():
            execute(text("insert into corporation (id, name, phone) values (2, 'x', 'y')"))
    assert violated(broken.value, "ck_corporation_single")
    assert not violated(broken.value, "occupancy_no_overlap")
    assert not isinstance(broken.value, OperationalError)
