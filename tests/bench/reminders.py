"""10,000 reminders that are due at once, two consumers, and one of them killed half-way."""

from __future__ import annotations

import os
import signal
import smtplib
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack, closing, contextmanager
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
DOMAIN = "proef.example"

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
        env["MAIL_FROM"] = f"ontmoet@{DOMAIN}"
        consumers = [stack.enter_context(working({**env, "ONTMOET_NOW": NOW})) for _ in range(2)]
        while not mailbox.received:
            time.sleep(0.05)
        began, spent = time.monotonic(), time.process_time()
        while len(mailbox.received) < REMINDERS / 3:
            time.sleep(0.05)
        consumers[0].kill()
        while _free(engine, began_at + timedelta(seconds=time.monotonic() - began)) and (
            time.monotonic() - began < 4 * LONGEST
        ):
            time.sleep(0.2)
        # The server is a thread of this process, which else only looks on.
        passed, served = time.monotonic() - began, time.process_time() - spent
        consumers[1].send_signal(signal.SIGTERM)
        consumers[1].wait()
        later = began_at + timedelta(minutes=30)
        command = [sys.executable, "-m", "flask", "--app", "app", "jobs", "due", "--now", later.isoformat()]
        subprocess.run(command, cwd=ROOT, env=env, check=False, stdout=subprocess.DEVNULL)  # noqa: S603
        times = Counter(mailbox.ids)
        mail = mailbox.received[0].content
    posted = _posted(engine)
    engine.dispose()
    came, twice = len(posted & times.keys()), sum(times.values()) - len(times)
    figure = f"{passed:.1f} s, {came:,} came, {twice} twice"
    met = passed <= LONGEST and came == REMINDERS and twice <= 1
    return [
        Row(f"{REMINDERS:,} reminders, two consumers, one killed", figure, f"≤ {LONGEST:.0f} s", met),
        Row("  of which the mail server itself was at work", f"{served:.1f} s of CPU"),
        Row("  for scale: one bare loop that sends as many mails", f"{_bare(mail):.1f} s"),
        Row("  for scale: as many writes that each are on disk", f"{_on_disk(folder):.1f} s"),
    ]


def _posted(engine: Engine) -> set[str]:
    """The Message-IDs of what this bench posted: what else fell due meanwhile comes too."""
    with engine.connect() as connection:
        found = connection.execute(text("select id from message where dedupe_key like 'bench:%'"))
        return {f"<message-{number}@{DOMAIN}>" for number in found.scalars()}


def _bare(mail: bytes) -> float:
    """Seconds in which the same mail goes to such a server as often, over one call, by a loop that does
    nothing else.
    """
    with mail_server() as mailbox, smtplib.SMTP(mailbox.host, mailbox.port, "bench.example") as server:
        server.ehlo()
        began = time.monotonic()
        for _ in range(REMINDERS):
            server.mail("bench@proef.example")
            server.rcpt("bench@proef.example")
            server.data(mail)
        return time.monotonic() - began


def _on_disk(folder: Path) -> float:
    """Seconds in which a database on the same disk commits as often."""
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("create table mark (number integer primary key)")
        began = time.monotonic()
        for _ in range(REMINDERS):
            connection.execute("insert into mark default values")
        return time.monotonic() - began


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
