"""What browsers fetch is whole, also when making it was broken off."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ontmoet.web.build import MANIFEST, Dist

if TYPE_CHECKING:
    from pathlib import Path

SHEET = b"p { margin: 0 }\n" * 99


def fill(folder: Path, content: bytes) -> str:
    with ThreadPoolExecutor() as pool:
        dist = Dist(folder, pool)
        dist.add("app.css", content)
        dist.finish()
    return dist.names["app.css"]


def test_file_stands_beside_its_compressed_ones_and_in_the_manifest(tmp_path: Path) -> None:
    name = fill(tmp_path, SHEET)
    assert {path.name for path in tmp_path.iterdir()} == {MANIFEST, name, f"{name}.br", f"{name}.gz"}
    assert json.loads((tmp_path / MANIFEST).read_bytes()) == {"app.css": name}


def test_file_that_was_not_compressed_before_the_end_is_compressed_the_next_time(tmp_path: Path) -> None:
    name = fill(tmp_path, SHEET)
    (tmp_path / MANIFEST).unlink()
    (tmp_path / f"{name}.br").unlink()
    assert fill(tmp_path, SHEET) == name
    assert (tmp_path / f"{name}.br").exists()


def test_what_is_made_anew_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    old, new = fill(tmp_path, SHEET), fill(tmp_path, SHEET + SHEET)
    assert old != new
    assert {path.name for path in tmp_path.iterdir()} == {MANIFEST, new, f"{new}.br", f"{new}.gz"}
