"""What series need by themselves: sharing fairly, the clock, a date that comes free, and who leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.rules import CancelReason
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.lifecycle.actions import move_out, record_death
from ontmoet.membership.rules import By
from ontmoet.my_data.erasing import erase
from ontmoet.rooms.queries import lock_room
from ontmoet.series import dates, deciding, noticing
from ontmoet.series.noticing import offer_what_came_free, tell_of_series
from ontmoet.series.retention import take_names
from ontmoet.series.rooms_end import series_end
from tests import builders as make
from tests.arranging.test_merging import plein_into_linde
from tests.watching import rows

from .deeds import again, asked, bring_back, call_off, change, make_series, shown, strike
from .test_changing import cancel

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Neighbourhood


def offered(hood: Neighbourhood) -> int:
    with hood.app.app_context(), unit_of_work():
        return offer_what_came_free(clock.now())


def test_fair_use_binds_each_month_by_itself(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=3)
    hood.book("noor", "2026-12-04 10:00", "2026-12-04 12:00")
    series = make_series(hood, "noor", asked(last="2027-01-26"))
    assert shown(hood, series) == (
        "12-01:10-12 12-08:10-12 12-15:refused 12-22:refused 12-29:refused"
        " 01-05:10-12 01-12:10-12 01-19:10-12 01-26:refused"
    )
    # A turn that was given back is one for another date of that month.
    strike(hood, "noor", series, "2026-12-08")
    bring_back(hood, "noor", series, "2026-12-22")
    with pytest.raises(Refused):
        bring_back(hood, "noor", series, "2026-12-08")
    # What is struck in the preview spends no turn either.
    call_off(hood, "noor", series)
    struck = make_series(hood, "noor", asked(), struck=("2026-12-01", "2026-12-08"))
    assert shown(hood, struck).startswith("12-01:struck 12-08:struck 12-15:10-12 12-22:10-12 12-29:refused")


def test_hour_that_the_clock_skips_is_refused_for_that_date_only(hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text("update opening set opens = 0, closes = 1440"))
    nights = asked("2027-03-27", "2027-03-29", frequency="daily", starts=120, ends=240)
    series = make_series(hood, "noor", nights)
    assert shown(hood, series) == "03-27:2-4 03-28:refused 03-29:2-4"
    autumn = asked("2027-10-30", "2027-11-01", frequency="daily", starts=120, ends=240)
    both = make_series(hood, "noor", autumn)
    assert shown(hood, both) == "10-30:2-4 10-31:2-4 11-01:2-4"
    # Of the doubled hour the first is meant.
    found = rows(
        hood.app,
        "select b.starts_at from booking b join series_date d on d.booking_id = b.id"
        " where d.day = '2027-10-31'",
    )
    assert found[0].starts_at == int(make.at("2027-10-31 02:00").timestamp())


def test_refused_date_is_offered_once_when_it_comes_free(hood: Neighbourhood) -> None:
    ali = hood.book("ali", "2026-12-08 10:00", "2026-12-08 12:00")
    series = make_series(hood, "noor", asked())
    assert offered(hood) == 0
    cancel(hood, "ali", ali)
    assert [offered(hood), offered(hood)] == [1, 0]
    [told] = rows(hood.app, "select person_id from message where kind = 'series_came_free'")
    assert told.person_id == hood.people["noor"]
    # It is held for nobody.
    bring_back(hood, "noor", series, "2026-12-08")
    assert shown(hood, series).count("10-12") == 5


def test_of_more_dates_than_fit_in_one_look_all_are_looked_at(
    hood: Neighbourhood, moment: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two series wait for three mornings of Ali, and the newest for an evening that comes free."""
    monkeypatch.setattr(noticing, "MOST_AT_ONCE", 4)
    for day in ("2026-12-08", "2026-12-15", "2026-12-22"):
        hood.book("ali", f"{day} 10:00", f"{day} 12:00", zone="")
    evening = hood.book("ali", "2026-12-09 19:00", "2026-12-09 21:00")
    for zone in ("grote-zaal", "keuken"):
        make_series(hood, "noor", asked(zone=zone))
    make_series(hood, "noor", asked("2026-12-02", "2026-12-30", weekdays=(2,), starts=19 * 60, ends=21 * 60))
    cancel(hood, "ali", evening)
    looks = []
    for _ in range(3):
        moment(timedelta(minutes=1))
        looks.append(offered(hood))
    assert looks == [0, 1, 0]


