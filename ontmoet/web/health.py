"""What a monitor asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ontmoet.db import db, guards, migrations

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
    """The database answers, migrations are current, the guarding triggers stand."""
    try:
        with db.engine.connect() as connection:
            problem = _problem(connection)
    except SQLAlchemyError:
        problem = "database"
    if problem:
        return jsonify(ready=False, reason=problem), 503
    return jsonify(ready=True), 200


def _problem(connection: Connection) -> str | None:
    connection.execute(text("select 1"))
    if not migrations.is_current(connection, current_app.extensions["migrate"].directory):
        return "migrations"
    missing = guards.missing(connection)
    return f"guards: {', '.join(missing)}" if missing else None
