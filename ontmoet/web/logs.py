"""One line of JSON per request: what was asked for, how it went, how long it took.

Never a path with a token, a query, a name or an address: the route's pattern says enough. Of a fault its
type and place: what an error says may hold what people typed. PostgreSQL repeats the row that it refuses.
"""

from __future__ import annotations

import logging
import random
import sys
import time
import traceback
from typing import TYPE_CHECKING

import structlog
from flask import Response, g, request

from ontmoet.kernel.correlation import request_id

if TYPE_CHECKING:
    from flask import Flask

log = structlog.get_logger("ontmoet")

MOST_CAUSES = 5


def configure(*, testing: bool) -> None:
    """Write JSON lines to standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL if testing else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=not testing,
    )


def log_fault(error: BaseException) -> None:
    """Write down what went wrong and where, and what it came from, last first."""
    causes: list[dict[str, object]] = []
    cause: BaseException | None = error
    while cause is not None and len(causes) < MOST_CAUSES:
        places = traceback.extract_tb(cause.__traceback__)
        causes.append(
            {
                "problem": type(cause).__qualname__,
                "places": [f"{place.filename}:{place.lineno} {place.name}" for place in places],
            }
        )
        cause = cause.__cause__ or cause.__context__
    log.error("fault", request_id=request_id.get(), causes=causes)


def init_app(app: Flask) -> None:
    """Give each request an id and log its end."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        request_id.set(f"{random.getrandbits(64):016x}")

    @app.after_request
    def end(response: Response) -> Response:
        rule, known_as, began = request.url_rule, request_id.get(), g.get("began")
        response.headers.add("X-Request-Id", known_as or "")
        log.info(
            "request",
            request_id=known_as,
            method=request.method,
            route=rule.rule if rule else None,
            status=response.status_code,
            ms=None if began is None else round((time.perf_counter() - began) * 1000, 1),
        )
        return response
