"""The consumer: what it is doing already is for another."""

from __future__ import annotations

import io
import json
import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TYPE_CHECKING
from unittest.mock import patch

from ontmoet.queue import consumer_for
from tests.watching import rows

if TYPE_CHECKING:
    from flask import Flask

    from tests.cast import Neighbourhood

CONSUMERS = 8


def test_what_a_consumer_is_doing_already_waits_for_another(hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(1) as pool:
        silent.settimeout(20)
        config = hood.app.extensions["ontmoet_config"]
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        hood.app.extensions["ontmoet_config"] = replace(config, smtp_url=url)
        huey = consumer_for(hood.app).huey
        (send,) = (task for task in huey._registry.periodic_tasks if task.name == "send_messages")
        for _ in range(2):
            huey.enqueue(type(send)())
        doing = pool.submit(huey.execute, huey.dequeue())
        connection, _ = silent.accept()
        # It waits for the greeting of the mail server. Meanwhile nobody else is to lose a turn.
        huey.execute(huey.dequeue())
        assert (huey.pending_count(), huey.scheduled_count()) == (0, 1)
        connection.close()
        doing.result()
    # The queue counts in UTC without saying so.
    later = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=2)
    (left,) = huey.read_schedule(later)
    huey.execute(left, later)
    assert [run.name for run in rows(hood.app, "select name from job_run")] == ["send_messages"] * 2


def test_failed_look_in_the_queue_is_one_line_in_the_log(app: Flask, logged: io.StringIO) -> None:
    consumer = consumer_for(app)
    away = sqlite3.OperationalError("unable to open database file")
    away.sqlite_errorname = "SQLITE_CANTOPEN"
    with patch.object(consumer.huey.storage, "dequeue", side_effect=away):
        consumer._create_worker().loop()
    line = json.loads(logged.getvalue())
    assert (line["event"], line["problem"], line["code"]) == ("queue", "OperationalError", "SQLITE_CANTOPEN")


def test_consumers_that_begin_at_once_find_one_queue(app_on_both: Flask) -> None:
    begin = Barrier(CONSUMERS)

    def consumer(_number: int) -> int:
        begin.wait()
        with closing(consumer_for(app_on_both).huey.storage) as storage:
            return storage.queue_size()

    with ThreadPoolExecutor(CONSUMERS) as pool:
        assert list(pool.map(consumer, range(CONSUMERS))) == [0] * CONSUMERS
