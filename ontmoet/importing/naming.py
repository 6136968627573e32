"""What rows of a list can name: by any of its names, as long as no other has that name too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from .rules import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

Thing = TypeVar("Thing")


class Names(Generic[Thing]):
    """Things by their folded names. A name that two share names neither."""

    def __init__(self) -> None:
        self._things: dict[str, Thing | None] = {}

    def add(self, names: Iterable[str], thing: Thing) -> None:
        """Let this be found by each of its names."""
        for name in {folded(name) for name in names}:
            self._things[name] = None if self._things.get(name, thing) != thing else thing

    def get(self, name: str) -> Thing | None:
        """What is called so; None when nothing is, or more than one."""
        return self._things.get(folded(name))
