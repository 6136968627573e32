"""What is said by telephone about somebody's booking."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from ontmoet.db import execute
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.letters import one_line
from ontmoet.rooms.models import Room, Zone
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

from .closure_queries import WHY_CLOSED
from .lapsed_together import lapsed_together
from .models import Booking
from .states import CancelReason, News, Status
from .still_news import is_still_news
from .use_queries import with_trace
from .waiting_wording import ask_for_other, said_of_waiting, shut_line
from .wording import why_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ontmoet.db import AnyRow
    from ontmoet.hearing.call_list import Says, Teller
    from ontmoet.outbox.waiting import Waiting

_booking = Booking.__table__
_room = Room.__table__
_zone = Zone.__table__

_TO_TELL = (
    select(
        _booking.c.id,
        _booking.c.status,
        _booking.c.reason,
        _booking.c.explanation,
        _booking.c.starts_at,
        _booking.c.ends_at,
        _booking.c.lapses_at,
        _room.c.name.label("room_name"),
        _room.c.closed_at.label("room_ended"),
        _zone.c.ended_at.label("part_ended"),
        WHY_CLOSED.label("why"),
    )
    .join_from(_booking, _room, _room.c.id == _booking.c.room_id)
    .outerjoin(_zone, _zone.c.id == _booking.c.zone_id)
    .where(_booking.c.id.in_(bindparam("booking_ids", expanding=True)))
)


def sentences(messages: Sequence[Waiting], now: datetime) -> Mapping[int, Says]:
    """What to say to each person by telephone, as long as it is still true. At most three statements."""
    booking_ids = [each.object_id for each in messages]
    found = {row.id: row for row in execute(_TO_TELL, booking_ids=booking_ids)}
    asked = [each.object_id for each in messages if each.kind == News.ASKED]
    settled = with_trace(asked) if asked else set()
    lapsed = lapsed_together([each.object_id for each in messages if each.kind == News.LAPSED])
    said = {}
    for message in messages:
        news, row = News(message.kind), found.get(message.object_id)
        if row is None or (news is News.ASKED and row.id in settled):
            continue
        if is_still_news(news, row.status, row.ends_at, now):
            said[message.number] = partial(_sentences, news, row, [*lapsed.get(row.id, {}).values()])
    return said


TOLD: Mapping[str, Teller] = dict.fromkeys(News, sentences)


def _sentences(news: News, row: AnyRow, lapsed: Sequence[TimeSlot]) -> str:
    slots = lapsed or [TimeSlot(row.starts_at, row.ends_at)]
    when = "; ".join(f"{dates.long_day(day_of(slot.starts))}, {dates.times_in_words(slot)}" for slot in slots)
    facts = {"room": row.room_name, "when": when}
    reason = why_sentence(_reason(row), row.explanation)
    match news:
        case News.CONFIRMED:
            return _("%(room)s is van jou op %(when)s.", **facts)
        case News.REQUESTED:
            return _("Je vroeg %(room)s aan voor %(when)s. Je hoort nog of het kan.", **facts)
        case News.CHANGED:
            return _changed(row, facts)
        case News.CANCELLED:
            return _(
                "Jouw reservering van %(room)s op %(when)s, gaat niet door. %(reason)s",
                reason=reason,
                **facts,
            )
        case News.TAKEN_BACK:
            return _(
                "Jouw aanvraag voor %(room)s op %(when)s, gaat niet door. %(reason)s", reason=reason, **facts
            )
        case News.LAPSED | News.DECLINED:
            return _(
                "Jouw aanvraag voor %(room)s op %(when)s, gaat niet door. %(reason)s"
                " Zullen we een andere tijd zoeken? Bij de aanvraag staan andere tijden, als die er zijn.",
                reason=reason,
                **facts,
            )
        case News.WAITS | News.OFFERED | News.NOT_FREED:
            return _of_waiting(news, row, facts)
        case News.REMINDER:
            return _("Denk aan jouw reservering: %(room)s, %(when)s.", **facts)
        case News.ASKED:
            return _(
                "Je had %(room)s op %(when)s. Was je er? Vertel het ons, dan schrijven we het op.", **facts
            )


def _changed(row: AnyRow, facts: dict[str, str]) -> str:
    if row.status == Status.REQUESTED:
        return _(
            "Jouw aanvraag voor %(room)s is veranderd. Het is nu %(when)s. Je hoort nog of het kan.", **facts
        )
    return _("Jouw reservering van %(room)s is veranderd. Het is nu %(when)s.", **facts)


def _of_waiting(news: News, row: AnyRow, facts: dict[str, str]) -> str:
    until = dates.full_moment(row.lapses_at) if row.lapses_at else ""
    is_gone = row.room_ended is not None
    shut = [
        shut_line(is_gone=is_gone, is_part_gone=row.part_ended is not None),
        _("De reden: %(why)s.", why=one_line(row.why)) if row.why else "",
        ask_for_other(is_gone=is_gone),
    ]
    shut_words = " ".join(filter(None, shut))
    return said_of_waiting(news, _reason(row), until=until, shut=shut_words, **facts)


def _reason(row: AnyRow) -> CancelReason | None:
    return CancelReason(row.reason) if row.reason else None
