"""Ending every way in of somebody. Runs inside a unit of work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Table, Update, bindparam, update

from ontmoet.db import Instant, execute
from ontmoet.people.actions import end_sessions

from .models import SignInLink, Slip

if TYPE_CHECKING:
    from datetime import datetime

_NOW = bindparam("now", type_=Instant())


def _ending(table: Table) -> Update:
    columns = table.c
    return (
        update(table)
        .where(columns.person_id == bindparam("whose"), columns.used_at.is_(None), columns.expires_at > _NOW)
        .values(expires_at=_NOW)
    )


_END_LINKS, _END_SLIPS = _ending(SignInLink.__table__), _ending(Slip.__table__)


def end_ways_in(person_id: int, *, now: datetime) -> None:
    """The links that were asked for this person and the slips that were made for them work no longer."""
    execute(_END_LINKS, whose=person_id, now=now)
    end_slips(person_id, now=now)


def end_slips(person_id: int, *, now: datetime) -> None:
    """The slips that were made for this person work no longer. Who gets a function needs another: it was made
    by somebody who may give what they might do then, not what they may do now.
    """
    execute(_END_SLIPS, whose=person_id, now=now)


def end_access(person_id: int, *, now: datetime) -> None:
    """End whatever this person has open, on every device, with the address of their calendar; and all that
    would let somebody in as them without knowing a secret of theirs.
    """
    end_sessions(person_id, now=now)
    end_ways_in(person_id, now=now)
