"""Reading the first page of a workbook (.xlsx), within bounds and without trusting anything in it."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from ontmoet.kernel.objections import Objection, Refused

from .columns import LONGEST_CELL
from .rules import MOST_COLUMNS, MOST_ROWS, Reason

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_PART = 64 * 1024 * 1024
"""Bytes of one part once unpacked, whatever the file says of itself."""

LONGEST_TAG = 1024 * 1024
"""Bytes. A tag begins anew with each piece of it that is read: one as long as a part took minutes."""

MOST_TEXTS = 400_000
_AT_ONCE = 64 * 1024
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")

Lines = list[tuple[int, list[str]]]


class _NoWorkbook(Exception):
    """Something is in it that no spreadsheet writes."""


_UNREADABLE = (
    _NoWorkbook,
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    LookupError,
    StopIteration,
    OverflowError,
    ValueError,
    EOFError,
    OSError,
    # Compressed or locked in a way that is not ours: NotImplementedError is one of these.
    RuntimeError,
)


def read_workbook(raw: bytes) -> Lines:
    """The rows of the first page that have something in them, by their number.

    Raises `Refused` when it is no workbook, or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            page = _first_page(parts)
            names = set(parts.namelist())
            texts = _Texts()
            if "xl/sharedStrings.xml" in names:
                _parse(parts, "xl/sharedStrings.xml", texts)
            found = _Page(texts.texts)
            _parse(parts, page, found)
            return found.lines
    except _UNREADABLE as error:
        raise Refused(Objection(Reason.NOT_READABLE)) from error


def _first_page(parts: zipfile.ZipFile) -> str:
    book, links = _Elements(), _Elements()
    _parse(parts, "xl/workbook.xml", book)
    _parse(parts, "xl/_rels/workbook.xml.rels", links)
    if any(given.get("date1904") in ("1", "true") for name, given in book.found if name == "workbookPr"):
        raise Refused(Objection(Reason.OTHER_CALENDAR))
    first = next(given for name, given in book.found if name == "sheet")
    link = next(value for key, value in first.items() if key.rpartition(":")[2] == "id")
    target = next(given["Target"] for name, given in links.found if given.get("Id") == link)
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _parse(parts: zipfile.ZipFile, name: str, into: _Elements | _Texts | _Page) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = lambda tag, given: into.start(tag.rpartition(":")[2], given)
    parser.EndElementHandler = lambda tag: into.end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = into.text
    read = 0
    with parts.open(name) as part:
        while piece := part.read(_AT_ONCE):
            read += len(piece)
            if read > LARGEST_PART:
                raise Refused(Objection(Reason.TOO_LARGE))
            parser.Parse(piece)
            if read - parser.CurrentByteIndex > LONGEST_TAG:
                raise _NoWorkbook
        parser.Parse(b"", True)


def _no_doctype(*_declared: Any) -> None:
    raise _NoWorkbook


class _Elements:
    """Which elements a small part has."""

    def __init__(self) -> None:
        self.found: list[tuple[str, dict[str, str]]] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        if len(self.found) > 10_000:
            raise _NoWorkbook
        self.found.append((tag, given))

    def end(self, tag: str) -> None:
        """Elements are noted where they start."""

    def text(self, text: str) -> None:
        """Their texts say nothing."""


class _Words:
    """The text inside `t` elements, without how it sounds (`rPh`), cut where no cell is longer."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.is_open = False
        self._length = 0

    def begin(self) -> None:
        self.pieces, self.is_open, self._length = [], False, 0

    def text(self, text: str) -> None:
        if self.is_open and self._length <= LONGEST_CELL:
            self.pieces.append(text)
            self._length += len(text)

    def whole(self) -> str:
        return "".join(self.pieces)


class _Texts:
    """The texts that cells share."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._words = _Words()
        self._sounds = False

    def start(self, tag: str, _given: dict[str, str]) -> None:
        if tag == "si":
            self._words.begin()
        elif tag == "rPh":
            self._sounds = True
        elif tag == "t":
            self._words.is_open = not self._sounds

    def end(self, tag: str) -> None:
        if tag == "t":
            self._words.is_open = False
        elif tag == "rPh":
            self._sounds = False
        elif tag == "si":
            if len(self.texts) >= MOST_TEXTS:
                raise Refused(Objection(Reason.TOO_MANY_ROWS))
            self.texts.append(self._words.whole())

    def text(self, text: str) -> None:
        self._words.text(text)


class _Page:
    """The cells of a page."""

    def __init__(self, texts: list[str]) -> None:
        self.lines: Lines = []
        self._texts = texts
        self._words = _Words()
        self._row: list[str] = []
        self._number = 0
        self._column = 0
        self._kind = ""

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "row":
            self._number = int(given.get("r", self._number + 1))
            self._row, self._column = [], -1
        elif tag == "c":
            place = _PLACE.fullmatch(given.get("r", ""))
            self._column = _column(place[1]) if place else self._column + 1
            self._kind = given.get("t", "n")
            self._words.begin()
        elif tag in ("v", "t"):
            self._words.is_open = True

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self._words.is_open = False
        elif tag == "c":
            self._put(self._cell(self._words.whole()))
        elif tag == "row" and any(self._row):
            if len(self.lines) > MOST_ROWS:
                raise Refused(Objection(Reason.TOO_MANY_ROWS))
            self.lines.append((self._number, self._row))

    def text(self, text: str) -> None:
        self._words.text(text)

    def _cell(self, text: str) -> str:
        read: dict[str, Callable[[str], str]] = {
            "s": lambda at: self._texts[int(at)],
            "n": _plain_number,
            "b": lambda bit: "ja" if bit == "1" else "nee",
        }
        return read.get(self._kind, str)(text) if text else ""

    def _put(self, cell: str) -> None:
        if not cell:
            return
        if "\0" in cell or not 0 <= self._column < MOST_COLUMNS:
            raise Refused(Objection(Reason.TOO_MANY_COLUMNS))
        self._row.extend([""] * (self._column + 1 - len(self._row)))
        self._row[self._column] = cell


def _column(letters: str) -> int:
    """0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _plain_number(text: str) -> str:
    """8 for 8.0: numbers in a spreadsheet have no kind of their own."""
    value = float(text)
    return str(int(value)) if value == int(value) else repr(value)
