"""What is known about people: one subject of the table that is shown, handed out and forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .retention import Retention

Facts = Mapping[str, object]
"""One thing that is known: what each value is called, in the reader's language, and the value."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One subject of personal data in a slice. The words are sentences in the reader's language.

    `columns` names every column that points at a person, such as `booking.person_id`: none may be left
    out of all declarations. `what` is kept because of `why` and seen by `seen_by`; `until` says how long,
    and `terms` are the rows of the table of retention that carry it out.

    `export` gives all of it about one person and nothing about anybody else, in one statement. `forget`
    runs in the open unit of work when a person leaves: afterwards nothing here tells who it was, and
    counts are what they were. `obstacles` says, a sentence each, what has to be settled before, such as a
    key that was not returned.
    """

    name: str
    title: Any
    what: Any
    why: Any
    seen_by: Any
    columns: frozenset[str]
    export: Callable[[int], Sequence[Facts]]
    forget: Callable[[int, datetime], None]
    obstacles: Callable[[int, datetime], Sequence[str]] | None = None
    until: Any = ""
    terms: tuple[Retention, ...] = ()
