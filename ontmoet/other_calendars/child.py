"""The process that reads one calendar file: `python -m ontmoet.other_calendars.child FIRST LAST`.

What a stranger made goes through libraries that were not written against strangers. So it is read here, where
nothing else is: no settings, no keys, no database; and within these bounds:

- memory: 150 MB more than the process has at its start;
- an event or a series: 0.3 s of computing. What takes longer is a fault; the third ends it all;
- the file: 15 s of computing. An event and a series may take 3 ms, a date that is found 0.3 ms; what takes
  more is counted, and 0.7 s of that ends it all. So 5,000 good events have their time, a few bad ones not;
- the last resort, for what cannot be interrupted: the system ends the process after 20 s of computing.

The file comes in on standard input, lines of JSON go out on standard output, the last says that it was the
last. Nothing of the file goes anywhere else.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ontmoet.kernel.objections import Objection, Refused

from .contents import Patience, read
from .rules import Reason, Window
from .text import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .rules import ReadCalendar

MEMORY = 150_000_000
ONE, EACH, EACH_DATE, SPARE, MOST, LAST_RESORT = 0.3, 0.003, 0.0003, 0.7, 15.0, 20
STRIKES = 3


class _Slow(BaseException):
    """Out of whatever the library does, also where it takes any error for one of its own."""


class Clock(Patience):
    """Breaks off what computes too long."""

    def __init__(self) -> None:
        self._spare = SPARE
        self._strikes = 0
        self._is_running = False
        signal.signal(signal.SIGPROF, self._ring)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Around an event or a series: `Unreadable` when it takes too long, `Refused` when it was enough."""
        began = time.process_time()
        if self._spare <= 0 or began > MOST:
            raise Refused(Objection(Reason.TAKES_TOO_LONG))
        try:
            self._is_running = True
            # Again after that, for where the first was lost in a place that cannot raise.
            signal.setitimer(signal.ITIMER_PROF, ONE, ONE / 10)
            yield
            self._is_running = False
        except _Slow:
            self._strikes += 1
            if self._strikes == STRIKES:
                raise Refused(Objection(Reason.TAKES_TOO_LONG)) from None
            raise Unreadable(Reason.TAKES_TOO_LONG) from None
        finally:
            self._is_running = False
            signal.setitimer(signal.ITIMER_PROF, 0)
            self._spare -= max(0.0, time.process_time() - began - EACH)

    def found(self, dates: int) -> None:
        """So many dates came of it."""
        self._spare = min(SPARE, self._spare + dates * EACH_DATE)

    def _ring(self, *_: object) -> None:
        if self._is_running:
            raise _Slow


def main() -> None:
    _bound()
    window = Window(*(datetime.fromisoformat(moment) for moment in sys.argv[1:]))
    raw = sys.stdin.buffer.read()
    try:
        lines = list(_told(read(raw, window, Clock())))
    except Refused as refused:
        lines = [["refused", refused.objections[0].reason]]
    except MemoryError:
        lines = [["refused", Reason.TAKES_TOO_LONG]]
    sys.stdout.write("".join(f"{json.dumps(line)}\n" for line in lines))


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (LAST_RESORT, LAST_RESORT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = Path("/proc/self/statm")
    if size.exists():
        most = int(size.read_text().split()[0]) * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _told(found: ReadCalendar) -> Iterator[list[object]]:
    for event in found.events:
        slot = (event.slot.starts.timestamp(), event.slot.ends.timestamp())
        yield ["event", event.number, event.uid, event.recurrence, *slot, event.title, sorted(event.remarks)]
    for fault in found.faults:
        yield ["fault", fault.number, fault.reason, fault.title, fault.starts]
    for uid, dates in found.whole.items():
        yield ["whole", uid, dates]
    for uid, dates in found.struck.items():
        yield ["struck", uid, dates]
    yield ["end", found.left_out]


if __name__ == "__main__":
    main()
