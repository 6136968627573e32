"""What a room is, and when it is open."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of, instant_or_next

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

USUAL_SERIES_DAYS = 366
"""How far ahead a series may go where nobody decided otherwise: a year."""


class Typology(StrEnum):
    """The handbook's five types of meeting room (Deel II), plus the neighbourhood house."""

    SEN = "sen"
    KH = "kh"
    MFO = "mfo"
    BH = "bh"
    CPO = "cpo"


class AccessPolicy(StrEnum):
    """Whom the room is for (SB-14)."""

    TENANTS = "tenants"
    NEIGHBOURS = "neighbours"
    HIRERS = "hirers"


class KeyPlan(StrEnum):
    """The four Dutch ways to get in."""

    HANDED_OUT = "handed_out"
    NEIGHBOUR_OPENS = "neighbour_opens"
    OWN_KEY = "own_key"
    CODE_BOX = "code_box"


class Door(StrEnum):
    """The six front doors a room can have; a colour never means a state."""

    LINDE = "linde"
    HOEKJE = "hoekje"
    PLEIN = "plein"
    BRUG = "brug"
    WILGEN = "wilgen"
    ARK = "ark"


class Facility(StrEnum):
    """What there is in a room, of what the handbook names."""

    KITCHEN = "kitchen"
    COFFEE = "coffee"
    TABLES = "tables"
    GAMES = "games"
    BEAMER = "beamer"
    SCREEN = "screen"
    MUSIC = "music"
    WIFI = "wifi"
    LIFT = "lift"
    STEP_FREE = "step_free"
    ACCESSIBLE_TOILET = "accessible_toilet"
    HEARING_LOOP = "hearing_loop"
    OUTDOORS = "outdoors"


class UseKind(StrEnum):
    """What somebody uses a room for."""

    OWN = "own"
    OPEN_ACTIVITY = "open_activity"
    ORGANISATION = "organisation"
    LETTING = "letting"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Open from one time of day to another, in minutes after local midnight."""

    opens: int
    closes: int


@lru_cache(maxsize=4096)
def _slots(stretches: tuple[Stretch, ...], day: date) -> tuple[TimeSlot, ...]:
    slots: list[TimeSlot] = []
    for stretch in stretches:
        starts, ends = instant_or_next(day, stretch.opens), instant_or_next(day, stretch.closes)
        if slots and slots[-1].ends >= starts:
            starts = slots.pop().starts
        if starts < ends:
            slots.append(TimeSlot(starts, ends))
    return tuple(slots)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Hours per weekday (0 is Monday), and days on which it goes otherwise, with the reason."""

    weekly: Mapping[int, tuple[Stretch, ...]]
    exceptions: Mapping[date, tuple[Stretch, ...]] = field(default_factory=dict)
    reasons: Mapping[date, str] = field(default_factory=dict)

    def on(self, day: date) -> tuple[Stretch, ...]:
        """The stretches of one day; empty when the room stays shut."""
        if day in self.exceptions:
            return self.exceptions[day]
        return self.weekly.get(day.weekday(), ())

    def slots_on(self, day: date) -> tuple[TimeSlot, ...]:
        """The same as instants; stretches that touch are one."""
        return _slots(self.on(day), day)

    def cover(self, slot: TimeSlot) -> bool:
        """Whether the room is open during the whole slot."""
        return any(open_.covers(slot) for open_ in self.slots_on(day_of(slot.starts)))


@dataclass(frozen=True, slots=True)
class ZoneView:
    """A part of a room."""

    zone_id: int
    slug: str
    name: str
    capacity: int


@dataclass(frozen=True, slots=True)
class UseRuleView:
    """How one kind of use goes; `quota` per home and calendar month, from `quota_from` on."""

    needs_approval: bool
    quota: int | None = None
    quota_from: int = 0


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room as pages, permissions and rules see it. Lengths in minutes."""

    room_id: int
    slug: str
    name: str
    address: str
    town: str
    door: str
    welcome: str
    capacity: int
    key_plan: KeyPlan
    key_note: str
    buffer_minutes: int
    horizon_days: int
    shortest_minutes: int
    longest_minutes: int
    usual_minutes: int
    live_at: datetime | None
    closed_at: datetime | None
    zones: tuple[ZoneView, ...]
    hours: OpeningHours
    use_rules: Mapping[UseKind, UseRuleView]
    used_by_complexes: frozenset[int]
    used_by_homes: frozenset[int]
    corporation_name: str
    corporation_phone: str
    version: int = 0
    agenda_version: int = 0
    series_days: int = USUAL_SERIES_DAYS
    access_policy: AccessPolicy = AccessPolicy.TENANTS
    facilities: tuple[Facility, ...] = ()
    merged_into_id: int | None = None
    zone_ids: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone_ids", frozenset(zone.zone_id for zone in self.zones))

    @property
    def is_divisible(self) -> bool:
        return len(self.zones) > 1

    def zone(self, slug: str) -> ZoneView | None:
        """The zone with this slug, if the room has it."""
        return next((zone for zone in self.zones if zone.slug == slug), None)

    def use_rule(self, kind: UseKind) -> UseRuleView:
        """The room's rule; without one, organisations and letting go on approval, own use does not."""
        default = UseRuleView(needs_approval=kind in (UseKind.ORGANISATION, UseKind.LETTING))
        return self.use_rules.get(kind, default)

    def is_closed(self, now: datetime) -> bool:
        """Closed for good."""
        return self.closed_at is not None and self.closed_at <= now

    def is_open_to_bookings(self, now: datetime) -> bool:
        """Live, and not closed for good."""
        return (
            self.live_at is not None
            and self.live_at <= now
            and (self.closed_at is None or now < self.closed_at)
        )
