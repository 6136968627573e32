"""Forms are only taken from our own pages: a token in the form, and what the browser says of its origin.

Either failing is a 400. The token lasts as long as the session, so a form left open on a phone works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import abort, request
from flask_wtf.csrf import CSRFProtect

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask, *, without_token: Callable[..., Any]) -> None:
    """Check every unsafe request. The view `without_token` has a proof of its own."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    # Comparing the referrer adds nothing to the origin check below, and some phones send none.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.before_request(_check_origin)
    CSRFProtect(app).exempt(without_token)


def _check_origin() -> None:
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            abort(400)
        return
    origin = request.headers.get("Origin")
    if origin is not None and _host_of(origin) != request.host:
        abort(400)


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
