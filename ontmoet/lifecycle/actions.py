"""Somebody moves or dies. Runs inside a unit of work and commits nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, delete, or_, select, update

from ontmoet.bookings.calling_off import cancel
from ontmoet.bookings.ending import hand_on, stop_waiting
from ontmoet.bookings.queries import coming_bookings_of
from ontmoet.bookings.states import CancelReason
from ontmoet.db import LocalDate, execute
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Objection, Refused, refuse_any
from ontmoet.kernel.walltime import day_of, start_of
from ontmoet.keys.actions import make_due
from ontmoet.membership.actions import lock_place
from ontmoet.membership.queries import others_with
from ontmoet.outbox.actions import post, withdraw
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.guardians import end_agreements
from ontmoet.people.models import Credential, Person, Residency, Role
from ontmoet.proving.actions import drop_proofs
from ontmoet.recovery.ending import end_access
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.series.calling_off import call_off
from ontmoet.series.leaving import leave_series
from ontmoet.series.telling import SeriesNews, tell
from ontmoet.trail.actions import record

from .queries import decisions_in, lock_people, side_of, waits_for
from .rules import Choice, Reason, left_for_elsewhere, objections_to_farewell

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Table, Update

    from ontmoet.bookings.queries import BookingView
    from ontmoet.membership.rules import By
    from ontmoet.series.queries import SeriesView

_person = Person.__table__
_residency = Residency.__table__
_role = Role.__table__
_credential = Credential.__table__

KEPT = "booking_kept"
WAITS_NO_MORE = "waits_no_more"

_DAY = bindparam("day", type_=LocalDate())


def _ending(table: Table, *besides: ColumnElement[bool]) -> Update:
    """Ends all rows of a person that last beyond a day, or so; what was still to begin never does."""
    columns = table.c
    return (
        update(table)
        .where(
            columns.person_id == bindparam("whose"),
            or_(columns.until.is_(None), columns.until > _DAY, *besides),
        )
        .values(until=case((columns.since > _DAY, columns.since), else_=_DAY))
    )


_END_ROLES, _END_RESIDENCIES = _ending(_role), _ending(_residency)
# Who still lives there and moves later than was thought, does so until that later day.
_MOVE = _ending(_residency, _residency.c.until > bindparam("today", type_=LocalDate())).where(
    _residency.c.home_id.in_(bindparam("home_ids", expanding=True))
)
_ROOMS = select(_role.c.room_id).where(
    _role.c.person_id == bindparam("person_id"), _role.c.room_id.is_not(None)
)


def move_out(person_id: int, home_ids: Collection[int], day: date, by: By) -> int:
    """Somebody no longer lives in these homes from that day on. Their turns end with it, and so does waiting
    for a time after it: for how many. What they booked is decided on afterwards, their functions stay.
    """
    places = {by.room_id, *(wish.room_id for wish in waits_for(person_id, home_ids, day, now=by.now))}
    for place in sorted(places):
        lock_room(place)
    if not lock_people(person_id):
        raise Refused(Objection(Reason.GONE))
    wishes = [wish for wish in waits_for(person_id, home_ids, day, now=by.now) if wish.room_id in places]
    execute(_MOVE, whose=person_id, day=day, today=day_of(by.now), home_ids=list(home_ids))
    make_due(person_id, max(by.now, start_of(day)))
    record(
        "moved_out",
        object_kind="person",
        object_id=person_id,
        room_id=by.room_id,
        actor_id=by.actor_id,
        now=by.now,
        changes={"day": day, "homes": sorted(home_ids)},
    )
    for wish in wishes:
        stop_waiting(wish, actor_id=by.actor_id, now=by.now)
    for room_id in sorted({wish.room_id for wish in wishes}):
        hand_on(room_id, now=by.now)
        post(
            WAITS_NO_MORE,
            person_id=person_id,
            object_id=room_id,
            dedupe_key=f"{WAITS_NO_MORE}:{person_id}:{room_id}:{day}",
            due_at=by.now,
            now=by.now,
            room_id=room_id,
        )
    return len(wishes)


def decide_on_bookings(person_id: int, choices: Mapping[str, Choice], since: date, by: By) -> None:
    """Each booking of somebody in a room from a day on, by public id, goes on or not, and so does a series
    from then on; the person hears which.
    """
    lock_room(by.room_id)
    actor = actor_of(by.actor_id, today=day_of(by.now))
    for decision in decisions_in(by.room_id, person_id, since, now=by.now):
        choice, series = choices.get(decision.public_id), decision.series
        if choice is Choice.CANCEL and series is not None:
            call_off(series, since, because=CancelReason.OTHER, actor=actor, now=by.now)
        elif choice is Choice.CANCEL:
            cancel(decision.bookings[0], because=CancelReason.OTHER, actor=actor, now=by.now)
        elif choice is Choice.KEEP and series is not None:
            _keep_series(series, by)
        elif choice is Choice.KEEP:
            _keep(decision.bookings[0], by)


def _keep(booking: BookingView, by: By) -> None:
    _record_kept(KEPT, "booking", booking.booking_id, booking.person_id, by)
    if booking.person_id is not None:
        post(
            KEPT,
            person_id=booking.person_id,
            object_id=booking.booking_id,
            dedupe_key=f"{KEPT}:{booking.booking_id}:{booking.version}",
            due_at=by.now,
            now=by.now,
            room_id=by.room_id,
            useful_until=booking.slot.starts,
        )


def _keep_series(series: SeriesView, by: By) -> None:
    _record_kept("series_kept", "series", series.series_id, series.person_id, by)
    tell(
        SeriesNews.KEPT,
        series.series_id,
        series.person_id,
        room_id=by.room_id,
        now=by.now,
        mark=series.version,
    )


def _record_kept(action: str, kind: str, object_id: int, person_id: int | None, by: By) -> None:
    record(
        action,
        object_kind=kind,
        object_id=object_id,
        room_id=by.room_id,
        actor_id=by.actor_id,
        on_behalf_of_id=person_id,
        now=by.now,
    )


def record_death(person_id: int, by: By) -> None:
    """Somebody died: homes, functions, signing in and bookings end, and nothing is sent any more.

    Raises `Refused`. Name and history stay until their terms are over; the ways to reach them go now.
    """
    today = day_of(by.now)
    # An administrator is only ended under the lock that guards the last one.
    lock_place(None)
    for place in sorted(
        {by.room_id, *execute(_ROOMS, person_id=person_id).scalars(), *_booked_in(person_id, by.now)}
    ):
        lock_room(place)
    if not lock_people(person_id):
        raise Refused(Objection(Reason.GONE))
    actor = actor_of(by.actor_id, today=today)
    person = side_of(person_id, today=today)
    refuse_any(objections_to_farewell(actor, person))
    if left_for_elsewhere(actor_of(person_id, today=today), room_by_id(by.room_id)):
        raise Refused(Objection(Reason.LIVES_ELSEWHERE))
    if Function.ADMINISTRATOR in person.functions.get(None, ()):
        others = others_with(Function.ADMINISTRATOR, room_id=None, besides=person_id, today=today)
        if all(end is not None for end in others):
            raise Refused(Objection(Reason.LAST_ADMINISTRATOR))
    for booking in coming_bookings_of(person_id, now=by.now):
        # What was booked for an organisation, or for the room itself, goes on without them.
        if booking.home_id is not None:
            cancel(booking, because=CancelReason.OTHER, actor=actor, now=by.now)
    leave_series(person_id, now=by.now)
    execute(_END_ROLES, whose=person_id, day=today)
    execute(_END_RESIDENCIES, whose=person_id, day=today)
    make_due(person_id, by.now)
    end_access(person_id, now=by.now)
    execute(delete(_credential).where(_credential.c.person_id == person_id))
    drop_proofs(person_id)
    execute(
        update(_person).where(_person.c.id == person_id).values(email=None, phone=None, password_hash=None)
    )
    withdraw(person_id)
    end_agreements(person_id, now=by.now)
    record(
        "died",
        object_kind="person",
        object_id=person_id,
        room_id=by.room_id,
        actor_id=by.actor_id,
        now=by.now,
    )


def _booked_in(person_id: int, now: datetime) -> set[int]:
    return {booking.room_id for booking in coming_bookings_of(person_id, now=now)}
