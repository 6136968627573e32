"""Makes up two years of bookings for one room, and what is planned: chance, held to a story."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

from ontmoet.bookings.closure_rules import daily_pieces
from ontmoet.bookings.parties import Party
from ontmoet.bookings.states import CancelReason, Status, Visibility, lapses_at
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import (
    MINUTES_A_DAY,
    NonexistentTime,
    day_of,
    instant,
    minutes_of,
    month_of,
)
from ontmoet.rooms.rules import UseKind

from .drafts import GOES_ON, Diary, Draft, Fate, Said, Span
from .programme import CLOSING_REASONS, FIRST_WEEK, LAST_WEEK, LETTING_PURPOSES, PURPOSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from .programme import Story, Weekly, Works
    from .settle import Booker, SettledRoom

LENGTHS = (60, 90, 120, 120, 120, 150, 180, 240)
DAYPARTS = ((9 * 60, 12 * 60), (12 * 60, 17 * 60), (17 * 60, 21 * 60))
DAYPART_WEIGHTS = (2, 5, 4)
WEEKDAY_WEIGHTS = (2, 2, 2, 2, 3, 4, 3)
SHARE_MADE_AHEAD = {1: 0.7, 2: 0.45, 3: 0.25}
"""How much of a week's own use is in the book that many weeks before; beyond that very little."""