def test_prolonging_adds_as_much_again_and_leaves_what_was_struck(hood: Neighbourhood) -> None:
    series = make_series(hood, "noor", asked())
    strike(hood, "noor", series, "2026-12-29")
    shorter = change(hood, "noor", series, asked(last="2026-12-22"))
    actor = hood.actor("noor")

    def prolong() -> int:
        with hood.app.app_context(), unit_of_work():
            last = shorter.rhythm.last
            return len(dates.prolong(again(hood, series), seen_last=last, actor=actor, now=clock.now()))

    assert [prolong(), prolong()] == [7, 0]
    assert shown(hood, series).endswith(
        "12-22:10-12 12-29:struck 01-05:10-12 01-12:10-12 01-19:10-12"
        " 01-26:10-12 02-02:10-12 02-09:10-12 02-16:10-12"
    )


def test_series_of_who_leaves_ends_and_names_nobody(hood: Neighbourhood) -> None:
    series = make_series(hood, "noor", asked())
    drop_in = make_series(
        hood, "bram", asked(weekdays=(2,), last="2026-12-30", is_drop_in=True, purpose="Inloop")
    )
    for name in ("noor", "bram"):
        with hood.app.app_context(), unit_of_work():
            erase(hood.people[name], by=hood.people[name], now=clock.now())
    found = rows(
        hood.app,
        "select person_id, entered_by_id, home_id, purpose, ended_at is null from series order by id",
    )
    assert [tuple(row) for row in found] == [(None, None, None, "", 0), (None, None, None, "Inloop", 1)]
    assert [tuple(row) for row in rows(hood.app, "select opens_id, closes_id from series_host")] == [
        (None, None)
    ]
    # What somebody booked is called off with them; what is of the room goes on.
    assert "10-12" not in shown(hood, series)
    assert shown(hood, drop_in).count("10-12") == 5


def test_who_died_is_asked_nothing_and_the_drop_in_goes_on(hood: Neighbourhood) -> None:
    series = make_series(hood, "ali", asked("2026-12-01", "2027-02-23"))
    drop_in = make_series(hood, "bram", asked(weekdays=(2,), last="2026-12-30", is_drop_in=True))
    for name in ("ali", "bram"):
        with hood.app.app_context(), unit_of_work():
            record_death(hood.people[name], By(hood.people["sanne"], hood.linde, clock.now()))
    with hood.app.app_context(), unit_of_work():
        assert tell_of_series(make.at("2027-01-20 12:00")) == 0
    assert "10-12" not in shown(hood, series)
    assert shown(hood, drop_in).count("10-12") == 5


def test_series_of_which_nothing_is_left_is_asked_nothing(hood: Neighbourhood) -> None:
    series = make_series(hood, "riet", asked("2026-12-01", "2027-02-23"))
    with hood.app.app_context(), unit_of_work():
        deciding.decline(
            series, because=CancelReason.CLASH, explanation="", actor=hood.actor("sanne"), now=clock.now()
        )
    for moment_of_job in ("2027-01-20 12:00", "2027-02-01 12:00"):
        with hood.app.app_context(), unit_of_work():
            assert tell_of_series(make.at(moment_of_job)) == 0


def test_who_moved_away_hears_of_no_date_that_came_free(hood: Neighbourhood) -> None:
    booked = hood.book("noor", "2026-12-08 10:00", "2026-12-08 12:00")
    make_series(hood, "ali", asked())
    homes = [dwelling.home_id for dwelling in hood.actor("ali").dwellings]
    with hood.app.app_context(), unit_of_work():
        by = By(hood.people["sanne"], hood.linde, clock.now())
        move_out(hood.people["ali"], homes, day_of(clock.now()), by)
    cancel(hood, "noor", booked)
    with hood.app.app_context(), unit_of_work():
        assert offer_what_came_free(clock.now()) == 0


def test_names_go_a_season_after_the_last_day(hood: Neighbourhood) -> None:
    make_series(hood, "noor", asked())
    with hood.app.app_context(), unit_of_work():
        assert take_names(make.at("2026-12-29 23:00")) == 0
        assert take_names(make.at("2026-12-30 01:00")) == 1
        assert take_names(make.at("2026-12-30 01:00")) == 0
    assert rows(hood.app, "select person_id from series")[0].person_id is None


def test_series_goes_along_when_its_room_is_merged_and_ends_with_it(hood: Neighbourhood) -> None:
    hood.book("noor", "2026-12-08 10:00", "2026-12-08 12:00")
    series = make_series(hood, "fatma", asked(zone=""), room_id=hood.plein)
    plein_into_linde(hood)
    merged = again(hood, series)
    assert (merged.room_id, merged.zone_name) == (hood.linde, "Grote zaal")
    assert shown(hood, merged).startswith("12-01:10-12 12-08:displaced 12-15:10-12")
    with hood.app.app_context(), unit_of_work():
        lock_room(hood.linde)
        series_end(hood.linde, now=clock.now() + timedelta(days=1))
    with pytest.raises(Refused):
        bring_back(hood, "fatma", merged, "2026-12-08")
