"""What somebody reads on the own page about slips that others made for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.kernel.walltime import day_of
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _

from .queries import slips_of

if TYPE_CHECKING:
    from datetime import datetime

    from .queries import SlipMade


def slip_lines(person_id: int, *, now: datetime) -> list[str]:
    """Which slips others made for this person, and whether they were used, in sentences."""
    return [_slip_line(slip, now) for slip in slips_of(person_id)]


def _slip_line(slip: SlipMade, now: datetime) -> str:
    today = day_of(now)
    made = _(
        "%(name)s maakte %(day)s om %(time)s uur een inlogbriefje voor jou.",
        name=slip.by_name,
        day=dates.on_day(day_of(slip.made_at), today),
        time=dates.clock_at(slip.made_at),
    )
    if slip.used_at is None:
        return made
    used = _(
        "Het is gebruikt: %(day)s om %(time)s uur.",
        day=dates.on_day(day_of(slip.used_at), today),
        time=dates.clock_at(slip.used_at),
    )
    return f"{made} {used}"
