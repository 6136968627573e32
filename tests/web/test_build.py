"""What browsers fetch is whole, also when making it was broken off."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from whitenoise.compress import Compressor

from ontmoet.web.build import MANIFEST, Dist

if TYPE_CHECKING:
    from pathlib import Path

SHEET = b"p { margin: 0 }\n" * 99
OTHER = b"p { margin: 1px }\n" * 99


def fill(folder: Path, content: bytes, *, to_the_end: bool = True) -> str:
    with ThreadPoolExecutor() as pool:
        dist = Dist(folder, pool)
        dist.add("app.css", content)
        if to_the_end:
            dist.finish()
    return dist.names["app.css"]


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_file_stands_beside_its_compressed_ones_and_in_the_manifest(tmp_path: Path) -> None:
    name = fill(tmp_path, SHEET)
    assert names_in(tmp_path) == {MANIFEST, name, f"{name}.br", f"{name}.gz"}
    assert json.loads((tmp_path / MANIFEST).read_bytes()) == {"app.css": name}


@pytest.mark.parametrize("before", [(), (SHEET,)], ids=["the first time", "over an older one"])
def test_file_that_was_not_compressed_before_the_end_is_compressed_the_next_time(
    tmp_path: Path, before: tuple[bytes, ...]
) -> None:
    for content in before:
        fill(tmp_path, content)
    name = fill(tmp_path, OTHER, to_the_end=False)
    (tmp_path / f"{name}.br").unlink()
    assert fill(tmp_path, OTHER) == name
    assert names_in(tmp_path) == {MANIFEST, name, f"{name}.br", f"{name}.gz"}


def test_manifest_names_nothing_that_could_not_be_compressed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Compressor, path: str) -> list[str]:
        raise OSError(28, "No space left on device", path)

    monkeypatch.setattr(Compressor, "compress", fail)
    with pytest.raises(OSError, match="No space left"):
        fill(tmp_path, SHEET)
    assert MANIFEST not in names_in(tmp_path)


@pytest.mark.parametrize("broken", [b"", b'{"app.css": "app.'])
def test_manifest_that_cannot_be_read_is_made_anew(tmp_path: Path, broken: bytes) -> None:
    name = fill(tmp_path, SHEET)
    (tmp_path / MANIFEST).write_bytes(broken)
    (tmp_path / f"{name}.gz").unlink()
    assert fill(tmp_path, SHEET) == name
    assert json.loads((tmp_path / MANIFEST).read_bytes()) == {"app.css": name}
    assert (tmp_path / f"{name}.gz").exists()


def test_what_is_made_anew_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    old, new = fill(tmp_path, SHEET), fill(tmp_path, OTHER)
    assert old != new
    assert names_in(tmp_path) == {MANIFEST, new, f"{new}.br", f"{new}.gz"}
