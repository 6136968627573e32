"""Which kinds of file there are, and why none is made."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """The kinds of file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


class Reason(StrEnum):
    """Why no file is made."""

    BUSY = "busy"
    TOO_MANY = "too_many"
