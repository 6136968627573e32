"""What a process remembers of the database, as long as a version there says that it is still so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar
from weakref import WeakKeyDictionary

from .base import db
from .statements import is_writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """At most `most` values by key, each with the version it was read under. Per database. Of more than that,
    the tenth that was read longest ago is forgotten.

    The version is read before the value: what changes in between is read again, never missed. Triggers
    raise versions (see `guards`), so no writer can forget to.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._per_engine: WeakKeyDictionary[Engine, dict[Key, tuple[object, Value]]] = WeakKeyDictionary()

    def recall(self, key: Key, version: object, read: Callable[[], Value]) -> Value:
        """The value under this version, read when it is not known."""
        known = self._per_engine.setdefault(db.engine, {})
        found = known.get(key)
        if found is not None and found[0] == version:
            return found[1]
        value = read()
        # What a transaction wrote itself may yet be undone, and its version given to something else.
        if not is_writing():
            known.pop(key, None)
            if len(known) >= self._most:
                # Another thread may be here too.
                for oldest in list(known)[: -(-self._most // 10)]:
                    known.pop(oldest, None)
            known[key] = (version, value)
        return value
