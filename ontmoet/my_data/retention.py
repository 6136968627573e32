"""How long somebody is known who has no home and no function here any more, or never was let in."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, func, or_, select

from ontmoet.bookings.models import Booking
from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel import clock
from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.kernel.walltime import day_of
from ontmoet.people.models import Person, Residency, Role, Session
from ontmoet.web.i18n import lazy_gettext as _l

from .erasing import erase

_person = Person.__table__
_session = Session.__table__
_booking = Booking.__table__
_DAY = bindparam("day", type_=LocalDate())
_BEFORE = bindparam("before", type_=Instant())


def _ties(table: type[Residency] | type[Role]) -> tuple[object, object]:
    """That somebody ever had one, and that none lasted until that day."""
    ties = table.__table__
    ever = exists().where(ties.c.person_id == _person.c.id)
    lasted = ever.where(or_(ties.c.until.is_(None), ties.c.until >= _DAY))
    return ever, ~lasted


_LIVED, _MOVED = _ties(Residency)
_WORKED, _STOPPED = _ties(Role)
_NOWHERE = (
    _person.c.erased_at.is_(None),
    _person.c.merged_into_id.is_(None),
    # Who never had a home or a function here is still on the way in.
    or_(_LIVED, _WORKED),  # type: ignore[arg-type]
    _MOVED,
    _STOPPED,
    ~exists().where(_session.c.person_id == _person.c.id, _session.c.started_at >= _BEFORE),
    ~exists().where(_booking.c.person_id == _person.c.id, _booking.c.ends_at >= _BEFORE),
)
_WAITING = (
    _person.c.erased_at.is_(None),
    _person.c.merged_into_id.is_(None),
    _person.c.guardian_id.is_not(None),
    _person.c.guardian_agreed_at.is_(None),
    _person.c.guardian_asked_at < _BEFORE,
)
_COUNT_WAITING = select(func.count()).select_from(_person).where(*_WAITING)
_FIRST_WAITING = select(_person.c.id).where(*_WAITING).order_by(_person.c.id).limit(1)
_COUNT = select(func.count()).select_from(_person).where(*_NOWHERE)  # type: ignore[arg-type]
_FIRST = select(_person.c.id).where(*_NOWHERE).order_by(_person.c.id).limit(1)  # type: ignore[arg-type]


def count_nowhere(before: datetime) -> int:
    """How many people have no home and no function since then, and did not come by either."""
    number: int = execute(_COUNT, before=before, day=day_of(before)).scalar_one()
    return number


def forget_nowhere(before: datetime) -> int:
    """One of those people is erased; how many. One at a time, for it locks every room they were in."""
    person_id = execute(_FIRST, before=before, day=day_of(before)).scalar()
    if person_id is None:
        return 0
    erase(person_id, by=None, now=clock.now())
    return 1


def count_waiting_children(before: datetime) -> int:
    """How many children wait since then for a guardian to agree."""
    number: int = execute(_COUNT_WAITING, before=before).scalar_one()
    return number


def forget_waiting_children(before: datetime) -> int:
    """One of those children is erased; how many."""
    person_id = execute(_FIRST_WAITING, before=before).scalar()
    if person_id is None:
        return 0
    erase(person_id, by=None, now=clock.now())
    return 1


RETENTIONS = (
    Retention(
        "forget_waiting_children",
        _l("Kinderen die wachten op een ouder of verzorger"),
        what=_l("Naam, telefoon, hoe je inlogt en waar je woont."),
        why=_l("Om je ouder of verzorger te vragen of je mee mag doen."),
        term=timedelta(days=90),
        since=_l("nadat je vroeg of het mocht, als niemand ja zei"),
        outcome=Outcome.GONE,
        count=count_waiting_children,
        forget=forget_waiting_children,
    ),
    Retention(
        "forget_people",
        _l("Mensen die hier niet meer wonen of werken"),
        what=_l("Naam, e-mailadres, telefoon, hoe je inlogt, waar je woonde en wat je deed."),
        why=_l("Om in te loggen, en om te weten welke ruimtes je kunt gebruiken."),
        term=timedelta(days=365),
        since=_l("nadat je hier niet meer woont of werkt, en niet meer inlogde"),
        outcome=Outcome.GONE,
        count=count_nowhere,
        forget=forget_nowhere,
    ),
)
