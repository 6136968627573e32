"""From the bytes of a file to numbered rows of text, whatever program wrote it."""

from __future__ import annotations

import codecs
import csv
import io

from ontmoet.kernel.objections import Objection, Refused

from .rules import MOST_COLUMNS, MOST_ROWS, Reason
from .workbooks import Lines, read_workbook

LARGEST_FILE = 8 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


def read(raw: bytes) -> Lines:
    """The rows of a CSV or workbook by their number, heads first.

    Raises `Refused` when it is neither, or too large.
    """
    if not raw.strip():
        raise Refused(Objection(Reason.EMPTY))
    if len(raw) > LARGEST_FILE:
        raise Refused(Objection(Reason.TOO_LARGE))
    if raw.startswith(_OLD_WORKBOOK):
        raise Refused(Objection(Reason.OLD_WORKBOOK))
    if raw.startswith(_ZIP):
        return read_workbook(raw)
    return _rows(_text(raw))


def _text(raw: bytes) -> str:
    """By the mark at the beginning; without one UTF-8, or else what Windows wrote before."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Refused(Objection(Reason.NOT_READABLE))


def _rows(text: str) -> Lines:
    # Excel writes which sign it used in a line of its own when asked to.
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().casefold() in ("sep=;", "sep=,", "sep=\t"):
        first, text, skipped = rest.partition("\n")[0], rest, 1
    delimiter = max(";,\t", key=first.count)
    lines: Lines = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if not any(cell.strip() for cell in cells):
                continue
            if len(lines) > MOST_ROWS:
                raise Refused(Objection(Reason.TOO_MANY_ROWS))
            if len(cells) > MOST_COLUMNS:
                raise Refused(Objection(Reason.TOO_MANY_COLUMNS))
            lines.append((number + skipped, cells))
    except csv.Error as error:
        raise Refused(Objection(Reason.NOT_READABLE)) from error
    return lines
