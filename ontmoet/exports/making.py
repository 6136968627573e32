"""Making the file: one table, or all of them in a zip, of one moment."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from typing import IO, TYPE_CHECKING

from .rules import Format
from .sheets import part_of, write
from .tables import LEGEND, TABLES, legend_of, one_picture, sheet_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from .sheets import Sheet

ALL = "alles"
"""In the place of the name of a table."""

MIMETYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
}
ZIP = "application/zip"


def is_known(name: str) -> bool:
    """Whether there is something of that name to take along."""
    return name == ALL or name in TABLES


def make(name: str, kind: Format, into: IO[bytes], *, folder: Path) -> None:
    """Write a table, or `ALL` of them with their legend, in pieces: however many rows there are, it takes no
    more memory. `folder` has room for a file without a name.
    """
    with one_picture() as connection:
        if name != ALL:
            write([legend_of([name]), sheet_of(name, connection)], kind, into)
            return
        with zipfile.ZipFile(into, "w") as files:
            _add(files, LEGEND, [legend_of(list(TABLES))], kind, folder)
            for each in TABLES:
                _add(files, each, [legend_of([each]), sheet_of(each, connection)], kind, folder)


def _add(files: zipfile.ZipFile, name: str, sheets: Sequence[Sheet], kind: Format, folder: Path) -> None:
    with part_of(files, f"{name}.{kind}", may_be_huge=True) as file:
        if kind is not Format.XLSX:
            write(sheets, kind, file)
            return
        # A workbook is a zip itself, and some programs refuse one that was not written to a file.
        with tempfile.TemporaryFile(dir=folder) as whole:
            write(sheets, kind, whole)
            whole.seek(0)
            shutil.copyfileobj(whole, file)


def file_name(name: str, kind: Format, today: date) -> str:
    """What the file is called when somebody keeps it."""
    return f"ontmoet-{name}-{today:%Y-%m-%d}{f'-{kind}.zip' if name == ALL else f'.{kind}'}"


def mimetype(name: str, kind: Format) -> str:
    """What it is, for browsers."""
    return ZIP if name == ALL else MIMETYPES[kind]
