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
# A page that reads codes: the camera, and the reader that is loaded where the browser has none, which is
# WebAssembly. Some browsers hold the camera's picture to `media-src`.
CAMERA_HEADERS = (
    (
        "Content-Security-Policy",
        CONTENT_SECURITY_POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
        + "; media-src mediastream:",
    ),
    ("Permissions-Policy", "camera=(self), geolocation=(), microphone=()"),
)
STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")


def security_headers(*, https: bool) -> tuple[tuple[str, str], ...]:
    """What every answer carries; transport security only where there is transport security."""
    return (*SECURITY_HEADERS, STRICT_TRANSPORT) if https else SECURITY_HEADERS


def allow_camera(response: Response) -> Response:
    """Let this page use the camera. Headers belong to a document: reach the page by a whole navigation."""
    response.headers.update(CAMERA_HEADERS)
    return response


def init_app(app: Flask, *, https: bool) -> None:
    """Add the headers to all answers of the app; one that a page set itself stays."""
    headers = security_headers(https=https)

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in headers:
            response.headers.setdefault(name, value)
        return response
