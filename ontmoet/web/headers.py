"""Headers on every answer, static files and errors included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment
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
    """Add the headers to all answers of the app; one that a page set itself stays.

    On the way out: Flask's answers look each header up, which takes ten times as long.
    """
    headers, answers = security_headers(https=https), app.wsgi_app

    def handle(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, own: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
            names = {name for name, _ in own}
            added = [header for header in headers if header[0] not in names]
            return start_response(status, own + added, error)

        return answers(environ, start)

    app.wsgi_app = handle  # type: ignore[method-assign]
