"""The consumer of `flask jobs work`: does each job every minute, for as long as it runs.

The queue is a detail. What is due are rows with a unique key, and each job does whatever of them it finds: so
two consumers, and `flask jobs due` besides, do nothing twice, and what a killed one left is done a minute
later. A task is the name of a job and no more; what waited for a minute is thrown away.
"""

from __future__ import annotations

import json
import logging
import threading
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from huey import Huey, PostgresHuey, SqliteHuey
from huey.consumer import Consumer
from huey.exceptions import RetryTask
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy.engine import make_url

from ontmoet.db import trouble
from ontmoet.db.alone import Alone, alone
from ontmoet.jobs import JOBS, Job, run_due
from ontmoet.kernel import clock

if TYPE_CHECKING:
    from flask import Flask

    from ontmoet.config import Config

log = structlog.get_logger("ontmoet")

AT_ONCE = 2
"""A mail server that is slow holds up one; the other goes on with the rest."""

LONGEST_STOP = 20.0
"""Seconds a job has to end what it is doing."""


class Plain(Serializer):
    """Tasks as JSON. Huey's own way is pickle, which runs whatever somebody wrote into the queue."""

    def _serialize(self, data: Any) -> bytes:
        if not isinstance(data, Message):
            raise TypeError("only tasks are put in the queue")
        return json.dumps(data._asdict(), default=_instant).encode()

    def _deserialize(self, data: bytes) -> Any:
        fields = json.loads(bytes(data))
        for name in ("eta", "expires_resolved"):
            if fields[name] is not None:
                fields[name] = datetime.fromisoformat(fields[name])
        return Message(**fields)


def _instant(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"no place for {type(value).__name__} in the queue")
    return value.isoformat()


class Lines(logging.Handler):
    """What the queue has to say as a line in our log. By itself it writes a trace for each failed look, and
    looks more than once a second.
    """

    def emit(self, record: logging.LogRecord) -> None:
        problem = record.exc_info[1] if record.exc_info else None
        log.warning(
            "queue",
            said=record.getMessage(),
            problem=None if problem is None else type(problem).__name__,
            code=None if problem is None else trouble.code_of(problem),
        )


def consumer_for(app: Flask) -> Consumer:
    """What does the work; `run` begins it and ends at a signal."""
    spoken = logging.getLogger("huey")
    spoken.handlers, spoken.propagate = [Lines()], False
    huey = _queue(app)
    for job in reversed(JOBS):
        _every_minute(app, huey, job)
    return Consumer(
        huey, workers=AT_ONCE, max_delay=2.0, graceful_signal="TERM", shutdown_timeout=LONGEST_STOP
    )


def _queue(app: Flask) -> Huey:
    config: Config = app.extensions["ontmoet_config"]
    if config.on_sqlite:
        return SqliteHuey(
            "ontmoet", filename=str(config.data / "queue.db"), results=False, serializer=Plain()
        )
    dsn = make_url(config.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    # A table that two make at once breaks one of them, "if not exists" or not.
    with app.app_context(), alone(Alone.MAKING_THE_QUEUE):
        return PostgresHuey("ontmoet", dsn=dsn, results=False, serializer=Plain())


def _every_minute(app: Flask, huey: Huey, job: Job) -> None:
    doing = threading.Lock()

    # What is first in the list goes first, and what was not begun within the minute waits for the next.
    @huey.periodic_task(lambda _: True, name=job.name, priority=-JOBS.index(job), expires=60)
    def do() -> None:
        if not doing.acquire(blocking=False):
            # Each consumer puts each job in the queue, and one may take both: the other is to have its turn.
            raise RetryTask(delay=1)
        try:
            with app.app_context():
                run_due(clock.now(), [job])
        finally:
            doing.release()
