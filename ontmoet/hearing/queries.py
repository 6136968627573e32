"""Reading how people want to hear from us, and who is on the call list."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, or_, select

from ontmoet.db import LocalDate, execute
from ontmoet.kernel.tokens import digest_of
from ontmoet.outbox.models import Message, MessageStatus, Outcome, Telling
from ontmoet.outbox.waiting import COLUMNS, Waiting
from ontmoet.people.models import Person, Residency
from ontmoet.people.rules import Channel, Language, language_of
from ontmoet.rooms.models import Home

from .models import Hearing, OptIn
from .rules import QuietHours, Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ON_LIST = 60

_person = Person.__table__
_hearing = Hearing.__table__
_opt_in = OptIn.__table__
_message = Message.__table__
_telling = Telling.__table__
_home = Home.__table__
_residency = Residency.__table__
_TODAY = bindparam("today", type_=LocalDate())

_READER = (
    select(
        _person.c.channel,
        _person.c.language,
        _person.c.email,
        _hearing.c.refused_digest,
        _hearing.c.quiet_from,
        _hearing.c.quiet_until,
    )
    .join_from(_person, _hearing, _hearing.c.person_id == _person.c.id, isouter=True)
    .where(
        _person.c.id == bindparam("person_id"),
        _person.c.erased_at.is_(None),
        _person.c.merged_into_id.is_(None),
    )
)
_WANTS = select(_opt_in.c.kind).where(_opt_in.c.person_id == bindparam("person_id"))
_ID_OF = select(_person.c.id).where(_person.c.public_id == bindparam("public_id"))

_ON_LIST = (_message.c.room_id == bindparam("room_id"), _person.c.erased_at.is_(None))
# Somebody brings a slip to one door: that of the home they came to live in last.
_LIVES_AT = (
    select(_home.c.address)
    .join_from(_residency, _home, _home.c.id == _residency.c.home_id)
    .where(
        _residency.c.person_id == _person.c.id,
        _residency.c.since <= _TODAY,
        or_(_residency.c.until.is_(None), _residency.c.until > _TODAY),
    )
    .order_by(_residency.c.since.desc(), _residency.c.id.desc())
    .limit(1)
    .scalar_subquery()
    .label("address")
)
_LIST = (
    select(
        *COLUMNS,
        _message.c.status,
        _person.c.name,
        _person.c.phone,
        _LIVES_AT,
        _person.c.channel,
        _person.c.language,
    )
    .join_from(_message, _person, _person.c.id == _message.c.person_id)
    .where(*_ON_LIST, _message.c.status.in_((MessageStatus.BY_HAND, MessageStatus.TOLD)))
    # What comes first must be told first; of what happens at the same time, what waits longest.
    .order_by(
        case((_message.c.status == MessageStatus.BY_HAND, 0), else_=1),
        _message.c.useful_until.nulls_last(),
        _message.c.id,
    )
    .limit(MOST_ON_LIST)
)
_TELLINGS = (
    select(_telling.c.message_id, _telling.c.outcome, _telling.c.at, _telling.c.by_id, _person.c.name)
    .join_from(_telling, _person, _person.c.id == _telling.c.by_id)
    .where(_telling.c.message_id.in_(bindparam("message_ids", expanding=True)))
    .order_by(_telling.c.id)
)
_ROOM_OF_MESSAGE = select(_message.c.room_id).where(_message.c.id == bindparam("message_id"))


def reader_of(person_id: int) -> Reader | None:
    """The reader as they are now; None for somebody who is not there any more. Two statements."""
    found = execute(_READER, person_id=person_id).one_or_none()
    if found is None:
        return None
    quiet = QuietHours() if found.quiet_from is None else QuietHours(found.quiet_from, found.quiet_until)
    return Reader(
        Channel(found.channel),
        has_address=found.email is not None,
        is_refused=found.email is not None and found.refused_digest == digest_of(found.email),
        quiet=quiet,
        wants=frozenset(execute(_WANTS, person_id=person_id).scalars()),
        language=language_of(found.language),
    )


def is_refused(person_id: int) -> bool:
    """Whether a mail server does not know the address somebody has now. One statement."""
    found = execute(_READER, person_id=person_id).one_or_none()
    return found is not None and found.email is not None and found.refused_digest == digest_of(found.email)


def person_id_of(public_id: str) -> int | None:
    """Whose id in addresses this is; None for nobody's."""
    found: int | None = execute(_ID_OF, public_id=public_id).scalar()
    return found


@dataclass(frozen=True, slots=True)
class Tried:
    """Somebody went to tell a message: with which outcome, when and who."""

    outcome: Outcome
    at: datetime
    by_id: int
    by_name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One message on the call list of a room, and what was done about it so far."""

    message: Waiting
    is_told: bool
    name: str
    phone: str | None
    address: str | None
    channel: Channel
    language: Language
    tried: tuple[Tried, ...]


def call_list(room_id: int, today: date) -> tuple[Line, ...]:
    """The messages that people of this room tell by hand, what is told already last. Two statements."""
    found = execute(_LIST, room_id=room_id, today=today).all()
    tried = _tried([row.id for row in found])
    return tuple(
        Line(
            Waiting(*row[: len(COLUMNS)]),
            row.status == MessageStatus.TOLD,
            row.name,
            row.phone,
            row.address,
            Channel(row.channel),
            language_of(row.language),
            tuple(tried[row.id]),
        )
        for row in found
    )


def is_about_room(message_id: int, room_id: int) -> bool:
    """Whether this message is one for the people of this room to tell."""
    return bool(execute(_ROOM_OF_MESSAGE, message_id=message_id).scalar() == room_id)


def _tried(message_ids: Sequence[int]) -> defaultdict[int, list[Tried]]:
    tried: defaultdict[int, list[Tried]] = defaultdict(list)
    if message_ids:
        for row in execute(_TELLINGS, message_ids=message_ids):
            tried[row.message_id].append(Tried(Outcome(row.outcome), row.at, row.by_id, row.name))
    return tried
