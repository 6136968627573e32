"""Whose a series is: the person and party whose limits hold, and what its bookings have alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.bookings.parties import party_behind
from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actor_queries import actor_of
from ontmoet.trail.actions import record

from .queries import series_by_public_id
from .rules import Reason
from .writing import Common

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.bookings.parties import Party
    from ontmoet.bookings.states import Status
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

    from .queries import SeriesView


def current_of(series: SeriesView) -> SeriesView:
    """The series as it is under the lock. Raises `Refused` when nothing of it is to come."""
    current = series_by_public_id(series.public_id)
    if current is None or current.ended_at is not None:
        raise Refused(Objection(Reason.OVER))
    return current


def person_behind(series: SeriesView, room: RoomView, actor: Actor, *, now: datetime) -> Actor:
    """The person whose limits hold for a series. Raises `Refused` when that person may not book here any
    more: what they have stays theirs until somebody decides, and nothing is added.
    """
    if series.person_id is None:
        raise Refused(Objection(Reason.NOBODY_BEHIND))
    is_own = series.person_id == actor.person_id
    person = actor if is_own else actor_of(series.person_id, today=day_of(now))
    if not allows(person, Permission.BOOKING_MAKE, room):
        raise Refused(Objection(Reason.NOBODY_BEHIND))
    return person


def party_of_series(series: SeriesView, person: Actor, room: RoomView) -> Party:
    """The party of a series, as bound as the person it is for."""
    return party_behind(
        person,
        room,
        series.use_kind,
        home_id=series.home_id,
        organisation_id=series.organisation_id,
    )


def common_of(
    series: SeriesView,
    person: Actor,
    actor: Actor,
    room: RoomView,
    *,
    status: Status,
    offer_ends: datetime | None = None,
    now: datetime,
) -> Common:
    """What bookings that are added to a series have alike."""
    accepted = agreement_of(person, room, now=now).accepted_version
    return Common(
        room_id=series.room_id,
        home_id=series.home_id,
        organisation_id=series.organisation_id,
        for_corporation=series.for_corporation,
        person_id=series.person_id,
        entered_by_id=actor.person_id,
        use_kind=series.use_kind,
        visibility=series.visibility,
        people=series.people,
        purpose=series.purpose,
        responsible=series.responsible,
        rules_version_id=accepted.version_id if accepted else None,
        made_at=now,
        status=status,
        offer_ends=offer_ends,
        series_number=series.series_id,
    )


def record_about(action: str, series: SeriesView, actor: Actor, now: datetime, **changes: object) -> None:
    """Record what somebody did to a series, and for whom where it is not their own."""
    record(
        action,
        object_kind="series",
        object_id=series.series_id,
        room_id=series.room_id,
        actor_id=actor.person_id,
        on_behalf_of_id=series.person_id,
        now=now,
        changes=changes,
    )