class Chronicle:
    """The bookings of one room. What was put in first keeps its place; nothing overlaps."""

    def __init__(self, room: SettledRoom, story: Story, cast: Mapping[str, Booker], *, now: datetime) -> None:
        self.room = room
        self.story = story
        self.now = now
        self.today = day_of(now)
        self.drafts: list[Draft] = []
        self.closures: list[tuple[Works, TimeSlot]] = []
        self.dice = Random(f"the chronicle of {room.plan.slug}")
        self._cast = cast
        self._diary = Diary(room.plan.buffer_minutes)
        self._turns: Counter[tuple[int | None, date]] = Counter()
        self._monday = self.today - timedelta(days=self.today.weekday())

    def slot_of(self, first: int, opens: float, last: int, closes: float) -> TimeSlot:
        """From an hour of one day until an hour of another; days count from today."""
        begin, end = (self.today + timedelta(days=day) for day in (first, last))
        return TimeSlot(instant(begin, int(opens * 60)), instant(end, int(closes * 60)))

    def add_works(self) -> None:
        """Close the room where the story says so; before anything is booked."""
        for works in self.story.works:
            slot = self.slot_of(works.first_day, works.opens, works.last_day, works.closes)
            self.closures.append((works, slot))
            for piece in daily_pieces(slot):
                ends = minutes_of(piece.ends) or MINUTES_A_DAY
                self.keep_free(Span(day_of(piece.starts), minutes_of(piece.starts), ends, works.zone))

    def keep_free(self, span: Span) -> None:
        """Let nothing more be put here."""
        self._diary.take(span, self.room.plan.zone_slugs(span.zone))

    def add_weekly(self) -> None:
        """What comes back each week, from the beginning until the story says it stops."""
        for weekly in self.story.weekly:
            for week in range(FIRST_WEEK, weekly.until_week + 1, weekly.every):
                day = self._monday + timedelta(weeks=week, days=weekly.weekday)
                if self.dice.random() < chance_of(weekly, day):
                    self._add_occurrence(weekly, day)

    def add_own_use(self) -> None:
        """What people book by themselves, as often as the story and the season have it."""
        for week in range(FIRST_WEEK, LAST_WEEK + 1):
            monday = self._monday + timedelta(weeks=week)
            usual = self.story.a_week * level(self.story.course, week) * season(monday)
            ahead = 1.0 if week <= 0 else SHARE_MADE_AHEAD.get(week, 0.06)
            for _ in range(poisson(usual * ahead * self.dice.gammavariate(12, 1 / 12), self.dice)):
                self._add_own_use_in(monday)

    def book(
        self,
        span: Span,
        booker: Booker,
        kind: UseKind,
        *,
        purpose: str = "",
        people: int = 4,
        is_open: bool = False,
        entered_by: Booker | None = None,
        made_at: datetime | None = None,
        fate: Fate | None = None,
        talk: tuple[Said, ...] = (),
    ) -> bool:
        """Put a booking in when the room is open and free then; whether that was so.

        Without a fate chance decides whether it went on.
        """
        zones = self.room.plan.zone_slugs(span.zone)
        slot = self._slot_in_hours(span)
        if slot is None or not self._diary.is_free(span, zones):
            return False
        made_at = made_at or self._made_at(slot, kind)
        draft = Draft(
            slot=slot,
            zone=span.zone if self.room.plan.is_divisible else "",
            party=Party(kind, booker.home_id, booker.organisation_id),
            person_id=booker.person_id,
            entered_by_id=(entered_by or booker).person_id,
            visibility=Visibility.OPEN if is_open else Visibility.CLOSED,
            people=min(people, self.room.plan.capacity_of(span.zone)),
            purpose=purpose,
            made_at=made_at,
            fate=fate or self._fate(kind, made_at, slot),
            responsible=booker.name if booker.organisation_id else None,
            talk=talk,
        )
        self.drafts.append(draft)
        if draft.holds_the_room:
            self._diary.take(span, zones)
        if kind is UseKind.OWN and span.starts >= self.room.plan.quota_from:
            self._turns[booker.home_id, month_of(span.day)[0]] += 1
        return True

    def book_somewhere(self, spans: Iterable[Span], booker: Booker, **details: Any) -> bool:
        """Own use at the first of these times that is possible; whether there was one."""
        return any(self.book(span, booker, UseKind.OWN, **details) for span in spans)

    def is_used_on(self, day: date) -> bool:
        """Whether anything goes on that day."""
        return any(d.holds_the_room and day_of(d.slot.starts) == day for d in self.drafts)

    def _add_occurrence(self, weekly: Weekly, day: date) -> None:
        self.book(
            Span(day, int(weekly.starts * 60), int(weekly.ends * 60), weekly.zone),
            self._cast[weekly.by],
            weekly.kind,
            purpose=weekly.purpose,
            people=self.dice.randint(*weekly.people),
            is_open=weekly.is_open,
        )

    def _add_own_use_in(self, monday: date) -> None:
        # Who finds the room taken tries another time, a few times.
        for _ in range(5):
            span = self._some_span(monday)
            # Some homes book often, most seldom.
            residents = self.room.residents
            booker = residents[int(len(residents) * self.dice.random() ** 2)]
            is_letting = self.dice.random() < self.story.lettings
            if not is_letting and self._is_out_of_turns(booker.home_id, span):
                continue
            if self.book(
                span,
                booker,
                UseKind.LETTING if is_letting else UseKind.OWN,
                purpose=self.dice.choice(LETTING_PURPOSES if is_letting else PURPOSES),
                people=int(self.dice.triangular(2, 18, 5)),
            ):
                return

    def _some_span(self, monday: date) -> Span:
        dice = self.dice
        weekday = dice.choices(range(7), WEEKDAY_WEIGHTS)[0]
        first, last = dice.choices(DAYPARTS, DAYPART_WEIGHTS)[0]
        starts = dice.randrange(first, last, 30)
        slugs = [zone.slug for zone in self.room.plan.zones]
        zone = dice.choice(["", slugs[0], *slugs]) if len(slugs) > 1 else ""
        return Span(monday + timedelta(days=weekday), starts, starts + dice.choice(LENGTHS), zone)

    def _is_out_of_turns(self, home_id: int | None, span: Span) -> bool:
        """Fair use was kept to."""
        plan = self.room.plan
        if plan.quota is None or span.starts < plan.quota_from:
            return False
        return self._turns[home_id, month_of(span.day)[0]] >= plan.quota

    def _slot_in_hours(self, span: Span) -> TimeSlot | None:
        stretch = self.room.plan.open_on(span.day)
        if stretch is None or not stretch.opens <= span.starts < span.ends <= stretch.closes:
            return None
        if span.day > self.today + timedelta(days=self.story.days_ahead):
            return None
        try:
            return TimeSlot(instant(span.day, span.starts), instant(span.day, span.ends))
        except NonexistentTime:
            return None

    def _made_at(self, slot: TimeSlot, kind: UseKind) -> datetime:
        days = 6 if kind in (UseKind.OWN, UseKind.LETTING) else 40
        minutes = 20 + int(self.dice.expovariate(1 / (days * MINUTES_A_DAY)))
        return min(slot.starts, self.now) - timedelta(minutes=minutes)

    def _fate(self, kind: UseKind, made_at: datetime, slot: TimeSlot) -> Fate:
        roll = self.dice.random()
        seconds = (min(slot.starts, self.now) - made_at).total_seconds()
        then = made_at + timedelta(seconds=int(seconds * self.dice.random()))
        if roll < self.story.cancelled:
            reasons = (CancelReason.PLANS_CHANGED, *self.story.worries)
            return Fate(Status.CANCELLED, self.dice.choice(reasons), then)
        asks = kind is UseKind.LETTING or (kind is UseKind.OWN and self.room.plan.needs_approval)
        if not asks or slot.starts > self.now:
            return GOES_ON
        if roll > 0.96:
            return Fate(Status.DECLINED, self.dice.choice(CLOSING_REASONS), then)
        if roll > 0.92:
            return Fate(Status.LAPSED, CancelReason.NO_ANSWER, lapses_at(made_at, slot.starts))
        return GOES_ON


def season(day: date) -> float:
    """How busy an ordinary room is in the week of this day: Dutch school holidays leave it emptier."""
    week = day.isocalendar().week
    if 29 <= week <= 34:
        return 0.45
    if week in (52, 53, 1):
        return 0.25
    return 0.7 if week in (8, 18, 19, 43) else 1.0


def chance_of(weekly: Weekly, day: date) -> float:
    """How likely it is that what comes back each week is there on this day."""
    quiet = season(day)
    if quiet < 0.3:
        return 0.1
    return 0.97 if weekly.all_year else 0.97 * quiet


def level(course: Sequence[tuple[int, float]], week: int) -> float:
    """The height of a course in one week, on straight lines between its points."""
    for (before, low), (after, high) in pairwise(course):
        if before <= week <= after:
            return low + (high - low) * (week - before) / (after - before)
    raise ValueError(f"the course says nothing about week {week}")


def poisson(mean: float, dice: Random) -> int:
    """How often something happens that happens `mean` times on average."""
    limit, product, count = math.exp(-mean), dice.random(), 0
    while product > limit:
        product *= dice.random()
        count += 1
    return count
