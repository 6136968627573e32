"""What the house expects of work that nobody asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

LATE_AFTER = timedelta(minutes=10)
"""Jobs run every minute; this leaves time for a slow mail server and for an update of the software."""


def is_late(well_at: datetime | None, *, installed_at: datetime | None, now: datetime) -> bool:
    """Whether a job that last ended well at `well_at` should have done so since. One that never did has
    its time from the moment the house was installed; before that nothing is due.
    """
    since = well_at or installed_at
    return since is not None and now - since > LATE_AFTER
