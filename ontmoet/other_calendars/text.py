"""From the bytes of a calendar file to the lines of each event, whatever program wrote them.

Only the frame is read here (BEGIN, END, which line is which property). What a property holds is for the
library, one line at a time. The file is never split as a whole: a hostile one has millions of lines.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontmoet.kernel.objections import Objection, Refused

from .rules import MOST_EVENTS, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 64_000
"""Bytes, folds undone. Of what is read here; a picture in a line of its own is passed over."""
MOST_LINES = 5_000
"""Of one event, counting those that are read here."""
MOST_BLOCKS = 2 * MOST_EVENTS
"""Events in one file, also those of long ago: 8 MB of what programs write is fewer. As many calendars and
time zones: there are files with one of each for each event."""
_MOST_SPANS = 1_000
"""Of one block: an event with so many alarms in it is made by nobody."""

OF_AN_EVENT = re.compile(
    rb"\n(?:UID|DTSTART|DTEND|DURATION|RRULE|EXRULE|RDATE|EXDATE|RECURRENCE-ID|SUMMARY|STATUS|TRANSP|CLASS"
    rb"|SEQUENCE|DTSTAMP|LAST-MODIFIED|X-MICROSOFT-CDO-BUSYSTATUS)[;:][^\n]*",
    re.IGNORECASE,
)
OF_A_CALENDAR = re.compile(rb"\n(?:METHOD|X-WR-TIMEZONE)[;:][^\n]*", re.IGNORECASE)
NAME_OF_A_ZONE = re.compile(rb"\nTZID[;:][^\n]*", re.IGNORECASE)
_FRAME = re.compile(rb"\n(BEGIN|END)[ \t]*:[ \t]*([A-Z-]{1,40})(?=[ \t]*(?:\n|\Z))", re.IGNORECASE)
_READ = (b"VEVENT", b"VTIMEZONE")

Span = tuple[int, int]

# What the library raises when it is given what nobody expected.
SURPRISES = (
    *(ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError, RecursionError),
)


class Unreadable(Exception):
    """This event cannot be read, the others may."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Block:
    """Where an event or a time zone stands, without the alarms in it. Not whole: the file ends in it."""

    calendar: int
    spans: list[Span] = field(default_factory=list)
    is_whole: bool = False


@dataclass(slots=True)
class Text:
    """The whole text, and where everything stands. `calendars`: what is of a calendar as a whole."""

    raw: bytes
    calendars: list[Block]
    events: list[Block]
    zones: list[Block]

    def lines(self, block: Block, names: re.Pattern[bytes]) -> Iterator[str]:
        """The lines of a block with one of these names. Raises `Unreadable`."""
        number = 0
        for start, end in block.spans:
            for found in names.finditer(self.raw, start, end):
                number += 1
                if number > MOST_LINES:
                    raise Unreadable(Reason.STRANGE_REPEAT)
                if found.end() - found.start() > LONGEST_LINE:
                    raise Unreadable(Reason.NOT_READABLE)
                yield _decoded(found[0][1:])

    def whole(self, block: Block, *, longest: int) -> str:
        """All of a time zone. Raises `Unreadable` when it is longer."""
        start, end = block.spans[0] if block.spans else (0, 0)
        if end - start > longest:
            raise Unreadable(Reason.UNKNOWN_ZONE)
        return _decoded(self.raw[start:end])


def cut(raw: bytes) -> Text:
    """Where the events and time zones are. Several calendars in one file are as one.

    Raises `Refused` (TOO_MANY).
    """
    raw = _plain(raw)
    text = Text(raw, [Block(0)], [], [])
    frame = _Frame(text)
    for found in _FRAME.finditer(raw):
        name = found[2].upper()
        if found[1][0] in b"Bb":
            frame.begin(name, found.start(), found.end())
        else:
            frame.end(name, found.start(), found.end())
    frame.close(len(raw), is_whole=False)
    return text


class _Frame:
    """What is open, while the BEGIN and END lines go by."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._kind: bytes | None = None
        """What is open below the calendar itself."""
        self._block: Block | None = None
        self._inside: bytes | None = None
        """What is open in the event, such as an alarm: passed over until its END."""
        self._since = 0

    def begin(self, name: bytes, start: int, end: int) -> None:
        if name in (b"VCALENDAR", *_READ):
            # Whatever was open has lost its END.
            self.close(start, is_whole=True)
            if name == b"VCALENDAR":
                if len(self._text.calendars) > MOST_BLOCKS:
                    raise Refused(Objection(Reason.TOO_MANY))
                self._text.calendars.append(Block(len(self._text.calendars)))
            else:
                self._open(name)
            self._since = end
        elif self._kind is None:
            self.close(start, is_whole=True)
            self._kind = name
        elif self._kind == b"VEVENT" and self._inside is None:
            self._keep(start)
            self._inside = name

    def end(self, name: bytes, start: int, end: int) -> None:
        if name in (self._kind, b"VCALENDAR"):
            self.close(start, is_whole=True)
            self._since = end
        elif name == self._inside:
            self._inside = None
            self._since = end

    def close(self, start: int, *, is_whole: bool) -> None:
        """What is open ends at `start`."""
        if self._kind is None:
            _add(self._text.calendars[-1], self._since, start)
        else:
            self._keep(start)
        if self._block is not None:
            self._block.is_whole = is_whole and len(self._block.spans) < _MOST_SPANS
        self._kind = self._block = self._inside = None

    def _open(self, name: bytes) -> None:
        self._kind = name
        blocks = self._text.events if name == b"VEVENT" else self._text.zones
        if len(blocks) == MOST_BLOCKS:
            raise Refused(Objection(Reason.TOO_MANY))
        self._block = Block(len(self._text.calendars) - 1)
        blocks.append(self._block)

    def _keep(self, start: int) -> None:
        if self._block is not None and self._inside is None:
            _add(self._block, self._since, start)


def _add(block: Block, start: int, end: int) -> None:
    if start < end and len(block.spans) < _MOST_SPANS:
        block.spans.append((start, end))


def _plain(raw: bytes) -> bytes:
    """In UTF-8 as far as it was, with one line end before each line, and lines that were folded whole again.

    Folds are undone in bytes: programs fold in the middle of a character.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raw = raw.decode("utf-16", "replace").encode()
    elif raw[:2] in (b"B\0", b"\0B"):
        raw = raw.decode("utf-16-le" if raw[1] == 0 else "utf-16-be", "replace").encode()
    raw = raw.replace(codecs.BOM_UTF8, b"").translate(None, b"\0")
    raw = b"\n" + raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\n\n" in raw:
        raw = re.sub(rb"\n{2,}", b"\n", raw)
    return raw.replace(b"\n ", b"").replace(b"\n\t", b"")


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")
