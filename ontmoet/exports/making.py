"""Making the file: one table, or all of them in a zip, of one moment."""

from __future__ import annotations

import zipfile
from typing import IO, TYPE_CHECKING

from .rules import Format
from .sheets import write
from .tables import LEGEND, TOLD, legend_of, one_picture, sheet_of

if TYPE_CHECKING:
    from datetime import date

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
    return name == ALL or name in TOLD


def make(name: str, kind: Format, into: IO[bytes]) -> None:
    """Write a table, or `ALL` of them with their legend, in pieces: however many rows there are, it takes no
    more memory.
    """
    with one_picture() as connection:
        if name != ALL:
            write([legend_of([name]), sheet_of(name, connection)], kind, into)
            return
        with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as files:
            with files.open(f"{LEGEND}.{kind}", "w") as file:
                write([legend_of(list(TOLD))], kind, file)
            for each in TOLD:
                with files.open(f"{each}.{kind}", "w", force_zip64=True) as file:
                    write([legend_of([each]), sheet_of(each, connection)], kind, file)


def file_name(name: str, kind: Format, today: date) -> str:
    """What the file is called when somebody keeps it."""
    return f"ontmoet-{name}-{today:%Y-%m-%d}{f'-{kind}.zip' if name == ALL else f'.{kind}'}"


def mimetype(name: str, kind: Format) -> str:
    """What it is, for browsers."""
    return ZIP if name == ALL else MIMETYPES[kind]
