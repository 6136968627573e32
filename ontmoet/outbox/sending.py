"""Sending what is due.

A message is claimed in a transaction of its own, put into words, handed over with no transaction open,
and marked in another one. Who dies half-way leaves a claimed row: it comes back after a pause, as the
same mail with the same Message-ID.
"""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import structlog
from sqlalchemy import bindparam, select, update

from ontmoet.db import DatabaseBusy, Instant, execute, let_go, unit_of_work

from .letters import NotTaken
from .models import Message, MessageStatus
from .transport import ServerAway

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement

    from .letters import Letter
    from .transport import Transport

log = structlog.get_logger("ontmoet")

MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(minutes=10)
"""How long a claim lasts, which is more than any sending takes. Each next one lasts three times longer."""

MOST_AT_ONCE = 200
MARKING_TRIES = 20

_message = Message.__table__

_DUE = (
    select(
        _message.c.id,
        _message.c.kind,
        _message.c.person_id,
        _message.c.object_id,
        _message.c.due_at,
        _message.c.attempts,
    )
    .where(
        _message.c.status == MessageStatus.WAITING,
        _message.c.due_at <= bindparam("now", type_=Instant()),
    )
    .order_by(_message.c.due_at, _message.c.id)
    .limit(MOST_AT_ONCE)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits, as its row was read."""

    number: int
    kind: str
    person_id: int
    object_id: int
    due_at: datetime
    attempts: int

    @property
    def is_last_attempt(self) -> bool:
        return self.attempts + 1 >= MOST_ATTEMPTS


class Composer(Protocol):
    """Puts one kind of message into words."""

    def __call__(self, message: Waiting, *, now: datetime) -> Letter | None:
        """The letter; None when there is nothing to send: no e-mail, or no longer true."""


@dataclass(slots=True)
class Report:
    """How a round of sending went, in numbers of messages.

    `away` says why the mail server took nothing; then all that is left stays as it was. `broken` counts
    faults of our own.
    """

    sent: int = 0
    not_needed: int = 0
    put_off: int = 0
    failed: int = 0
    broken: int = 0
    away: str | None = None

    @property
    def is_well(self) -> bool:
        return self.away is None and not self.broken


def send_due(now: datetime, *, transport: Transport, compose: Mapping[str, Composer]) -> Report:
    """Send the messages that are due at `now`, each once, however many senders there are.

    `compose` has a composer for each kind. A letter that is not taken is tried again later, a few
    times. Raises `DatabaseBusy`.
    """
    report = Report()
    began = time.monotonic()
    for message in _due(now):
        moment = now + timedelta(seconds=int(time.monotonic() - began))
        if message.attempts >= MOST_ATTEMPTS:
            report.failed += _give_up(message)
            continue
        if not _claim(message, moment):
            continue
        try:
            status = _deliver(message, transport, compose, moment)
        except ServerAway as problem:
            # Not the message's fault: it costs no attempt.
            _mark(message, attempts=message.attempts, due_at=message.due_at)
            report.away = str(problem)
            break
        except Exception as problem:  # one faulty message must not hold up the others
            _note_failure(message, problem, report)
        else:
            _mark(message, status=status)
            report.sent += status is MessageStatus.SENT
            report.not_needed += status is MessageStatus.NOT_NEEDED
    return report


def _due(now: datetime) -> Sequence[Waiting]:
    return [Waiting(*row) for row in execute(_DUE, now=now)]


def _claim(message: Waiting, now: datetime) -> bool:
    """Whether the message is ours until the pause is over. Who counts the attempt first has it."""
    pause = FIRST_PAUSE * 3**message.attempts
    with unit_of_work():
        claimed = execute(
            update(_message)
            .where(*_as_read(message, message.attempts))
            .values(attempts=message.attempts + 1, due_at=now + pause)
        )
    return claimed.rowcount == 1


def _give_up(message: Waiting) -> bool:
    """Whether we were the one to end a message whose senders all died half-way."""
    with unit_of_work():
        ended = execute(
            update(_message).where(*_as_read(message, message.attempts)).values(status=MessageStatus.FAILED)
        )
    return ended.rowcount == 1


def _deliver(
    message: Waiting, transport: Transport, compose: Mapping[str, Composer], now: datetime
) -> MessageStatus:
    try:
        letter = compose[message.kind](message, now=now)
    finally:
        # Composing reads: end that transaction before talking to a server.
        let_go()
    if letter is None:
        return MessageStatus.NOT_NEEDED
    transport.send(letter, number=message.number, now=now)
    return MessageStatus.SENT


def _note_failure(message: Waiting, problem: Exception, report: Report) -> None:
    if message.is_last_attempt:
        _mark(message, status=MessageStatus.FAILED)
        report.failed += 1
    else:
        report.put_off += 1
    report.broken += not isinstance(problem, NotTaken)
    # The problem's own text may hold an address, which has no place in a log.
    place = traceback.extract_tb(problem.__traceback__)[-1]
    log.warning(
        "message_not_sent",
        message=message.number,
        kind=message.kind,
        attempt=message.attempts + 1,
        problem=type(problem).__name__,
        where=f"{place.filename}:{place.lineno}",
    )


def _mark(message: Waiting, **values: object) -> None:
    """Write down how it ended. Waits for a busy database: a mail that is not marked is sent again."""
    for tries in range(1, MARKING_TRIES + 1):
        try:
            with unit_of_work():
                execute(update(_message).where(*_as_read(message, message.attempts + 1)).values(values))
        except DatabaseBusy:
            if tries == MARKING_TRIES:
                raise
            time.sleep(0.2)
        else:
            return


def _as_read(message: Waiting, attempts: int) -> tuple[ColumnElement[bool], ...]:
    """The row, as long as nobody else took it on."""
    return (
        _message.c.id == message.number,
        _message.c.status == MessageStatus.WAITING,
        _message.c.attempts == attempts,
    )
