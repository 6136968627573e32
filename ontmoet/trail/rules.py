"""What the house expects of work that nobody asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ontmoet.kernel.walltime import day_of, instant

LATE_AFTER = timedelta(minutes=10)
"""Most jobs run every minute; this leaves time for a slow mail server and for an update of the software."""

NIGHTLY_LATE_AFTER = timedelta(hours=26)
"""A night lasts an hour longer once a year."""

AGAIN_AFTER = timedelta(hours=1)
"""Work of the night that went wrong is heavy: it is not tried again every minute."""

NIGHT = 3 * 60
"""Minutes after midnight by the wall clock, when nobody is there. Every night has this time once."""


class Standing(StrEnum):
    """How a job stands, for who answers for the house."""

    WELL = "well"
    FAILED = "failed"
    LATE = "late"
    AWAITED = "awaited"
    """It was not done yet, and there is still time."""


@dataclass(frozen=True, slots=True)
class Chore:
    """Work that happens by itself, each minute or once a night."""

    title: str
    nightly: bool = False


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands: when it last ran, when it last ended well, if ever, and how its last run went."""

    ended_at: datetime
    well_at: datetime | None
    ok: bool
    note: str


def last_night(now: datetime) -> datetime:
    """When the work of the night was last to begin."""
    tonight = instant(day_of(now), NIGHT)
    return tonight if tonight <= now else instant(day_of(now) - timedelta(days=1), NIGHT)


def is_due(state: JobState | None, now: datetime) -> bool:
    """Whether a job of the night has to be done now. Another process may have been at it since `now`; what
    ran an hour and more after it ran by a clock that was wrong, and says nothing.
    """
    if state is None:
        return True
    soon = now + AGAIN_AFTER
    if state.well_at is not None and last_night(now) <= state.well_at < soon:
        return False
    return state.ok or not now - AGAIN_AFTER < state.ended_at < soon


def is_late(
    well_at: datetime | None, *, installed_at: datetime | None, now: datetime, nightly: bool = False
) -> bool:
    """Whether a job that last ended well at `well_at` should have done so since. One that never did has
    its time from the moment the house was installed; before that nothing is due. One that ended well long
    after now did so by a clock that was wrong.
    """
    since, patience = well_at or installed_at, NIGHTLY_LATE_AFTER if nightly else LATE_AFTER
    if since is None:
        return False
    return now - since > patience or (well_at is not None and well_at - now > patience)


def standing(
    chore: Chore, state: JobState | None, *, installed_at: datetime | None, now: datetime
) -> Standing:
    """How a job stands. That the last run went wrong is said before that it is late: it says more."""
    if state is not None and not state.ok:
        return Standing.FAILED
    well_at = None if state is None else state.well_at
    if is_late(well_at, installed_at=installed_at, now=now, nightly=chore.nightly):
        return Standing.LATE
    return Standing.AWAITED if state is None else Standing.WELL
