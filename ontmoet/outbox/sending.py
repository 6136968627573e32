"""Sending what is due.

Messages are claimed, a few at a time, in a transaction of their own. Each is put into words, handed over
with no transaction open, and marked in another one before the next. Who dies half-way, or gets no answer
after the last word, leaves a claimed row: nobody knows whether it arrived. It comes back once, after a
pause, as the same mail with the same Message-ID. So a message is never sent more than twice, and mailboxes
can leave the second out.
"""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import structlog
from sqlalchemy import bindparam, select, update

from ontmoet.db import DatabaseBusy, Instant, current_connection, execute, let_go, unit_of_work
from ontmoet.web.i18n import speaking

from .letters import NotTaken, Unsure
from .models import Message, MessageStatus
from .refusals import AddressRefused, Barred, of_server
from .reporting import Report
from .rules import Way
from .transport import ServerAway
from .waiting import COLUMNS, MOST_ATTEMPTS, Waiting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Update

    from .letters import Letter
    from .rules import Route
    from .transport import Transport

log = structlog.get_logger("ontmoet")

FIRST_PAUSE = timedelta(minutes=10)
"""How long a claim lasts, which is more than any sending takes. Each next one lasts three times longer."""

CLAIMED_AT_ONCE = 10
"""In one transaction. A sender that is killed holds up the rest of these until its claim is over."""

LONGEST_ROUND = 50.0
"""Seconds after which what is left waits for the next round: a job has its turn every minute."""

MARKING_TRIES = 20

_message = Message.__table__

_DUE = (
    select(*COLUMNS)
    .where(
        _message.c.status == MessageStatus.WAITING,
        _message.c.due_at <= bindparam("now", type_=Instant()),
    )
    .order_by(_message.c.due_at, _message.c.id)
    .limit(CLAIMED_AT_ONCE)
    # PostgreSQL: what another sender claims just now is not waited for. On SQLite only one claims.
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(_message)
    .where(_message.c.id == bindparam("number"))
    .values(attempts=bindparam("claimed"), due_at=bindparam("until"))
)
# As long as nobody else took it on.
_OURS = (
    _message.c.id == bindparam("number"),
    _message.c.status == MessageStatus.WAITING,
    _message.c.attempts == bindparam("claimed"),
)
_END = update(_message).where(*_OURS).values(status=bindparam("ends"), attempts=bindparam("tried"))
_PUT_BACK = update(_message).where(*_OURS).values(attempts=bindparam("tried"), due_at=bindparam("until"))


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


@dataclass(frozen=True, slots=True)
class _Round:
    """One round of sending, and what was refused in it: that is judged once all were tried."""

    transport: Transport
    compose: Mapping[str, Composer]
    readers: Readers
    report: Report = field(default_factory=Report)
    refused: list[tuple[Waiting, AddressRefused]] = field(default_factory=list)


def send_due(
    now: datetime, *, transport: Transport, compose: Mapping[str, Composer], readers: Readers
) -> Report:
    """Send the messages that are due at `now` or become so meanwhile, each once, however many senders there
    are; not for much longer than `LONGEST_ROUND`. `compose` has a composer for each kind. A letter that is
    not taken is tried again later, a few times. Raises `DatabaseBusy`.
    """
    this = _Round(transport, compose, readers)
    try:
        _send_all(now, this)
    except BaseException:
        _give_back([message for message, _ in this.refused])
        raise
    finally:
        transport.hang_up()
    _judge_refusals(this, now)
    return this.report


def _send_all(now: datetime, this: _Round) -> None:
    began = time.monotonic()
    while True:
        moment = now + timedelta(seconds=int(time.monotonic() - began))
        ours = _claim(moment)
        if not ours:
            return
        while ours:
            # Also among those that are ours: no claim may end while its sender still goes on.
            if time.monotonic() - began > LONGEST_ROUND:
                _give_back(ours)
                return
            try:
                _send(ours[0], this, now=moment)
            except ServerAway as problem:
                # Not the messages' fault: it costs no attempt.
                _give_back(ours)
                this.report.away = str(problem)
                return
            except BaseException:
                _give_back(ours[1:])
                raise
            ours.pop(0)


