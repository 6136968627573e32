"""Sheets to tally on: which days, which rows, and what neighbours may not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import builders as make
from tests.cast import sign_in
from tests.portal.deeds import open_to_all
from tests.watching import statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

PATH = "/r/de-linde/agenda/afdrukken"


def words(answer: TestResponse) -> str:
    assert answer.status_code == 200
    return " ".join(visible(answer.get_data(as_text=True)).split())


@pytest.mark.parametrize("who", [None, "noor", "sanne"])
def test_sheet_has_titles_of_what_is_open_and_of_nothing_else(
    client: FlaskClient, hood: Neighbourhood, who: str | None
) -> None:
    open_to_all(hood, hood.book("ali", "2026-11-26 10:00", "2026-11-26 12:00", purpose="Koffie"))
    hood.book("noor", "2026-11-26 14:00", "2026-11-26 16:00", zone="", purpose="Geheim feest")
    if who:
        sign_in(client, who)
    seen = words(client.get(f"{PATH}?dag=2026-11-26"))
    for row in ("10:00–12:00 Koffie, grote zaal", "14:00–16:00 Bezet, hele ruimte", "Inloop, zonder"):
        assert row in seen
    for secret in ("Geheim", "Ali de", "Noor de"):
        assert secret not in seen


def test_sheets_are_a_day_weeks_or_a_month_and_lead_to_each_other(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    with statements(hood.app) as seen:
        first = client.get(PATH).get_data(as_text=True)
    assert len(seen) == 5
    assert "De Linde, week 48" in first
    assert first.count("Inloop, zonder reservering") == 7
    for link in ("?dag=2026-11-24", "?week=2026-W48&amp;weken=4", "?maand=2026-11", "?week=2026-W47"):
        assert f'href="{link}"' in first
    weeks = client.get(f"{PATH}?week=2026-W48&weken=4").get_data(as_text=True)
    assert weeks.count("<article") == 4
    assert weeks.count("Inloop, zonder reservering") == 28
    assert 'href="?week=2026-W44&amp;weken=4"' in weeks
    month = client.get(f"{PATH}?maand=2026-11").get_data(as_text=True)
    assert month.count("Inloop, zonder reservering") == 30
    assert 'href="?maand=2026-10"' in month
    assert 'href="?maand=2026-12"' in month
    with statements(hood.app) as seen:
        assert client.get(PATH).get_data(as_text=True) == first
    assert len(seen) == 1


def test_nobody_is_counted_when_it_is_shut_and_where_people_work(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_opening_exception(room_id=hood.linde, day=make.at("2026-11-26 12:00").date())
    seen = words(client.get(f"{PATH}?dag=2026-11-26"))
    assert "De ruimte is dan dicht." in seen
    assert "Inloop" not in seen


@pytest.mark.parametrize(
    "asked", ["dag=", "dag=2026-13-01", "week=2026-W60", "weken=0", "weken=5", "weken=x", "maand=2026"]
)
def test_days_that_cannot_be_are_malformed(client: FlaskClient, hood: Neighbourhood, asked: str) -> None:
    assert client.get(f"{PATH}?{asked}").status_code == 400


@pytest.mark.parametrize(
    "asked", ["dag=2000-01-01", "dag=2099-12-31", "week=2099-W53&weken=4", "maand=2000-01"]
)
def test_first_and_last_days_have_their_sheet(client: FlaskClient, hood: Neighbourhood, asked: str) -> None:
    assert client.get(f"{PATH}?{asked}").status_code == 200


def test_agenda_leads_to_the_sheet_of_the_days_it_shows(client: FlaskClient, hood: Neighbourhood) -> None:
    for asked, sheet in (
        ("dag=2026-11-26", "dag=2026-11-26"),
        ("week=2026-W50", "week=2026-W50"),
        ("maand=2026-12", "maand=2026-12"),
        ("lijst=", "week=2026-W48"),
    ):
        page = client.get(f"/r/de-linde/agenda?{asked}").get_data(as_text=True)
        assert f'href="{PATH}?{sheet}"' in page
