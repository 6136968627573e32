"""A back-up every night, and those that were kept long enough go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .folder import folder, remove_old
from .making import make
from .rules import DAILY, name_for

if TYPE_CHECKING:
    from datetime import datetime

    from .making import Made


def back_up(now: datetime) -> tuple[Made, int]:
    """Make one; what it is, and how many went. Old ones go only after a new one is there.

    Raises as `make` does.
    """
    made = make(folder() / name_for(DAILY, now), now=now, overwrite=True)
    return made, remove_old(now)
