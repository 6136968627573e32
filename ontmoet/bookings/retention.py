"""Who booked, and what for, is kept for a season; then only that somebody did.

Names leave in two steps. At the end of its term a booking loses its person and its purpose and keeps a
pseudonym: random, and the same for all bookings of one person in one room in one month. So a month can say
that eight times were used by three people. Nothing leads from one month to another, or from a room to the
next. All bookings of that month get the pseudonym when the first of them loses its name, since afterwards
nobody can tell whose it was. Later the pseudonym goes, and the home. Room, time and number of people stay.

A booking that came with a list never had a person. What it was for may name one all the same, so that goes
after the same term.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, case, delete, func, select, update

from ontmoet.db import Instant, execute
from ontmoet.kernel.retention import Outcome, Retention
from ontmoet.kernel.tokens import new_public_id
from ontmoet.kernel.walltime import day_of, month_of, start_of
from ontmoet.rooms.queries import lock_room
from ontmoet.web.i18n import lazy_gettext as _l

from . import missed
from .models import WORDS_OF_NOBODY, Booking, RequestQuestion
from .states import Visibility
from .use_retention import count_photos, take_photos, take_recorders
from .works import count_old_works, forget_works

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from ontmoet.db import AnyRow

MOST_AT_ONCE = 200
"""Bookings, all in one room: nobody who wants to book waits long."""

_booking = Booking.__table__
_question = RequestQuestion.__table__
_OVER = _booking.c.ends_at < bindparam("before", type_=Instant())
_NAMED = _OVER & _booking.c.person_id.is_not(None)
_OF_NOBODY = and_(_OVER, WORDS_OF_NOBODY)
_WITH_HOME = _OVER & _booking.c.person_id.is_(None) & _booking.c.home_id.is_not(None)
_PSEUDONYMOUS = _OVER & _booking.c.person_id.is_(None) & _booking.c.organiser_pseudonym.is_not(None)


def _counting(which: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(_booking).where(which)


def _room_of_the_first(which: ColumnElement[bool]) -> Any:
    return select(_booking.c.room_id).where(which).order_by(_booking.c.ends_at).limit(1)


def _some_of(which: ColumnElement[bool]) -> Any:
    return (
        select(
            _booking.c.id,
            _booking.c.room_id,
            _booking.c.person_id,
            _booking.c.starts_at,
            _booking.c.organiser_pseudonym,
        )
        .where(which, _booking.c.room_id == bindparam("room_id"))
        .order_by(_booking.c.ends_at)
        .limit(MOST_AT_ONCE)
    )


_COUNT_NAMED, _COUNT_PSEUDONYMOUS = _counting(_NAMED), _counting(_PSEUDONYMOUS)
_ROOM_NAMED, _ROOM_PSEUDONYMOUS = _room_of_the_first(_NAMED), _room_of_the_first(_PSEUDONYMOUS)
_SOME_NAMED, _SOME_PSEUDONYMOUS = _some_of(_NAMED), _some_of(_PSEUDONYMOUS)
_COUNT_OF_NOBODY = _counting(_OF_NOBODY)
_ROOM_OF_NOBODY, _SOME_OF_NOBODY = _room_of_the_first(_OF_NOBODY), _some_of(_OF_NOBODY)
_COUNT_WITH_HOME = _counting(_WITH_HOME)
_ROOM_WITH_HOME, _SOME_WITH_HOME = _room_of_the_first(_WITH_HOME), _some_of(_WITH_HOME)

_AMONG = _booking.c.id.in_(bindparam("ids", expanding=True))
_TAKE_NAMES = (
    update(_booking)
    .where(_AMONG)
    .values(
        person_id=None,
        entered_by_id=None,
        purpose="",
        fair_use_exception=None,
        responsible=None,
        decided_by_id=None,
        explanation=None,
    )
)
_TAKE_WORDS = (
    update(_booking)
    .where(_AMONG)
    .values(
        entered_by_id=None,
        purpose=case((_booking.c.visibility == Visibility.OPEN, _booking.c.purpose), else_=""),
    )
)
_TAKE_TALK = delete(_question).where(_question.c.booking_id.in_(bindparam("ids", expanding=True)))
_TAKE_PSEUDONYMS = update(_booking).where(_AMONG).values(organiser_pseudonym=None)
_TAKE_HOMES = update(_booking).where(_AMONG).values(home_id=None)
_GIVE_PSEUDONYM = (
    update(_booking)
    .where(
        _booking.c.room_id == bindparam("in_room"),
        _booking.c.person_id == bindparam("whose"),
        _booking.c.starts_at >= bindparam("since", type_=Instant()),
        _booking.c.starts_at < bindparam("until", type_=Instant()),
    )
    .values(organiser_pseudonym=bindparam("pseudonym"))
)


def take_names(before: datetime) -> int:
    """Some bookings that ended before then lose their person and purpose; how many. When none has a person
    any more, those that never had one lose their purpose.
    """
    room_id = execute(_ROOM_NAMED, before=before).scalar()
    if room_id is None:
        return _take_words(before)
    lock_room(room_id)
    old = execute(_SOME_NAMED, before=before, room_id=room_id).all()
    give_pseudonyms(old)
    ids = [row.id for row in old]
    execute(_TAKE_NAMES, ids=ids)
    take_recorders(ids)
    execute(_TAKE_TALK, ids=ids)
    return len(old)


def _take_words(before: datetime) -> int:
    room_id = execute(_ROOM_OF_NOBODY, before=before).scalar()
    if room_id is None:
        return 0
    lock_room(room_id)
    ids = [row.id for row in execute(_SOME_OF_NOBODY, before=before, room_id=room_id)]
    execute(_TAKE_WORDS, ids=ids)
    take_recorders(ids)
    return len(ids)


def _count_names(before: datetime) -> int:
    named: int = execute(_COUNT_NAMED, before=before).scalar_one()
    of_nobody: int = execute(_COUNT_OF_NOBODY, before=before).scalar_one()
    return named + of_nobody


def give_pseudonyms(bookings: Sequence[AnyRow]) -> None:
    """All bookings of each one's person in that room and month get one pseudonym, where they have none.

    The rows have id, room_id, person_id, starts_at and organiser_pseudonym; their rooms are locked.
    """
    fresh = {
        (row.room_id, row.person_id, month_of(day_of(row.starts_at)))
        for row in bookings
        if row.organiser_pseudonym is None
    }
    for room_id, person_id, (first, after) in fresh:
        execute(
            _GIVE_PSEUDONYM,
            in_room=room_id,
            whose=person_id,
            since=start_of(first),
            until=start_of(after),
            pseudonym=new_public_id(),
        )


def take_homes(before: datetime) -> int:
    """Some bookings that ended before then, and whose person is forgotten, lose their home; how many."""
    room_id = execute(_ROOM_WITH_HOME, before=before).scalar()
    if room_id is None:
        return 0
    lock_room(room_id)
    old = execute(_SOME_WITH_HOME, before=before, room_id=room_id).all()
    execute(_TAKE_HOMES, ids=[row.id for row in old])
    return len(old)


def take_pseudonyms(before: datetime) -> int:
    """Some bookings that ended before then lose their pseudonym; how many."""
    room_id = execute(_ROOM_PSEUDONYMOUS, before=before).scalar()
    if room_id is None:
        return 0
    lock_room(room_id)
    old = execute(_SOME_PSEUDONYMOUS, before=before, room_id=room_id).all()
    execute(_TAKE_PSEUDONYMS, ids=[row.id for row in old])
    return len(old)


RETENTIONS = (
    Retention(
        "forget_names",
        _l("Namen bij reserveringen"),
        what=_l(
            "Wie reserveerde, wie daarbij hielp of besliste, waarvoor, en wat daarover en bij het afsluiten"
            " is opgeschreven."
        ),
        why=_l("Dan weten vrijwilligers voor wie de ruimte is, en van wie een achtergebleven jas is."),
        term=timedelta(days=90),
        since=_l("na het einde van de reservering"),
        outcome=Outcome.NAMELESS,
        count=_count_names,
        forget=take_names,
    ),
    Retention(
        "forget_photos",
        _l("Foto’s bij de afsluitlijst"),
        what=_l("Een foto van hoe de ruimte achterbleef, zonder plaats en tijd erin."),
        why=_l("Dan is te zien wat er nog moet gebeuren, of wat er kapot is."),
        term=timedelta(days=90),
        since=_l("na het einde van de reservering"),
        outcome=Outcome.GONE,
        count=count_photos,
        forget=take_photos,
    ),
    Retention(
        "forget_pseudonyms",
        _l("Codes bij oude reserveringen"),
        what=_l("Een willekeurige code in plaats van je naam. Elke ruimte en elke maand een andere."),
        why=_l("Zo zien we of veel mensen de ruimte gebruiken, of steeds dezelfde. Niet wie dat zijn."),
        term=timedelta(days=730),
        since=_l("na het einde van de reservering"),
        outcome=Outcome.GONE,
        count=lambda before: execute(_COUNT_PSEUDONYMOUS, before=before).scalar_one(),
        forget=take_pseudonyms,
    ),
    Retention(
        "forget_homes",
        _l("Adressen bij oude reserveringen"),
        what=_l("Vanaf welk adres is gereserveerd. Niet door wie."),
        why=_l("Zo zien we of de ruimte eerlijk wordt gedeeld."),
        term=timedelta(days=730),
        since=_l("na het einde van de reservering"),
        outcome=Outcome.GONE,
        count=lambda before: execute(_COUNT_WITH_HOME, before=before).scalar_one(),
        forget=take_homes,
    ),
    Retention(
        "forget_missed_hours",
        _l("Gemiste uren"),
        what=_l("Hoe vaak iemand wilde komen toen de ruimte dicht was. Niet wie."),
        why=_l("Zo ziet de beheergroep of andere tijden beter zijn."),
        term=timedelta(days=365),
        since=_l("na de maand waarin iemand wilde komen"),
        outcome=Outcome.GONE,
        count=missed.count_old,
        forget=missed.forget_old,
    ),
    Retention(
        "forget_works",
        _l("Aangekondigd werk"),
        what=_l("Wat er gebeurt in de ruimte, wanneer, en wie daarvoor binnenkomt. Zonder naam."),
        why=_l("Dan weet iedereen wie er binnen is, en is later te zien wat er gedaan is."),
        term=timedelta(days=365),
        since=_l("nadat het klaar is"),
        outcome=Outcome.GONE,
        count=count_old_works,
        forget=forget_works,
    ),
)