def _send(message: Waiting, this: _Round, *, now: datetime) -> None:
    """One message, claimed by us. What goes wrong with it holds up no other; raises `ServerAway`."""
    if message.is_spent:
        # Its senders all died half-way.
        _end(message, MessageStatus.FAILED, this.report)
        return
    try:
        route, letter = _in_words(message, this.compose, this.readers, now)
        if route.after is not None:
            _put_back(message, tried=message.attempts, until=route.after)
            return
        status = MessageStatus.BY_HAND if route.way is Way.BY_HAND else MessageStatus.NOT_NEEDED
        if letter is not None:
            this.transport.send(letter, number=message.number, now=now)
            status = MessageStatus.SENT
    except ServerAway:
        raise
    except AddressRefused as problem:
        this.refused.append((message, problem))
        return
    except Exception as problem:
        _note_failure(message, problem, this.report, now)
        return
    _end(message, status, this.report)


def _judge_refusals(this: _Round, now: datetime) -> None:
    """Who has an address that does not work is told by hand from now on. Not when the server is at fault."""
    at_fault = of_server([problem for _, problem in this.refused], taken=this.report.sent)
    if at_fault:
        # Not the messages' fault either.
        _give_back([message for message, problem in this.refused if problem in at_fault])
        this.report.away = str(at_fault[0])
    for message, problem in this.refused:
        if problem in at_fault:
            continue
        if isinstance(problem, Barred):
            this.report.barred += 1
            _note_failure(message, problem, this.report, now)
            continue
        with unit_of_work():
            this.readers.note_refused(message.person_id, problem.address, now=now)
        _end(message, message.undelivered, this.report)


def _claim(now: datetime) -> list[Waiting]:
    """Some that are due, ours until their pause is over; none when nothing is left."""
    with unit_of_work():
        found = [Waiting(*row) for row in execute(_DUE, now=now)]
        if found:
            claims = [
                {"number": each.number, "claimed": each.when_claimed, "until": _pause_ends(each, now)}
                for each in found
            ]
            current_connection().execute(_CLAIM, claims)
    return found


def _pause_ends(message: Waiting, now: datetime) -> datetime:
    return now + FIRST_PAUSE * 3**message.attempts


def _give_back(messages: Sequence[Waiting]) -> None:
    """Let others have what was not tried."""
    for message in messages:
        _put_back(message, tried=message.attempts, until=message.due_at)


def _in_words(
    message: Waiting, compose: Mapping[str, Composer], readers: Readers, now: datetime
) -> tuple[Route, Letter | None]:
    """How it goes, and the letter when that is by mail and there is something to say."""
    try:
        route = readers.route(message, now=now)
        if route.after is not None or route.way is not Way.MAIL:
            return route, None
        with speaking(route.language):
            return route, compose[message.kind](message, now=now)
    finally:
        # All this reads: end that transaction before talking to a server.
        let_go()


def _note_failure(message: Waiting, problem: Exception, report: Report, now: datetime) -> None:
    is_ours = not isinstance(problem, NotTaken | Unsure)
    if message.is_last_attempt:
        _end(message, MessageStatus.FAILED if is_ours else message.undelivered, report)
    else:
        report.put_off += 1
        if not isinstance(problem, Unsure):
            # It did not arrive, so it may be tried as often as any.
            _put_back(message, tried=message.attempts + 1, until=_pause_ends(message, now))
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


def _end(message: Waiting, status: MessageStatus, report: Report) -> None:
    # What is spent had them all.
    _mark(_END, message, ends=status, tried=min(message.attempts + 1, MOST_ATTEMPTS))
    report.count(status)


def _put_back(message: Waiting, *, tried: int, until: datetime) -> None:
    _mark(_PUT_BACK, message, tried=tried, until=until)


def _mark(how: Update, message: Waiting, **values: object) -> None:
    """Write down how it ended. Waits for a busy database: a mail that is not marked is sent again. Does not
    wait for the disk: the next claim puts it there, and a power cut before that is rare.
    """
    for tries in range(1, MARKING_TRIES + 1):
        try:
            with unit_of_work(waits_for_disk=False):
                execute(how, number=message.number, claimed=message.when_claimed, **values)
        except DatabaseBusy:
            if tries == MARKING_TRIES:
                raise
            time.sleep(0.2)
        else:
            return
