"""Puts the house together: the only place that knows every slice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from ontmoet import cli
from ontmoet.arranging import (
    complex_views,
    emergency_views,
    hours_views,
    merging_messages,
    merging_views,
    right_views,
    use_rules_views,
    zone_views,
)
from ontmoet.arranging import views as arranging
from ontmoet.attendance import sheet_views
from ontmoet.attendance import views as attendance
from ontmoet.bookings import behalf_views as on_behalf
from ontmoet.bookings import closure_messages, closure_views, one_tap_views, request_messages, works_views
from ontmoet.bookings import messages as booking_messages
from ontmoet.bookings import request_views as requests
from ontmoet.bookings import use_views as use
from ontmoet.bookings import views as bookings
from ontmoet.bookings.photos import LARGEST_PHOTO
from ontmoet.calendars import views as calendars
from ontmoet.config import Config, ConfigError
from ontmoet.db import db, let_go
from ontmoet.db import postgresql as postgresql_settings
from ontmoet.db import sqlite as sqlite_settings
from ontmoet.exports import views as exports
from ontmoet.first_hour import views as first_hour
from ontmoet.hearing import behalf_views as hearing_on_behalf
from ontmoet.hearing import call_pages
from ontmoet.hearing import messages as hearing_messages
from ontmoet.hearing import views as hearing
from ontmoet.house_rules import paper_views, publish_views
from ontmoet.house_rules import views as house_rules
from ontmoet.importing import views as importing
from ontmoet.importing.reading import LARGEST_FILE
from ontmoet.jobs import JOBS
from ontmoet.joining import letter_views
from ontmoet.joining import messages as joining_messages
from ontmoet.joining import views as joining
from ontmoet.kernel import clock
from ontmoet.kernel.gate import Gate
from ontmoet.keys import (
    box_messages,
    box_views,
    due_views,
    duty_messages,
    duty_views,
    locker_views,
    organisation_views,
    tag_views,
)
from ontmoet.keys import messages as key_messages
from ontmoet.keys import views as keys
from ontmoet.keys.way_in import bookings_with_key, way_in
from ontmoet.lifecycle import messages as lifecycle_messages
from ontmoet.lifecycle import views as lifecycle
from ontmoet.membership import colleague_views, guest_views, partner_views
from ontmoet.membership import messages as membership_messages
from ontmoet.membership import views as membership
from ontmoet.my_data import proving_views, removing_views
from ontmoet.my_data import views as my_data
from ontmoet.other_calendars import views as other_calendars
from ontmoet.people import address_letters, guardian_messages
from ontmoet.people import views as people
from ontmoet.portal import (
    management,
    metrics,
    offline,
    recorded,
    scanning,
    signage_views,
    style_guide,
    upkeep,
)
from ontmoet.portal import views as portal
from ontmoet.proving import access_views, passkey_views, reset_views, second_views, work_views
from ontmoet.proving import messages as proving_messages
from ontmoet.recovery import messages as recovery_messages
from ontmoet.recovery import password_pages, slip_pages
from ontmoet.recovery import views as recovery
from ontmoet.series import date_views as series_dates
from ontmoet.series import keeper_views as series_keeping
from ontmoet.series import messages as series_messages
from ontmoet.series import views as series
from ontmoet.series.handing_down import part_of_series, series_asked
from ontmoet.series.offering import dates_in_turn
from ontmoet.series.refused_queries import dates_before
from ontmoet.trail.models import InstallationKind
from ontmoet.trail.queries import installation_kind
from ontmoet.trail.rules import Chore
from ontmoet.web import (
    access,
    assets,
    converters,
    csrf,
    errors,
    gateway,
    headers,
    health,
    i18n,
    icons,
    logs,
    pages,
    pieces,
    templates,
)

if TYPE_CHECKING:
    from collections.abc import Callable

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


class Ontmoet(Flask):
    """Flask, which looks a dozen times per request whether a function is a coroutine. None of ours is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def create_app(config: Config | None = None) -> Flask:
    """The application for one installation. Raises `ConfigError` when it is not fit to start."""
    config = config or Config.from_env()
    app = Ontmoet("ontmoet", root_path=str(ROOT), static_folder=None)
    _configure(app, config)
    logs.configure(testing=config.testing)
    _set_up_database(app, config)
    if config.starts_at is not None:
        _refuse_on_real_installation(app)
        clock.start_at(config.starts_at)

    logs.init_app(app)
    gateway.limit_bodies(app, _largest_body)
    # Mail programs post here by themselves; the signed link is the proof (RFC 8058).
    csrf.init_app(app, without_token=hearing.unsubscribe)
    i18n.init_app(app)
    templates.init_app(app, icon=icons.icon, asset=assets.read_assets())
    pages.init_app(app)
    pieces.init_app(app)
    access.init_app(app, people.load_session)
    errors.init_app(app, moved=arranging.moved)
    headers.init_app(app, https=config.https)

    app.url_map.converters["public_id"] = converters.PublicIdConverter
    app.url_map.converters["letter_code"] = converters.LetterCodeConverter
    app.url_map.converters["slug"] = converters.SlugConverter
    for views in (
        health,
        metrics,
        people,
        hearing,
        call_pages,
        hearing_on_behalf,
        recovery,
        password_pages,
        slip_pages,
        access_views,
        passkey_views,
        second_views,
        work_views,
        reset_views,
        house_rules,
        paper_views,
        publish_views,
        membership,
        guest_views,
        partner_views,
        colleague_views,
        joining,
        letter_views,
        bookings,
        one_tap_views,
        on_behalf,
        requests,
        closure_views,
        works_views,
        use,
        series,
        series_dates,
        series_keeping,
        calendars,
        attendance,
        sheet_views,
        keys,
        tag_views,
        box_views,
        locker_views,
        due_views,
        organisation_views,
        duty_views,
        hours_views,
        use_rules_views,
        arranging,
        zone_views,
        right_views,
        merging_views,
        complex_views,
        emergency_views,
        first_hour,
        importing,
        other_calendars,
        my_data,
        proving_views,
        removing_views,
        lifecycle,
        exports,
        portal,
        management,
        scanning,
        offline,
        signage_views,
        style_guide,
        upkeep,
    ):
        app.register_blueprint(views.bp)
    # The outbox knows no slice: each brings the words for its own kinds of message.
    app.extensions["ontmoet_letters"] = {
        **address_letters.LETTERS,
        **hearing_messages.LETTERS,
        **guardian_messages.LETTERS,
        **recovery_messages.LETTERS,
        **proving_messages.LETTERS,
        **booking_messages.LETTERS,
        **request_messages.LETTERS,
        **closure_messages.LETTERS,
        **series_messages.LETTERS,
        **key_messages.LETTERS,
        **box_messages.LETTERS,
        **duty_messages.LETTERS,
        **joining_messages.LETTERS,
        **membership_messages.LETTERS,
        **lifecycle_messages.LETTERS,
        **merging_messages.LETTERS,
    }
    app.extensions["ontmoet_told"] = {
        **guardian_messages.TOLD,
        **hearing_messages.TOLD,
        **recovery_messages.TOLD,
        **booking_messages.TOLD,
        **request_messages.TOLD,
        **closure_messages.TOLD,
        **series_messages.TOLD,
        **key_messages.TOLD,
        **box_messages.TOLD,
        **duty_messages.TOLD,
        **joining_messages.TOLD,
        **membership_messages.TOLD,
        **lifecycle_messages.TOLD,
        **merging_messages.TOLD,
    }
    app.extensions["ontmoet_titles"] = {
        **address_letters.TITLES,
        **hearing_messages.TITLES,
        **guardian_messages.TITLES,
        **recovery_messages.TITLES,
        **proving_messages.TITLES,
        **booking_messages.TITLES,
        **request_messages.TITLES,
        **closure_messages.TITLES,
        **series_messages.TITLES,
        **key_messages.TITLES,
        **box_messages.TITLES,
        **duty_messages.TITLES,
        **joining_messages.TITLES,
        **membership_messages.TITLES,
        **lifecycle_messages.TITLES,
        **merging_messages.TITLES,
    }
    # Nor does the trail.
    app.extensions["ontmoet_actions"] = recorded.ACTIONS
    app.extensions["ontmoet_way_in"] = way_in
    app.extensions["ontmoet_keys_out"] = bookings_with_key
    app.extensions["ontmoet_dates_in_turn"] = dates_in_turn
    app.extensions["ontmoet_dates_before"] = dates_before
    app.extensions["ontmoet_part_of_series"] = part_of_series
    app.extensions["ontmoet_series_asked"] = series_asked
    app.extensions["ontmoet_optional"] = {**booking_messages.OPTIONAL}
    # Jobs stand above all slices; whoever tells how they went gets their names and titles.
    app.extensions["ontmoet_jobs"] = {job.name: Chore(job.title, nightly=job.nightly) for job in JOBS}
    cli.init_app(app)
    app.wsgi_app = assets.serve_static(  # type: ignore[assignment,method-assign]
        gateway.through_gate(app.wsgi_app, Gate(_width(config)), largest_body=_largest_body),
        headers=headers.security_headers(https=config.https),
    )
    if config.production:
        # Https needs a proxy in front, and there is one: what it adds last is who asked, and how.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    return app


def _refuse_on_real_installation(app: Flask) -> None:
    with app.app_context():
        try:
            kind = installation_kind()
        except SQLAlchemyError:
            return  # not there or not migrated yet, so nothing real is in it
        finally:
            let_go()
    if kind is InstallationKind.REAL:
        raise ConfigError("ONTMOET_NOW is for demos: this installation is real, and so is its time.")


def _largest_body(path: str) -> int:
    if _WITH_LIST.fullmatch(path):
        return LARGEST_WITH_LIST
    return LARGEST_WITH_PHOTO if _WITH_PHOTO.fullmatch(path) else LARGEST_FORM


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


def _engine_options(config: Config) -> dict[str, object]:
    if config.on_sqlite:
        # One request works at a time, so the connection used last does for most: its pages are at hand.
        return {"pool_use_lifo": True, "connect_args": {"timeout": 1, "check_same_thread": False}}
    return {
        "pool_use_lifo": True,
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
        config.data.mkdir(parents=True, exist_ok=True)
        sqlite_settings.prepare(engine)
        queue = sqlite_settings.WriterQueue(str(engine.url.database))
    else:
        postgresql_settings.prepare(engine)
    app.extensions["ontmoet_writer_queue"] = queue
