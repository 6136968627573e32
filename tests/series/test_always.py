"""Whatever people do with series, in any order: what was struck never returns by itself, nothing overlaps, no
booking is lost from the history, and the wall clock stays.
"""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from ontmoet.bookings import calling_off, closing
from ontmoet.bookings.closing import Displaces, Wanted
from ontmoet.bookings.closure_queries import closure_of
from ontmoet.bookings.queries import booking_by_public_id
from ontmoet.bookings.states import CancelReason
from ontmoet.bookings.taking import take_offer
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import minutes_of, start_of
from ontmoet.series.queries import dates_of, series_by_public_id
from ontmoet.series.rules import Standing

from .deeds import asked, bring_back, call_off, change, make_series, strike

if TYPE_CHECKING:
    from ontmoet.series.planning import Asked
    from ontmoet.series.queries import DateView, SeriesView
    from tests.cast import Neighbourhood

FIRST, LAST = date(2027, 3, 8), date(2027, 4, 25)
"""The clock changes in between, on 28 March."""

HOURS = (9, 12, 15)
"""Never an hour from each other: a wall clock that slips shows."""

_OVERLAPS = text(
    "select count(*) from occupancy a join occupancy b on a.zone_id = b.zone_id and a.id < b.id"
    " and a.held_from < b.held_until and b.held_from < a.held_until"
)
_HOLDS_NOTHING = text(
    "select count(*) from booking b where status in ('confirmed', 'offered')"
    " and not exists (select 1 from occupancy o where o.booking_id = b.id)"
)
_HELD_BY_NOBODY = text(
    "select count(*) from occupancy o join booking b on b.id = o.booking_id"
    " where b.status not in ('confirmed', 'offered')"
)
_KEPT = text(
    "select booking.public_id, name from booking join person on person.id = person_id"
    " where status = 'offered'"
)
_EMPTY = ("occupancy", "series_date", "series_host", "series", "booking", "closure", "message", "idempotency")


def _wish(
    hour: int, last: date, frequency: str, every: int, weekdays: set[int], zone: str, people: int
) -> Asked:
    return asked(
        FIRST.isoformat(),
        last.isoformat(),
        frequency=frequency,
        every=every,
        weekdays=tuple(sorted(weekdays)),
        starts=hour * 60,
        ends=hour * 60 + 120,
        zone=zone,
        people=people,
    )


wishes = st.builds(
    _wish,
    hour=st.sampled_from(HOURS),
    last=st.dates(FIRST + timedelta(days=20), LAST),
    frequency=st.sampled_from(("weekly", "weekly", "daily")),
    every=st.integers(1, 2),
    weekdays=st.sets(st.integers(0, 6), min_size=1, max_size=2),
    zone=st.sampled_from(("grote-zaal", "keuken", "")),
    people=st.integers(1, 8),
)


