"""How long data are kept: the shape of one row of the table that is carried out and shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What happens when the term is over."""

    GONE = "gone"
    NAMELESS = "nameless"


@dataclass(frozen=True, slots=True)
class Retention:
    """One kind of data with a term. The words are sentences in the reader's language, made when read.

    `what` is kept because of `why`, for `term` after `since`. `count` and `forget` get the moment before
    which data are too old; `forget` does some at a time, in the open unit of work, and gives their number.
    """

    name: str
    title: Any
    what: Any
    why: Any
    term: timedelta
    since: Any
    outcome: Outcome
    count: Callable[[datetime], int]
    forget: Callable[[datetime], int]
