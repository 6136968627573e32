"""Looks for what may never be in the database, and for work left undone, for `flask check`. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import and_, exists, func, or_, select, text

from ontmoet.bookings.models import Booking, Occupancy
from ontmoet.bookings.states import HOLDS_THE_ROOM
from ontmoet.db import current_connection, execute, guards, migrations
from ontmoet.db.writable import Hindrance, hindrance
from ontmoet.kernel import clock
from ontmoet.keys.boxes import unreadable_codes
from ontmoet.keys.models import Custody, KeyCopy
from ontmoet.people.models import Person
from ontmoet.rooms.models import Zone
from ontmoet.trail.queries import installed_at, job_states
from ontmoet.trail.rules import Chore, Standing, standing
from ontmoet.web.settings import current_config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Executable

_booking = Booking.__table__
_occupancy = Occupancy.__table__
_zone = Zone.__table__
_copy = KeyCopy.__table__
_custody = Custody.__table__
_person = Person.__table__

_HOLDS = _booking.c.status.in_([*HOLDS_THE_ROOM])

# The zones a booking ought to hold: its own, or all of its room.
_ITS_ZONES = and_(
    _zone.c.room_id == _booking.c.room_id,
    or_(and_(_booking.c.zone_id.is_(None), _zone.c.ended_at.is_(None)), _booking.c.zone_id == _zone.c.id),
)

# In order of time, a row that overlaps any later row overlaps the next one too: one pass finds it.
_in_order = select(
    _occupancy.c.held_until,
    func.lead(_occupancy.c.held_from)
    .over(partition_by=_occupancy.c.zone_id, order_by=(_occupancy.c.held_from, _occupancy.c.id))
    .label("next_from"),
).subquery()
_OVERLAPPING = select(func.count()).where(_in_order.c.held_until > _in_order.c.next_from)

_WITHOUT_TIME = (
    select(func.count(_booking.c.id.distinct()))
    .join_from(_booking, _zone, _ITS_ZONES)
    .where(
        _HOLDS,
        ~exists().where(
            _occupancy.c.booking_id == _booking.c.id,
            _occupancy.c.zone_id == _zone.c.id,
            _occupancy.c.held_from == _booking.c.starts_at,
            _occupancy.c.held_until >= _booking.c.ends_at,
        ),
    )
)

_TIME_OF_OTHERS = (
    select(func.count())
    .join_from(_occupancy, _booking, _booking.c.id == _occupancy.c.booking_id)
    .where(
        _HOLDS,
        or_(
            _occupancy.c.held_from != _booking.c.starts_at,
            ~exists().where(_zone.c.id == _occupancy.c.zone_id, _ITS_ZONES),
        ),
    )
)

_TIME_WITHOUT_BOOKING = (
    select(func.count(_booking.c.id.distinct()))
    .join_from(_occupancy, _booking, _booking.c.id == _occupancy.c.booking_id)
    .where(~_HOLDS)
)

_ZONE_ELSEWHERE = (
    select(func.count())
    .join_from(_booking, _zone, _zone.c.id == _booking.c.zone_id)
    .where(_zone.c.room_id != _booking.c.room_id)
)

_TRACES = (
    select(func.count())
    .select_from(_person)
    .where(_person.c.erased_at.is_not(None), _person.c.traces_gone_at.is_(None))
)

_custody_in_order = select(
    _custody.c.until,
    func.lead(_custody.c.since)
    .over(partition_by=_custody.c.copy_id, order_by=(_custody.c.since, _custody.c.id))
    .label("next_since"),
).subquery()
# The last row of a copy has no end, all others end where the next begins.
_BROKEN_CUSTODY = select(func.count()).where(
    or_(
        _custody_in_order.c.until.is_(None) & _custody_in_order.c.next_since.is_not(None),
        _custody_in_order.c.until.is_not(None) & _custody_in_order.c.next_since.is_(None),
        _custody_in_order.c.until != _custody_in_order.c.next_since,
    )
)
_WITHOUT_CUSTODY = (
    select(func.count()).select_from(_copy).where(~exists().where(_custody.c.copy_id == _copy.c.id))
)

NOT_MIGRATED = "De database is niet bijgewerkt. Draai eerst: flask --app app db upgrade."

_CANNOT_WRITE = {
    Hindrance.FULL: "De schijf is vol, of bijna. Maak ruimte, anders kan niemand iets opslaan.",
    Hindrance.READ_ONLY: (
        "De database is alleen te lezen: niemand kan iets opslaan. "
        "Kijk naar de schijf, en van wie de bestanden en de map zijn."
    ),
}

_COUNTS: tuple[tuple[Executable, str], ...] = (
    (_OVERLAPPING, "Bezette tijden die elkaar overlappen: {}."),
    (_WITHOUT_TIME, "Reserveringen die hun tijd niet in elk deel vasthouden: {}."),
    (_TIME_OF_OTHERS, "Bezette tijden die niet bij hun reservering passen: {}."),
    (_TIME_WITHOUT_BOOKING, "Reserveringen die niet doorgaan en toch tijd vasthouden: {}."),
    (_ZONE_ELSEWHERE, "Reserveringen met een deel van een andere ruimte: {}."),
    (_BROKEN_CUSTODY, "Sleutels waarvan niet op elk moment één houder bekend is: {}."),
    (_WITHOUT_CUSTODY, "Sleutels waarvan niemand weet waar ze zijn: {}."),
)
_WORK_LEFT: tuple[tuple[Executable, str], ...] = (
    (_TRACES, "Mensen die gewist zijn en van wie nog sporen in een bestand staan: {}."),
)


def faults() -> list[str]:
    """What is wrong, a Dutch sentence each; empty when all is well."""
    if not migrations.is_current(current_connection(), current_app.extensions["migrate"].directory):
        return [NOT_MIGRATED]
    return [
        *_faults_of_the_disk(),
        *faults_of_data(),
        *_counted(_WORK_LEFT),
        *_faults_of_jobs(current_app.extensions["ontmoet_jobs"]),
    ]


def _faults_of_the_disk() -> list[str]:
    found = hindrance(current_connection(), current_config().data)
    return [] if found is None else [_CANNOT_WRITE[found]]


def faults_of_data() -> list[str]:
    """What is wrong in a database that had every migration: ours, or a copy of it."""
    connection = current_connection()
    found = [f"In de database ontbreekt de bewaking {name}." for name in guards.missing(connection)]
    found.extend(_counted(_COUNTS))
    unreadable = unreadable_codes(current_config().token_key)
    if unreadable:
        found.append(
            f"Codes van sleutelkluizen die niet te lezen zijn: {unreadable}. Is TOKEN_KEY veranderd?"
            " Zet de oude terug, of schrijf nieuwe codes op."
        )
    return [*found, *faults_of_the_file()]


def _counted(counts: tuple[tuple[Executable, str], ...]) -> list[str]:
    numbers = [(execute(count).scalar_one(), sentence) for count, sentence in counts]
    return [sentence.format(number) for number, sentence in numbers if number]


def faults_of_the_file() -> list[str]:
    """What PostgreSQL sees to itself: references, and whether the file can be read as it should."""
    if current_connection().dialect.name != "sqlite":
        return []
    found = []
    orphans = len(execute(text("pragma foreign_key_check")).all())
    if orphans:
        found.append(f"Rijen die naar iets verwijzen dat er niet is: {orphans}.")
    said = [line for (line,) in execute(text("pragma integrity_check")) if line != "ok"]
    if said:
        found.append(f"Het databasebestand is beschadigd: {said[0]}.")
    return found


def _faults_of_jobs(chores: Mapping[str, Chore]) -> list[str]:
    """Work that went wrong the last time, and work of which nothing was seen for too long."""
    states, installed, now = job_states(), installed_at(), clock.now()
    found, late = [], []
    for name, chore in chores.items():
        state = states.get(name)
        match standing(chore, state, installed_at=installed, now=now):
            case Standing.FAILED:
                note = "" if state is None else state.note
                found.append(f"Dit werk ging de laatste keer mis: {chore.title}: {note}")
            case Standing.LATE:
                late.append(chore.title)
    if late:
        found.append(
            f"Dit werk is te lang niet gedaan: {', '.join(late)}. "
            "Draai elke minuut: flask --app app jobs due."
        )
    return found
