"""Commands: what they say when they cannot do their work now."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask


def test_command_that_gets_no_turn_to_write_says_so(app: Flask, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ontmoet.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        done = app.test_cli_runner().invoke(args=["seed", "demo"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: the database cannot write just now; try again later\n"
