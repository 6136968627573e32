"""What bookers are told about closures and works, in words."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import and_, bindparam, select

from ontmoet.db import execute
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.letters import Letter, one_line
from ontmoet.people.actor_queries import actor_of
from ontmoet.rooms.models import Room, Zone
from ontmoet.rooms.queries import room_by_id
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.settings import current_config

from .along import READER, file_along
from .closure_queries import WHY_CLOSED
from .closure_rules import NEWS_WHEN_SHUT, ClosureNews, shared
from .elsewhere import ways_after_closing
from .instead import ways_instead
from .models import Booking, Works
from .queries import BookingView, booking_by_public_id
from .states import HOLDS_THE_ROOM, WHEN_SHUT, CancelReason, Status
from .waiting_wording import ask_for_other, shut_line, shut_line_of
from .works import works_during
from .works_wording import works_off_said, works_said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ontmoet.db import AnyRow
    from ontmoet.hearing.call_list import Says, Teller
    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting
    from ontmoet.rooms.rules import RoomView

    from .instead import Way

_booking = Booking.__table__
_works = Works.__table__
_room = Room.__table__
_zone = Zone.__table__

_DURING_IT = and_(
    _works.c.room_id == _booking.c.room_id,
    _works.c.starts_at < _booking.c.ends_at,
    _works.c.ends_at > _booking.c.starts_at,
)
_FIRST = select(_works.c.what).where(_DURING_IT).order_by(_works.c.starts_at, _works.c.id).limit(1)
_WHO = select(_works.c.who).where(_DURING_IT).order_by(_works.c.starts_at, _works.c.id).limit(1)
_TO_TELL = (
    select(
        _booking.c.id,
        _booking.c.public_id,
        _booking.c.person_id,
        _booking.c.status,
        _booking.c.reason,
        _booking.c.lapses_at,
        _booking.c.starts_at,
        _booking.c.ends_at,
        _room.c.name.label("room_name"),
        _room.c.closed_at.label("room_ended"),
        _zone.c.ended_at.label("part_ended"),
        WHY_CLOSED.label("why"),
        _FIRST.correlate(_booking).scalar_subquery().label("what"),
        _WHO.correlate(_booking).scalar_subquery().label("who"),
    )
    .join_from(_booking, _room, _room.c.id == _booking.c.room_id)
    .outerjoin(_zone, _zone.c.id == _booking.c.zone_id)
    .where(_booking.c.id.in_(bindparam("booking_ids", expanding=True)))
)


ENDED_AS = {news: WHEN_SHUT[status] for status, news in NEWS_WHEN_SHUT.items() if news in ClosureNews}
"""What became of that which the news is about."""
THEY_MADE_WAY = frozenset({ClosureNews.DISPLACED, ClosureNews.REQUEST_OFF})


def letter(news: ClosureNews, message: Waiting, *, now: datetime) -> Letter | None:
    """The news as it is now; None for a reader without e-mail, and for what is not so any more."""
    reader = execute(READER, person_id=message.person_id).one_or_none()
    row = execute(_TO_TELL, booking_ids=[message.object_id]).one_or_none()
    if reader is None or reader.email is None or row is None or not _is_so(news, row, now):
        return None
    booking = booking_by_public_id(row.public_id, now=now)
    if booking is None:
        return None
    room = room_by_id(booking.room_id)
    return Letter(
        to=reader.email,
        sender=room.corporation_name,
        subject=_subject(news, booking),
        body=_body(news, booking, row, room, name=one_line(reader.name).split(" ", 1)[0], now=now),
        calendar=file_along(booking, room, reader, now=now) if news in THEY_MADE_WAY else None,
    )


def sentences(messages: Sequence[Waiting], now: datetime) -> Mapping[int, Says]:
    """What to say to each person by telephone, as long as it is still true. Two statements."""
    found = {row.id: row for row in execute(_TO_TELL, booking_ids=[each.object_id for each in messages])}
    with_key = _with_key(list(found))
    said = {}
    for message in messages:
        news, row = ClosureNews(message.kind), found.get(message.object_id)
        if row is not None and _is_so(news, row, now):
            said[message.number] = partial(_sentences, news, row, has_key=row.id in with_key)
    return said


TITLES = {
    ClosureNews.DISPLACED: _l("reservering afgezegd omdat de ruimte dicht is"),
    ClosureNews.REQUEST_OFF: _l("aanvraag die niet doorgaat omdat de ruimte dicht is"),
    ClosureNews.OFFER_OFF: _l("vrijgekomen tijd die toch niet kan, omdat de ruimte dicht is"),
    ClosureNews.WORKS: _l("er komt iemand werken in de ruimte"),
    ClosureNews.WORKS_OFF: _l("er komt toch niemand werken in de ruimte"),
}
"""What a message was about, for whoever got it."""

LETTERS: Mapping[str, Composer] = {news: partial(letter, news) for news in ClosureNews}
TOLD: Mapping[str, Teller] = dict.fromkeys(ClosureNews, sentences)


def _is_so(news: ClosureNews, row: AnyRow, now: datetime) -> bool:
    if row.ends_at <= now:
        return False
    if news in ENDED_AS:
        return row.status == ENDED_AS[news] and row.reason == CancelReason.CLOSED
    holds = row.status in HOLDS_THE_ROOM and (row.lapses_at is None or row.lapses_at > now)
    return holds and (row.what is not None) == (news is ClosureNews.WORKS)


def _with_key(booking_ids: list[int]) -> set[int]:
    """Those whose booker has a key of the room just now. Keys stand above bookings, and say so themselves."""
    found: set[int] = current_app.extensions["ontmoet_keys_out"](booking_ids)
    return found


def _when(row: AnyRow) -> str:
    slot = TimeSlot(row.starts_at, row.ends_at)
    return f"{dates.long_day(day_of(slot.starts))}, {dates.times_in_words(slot)}"


def _sentences(news: ClosureNews, row: AnyRow, *, has_key: bool) -> str:
    facts = {"room": row.room_name, "when": _when(row)}
    match news:
        case ClosureNews.DISPLACED | ClosureNews.REQUEST_OFF:
            said = [
                _(
                    "Jouw reservering van %(room)s op %(when)s, gaat niet door: de ruimte is dan dicht.",
                    **facts,
                )
                if news is ClosureNews.DISPLACED
                else _(
                    "Jouw aanvraag voor %(room)s op %(when)s, gaat niet door: de ruimte is dan dicht.",
                    **facts,
                ),
                _("De reden: %(why)s.", why=one_line(row.why)) if row.why else "",
                _("Je hebt nog een sleutel. Breng die terug.") if has_key else "",
                _("Zullen we een andere tijd zoeken?"),
            ]
            return " ".join(part for part in said if part)
        case ClosureNews.OFFER_OFF:
            is_gone = row.room_ended is not None
            said = [
                _("De tijd waarop je wachtte in %(room)s was vrijgekomen: %(when)s.", **facts),
                _("Toch kan hij niet meer."),
                shut_line(is_gone=is_gone, is_part_gone=row.part_ended is not None),
                _("De reden: %(why)s.", why=one_line(row.why)) if row.why else "",
                ask_for_other(is_gone=is_gone),
            ]
            return " ".join(part for part in said if part)
        case ClosureNews.WORKS:
            return works_said(row, who=row.who, what=row.what, **facts)
        case ClosureNews.WORKS_OFF:
            return works_off_said(row, **facts)


def _subject(news: ClosureNews, booking: BookingView) -> str:
    facts = {"room": booking.room_name, "day": dates.short_day(day_of(booking.slot.starts))}
    match news:
        case ClosureNews.DISPLACED | ClosureNews.REQUEST_OFF:
            return _("Gaat niet door: %(room)s op %(day)s", **facts)
        case ClosureNews.OFFER_OFF:
            return _("Kan toch niet: %(room)s op %(day)s", **facts)
        case ClosureNews.WORKS:
            return _("Er komt iemand werken: %(room)s op %(day)s", **facts)
        case ClosureNews.WORKS_OFF:
            return _("Er komt toch niemand werken: %(room)s op %(day)s", **facts)


def _body(
    news: ClosureNews, booking: BookingView, row: AnyRow, room: RoomView, *, name: str, now: datetime
) -> str:
    base_url = current_config().base_url
    template = current_app.jinja_env.get_template(f"email/bookings/{news.name.lower()}.txt")
    return template.render(
        name=name,
        room=room,
        when=dates.capitalised(_when(row)),
        where=", ".join(filter(None, (booking.zone_name, room.address, room.town))),
        why=one_line(row.why or ""),
        works=[
            (one_line(each.what), one_line(each.who), dates.times_in_words(both))
            for each in works_during(room, booking.slot)
            if (both := shared(each.slot, booking.slot))
        ],
        is_request=row.status == Status.REQUESTED,
        is_offer=row.status == Status.OFFERED,
        answer_before=dates.full_moment(row.lapses_at) if row.lapses_at else "",
        has_key=news in THEY_MADE_WAY and booking.booking_id in _with_key([booking.booking_id]),
        ways=[
            # Whole days, not "morgen": who knows when somebody reads this.
            f"{dates.capitalised(dates.long_day(day_of(way.slot.starts)))}, {dates.times_in_words(way.slot)}"
            for way in _ways(news, booking, room, now)
        ],
        link=f"{base_url}/reserveringen/{booking.public_id}",
        book_again=f"{base_url}/r/{room.slug}/reserveren",
        shut=shut_line_of(booking, room, now),
        is_gone=room.is_closed(now),
        rooms=f"{base_url}/",
        helper="",
    )


def _ways(news: ClosureNews, booking: BookingView, room: RoomView, now: datetime) -> Sequence[Way]:
    if booking.person_id is None or news not in ENDED_AS:
        return ()
    person = actor_of(booking.person_id, today=day_of(now))
    if news is ClosureNews.OFFER_OFF:
        return ways_instead(booking, room, person, now=now).ways
    return ways_after_closing(booking, room, person, now=now)
