"""Templates and the rules of addresses as whoever needed them first compiled them: most of a test's time went
there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parents[1] / ".pytest_cache" / "templates"


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
    FOLDER.mkdir(parents=True, exist_ok=True)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(FOLDER))}
    Flask.url_rule_class = RuleOnce
