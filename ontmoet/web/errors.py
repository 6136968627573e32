"""Pages for when it does not go on. They need no database, and each shows a way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import Response, current_app, g, request
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError
from werkzeug.urls import iri_to_uri

from ontmoet.db import DatabaseBusy, let_go, trouble

from .access import may_be_signed_in
from .i18n import gettext as _
from .logs import log, log_fault
from .pages import html, is_from_htmx

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

SECONDS_TO_WAIT = 2
LONGEST_HOST = 100
"""Characters of it in the log."""


class Explanation(NamedTuple):
    """What is so, what can be done, and which door stands beside it."""

    title: str
    text: str
    door: str = "dark"


def init_app(app: Flask, *, moved: Callable[[], str | None]) -> None:
    """Answer every error in words. `moved` tells where a page that is not there went, if it did."""
    app.register_error_handler(HTTPException, lambda error: _http_error(error, moved))
    app.register_error_handler(DatabaseBusy, _database_away)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(Exception, _bug)


def explain(status: int) -> Explanation:
    """The words for a status; unknown ones get those of a fault of ours."""
    found = {
        400: Explanation(
            _("Dit konden we niet lezen"),
            _("Ga terug, laad de pagina opnieuw en probeer het nog eens."),
        ),
        401: Explanation(_("Log eerst in"), _("Daarna kun je verder.")),
        403: Explanation(
            _("Dit kan niet met jouw account"),
            _(
                "Deze pagina is voor andere bewoners of vrijwilligers. Klopt dat niet? Bel ons. "
                "Ons nummer staat bij elke ruimte."
            ),
        ),
        404: Explanation(
            _("Deze pagina is er niet"),
            _("Misschien is de link oud. Kijk bij de ruimtes of je vindt wat je zoekt."),
        ),
        405: Explanation(_("Dit kan hier niet"), _("Ga terug en druk op de knop op de pagina zelf.")),
        411: Explanation(
            _("Dit kwam niet heel aan"), _("Ga terug en probeer het nog eens. Of neem een andere browser.")
        ),
        413: Explanation(
            _("Dit is te groot"), _("Ga terug. Maak de tekst korter, of kies een kleinere foto.")
        ),
        429: Explanation(
            _("Even wachten"), _("Er is te vaak geprobeerd. Wacht een kwartier. Dan kan het weer.")
        ),
        503: Explanation(
            _("Even geen verbinding"),
            _("Er is niets verloren. Wacht een paar tellen en probeer het nog eens."),
        ),
    }
    return found.get(
        status,
        Explanation(
            _("Er ging iets mis bij ons"),
            _(
                "Het ligt niet aan jou. Probeer het nog eens. Blijft het zo? Bel ons dan. "
                "Ons nummer staat bij elke ruimte."
            ),
        ),
    )


def answer(status: int, *, retry_after: int | None = None) -> Response:
    """The page of a status, or a message for htmx with the same status."""
    explanation = explain(status)
    if is_from_htmx():
        response = html("errors/_message.html", status=status, **explanation._asdict())
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML"
    else:
        # Only who was read already: the database may be what does not go on. Of others the cookie tells
        # whether they may be signed in, and want to go to their own page.
        signed_in = g.get("signed_in")
        response = html(
            "errors/error.html",
            status=status,
            actor=None if signed_in is None else signed_in.actor,
            is_error=may_be_signed_in(),
            ways=_ways(status),
            **explanation._asdict(),
        )
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response


def _ways(status: int) -> list[tuple[str, str]]:
    ways = [("/", _("Naar de ruimtes"))]
    if status in (500, 503) and request.method == "GET":
        return [(request.full_path.rstrip("?"), _("Probeer het nog eens")), *ways]
    if status == 401:
        return [("/inloggen", _("Inloggen")), *ways]
    if status == 405 and (page := _page_above()):
        return [(page, _("Terug naar de pagina")), *ways]
    return ways


def _page_above() -> str | None:
    """Where the button of this address stands: the nearest address above it that is a page."""
    adapter, path = current_app.create_url_adapter(request), request.path.rpartition("/")[0]
    while adapter is not None and path.strip("/"):
        try:
            adapter.match(path, method="GET")
        except HTTPException:
            path = path.rpartition("/")[0]
        else:
            return iri_to_uri(path)
    return None


def _http_error(error: HTTPException, moved: Callable[[], str | None]) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    if isinstance(error, SecurityError):
        # Asked by another name than that of BASE_URL: by a scanner, or through a proxy that does not hand on
        # the name.
        log.warning("host not trusted", host=request.environ.get("HTTP_HOST", "")[:LONGEST_HOST])
    if isinstance(error, InternalServerError):
        log_fault(error.original_exception or error)
    if status == 404:
        try:
            target = moved()
        except (OperationalError, InterfaceError, PoolTimeout) as away:
            return _database_away(away)
        if target is not None:
            # 308 keeps the method, so a form that was open while the room got another name still arrives.
            return Response(status=308, headers={"Location": target})
    retry_after = 60 if status == 429 else None
    response = answer(status, retry_after=retry_after)
    if status == 405:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return response


def _database_away(error: Exception) -> Response:
    _let_go()
    log.warning("database away", cause=type(error.__cause__ or error).__name__, code=trouble.code_of(error))
    return answer(503, retry_after=SECONDS_TO_WAIT)


def _database_error(error: DBAPIError) -> Response:
    if error.connection_invalidated:
        return _database_away(error)
    return _bug(error)


def _bug(error: Exception) -> Response:
    _let_go()
    log_fault(error)
    return answer(500)


def _let_go() -> None:
    """Leave the broken transaction, and ask the database nothing more in this request."""
    g.signed_in = None
    let_go()
