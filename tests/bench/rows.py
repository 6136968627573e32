"""Rows of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure; `met` is None where no bar is set."""

    what: str
    figure: str
    bar: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        verdict = {None: "", True: "ok", False: "MISSED"}[self.met]
        return f"{self.what:<58} {self.figure:>26}  {self.bar:<9} {verdict}".rstrip()
