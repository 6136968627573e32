"""Two consumers at work on what is due, and one of them killed in the middle: nothing twice, nothing lost."""

from __future__ import annotations

import os
import signal
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert

from ontmoet.db import execute, unit_of_work
from ontmoet.outbox.models import Message
from ontmoet.outbox.sending import CLAIMED_AT_ONCE, FIRST_PAUSE
from tests.fixtures import TUESDAY
from tests.outbox.mailbox import mail_server
from tests.real.nest import hatch
from tests.real.server import NOW, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cast import Neighbourhood
    from tests.real.nest import Hatched

MESSAGES = 60
LONGEST = 150.0
"""Work begins each minute: who lives on may have to wait for the next one first."""


def post_reminders(hood: Neighbourhood) -> None:
    """Many messages about one booking that are due now."""
    hood.book("noor", "2026-11-25 16:00", "2026-11-25 18:00")
    row = {
        "kind": "booking_confirmed",
        "person_id": hood.people["noor"],
        "object_id": 1,
        "made_at": TUESDAY,
        "due_at": TUESDAY,
        "status": "waiting",
        "attempts": 0,
        "room_id": hood.linde,
        "useful_until": TUESDAY + timedelta(days=1),
    }
    with hood.app.app_context(), unit_of_work():
        for number in range(MESSAGES - 1):
            execute(insert(Message.__table__), dedupe_key=f"test:{number}", **row)


@contextmanager
def jobs(words: list[str], env: dict[str, str], log: Path) -> Iterator[Hatched]:
    process = hatch(["flask", "--app", "app", "jobs", *words], env, log)
    try:
        yield process
    finally:
        process.send(signal.SIGKILL)
        process.wait()


def test_killed_consumer_loses_nothing_and_nothing_comes_twice(
    hood_on_both: Neighbourhood, database_url: str, tmp_path: Path
) -> None:
    post_reminders(hood_on_both)
    with ExitStack() as stack:
        mailbox = stack.enter_context(mail_server())
        mailbox.answers_after = 0.05
        env = {
            **os.environ,
            "DATABASE_URL": database_url,
            "ONTMOET_DATA": str(tmp_path),
            "SMTP_URL": mailbox.url,
        }
        env["ONTMOET_NOW"] = NOW
        workers = [
            stack.enter_context(jobs(["work"], env, tmp_path / f"{name}.log")) for name in ("one", "other")
        ]
        wait_until(lambda: len(mailbox.received) > MESSAGES / 4, "both are at work", LONGEST)
        workers[0].send(signal.SIGKILL)
        least = MESSAGES - CLAIMED_AT_ONCE
        wait_until(lambda: len(set(mailbox.ids)) >= least, "the other did the rest", LONGEST)
        workers[1].send(signal.SIGTERM)
        wait_until(lambda: workers[1].poll() is not None, "it ends", LONGEST)
        assert workers[1].poll() == 0, (tmp_path / "other.log").read_text()

        # What the killed one held comes once its claim is over.
        later = (TUESDAY + 2 * FIRST_PAUSE).isoformat()
        due = stack.enter_context(jobs(["due", "--now", later], env, tmp_path / "due.log"))
        wait_until(lambda: due.poll() is not None, "all that is due is done", LONGEST)
        assert due.poll() == 0, (tmp_path / "due.log").read_text()
    times = Counter(mailbox.ids)
    assert len(times) == MESSAGES
    # One mail may have been on its way when it was killed: it is the same mail, with the same id.
    assert sum(times.values()) <= MESSAGES + 1
