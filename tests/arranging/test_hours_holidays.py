"""Holidays are suggestions: one tap takes one over, and nothing happens without."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from ontmoet.arranging.hours_holidays import coming_school_holidays, public_holidays
from ontmoet.arranging.hours_rules import MOST_DAYS_AT_ONCE, SpecialDay
from ontmoet.arranging.hours_school import Region, School, school_holidays
from tests.cast import sign_in, token_in
from tests.watching import rows, statements, visible

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

PATH = "/r/de-linde/openingstijden/feestdagen"
DAYS = "/r/de-linde/openingstijden/dagen"
TODAY = date(2026, 11, 24)


def test_holidays_of_this_year_and_the_next_are_suggested() -> None:
    christmas = SpecialDay(date(2026, 12, 25), (), "Kerst")
    found = public_holidays([christmas], today=TODAY)
    assert [(one.first.isoformat(), one.name) for one in found[:5]] == [
        ("2026-12-25", "Eerste kerstdag"),
        ("2026-12-26", "Tweede kerstdag"),
        ("2027-01-01", "Nieuwjaarsdag"),
        ("2027-03-26", "Goede vrijdag"),
        ("2027-03-28", "Eerste paasdag"),
    ]
    assert {one.name: one.first for one in found}["Bevrijdingsdag"] == date(2027, 5, 5)
    assert {one.name: one.first for one in found}["Koningsdag"] == date(2027, 4, 27)
    assert found[-1].first == date(2027, 12, 26)
    assert [one.stands for one in found[:2]] == [(christmas,), ()]


@pytest.mark.parametrize("region", Region)
def test_school_holidays_are_whole_weeks_in_order(region: Region) -> None:
    found = school_holidays(region)
    assert [one.kind for one in found] == [*School, *School]
    for before, after in pairwise(found):
        assert before.last < after.first
    for one in found:
        assert (one.first.weekday(), one.last.weekday()) == (5, 6), one
        assert (one.last - one.first).days < MOST_DAYS_AT_ONCE


def test_school_holiday_that_began_is_suggested_from_today(app: Flask) -> None:
    with app.test_request_context():
        found = coming_school_holidays(Region.NORTH, [], today=date(2026, 12, 24))
        assert (found[0].first, found[0].last) == (date(2026, 12, 24), date(2027, 1, 3))
        assert found[-1].name == "Kerstvakantie"
        assert found[-1].first <= date(2026, 12, 24) + timedelta(days=400)


def test_one_tap_takes_a_holiday_over_and_another_gives_it_back(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "sanne")
    page = client.get(f"{PATH}?regio=zuid").get_data(as_text=True)
    assert "Za 13 feb 2027 tot en met zo 21 feb 2027" in visible(page)
    sent = {
        "csrf_token": token_in(page),
        "first": "2027-02-13",
        "last": "2027-02-21",
        "reason": "Voorjaarsvakantie",
        "back": "feestdagen",
        "regio": "zuid",
    }
    answer = client.post(DAYS, data={**sent, "how": "shut"})
    assert (answer.status_code, answer.location) == (303, f"{PATH}?regio=zuid")
    assert len(rows(hood.app, "select 1 from opening_exception where opens is null")) == 9
    shown = " ".join(visible(client.get(answer.location).get_data(as_text=True)).split())
    assert "tot en met zo 21 feb 2027 Dicht: Voorjaarsvakantie Toch zoals anders" in shown
    look = client.post(DAYS, data={**sent, "how": "usual"})
    assert "Op deze dagen staat al iets. Dat vervalt:" in " ".join(
        visible(look.get_data(as_text=True)).split()
    )
    assert len(rows(hood.app, "select 1 from opening_exception")) == 9


def test_other_hours_start_from_the_holiday(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    page = client.get(PATH).get_data(as_text=True)
    assert "Voorjaarsvakantie" not in page
    assert f'{DAYS}?first=2026-12-25&amp;last=2026-12-25&amp;reason=Eerste+kerstdag&amp;how=other"' in page
    form = client.get(f"{DAYS}?first=2026-12-25&last=2026-12-25&reason=Eerste+kerstdag&how=other")
    assert 'value="Eerste kerstdag"' in form.get_data(as_text=True)
    assert client.get(f"{PATH}?regio=oost").status_code == 200
    with statements(hood.app) as seen:
        client.get(f"{PATH}?regio=zuid")
    assert len(seen) == 1


def test_only_who_changes_hours_sees_suggestions(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "bram")
    assert client.get(PATH).status_code == 403
