"""When a room is open: what a week or a day may look like, and who stands outside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.walltime import MINUTES_A_DAY
from ontmoet.rooms.rules import OpeningHours, Stretch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Stretches = tuple[Stretch, ...]
Week = tuple[Stretches, ...]
"""The stretches of Monday to Sunday."""

MOST_DAYS_AT_ONCE = 92
FURTHEST_DAYS = 800


SMALLEST_GROUP = 5


class MissedLike(Protocol):
    """How often somebody wanted to come in an hour of the week."""

    @property
    def weekday(self) -> int: ...
    @property
    def hour(self) -> int: ...
    @property
    def times(self) -> int: ...
    @property
    def was_taken(self) -> bool: ...


class DayPart(StrEnum):
    """Six hours of a day."""

    NIGHT = "night"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


_PARTS_OF_DAY = tuple(DayPart)


class Reason(StrEnum):
    """Why hours are refused."""

    HALF_A_STRETCH = "half_a_stretch"
    ENDS_BEFORE_START = "ends_before_start"
    OVERLAPS = "overlaps"
    CHANGED_MEANWHILE = "changed_meanwhile"
    DAY_IS_PAST = "day_is_past"
    DAYS_REVERSED = "days_reversed"
    TOO_MANY_DAYS = "too_many_days"
    TOO_FAR_AHEAD = "too_far_ahead"
    NO_HOURS = "no_hours"
    NO_REASON = "no_reason"


class How(StrEnum):
    """How it goes on days of their own."""

    SHUT = "shut"
    OTHER = "other"
    USUAL = "usual"


@dataclass(frozen=True, slots=True)
class TypedStretch:
    """Two times as they were typed, and the names of their fields."""

    opens: int | None
    closes: int | None
    opens_field: str
    closes_field: str


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day on which it goes otherwise; without stretches the room is shut."""

    day: date
    stretches: Stretches
    reason: str


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days in a row that go the same."""

    first: date
    last: date
    stretches: Stretches
    reason: str


@dataclass(frozen=True, slots=True)
class DaysWanted:
    """How it is to go on a day, or on days in a row. Stretches None: as on any other such weekday."""

    first: date
    last: date
    stretches: Stretches | None
    reason: str

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    def special(self) -> tuple[SpecialDay, ...]:
        """The same, day by day; empty when it is to go as usual."""
        if self.stretches is None:
            return ()
        return tuple(SpecialDay(day, self.stretches, self.reason) for day in self.days)


def stretches_of(typed: Sequence[TypedStretch]) -> Stretches:
    """The stretches of a day, in order of time; an end of 00:00 is midnight. Raises `Refused`."""
    found: list[tuple[Stretch, TypedStretch]] = []
    for one in typed:
        if one.opens is None and one.closes is None:
            continue
        if one.opens is None or one.closes is None:
            missing = one.opens_field if one.opens is None else one.closes_field
            raise Refused(Objection(Reason.HALF_A_STRETCH, missing))
        closes = one.closes or MINUTES_A_DAY
        if closes <= one.opens:
            raise Refused(Objection(Reason.ENDS_BEFORE_START, one.closes_field, {"opens": one.opens}))
        found.append((Stretch(one.opens, closes), one))
    found.sort(key=lambda pair: pair[0].opens)
    for (before, _typed), (after, typed_after) in pairwise(found):
        if after.opens < before.closes:
            raise Refused(Objection(Reason.OVERLAPS, typed_after.opens_field, {"closes": before.closes}))
    return tuple(stretch for stretch, _typed in found)


def week_of(typed: Sequence[Sequence[TypedStretch]]) -> Week:
    """The stretches of each day. Raises `Refused` with what is wrong on all days."""
    days: list[Stretches] = []
    wrong: list[Objection] = []
    for day in typed:
        try:
            days.append(stretches_of(day))
        except Refused as refusal:
            wrong.extend(refusal.objections)
    if wrong:
        raise Refused(*wrong)
    return tuple(days)


def days_wanted(
    first: date, last: date | None, how: How, typed: Sequence[TypedStretch], reason: str, *, today: date
) -> DaysWanted:
    """What was asked for a day or days in a row. Raises `Refused`."""
    last = last or first
    if last < first:
        raise Refused(Objection(Reason.DAYS_REVERSED, "last"))
    if first < today:
        raise Refused(Objection(Reason.DAY_IS_PAST, "first"))
    if (last - first).days >= MOST_DAYS_AT_ONCE:
        raise Refused(Objection(Reason.TOO_MANY_DAYS, "last"))
    if last > today + timedelta(days=FURTHEST_DAYS):
        raise Refused(Objection(Reason.TOO_FAR_AHEAD, "last" if last != first else "first"))
    if how is How.USUAL:
        return DaysWanted(first, last, None, "")
    stretches = stretches_of(typed) if how is How.OTHER else ()
    wrong = []
    if how is How.OTHER and not stretches:
        wrong.append(Objection(Reason.NO_HOURS, typed[0].opens_field))
    if not reason:
        wrong.append(Objection(Reason.NO_REASON, "reason"))
    if wrong:
        raise Refused(*wrong)
    return DaysWanted(first, last, stretches, reason)


def week_in(hours: OpeningHours) -> Week:
    """The week as a room has it."""
    return tuple(tuple(hours.weekly.get(day, ())) for day in range(7))


def is_never_open(week: Week) -> bool:
    """Whether nobody could come on any day."""
    return not any(week)


def with_week(hours: OpeningHours, week: Week) -> OpeningHours:
    """The hours with another week; days of their own stay."""
    return OpeningHours(dict(enumerate(week)), hours.exceptions)


def with_days(hours: OpeningHours, wanted: DaysWanted) -> OpeningHours:
    """The hours with other days; the week stays."""
    kept = {day: found for day, found in hours.exceptions.items() if day not in set(wanted.days)}
    added: Mapping[date, Stretches] = {one.day: one.stretches for one in wanted.special()}
    return OpeningHours(hours.weekly, {**kept, **added})


def often_missed(missed: Iterable[MissedLike]) -> list[tuple[tuple[int, DayPart], int]]:
    """The weekdays and parts of the day in which people wanted to come most, most first. Groups that are too
    small to say anything are left out.
    """
    groups: Counter[tuple[int, DayPart]] = Counter()
    for one in missed:
        groups[one.weekday, _PARTS_OF_DAY[one.hour // 6]] += one.times
    return [(group, times) for group, times in groups.most_common() if times >= SMALLEST_GROUP]


def special_since(hours: OpeningHours, first: date) -> list[SpecialDay]:
    """The days of their own from then on, in order."""
    return [
        SpecialDay(day, stretches, hours.reasons.get(day, ""))
        for day, stretches in sorted(hours.exceptions.items())
        if day >= first
    ]


def special_among(hours: OpeningHours, days: Sequence[date]) -> tuple[SpecialDay, ...]:
    """Those of these days, in order, that go otherwise already."""
    return tuple(one for one in special_since(hours, days[0]) if one.day <= days[-1])


def in_rows(days: Iterable[SpecialDay]) -> list[SpecialDays]:
    """Days, in order, that follow each other and go the same are one."""
    rows: list[SpecialDays] = []
    for one in days:
        before = rows[-1] if rows else None
        if (
            before is not None
            and before.last + timedelta(days=1) == one.day
            and (before.stretches, before.reason) == (one.stretches, one.reason)
        ):
            rows[-1] = SpecialDays(before.first, one.day, one.stretches, one.reason)
        else:
            rows.append(SpecialDays(one.day, one.day, one.stretches, one.reason))
    return rows


def week_text(week: Week) -> str:
    """The week in figures, for a form that must know what it started from."""
    return ",".join("+".join(f"{s.opens}-{s.closes}" for s in day) for day in week)


def week_from(text: str) -> Week:
    """The week that `week_text` wrote. Raises ValueError for anything else."""
    week = tuple(tuple(_stretch(part) for part in day.split("+") if part) for day in text[:400].split(","))
    if len(week) != 7 or week_text(week) != text:
        raise ValueError("not a week")
    return week


def _stretch(text: str) -> Stretch:
    opens, closes = text.split("-")
    if not (opens + closes).isascii() or not 0 <= int(opens) < int(closes) <= MINUTES_A_DAY:
        raise ValueError("not a stretch")
    return Stretch(int(opens), int(closes))
