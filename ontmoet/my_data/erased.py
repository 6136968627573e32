"""The list of who was erased. It stands beside the database, so that putting an old copy back does not bring
anybody back, and it travels with each backup.

A line holds no name: the public id, the moment, and which house it was, since in another database the same
id may be somebody else's.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "erased.jsonl"


@dataclass(frozen=True, slots=True)
class Erasure:
    """Somebody who left, and when."""

    public_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ErasureList:
    """The list of one house, told from others by `house`."""

    path: Path
    house: str

    def add(self, erasure: Erasure) -> None:
        """Write it down; it is on the disk when this returns. Raises `OSError`."""
        fields = {"house": self.house, "person": erasure.public_id, "at": erasure.at.isoformat()}
        _append(self.path, f"{json.dumps(fields)}\n")

    def all(self) -> list[Erasure]:
        """Who left this house. A line that broke off was never promised to anybody and is passed over."""
        if not self.path.exists():
            return []
        return list(self._read(self.path.read_text(encoding="utf-8", errors="replace")))

    def _read(self, text: str) -> Iterator[Erasure]:
        for line in text.splitlines():
            try:
                fields = json.loads(line)
                erasure = Erasure(str(fields["person"]), datetime.fromisoformat(fields["at"]).astimezone(UTC))
                house = fields["house"]
            except (ValueError, KeyError, TypeError):
                continue
            if house == self.house:
                yield erasure


def take_over(source: Path, target: Path) -> None:
    """Write down what is on another copy of the list and not on this one; it is on the disk when this
    returns.
    """
    there = target.read_text(encoding="utf-8", errors="replace").splitlines() if target.exists() else []
    known = set(there)
    lines = source.read_text(encoding="utf-8", errors="replace").splitlines()
    missing = [line for line in dict.fromkeys(lines) if line not in known]
    if missing:
        _append(target, "".join(f"{line}\n" for line in missing))


def _append(path: Path, lines: str) -> None:
    is_new = not path.exists()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:
        # A line that broke off, when the power did or the disk was full, must not spoil the next one.
        size = os.fstat(file.fileno()).st_size
        begin = "\n" if size and os.pread(file.fileno(), 1, size - 1) != b"\n" else ""
        file.write(f"{begin}{lines}".encode())
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        _fsync_folder(path)


def _fsync_folder(path: Path) -> None:
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
