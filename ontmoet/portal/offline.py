"""What a phone shows without a connection: a page of its own, which a service worker keeps."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from ontmoet.web import pages
from ontmoet.web.access import public

bp = Blueprint("offline", __name__)

PAGE = "/geen-verbinding"
FILES = ("app.css", "atkinson-hyperlegible-next-latin-wght-normal.woff2", "favicon.svg")
"""Which the page needs. Their names change with what is in them."""


@bp.get(PAGE)
@public
def without_connection() -> Response:
    """The same for everybody: phones are shared."""
    return pages.html("portal/offline.html", status=200)


@bp.get("/sw.js")
@public
def worker() -> Response:
    """The service worker. It is another one as soon as the page or a file of it is another."""
    asset: Any = current_app.jinja_env.globals["asset"]
    files = [asset(name) for name in FILES]
    shown = pages.html("portal/offline.html", status=200).get_data()
    kept = f"ontmoet-{hashlib.sha256(shown + ''.join(files).encode()).hexdigest()[:12]}"
    script = render_template("portal/sw.js", kept=kept, page=PAGE, files=files)
    answer = Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})
    answer.add_etag()
    answer.make_conditional(request)
    return answer
