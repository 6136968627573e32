"""What people are told about their bookings, by mail; what is said by telephone is in `by_phone.py`."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import current_app

from ontmoet.db import execute
from ontmoet.hearing.links import unsubscribe_link
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.letters import Letter, Optional, one_line
from ontmoet.people.actor_queries import actor_of
from ontmoet.rooms.queries import room_by_id
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.i18n import ngettext
from ontmoet.web.settings import current_config

from .along import READER, WITHOUT_FILE, file_along, files_along
from .by_phone import TOLD as TOLD
from .closure_queries import why_closed
from .instead import Instead, ways_instead
from .lapsed_together import lapsed_together
from .one_tap import cancel_link
from .queries import BookingView, bookings_by_id
from .states import CancelReason, News
from .still_news import is_still_news
from .use_queries import with_trace
from .waiting_wording import shut_line_of, subject_of_waiting
from .wording import helper_shown, steps_to_get_in, why_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ontmoet.db import AnyRow
    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting
    from ontmoet.rooms.rules import RoomView


WITHOUT_CALENDAR = frozenset({News.REMINDER, News.ASKED})


def letter(news: News, message: Waiting, *, now: datetime) -> Letter | None:
    """The news about a booking as it is now; None for a reader without e-mail, and for news that
    time or another change has overtaken.
    """
    reader = execute(READER, person_id=message.person_id).one_or_none()
    booking = booking_of(message.object_id, now)
    if reader is None or reader.email is None or booking is None:
        return None
    if not is_still_news(news, booking.status, booking.slot.ends, now):
        return None
    if news is News.ASKED and with_trace([booking.booking_id]):
        return None
    room = room_by_id(booking.room_id)
    link = f"{current_config().base_url}/reserveringen/{booking.public_id}"
    stop = unsubscribe_link(reader.public_id, news) if news in OPTIONAL else None
    lapsed = lapsed_together([booking.booking_id] if news is News.LAPSED else ())
    together = lapsed.get(booking.booking_id, {booking.public_id: booking.slot})
    slots = [*together.values()]
    return Letter(
        to=reader.email,
        sender=room.corporation_name,
        subject=_subject(news, booking, slots),
        body=_body(
            news,
            booking,
            room,
            slots,
            name=one_line(reader.name).split(" ", 1)[0],
            link=link,
            cancel=cancel_link(booking.public_id, reader.public_id),
            stop=stop,
            now=now,
        ),
        calendar=_calendar(news, booking, room, reader, [*together], person_id=message.person_id, now=now),
        unsubscribe=stop,
    )


def _calendar(
    news: News,
    booking: BookingView,
    room: RoomView,
    reader: AnyRow,
    together: Sequence[str],
    *,
    person_id: int,
    now: datetime,
) -> bytes | None:
    if news in WITHOUT_CALENDAR:
        return None
    if len(together) > 1:
        return files_along(together, person_id, now=now)
    return file_along(booking, room, reader, now=now)


OPTIONAL: Mapping[str, Optional] = {
    News.REMINDER: Optional(
        _l("Een dag van tevoren een herinnering"), _l("Dan vergeet je jouw reservering niet.")
    ),
    WITHOUT_FILE: Optional(
        _l("Mail zonder bestand voor de agenda"),
        _l("Bijvoorbeeld omdat je telefoon jouw reserveringen al leest."),
    ),
}
TITLES = {
    News.CONFIRMED: _l("reservering bevestigd"),
    News.REQUESTED: _l("reservering aangevraagd"),
    News.CHANGED: _l("reservering veranderd"),
    News.CANCELLED: _l("reservering afgezegd"),
    News.TAKEN_BACK: _l("aanvraag ingetrokken"),
    News.LAPSED: _l("aanvraag verlopen"),
    News.DECLINED: _l("aanvraag afgewezen"),
    News.WAITS: _l("op de wachtlijst"),
    News.OFFERED: _l("tijd vrijgekomen"),
    News.NOT_FREED: _l("tijd niet vrijgekomen"),
    News.REMINDER: _l("herinnering aan een reservering"),
    News.ASKED: _l("vraag of je er was"),
}
"""What a message was about, for whoever got it."""

LETTERS: Mapping[str, Composer] = {news: partial(letter, news) for news in News}


def booking_of(booking_id: int, now: datetime) -> BookingView | None:
    """The booking that a message is about, as it stands now."""
    return bookings_by_id([booking_id], now=now).get(booking_id)


def _subject(news: News, booking: BookingView, slots: Sequence[TimeSlot]) -> str:
    day, more = dates.short_day(day_of(slots[0].starts)), len(slots) - 1
    if more:
        day = ngettext("%(day)s en nog %(num)s dag", "%(day)s en nog %(num)s dagen", more, day=day)
    facts = {"room": booking.room_name, "day": day}
    match news:
        case News.CONFIRMED:
            return _("%(room)s is van jou op %(day)s", **facts)
        case News.REQUESTED:
            return _("Aangevraagd: %(room)s op %(day)s", **facts)
        case News.CHANGED:
            return _("Veranderd: %(room)s op %(day)s", **facts)
        case News.WAITS | News.OFFERED | News.NOT_FREED:
            return subject_of_waiting(news, booking.reason, **facts)
        case News.REMINDER:
            return _("Denk eraan: %(room)s op %(day)s", **facts)
        case News.ASKED:
            return _("Was je er? %(room)s op %(day)s", **facts)
        case News.CANCELLED | News.TAKEN_BACK | News.LAPSED | News.DECLINED:
            return _("Gaat niet door: %(room)s op %(day)s", **facts)


def _body(
    news: News,
    booking: BookingView,
    room: RoomView,
    slots: Sequence[TimeSlot],
    *,
    name: str,
    link: str,
    cancel: str,
    stop: str | None,
    now: datetime,
) -> str:
    # What is free instead is told of one date; who lost several has the form.
    otherwise = _otherwise(news, booking, room, now) if len(slots) == 1 else Instead()
    template = current_app.jinja_env.get_template(f"email/bookings/{news.name.lower()}.txt")
    return template.render(
        name=name,
        room=room,
        # Whole days, not "morgen": who knows when somebody reads this.
        when="\n".join(_when(slot) for slot in slots),
        where=", ".join(filter(None, (booking.zone_name, room.address, room.town))),
        answer_before=dates.full_moment(booking.lapses_at) if booking.lapses_at else "",
        reason=why_sentence(booking.reason, booking.explanation),
        has_no_turn=booking.reason is CancelReason.FAIR_USE,
        is_shut=booking.reason is CancelReason.CLOSED,
        is_gone=room.is_closed(now),
        shut=shut_line_of(booking, room, now),
        why=one_line(why_closed(booking.booking_id)) if booking.reason is CancelReason.CLOSED else "",
        ways=[_when(way.slot) for way in otherwise.ways],
        again=otherwise.again,
        steps=steps_to_get_in(room, booking.slot),
        link=link,
        cancel=cancel,
        stop=stop,
        book_again=f"{current_config().base_url}/r/{room.slug}/reserveren",
        rooms=f"{current_config().base_url}/",
        # Whoever asks, or said yes, is not who once entered it.
        helper="" if news is News.ASKED or booking.decided_at else one_line(helper_shown(booking)),
    )


def _when(slot: TimeSlot) -> str:
    return f"{dates.capitalised(dates.long_day(day_of(slot.starts)))}, {dates.times_in_words(slot)}"


def _otherwise(news: News, booking: BookingView, room: RoomView, now: datetime) -> Instead:
    """What can be had instead, for who was told no or nothing."""
    if news not in (News.DECLINED, News.LAPSED, News.NOT_FREED) or booking.person_id is None:
        return Instead()
    return ways_instead(booking, room, actor_of(booking.person_id, today=day_of(now)), now=now)
