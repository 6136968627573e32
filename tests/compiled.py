"""Templates and the rules of addresses as whoever needed them first compiled them: most of a test's time went
there.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
FOLDERS = ROOT / ".pytest_cache" / "templates"


class RuleOnce(Rule):
    """A rule of which the code that makes addresses is compiled once, for all applications of a process: five
    sixths of the time of making one.
    """

    _compiled: ClassVar[dict[tuple[str, str, bool], Callable[..., Any]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        # Ours name no host, so all else is in the rule; converters are looked up when it is used.
        made_for = self.rule, str(self.defaults), append_unknown
        if made_for not in self._compiled:
            self._compiled[made_for] = super()._compile_builder(append_unknown)
        return self._compiled[made_for]


def compile_once() -> None:
    """Let every application share what was compiled: of this process, of another, or of a run before."""
    folder = FOLDERS / settled_by(
        ROOT / "static" / "dist" / "manifest.json", *(ROOT / "ontmoet/web").glob("*.py")
    )
    folder.mkdir(parents=True, exist_ok=True)
    for other in FOLDERS.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(folder))}
    Flask.url_rule_class = RuleOnce


def settled_by(*files: Path) -> str:
    """The name of what is compiled with the addresses, drawings and sentences that come from these files
    (`ontmoet/web/templates.py`): a template that did not change may be another one all the same.
    """
    found = hashlib.sha256()
    for file in sorted(files):
        found.update(hashlib.sha256(file.read_bytes() if file.exists() else b"").digest())
    return found.hexdigest()[:16]
