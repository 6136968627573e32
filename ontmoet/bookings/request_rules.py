"""May this person decide about this request, and until when does it wait?

People of the room decide, and the corporation where they do not. Nobody decides about an own request as long
as another of the room can (decision 14).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from ontmoet.kernel.objections import Objection

from .states import CancelReason, Status

LONGEST_SENTENCE = 200
"""Characters of a question, an answer and an explanation."""

LONGEST_RESPONSIBLE = 80

TIME_TO_TALK = timedelta(hours=24)
"""A question or an answer leaves at least this long for what comes next."""

LAST_MOMENT = timedelta(hours=4)
"""Before the beginning: then it must be known whether the room is free."""

REASONS_TO_DECLINE = (
    CancelReason.CLASH,
    CancelReason.SIZE,
    CancelReason.HOURS,
    CancelReason.RULES,
    CancelReason.ALCOHOL,
    CancelReason.FAIR_USE,
    CancelReason.NO_HOST,
    CancelReason.FACILITY,
    CancelReason.DEFECT,
    CancelReason.OTHER,
)
"""What somebody chooses from who says no (AG-05)."""


class RequestNews(StrEnum):
    """What is told about a request besides its end: to who decides that it waits, to who asked for the room
    that there is a question, to who put the question that it is answered.
    """

    WAITING = "request_waiting"
    QUESTION = "request_question"
    ANSWERED = "request_answered"


class RequestReason(StrEnum):
    """Why a deed about a request is refused."""

    ALREADY_DECIDED = "already_decided"
    OWN_REQUEST = "own_request"
    NO_RESPONSIBLE = "no_responsible"
    SAY_WHY = "say_why"
    ALREADY_ASKED = "already_asked"
    NOTHING_ASKED = "nothing_asked"


def against_deciding(status: Status, *, is_own: bool, another_may: bool) -> Objection | None:
    """Why this person may not decide now; None when they may. `another_may`: one more of the room can."""
    if status is not Status.REQUESTED:
        return Objection(RequestReason.ALREADY_DECIDED, facts={"status": status})
    if is_own and another_may:
        return Objection(RequestReason.OWN_REQUEST)
    return None


def against_responsible(*, is_organisation: bool, responsible: str | None) -> Objection | None:
    """Nobody answers for the room: a person does so themselves, an organisation names somebody (AG-05)."""
    if is_organisation and not responsible:
        return Objection(RequestReason.NO_RESPONSIBLE)
    return None


def against_explanation(because: CancelReason, explanation: str) -> Objection | None:
    """Another reason than the known ones is only a reason when it is told."""
    if because is CancelReason.OTHER and not explanation:
        return Objection(RequestReason.SAY_WHY, "explanation")
    return None


def lapses_after_talk(lapses_at: datetime, starts: datetime, *, now: datetime) -> datetime:
    """Until when a request waits once somebody asked or answered: a day at least, never past 4 hours before
    the start, and never shorter than it was.
    """
    return max(lapses_at, min(now + TIME_TO_TALK, starts - LAST_MOMENT))


def lapses_after_move(kept: datetime, lapses_at: datetime, starts: datetime) -> datetime:
    """Until when a request waits that moved to `starts`: `kept` is what its first asking gives it there; time
    that a question won stays won, up to 4 hours before the start.
    """
    return max(kept, min(lapses_at, starts - LAST_MOMENT))
