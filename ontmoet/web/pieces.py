"""Pieces of a page that are the same for many readers: drawn once, as long as nothing in them changes.

In a template: `{% call shared(piece) %}…{% endcall %}`. Half of what a page cost went into drawing the
same agenda anew for each neighbour who looked. What only one reader may see has no piece (None): it is
drawn for them alone, and nothing of it stays in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import request

from ontmoet.db import Memory

from . import i18n

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from flask import Flask
    from markupsafe import Markup


class Piece(NamedTuple):
    """Which piece this is (`key`), and everything it is made of (`version`): equal versions look equal."""

    key: Hashable
    version: object


def untouched(key: Hashable, version: object) -> Piece | None:
    """Fields that are filled in with what is so for everybody; None once somebody typed in them."""
    return Piece(key, version) if request.method != "POST" else None


_drawn: Memory[Hashable, Markup] = Memory(most=200)


def init_app(app: Flask) -> None:
    """Give templates `shared`."""
    app.jinja_env.globals["shared"] = _shared


def _shared(piece: Piece | None, caller: Callable[[], Markup]) -> Markup:
    if piece is None:
        return caller()
    return _drawn.recall((piece.key, i18n.language()), piece.version, caller)
