"""Forms are only taken from our own pages: a token in the form, and what the browser says of its origin.

Either failing is a 400. The token lasts as long as the session, so a form left open on a phone works. It is
signed once, and checked once: what was right for a session stays right.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import abort, g, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf, validate_csrf
from wtforms import ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD = "csrf_token"
"""What the token is called in forms, and its secret in the session."""


class Protection(CSRFProtect):
    """Flask-WTF's check of the token, which remembers what was right."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """Stop with 400 unless the request may change something."""
        if request.method in SAFE_METHODS:
            return
        sent, secret = request.form.get(FIELD), session.get(FIELD)
        if not (sent and secret and _is_right(sent, secret)):
            super().protect(apply_exemptions=apply_exemptions)


def init_app(app: Flask, *, without_token: Callable[..., Any]) -> None:
    """Check every unsafe request. The view `without_token` has a proof of its own."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    # Comparing the referrer adds nothing to the origin check below, and some phones send none.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.before_request(_check_origin)
    Protection(app).exempt(without_token)


def form_token() -> str:
    """The token that the forms of this session carry."""
    secret = session.get(FIELD)
    if secret is not None and FIELD not in g:
        setattr(g, FIELD, _signed(secret))
    token: str = generate_csrf()
    return token


@lru_cache(maxsize=2000)
def _signed(_secret: str) -> str:
    """The token of the session of this request, whose secret this is."""
    token: str = generate_csrf()
    return token


@lru_cache(maxsize=2000)
def _is_right(sent: str, _secret: str) -> bool:
    """Whether the session of this request, whose secret this is, takes this token."""
    try:
        validate_csrf(sent)
    except ValidationError:
        return False
    return True


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
