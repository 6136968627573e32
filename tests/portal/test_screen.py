"""The screen in the hall and the poster on the door: what they say, to whom, and what asking again costs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from ontmoet.bookings.models import Booking
from ontmoet.db import execute, unit_of_work
from ontmoet.rooms.models import Opening, Room
from tests import builders as make
from tests.bookings.deeds import close
from tests.browser.machine import served
from tests.cast import sign_in
from tests.portal.deeds import open_to_all
from tests.samples import span
from tests.watching import statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from playwright.sync_api import Browser
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

SCREEN = "/r/de-linde/scherm"


def words(answer: TestResponse) -> str:
    assert answer.status_code == 200
    return " ".join(visible(answer.get_data(as_text=True)).split())


def test_screen_says_what_is_now_and_what_comes_and_nobody_s_name(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    hood.book("noor", "2026-11-24 14:05", "2026-11-24 15:00", purpose="Geheim feest")
    hood.book("ali", "2026-11-24 19:00", "2026-11-24 21:00", zone="keuken")
    open_to_all(hood, hood.book("noor", "2026-11-26 10:00", "2026-11-26 12:00", purpose="Koffie"))
    hood.book("ali", "2026-11-27 10:00", "2026-11-27 12:00", purpose="Van Ali alleen")
    sign_in(client, "sanne")
    seen = words(client.get(SCREEN))
    for part in (
        "De Linde Deels vrij keuken tot 19:00\u00a0uur",
        "Elke dag: 8:00–22:00\u00a0uur",
        "dinsdag 24 november",
        "nu 14:05 Bezet Tot 15:00\u00a0uur, grote zaal",
        "vandaag 19:00 Bezet Tot 21:00\u00a0uur, keuken",
        "do 26 nov 10:00 Koffie Tot 12:00\u00a0uur, iedereen welkom",
        "Bijgewerkt om 14:05",
    ):
        assert " ".join(part.split()) in seen
    for name in ("Noor", "Ali", "Sanne", "Geheim"):
        assert name not in seen


def test_screen_shows_four_and_says_how_many_more(client: FlaskClient, hood: Neighbourhood) -> None:
    for hour in range(15, 21):
        hood.book("noor", f"2026-11-24 {hour}:00", f"2026-11-24 {hour + 1}:00")
    page = client.get(SCREEN).get_data(as_text=True)
    assert page.count("<li>") == 4
    assert "Vandaag nog 2 meer." in page


def test_screen_is_dark_by_night_and_lit_before_the_room_opens_and_while_it_says_why_it_is_shut(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    close(hood, span("2026-11-24 14:05", "2026-11-24 18:00"))
    assert "Nu dicht open vandaag om 18:00 uur Gesloten tot vandaag 18:00 uur:" in words(client.get(SCREEN))
    lit = []
    for hours in (0, 9, 8, 0.5):  # 14:05, 23:05, 7:05, 7:35
        moment(timedelta(hours=hours))
        lit.append("om-tv--night" not in client.get(SCREEN).get_data(as_text=True))
    assert lit == [True, False, True, True]


def test_screen_that_asks_again_is_told_that_nothing_changed(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    first = client.get(SCREEN)
    mark = {"If-None-Match": first.headers["ETag"]}
    moment(timedelta(minutes=1))
    with statements(hood.app) as seen:
        again = client.get(SCREEN, headers=mark)
    assert (again.status_code, again.data, len(seen)) == (304, b"", 1)
    assert again.headers["Ontmoet-Time"] == "14:06:00"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Cache-Control"] == "no-cache"
    hood.book("noor", "2026-11-24 16:00", "2026-11-24 18:00")
    changed = client.get(SCREEN, headers=mark)
    assert changed.status_code == 200
    assert client.get(SCREEN, headers={"If-None-Match": changed.headers["ETag"]}).status_code == 304
    squeezed = client.get(SCREEN, headers={"Accept-Encoding": "gzip"})
    assert squeezed.headers["ETag"] == changed.headers["ETag"]


def test_screen_of_a_room_that_is_not_there_is_not_there(client: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_room(complex_id=1, slug="de-later", live_at=None)
    assert client.get("/r/de-later/scherm").status_code == 404
    assert client.get("/r/de-later/poster").status_code == 200
    assert client.get("/r/bestaat-niet/poster").status_code == 404


@pytest.mark.parametrize("who", [None, "noor", "sanne"])
def test_poster_says_who_is_welcome_and_how_to_come_without_a_phone(
    client: FlaskClient, hood: Neighbourhood, who: str | None
) -> None:
    if who:
        sign_in(client, who)
    seen = words(client.get("/r/de-linde/poster"))
    for part in (
        "De Linde Proefstraat 1, Proefwijk",
        "127.0.0.1:8000/r/de-linde",
        "Voor alle bewoners. Alleen bewoners kunnen hier reserveren.",
        "Elke dag: 8:00–22:00",
        "Vraag het aan een vrijwilliger in de ruimte. Die reserveert voor je.",
        "Bel 0800 555 00 00. Vraag naar Sanne de Proef.",
    ):
        assert part in seen


def test_door_tells_the_next_ten_that_are_open_to_all_and_folds_five(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    assert "Binnenkort voor iedereen" not in words(client.get("/r/de-linde"))
    for day in range(25, 31):
        for hour in (10, 14):
            found = hood.book(
                "noor", f"2026-11-{day} {hour}:00", f"2026-11-{day} {hour + 1}:00", purpose="Bingo"
            )
            open_to_all(hood, found)
    hood.book("ali", "2026-11-25 12:00", "2026-11-25 13:00", purpose="Van Ali alleen")
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    seen = words(client.get("/r/de-linde"))
    assert [part.count("Bingo") for part in seen.split("Daarna nog 5")] == [5, 5]
    assert "Van Ali" not in seen
    for part in (
        "Voor wie? Voor alle bewoners.",
        "Openingstijden Elke dag",
        "Huisregels",
        "Bel 0800 555 00 00",
    ):
        assert part in seen


@pytest.mark.browser
def test_long_name_and_many_hours_fit_on_the_screen_and_on_one_sheet(
    hood: Neighbourhood, browser: Browser
) -> None:
    name = "Ontmoetingsruimte De Regenboog aan het Water"
    room, opening, booking = Room.__table__, Opening.__table__, Booking.__table__
    for day in range(24, 30):
        open_to_all(hood, hood.book("noor", f"2026-11-{day} 18:00", f"2026-11-{day} 20:00", purpose="x"))
    with hood.app.app_context(), unit_of_work():
        execute(update(room).values(name=name, welcome="Voor iedereen uit de buurt. " * 7))
        execute(update(opening).values(opens=540 + 15 * opening.c.weekday))
        execute(
            update(booking).values(
                purpose="Samen eten met de buren uit de hele straat, met muziek van het koor"
            )
        )
    size = {"width": 1920, "height": 1080}
    with served(hood.app) as address, browser.new_page(base_url=address, viewport=size) as page:
        page.goto("/r/de-linde/poster")
        assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/MediaBox") == 1
        for width, height in ((1920, 1080), (1080, 1920)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(SCREEN)
            places = page.evaluate(
                """() => [".om-tv__hours", ".om-tv__foot", ".om-tv__list li:nth-child(2)"].map((name) => {
                    const box = document.querySelector(name).getBoundingClientRect();
                    return [box.right, box.bottom];
                })"""
            )
            assert all(right <= width and bottom <= height for right, bottom in places), places
