"""A child under the minimum age takes part when a parent or guardian of the same home agrees.

No birthday is kept: that somebody has a guardian says that they are a child. Who joins says whether they
are younger than the minimum age and types the name of a guardian who is there already; nobody is shown a
list. Until that person agreed, the child cannot sign in. A guardian who moves away stays the guardian; when
the guardian is gone, the agreement is gone too, and the child names another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, select, update

from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.actions import post as post_message
from ontmoet.trail.actions import record

from .actor_queries import TAKES_PART, actor_of
from .feeds import end_feed
from .models import Person, Residency, Session
from .rules import News, Reason, person_meant

if TYPE_CHECKING:
    from collections.abc import Collection

_person = Person.__table__
_residency = Residency.__table__
_session = Session.__table__
_hers = Residency.__table__.alias("hers")
_TODAY = bindparam("today", type_=LocalDate())
_CHILD: Any = bindparam("child")
_GUARDIAN: Any = bindparam("guardian")
_MOMENT = bindparam("moment", type_=Instant())

# A grown-up who lives in a home of the child's now.
_FIT = select(_person.c.id).where(
    _person.c.id == _GUARDIAN,
    _person.c.id != _CHILD,
    _person.c.guardian_id.is_(None),
    _person.c.erased_at.is_(None),
    exists().where(
        _residency.c.person_id == _CHILD,
        _hers.c.person_id == _GUARDIAN,
        _hers.c.home_id == _residency.c.home_id,
        *[lives.c.since <= _TODAY for lives in (_residency, _hers)],
        *[lives.c.until.is_(None) | (lives.c.until > _TODAY) for lives in (_residency, _hers)],
    ),
)
_GROWN_UPS = (
    select(_person.c.id, _person.c.name)
    .join_from(_residency, _person, _person.c.id == _residency.c.person_id)
    .where(
        _residency.c.home_id.in_(bindparam("home_ids", expanding=True)),
        _residency.c.since <= _TODAY,
        _residency.c.until.is_(None) | (_residency.c.until > _TODAY),
        _person.c.guardian_id.is_(None),
        _person.c.erased_at.is_(None),
        _person.c.merged_into_id.is_(None),
    )
    .order_by(_person.c.id)
)
_NAME = (
    update(_person)
    .where(_person.c.id == _CHILD)
    .values(guardian_id=_GUARDIAN, guardian_agreed_at=None, guardian_asked_at=_MOMENT)
)
_AGREE = (
    update(_person)
    .where(
        _person.c.id == _CHILD,
        _person.c.guardian_id == _GUARDIAN,
        _person.c.guardian_agreed_at.is_(None),
    )
    .values(guardian_agreed_at=_MOMENT)
)
_END = (
    update(_person)
    .where(_person.c.guardian_id == _GUARDIAN, _person.c.guardian_agreed_at.is_not(None))
    .values(guardian_agreed_at=None, guardian_asked_at=_MOMENT)
    .returning(_person.c.id)
)
_SIGN_OUT = (
    update(_session)
    .where(_session.c.person_id == _CHILD, _session.c.revoked_at.is_(None))
    .values(revoked_at=_MOMENT)
)
_WAITS = select(_person.c.id).where(_person.c.id == _CHILD, ~TAKES_PART)
_CHILDREN = (
    select(_person.c.public_id, _person.c.name, _person.c.guardian_agreed_at.is_not(None).label("agreed"))
    .where(_person.c.guardian_id == _GUARDIAN, _person.c.merged_into_id.is_(None))
    .order_by(_person.c.id)
)


@dataclass(frozen=True, slots=True)
class Child:
    """Somebody for whom a guardian answers."""

    public_id: str
    name: str
    has_agreement: bool


def grown_up_named(home_ids: Collection[int], typed: str, *, today: date) -> int | None:
    """Which grown-up who lives in one of these homes is meant by this name, if it is clear who."""
    grown_ups = execute(_GROWN_UPS, home_ids=list(home_ids), today=today).all()
    return person_meant(((row.id, row.name) for row in grown_ups), typed)


def waits_for_guardian(person_id: int) -> bool:
    """Whether this is a child of whom nobody, or nobody any more, finds it good that they take part."""
    return execute(_WAITS, child=person_id).first() is not None


def name_guardian(child_id: int, guardian_id: int, *, now: datetime) -> None:
    """Ask this person to answer for the child, and tell them, once a day. Raises `Refused` (NO_GUARDIAN)
    unless it is a grown-up who lives in the same home.
    """
    today = day_of(now)
    _refuse_unfit(child_id, guardian_id, today)
    execute(_NAME, child=child_id, guardian=guardian_id, moment=now)
    record("guardian_named", object_kind="person", object_id=child_id, actor_id=child_id, now=now)
    places = actor_of(child_id, today=today).places
    post_message(
        News.CHILD_ASKS,
        person_id=guardian_id,
        object_id=child_id,
        dedupe_key=f"{News.CHILD_ASKS}:{child_id}:{guardian_id}:{today.isoformat()}",
        due_at=now,
        now=now,
        room_id=places[0].room_id if places else None,
    )


def agree_as_guardian(child_id: int, guardian_id: int, *, now: datetime) -> None:
    """The guardian lets the child take part. Agreeing again changes nothing. Raises `Refused` (NO_GUARDIAN)
    when they do not live together any more.
    """
    if not waits_for_guardian(child_id):
        return
    _refuse_unfit(child_id, guardian_id, day_of(now))
    if execute(_AGREE, child=child_id, guardian=guardian_id, moment=now).rowcount:
        record(
            "guardian_agreed",
            object_kind="person",
            object_id=child_id,
            actor_id=guardian_id,
            on_behalf_of_id=child_id,
            now=now,
        )


def end_agreements(guardian_id: int, *, now: datetime) -> None:
    """The guardian is gone: the children are signed out, the addresses of their calendars end, and they take
    part again when another one agrees.
    """
    for child_id in execute(_END, guardian=guardian_id, moment=now).scalars().all():
        end_feed(child_id)
        execute(_SIGN_OUT, child=child_id, moment=now)
        record("guardian_gone", object_kind="person", object_id=child_id, actor_id=None, now=now)


def children_of(guardian_id: int) -> list[Child]:
    """For whom this person answers, or is asked to."""
    return [Child(*row) for row in execute(_CHILDREN, guardian=guardian_id)]


def _refuse_unfit(child_id: int, guardian_id: int, today: date) -> None:
    if execute(_FIT, child=child_id, guardian=guardian_id, today=today).first() is None:
        raise Refused(Objection(Reason.NO_GUARDIAN, "guardian"))
