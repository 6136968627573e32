"""How a room may be booked: what the people of the room decide, and which bookings would not fit it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import astuple, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from ontmoet.kernel.objections import Objection
from ontmoet.kernel.walltime import MINUTES_A_DAY, day_of, minutes_of, month_of
from ontmoet.rooms.rules import UseKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from ontmoet.kernel.timeslot import TimeSlot
    from ontmoet.rooms.rules import RoomView


class Reason(StrEnum):
    """Why rules are refused."""

    LONGEST_TOO_SHORT = "longest_too_short"
    USUAL_OUT_OF_REACH = "usual_out_of_reach"
    COUNTS_NOTHING = "counts_nothing"
    CHANGED_MEANWHILE = "changed_meanwhile"


class BookingLike(Protocol):
    """A booking, as far as rules look at it."""

    @property
    def public_id(self) -> str: ...
    @property
    def slot(self) -> TimeSlot: ...
    @property
    def home_id(self) -> int | None: ...
    @property
    def zone_id(self) -> int | None: ...
    @property
    def use_kind(self) -> UseKind: ...


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be decided. Lengths in minutes; `quota` per home and month, of what starts at or after
    `quota_from`. Organisations and letting are always asked for, so there is nothing to decide.
    """

    own_asks: bool
    open_asks: bool
    quota: int | None
    quota_from: int
    shortest: int
    usual: int
    longest: int
    horizon_days: int
    buffer: int
    series_days: int


@dataclass(frozen=True, slots=True)
class Unfit:
    """How many bookings that are to come would not be made under some rules."""

    total: int
    too_short: int
    too_long: int
    too_far: int
    too_often: int
    too_close: int


def settings_of(room: RoomView) -> Settings:
    """What is decided in a room."""
    own = room.use_rule(UseKind.OWN)
    return Settings(
        own.needs_approval,
        room.use_rule(UseKind.OPEN_ACTIVITY).needs_approval,
        own.quota,
        own.quota_from,
        room.shortest_minutes,
        room.usual_minutes,
        room.longest_minutes,
        room.horizon_days,
        room.buffer_minutes,
        room.series_days,
    )


def objections_to(settings: Settings) -> tuple[Objection, ...]:
    """What cannot be; empty when it can."""
    if settings.longest < settings.shortest:
        return (Objection(Reason.LONGEST_TOO_SHORT, "longest"),)
    if not settings.shortest <= settings.usual <= settings.longest:
        return (Objection(Reason.USUAL_OUT_OF_REACH, "usual"),)
    if settings.quota_from >= MINUTES_A_DAY:
        return (Objection(Reason.COUNTS_NOTHING, "quota_from"),)
    return ()


def settings_text(settings: Settings) -> str:
    """The same in figures, for a form that must know what it started from."""
    return ",".join("" if value is None else str(int(value)) for value in astuple(settings))


def settings_from(text: str) -> Settings:
    """What `settings_text` wrote. Raises ValueError for anything else."""
    own_asks, open_asks, quota, *rest = text[:80].split(",")
    quota_from, shortest, usual, longest, horizon_days, buffer, series_days = (int(part) for part in rest)
    found = Settings(
        own_asks == "1",
        open_asks == "1",
        int(quota) if quota else None,
        quota_from,
        shortest,
        usual,
        longest,
        horizon_days,
        buffer,
        series_days,
    )
    if settings_text(found) != text:
        raise ValueError("not settings")
    return found


def unfit(
    settings: Settings, coming: Sequence[BookingLike], zone_ids: frozenset[int], *, now: datetime
) -> Unfit:
    """What of `coming`, soonest first, would not fit."""
    last_day = day_of(now) + timedelta(days=settings.horizon_days)
    shortest, longest = timedelta(minutes=settings.shortest), timedelta(minutes=settings.longest)
    found = [
        {one.public_id for one in coming if one.slot.length < shortest},
        {one.public_id for one in coming if one.slot.length > longest},
        {one.public_id for one in coming if day_of(one.slot.starts) > last_day},
        _too_often(settings, coming),
        _too_close(timedelta(minutes=settings.buffer), coming, zone_ids),
    ]
    return Unfit(len(set().union(*found)), *(len(those) for those in found))


def _too_often(settings: Settings, coming: Iterable[BookingLike]) -> set[str]:
    """Those beyond the turns of their home in a month, as far as they are still to come."""
    if settings.quota is None:
        return set()
    turns: defaultdict[tuple[int, date], list[str]] = defaultdict(list)
    for one in coming:
        if (
            one.use_kind is UseKind.OWN
            and one.home_id is not None
            and minutes_of(one.slot.starts) >= settings.quota_from
        ):
            turns[one.home_id, month_of(day_of(one.slot.starts))[0]].append(one.public_id)
    return {public_id for those in turns.values() for public_id in those[settings.quota :]}


def _too_close(buffer: timedelta, coming: Iterable[BookingLike], zone_ids: frozenset[int]) -> set[str]:
    """Those that begin too soon after another in the same place."""
    free_from: dict[int, datetime] = {}
    found = set()
    for one in coming:
        for zone_id in zone_ids if one.zone_id is None else (one.zone_id,):
            if zone_id in free_from and one.slot.starts < free_from[zone_id] + buffer:
                found.add(one.public_id)
            free_from[zone_id] = one.slot.ends
    return found
