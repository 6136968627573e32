"""The one place that reads the clock.

Instants are aware UTC datetimes in whole seconds: that is what both databases store, so an instant
compares equal before and after it was written.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_time


def now() -> datetime:
    """The present instant, in UTC and whole seconds."""
    return _source().replace(microsecond=0)


def start_at(instant: datetime) -> None:
    """Let the clock start at `instant` and run on from there (`ONTMOET_NOW`, demo databases only)."""
    global _source
    ahead = instant - _system_time()
    _source = lambda: _system_time() + ahead  # noqa: E731 - a named function would say no more


@contextmanager
def frozen(instant: datetime) -> Iterator[Callable[[timedelta], None]]:
    """Hold the clock at `instant` for a test; the yielded function moves it on."""
    global _source
    before = _source
    held = [instant]
    _source = lambda: held[0]  # noqa: E731

    def move(by: timedelta) -> None:
        held[0] += by

    try:
        yield move
    finally:
        _source = before
