"""The address of somebody's own calendar is made, made anew or ended, and that it was is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.people.feeds import end_feed, make_feed, token_of
from ontmoet.trail.actions import record

if TYPE_CHECKING:
    from datetime import datetime


def make(person_id: int, *, key: str, anew: bool, now: datetime) -> None:
    """An address. One that works stays, unless a new one is asked for (`anew`)."""
    if not anew and token_of(person_id, key=key) is not None:
        return
    make_feed(person_id, key=key, now=now)
    _record("calendar_feed_made", person_id, now)


def end(person_id: int, *, now: datetime) -> None:
    """The address works no longer. Ending what is not there changes nothing."""
    if end_feed(person_id):
        _record("calendar_feed_ended", person_id, now)


def _record(action: str, person_id: int, now: datetime) -> None:
    record(action, object_kind="person", object_id=person_id, actor_id=person_id, now=now)
