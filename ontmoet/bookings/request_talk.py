"""What was asked about requests before deciding, and what was answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, select

from ontmoet.db import execute
from ontmoet.people.models import Person

from .models import Booking, RequestQuestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontmoet.db import AnyRow

_booking = Booking.__table__
_question = RequestQuestion.__table__
_person = Person.__table__
_asker = _person.alias("asker")
_answerer = _person.alias("answerer")

_SAID = (
    select(_question, _asker.c.name.label("asked_by"), _answerer.c.name.label("answered_by"))
    .join_from(_question, _booking, _booking.c.id == _question.c.booking_id)
    .outerjoin(_asker, _asker.c.id == _question.c.asked_by_id)
    .outerjoin(
        _answerer,
        and_(
            _answerer.c.id == _question.c.answered_by_id,
            _answerer.c.id.is_distinct_from(_booking.c.person_id),
        ),
    )
)
_TALK = _SAID.where(_question.c.booking_id.in_(bindparam("booking_ids", expanding=True))).order_by(
    _question.c.id
)
_ASKED = _SAID.where(_question.c.id.in_(bindparam("question_ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Talk:
    """What somebody who decides asked, and the answer when there is one. Names as far as they are known;
    `answered_by` only of who answered for somebody else.
    """

    question_id: int
    booking_id: int
    question: str
    asked_by: str | None
    asked_by_id: int | None
    answer: str | None
    answered_by: str | None
    answered_by_id: int | None

    @property
    def is_open(self) -> bool:
        return self.answer is None


def talk_about(booking_ids: Sequence[int]) -> dict[int, list[Talk]]:
    """What was asked and answered about each of these requests, in order."""
    found: defaultdict[int, list[Talk]] = defaultdict(list)
    for row in execute(_TALK, booking_ids=booking_ids):
        found[row.booking_id].append(_talk(row))
    return found


def talk_by_id(question_ids: Sequence[int]) -> dict[int, Talk]:
    """Each of these questions, with its answer."""
    return {row.id: _talk(row) for row in execute(_ASKED, question_ids=question_ids)}


def _talk(row: AnyRow) -> Talk:
    return Talk(
        row.id,
        row.booking_id,
        row.question,
        row.asked_by,
        row.asked_by_id,
        row.answer,
        row.answered_by,
        row.answered_by_id,
    )
