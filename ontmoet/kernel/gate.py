"""Few threads of a process at work at a time.

Threads are for waiting: for slow phones, for the turn to write. When several *work* at once in one Python
process they take the interpreter from each other at every row that the database gives; measured, a page
then costs three times the processor time. So a request passes a gate, and steps aside while it waits.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Gate:
    """Lets at most `width` threads through. Who stepped aside comes back before those who never were in:
    it may hold what all others wait for, in other processes too.
    """

    def __init__(self, width: int) -> None:
        # A lock costs a fraction of a semaphore, and one at a time is the usual width.
        self._room = threading.Lock() if width == 1 else threading.Semaphore(width)
        self._front = threading.Lock()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Work inside the gate, once there is room."""
        # Of all who are new, one at a time stands at the gate: that is all who comes back competes with.
        with self._front:
            self._room.acquire()
        _inside.gate = self
        try:
            yield
        finally:
            _inside.gate = None
            self._room.release()

    def is_awaited(self) -> bool:
        """Whether somebody stands at the gate who never was in."""
        return self._front.locked()

    @contextmanager
    def _left(self) -> Iterator[None]:
        self._room.release()
        try:
            yield
        finally:
            self._room.acquire()


class _Inside(threading.local):
    gate: Gate | None = None


_inside = _Inside()


@contextmanager
def stepping_aside() -> Iterator[None]:
    """Wait for something outside Python without keeping others from working."""
    gate = _inside.gate
    if gate is None:
        yield
        return
    with gate._left():
        yield


def somebody_waits() -> bool:
    """Whether others of this process wait until this thread leaves the gate."""
    return _inside.gate is not None and _inside.gate.is_awaited()


def giving_way() -> None:
    """In long work: let whoever stands at the gate go first. Releasing alone does not, they must wake up."""
    if _inside.gate is not None:
        with stepping_aside():
            time.sleep(0.001)
