"""Templates as an application of this process compiled them before: most of a test's time went there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from jinja2 import BytecodeCache

if TYPE_CHECKING:
    from types import CodeType

    from jinja2.bccache import Bucket


class CompiledBefore(BytecodeCache):
    """What was compiled of each source."""

    def __init__(self) -> None:
        self._compiled: dict[str, CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled of the same source."""
        bucket.code = self._compiled.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self._compiled[bucket.key] = bucket.code


def compile_once() -> None:
    """Let every application of this process share what was compiled."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledBefore()}
