"""Build what browsers fetch: `python -m ontmoet.web.build` (`make assets`).

Reads `static/` and `node_modules/` and fills `static/dist/` with files
whose names carry a hash of their content, a compressed `.br` and `.gz`
beside each, and `manifest.json`: name → name with hash. Building again
changes nothing; files that are no longer made disappear.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from whitenoise.compress import Compressor

from .i18n import CATALOGUES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

ROOT: Final = Path(__file__).resolve().parents[2]
STATIC: Final = ROOT / "static"
DIST: Final = STATIC / "dist"
MODULES: Final = ROOT / "node_modules"
READER: Final = MODULES / "barcode-detector" / "dist" / "iife" / "ponyfill.js"
READER_WASM: Final = MODULES / "zxing-wasm" / "dist" / "reader" / "zxing_reader.wasm"
FONT: Final = MODULES / "@fontsource-variable" / "atkinson-hyperlegible-next" / "files"
WEIGHTS: Final = (400, 750)
"""Those of `tokens.css`, but for the boldest. No eye tells it from this one, and above this one the letters
are drawn once more, which is a quarter of the file.
"""
MANIFEST: Final = "manifest.json"
SHEETS: Final = ("app.css", "screen.css")
"""Of every page, and what the screen in the hall has on top of it."""


class BuildFailed(RuntimeError):
    """The assets could not be made; the text says what to do."""


class Dist:
    """The folder being filled: remembers what belongs in it."""

    def __init__(self, folder: Path, pool: ThreadPoolExecutor) -> None:
        self.folder = folder
        self.names: dict[str, str] = {}
        self._pool = pool
        self._compressing: list[Future[object]] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._whole = set(_names_in(folder / MANIFEST).values())
        """What is there with all that belongs beside it: the manifest came after."""

    def add(self, name: str, content: bytes) -> None:
        """Store *content* under `name` with its hash, compressed where that helps."""
        stem, dot, extension = name.rpartition(".")
        digest = hashlib.sha256(content).hexdigest()[:12]
        self.names[name] = f"{stem}.{digest}{dot}{extension}"
        path = self.folder / self.names[name]
        if self.names[name] in self._whole and path.exists() and path.read_bytes() == content:
            return
        path.write_bytes(content)
        compressor = Compressor(quiet=True)
        if compressor.should_compress(path.name):
            self._compressing.append(self._pool.submit(compressor.compress, str(path)))

    def finish(self) -> None:
        """Write the manifest last, so that what it names is there; then tidy up."""
        for compressing in self._compressing:
            compressing.result()
        # Of a name of its own: somebody else may be building here.
        new = self.folder / f"{MANIFEST}.{os.getpid()}"
        new.write_text(json.dumps(self.names, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        new.replace(self.folder / MANIFEST)
        wanted = {*self.names.values()}
        for path in self.folder.iterdir():
            of = path.name.removesuffix(".br").removesuffix(".gz")
            if of not in wanted and not of.startswith(MANIFEST):
                path.unlink(missing_ok=True)


def _names_in(manifest: Path) -> dict[str, str]:
    """What a manifest says, or nothing when it cannot be read: then all is made anew."""
    try:
        names: dict[str, str] = json.loads(manifest.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return names


def style_sheet(name: str) -> str:
    """Return a purged and minified style sheet, fonts still under their own names."""
    node = shutil.which("node")
    if node is None:
        raise BuildFailed("Node is missing: run `make assets`, which brings it along.")
    done = subprocess.run(  # noqa: S603
        [node, str(ROOT / "tools" / "css.mjs"), name],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    if done.returncode or not done.stdout:
        raise BuildFailed(f"The style sheet could not be made:\n{done.stderr}")
    return done.stdout


def font(path: Path) -> bytes:
    """Return a font without the weights that no page asks for: half as much to fetch."""
    # Without the moment at which it was made: the same font keeps its name.
    whole = TTFont(path, recalcTimestamp=False)
    made = instantiateVariableFont(whole, {"wght": WEIGHTS})
    made.flavor = "woff2"
    made.save(content := io.BytesIO())
    return content.getvalue()


def code_reader() -> tuple[bytes, bytes]:
    """Return the reader of QR codes: a script that has its makers' terms on top, and its WebAssembly."""
    script, wasm = READER.read_bytes(), READER_WASM.read_bytes()
    if hashlib.sha256(wasm).hexdigest().encode() not in script:
        raise BuildFailed("The reader of codes and its WebAssembly are of two versions.")
    terms = [(MODULES / name / "LICENSE").read_bytes() for name in ("barcode-detector", "zxing-wasm")]
    return b"/*!\n" + b"\n".join(terms) + b"*/\n" + script, wasm


def build(folder: Path = DIST) -> dict[str, str]:
    """Fill `folder` and return its manifest. Raises `BuildFailed` with the way out."""
    if not MODULES.is_dir():
        raise BuildFailed("The browser libraries are missing: run `npm ci` first.")
    with ThreadPoolExecutor() as pool:
        try:
            return _build(Dist(folder, pool), pool.map(style_sheet, SHEETS))
        except BaseException:
            # Who stops it, or hears what is wrong, need not wait for what was still to be compressed.
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _build(dist: Dist, sheets: Iterator[str]) -> dict[str, str]:
    """The same, while others make the style sheets and compress."""
    for path in sorted((STATIC / "img").iterdir()):
        dist.add(path.name, path.read_bytes())
    for path in sorted(FONT.glob("*-latin*-wght-normal.woff2")):
        dist.add(path.name, font(path))
    manifest = json.loads((STATIC / "site.webmanifest").read_text(encoding="utf-8"))
    for icon in manifest["icons"]:
        icon["src"] = dist.names[icon["src"]]
    dist.add("site.webmanifest", json.dumps(manifest, ensure_ascii=False).encode())
    dist.add("htmx.js", (MODULES / "htmx.org" / "dist" / "htmx.min.js").read_bytes())
    script, wasm = code_reader()
    dist.add("reader.js", script)
    dist.add("reader.wasm", wasm)
    for path in sorted((STATIC / "js").glob("*.js")):
        dist.add(path.name, path.read_bytes())
    fonts = re.compile(r"url\(\./files/([\w.-]+)\)")
    for name, css in zip(SHEETS, sheets, strict=True):
        dist.add(name, fonts.sub(lambda match: f"url({dist.names[match[1]]})", css).encode())
    dist.finish()
    compile_catalogues()
    return dist.names


def compile_catalogues() -> None:
    """Make the catalogues of other languages ready for use."""
    for path in CATALOGUES.glob("*/LC_MESSAGES/messages.po"):
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as made:
            write_mo(made, read_po(source))


if __name__ == "__main__":
    try:
        build()
    except (BuildFailed, OSError) as problem:
        sys.exit(str(problem))
