"""What people are told about a series, in words: one message, however many dates it has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import bindparam, select

from ontmoet.bookings.along import IN_CALENDARS, READER, files_along
from ontmoet.bookings.models import Booking
from ontmoet.bookings.states import THEIRS, CancelReason, Status
from ontmoet.bookings.wording import why_sentence
from ontmoet.db import Instant, execute
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.letters import Letter, one_line
from ontmoet.rooms.queries import room_by_id
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.settings import current_config

from .models import SeriesDate
from .queries import series_by_ids
from .rules import DateState
from .telling import SeriesNews
from .wording import rhythm_words, times_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from ontmoet.db import AnyRow
    from ontmoet.hearing.call_list import Says, Teller
    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting

    from .queries import SeriesView

_date = SeriesDate.__table__
_booking = Booking.__table__

_STANDS = (
    select(
        _booking.c.status,
        _booking.c.starts_at,
        _booking.c.ends_at,
        _booking.c.decided_at,
        _booking.c.ended_at,
        _booking.c.reason,
        _booking.c.explanation,
    )
    .join_from(_date, _booking, _booking.c.id == _date.c.booking_id)
    .where(
        _date.c.series_id == bindparam("series_id"),
        _date.c.state != DateState.STRUCK,
        _booking.c.status.in_((*THEIRS, Status.DECLINED, Status.CANCELLED)),
    )
    .order_by(_booking.c.starts_at)
)
_TO_COME = select(_booking.c.public_id).where(
    _booking.c.series_number == bindparam("series_id"),
    _booking.c.person_id == bindparam("person_id"),
    _booking.c.ends_at > bindparam("now", type_=Instant()),
    _booking.c.status.in_(bindparam("statuses", expanding=True)),
)

TOLD_TO_CALENDARS: Mapping[SeriesNews, frozenset[Status]] = {
    SeriesNews.MADE: frozenset({Status.CONFIRMED}),
    SeriesNews.APPROVED: frozenset({Status.CONFIRMED}),
    SeriesNews.DECLINED: frozenset({Status.DECLINED}),
    SeriesNews.CHANGED: IN_CALENDARS | {Status.REQUESTED},
    SeriesNews.ENDED: IN_CALENDARS,
}
"""The dates to come that go along as a file. What is only asked for does not (`files_along` leaves it out,
but for what was sure once); whoever puts that in a calendar is told there when it is declined.
"""

TITLES = {
    SeriesNews.MADE: _l("reeks gemaakt"),
    SeriesNews.REQUESTED: _l("reeks aangevraagd"),
    SeriesNews.APPROVED: _l("reeks goedgekeurd"),
    SeriesNews.DECLINED: _l("reeks afgewezen"),
    SeriesNews.CHANGED: _l("reeks veranderd"),
    SeriesNews.ENDED: _l("reeks afgezegd"),
    SeriesNews.ENDS_SOON: _l("een reeks loopt bijna af"),
    SeriesNews.STILL_COMING: _l("vraag of een groep blijft komen"),
    SeriesNews.KEPT: _l("reeks blijft staan"),
}
"""What a message was about, for whoever got it."""


@dataclass(frozen=True, slots=True)
class _Decided:
    """Why somebody said no, in a sentence or two; and the dates that it was about, where others go on as they
    were.
    """

    why: str = ""
    days: str = ""


def letter(news: SeriesNews, message: Waiting, *, now: datetime) -> Letter | None:
    """The news about a series as it is now; None for a reader without e-mail, and for what is not so."""
    reader = execute(READER, person_id=message.person_id).one_or_none()
    series = _about([message], now).get(message.number)
    if reader is None or reader.email is None or series is None:
        return None
    room = room_by_id(series.room_id)
    decided = _decided(message, series, now)
    template = current_app.jinja_env.get_template("email/series/news.txt")
    return Letter(
        to=reader.email,
        sender=room.corporation_name,
        subject=_subject(news, series, decided),
        body=template.render(
            name=one_line(reader.name).split(" ", 1)[0],
            room=room,
            lines=_lines(news, series, decided),
            link=f"{current_config().base_url}/reeksen/{series.public_id}",
            helper="",
        ),
        calendar=_files(news, series, message.person_id, now=now),
    )


def _files(news: SeriesNews, series: SeriesView, person_id: int, *, now: datetime) -> bytes | None:
    statuses = TOLD_TO_CALENDARS.get(news)
    if statuses is None:
        return None
    its = {"series_id": series.series_id, "person_id": person_id}
    public_ids = execute(_TO_COME, now=now, statuses=[*statuses], **its).scalars().all()
    return files_along(public_ids, person_id, now=now)


def sentences(messages: Sequence[Waiting], now: datetime) -> Mapping[int, Says]:
    """What to say to each person by telephone, as long as it is so."""
    about = _about(messages, now)
    return {
        each.number: partial(_said, each, about[each.number], now)
        for each in messages
        if each.number in about
    }


def _said(message: Waiting, series: SeriesView, now: datetime) -> str:
    return " ".join(_lines(SeriesNews(message.kind), series, _decided(message, series, now)))


def _about(messages: Sequence[Waiting], now: datetime) -> dict[int, SeriesView]:
    """The series of each message, where it is still so. One statement."""
    series = series_by_ids({each.object_id for each in messages})
    return {
        each.number: its
        for each in messages
        if (its := series.get(each.object_id)) and _is_so(SeriesNews(each.kind), its, day_of(now))
    }


def _is_so(news: SeriesNews, series: SeriesView, today: date) -> bool:
    """News about a series that is over is none, but that it ended."""
    if news in (SeriesNews.ENDED, SeriesNews.DECLINED):
        return True
    return series.ended_at is None and series.rhythm.last >= today


def _facts(series: SeriesView) -> dict[str, str]:
    return {
        "room": series.room_name,
        "how": rhythm_words(series.rhythm),
        "times": times_words(series.starts, series.ends),
        "until": dates.full_day(series.rhythm.last),
    }


def _subject(news: SeriesNews, series: SeriesView, decided: _Decided) -> str:
    facts = _facts(series)
    match news:
        case SeriesNews.MADE | SeriesNews.APPROVED:
            return _("%(room)s is van jou, %(how)s", **facts)
        case SeriesNews.REQUESTED:
            return _("Aangevraagd: %(room)s, %(how)s", **facts)
        case SeriesNews.DECLINED if decided.days:
            return _("Niet alles gaat door: %(room)s, %(how)s", **facts)
        case SeriesNews.DECLINED | SeriesNews.ENDED:
            return _("Gaat niet door: %(room)s, %(how)s", **facts)
        case SeriesNews.KEPT:
            return _("Gaat door: %(room)s, %(how)s", **facts)
        case SeriesNews.CHANGED:
            return _("Veranderd: %(room)s, %(how)s", **facts)
        case SeriesNews.ENDS_SOON:
            return _("Jouw reeks in %(room)s loopt bijna af", **facts)
        case SeriesNews.STILL_COMING:
            return _("Komen jullie nog in %(room)s?", **facts)


def _lines(news: SeriesNews, series: SeriesView, decided: _Decided) -> list[str]:
    facts = _facts(series)
    if decided.days:
        return [_about_some(news, facts, decided)]
    match news:
        case SeriesNews.MADE | SeriesNews.APPROVED:
            return [
                _("Jouw reeks mag: %(room)s, %(how)s, %(times)s, tot en met %(until)s.", **facts)
                if news is SeriesNews.APPROVED
                else _("%(room)s is van jou: %(how)s, %(times)s, tot en met %(until)s.", **facts)
            ]
        case SeriesNews.REQUESTED:
            return [
                _("Je vroeg %(room)s aan: %(how)s, %(times)s, tot en met %(until)s.", **facts),
                _("Je hoort nog of het kan."),
            ]
        case SeriesNews.DECLINED | SeriesNews.ENDED:
            return [_not_any_more(news, series, decided.why).rstrip()]
        case SeriesNews.CHANGED:
            return [
                _(
                    "Jouw reeks is veranderd. Het is nu %(room)s, %(how)s, %(times)s, tot en met %(until)s.",
                    **facts,
                )
            ]
        case SeriesNews.KEPT:
            return [
                _(
                    "Je woont niet meer bij %(room)s."
                    " Jouw reeks blijft van jou: %(how)s, %(times)s, tot en met %(until)s.",
                    **facts,
                ),
                _("Komt het toch niet uit? Zeg het dan op tijd af."),
            ]
        case SeriesNews.ENDS_SOON:
            return [
                _("Jouw reeks in %(room)s, %(how)s, loopt tot en met %(until)s.", **facts),
                _("Wil je doorgaan? Op de pagina van de reeks verleng je met één tik."),
            ]
        case SeriesNews.STILL_COMING:
            return [
                _("Komen jullie de komende weken nog in %(room)s, %(how)s, %(times)s?", **facts),
                _("Zeg ja op de pagina van de reeks. Zonder antwoord blijft alles zoals het is."),
            ]


def _not_any_more(news: SeriesNews, series: SeriesView, why: str) -> str:
    """That it was declined, that nothing of it is to come, or until when it still goes on; and why."""
    facts = _facts(series)
    if news is SeriesNews.DECLINED:
        return _("Jouw reeks in %(room)s, %(how)s, gaat niet door. %(why)s", why=why, **facts)
    if series.ended_at is not None:
        return _("Jouw reeks in %(room)s, %(how)s, gaat niet meer door. %(why)s", why=why, **facts)
    return _("Jouw reeks in %(room)s, %(how)s, gaat niet door na %(until)s. %(why)s", why=why, **facts)


def _about_some(news: SeriesNews, facts: dict[str, str], decided: _Decided) -> str:
    """Yes or no to some dates of a series, of which the others go on as they were."""
    days, why = decided.days, decided.why
    if news is SeriesNews.APPROVED:
        return _("Van jouw reeks in %(room)s, %(how)s, mag dit: %(days)s.", days=days, **facts)
    return _(
        "Van jouw reeks in %(room)s, %(how)s, gaat dit niet door: %(days)s. %(why)s",
        days=days,
        why=why,
        **facts,
    )


def _decided(message: Waiting, series: SeriesView, now: datetime) -> _Decided:
    """What was decided about a series. One statement, or none."""
    news = SeriesNews(message.kind)
    if news is SeriesNews.ENDED:
        rows = execute(_STANDS, series_id=series.series_id).all()
        return _Decided(_why([row for row in rows if row.ended_at == message.made_at]))
    status = {SeriesNews.APPROVED: Status.CONFIRMED, SeriesNews.DECLINED: Status.DECLINED}.get(news)
    rows = execute(_STANDS, series_id=series.series_id).all() if status else []
    decided = [row for row in rows if row.status == status and row.decided_at is not None]
    if not decided:
        return _Decided()
    last = max(row.decided_at for row in decided)
    its = [row for row in decided if row.decided_at == last]
    others = [row for row in rows if row.status in THEIRS and row.starts_at > now and row not in its]
    days = [
        f"{dates.short_day(day_of(row.starts_at))} {dates.times(TimeSlot(row.starts_at, row.ends_at))}"
        for row in its
    ]
    shown = ", ".join(days) if others else ""
    return _Decided(days=shown) if status is Status.CONFIRMED else _Decided(_why(its), shown)


def _why(ended: Sequence[AnyRow]) -> str:
    """Why these ended. They were decided about as one, so the first says why."""
    if not ended or not ended[0].reason:
        return ""
    return why_sentence(CancelReason(ended[0].reason), ended[0].explanation)


LETTERS: Mapping[str, Composer] = {news: partial(letter, news) for news in SeriesNews}
TOLD: Mapping[str, Teller] = dict.fromkeys(SeriesNews, sentences)
