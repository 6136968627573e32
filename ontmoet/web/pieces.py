"""Pieces of a page that are the same for many readers: drawn once, as long as nothing in them changes.

In a template: `{% call shared(piece) %}…{% endcall %}`. Half of what a page cost went into drawing the
same agenda anew for each neighbour who looked. What only one reader may see has no piece (None): it is
drawn for them alone, and nothing of it stays in memory.

Forms in a piece write `own_token` where the reader's own token belongs; the call names that token:
`{% call shared(piece, csrf_token()) %}`.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from flask import current_app, g, request

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


_drawn: Memory[Hashable, Markup] = Memory(most=500)

_OWN_TOKEN = secrets.token_hex(16)
"""Stands in a piece for the token of each reader. Nobody can guess it, so nobody writes it elsewhere."""


def init_app(app: Flask) -> None:
    """Give templates `shared` and `own_token`."""
    app.jinja_env.globals.update(shared=_shared, own_token=_OWN_TOKEN)


def _shared(piece: Piece | None, token: str = "", *, caller: Callable[[], Markup]) -> Markup:
    kept = piece and _drawn.recall((piece.key, i18n.language()), piece.version, caller)
    drawn = caller() if kept is None else kept
    if current_app.testing:
        _check_tokens(drawn, is_kept=kept is not None, token=token)
    return drawn.replace(_OWN_TOKEN, token) if token else drawn


def _check_tokens(drawn: Markup, *, is_kept: bool, token: str) -> None:
    """In tests: the token of one reader in a piece would be given to the others."""
    if is_kept and g.get("csrf_token", _OWN_TOKEN) in drawn.replace(_OWN_TOKEN, ""):
        raise AssertionError("a piece holds the token of one reader: write own_token")
    if _OWN_TOKEN in drawn and not token:
        raise AssertionError("a piece with a form is drawn with `shared(piece, csrf_token())`")
