"""What is told about requests, in words: that one waits, that there is a question, that it is answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import bindparam

from ontmoet.db import execute, instant_named
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.letters import Letter, one_line
from ontmoet.rooms.queries import room_by_id
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.settings import current_config

from .along import READER
from .models import Booking
from .queries import BOOKINGS, booking_view, bookings_by_id
from .request_rules import RequestNews
from .request_talk import talk_by_id
from .states import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ontmoet.hearing.call_list import Says, Teller
    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting

    from .queries import BookingView

_booking = Booking.__table__
_told = _booking.alias("told")

# Of each series the first comes last.
_WAITS_WITH = (
    BOOKINGS.add_columns(_told.c.id.label("told_id"))
    .join(_told, _told.c.series_number == _booking.c.series_number)
    .where(
        _told.c.id.in_(bindparam("booking_ids", expanding=True)),
        _booking.c.status == Status.REQUESTED,
        _booking.c.lapses_at > instant_named("now"),
    )
    .order_by(_booking.c.starts_at.desc())
)


def letter(news: RequestNews, message: Waiting, *, now: datetime) -> Letter | None:
    """The news about a request as it is now; None for a reader without e-mail, and once it is decided,
    answered or over.
    """
    reader = execute(READER, person_id=message.person_id).one_or_none()
    about = _about([message]).get(message.number)
    if reader is None or reader.email is None or about is None:
        return None
    _booking_id, question, answer = about
    found = _that_wait([message], {message.number: about}, now=now).get(message.number)
    if found is None or found.lapses_at is None:
        return None
    room = room_by_id(found.room_id)
    facts = {"room": room.name, "day": dates.short_day(day_of(found.slot.starts))}
    subject = {
        RequestNews.WAITING: _("Een aanvraag wacht: %(room)s op %(day)s", **facts),
        RequestNews.QUESTION: _("Een vraag aan jou: %(room)s op %(day)s", **facts),
        RequestNews.ANSWERED: _("Antwoord op je vraag: %(room)s op %(day)s", **facts),
    }[news]
    to_asker = news is RequestNews.QUESTION
    where = f"reserveringen/{found.public_id}" if to_asker else f"r/{room.slug}/aanvragen"
    template = current_app.jinja_env.get_template(f"email/bookings/request_{news.name.lower()}.txt")
    return Letter(
        to=reader.email,
        sender=room.corporation_name,
        subject=subject,
        body=template.render(
            name=one_line(reader.name).split(" ", 1)[0],
            room=room,
            when=f"{dates.capitalised(dates.long_day(day_of(found.slot.starts)))}, "
            f"{dates.times_in_words(found.slot)}",
            question=one_line(question),
            answer=one_line(answer),
            answer_before=dates.full_moment(found.lapses_at),
            link=f"{current_config().base_url}/{where}",
            helper="",
        ),
    )


def sentences(messages: Sequence[Waiting], now: datetime) -> Mapping[int, Says]:
    """What to say to each person by telephone, as long as it is still true. At most three statements."""
    about = _about(messages)
    waiting = _that_wait(messages, about, now=now)
    said = {}
    for message in messages:
        found = waiting.get(message.number)
        if found is None:
            continue
        _booking_id, question, answer = about[message.number]
        said[message.number] = partial(_sentences, RequestNews(message.kind), found, question, answer)
    return said


TITLES = {
    RequestNews.WAITING: _l("een aanvraag wacht"),
    RequestNews.QUESTION: _l("vraag over een aanvraag"),
    RequestNews.ANSWERED: _l("antwoord over een aanvraag"),
}
"""What a message was about, for whoever got it."""

LETTERS: Mapping[str, Composer] = {news: partial(letter, news) for news in RequestNews}
TOLD: Mapping[str, Teller] = dict.fromkeys(RequestNews, sentences)


def _sentences(news: RequestNews, found: BookingView, question: str, answer: str) -> str:
    day = dates.long_day(day_of(found.slot.starts))
    facts = {"room": found.room_name, "when": f"{day}, {dates.times_in_words(found.slot)}"}
    match news:
        case RequestNews.WAITING:
            return _("Er wacht een aanvraag voor %(room)s op %(when)s. Wil je beslissen?", **facts)
        case RequestNews.QUESTION:
            return _(
                "Je vroeg %(room)s aan voor %(when)s. De beheergroep wil eerst iets weten: %(question)s",
                question=question,
                **facts,
            )
        case RequestNews.ANSWERED:
            return _(
                "Je vroeg iets over de aanvraag voor %(room)s op %(when)s. Het antwoord: %(answer)s",
                answer=answer,
                **facts,
            )


def _about(messages: Sequence[Waiting]) -> dict[int, tuple[int, str, str]]:
    """Booking, question and answer that each message is about, the last two empty where nothing was asked;
    none for what is overtaken. At most one statement.
    """
    question_ids = [each.object_id for each in messages if each.kind != RequestNews.WAITING]
    talk = talk_by_id(question_ids) if question_ids else {}
    found = {}
    for message in messages:
        if message.kind == RequestNews.WAITING:
            found[message.number] = message.object_id, "", ""
            continue
        said = talk.get(message.object_id)
        if said is not None and said.is_open == (message.kind == RequestNews.QUESTION):
            found[message.number] = said.booking_id, said.question, said.answer or ""
    return found


def _that_wait(
    messages: Sequence[Waiting], about: Mapping[int, tuple[int, str, str]], *, now: datetime
) -> dict[int, BookingView]:
    """The request that each message is about, as long as it waits. A series is told of by one of its dates:
    once that is over, by the first other that waits. At most two statements.
    """
    asked = {number: booking_id for number, (booking_id, _question, _answer) in about.items()}
    bookings = bookings_by_id([*asked.values()], now=now)
    found = {
        number: bookings[booking_id]
        for number, booking_id in asked.items()
        if booking_id in bookings and bookings[booking_id].status is Status.REQUESTED
    }
    over = {
        each.number: asked[each.number]
        for each in messages
        if each.kind == RequestNews.WAITING and each.number not in found
    }
    if over:
        rows = execute(_WAITS_WITH, booking_ids=[*over.values()], now=now)
        others = {row.told_id: booking_view(row, now) for row in rows}
        found |= {number: others[booking_id] for number, booking_id in over.items() if booking_id in others}
    return found
