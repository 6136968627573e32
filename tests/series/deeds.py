"""What people do with series, and how a series stands: for tests that look at more than one of these."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import text

from ontmoet.bookings.states import CancelReason
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.walltime import minutes_of
from ontmoet.rooms.queries import room_by_id
from ontmoet.series import actions, calling_off, changing, dates, deciding
from ontmoet.series.actions import Chosen
from ontmoet.series.behind import person_behind
from ontmoet.series.planning import Asked, look, party_for
from ontmoet.series.queries import dates_of, series_by_public_id
from ontmoet.series.reshaping import reshape
from ontmoet.series.rules import Frequency, Rhythm, Standing
from ontmoet.trail.actions import FormPost
from tests import builders as make

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ontmoet.series.planning import Instead
    from ontmoet.series.queries import DateView, SeriesView
    from tests.cast import Neighbourhood

DAY = date.fromisoformat


def asked(
    first: str = "2026-12-01",
    last: str = "2026-12-29",
    *,
    frequency: str = "weekly",
    every: int = 1,
    weekdays: tuple[int, ...] = (1,),
    starts: int = 10 * 60,
    ends: int = 12 * 60,
    zone: str = "grote-zaal",
    people: int = 8,
    purpose: str = "Koffie",
    is_drop_in: bool = False,
    **how: object,
) -> Asked:
    """Every Tuesday of December, but for what is said."""
    days = weekdays if frequency == "weekly" or "nth" in how else ()
    rhythm = Rhythm(Frequency(frequency), every, DAY(first), DAY(last), days, **how)  # type: ignore[arg-type]
    return Asked(rhythm, starts, ends, zone, people, purpose, is_drop_in=is_drop_in)


def asked_near(*, starts: int = 16 * 60) -> Asked:
    """The whole room each Tuesday from that of today on, until 18:00."""
    return asked("2026-11-24", "2026-12-22", starts=starts, ends=18 * 60, zone="")


def post(hood: Neighbourhood, name: str, key: str | None = None, **fields: object) -> FormPost:
    return FormPost(hood.people[name], "/r/de-linde/reeks", key or make.new_key(), fields)


def make_series(
    hood: Neighbourhood,
    name: str,
    wish: Asked,
    *,
    struck: tuple[str, ...] = (),
    instead: Mapping[date, Instead] | None = None,
    key: str | None = None,
    room_id: int | None = None,
) -> SeriesView:
    """Make a series as this person, as the preview shows it at this moment; in De Linde, unless another room
    is named. Raises `Refused`.
    """
    room_id = room_id or hood.linde
    left_out = frozenset(DAY(day) for day in struck)
    actor = hood.actor(name)
    with hood.app.app_context():
        with unit_of_work():
            room = room_by_id(room_id)
            party = party_for(actor, room, is_drop_in=wish.is_drop_in)
            looked = look(wish, room, party, now=clock.now(), struck=left_out, instead=instead)
            chosen = Chosen(left_out, instead or {}, actions.free_days(looked))
            path = actions.make(
                room_id, wish, chosen, actor=actor, post=post(hood, name, key, wish=wish), now=clock.now()
            )
        found = series_by_public_id(path.rsplit("/", 1)[1])
    assert found is not None
    return found


def again(hood: Neighbourhood, series: SeriesView) -> SeriesView:
    """The series as it is now."""
    with hood.app.app_context():
        found = series_by_public_id(series.public_id)
    assert found is not None
    return found


def change(
    hood: Neighbourhood,
    name: str,
    series: SeriesView,
    wish: Asked,
    *,
    since: str | None = None,
    struck: tuple[str, ...] = (),
    room_id: int | None = None,
) -> SeriesView:
    """Change it from a day on, or all; the series as it goes on. Raises `Refused`."""
    actor, left_out = hood.actor(name), [DAY(day) for day in struck]
    begin = DAY(since) if since else None
    with hood.app.app_context():
        with unit_of_work():
            current = series_by_public_id(series.public_id)
            assert current is not None
            room, now = room_by_id(room_id or hood.linde), clock.now()
            person = person_behind(current, room, actor, now=now)
            party = changing.party_of_series(current, person, room)
            seen = reshape(current, wish, room, party, since=begin, struck=left_out, now=now).seen
            path = changing.change(
                current,
                wish,
                since=begin,
                struck=left_out,
                seen=seen,
                seen_version=current.version,
                actor=actor,
                post=post(hood, name),
                now=now,
            )
        found = series_by_public_id(path.rsplit("/", 1)[1])
    assert found is not None
    return found


def strike(
    hood: Neighbourhood,
    name: str,
    series: SeriesView,
    day: str,
    because: CancelReason = CancelReason.PLANS_CHANGED,
) -> None:
    actor = hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        dates.strike(series, DAY(day), because=because, actor=actor, now=clock.now())


def bring_back(hood: Neighbourhood, name: str, series: SeriesView, day: str) -> None:
    actor = hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        dates.bring_back(series, DAY(day), actor=actor, now=clock.now())


def approve(hood: Neighbourhood, name: str, series: SeriesView) -> None:
    """Say yes to all of it that waits, as it is now."""
    actor, found = hood.actor(name), again(hood, series)
    with hood.app.app_context(), unit_of_work():
        rows = dates_of(found.series_id, now=clock.now())
        waiting = [
            (row.booking_id, row.booking_version)
            for row in rows
            if row.standing is Standing.REQUESTED and row.booking_id is not None
        ]
        seen = deciding.version_asked(found.version, waiting)
        deciding.approve(found, seen_version=seen, actor=actor, now=clock.now())


def call_off(
    hood: Neighbourhood,
    name: str,
    series: SeriesView,
    since: str | None = None,
    *,
    because: CancelReason = CancelReason.PLANS_CHANGED,
) -> int:
    actor, begin = hood.actor(name), DAY(since) if since else None
    with hood.app.app_context(), unit_of_work():
        return calling_off.call_off(series, begin, because=because, actor=actor, now=clock.now()).dates


def shown(hood: Neighbourhood, series: SeriesView) -> str:
    """Each date in a word: the day, and the wall-clock hours it has or how it stands."""
    with hood.app.app_context():
        rows = dates_of(series.series_id, now=clock.now())
    return " ".join(_word(row) for row in rows)


def _word(row: DateView) -> str:
    if row.slot is None or row.standing is Standing.OFFERED:
        return f"{row.day:%m-%d}:{row.standing}"
    hours = f"{minutes_of(row.slot.starts) // 60}-{minutes_of(row.slot.ends) // 60}"
    mark = "?" if row.standing is Standing.REQUESTED else ""
    other = "" if row.slot.starts.date() == row.day else f"@{row.slot.starts:%m-%d}"
    return f"{row.day:%m-%d}:{hours}{mark}{other}"


def occupied(hood: Neighbourhood) -> int:
    """How many rows of occupancy there are."""
    with hood.app.app_context():
        found: int = execute(text("select count(*) from occupancy")).scalar_one()
    return found
