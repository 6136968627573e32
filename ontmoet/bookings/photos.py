"""Photos of a room as it was left: made small and bare when they come in, and files beside the database.

Where, when and with what a picture was taken stands in the file that a phone sends: only the pixels are
kept. The row that names a file is committed before the file is written, so whatever is in the folder and in
no row is over, and is swept away.
"""

from __future__ import annotations

import contextlib
import io
import re
import struct
import threading
import zlib
from typing import TYPE_CHECKING

from PIL import Image, ImageOps
from sqlalchemy import bindparam, select

from ontmoet.db import DatabaseBusy, execute
from ontmoet.kernel.gate import stepping_aside
from ontmoet.kernel.tokens import new_public_id

from .models import ClosingList

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_PHOTO = 10 * 1024 * 1024
"""Bytes as they come in."""

LONGEST_SIDE = 1600
MOST_PIXELS = 50_000_000
"""As the file says, before anything is unpacked: the best phones of today. A small file can say far more."""

MOST_UNPACKED = 25_000_000
"""What is really unpacked. JPEG can be read at half or a quarter of its size, other kinds cannot."""

KINDS = ("JPEG", "PNG", "WEBP")
_NAME = re.compile(r"([a-z0-9]+)\.(?:jpg|part)")
_AT_ONCE = 500

# Our own limits come first, and theirs only warns.
Image.MAX_IMAGE_PIXELS = None

# Each takes up to a second and some hundred megabytes.
_one_at_a_time = threading.Lock()

_list = ClosingList.__table__
_AMONG = select(_list.c.photo).where(_list.c.photo.in_(bindparam("names", expanding=True)))


class NoPhoto(ValueError):
    """What came is no picture that we can keep: another kind, broken off, or absurdly large."""


def shrink(raw: bytes) -> bytes:
    """The picture as a JPEG of at most 1600 pixels a side, upright, with nothing but pixels in it.

    Raises `NoPhoto`. The kind is told by the content, never by a name.
    """
    with stepping_aside(), _one_at_a_time:
        try:
            with Image.open(io.BytesIO(raw), formats=KINDS) as picture:
                return _shrunk(picture)
        # The libraries behind it raise whatever they like at what is no picture.
        except (OSError, ValueError, SyntaxError, EOFError, LookupError, ArithmeticError) as error:
            raise NoPhoto from error
        except (TypeError, AttributeError, MemoryError, RuntimeError, struct.error, zlib.error) as error:
            raise NoPhoto from error


def photo_folder(data: Path) -> Path:
    """Where photos stand, in the folder for what is not in the database."""
    return data / "photos"


def new_name() -> str:
    """What a photo is called; it says nothing, and nobody can guess it."""
    return new_public_id() + new_public_id()


def keep(folder: Path, name: str, jpeg: bytes) -> None:
    """Write the file, once its row is committed. Raises `DatabaseBusy` when the disk does not take it."""
    part = folder / f"{name}.part"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        part.write_bytes(jpeg)
        part.replace(_path_of(folder, name))
    except OSError as error:
        raise DatabaseBusy("a photo cannot be written") from error


def kept(folder: Path, name: str) -> bytes | None:
    """What is in the file; None when it is not there."""
    try:
        return _path_of(folder, name).read_bytes()
    except FileNotFoundError:
        return None


def discard(folder: Path, name: str) -> None:
    """Remove the file at once, after its row was. Where the disk does not let it go, `sweep` does later."""
    with contextlib.suppress(OSError):
        _path_of(folder, name).unlink(missing_ok=True)


def sweep(folder: Path) -> int:
    """Remove what is named in no row; how many files."""
    if not folder.is_dir():
        return 0
    files = {path: found[1] for path in folder.iterdir() if (found := _NAME.fullmatch(path.name))}
    names = sorted(set(files.values()))
    named: set[str] = set()
    for start in range(0, len(names), _AT_ONCE):
        named.update(execute(_AMONG, names=names[start : start + _AT_ONCE]).scalars())
    gone = [path for path, name in files.items() if name not in named]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _path_of(folder: Path, name: str) -> Path:
    return folder / f"{name}.jpg"


def _shrunk(picture: Image.Image) -> bytes:
    if picture.width * picture.height > MOST_PIXELS:
        raise NoPhoto
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    if picture.width * picture.height > MOST_UNPACKED:
        raise NoPhoto
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new picture: remarks, profiles and all else that came along stays behind.
    bare = Image.new("RGB", upright.size, "white")
    colours = upright.convert("RGBA")
    bare.paste(colours, mask=colours)
    written = io.BytesIO()
    bare.save(written, "JPEG", quality=80, optimize=True)
    return written.getvalue()
