"""What browsers fetch is whole, also when making it was broken off."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from fontTools.pens.statisticsPen import StatisticsPen
from fontTools.ttLib import TTFont
from whitenoise.compress import Compressor

from ontmoet.web.build import DIST, FONT, MANIFEST, STATIC, WEIGHTS, Dist

if TYPE_CHECKING:
    from pathlib import Path

TOKENS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
USED = sorted(int(weight) for weight in re.findall(r"--(?:normal|strong|heavy): *(\d+)", TOKENS))
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


def test_letters_are_as_they_were_drawn_in_each_weight_that_pages_ask_for() -> None:
    manifest = json.loads((DIST / MANIFEST).read_bytes())
    assert len(USED) == 3
    for path in FONT.glob("*-latin*-wght-normal.woff2"):
        whole, made = TTFont(path), TTFont(DIST / manifest[path.name])
        assert made.getBestCmap() == whole.getBestCmap()
        for weight in USED:
            for letter in sorted(whole.getBestCmap().values())[::20]:
                before, after = (_size_and_blackness(font, letter, weight) for font in (whole, made))
                # In thousandths of the size of the letters: rounding, and 10 less of the boldest.
                assert after == pytest.approx(before, rel=0.02, abs=2), (weight, letter)


def _size_and_blackness(font: TTFont, letter: str, weight: int) -> tuple[float, float]:
    glyphs = font.getGlyphSet(location={"wght": weight})
    pen = StatisticsPen(glyphset=glyphs)
    glyphs[letter].draw(pen)
    return glyphs[letter].width, abs(pen.area)


def test_weights_that_pages_ask_for_are_in_the_font_or_beside_it() -> None:
    assert WEIGHTS[0] <= USED[0]
    assert USED[-1] <= WEIGHTS[1] + 10
