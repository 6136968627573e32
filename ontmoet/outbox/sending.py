"""Sending what is due.

A message is claimed in a transaction of its own, put into words, handed over with no transaction open,
and marked in another one. Who dies half-way, or gets no answer after the last word, leaves a claimed row:
nobody knows whether it arrived. It comes back once, after a pause, as the same mail with the same
Message-ID. So a message is never sent more than twice, and mailboxes can leave the second out.
"""

from __future__ import annotations

import random
import time
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import structlog
from sqlalchemy import bindparam, select, update

from ontmoet.db import DatabaseBusy, Instant, execute, let_go, unit_of_work
from ontmoet.web.i18n import speaking

from .letters import AddressRefused, NotTaken, Unsure
from .models import Message, MessageStatus
from .rules import Way
from .transport import ServerAway
from .waiting import MOST_ATTEMPTS, Waiting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement

    from .letters import Letter
    from .rules import Route
    from .transport import Transport

log = structlog.get_logger("ontmoet")

FIRST_PAUSE = timedelta(minutes=10)
"""How long a claim lasts, which is more than any sending takes. Each next one lasts three times longer."""

MOST_AT_ONCE = 200
LONGEST_ROUND = 50.0
"""Seconds after which what is left waits for the next round: a job has its turn every minute."""

MARKING_TRIES = 20

_message = Message.__table__

_DUE = (
    select(
        _message.c.id,
        _message.c.kind,
        _message.c.person_id,
        _message.c.object_id,
        _message.c.made_at,
        _message.c.due_at,
        _message.c.attempts,
        _message.c.room_id,
        _message.c.useful_until,
    )
    .where(
        _message.c.status == MessageStatus.WAITING,
        _message.c.due_at <= bindparam("now", type_=Instant()),
    )
    .order_by(_message.c.due_at, _message.c.id)
    .limit(MOST_AT_ONCE)
)


class Readers(Protocol):
    """Those who messages are for; asked at the moment of sending, since people change their minds."""

    def route(self, message: Waiting, *, now: datetime) -> Route:
        """How and when this message goes."""

    def note_refused(self, person_id: int, address: str, *, now: datetime) -> None:
        """A mail server does not know this address of theirs. In the open unit of work."""


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
    by_hand: int = 0
    not_needed: int = 0
    put_off: int = 0
    failed: int = 0
    broken: int = 0
    away: str | None = None

    def count(self, status: MessageStatus) -> None:
        """One more message that stands like this for good."""
        self.sent += status is MessageStatus.SENT
        self.by_hand += status is MessageStatus.BY_HAND
        self.not_needed += status is MessageStatus.NOT_NEEDED
        self.failed += status is MessageStatus.FAILED

    @property
    def is_well(self) -> bool:
        return self.away is None and not self.broken


def send_due(
    now: datetime, *, transport: Transport, compose: Mapping[str, Composer], readers: Readers
) -> Report:
    """Send the messages that are due at `now`, each once, however many senders there are; not for much
    longer than `LONGEST_ROUND`.

    `compose` has a composer for each kind. A letter that is not taken is tried again later, a few
    times. Raises `DatabaseBusy`.
    """
    report = Report()
    began = time.monotonic()
    is_full = True
    while is_full:
        batch = _due(now)
        is_full = len(batch) == MOST_AT_ONCE
        if is_full:
            # Several senders at the same batch begin at different places in it, and seldom meet.
            random.shuffle(batch)
        for message in batch:
            passed = time.monotonic() - began
            if passed > LONGEST_ROUND:
                return report
            moment = now + timedelta(seconds=int(passed))
            if message.attempts >= MOST_ATTEMPTS:
                report.failed += _give_up(message)
            elif _claim(message, moment):
                try:
                    _send(message, transport, compose, readers, report, now=moment)
                except ServerAway as problem:
                    # Not the message's fault: it costs no attempt.
                    _mark(message, attempts=message.attempts, due_at=message.due_at)
                    report.away = str(problem)
                    return report
    return report


def _send(
    message: Waiting,
    transport: Transport,
    compose: Mapping[str, Composer],
    readers: Readers,
    report: Report,
    *,
    now: datetime,
) -> None:
    """One message, claimed by us. What goes wrong with it holds up no other; raises `ServerAway`."""
    try:
        route = _asked(readers, message, now)
        if route.after is not None:
            _mark(message, attempts=message.attempts, due_at=route.after)
            return
        status = _deliver(message, route, transport, compose, now)
    except ServerAway:
        raise
    except AddressRefused as problem:
        status = message.undelivered
        with unit_of_work():
            readers.note_refused(message.person_id, problem.address, now=now)
    except Exception as problem:
        _note_failure(message, problem, report)
        return
    _mark(message, attempts=message.attempts + 1, status=status)
    report.count(status)


def _due(now: datetime) -> list[Waiting]:
    return [Waiting(*row) for row in execute(_DUE, now=now)]


def _claim(message: Waiting, now: datetime) -> bool:
    """Whether the message is ours until the pause is over. Who counts the attempt first has it."""
    pause = FIRST_PAUSE * 3**message.attempts
    with unit_of_work():
        claimed = execute(
            update(_message)
            .where(*_as_read(message, message.attempts))
            .values(attempts=message.when_claimed, due_at=now + pause)
        )
    return claimed.rowcount == 1


def _give_up(message: Waiting) -> bool:
    """Whether we were the one to end a message whose senders all died half-way."""
    with unit_of_work():
        ended = execute(
            update(_message).where(*_as_read(message, message.attempts)).values(status=MessageStatus.FAILED)
        )
    return ended.rowcount == 1


def _asked(readers: Readers, message: Waiting, now: datetime) -> Route:
    try:
        return readers.route(message, now=now)
    finally:
        let_go()


def _deliver(
    message: Waiting, route: Route, transport: Transport, compose: Mapping[str, Composer], now: datetime
) -> MessageStatus:
    if route.way is Way.BY_HAND:
        return MessageStatus.BY_HAND
    if route.way is Way.NOT_AT_ALL:
        return MessageStatus.NOT_NEEDED
    try:
        with speaking(route.language):
            letter = compose[message.kind](message, now=now)
    finally:
        # Composing reads: end that transaction before talking to a server.
        let_go()
    if letter is None:
        return MessageStatus.NOT_NEEDED
    transport.send(letter, number=message.number, now=now)
    return MessageStatus.SENT


def _note_failure(message: Waiting, problem: Exception, report: Report) -> None:
    is_ours = not isinstance(problem, NotTaken | Unsure)
    if message.is_last_attempt:
        status = MessageStatus.FAILED if is_ours else message.undelivered
        _mark(message, attempts=message.attempts + 1, status=status)
        report.count(status)
    else:
        report.put_off += 1
        if not isinstance(problem, Unsure):
            # It did not arrive, so it may be tried as often as any.
            _mark(message, attempts=message.attempts + 1)
    report.broken += is_ours
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
                execute(update(_message).where(*_as_read(message, message.when_claimed)).values(values))
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