class Rooms(RuleBasedStateMachine):
    """One room, its series, and who does what with them."""

    hood: Neighbourhood

    def __init__(self) -> None:
        super().__init__()
        self.series: list[str] = []
        self.struck: set[int] = set()
        self.bookings: set[int] = set()
        self.closures: list[str] = []

    def teardown(self) -> None:
        with self.hood.app.app_context(), unit_of_work():
            for table in _EMPTY:
                execute(text(f"delete from {table}"))  # noqa: S608 - our own tables

    @initialize(wish=wishes)
    def begin(self, wish: Asked) -> None:
        self.create(wish, "noor")

    @rule(wish=wishes, who=st.sampled_from(("noor", "ali")))
    def another(self, wish: Asked, who: str) -> None:
        self.create(wish, who)

    def create(self, wish: Asked, who: str) -> None:
        with contextlib.suppress(Refused):
            self.series.append(make_series(self.hood, who, wish).public_id)

    @precondition(lambda self: self.series)
    @rule(data=st.data(), wish=wishes, is_all=st.booleans())
    def edit(self, data: st.DataObject, wish: Asked, is_all: bool) -> None:
        series, row = self._some_date(data)
        since = None if is_all or row is None else row.day.isoformat()
        try:
            goes_on = change(self.hood, "noor", series, wish, since=since)
        except Refused:
            return
        if goes_on.public_id != series.public_id:
            self.series.append(goes_on.public_id)

    @precondition(lambda self: self.series)
    @rule(data=st.data())
    def leave_out(self, data: st.DataObject) -> None:
        series, row = self._some_date(data)
        if row is None:
            return
        try:
            strike(self.hood, "noor", series, row.day.isoformat())
        except Refused:
            return
        self.struck.add(row.date_id)

    @precondition(lambda self: self.series)
    @rule(data=st.data())
    def cancel_the_booking(self, data: st.DataObject) -> None:
        """As people do who do not know of series."""
        _series, row = self._some_date(data)
        if row is None or not row.is_live or row.booking_public_id is None:
            return
        actor = self.hood.actor("noor")
        with self.hood.app.app_context(), unit_of_work():
            found = booking_by_public_id(row.booking_public_id, now=clock.now())
            assert found is not None
            calling_off.cancel(found, because=CancelReason.PLANS_CHANGED, actor=actor, now=clock.now())
        self.struck.add(row.date_id)

    @precondition(lambda self: self.series)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        series, row = self._some_date(data)
        if row is None:
            return
        try:
            bring_back(self.hood, "noor", series, row.day.isoformat())
        except Refused:
            return
        self.struck.discard(row.date_id)

    @precondition(lambda self: self.series)
    @rule(data=st.data(), is_all=st.sampled_from((False,) * 5 + (True,)))
    def cancel(self, data: st.DataObject, is_all: bool) -> None:
        """Mostly the end of it: what is over gives nothing more to look at."""
        series, row = self._some_date(data)
        since = None if is_all or row is None else max(row.day, LAST - timedelta(days=10)).isoformat()
        with contextlib.suppress(Refused):
            call_off(self.hood, "noor", series, since)

    @rule(day=st.dates(FIRST, LAST), days=st.integers(1, 9))
    def close(self, day: date, days: int) -> None:
        slot = TimeSlot(start_of(day), start_of(day + timedelta(days=days)))
        seen: set[str] = set()
        with self.hood.app.app_context():
            for _try in range(2):
                try:
                    with unit_of_work():
                        wanted = Wanted(slot, "", "Renovatie")
                        closing.close(self.hood.linde, wanted, seen=seen, actor_id=None, now=clock.now())
                except Displaces as displaced:
                    seen = {each.mark for each in displaced.bookings}
            found = execute(text("select public_id from closure order by id desc")).scalars().first()
            self.closures.append(found)

    @precondition(lambda self: self.closures)
    @rule()
    def reopen(self) -> None:
        with self.hood.app.app_context(), unit_of_work():
            found = closure_of(self.hood.linde, self.closures.pop())
            assert found is not None
            by = self.hood.people["sanne"]
            closing.reopen(found, self.hood.linde, actor_id=by, now=clock.now())

    @precondition(lambda self: self.series)
    @rule(data=st.data())
    def take_what_is_kept(self, data: st.DataObject) -> None:
        with self.hood.app.app_context():
            kept = execute(_KEPT).all()
            if not kept:
                return
            public_id, name = data.draw(st.sampled_from([tuple(row) for row in kept]))
            actor = self.hood.actor(name.split()[0].lower())
            with unit_of_work():
                offer = booking_by_public_id(public_id, now=clock.now())
                assert offer is not None
                with contextlib.suppress(Refused):
                    take_offer(offer, actor=actor, now=clock.now())

    def _some_date(self, data: st.DataObject) -> tuple[SeriesView, DateView | None]:
        with self.hood.app.app_context():
            known = [series_by_public_id(public_id) for public_id in self.series]
            goes_on = [each for each in known if each and each.ended_at is None] or known
            series = data.draw(st.sampled_from(goes_on))
            assert series is not None
            rows = dates_of(series.series_id, now=clock.now())
        return series, data.draw(st.sampled_from(rows)) if rows else None

    @invariant()
    def holds(self) -> None:
        with self.hood.app.app_context():
            rows = [
                row
                for public_id in self.series
                if (series := series_by_public_id(public_id))
                for row in dates_of(series.series_id, now=clock.now())
            ]
            live = [row for row in rows if row.is_live]
            back = {row.date_id for row in rows if row.is_live or row.standing is Standing.OFFERED}
            assert not self.struck & back, "a struck date came back"
            # Displaced is not struck: it may be offered again. Everything else that was struck still says so.
            says = {row.date_id: row.standing for row in rows}
            assert {says[each] for each in self.struck} <= {Standing.STRUCK}
            assert execute(_OVERLAPS).scalar_one() == 0
            assert execute(_HOLDS_NOTHING).scalar_one() == execute(_HELD_BY_NOBODY).scalar_one() == 0
            there = set(execute(text("select id from booking")).scalars())
            assert self.bookings <= there, "a booking is gone from the history"
            self.bookings = there
            hours = {minutes_of(row.slot.starts) / 60 for row in live if row.slot}
            assert hours <= set(HOURS), "the wall clock slipped"
            assert {minutes_of(row.slot.ends) / 60 - 2 for row in live if row.slot} <= set(HOURS)


def test_what_series_promise_holds_after_whatever_people_do(hood: Neighbourhood) -> None:
    machine = type("Rooms", (Rooms,), {"hood": hood})
    with hood.app.app_context(), unit_of_work():
        # Fair use, and how far ahead: both have tests of their own.
        execute(text("update room set series_days = 800"))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            # Looking for the shortest story takes minutes; the first one found says enough.
            phases=(Phase.generate,),
            suppress_health_check=[*HealthCheck],
        ),
    )
