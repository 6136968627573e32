"""What people are told whose room goes on in another one, in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import and_, bindparam, exists, or_, select

from ontmoet.bookings.along import files_along
from ontmoet.bookings.elsewhere import ways_after_closing
from ontmoet.bookings.models import Booking
from ontmoet.bookings.queries import booking_by_public_id
from ontmoet.bookings.states import THEIRS, WHEN_SHUT, CancelReason, Status
from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of
from ontmoet.keys.models import Custody, KeyCopy
from ontmoet.outbox.letters import Letter, one_line
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.models import Person, Role
from ontmoet.rooms.models import Room
from ontmoet.rooms.queries import room_by_id
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext
from ontmoet.web.settings import current_config

from .merging import MERGED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ontmoet.db import AnyRow
    from ontmoet.hearing.call_list import Says, Teller
    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting
    from ontmoet.rooms.rules import RoomView

MOST_WITH_TIMES = 5
"""Bookings that did not go along, with the other times that a letter names for each."""

_booking = Booking.__table__
_room = Room.__table__
_into = _room.alias("into_room")
_person = Person.__table__
_role = Role.__table__
_copy = KeyCopy.__table__
_custody = Custody.__table__

_NOW = bindparam("now", type_=Instant())
_WENT = and_(
    _booking.c.came_from_id == _room.c.id,
    _booking.c.status.in_([*THEIRS]),
    or_(_booking.c.lapses_at.is_(None), _booking.c.lapses_at > _NOW),
)
_STAYED = and_(
    _booking.c.room_id == _room.c.id,
    _booking.c.status.in_([*WHEN_SHUT.values()]),
    _booking.c.reason == CancelReason.CLOSED,
    _booking.c.ended_at == _room.c.closed_at,
)
_BOOKINGS = (
    select(
        _room.c.id.label("old_id"),
        _booking.c.person_id,
        _booking.c.public_id,
        _booking.c.status,
        _booking.c.starts_at,
        _booking.c.ends_at,
        _booking.c.came_from_id,
    )
    .join_from(_booking, _room, or_(_WENT, _STAYED))
    .where(
        _room.c.id.in_(bindparam("old_ids", expanding=True)),
        _booking.c.person_id.in_(bindparam("people", expanding=True)),
        _booking.c.ends_at > _NOW,
    )
    .order_by(_booking.c.starts_at, _booking.c.id)
)
_HAS_KEY = (
    exists()
    .where(
        _custody.c.copy_id == _copy.c.id,
        _copy.c.room_id == _into.c.id,
        _custody.c.until.is_(None),
        _custody.c.person_id == _person.c.id,
    )
    .correlate(_into, _person)
)
_does = _role.alias("does_now")
_DID = and_(
    exists()
    .where(_role.c.room_id == _room.c.id, _role.c.person_id == _person.c.id)
    .correlate(_room, _person),
    exists()
    .where(
        _does.c.room_id == _into.c.id,
        _does.c.person_id == _person.c.id,
        or_(_does.c.until.is_(None), _does.c.until > bindparam("today", type_=LocalDate())),
    )
    .correlate(_into, _person),
)
_FACTS = (
    select(
        _room.c.id.label("old_id"),
        _room.c.name.label("old"),
        _into.c.name.label("into"),
        _person.c.id.label("person_id"),
        _person.c.name,
        _person.c.email,
        _HAS_KEY.label("has_key"),
        _DID.label("did"),
    )
    .join_from(_room, _into, _into.c.id == _room.c.merged_into_id)
    .join(_person, _person.c.id.in_(bindparam("people", expanding=True)))
    .where(_room.c.id.in_(bindparam("old_ids", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class News:
    """What somebody is told: what went along and what did not, of what is still to come."""

    facts: AnyRow
    went: tuple[AnyRow, ...]
    stayed: tuple[AnyRow, ...]


def letter(message: Waiting, *, now: datetime) -> Letter | None:
    """That the rooms are one; None for a reader without e-mail."""
    news = _news([message], now).get((message.object_id, message.person_id))
    if news is None or news.facts.email is None:
        return None
    old = room_by_id(message.object_id)
    into = room_by_id(old.merged_into_id or old.room_id)
    base_url = current_config().base_url
    return Letter(
        to=news.facts.email,
        sender=into.corporation_name,
        subject=_("%(old)s gaat verder in %(room)s", old=old.name, room=into.name),
        body=current_app.jinja_env.get_template("email/arranging/merged.txt").render(
            name=one_line(news.facts.name).split(" ", 1)[0],
            old=old,
            room=into,
            went=[_when(row) for row in news.went],
            stayed=_with_times(news.stayed, old, now=now),
            has_key=news.facts.has_key,
            did=news.facts.did,
            mine=f"{base_url}/mijn",
            link=f"{base_url}/r/{into.slug}",
            helper="",
        ),
        # Whoever has them in a calendar would else go to the old door.
        calendar=files_along(
            [row.public_id for row in (*news.went, *news.stayed)], message.person_id, now=now
        ),
    )


def sentences(messages: Sequence[Waiting], now: datetime) -> Mapping[int, Says]:
    """What to say to each person by telephone. Two statements."""
    found = _news(messages, now)
    return {
        message.number: partial(_sentences, news)
        for message in messages
        if (news := found.get((message.object_id, message.person_id)))
    }


TITLES = {MERGED: _l("twee ruimtes werden er één")}
"""What a message was about, for whoever got it."""

LETTERS: Mapping[str, Composer] = {MERGED: letter}
TOLD: Mapping[str, Teller] = {MERGED: sentences}


def _news(messages: Sequence[Waiting], now: datetime) -> dict[tuple[int, int], News]:
    about = {
        "old_ids": sorted({each.object_id for each in messages}),
        "people": sorted({each.person_id for each in messages}),
    }
    went: defaultdict[tuple[int, int], list[AnyRow]] = defaultdict(list)
    stayed: defaultdict[tuple[int, int], list[AnyRow]] = defaultdict(list)
    for row in execute(_BOOKINGS, now=now, **about):
        # What stayed in the old room may have come to it along with an older one.
        (went if row.came_from_id == row.old_id else stayed)[row.old_id, row.person_id].append(row)
    return {
        (row.old_id, row.person_id): News(
            row, tuple(went[row.old_id, row.person_id]), tuple(stayed[row.old_id, row.person_id])
        )
        for row in execute(_FACTS, today=day_of(now), **about)
    }


def _with_times(rows: Sequence[AnyRow], old: RoomView, *, now: datetime) -> list[tuple[str, list[str]]]:
    """Each booking that did not go along, and other times in the room that goes on."""
    found = []
    for number, row in enumerate(rows):
        booking = booking_by_public_id(row.public_id, now=now) if number < MOST_WITH_TIMES else None
        ways = []
        if booking is not None:
            person = actor_of(row.person_id, today=day_of(now))
            ways = ways_after_closing(booking, old, person, now=now)
        # Whole days, not "morgen": who knows when somebody reads this.
        found.append((_when(row), [", ".join(filter(None, (_says(way.slot), way.where))) for way in ways]))
    return found


def _when(row: AnyRow) -> str:
    return dates.capitalised(_says(TimeSlot(row.starts_at, row.ends_at)))


def _says(slot: TimeSlot) -> str:
    return f"{dates.long_day(day_of(slot.starts))}, {dates.times_in_words(slot)}"


def _sentences(news: News) -> str:
    facts = {"old": news.facts.old, "room": news.facts.into}
    said = [_("%(old)s is dicht en gaat verder in %(room)s.", **facts)]
    asked = sum(row.status == Status.REQUESTED for row in news.went)
    booked = len(news.went) - asked
    if booked:
        said.append(
            ngettext(
                "%(num)s reservering van jou gaat mee: op dezelfde dag en tijd, in %(room)s.",
                "%(num)s reserveringen van jou gaan mee: op dezelfde dag en tijd, in %(room)s.",
                booked,
                **facts,
            )
        )
    if asked:
        said.append(
            ngettext(
                "%(num)s aanvraag van jou gaat mee. Wie in %(room)s beslist, zegt ja of nee.",
                "%(num)s aanvragen van jou gaan mee. Wie in %(room)s beslist, zegt ja of nee.",
                asked,
                **facts,
            )
        )
    said += [
        _not_along(row.status, _says(TimeSlot(row.starts_at, row.ends_at)), news.facts.into)
        for row in news.stayed
    ]
    if news.facts.has_key:
        said.append(_("Een sleutel van %(old)s hoort nu bij %(room)s.", **facts))
    return " ".join(said)


def _not_along(status: Status, when: str, room: str) -> str:
    if status == Status.LAPSED:
        return _(
            "De tijd waarop je wachtte was vrijgekomen: %(when)s. Toch kan hij niet:"
            " in %(room)s is het dan bezet. Zullen we een andere tijd zoeken?",
            when=when,
            room=room,
        )
    if status == Status.DECLINED:
        return _(
            "Jouw aanvraag voor %(when)s, gaat niet door: in %(room)s is het dan bezet."
            " Zullen we een andere tijd zoeken?",
            when=when,
            room=room,
        )
    return _(
        "Jouw reservering op %(when)s, gaat niet door: in %(room)s is het dan bezet."
        " Zullen we een andere tijd zoeken?",
        when=when,
        room=room,
    )
