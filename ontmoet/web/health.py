"""What a monitor asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ontmoet.db import db, guards, migrations
from ontmoet.db.writable import hindrance
from ontmoet.web.settings import current_config

from .access import public

if TYPE_CHECKING:
    from sqlalchemy import Connection

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """The database answers, migrations are current, the guarding triggers stand. One that can only be read is
    ready: pages go on. The answer says that nothing is written, and why.
    """
    try:
        with db.engine.connect() as connection:
            problem = _problem(connection)
            stuck = hindrance(connection, current_config().data)
    except SQLAlchemyError:
        problem = "database"
    if problem:
        return jsonify(ready=False, reason=problem), 503
    if stuck:
        return jsonify(ready=True, writes=False, reason=stuck), 200
    return jsonify(ready=True), 200


def _problem(connection: Connection) -> str | None:
    connection.execute(text("select 1"))
    if not migrations.is_current(connection, current_app.extensions["migrate"].directory):
        return "migrations"
    missing = guards.missing(connection)
    return f"guards: {', '.join(missing)}" if missing else None
