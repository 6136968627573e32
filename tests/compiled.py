"""Templates as whoever needed them first compiled them: most of a test's time went there."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache

FOLDER = Path(__file__).parents[1] / ".pytest_cache" / "templates"


def compile_once() -> None:
    """Let every application share what was compiled: of this process, of another, or of a run before."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(FOLDER))}
