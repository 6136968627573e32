"""What requests know about somebody who asked, answered or decided, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, or_, select, update

from ontmoet.db import execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.rooms.models import Room
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .models import Booking, RequestQuestion
from .retention import RETENTIONS
from .states import Status

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts

_booking = Booking.__table__
_question = RequestQuestion.__table__
_room = Room.__table__
_WHOSE: Any = bindparam("whose")

_SAID = (
    select(
        _room.c.name.label("room_name"),
        _question.c.question,
        _question.c.asked_by_id,
        _question.c.asked_at,
        _question.c.answer,
        _question.c.answered_by_id,
        _booking.c.person_id,
    )
    .join_from(_question, _booking, _booking.c.id == _question.c.booking_id)
    .join(_room, _room.c.id == _booking.c.room_id)
    .where(
        or_(
            _question.c.asked_by_id == _WHOSE,
            _question.c.answered_by_id == _WHOSE,
            _booking.c.person_id == _WHOSE,
        )
    )
    .order_by(_question.c.id)
)
_DECIDED = (
    select(_room.c.name.label("room_name"), _booking.c.status, _booking.c.decided_at)
    .join_from(_booking, _room, _room.c.id == _booking.c.room_id)
    .where(_booking.c.decided_by_id == _WHOSE)
    .order_by(_booking.c.decided_at)
)
_DROP_MINE = delete(_question).where(
    _question.c.booking_id.in_(select(_booking.c.id).where(_booking.c.person_id == _WHOSE))
)
_TAKE_ASKER = update(_question).where(_question.c.asked_by_id == _WHOSE).values(asked_by_id=None)
_TAKE_ANSWERER = update(_question).where(_question.c.answered_by_id == _WHOSE).values(answered_by_id=None)
_TAKE_DECIDER = update(_booking).where(_booking.c.decided_by_id == _WHOSE).values(decided_by_id=None)


def _export(person_id: int) -> list[Facts]:
    said = [
        {
            _("Ruimte"): row.room_name,
            _("Wanneer"): row.asked_at,
            _("Vraag"): row.question,
            # What somebody else answered is of them, or of whom they helped.
            _("Antwoord"): row.answer or ""
            if person_id in (row.person_id, row.answered_by_id)
            else _("van een ander"),
        }
        for row in execute(_SAID, whose=person_id)
    ]
    decided = [
        {
            _("Ruimte"): row.room_name,
            _("Wanneer"): row.decided_at,
            _("Beslist"): _("nee") if row.status == Status.DECLINED else _("ja"),
        }
        for row in execute(_DECIDED, whose=person_id)
    ]
    return [*said, *decided]


def _forget(person_id: int, _now: datetime) -> None:
    """What was said about somebody's own requests goes; who spoke or decided for the room is nobody then."""
    execute(_DROP_MINE, whose=person_id)
    execute(_TAKE_ASKER, whose=person_id)
    execute(_TAKE_ANSWERER, whose=person_id)
    execute(_TAKE_DECIDER, whose=person_id)


TALK = PersonalData(
    "request_talk",
    _l("Aanvragen"),
    what=_l("Wat je vroeg of antwoordde over een aanvraag, en over welke aanvragen je besliste."),
    why=_l("Dan weet de aanvrager waar het op wacht, en de beheergroep wie er al naar keek."),
    seen_by=_l(
        "Wie de ruimte vroeg en wie daarbij hielp, en de vrijwilligers en medewerkers van die ruimte."
    ),
    columns=frozenset(
        {"booking.decided_by_id", "request_question.asked_by_id", "request_question.answered_by_id"}
    ),
    export=_export,
    forget=_forget,
    terms=tuple(row for row in RETENTIONS if row.name == "forget_names"),
)
"""Forgotten before the bookings themselves: afterwards nobody knows whose requests they were."""
