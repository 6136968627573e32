"""What series need by themselves: sharing fairly, the clock, a date that comes free, and who leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.ending import lapse_overdue
from ontmoet.bookings.queries import booking_by_public_id
from ontmoet.bookings.states import CancelReason
from ontmoet.bookings.taking import take_offer
from ontmoet.bookings.waiting import number_before, offer_freed
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.walltime import day_of, wall
from ontmoet.lifecycle.actions import move_out, record_death
from ontmoet.membership.rules import By
from ontmoet.my_data.erasing import erase
from ontmoet.rooms.queries import lock_room
from ontmoet.series import dates, deciding, noticing
from ontmoet.series.noticing import rooms_to_look_in, tell_of_series
from ontmoet.series.retention import take_names
from ontmoet.series.rooms_end import series_end
from tests import builders as make
from tests.arranging.test_merging import plein_into_linde
from tests.bookings.deeds import close_over
from tests.bookings.test_closing import marks, reopen, view
from tests.samples import span
from tests.watching import rows, statements

from .deeds import again, asked, bring_back, call_off, change, make_series, shown, strike
from .test_changing import cancel

if TYPE_CHECKING:
    from collections.abc import Callable

    from ontmoet.series.queries import SeriesView
    from tests.cast import Neighbourhood


def look_again(hood: Neighbourhood) -> int:
    """What the job does each minute: how many offers."""
    with hood.app.app_context():
        with unit_of_work():
            rooms = rooms_to_look_in(clock.now())
        offered = 0
        for room_id in rooms:
            with unit_of_work():
                lock_room(room_id)
                lapse_overdue(room_id, now=clock.now())
                offered += offer_freed(room_id, now=clock.now())
    return offered


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


def offers(hood: Neighbourhood) -> list[tuple[str, str]]:
    """Whose date is kept at this moment: first name and day."""
    found = rows(
        hood.app,
        "select person.name, booking.starts_at from booking join person on person.id = person_id"
        " where status = 'offered' order by starts_at",
    )
    return [(name.split()[0].lower(), f"{wall(datetime.fromtimestamp(at, UTC)):%m-%d}") for name, at in found]


def test_refused_date_that_comes_free_is_kept_for_the_series_once(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    ali = hood.book("ali", "2026-12-08 10:00", "2026-12-08 12:00")
    series = make_series(hood, "noor", asked())
    assert look_again(hood) == 0
    cancel(hood, "ali", ali)
    assert offers(hood) == [("noor", "12-08")]
    assert "12-08:offered" in shown(hood, series)
    with pytest.raises(Refused):
        hood.book("ali", "2026-12-08 10:00", "2026-12-08 12:00")
    [told] = rows(hood.app, "select person_id from message where kind = 'booking_offered'")
    assert told.person_id == hood.people["noor"]
    assert look_again(hood) == 0
    moment(timedelta(days=2))
    with hood.app.app_context(), unit_of_work():
        lock_room(hood.linde)
        assert lapse_overdue(hood.linde, now=clock.now()) == 1
    assert look_again(hood) == 0
    # Nobody took it: it is as it was, for whoever is first.
    assert (offers(hood), "12-08:refused" in shown(hood, series)) == ([], True)
    bring_back(hood, "noor", series, "2026-12-08")
    assert shown(hood, series).count("10-12") == 5


def test_kept_date_that_will_be_shut_is_as_it_was(hood: Neighbourhood) -> None:
    """And had after all, once it is not."""
    ali = hood.book("ali", "2026-12-08 10:00", "2026-12-08 12:00")
    series = make_series(hood, "noor", asked())
    cancel(hood, "ali", ali)
    day = span("2026-12-08 00:00", "2026-12-09 00:00")
    public_id = close_over(hood, day, seen=marks(hood, day))
    assert "12-08:refused" in shown(hood, series)
    [told] = rows(hood.app, "select person_id from message where kind = 'offer_off'")
    assert told.person_id == hood.people["noor"]
    with pytest.raises(Refused):
        bring_back(hood, "noor", series, "2026-12-08")
    reopen(hood, view(hood, public_id))
    bring_back(hood, "noor", series, "2026-12-08")
    assert shown(hood, series).count("10-12") == 5


def test_what_is_kept_becomes_the_date_by_a_tap_on_either_page(hood: Neighbourhood) -> None:
    booked = [hood.book("ali", f"2026-12-{day} 10:00", f"2026-12-{day} 12:00") for day in ("08", "15")]
    series = make_series(hood, "noor", asked())
    for each in booked:
        cancel(hood, "ali", each)
    assert offers(hood) == [("noor", "12-08"), ("noor", "12-15")]
    bring_back(hood, "noor", series, "2026-12-08")
    [offer] = rows(hood.app, "select public_id from booking where status = 'offered'")
    with hood.app.app_context(), unit_of_work():
        found = booking_by_public_id(offer.public_id, now=clock.now())
        assert found is not None
        take_offer(found, actor=hood.actor("noor"), now=clock.now())
    assert shown(hood, series).count("10-12") == 5


def test_date_further_ahead_than_anybody_books_is_taken_when_it_is_offered(hood: Neighbourhood) -> None:
    other = make_series(hood, "ali", asked("2027-05-18", "2027-06-08"))
    series = make_series(hood, "noor", asked("2027-05-25", "2027-06-15"))
    assert shown(hood, series) == "05-25:refused 06-01:refused 06-08:refused 06-15:10-12"
    strike(hood, "ali", other, "2027-06-08")
    assert offers(hood) == [("noor", "06-08")]
    bring_back(hood, "noor", series, "2027-06-08")
    assert shown(hood, series) == "05-25:refused 06-01:refused 06-08:10-12 06-15:10-12"


def waits(
    hood: Neighbourhood,
    name: str,
    day: str,
    moment: Callable[[timedelta], None],
    hours: tuple[int, int] = (10, 12),
) -> str:
    """A wish of somebody, a minute after what was before it and a minute before what comes; its public id."""
    moment(timedelta(minutes=1))
    starts, ends = (f"{day} {hour}:00" for hour in hours)
    public_id = hood.book(name, starts, ends, or_wait=True)
    moment(timedelta(minutes=1))
    return public_id


def number_before_of(hood: Neighbourhood, public_id: str) -> int:
    with hood.app.app_context():
        wish = booking_by_public_id(public_id, now=clock.now())
        assert wish is not None
        return number_before(wish, now=clock.now())


def test_who_asked_first_is_offered_first_then_the_other(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    taken = hood.book("ali", "2026-12-08 10:00", "2026-12-08 12:00")
    series = make_series(hood, "noor", asked())
    moment(timedelta(days=1))
    hood.book("bram", "2026-12-08 10:00", "2026-12-08 12:00", or_wait=True)
    moment(timedelta(days=1))
    cancel(hood, "ali", taken)
    assert offers(hood) == [("noor", "12-08")]
    strike(hood, "noor", series, "2026-12-08")
    assert offers(hood) == [("bram", "12-08")]


def test_date_of_another_part_is_not_before_who_waits(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    for zone in ("grote-zaal", "keuken"):
        hood.book("ali", "2026-12-08 10:00", "2026-12-08 12:00", zone=zone)
    make_series(hood, "noor", asked(zone="keuken"))
    moment(timedelta(minutes=1))
    hall = hood.book("bram", "2026-12-08 10:00", "2026-12-08 12:00", or_wait=True)
    whole = hood.book("riet", "2026-12-08 10:00", "2026-12-08 12:00", zone="", or_wait=True)
    assert [number_before_of(hood, each) for each in (hall, whole)] == [0, 2]


def test_date_waits_since_it_was_asked_for_and_not_since_its_series_was_made(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    taken = [hood.book("ali", f"{day} 10:00", f"{day} 12:00") for day in ("2026-12-08", "2026-12-15")]
    other = hood.book("ali", "2026-12-15 14:00", "2026-12-15 16:00")
    series = make_series(hood, "noor", asked(last="2026-12-08"))
    waits(hood, "bram", "2026-12-15", moment)
    # Longer, after Bram: the eighth was asked for before him, the fifteenth was not.
    with hood.app.app_context(), unit_of_work():
        dates.prolong(series, seen_last=series.rhythm.last, actor=hood.actor("noor"), now=clock.now())
    first = waits(hood, "riet", "2026-12-15", moment)
    assert number_before_of(hood, first) == 2
    # Who comes with more people keeps their place; who wants another time has not asked for it before.
    waits(hood, "riet", "2026-12-08", moment)
    series = change(hood, "noor", series, asked(last="2026-12-15", people=9))
    waits(hood, "bram", "2026-12-15", moment, hours=(14, 16))
    for each in taken:
        cancel(hood, "ali", each)
    assert offers(hood) == [("noor", "12-08"), ("bram", "12-15")]
    series = change(hood, "noor", series, asked(last="2026-12-15", starts=14 * 60, ends=16 * 60))
    cancel(hood, "ali", other)
    assert offers(hood) == [("riet", "12-08"), ("bram", "12-15"), ("bram", "12-15")]


def test_given_up_is_struck_and_never_offered_again(hood: Neighbourhood) -> None:
    taken = hood.book("ali", "2026-12-08 10:00", "2026-12-08 12:00")
    series = make_series(hood, "noor", asked())
    cancel(hood, "ali", taken)
    [offer] = rows(hood.app, "select public_id from booking where status = 'offered'")
    cancel(hood, "noor", offer.public_id)
    assert "12-08:struck" in shown(hood, series)
    cancel(hood, "ali", hood.book("ali", "2026-12-08 10:00", "2026-12-08 12:00"))
    assert offers(hood) == []


def test_series_that_is_changed_or_called_off_keeps_nothing(hood: Neighbourhood) -> None:
    for deed in ("same", "later", "off"):
        taken = hood.book("ali", "2026-12-08 10:00", "2026-12-08 12:00")
        series = make_series(hood, "noor", asked())
        cancel(hood, "ali", taken)
        assert offers(hood) == [("noor", "12-08")]
        if deed == "same":
            # It wants the day still, so it has it.
            series = change(hood, "noor", series, asked(people=9))
            assert shown(hood, series).count("10-12") == 5
        elif deed == "later":
            series = change(hood, "noor", series, asked(starts=14 * 60, ends=16 * 60))
            assert shown(hood, series).count("14-16") == 5
        if deed != "off":
            assert offers(hood) == []
        call_off(hood, "noor", series)
        assert offers(hood) == []
        assert rows(hood.app, "select count(*) from occupancy") == [(0,)]


def test_of_more_dates_than_fit_in_one_look_all_rooms_are_looked_at(
    hood: Neighbourhood, moment: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noticing, "MOST_AT_ONCE", 2)
    for day in ("2026-12-08", "2026-12-15"):
        hood.book("ali", f"{day} 10:00", f"{day} 12:00", zone="")
        hood.book("fatma", f"{day} 10:00", f"{day} 12:00", zone="", room="plein")
    make_series(hood, "noor", asked())
    make_series(hood, "fatma", asked(zone=""), room_id=hood.plein)
    looks = []
    for _ in range(3):
        moment(timedelta(minutes=1))
        with hood.app.app_context(), unit_of_work():
            looks.append(rooms_to_look_in(clock.now()))
    assert looks == [[hood.linde], [hood.plein], [hood.linde]]


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


def test_many_series_are_told_in_the_statements_of_one(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    days, counted = ("2026-12-01", "2027-01-12"), []
    made: list[SeriesView] = []
    for number in (1, 30):
        for each in range(len(made), number):
            starts, zone = 480 + 30 * (each // 2), ("grote-zaal", "keuken")[each % 2]
            wish = asked(*days, every=3, starts=starts, ends=starts + 30, zone=zone, people=2)
            made.append(make_series(hood, ("noor", "ali")[each % 2], wish))
        for _ in ("once", "and again, which changes nothing"):
            with statements(hood.app) as run, hood.app.app_context(), unit_of_work():
                counted.append((tell_of_series(make.at("2026-12-20 12:00")), len(run)))
    assert counted == [(1, 2), (1, 2), (30, 2), (30, 2)]
    posted = rows(
        hood.app,
        "select person_id, dedupe_key, useful_until from message where kind = 'series_ends_soon' order by id",
    )
    assert [(row.person_id, row.dedupe_key) for row in posted] == [
        (each.person_id, f"series_ends_soon:{each.series_id}:2027-01-12") for each in made
    ]


def test_who_moved_away_hears_of_no_date_that_came_free(hood: Neighbourhood) -> None:
    booked = hood.book("noor", "2026-12-08 10:00", "2026-12-08 12:00")
    make_series(hood, "ali", asked())
    homes = [dwelling.home_id for dwelling in hood.actor("ali").dwellings]
    with hood.app.app_context(), unit_of_work():
        by = By(hood.people["sanne"], hood.linde, clock.now())
        move_out(hood.people["ali"], homes, day_of(clock.now()), by)
    cancel(hood, "noor", booked)
    assert look_again(hood) == 0
    assert offers(hood) == []


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
