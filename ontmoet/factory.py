"""Puts the house together."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from sqlalchemy.exc import SQLAlchemyError

from ontmoet import cli, slices
from ontmoet.arranging import views as arranging
from ontmoet.bookings.photos import LARGEST_PHOTO
from ontmoet.config import Config, ConfigError
from ontmoet.db import db, let_go
from ontmoet.db import postgresql as postgresql_settings
from ontmoet.db import sqlite as sqlite_settings
from ontmoet.hearing import views as hearing
from ontmoet.importing.reading import LARGEST_FILE
from ontmoet.kernel import clock
from ontmoet.kernel.gate import Gate
from ontmoet.people import views as people
from ontmoet.rooms.pages import own_corporation
from ontmoet.trail.models import InstallationKind
from ontmoet.trail.queries import installation_kind
from ontmoet.web import (
    access,
    assets,
    converters,
    csrf,
    errors,
    gateway,
    headers,
    i18n,
    icons,
    logs,
    pages,
    pieces,
    templates,
)
from ontmoet.web.proxies import behind_proxies

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIEnvironment
    from flask import Request
    from werkzeug.routing import MapAdapter

ROOT = Path(__file__).parent.parent
POSTGRESQL_CONNECTIONS = 8
"""Per process."""

LARGEST_FORM = 256 * 1024
"""Bytes. The largest form has a few short fields; more is a mistake or an attack."""

LARGEST_WITH_PHOTO = LARGEST_PHOTO + 2 * 1024 * 1024
"""What is a bit too large is refused in words, beside what was filled in."""
LARGEST_WITH_LIST = LARGEST_FILE + 64 * 1024 * 1024
"""Also a list that is far too large is refused in words."""
_WITH_LIST = re.compile(r"/corporatie/beheer/inlezen/[a-z]+/?|/r/[^/]+/agenda/overnemen/?")
_WITH_PHOTO = re.compile(r"/reserveringen/[a-z0-9]+/afsluiten/?")


FOR_MONITORS = frozenset({"/healthz", "/readyz", "/metrics"})
"""Nothing on these pages is made of the host that was asked."""


class Ontmoet(Flask):
    """Flask, which looks a dozen times per request whether a function is a coroutine. None of ours is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """A monitor asks this process itself, by whatever name it reaches it."""
        if request is not None and self.config["TRUSTED_HOSTS"] and request.path in FOR_MONITORS:
            request.environ["HTTP_HOST"] = self.config["TRUSTED_HOSTS"][0]
        return super().create_url_adapter(request)

    def log_exception(self, exc_info: Any) -> None:
        """Not here, where it would be with what people typed: `web.errors` writes down what went wrong."""


def create_app(config: Config | None = None) -> Flask:
    """The application for one installation. Raises `ConfigError` when it is not fit to start."""
    config = config or Config.from_env()
    app = Ontmoet("ontmoet", root_path=str(ROOT), static_folder=None)
    _configure(app, config)
    logs.configure(testing=config.testing)
    _set_up_database(app, config)
    if config.starts_at is not None:
        _refuse_on_real_installation(
            app, "ONTMOET_NOW is for demos: this installation is real, and so is its time."
        )
        clock.start_at(config.starts_at)
    if config.left_out:
        _refuse_on_real_installation(app, f"Set {', '.join(config.left_out)}: this installation is real.")

    logs.init_app(app)
    largest_body = partial(_largest_body, app)
    gateway.limit_bodies(app, largest_body)
    # Mail programs post here by themselves; the signed link is the proof (RFC 8058).
    csrf.init_app(app, without_token=hearing.unsubscribe)
    i18n.init_app(app)
    templates.init_app(app, icon=icons.icon, asset=assets.read_assets())
    pages.init_app(app, corporation=own_corporation)
    pieces.init_app(app)
    access.init_app(app, people.load_session)
    errors.init_app(app, moved=arranging.moved)
    headers.init_app(app, https=config.https)

    app.url_map.converters["public_id"] = converters.PublicIdConverter
    app.url_map.converters["letter_code"] = converters.LetterCodeConverter
    app.url_map.converters["slug"] = converters.SlugConverter
    slices.init_app(app)
    cli.init_app(app)
    app.wsgi_app = assets.serve_static(  # type: ignore[assignment,method-assign]
        gateway.through_gate(app.wsgi_app, Gate(_width(config)), largest_body=largest_body),
        headers=headers.security_headers(https=config.https),
    )
    if config.production:
        # Https needs a proxy in front, and there is one.
        app.wsgi_app = behind_proxies(app.wsgi_app, config.proxies)  # type: ignore[assignment, method-assign]
    return app


