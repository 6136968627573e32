"""What is in a back-up, and packing and unpacking it: a tar, made small and sealed.

`about.json` says what it is. The database is `ontmoet.db` (SQLite) or a file per table (PostgreSQL); the
list of who was erased goes along, and so do the photos.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shutil
import tarfile
import zlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from ontmoet.my_data.erased import NAME as ERASED

from .sealed import NotOurs, Sealing, Unsealing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ABOUT, DATABASE, TABLES, PHOTOS = "about.json", "ontmoet.db", "tables", "photos"
_MEMBER = re.compile(rf"{re.escape(DATABASE)}|{re.escape(ERASED)}|(?:{TABLES}|{PHOTOS})/[A-Za-z0-9_.-]+")
_LITTLE_WORK = 1
"""Of zlib's nine: most of what there is to win, in a fifth of the time."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of PostgreSQL as it was copied."""

    name: str
    columns: list[str]


@dataclass(frozen=True, slots=True)
class About:
    """What a back-up is of. `house` tells one installation from another: the moment it was made, or empty."""

    made_at: str
    house: str
    product: str
    revision: str
    tables: list[Table]
    """In an order in which each only points at those before it; none for SQLite."""


def pack(about: About, parts: Iterable[tuple[str, Path]], file: BinaryIO, *, key: str) -> None:
    """Write a back-up of these parts, each under its name. Raises `OSError`."""
    with (
        Sealing(file, key=key) as sealed,
        gzip.GzipFile(
            fileobj=cast("BinaryIO", sealed), mode="wb", compresslevel=_LITTLE_WORK, mtime=0
        ) as small,
        tarfile.open(fileobj=small, mode="w|") as tar,
    ):
        told = json.dumps(asdict(about)).encode()
        first = tarfile.TarInfo(ABOUT)
        first.size = len(told)
        tar.addfile(first, io.BytesIO(told))
        for name, path in parts:
            # What somebody threw away in the meantime is not part of it.
            try:
                part = path.open("rb")
            except FileNotFoundError:
                continue
            with part:
                member = tarfile.TarInfo(name)
                member.size = os.fstat(part.fileno()).st_size
                tar.addfile(member, part)


def unpack(file: BinaryIO, folder: Path, *, key: str) -> About:
    """Put what is in a back-up into `folder`, to the last byte. Raises `NotOurs`."""
    for name in (TABLES, PHOTOS):
        (folder / name).mkdir(mode=0o700, parents=True)
    try:
        with (
            io.BufferedReader(Unsealing(file, key=key)) as sealed,
            gzip.GzipFile(fileobj=sealed) as small,
            tarfile.open(fileobj=small, mode="r|") as tar,
        ):
            about = _about(tar)
            for member in tar:
                if member.isfile() and _MEMBER.fullmatch(member.name):
                    _put(tar, member, folder / member.name)
            while sealed.read(io.DEFAULT_BUFFER_SIZE):
                pass
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as problem:
        raise NotOurs("the back-up cannot be opened: it is damaged") from problem
    return about


def _about(tar: tarfile.TarFile) -> About:
    first = tar.next()
    told = tar.extractfile(first) if first is not None and first.name == ABOUT else None
    if told is None:
        raise NotOurs("the back-up does not say what it is of")
    fields = json.loads(told.read())
    return About(**{**fields, "tables": [Table(**table) for table in fields["tables"]]})


def _put(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    source = tar.extractfile(member)
    assert source is not None, "a file"  # noqa: S101 - asked for by the caller
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source, os.fdopen(descriptor, "wb") as target:
        shutil.copyfileobj(source, target, 1024 * 1024)
