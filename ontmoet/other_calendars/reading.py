"""From the bytes of a calendar file to what it holds. The reading itself is done in a process of its own."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import BoundedSemaphore, Timer
from typing import TYPE_CHECKING

from ontmoet.kernel.gate import stepping_aside
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.timeslot import TimeSlot

from .rules import LARGEST_FILE, Event, Fault, ReadCalendar, Reason, Remark, Skip

if TYPE_CHECKING:
    from .rules import Window

_FIRST_LINES = 4_096
_LARGEST_ANSWER = 32_000_000
LONGEST_WAIT = 25.0
"""Seconds by the clock on the wall, when the process does not end itself: its own bounds count computing."""
# Each holds a core, and its memory.
_one_at_a_time = BoundedSemaphore(1)
_ROOT = Path(__file__).parents[2]


def read_calendar(raw: bytes, window: Window) -> ReadCalendar:
    """The dates in `window`, the faults, and what is left out.

    Raises `Refused` for a file as a whole: TOO_LARGE, EMPTY, NOT_A_CALENDAR, TOO_MANY; TAKES_TOO_LONG, also
    where the process that reads it had to be ended or ran out of memory; NOT_READABLE where it broke.

    Others work meanwhile: let the connection go before.
    """
    if len(raw) > LARGEST_FILE:
        raise Refused(Objection(Reason.TOO_LARGE))
    if not raw.strip(b"\0 \t\r\n"):
        raise Refused(Objection(Reason.EMPTY))
    if b"BEGIN:VCALENDAR" not in raw[:_FIRST_LINES].replace(b"\0", b"").upper():
        raise Refused(Objection(Reason.NOT_A_CALENDAR))
    with stepping_aside():
        if not _one_at_a_time.acquire(timeout=LONGEST_WAIT):
            raise Refused(Objection(Reason.TAKES_TOO_LONG))
        try:
            answer = _answer(raw, window)
        finally:
            _one_at_a_time.release()
    return _read(answer)


def _answer(raw: bytes, window: Window) -> bytes:
    command = [sys.executable, "-P", "-W", "ignore", "-m", "ontmoet.other_calendars.child"]
    with Popen(  # noqa: S603 - our own
        [*command, window.first.isoformat(), window.last.isoformat()],
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        # None of our settings, and so none of our keys.
        env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8"},
    ) as process:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
        timer = Timer(LONGEST_WAIT, process.kill)
        timer.start()
        try:
            # It reads everything before it writes anything. When it died, what it answered says so.
            with suppress(BrokenPipeError):
                process.stdin.write(raw)
            with suppress(BrokenPipeError):
                process.stdin.close()
            answer = process.stdout.read(_LARGEST_ANSWER)
        finally:
            process.kill()
            timer.cancel()
    if process.returncode < 0 and not answer.endswith(b"\n"):
        raise Refused(Objection(Reason.TAKES_TOO_LONG))
    return answer


def _read(answer: bytes) -> ReadCalendar:
    events, faults = [], []
    whole: dict[str, list[str]] = {}
    struck: dict[str, list[str]] = {}
    try:
        for line in answer.splitlines():
            kind, *told = json.loads(line)
            if kind == "event":
                number, uid, recurrence, starts, ends, title, remarks = told
                slot = TimeSlot(datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC))
                events.append(Event(number, uid, recurrence, slot, title, frozenset(map(Remark, remarks))))
            elif kind == "fault":
                number, reason, title, starts = told
                faults.append(Fault(number, Reason(reason), title, starts))
            elif kind in ("whole", "struck"):
                uid, dates = told
                (whole if kind == "whole" else struck)[uid] = dates
            elif kind == "refused":
                raise Refused(Objection(Reason(told[0])))
            else:
                left_out = {Skip(skip): number for skip, number in told[0].items()}
                return ReadCalendar(events, faults, left_out, whole, struck)
    except (ValueError, TypeError, OverflowError):
        pass
    raise Refused(Objection(Reason.NOT_READABLE))
