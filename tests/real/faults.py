"""Faults planted on purpose, each what somebody might really write. `planted` shows that tests see them.

Nothing of this is reached without the environment variable that `planted` sets.
"""

# ruff: noqa: PLC0415 - each fault imports what it breaks, when it is planted

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from flask import current_app, g, request

if TYPE_CHECKING:
    from collections.abc import Callable


def plant(name: str) -> None:
    """Put one fault in this process. Raises KeyError for an unknown name."""
    FAULTS[name]()


def check_then_insert() -> None:
    """Whether it is free is read before the lock is taken, and the database guards nothing."""
    from ontmoet.bookings import actions, taken_queries

    _no_guard()
    taken_queries.taken_as_known = _read_once(taken_queries.taken_as_known)
    actions.taken_between = _read_once(actions.taken_between)


def _read_once(read: Callable[..., Any]) -> Callable[..., Any]:
    """What a request reads before the lock, to refuse early, is believed under the lock too."""

    def once(*args: Any, **kwargs: Any) -> Any:
        if "read_once" not in g:
            g.read_once = read(*args, **kwargs)
            time.sleep(0.02)
        return g.read_once

    return once


def _no_guard() -> None:
    from ontmoet.bookings import actions

    hold = actions.hold

    def unguarded(*args: Any, **kwargs: Any) -> None:
        if current_app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
            actions.execute(_text("drop trigger if exists occupancy_no_overlap"))
        else:
            drop = "alter table occupancy drop constraint if exists occupancy_no_overlap"
            actions.execute(_text(drop))
        hold(*args, **kwargs)

    actions.hold = unguarded


def _text(statement: str) -> Any:
    from sqlalchemy import text

    return text(statement)


def key_not_looked_up() -> None:
    """A form that was carried out is carried out again."""
    from ontmoet.bookings import actions

    actions.earlier_or_refused = lambda post, reused: None


def key_looked_up_without_fields() -> None:
    """The same key counts as the same form, whatever is in it."""
    from ontmoet.trail.actions import FormPost

    FormPost.digest = property(lambda self: "")  # type: ignore[assignment,method-assign]


def zones_of_the_whole_room_forgotten() -> None:
    """The whole room holds only its first part."""
    from ontmoet.bookings.rules import BookingWish

    BookingWish.zone_ids = lambda self, room: frozenset(  # type: ignore[method-assign]
        {(self.zone or room.zones[0]).zone_id}
    )


def fair_use_read_before_the_lock() -> None:
    """How often a home booked is counted before its lock is taken."""
    from ontmoet.bookings import actions, reserving

    reserving.fair_use_of = actions.fair_use_of = _read_once(actions.fair_use_of)


def move_takes_before_it_gives() -> None:
    """Moving gives the old slot back in one transaction and takes the new one in another."""
    from ontmoet.bookings import actions
    from ontmoet.db import current_connection

    hold = actions.hold

    def later(*args: Any, **kwargs: Any) -> None:
        if request.path.endswith("/wijzigen"):
            current_connection().commit()
        hold(*args, **kwargs)

    actions.hold = later
    actions.taken_between = lambda *args, **kwargs: ()


def tries_counted_in_memory() -> None:
    """Each process counts for itself."""
    from ontmoet.people import actions

    tries: dict[str, int] = {}

    def count(bucket: str, **_: Any) -> int:
        tries[bucket] = tries.get(bucket, 0) + 1
        return tries[bucket]

    actions.count_try = count


def answer_before_commit() -> None:
    """The booking is acknowledged at once and written a moment later."""
    from ontmoet.bookings import views

    unit_of_work = views.unit_of_work
    book = views.actions.book
    waiting: list[Callable[[], None]] = []

    def write_behind() -> None:
        while True:
            time.sleep(0.05)
            while waiting:
                waiting.pop(0)()

    def soon(room_id: int, wished: Any, **kwargs: Any) -> str:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        public_id = views.actions.new_public_id()
        if not hasattr(views, "_writer"):
            views._writer = threading.Thread(target=write_behind, daemon=True)  # type: ignore[attr-defined]
            views._writer.start()

        def write() -> None:
            made.public_id = public_id
            with app.app_context(), unit_of_work():
                book(room_id, wished, **kwargs)

        waiting.append(write)
        return f"/reserveringen/{public_id}"

    made = threading.local()
    new_id = views.actions.new_public_id
    views.actions.new_public_id = lambda: getattr(made, "public_id", None) or new_id()
    views.actions.book = soon


def booking_and_occupancy_apart() -> None:
    """The booking is committed before it holds its room."""
    from ontmoet.bookings import actions
    from ontmoet.db import current_connection

    hold = actions.hold

    def later(*args: Any, **kwargs: Any) -> None:
        current_connection().commit()
        time.sleep(0.02)
        hold(*args, **kwargs)

    actions.hold = later


def plain_int() -> None:
    """Numbers are read with `int`."""
    from ontmoet.kernel import text

    text.whole_number = lambda raw, least, most: int(raw)  # type: ignore[assignment,misc]


def text_as_it_comes() -> None:
    """Text is stored as it was sent."""
    from ontmoet.kernel import text

    text.line = lambda raw, longest: raw  # type: ignore[assignment,misc]


def any_year() -> None:
    """Days are not kept within the years a wall clock can be converted in."""
    from ontmoet.kernel import text

    text.FIRST_YEAR, text.LAST_YEAR = 1, 9999


def next_by_its_start() -> None:
    """Where to go next has only to begin with a slash."""
    from ontmoet.people import views
    from ontmoet.web import redirects

    lenient = lambda raw: raw if raw and raw.startswith("/") else None  # noqa: E731
    views.safe_path = redirects.safe_path = lenient


def no_origin_check() -> None:
    """Only the form token is looked at."""
    from ontmoet.web import csrf

    csrf._check_origin = lambda: None


def no_token_check() -> None:
    """Only the origin is looked at."""
    from ontmoet.web import csrf

    csrf.Protection.protect = lambda _self, **_: None


def busy_is_a_bug() -> None:
    """A database that cannot write is answered as a fault of ours."""
    from ontmoet.web import errors

    errors._database_away = errors._bug


def locked_for_long() -> None:
    """SQLite's own patience is half a minute."""
    from ontmoet.db import sqlite

    sqlite.PRAGMAS = {**sqlite.PRAGMAS, "busy_timeout": 30_000}


def key_goes_to_whoever_asks() -> None:
    """A hand-over does not look at which custody its page showed."""
    from ontmoet.db import execute
    from ontmoet.keys import actions, custodies

    let_go_of = actions.let_go_of

    def whatever_it_is(grip: Any, **facts: Any) -> Any:
        now_so = execute(custodies._NOW_SO, copy_id=grip.copy_id).one()
        return let_go_of(grip._replace(custody_id=now_so.id), **facts)

    actions.let_go_of = whatever_it_is


FAULTS: dict[str, Callable[[], None]] = {
    fault.__name__: fault
    for fault in (
        check_then_insert,
        key_not_looked_up,
        key_looked_up_without_fields,
        zones_of_the_whole_room_forgotten,
        fair_use_read_before_the_lock,
        move_takes_before_it_gives,
        tries_counted_in_memory,
        answer_before_commit,
        booking_and_occupancy_apart,
        plain_int,
        text_as_it_comes,
        any_year,
        next_by_its_start,
        no_origin_check,
        no_token_check,
        busy_is_a_bug,
        locked_for_long,
        key_goes_to_whoever_asks,
    )
}
