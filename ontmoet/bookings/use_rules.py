"""Was a booking used, and how was the room left? When somebody may say so, and when we ask.

A trace is a fact and needs no name. That there is none is a question, never a verdict.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ontmoet.kernel.objections import Objection
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.rooms.rules import KeyPlan

from .rules import Reason
from .states import Status


class Trace(StrEnum):
    """What shows that a booking was used. An answer may also say that it was not."""

    CHECK_IN = "check_in"
    HEADCOUNT = "headcount"
    KEY = "key"
    CLOSING = "closing"
    STRIP = "strip"
    ANSWER = "answer"


class Chore(StrEnum):
    """What there is to do before the door shuts (HR-04)."""

    TIDIED = "tidied"
    DISHES = "dishes"
    LIGHTS = "lights"
    WINDOWS = "windows"
    KEY = "key"


EARLY = timedelta(minutes=30)
"""Who comes this long before the beginning may say so."""

TIME_TO_CLOSE = timedelta(days=1)
"""After the end: who forgot the closing list fills it in the next day."""

ASKED_AFTER = timedelta(minutes=30)
TIME_TO_ANSWER = timedelta(days=7)

FEWEST_SHOWN_TO_STAFF = 5
"""What fewer people did is no figure: it points at somebody."""


@dataclass(frozen=True, slots=True)
class Closings:
    """How often a room was used in a while, and how often of those nobody filled in the closing list."""

    used: int
    missing: int

    @property
    def tells_staff(self) -> bool:
        """Whether there is enough of it to be a figure."""
        return self.used >= FEWEST_SHOWN_TO_STAFF

    @property
    def is_few(self) -> bool:
        return self.missing < FEWEST_SHOWN_TO_STAFF


def against_check_in(status: Status, slot: TimeSlot, *, now: datetime) -> Objection | None:
    """Why nobody can say "ik ben er" now: from half an hour before until the end they can."""
    return _against(status, slot.starts - EARLY, slot.ends, now)


def against_closing(status: Status, slot: TimeSlot, *, now: datetime) -> Objection | None:
    """Why the closing list cannot be filled in now: from the beginning until a day after the end it can."""
    return _against(status, slot.starts, slot.ends + TIME_TO_CLOSE, now)


def against_answer(status: Status, slot: TimeSlot, *, now: datetime) -> Objection | None:
    """Why nobody can say now whether somebody was there: from the end on it can be said for a week."""
    return _against(status, slot.ends, slot.ends + TIME_TO_ANSWER, now)


def is_in_doubt(plan: KeyPlan, traces: Collection[Trace]) -> bool:
    """Whether it makes sense to ask if somebody was there.

    Who has a key of the group, or finds the door opened, leaves no trace of getting in: to ask them each
    week would make every faithful group one that stays away.
    """
    return plan in LEAVES_TRACES and not set(traces) - {Trace.ANSWER}


LEAVES_TRACES = frozenset({KeyPlan.HANDED_OUT, KeyPlan.CODE_BOX})
"""Ways to get in of which something is seen."""


def _against(status: Status, since: datetime, until: datetime, now: datetime) -> Objection | None:
    if status is Status.REQUESTED:
        return Objection(Reason.NOT_CONFIRMED)
    if status is not Status.CONFIRMED or until <= now:
        return Objection(Reason.ALREADY_OVER)
    if now < since:
        return Objection(Reason.NOT_YET, None, {"since": since})
    return None
