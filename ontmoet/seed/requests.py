"""Requests of the demo: some wait for an answer, some got one of late, some got none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ontmoet.bookings.request_rules import lapses_after_talk
from ontmoet.bookings.states import CancelReason, Status, lapses_at
from ontmoet.kernel.walltime import instant
from ontmoet.rooms.rules import UseKind

from .drafts import Fate, Said, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .history import Chronicle
    from .settle import Booker


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody asked for a room so many hours ago: so many days ahead, or on the first
    day after it that is free.

    `by` is a given name of the cast, or else the number of a resident. `asked_back` is a question and its
    answer (empty when there is none yet), hours ago. Without `outcome` it waits.
    """

    by: str | int
    hours_ago: int
    ahead: int
    starts: int
    ends: int
    zone: str
    people: int
    purpose: str
    kind: UseKind = UseKind.OWN
    asked_back: tuple[str, str, int] | None = None
    outcome: Status | None = None
    reason: CancelReason | None = None
    explanation: str | None = None


WANTED = {
    "het-plein": (
        Wanted(0, 5, 2, 14, 17, "huiskamer", 15, "Verjaardag van mijn dochter"),
        Wanted(1, 66, 5, 14, 17, "huiskamer", 12, "Kraamfeest"),
        Wanted(
            2,
            20,
            3,
            19,
            22,
            "zaal",
            45,
            "Filmavond voor de portiek",
            asked_back=("Hoe laat is het geluid uit?", "Om half tien, daarna ruimen we op.", 3),
        ),
        Wanted(
            3,
            30,
            9,
            13,
            16,
            "atelier",
            10,
            "Schilderles",
            asked_back=("Neem je zelf verf mee?", "", 2),
        ),
        Wanted("Fatma", 8, 12, 10, 12, "huiskamer", 8, "Koffie met mijn straat"),
        Wanted(
            4,
            50,
            6,
            20,
            22,
            "zaal",
            60,
            "Feest met een band",
            outcome=Status.DECLINED,
            reason=CancelReason.RULES,
            explanation="Na 21:00 uur mag er geen versterkte muziek. Een middag kan wel.",
        ),
        Wanted(5, 90, 4, 10, 12, "atelier", 6, "Naailes", outcome=Status.LAPSED),
        Wanted(6, 28, 7, 10, 12, "huiskamer", 9, "Koffie met nieuwe buren", outcome=Status.CONFIRMED),
    ),
    "de-linde": (Wanted("Els", 26, 8, 13, 15, "grote-zaal", 20, "Valpreventie", UseKind.ORGANISATION),),
    "de-brug": (
        Wanted("Riet", 10, 9, 17, 19, "kleine-zaal", 8, "Budgetcursus", UseKind.ORGANISATION),
        Wanted(
            1,
            40,
            4,
            10,
            16,
            "grote-zaal",
            45,
            "Jubileum",
            UseKind.LETTING,
        ),
    ),
    "de-ark": (
        Wanted(
            2,
            60,
            5,
            11,
            16,
            "zaal",
            30,
            "Familiedag",
            UseKind.LETTING,
            outcome=Status.DECLINED,
            reason=CancelReason.DEFECT,
            explanation="De keuken is nog kapot.",
        ),
    ),
}

DAYS_TRIED = 10
DECIDES = {"het-plein": "Fatma", "de-linde": "Kees", "de-brug": "Sanne", "de-ark": "Truus"}


def add_requests(chronicle: Chronicle, cast: Mapping[str, Booker]) -> None:
    """Put in what is wanted of this room, before chance fills it."""
    slug = chronicle.room.plan.slug
    for wanted in WANTED.get(slug, ()):
        booker = cast[wanted.by] if isinstance(wanted.by, str) else chronicle.room.residents[wanted.by]
        decider = cast[DECIDES[slug]]
        made_at = chronicle.now - timedelta(hours=wanted.hours_ago)
        for ahead in range(wanted.ahead, wanted.ahead + DAYS_TRIED):
            day = chronicle.today + timedelta(days=ahead)
            span = Span(day, wanted.starts * 60, wanted.ends * 60, wanted.zone)
            starts = instant(span.day, span.starts)
            if chronicle.book(
                span,
                booker,
                wanted.kind,
                purpose=wanted.purpose,
                people=wanted.people,
                made_at=made_at,
                fate=_fate(wanted, starts, made_at, decider.person_id, now=chronicle.now),
                talk=_talk(wanted, decider.person_id, now=chronicle.now),
            ):
                break


def _fate(wanted: Wanted, starts: datetime, made_at: datetime, decider_id: int, *, now: datetime) -> Fate:
    lapses = lapses_at(made_at, starts)
    for said in _talk(wanted, decider_id, now=now):
        lapses = lapses_after_talk(lapses, starts, now=said.answered_at or said.asked_at)
    match wanted.outcome:
        case None:
            return Fate(Status.REQUESTED, lapses_at=lapses)
        case Status.LAPSED:
            return Fate(Status.LAPSED, CancelReason.NO_ANSWER, lapses)
        case Status.CONFIRMED:
            return Fate(decided_by_id=decider_id, decided_at=now - timedelta(hours=4))
        case outcome:
            ended_at = now - timedelta(hours=6)
            return Fate(
                outcome,
                wanted.reason,
                ended_at,
                decided_by_id=decider_id,
                decided_at=ended_at,
                explanation=wanted.explanation,
            )


def _talk(wanted: Wanted, decider_id: int, *, now: datetime) -> tuple[Said, ...]:
    if wanted.asked_back is None:
        return ()
    question, answer, hours_ago = wanted.asked_back
    asked_at = now - timedelta(hours=hours_ago)
    if not answer:
        return (Said(question, decider_id, asked_at),)
    return (Said(question, decider_id, asked_at, answer, asked_at + timedelta(hours=1)),)
