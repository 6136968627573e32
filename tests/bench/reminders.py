"""10,000 reminders that are due at once, two consumers, and one of them killed half-way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from tests.bench.rows import Row
from tests.outbox.mailbox import mail_server
from tests.real.server import NOW, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

REMINDERS = 10_000
LONGEST = 60.0

ASK_FOR = "insert into opt_in (person_id, kind) select id, 'booking_reminder' from person"
POST = """
insert into message (dedupe_key, kind, person_id, object_id, made_at, due_at, status, attempts, room_id,
                     useful_until)
with recursive number(n) as (select 1 union all select n + 1 from number where n < :reminders),
     coming as (select id, person_id, room_id, starts_at, row_number() over (order by id) - 1 as place,
                       count(*) over () as total
                from booking where status = 'confirmed' and starts_at > :until and person_id is not null)
select 'bench:' || n, 'booking_reminder', coming.person_id, coming.id, :now, :now, 'waiting', 0,
       coming.room_id, coming.starts_at
from number join coming on coming.place = number.n % coming.total
"""
ALL_BY_MAIL = "update person set channel = 'mail', email = coalesce(email, 'p' || id || '@proef.example')"


def rows(url: str, folder: Path) -> list[Row]:
    """Until no message waits but what the killed one held; and once its claim is over, all have come."""
    engine = create_engine(url)
    began_at = datetime.fromisoformat(NOW)
    with engine.begin() as connection:
        seconds = int(began_at.timestamp())
        for statement in (
            "delete from opt_in",
            "delete from telling",
            "delete from message",
            ASK_FOR,
            ALL_BY_MAIL,
        ):
            connection.execute(text(statement))
        connection.execute(
            text(POST), {"reminders": REMINDERS, "now": seconds - 60, "until": seconds + 24 * 3600}
        )
    with ExitStack() as stack:
        mailbox = stack.enter_context(mail_server())
        env = {**os.environ, "DATABASE_URL": url, "ONTMOET_DATA": str(folder), "SMTP_URL": mailbox.url}
        consumers = [stack.enter_context(working({**env, "ONTMOET_NOW": NOW})) for _ in range(2)]
        while not mailbox.received:
            time.sleep(0.05)
        began = time.monotonic()
        while len(mailbox.received) < REMINDERS / 3:
            time.sleep(0.05)
        consumers[0].kill()
        while _free(engine, began_at + timedelta(seconds=time.monotonic() - began)) and (
            time.monotonic() - began < 4 * LONGEST
        ):
            time.sleep(0.2)
        passed = time.monotonic() - began
        consumers[1].send_signal(signal.SIGTERM)
        consumers[1].wait()
        later = began_at + timedelta(minutes=30)
        command = [sys.executable, "-m", "flask", "--app", "app", "jobs", "due", "--now", later.isoformat()]
        subprocess.run(command, cwd=ROOT, env=env, check=False, stdout=subprocess.DEVNULL)  # noqa: S603
        times = Counter(mailbox.ids)
    engine.dispose()
    twice = sum(times.values()) - len(times)
    figure = f"{passed:.1f} s, {len(times):,} came, {twice} twice"
    met = passed <= LONGEST and len(times) == REMINDERS and twice <= 1
    return [Row(f"{REMINDERS:,} reminders, two consumers, one killed", figure, f"≤ {LONGEST:.0f} s", met)]


def _free(engine: Engine, now: datetime) -> int:
    """How many messages wait for anybody."""
    free = "select count(*) from message where status = 'waiting' and due_at <= :now"
    with engine.connect() as connection:
        number: int = connection.execute(text(free), {"now": int(now.timestamp())}).scalar_one()
    return number


@contextmanager
def working(env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A consumer, killed at the end."""
    command = [sys.executable, "-m", "flask", "--app", "app", "jobs", "work"]
    process = subprocess.Popen(command, cwd=ROOT, env=env)  # noqa: S603 - our own
    try:
        yield process
    finally:
        process.kill()
        process.wait()