def _refuse_on_real_installation(app: Flask, why: str) -> None:
    with app.app_context():
        try:
            kind = installation_kind()
        except SQLAlchemyError:
            return  # not there or not migrated yet, so nothing real is in it
        finally:
            let_go()
    if kind is InstallationKind.REAL:
        raise ConfigError(why)


def _largest_body(app: Flask, environ: WSGIEnvironment) -> int:
    """Much only at a page that takes a file, as a file is sent, and from who got in: what is read of the body
    is read before anything else is known of who asks.
    """
    path = environ.get("PATH_INFO", "")
    if _WITH_LIST.fullmatch(path):
        with_file = LARGEST_WITH_LIST
    elif _WITH_PHOTO.fullmatch(path):
        with_file = LARGEST_WITH_PHOTO
    else:
        return LARGEST_FORM
    request = app.request_class(environ, populate_request=False)
    may = request.mimetype == "multipart/form-data" and access.seems_signed_in(app, request)
    return with_file if may else LARGEST_FORM


def _width(config: Config) -> int:
    """Requests at work at once in a process. While one waits for PostgreSQL's answer another can work."""
    return 1 if config.on_sqlite else 2


def _configure(app: Flask, config: Config) -> None:
    app.extensions["ontmoet_config"] = config
    app.testing = config.testing
    app.url_map.strict_slashes = False
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(config),
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=100,
        SESSION_COOKIE_NAME="__Host-ontmoet" if config.https else "ontmoet",
        SESSION_COOKIE_SECURE=config.https,
        SESSION_COOKIE_SAMESITE="Lax",
        # The row in the database decides how long; browsers keep no cookie longer than 400 days.
        PERMANENT_SESSION_LIFETIME=400 * 24 * 3600,
        SESSION_REFRESH_EACH_REQUEST=False,
        TEMPLATES_AUTO_RELOAD=False,
    )
    if config.production:
        app.config["TRUSTED_HOSTS"] = [config.host]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if config.testing:
        app.jinja_env.undefined = StrictUndefined


_EVERY_ENGINE: dict[str, object] = {
    "pool_use_lifo": True,
    # An error says which statement failed, never what people typed.
    "hide_parameters": True,
}


def _engine_options(config: Config) -> dict[str, object]:
    if config.on_sqlite:
        # One request works at a time, so the connection used last does for most: its pages are at hand.
        return {
            **_EVERY_ENGINE,
            "connect_args": {"timeout": 1, "check_same_thread": False},
        }
    return {
        **_EVERY_ENGINE,
        "pool_size": POSTGRESQL_CONNECTIONS,
        "max_overflow": 0,
        "pool_timeout": 2,
        "pool_pre_ping": True,
        # What only reads needs no transaction; a unit of work opens one itself.
        "isolation_level": "AUTOCOMMIT",
        "connect_args": postgresql_settings.CONNECTING,
    }


def _set_up_database(app: Flask, config: Config) -> None:
    db.init_app(app)
    app.teardown_appcontext(lambda _: let_go())
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    with app.app_context():
        engine = db.engine
    queue = None
    if config.on_sqlite:
        sqlite_settings.prepare(engine)
        queue = sqlite_settings.WriterQueue(str(engine.url.database))
    else:
        postgresql_settings.prepare(engine)
    app.extensions["ontmoet_writer_queue"] = queue
