"""What is told about requests, in words: that one waits, that there is a question, that it is answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import current_app

from ontmoet.db import execute
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.letters import Letter, one_line
from ontmoet.rooms.queries import room_by_id
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .messages import READER, base_url, booking_of, moment_words
from .queries import bookings_by_id
from .request_queries import talk_about
from .request_rules import RequestNews
from .rules import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ontmoet.hearing.call_list import Teller
    from ontmoet.outbox.sending import Composer, Waiting

    from .request_queries import Talk


def letter(news: RequestNews, message: Waiting, *, now: datetime) -> Letter | None:
    """The news about a request as it is now; None for a reader without e-mail, and once it is decided,
    answered or over.
    """
    reader = execute(READER, person_id=message.person_id).one_or_none()
    found = booking_of(message.object_id, now)
    if reader is None or reader.email is None or found is None:
        return None
    talk = _talk_told(news, talk_about([found.booking_id])[found.booking_id])
    if found.status is not Status.REQUESTED or found.lapses_at is None or talk is None:
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
            question=one_line(talk[0]),
            answer=one_line(talk[1]),
            answer_before=moment_words(found.lapses_at),
            link=f"{base_url()}/{where}",
            helper="",
        ),
    )


def sentences(messages: Sequence[Waiting], now: datetime) -> dict[int, str]:
    """What to say to each person by telephone, as long as it is still true. Two statements."""
    booking_ids = [message.object_id for message in messages]
    bookings, talks = bookings_by_id(booking_ids, now=now), talk_about(booking_ids)
    said = {}
    for message in messages:
        news, found = RequestNews(message.kind), bookings.get(message.object_id)
        talk = _talk_told(news, talks[message.object_id])
        if found is None or found.status is not Status.REQUESTED or talk is None:
            continue
        day = dates.long_day(day_of(found.slot.starts))
        facts = {"room": found.room_name, "when": f"{day}, {dates.times_in_words(found.slot)}"}
        said[message.number] = {
            RequestNews.WAITING: _(
                "Er wacht een aanvraag voor %(room)s op %(when)s. Wil je beslissen?", **facts
            ),
            RequestNews.QUESTION: _(
                "Je vroeg %(room)s aan voor %(when)s. De beheergroep wil eerst iets weten: %(question)s",
                question=talk[0],
                **facts,
            ),
            RequestNews.ANSWERED: _(
                "Je vroeg iets over de aanvraag voor %(room)s op %(when)s. Het antwoord: %(answer)s",
                answer=talk[1],
                **facts,
            ),
        }[news]
    return said


TITLES = {
    RequestNews.WAITING: _l("een aanvraag wacht"),
    RequestNews.QUESTION: _l("vraag over een aanvraag"),
    RequestNews.ANSWERED: _l("antwoord over een aanvraag"),
}
"""What a message was about, for whoever got it."""

LETTERS: Mapping[str, Composer] = {news: partial(letter, news) for news in RequestNews}
TOLD: Mapping[str, Teller] = dict.fromkeys(RequestNews, sentences)


def _talk_told(news: RequestNews, talk: Sequence[Talk]) -> tuple[str, str] | None:
    """Question and answer that the news is about, empty when it is about neither; None once overtaken."""
    if news is RequestNews.WAITING:
        return "", ""
    last = talk[-1] if talk else None
    if last is None or last.is_open != (news is RequestNews.QUESTION):
        return None
    return last.question, last.answer or ""
