"""How a message goes to its reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Way(StrEnum):
    """How a message goes. By hand: somebody of the room calls, or brings a slip."""

    MAIL = "mail"
    BY_HAND = "by_hand"
    NOT_AT_ALL = "not_at_all"


@dataclass(frozen=True, slots=True)
class Route:
    """How a message goes to its reader, from when on if not now, and in which language."""

    way: Way
    after: datetime | None = None
    language: str = "nl"
