"""Headers on every answer, static files and errors included."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask, Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

SECURITY_HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")


def security_headers(*, https: bool) -> tuple[tuple[str, str], ...]:
    """What every answer carries; transport security only where there is transport security."""
    return (*SECURITY_HEADERS, STRICT_TRANSPORT) if https else SECURITY_HEADERS


def init_app(app: Flask, *, https: bool) -> None:
    """Add the headers to all answers of the app."""
    headers = security_headers(https=https)

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.extend(headers)
        return response
