"""Making a series. Runs inside a unit of work and commits nothing itself.

In the order of all bookings: lock the room; look the form's key up; lock the home; ask the rule; write.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import insert

from ontmoet.bookings.actions import earlier_path, needs_decision
from ontmoet.bookings.ending import lapse_overdue
from ontmoet.bookings.states import Status, Visibility, lapses_at
from ontmoet.bookings.telling import tell_deciders
from ontmoet.db import execute
from ontmoet.house_rules.queries import agreement_of
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.tokens import new_public_id
from ontmoet.people.queries import lock_home
from ontmoet.rooms.queries import lock_room, room_by_id
from ontmoet.trail.actions import record, remember_answer

from .models import Series, SeriesHost
from .planning import look, party_for, refuse_whole
from .rules import CONFIRMED_FOR, DateState, Reason
from .telling import SeriesNews, tell
from .writing import Common, add_dates, book_all

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from ontmoet.bookings.parties import Party
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView
    from ontmoet.trail.actions import FormPost

    from .planning import Asked, Instead
    from .rules import Outlook, Why

_series = Series.__table__
_host = SeriesHost.__table__

_ADD = insert(_series).returning(_series.c.id)
_ADD_HOST = insert(_host)


class Different(Exception):
    """Some days are not any more as whoever sent the form saw them."""

    def __init__(self, outlooks: Sequence[Outlook]) -> None:
        super().__init__(len(outlooks))
        self.outlooks = tuple(outlooks)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen in the preview: days to leave out, another time or part for some, and which days were
    seen as free.
    """

    struck: frozenset[date]
    instead: Mapping[date, Instead]
    seen_free: frozenset[date]


def make(
    room_id: int,
    asked: Asked,
    chosen: Chosen,
    *,
    actor: Actor,
    post: FormPost,
    now: datetime,
    person: Actor | None = None,
) -> str:
    """Book all days that are free, or request them, and keep the others; the path of the series' page.

    The same form again gives the same path. Raises `Different` when a day is not as it was seen, and
    `Refused`.
    """
    person = person or actor
    lock_room(room_id)
    earlier = earlier_path(post)
    if earlier is not None:
        return earlier
    room = room_by_id(room_id)
    party = party_for(person, room, is_drop_in=asked.is_drop_in)
    if party.home_id is not None:
        lock_home(party.home_id)
    agreement = agreement_of(person, room, now=now)
    lapse_overdue(room_id, now=now)
    refuse_whole(asked, room, now=now, has_agreed=not agreement.is_missing)
    for other in chosen.instead.values():
        as_chosen = replace(asked, starts=other.starts, ends=other.ends, zone_slug=other.zone_slug)
        refuse_whole(as_chosen, room, now=now, checks_days=False)
    outlooks = look(asked, room, party, now=now, struck=chosen.struck, instead=chosen.instead)
    if free_days(outlooks) != chosen.seen_free:
        raise Different(outlooks)
    wanted = [each for each in outlooks if each.day not in chosen.struck]
    last = next((each.slot for each in reversed(wanted) if each.is_free and each.slot), None)
    if last is None:
        raise Refused(Objection(Reason.NOTHING_FREE))

    asks = needs_decision(room, party, asked.responsible)
    accepted = agreement.accepted_version
    public_id = new_public_id()
    series_id = add_series(
        public_id, room_id, asked, party, person, actor, zone_id=_zone_id(asked, room), now=now
    )
    common = Common(
        room_id=room_id,
        home_id=party.home_id,
        organisation_id=party.organisation_id,
        for_corporation=party.is_corporation,
        person_id=person.person_id,
        entered_by_id=actor.person_id,
        use_kind=party.use_kind,
        visibility=Visibility.OPEN if asked.is_drop_in else Visibility.CLOSED,
        people=asked.people,
        purpose=asked.purpose,
        responsible=asked.responsible or None,
        rules_version_id=accepted.version_id if accepted else None,
        made_at=now,
        status=Status.REQUESTED if asks else Status.CONFIRMED,
        offer_ends=None,
        series_number=series_id,
    )
    booked = book_all(wanted, room, common)
    add_dates(series_id, dates_to_keep(outlooks, booked, chosen.struck), now=now)
    if asked.is_drop_in:
        execute(
            _ADD_HOST,
            series_id=series_id,
            since=asked.rhythm.first,
            opens_id=person.person_id,
            closes_id=person.person_id,
        )
    record(
        "series_requested" if asks else "series_made",
        object_kind="series",
        object_id=series_id,
        room_id=room_id,
        actor_id=actor.person_id,
        on_behalf_of_id=person.person_id,
        now=now,
        changes={
            "booked": sorted(booked),
            "struck": sorted(chosen.struck),
            "refused": sorted(each.day for each in wanted if not each.is_free),
            "starts": asked.starts,
            "ends": asked.ends,
            "zone": asked.zone_slug,
        },
    )
    tell(
        SeriesNews.REQUESTED if asks else SeriesNews.MADE,
        series_id,
        person.person_id,
        room_id=room_id,
        now=now,
    )
    if asks:
        tell_deciders(
            min(booked.values()),
            room_id=room_id,
            besides={person.person_id, actor.person_id},
            version=1,
            lapses_at=lapses_at(now, last.starts),
            now=now,
        )
    location = f"/reeksen/{public_id}"
    remember_answer(post, location, now=now)
    return location


def free_days(outlooks: Sequence[Outlook]) -> frozenset[date]:
    """The days that can be had."""
    return frozenset(each.day for each in outlooks if each.is_free)


def dates_to_keep(
    outlooks: Sequence[Outlook], booked: Mapping[date, int], struck: Collection[date]
) -> list[tuple[date, DateState, Why | None, int | None]]:
    """What is kept of each day: booked, struck by whoever made the series, or refused and why."""
    return [
        (each.day, DateState.BOOKED, None, booked[each.day])
        if each.day in booked
        else (each.day, DateState.STRUCK, None, None)
        if each.day in struck
        else (each.day, DateState.REFUSED, each.why, None)
        for each in outlooks
    ]


def add_series(
    public_id: str,
    room_id: int,
    asked: Asked,
    party: Party,
    person: Actor,
    actor: Actor,
    *,
    zone_id: int | None,
    now: datetime,
) -> int:
    """The row of a series that is made now; its id."""
    rhythm = asked.rhythm
    series_id: int = execute(
        _ADD,
        public_id=public_id,
        room_id=room_id,
        zone_id=zone_id,
        home_id=party.home_id,
        organisation_id=party.organisation_id,
        for_corporation=party.is_corporation,
        person_id=person.person_id,
        entered_by_id=actor.person_id,
        use_kind=party.use_kind,
        visibility=Visibility.OPEN if asked.is_drop_in else Visibility.CLOSED,
        is_drop_in=asked.is_drop_in,
        frequency=rhythm.frequency,
        every=rhythm.every,
        weekdays="".join(str(day) for day in rhythm.weekdays),
        month_day=rhythm.month_day,
        nth=rhythm.nth,
        first_day=rhythm.first,
        last_day=rhythm.last,
        starts=asked.starts,
        ends=asked.ends,
        people=asked.people,
        purpose=asked.purpose,
        responsible=asked.responsible or None,
        continues_id=None,
        believed_until=rhythm.first + CONFIRMED_FOR,
        made_at=now,
        ended_at=None,
        version=1,
    ).scalar_one()
    return series_id


def _zone_id(asked: Asked, room: RoomView) -> int | None:
    zone = asked.zone(room)
    return zone.zone_id if zone else None
