"""A series that needs a yes is one request: one card in the queue, one answer, one message."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings.ending import lapse_overdue
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.rooms.queries import lock_room
from tests.bookings.request_deeds import let_ask
from tests.cast import sign_in, token_in
from tests.watching import rows, statements, visible

from .deeds import asked, bring_back, make_series, shown, strike
from .test_changing import cancel

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ontmoet.series.queries import SeriesView
    from tests.cast import Neighbourhood

QUEUE = "/r/het-plein/aanvragen"


@pytest.fixture
def series(hood: Neighbourhood) -> SeriesView:
    """Iris asked for Het Plein, every Tuesday of December."""
    let_ask(hood)
    return make_series(hood, "iris", asked(zone=""), room_id=hood.plein)


def queue_of(client: FlaskClient, name: str) -> str:
    sign_in(client, name)
    return client.get(QUEUE).get_data(as_text=True)


def version_on(page: str) -> str:
    return page.split('name="version" value="', 1)[1].split('"', 1)[0]


def kinds(hood: Neighbourhood) -> list[str]:
    return [row.kind for row in rows(hood.app, "select kind from message order by id")]


def test_keeper_says_yes_to_all_dates_at_once(
    hood: Neighbourhood, client: FlaskClient, series: SeriesView
) -> None:
    assert shown(hood, series).count("10-12?") == 5
    page = queue_of(client, "kim")
    assert page.count("<article") == 1
    assert "Elke dinsdag, 10:00–\u206012:00" in page
    assert "5 dagen, tot en met 29 december 2026. Je beslist over alle dagen tegelijk." in page
    assert "Vraag iets" not in page
    with statements(hood.app) as asked_for:
        client.get(QUEUE)
    assert len(asked_for) == 7
    sent = {"csrf_token": token_in(page), "version": version_on(page)}
    assert client.post(f"/reeksen/{series.public_id}/goedkeuren", data=sent).status_code == 303
    assert shown(hood, series).count("10-12") == 5
    assert "?" not in shown(hood, series)
    assert kinds(hood) == ["series_requested", *["request_waiting"] * 2, "series_approved"]
    again = client.post(f"/reeksen/{series.public_id}/goedkeuren", data=sent, follow_redirects=True)
    assert "Over deze aanvraag is al beslist." in again.get_data(as_text=True)


def test_keeper_says_no_to_all_dates_and_why(
    hood: Neighbourhood, client: FlaskClient, series: SeriesView
) -> None:
    page = queue_of(client, "kim")
    path = f"/reeksen/{series.public_id}/afwijzen"
    token = token_in(page)
    silent = client.post(path, data={"csrf_token": token, "reason": "other", "explanation": ""})
    assert silent.status_code == 422
    assert "Schrijf erbij wat de reden is." in silent.get_data(as_text=True)
    sent = {"csrf_token": token, "reason": "clash", "explanation": "De zaal is dan van het koor."}
    assert client.post(path, data=sent).status_code == 303
    assert shown(hood, series).count("struck") == 5
    assert rows(hood.app, "select count(*) as n from occupancy")[0].n == 0
    assert kinds(hood)[-1] == "series_declined"


def test_nobody_answers_and_all_of_it_lapses_with_one_message(
    hood: Neighbourhood, series: SeriesView, moment: Callable[[timedelta], None]
) -> None:
    moment(timedelta(hours=73))
    with hood.app.app_context(), unit_of_work():
        lock_room(hood.plein)
        assert lapse_overdue(hood.plein, now=clock.now()) == 5
    assert kinds(hood).count("booking_lapsed") == 1
    assert shown(hood, series).count("struck") == 5


def test_what_is_kept_for_a_series_nobody_answers_lapses_without_hiding_that(
    hood: Neighbourhood, client: FlaskClient, moment: Callable[[timedelta], None]
) -> None:
    """And it stands by itself among what comes."""
    let_ask(hood)
    taken = hood.book("kim", "2026-12-01 10:00", "2026-12-01 12:00", room="plein", zone="")
    made = make_series(hood, "iris", asked(zone=""), room_id=hood.plein)
    cancel(hood, "kim", taken)
    assert shown(hood, made).startswith("12-01:offered 12-08:10-12?")
    sign_in(client, "iris")
    page = " ".join(visible(client.get("/mijn").get_data(as_text=True)).split())
    assert page.count("10:00–12:00") == 2
    assert "hierna nog 3 keer" in page
    for day in ("08", "15", "22", "29"):
        strike(hood, "iris", made, f"2026-12-{day}")
    bring_back(hood, "iris", made, "2026-12-29")  # asked for after the other was offered
    moment(timedelta(hours=73))
    with hood.app.app_context(), unit_of_work():
        lock_room(hood.plein)
        assert lapse_overdue(hood.plein, now=clock.now()) == 2
    assert kinds(hood).count("booking_lapsed") == 1


def test_series_that_was_declined_keeps_nothing(hood: Neighbourhood, client: FlaskClient) -> None:
    let_ask(hood)
    taken = hood.book("kim", "2026-12-01 10:00", "2026-12-01 12:00", room="plein", zone="")
    made = make_series(hood, "iris", asked(zone=""), room_id=hood.plein)
    cancel(hood, "kim", taken)
    token = token_in(queue_of(client, "kim"))
    sent = {"csrf_token": token, "reason": "clash", "explanation": "De zaal is dan van het koor."}
    assert client.post(f"/reeksen/{made.public_id}/afwijzen", data=sent).status_code == 303
    assert "offered" not in shown(hood, made)
    assert rows(hood.app, "select count(*) as n from occupancy")[0].n == 0


def test_own_page_shows_a_series_once_and_counts_it_once(
    hood: Neighbourhood, client: FlaskClient, series: SeriesView
) -> None:
    hood.book("iris", "2026-12-11 10:00", "2026-12-11 12:00", room="plein", zone="")
    sign_in(client, "iris")
    page = " ".join(visible(client.get("/mijn").get_data(as_text=True)).split())
    assert page.count("10:00–12:00") == 2
    assert "hierna nog 4 keer" in page
    kim = hood.app.test_client()
    sign_in(kim, "kim")
    assert "2 wachten op antwoord" in visible(kim.get("/mijn").get_data(as_text=True))
    assert series.use_kind == "own"
