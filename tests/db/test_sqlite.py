"""How SQLite is set up, and the queue of its writers."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pytest

from ontmoet.db import db
from ontmoet.db.sqlite import PRAGMAS, NoTurn, WriterQueue

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).parents[2]
WRITER = """
import sys, time
from ontmoet.db.sqlite import WriterQueue
queue, log, me = WriterQueue(sys.argv[1]), sys.argv[2], sys.argv[3]
for _ in range(10):
    with queue.turn(20):
        with open(log, "a") as file: file.write(f"in {me}\\n")
        time.sleep(0.002)
        with open(log, "a") as file: file.write(f"out {me}\\n")
"""


def test_pragmas_read_back_as_they_were_set_on_every_connection(app_of_its_own: Flask) -> None:
    with app_of_its_own.app_context(), db.engine.connect() as one, db.engine.connect() as other:
        for connection in (one, other):
            found = {name: connection.exec_driver_sql(f"pragma {name}").scalar() for name in PRAGMAS}
            assert found == PRAGMAS
    assert PRAGMAS["synchronous"] == 2
    assert (PRAGMAS["journal_mode"], PRAGMAS["foreign_keys"]) == ("wal", 1)


def test_queue_lets_one_thread_at_a_time(tmp_path: Path) -> None:
    queue, inside, most = WriterQueue(str(tmp_path / "db")), [0], [0]

    def write() -> None:
        for _ in range(5):
            with queue.turn(10):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.001)
                inside[0] -= 1

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_queue_lets_one_process_at_a_time(tmp_path: Path) -> None:
    log = tmp_path / "log"
    writers = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", WRITER, str(tmp_path / "db"), str(log), str(number)], cwd=ROOT
        )
        for number in range(3)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    lines = log.read_text().splitlines()
    assert len(lines) == 60
    pairs = list(zip(lines[::2], lines[1::2], strict=True))
    assert [(enter.split()[0], leave.split()[0]) for enter, leave in pairs] == [("in", "out")] * 30
    assert all(enter.split()[1] == leave.split()[1] for enter, leave in pairs)


def test_turn_times_out_and_is_given_back(tmp_path: Path) -> None:
    one, other = WriterQueue(str(tmp_path / "db")), WriterQueue(str(tmp_path / "db"))
    with one.turn(1):
        for queue in (one, other):
            with pytest.raises(NoTurn), queue.turn(0.05):
                raise AssertionError("two at a time")
    with other.turn(0.05), pytest.raises(NoTurn), one.turn(0.05):
        raise AssertionError("two at a time")
    with pytest.raises(KeyError), one.turn(0.05):
        raise KeyError
    with one.turn(0.05):
        pass


def test_a_crowded_process_does_not_keep_the_turn_to_itself(tmp_path: Path) -> None:
    # Two queues at one file are as two processes.
    crowded, lonely = WriterQueue(str(tmp_path / "db")), WriterQueue(str(tmp_path / "db"))
    turns, enough = [0], threading.Event()

    def write() -> None:
        while not enough.is_set():
            with crowded.turn(20):
                turns[0] += 1
                time.sleep(0.003)

    crowd = [threading.Thread(target=write) for _ in range(8)]
    for thread in crowd:
        thread.start()
    let_by = []
    for _ in range(30):
        time.sleep(0.005)
        before = turns[0]
        with lonely.turn(20):
            let_by.append(turns[0] - before)
    enough.set()
    for thread in crowd:
        thread.join()
    assert median(let_by) <= 3, let_by
