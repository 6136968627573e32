"""A series changes, from a date on or all of it: what stays, what moves, and what never comes back."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings import calling_off
from ontmoet.bookings import changing as booking_changing
from ontmoet.bookings.actions import WishedFor
from ontmoet.bookings.queries import booking_by_public_id
from ontmoet.bookings.rules import Reason as BookingReason
from ontmoet.bookings.states import CancelReason
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.series.queries import dates_of
from tests import builders as make
from tests.bookings.test_using import check_in
from tests.cast import sign_in, token_in
from tests.watching import row_counts, rows

from .deeds import DAY, again, asked, bring_back, call_off, change, make_series, occupied, post, shown, strike

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from ontmoet.series.queries import SeriesView
    from tests.cast import Neighbourhood


def booking_on(hood: Neighbourhood, series: SeriesView, day: str) -> str:
    with hood.app.app_context():
        row = next(row for row in dates_of(series.series_id, now=clock.now()) if row.day == DAY(day))
    assert row.booking_public_id is not None
    return row.booking_public_id


def days_in(hood: Neighbourhood, series: SeriesView) -> list[str]:
    with hood.app.app_context():
        return [str(row.day) for row in dates_of(series.series_id, now=clock.now())]


def cancel(hood: Neighbourhood, name: str, public_id: str) -> None:
    actor = hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        found = booking_by_public_id(public_id, now=clock.now())
        assert found is not None
        calling_off.cancel(found, because=CancelReason.PLANS_CHANGED, actor=actor, now=clock.now())


def move(hood: Neighbourhood, name: str, public_id: str, starts: str, ends: str) -> None:
    actor = hood.actor(name)
    with hood.app.app_context(), unit_of_work():
        found = booking_by_public_id(public_id, now=clock.now())
        assert found is not None
        wished = WishedFor(TimeSlot(make.at(starts), make.at(ends)), "grote-zaal", 3, "Koffie")
        booking_changing.change(
            found,
            wished,
            seen_version=found.version,
            actor=actor,
            post=post(hood, name),
            now=clock.now(),
        )


def press_from(client: FlaskClient, public_id: str) -> None:
    """Noor calls off from a date on, by the button on its page."""
    sign_in(client, "noor")
    page = client.get(f"/reserveringen/{public_id}").get_data(as_text=True)
    (path,) = re.findall(r'action="(/reeksen/\w+/afzeggen)"', page)
    (since,) = re.findall(r'name="vanaf" value="([^"]+)"', page)
    (key,) = re.findall(r'name="idempotency_key" value="([^"]+)"', page)
    sent = client.post(path, data={"csrf_token": token_in(page), "idempotency_key": key, "vanaf": since})
    assert sent.status_code == 303
    assert re.search(
        r"\d dag(en zijn| is) afgezegd\. De tijd is weer vrij", client.get(sent.location).get_data(True)
    )
    # Not by accident: it is the rest of a series, and nobody gets it back.
    assert re.search(r"<details><summary>Komt er [^<]+</summary>.*/afzeggen\"", page, re.DOTALL)


def test_from_here_splits_and_what_was_struck_stays_struck(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    series = make_series(hood, "noor", asked())
    strike(hood, "noor", series, "2026-12-22")
    later = change(hood, "noor", series, asked(starts=13 * 60, ends=15 * 60), since="2026-12-15")
    assert later.public_id != series.public_id
    assert shown(hood, series) == "12-01:10-12 12-08:10-12"
    assert shown(hood, later) == "12-15:13-15 12-22:struck 12-29:13-15"
    bring_back(hood, "noor", later, "2026-12-22")
    assert shown(hood, later) == "12-15:13-15 12-22:13-15 12-29:13-15"
    assert occupied(hood) == 5


def test_series_moves_over_its_own_dates(hood_on_both: Neighbourhood) -> None:
    """Every day an hour later, and every day to where its own next day was: nothing is in its own way."""
    hood = hood_on_both
    daily = asked("2026-12-01", "2026-12-05", frequency="daily", starts=10 * 60, ends=22 * 60)
    with hood.app.app_context(), unit_of_work():
        execute(text("update room set longest_minutes = 1440"))
    series = make_series(hood, "noor", daily)
    all_later = asked("2026-12-01", "2026-12-05", frequency="daily", starts=9 * 60, ends=21 * 60)
    assert shown(hood, change(hood, "noor", series, all_later)).count("9-21") == 5
    assert occupied(hood) == 5


@pytest.mark.parametrize(("mover", "late"), [("noor", 1), ("sanne", 0)])
def test_date_that_its_own_person_moves_at_the_last_moment_is_given_up_late(
    hood: Neighbourhood, moment, mover: str, late: int
) -> None:
    series = make_series(hood, "noor", asked())
    moment(timedelta(days=6, hours=2))
    change(hood, mover, series, asked(starts=13 * 60, ends=15 * 60))
    assert shown(hood, series).startswith("12-01:13-15 12-08:13-15")
    given_up = rows(hood.app, "select starts_at from booking where moved_late_at is not null")
    assert len(given_up) == late, "it is the day before the first date"


def test_another_weekday_keeps_the_bookings_and_what_was_struck(hood: Neighbourhood) -> None:
    series = make_series(hood, "noor", asked())
    before = booking_on(hood, series, "2026-12-08")
    strike(hood, "noor", series, "2026-12-15")
    same = change(hood, "noor", series, asked(weekdays=(2,), last="2026-12-30"))
    assert same.public_id == series.public_id
    assert shown(hood, same) == "12-02:10-12 12-09:10-12 12-16:struck 12-23:10-12 12-30:10-12"
    assert booking_on(hood, same, "2026-12-09") == before
    back = change(hood, "noor", same, asked())
    assert shown(hood, back) == "12-01:10-12 12-08:10-12 12-15:struck 12-22:10-12 12-29:10-12"


def test_date_called_off_or_moved_on_its_own_stays_so(hood: Neighbourhood) -> None:
    series = make_series(hood, "noor", asked())
    cancel(hood, "noor", booking_on(hood, series, "2026-12-08"))
    move(hood, "noor", booking_on(hood, series, "2026-12-15"), "2026-12-16 18:00", "2026-12-16 20:00")
    later = change(hood, "noor", series, asked(starts=13 * 60, ends=15 * 60, purpose="Soep"))
    assert shown(hood, later) == ("12-01:13-15 12-08:struck 12-15:18-20@12-16 12-22:13-15 12-29:13-15")
    with hood.app.app_context():
        said = {row.day.day: (row.people, row.purpose) for row in dates_of(later.series_id, now=clock.now())}
    # Its number of people was changed for that date alone; its purpose was not.
    assert said[15] == (3, "Soep")
    assert said[22] == (8, "Soep")


def test_date_whose_new_time_is_taken_keeps_its_own(hood: Neighbourhood) -> None:
    hood.book("ali", "2026-12-08 14:00", "2026-12-08 16:00")
    series = make_series(hood, "noor", asked())
    later = change(hood, "noor", series, asked(starts=13 * 60, ends=15 * 60))
    assert shown(hood, later).startswith("12-01:13-15 12-08:10-12 12-15:13-15")


def test_calling_off_from_here_leaves_what_is_before(hood: Neighbourhood) -> None:
    series = make_series(hood, "noor", asked())
    assert call_off(hood, "noor", series, "2026-12-15") == 3
    assert shown(hood, series) == "12-01:10-12 12-08:10-12 12-15:dropped 12-22:dropped 12-29:dropped"
    assert call_off(hood, "noor", series) == 2
    assert occupied(hood) == 0
    with pytest.raises(Refused):
        call_off(hood, "noor", series)


def test_calling_off_from_a_day_leaves_a_date_that_was_moved_to_before_it(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    series = make_series(hood, "noor", asked())
    move(hood, "noor", booking_on(hood, series, "2026-12-15"), "2026-12-03 10:00", "2026-12-03 12:00")
    press_from(client, booking_on(hood, series, "2026-12-08"))
    assert shown(hood, series).split() == [
        "12-01:10-12",
        "12-08:dropped",
        "12-15:10-12@12-03",
        "12-22:dropped",
        "12-29:dropped",
    ]


def test_calling_off_from_the_page_of_a_date_that_was_moved_counts_from_where_it_is(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    series = make_series(hood, "noor", asked())
    move(hood, "noor", booking_on(hood, series, "2026-12-15"), "2026-12-03 10:00", "2026-12-03 12:00")
    press_from(client, booking_on(hood, series, "2026-12-15"))
    assert shown(hood, series).startswith("12-01:10-12 12-08:dropped 12-15:dropped")


def test_date_that_was_moved_to_later_takes_none_along_that_stay(hood: Neighbourhood) -> None:
    series = make_series(hood, "noor", asked())
    move(hood, "noor", booking_on(hood, series, "2026-12-08"), "2026-12-17 10:00", "2026-12-17 12:00")
    assert call_off(hood, "noor", series, "2026-12-16") == 3
    assert shown(hood, series).startswith("12-01:10-12 12-08:dropped 12-15:10-12 12-22:dropped")
    assert again(hood, series).rhythm.last == DAY("2026-12-15")


def test_date_at_which_they_are_is_not_called_off_with_its_series(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    series = make_series(hood, "noor", asked("2026-11-24", "2026-12-08", starts=14 * 60 + 30, ends=16 * 60))
    today = booking_on(hood, series, "2026-11-24")
    check_in(hood, today)
    with pytest.raises(Refused) as refusal:
        strike(hood, "noor", series, "2026-11-24")
    assert [each.reason for each in refusal.value.objections] == [BookingReason.IS_THERE]
    press_from(client, today)
    assert shown(hood, series) == "11-24:14-16 12-01:dropped 12-08:dropped"
    with pytest.raises(Refused) as refusal:
        call_off(hood, "noor", series)
    assert [each.reason for each in refusal.value.objections] == [BookingReason.IS_THERE]
    assert call_off(hood, "sanne", series) == 1


def test_shorter_and_longer_again_brings_back_all_but_what_was_struck(hood: Neighbourhood) -> None:
    series = make_series(hood, "noor", asked())
    strike(hood, "noor", series, "2026-12-22")
    shorter = change(hood, "noor", series, asked(last="2026-12-15"))
    assert shown(hood, shorter).endswith("12-15:10-12 12-22:struck 12-29:dropped")
    longer = change(hood, "noor", shorter, asked(), struck=("2026-12-08",))
    assert shown(hood, longer) == "12-01:10-12 12-08:struck 12-15:10-12 12-22:struck 12-29:10-12"


def test_series_on_many_days_of_the_week_is_made_and_changed(hood: Neighbourhood) -> None:
    often = partial(asked, last="2027-11-20", weekdays=(0, 1, 2, 3, 4))
    series = make_series(hood, "bram", often())
    days = days_in(hood, series)
    assert len(days) == 254
    change(hood, "bram", series, often(starts=11 * 60))
    # Neither does one come that week before the first, on a day of the week that it has already.
    assert days_in(hood, series) == days


def test_calling_off_from_a_date_on_again_changes_and_tells_nothing(hood: Neighbourhood) -> None:
    series = make_series(hood, "noor", asked())
    assert call_off(hood, "sanne", series, "2026-12-15") == 3
    before = (again(hood, series), row_counts(hood.app, "audit", "message"))
    assert call_off(hood, "sanne", series, "2026-12-15") == 0
    assert (again(hood, series), row_counts(hood.app, "audit", "message")) == before


def test_second_tap_on_calling_off_a_series_leads_where_the_first_did(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    series = make_series(hood, "noor", asked())
    sign_in(client, "noor")
    here = f"/reeksen/{series.public_id}"
    page = client.get(here).get_data(as_text=True)
    (key,) = re.findall(r'name="idempotency_key" value="([^"]+)"', page)
    sent = {"csrf_token": token_in(page), "idempotency_key": key}
    first = client.post(f"{here}/afzeggen", data=sent)
    assert "5 dagen zijn afgezegd." in client.get(here).get_data(as_text=True)
    done = row_counts(hood.app, "audit", "message")
    second = client.post(f"{here}/afzeggen", data=sent)
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, here)
    assert "Dit gaat niet door. De tijd is weer vrij voor anderen." in client.get(here).get_data(as_text=True)
    assert row_counts(hood.app, "audit", "message") == done
    # The same form for something else, or another form: there is nothing left to call off, and that is told.
    for other, said in (
        ({"vanaf": "2026-12-15"}, "Dit formulier is al een keer verstuurd."),
        ({"idempotency_key": make.new_key()}, "Deze reeks is afgelopen."),
    ):
        refused = client.post(f"{here}/afzeggen", data={**sent, **other})
        assert (refused.status_code, said in refused.get_data(as_text=True)) == (422, True)
    assert client.post(f"{here}/afzeggen", data={**sent, "idempotency_key": "x"}).status_code == 400


def test_second_tap_on_calling_off_from_its_first_date_on_leads_there_too(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    series = make_series(hood, "noor", asked())
    sign_in(client, "noor")
    page = client.get(f"/reserveringen/{booking_on(hood, series, '2026-12-01')}").get_data(as_text=True)
    (key,) = re.findall(r'name="idempotency_key" value="([^"]+)"', page)
    sent = {"csrf_token": token_in(page), "idempotency_key": key, "vanaf": "2026-12-01"}
    here = f"/reeksen/{series.public_id}"
    assert [client.post(f"{here}/afzeggen", data=sent).location for _ in range(2)] == [here, here]
