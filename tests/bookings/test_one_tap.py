"""A reminder has a link that gives the slot back with one button: of that booking, by its reader, in time."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.one_tap import cancel_link
from ontmoet.bookings.states import News
from ontmoet.bookings.telling import remind
from ontmoet.bookings.using import check_in
from ontmoet.db import execute, unit_of_work
from ontmoet.hearing.links import unsubscribe_link
from ontmoet.kernel import clock
from tests.bookings.deeds import seen
from tests.bookings.test_messages import last_told
from tests.cast import token_in
from tests.watching import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

SATURDAY = ("2026-11-28 14:00", "2026-11-28 16:00")
DONE = "Afgezegd. De tijd is weer vrij voor anderen."


def link_of_reminder(hood: Neighbourhood, moment: Callable[[timedelta], None]) -> str:
    with hood.app.app_context(), unit_of_work():
        execute(text("insert into opt_in values (:id, 'booking_reminder')"), id=hood.people["noor"])
    hood.book("noor", *SATURDAY)
    moment(timedelta(days=3, hours=2))
    with hood.app.app_context(), unit_of_work():
        assert remind(clock.now()) == 1
    found = re.search(r"https?://[^/]+(/afzeggen\?t=\S+)", last_told(hood, News.REMINDER).body)
    assert found
    return found[1]


def press(hood: Neighbourhood, link: str) -> TestResponse:
    """As a stranger's browser does, that is not signed in."""
    client = hood.app.test_client()
    token = token_in(client.get(link).get_data(as_text=True))
    return client.post(link, data={"csrf_token": token})


def test_one_button_gives_the_slot_back_once(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    link = link_of_reminder(hood, moment)
    looked = hood.app.test_client().get(link)
    assert "Ja, zeg af" in looked.get_data(as_text=True)
    assert "Noor" not in looked.get_data(as_text=True)
    assert looked.headers["Cache-Control"] == "no-store"
    assert rows(hood.app, "select status from booking") == [("confirmed",)], "looking changes nothing"

    pressed = press(hood, link)
    assert (pressed.status_code, pressed.headers["Location"]) == (303, link)
    assert rows(hood.app, "select status, reason from booking") == [("cancelled", "plans_changed")]
    assert rows(hood.app, "select count(*) from occupancy") == [(0,)]
    after = hood.app.test_client().get(link).get_data(as_text=True)
    assert DONE in after
    assert "Ja, zeg af" not in after
    audit = rows(hood.app, "select actor_id from audit where action = 'booking_cancelled'")
    assert audit == [(hood.people["noor"],)]


def test_link_of_who_is_there_says_how_to_leave_sooner(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    public_id = hood.book("noor", "2026-11-24 14:15", "2026-11-24 16:00")
    with hood.app.test_request_context():
        link = "/" + cancel_link(public_id, hood.public_id("noor")).split("/", 3)[3]
    stranger = hood.app.test_client()
    token = token_in(stranger.get(link).get_data(as_text=True))
    moment(timedelta(minutes=15))
    with hood.app.app_context(), unit_of_work():
        check_in(seen(hood, public_id), actor=hood.actor("noor"), now=clock.now())
    for answer in (stranger.get(link), stranger.post(link, data={"csrf_token": token})):
        page = answer.get_data(as_text=True)
        assert "Je bent er al. Ga je eerder weg? Verander dan tot hoe laat." in page
        assert f'href="/reserveringen/{public_id}"' in page
        assert "Ja, zeg af" not in page
        assert "al voorbij" not in page
    assert answer.status_code == 422


def test_after_its_time_the_link_does_nothing(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    link = link_of_reminder(hood, moment)
    client = hood.app.test_client()
    token = token_in(client.get(link).get_data(as_text=True))
    moment(timedelta(hours=26))
    late = client.post(link, data={"csrf_token": token})
    assert late.status_code == 422
    assert "kun je niet meer afzeggen" in late.get_data(as_text=True)
    assert rows(hood.app, "select status from booking") == [("confirmed",)]


@pytest.mark.parametrize("whose", ["ali", "nobody", "unsubscribe", "forged"])
def test_any_other_link_is_not_there(hood: Neighbourhood, whose: str) -> None:
    booking = hood.book("noor", *SATURDAY)
    with hood.app.app_context():
        link = cancel_link(booking, hood.public_id("ali" if whose == "ali" else "noor"))
        if whose == "nobody":
            link = cancel_link("0000000000", hood.public_id("noor"))
        if whose == "unsubscribe":
            link = unsubscribe_link(booking, hood.public_id("noor")).replace("afmelden", "afzeggen")
        if whose == "forged":
            link = link[:-1]
    assert hood.app.test_client().get(link).status_code == 404
