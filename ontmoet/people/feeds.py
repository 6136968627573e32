"""The address of somebody's own calendar: made, shown again, made anew and ended. One for each person."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, delete, insert, select

from ontmoet.db import execute, lock_row
from ontmoet.kernel.sealing import seal, unseal
from ontmoet.kernel.tokens import digest_of, new_code

from .actor_queries import TAKES_PART
from .models import CalendarFeed, Person

if TYPE_CHECKING:
    from datetime import datetime

_feed = CalendarFeed.__table__
_person = Person.__table__

_OF_PERSON = select(_feed.c.token_sealed).where(_feed.c.person_id == bindparam("whose"))
_WHOSE = (
    select(_person.c.id, _person.c.language)
    .join_from(_feed, _person, _person.c.id == _feed.c.person_id)
    .where(
        _feed.c.token_hash == bindparam("digest"),
        _person.c.erased_at.is_(None),
        _person.c.merged_into_id.is_(None),
        TAKES_PART,
    )
)
_END = delete(_feed).where(_feed.c.person_id == bindparam("whose"))
_MAKE = insert(_feed)


class FeedReader(NamedTuple):
    """Whose calendar an address opens, and which language they read."""

    person_id: int
    language: str


def make_feed(person_id: int, *, key: str, now: datetime) -> None:
    """A new address; the one that was there works no longer. `key` is the token key."""
    lock_row(_person, person_id)
    token = new_code()
    execute(_END, whose=person_id)
    execute(
        _MAKE,
        person_id=person_id,
        token_hash=digest_of(token),
        token_sealed=seal(token, _purpose(person_id), key=key),
        made_at=now,
    )


def end_feed(person_id: int) -> bool:
    """The address works no longer, from now on; whether there was one."""
    return execute(_END, whose=person_id).rowcount > 0


def token_of(person_id: int, *, key: str) -> str | None:
    """The secret in this person's address; None without one, and when the token key became another."""
    sealed = execute(_OF_PERSON, whose=person_id).scalar()
    return None if sealed is None else unseal(sealed, _purpose(person_id), key=key)


def reader_by_token(token: str) -> FeedReader | None:
    """Whose calendar this secret opens."""
    row = execute(_WHOSE, digest=digest_of(token)).one_or_none()
    return None if row is None else FeedReader(row.id, row.language)


def _purpose(person_id: int) -> str:
    return f"calendar-feed/{person_id}"
