"""The built assets: their addresses in templates, and serving them.

`python -m ontmoet.web.build` makes them. Every file has a hash of its
content in its name, so a browser may keep it for ever.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from wsgiref.headers import Headers

from whitenoise import WhiteNoise

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATIC: Final = Path(__file__).resolve().parents[2] / "static"
DIST: Final = STATIC / "dist"
SITE_ROOT: Final = STATIC / "root"
PREFIX: Final = "/static/"
HASHED: Final = r"\.[0-9a-f]{12}\.\w+$"


class AssetsMissing(RuntimeError):
    """There is no built asset (of that name); the text says what to do."""


def read_assets() -> Callable[[str], str]:
    """What gives templates the address of a built file: `app.css` is at `/static/dist/app.<hash>.css`. The
    manifest is read once.

    Raises `AssetsMissing` when nothing was built; so does what is returned, for a name that there is none of.
    """
    try:
        names: dict[str, str] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssetsMissing("The assets are not built: run `make assets`.") from None
    addresses = {name: f"{PREFIX}dist/{hashed}" for name, hashed in names.items()}

    def asset(name: str) -> str:
        """The address of the built file that was called so."""
        try:
            return addresses[name]
        except KeyError:
            raise AssetsMissing(f"There is no asset {name!r}: run `make assets`.") from None

    return asset


def serve_static(application: WSGIApplication, *, headers: Sequence[tuple[str, str]]) -> WSGIApplication:
    """The application with static files answered before it: what was built, and what stands at the root of
    the site (`/favicon.ico`). Folders are read once, at start.

    Every answer carries `headers` (of security: the application's own hooks never see these requests), also
    the 404 of a file that is not there. A hashed file never changes; any other may be kept for a minute.
    """

    def add_headers(answer: Headers, _path: str, _url: str) -> None:
        for name, value in headers:
            answer[name] = value

    def not_static(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PREFIX):
            return application(environ, start_response)
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else b"404 Niet gevonden\n"
        answer = Headers([("Content-Type", "text/plain; charset=utf-8")])
        answer["Content-Length"] = str(len(body))
        add_headers(answer, "", "")
        start_response("404 Not Found", answer.items())
        return [body]

    files = WhiteNoise(
        not_static,
        add_headers_function=add_headers,
        allow_all_origins=False,
        immutable_file_test=HASHED,
        mimetypes={".webmanifest": "application/manifest+json"},
    )
    files.add_files(str(DIST), prefix=f"{PREFIX}dist/")
    files.add_files(str(SITE_ROOT), prefix="/")
    return files
