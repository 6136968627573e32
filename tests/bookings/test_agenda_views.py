"""The agenda as a browser gets it: four views, whole pages, a fixed number of statements."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings.use_pages import arrival_of
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.rooms.models import Opening, Room
from tests import builders as make
from tests.bookings.deeds import cancel, close
from tests.cast import sign_in
from tests.portal.deeds import open_to_all
from tests.samples import NOW, a_line, span
from tests.watching import inputs, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

LOOKS = {"busy": ("om-slot--busy", "badge-status--danger"), "asked": ("om-slot--asked", "om-badge--asked")}
VIEWS = ("", "?week=2026-W48", "?dag=2026-11-25", "?maand=2026-11", "?lijst=2026-11-24")


def agenda(client: FlaskClient, query: str = "", **headers: str) -> str:
    answer = client.get(f"/r/de-linde/agenda{query}", headers=headers)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_agenda_carries_id_and_instants_of_each_occupancy(client: FlaskClient, hood: Neighbourhood) -> None:
    ids = [hood.book("noor", f"2026-11-25 {h}:00", f"2026-11-25 {h + 1}:00") for h in (9, 20)]
    attributes = r'data-booking="([^"]*)" data-starts="([^"]*)" data-ends="([^"]*)"'
    booked = [
        (ids[0], "2026-11-25T08:00:00Z", "2026-11-25T09:00:00Z"),
        (ids[1], "2026-11-25T19:00:00Z", "2026-11-25T20:00:00Z"),
    ]
    assert {query: re.findall(attributes, agenda(client, query)) for query in VIEWS} == dict.fromkeys(
        VIEWS, booked
    )


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?lijst=2026-11-24", "24 nov – 21 dec<"),
        ("?lijst=2026-12-24", "24 dec – 20 jan 2027<"),
        ("?lijst=2025-12-24", "24 dec 2025 – 20 jan<"),
        ("?lijst=2027-03-01", "1–28 mrt 2027<"),
        ("?week=2026-W53", "28 dec – 3 jan 2027<"),
    ],
)
def test_days_of_another_year_have_their_year(
    client: FlaskClient, hood: Neighbourhood, query: str, says: str
) -> None:
    assert says in html.unescape(agenda(client, query))


@pytest.mark.parametrize("reader", [None, "noor"])
def test_agenda_asks_the_same_few_statements_for_1_and_30_bookings(
    client: FlaskClient, hood: Neighbourhood, reader: str | None
) -> None:
    if reader:
        sign_in(client, reader)

    def counted() -> dict[str, int]:
        counts = {}
        for query in VIEWS:
            with statements(hood.app) as seen:
                agenda(client, query)
            counts[query] = len(seen)
        return counts

    # Week 48 is this week, so it is known already when it is asked by name.
    first = {**dict.fromkeys(VIEWS, 2), "?week=2026-W48": 1}
    client.get("/r/de-linde")
    hood.book("ali", "2026-11-25 08:00", "2026-11-25 09:00")
    assert [counted(), counted()] == [first, dict.fromkeys(VIEWS, 1)]
    for half_hours in range(29):
        day, hour, half = 25 + half_hours // 28, 8 + half_hours % 28 // 2, half_hours % 2
        begin, end = f"{hour}:{30 * half:02d}", f"{hour + half}:{30 - 30 * half:02d}"
        hood.book("ali", f"2026-11-{day} {begin}", f"2026-11-{day} {end}", zone="keuken")
    assert [counted(), counted()] == [first, dict.fromkeys(VIEWS, 1)]
    assert agenda(client).count("data-booking") == 30


def test_agenda_is_whole_for_boosted_links_and_restored_history_too(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    plain = agenda(client)
    assert plain.startswith("<!doctype html>")
    boosted = {"HX-Request": "true", "HX-Boosted": "true"}
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert agenda(client, "", **boosted) == plain
    assert agenda(client, "", **restored) == plain


def test_agenda_answers_differ_by_htmx_and_by_who_asks(client: FlaskClient, hood: Neighbourhood) -> None:
    anonymous = client.get("/r/de-linde/agenda")
    assert {part.strip() for part in ", ".join(anonymous.headers.getlist("Vary")).split(",")} == {
        "HX-Request",
        "Cookie",
        "Accept-Encoding",
    }
    assert anonymous.headers["Cache-Control"] == "no-cache"
    sign_in(client, "noor")
    assert client.get("/r/de-linde/agenda").headers["Cache-Control"] == "no-store"


def test_agenda_of_a_day_that_is_none_is_a_400(client: FlaskClient, hood: Neighbourhood) -> None:
    queries = [
        "?week=2026-W54",
        "?week=2026-48",
        "?week=٢٠٢٦-W48",
        "?dag=2026-02-30",
        "?dag=",
        "?dag=9999-12-31",
        "?dag=0001-01-01",
        "?maand=2026-13",
        "?maand=2026-1",
        "?lijst=morgen",
        "?dag=2026-11-25%00",
        "?dag=" + "9" * 5000,
    ]
    found = {query: client.get(f"/r/de-linde/agenda{query}").status_code for query in queries}
    assert found == dict.fromkeys(queries, 400)


def test_agenda_of_the_first_and_last_days_there_are_is_a_page(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    for query in ("?dag=2000-01-01", "?dag=2099-12-31", "?maand=2099-12", "?week=2099-W53"):
        assert "Agenda van De Linde" in agenda(client, query)


def test_agenda_of_a_room_that_is_not_there_is_a_404_and_of_one_that_is_not_open_its_door(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(Room.__table__.update().where(Room.__table__.c.slug == "het-plein").values(live_at=None))
    found = {slug: client.get(f"/r/{slug}/agenda") for slug in ("de-linden", "het-plein", "de-linde")}
    assert [answer.status_code for answer in found.values()] == [404, 303, 200]
    assert found["het-plein"].location == "/r/het-plein"


def test_agenda_shows_a_closure_with_its_reason_and_no_booking(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    public_id = close(hood, span("2026-11-25 12:00", "2026-11-26 12:00"))
    page = agenda(client, "?week=2026-W48")
    assert page.count(f'data-closure="{public_id}"') == 2
    assert "data-booking" not in page
    assert "Nieuwe vloer" in visible(page)


def test_closure_of_a_whole_day_says_so_and_not_its_hours(
    client: FlaskClient, hood: Neighbourhood, moment
) -> None:
    close(hood, span("2026-11-25 00:00", "2026-11-25 24:00"), "keuken")
    moment(timedelta(days=1))
    pages = ["agenda?dag=2026-11-25", "agenda?lijst=2026-11-25", "agenda", "agenda?maand=2026-11", ""]
    for path in (*pages, "scherm", "agenda/afdrukken?dag=2026-11-25"):
        seen = visible(client.get(f"/r/de-linde/{path}".rstrip("/")).get_data(as_text=True))
        assert "hele dag" in seen
        assert "24:00" not in seen


def test_time_comes_first_in_the_week_so_that_it_is_never_cut_off(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    open_to_all(hood, hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", purpose="Samen soep koken"))
    said = " ".join(visible(agenda(client)).split())
    assert "14:00 –16:00 Samen soep koken grote zaal iedereen welkom" in said


def test_day_offers_the_free_time_to_who_may_book(client: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00")
    link = "/r/de-linde/reserveren?van=2026-11-25T16:00&amp;tot=2026-11-25T18:00"
    assert link in agenda(client, "?dag=2026-11-25")
    sign_in(client, "noor")
    assert link in agenda(client, "?dag=2026-11-25")


def test_day_offers_nothing_to_a_neighbour_of_another_complex(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "fatma")
    for query in VIEWS:
        assert "/reserveren" not in agenda(client, query)


def test_agenda_offers_nothing_that_is_always_refused(client: FlaskClient, hood: Neighbourhood) -> None:
    far = agenda(client, "?dag=2027-11-25")
    assert "/reserveren?" not in far
    assert "Je kunt nu reserveren tot en met" in far
    assert "Deze dag is de ruimte dicht." not in far
    with hood.app.app_context(), unit_of_work():
        execute(Room.__table__.update().values(closed_at=clock.now()))
    for query in VIEWS:
        assert "/reserveren" not in agenda(client, query)


def test_days_of_another_year_are_told_with_their_year_and_once(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    titles = []
    for day in ("2026-11-24", "2026-11-26", "2027-01-05"):
        titles += re.findall(r'<h2 id="dag">(.*?)</h2>', agenda(client, f"?dag={day}"))
    assert titles == ["Vandaag, di 24 nov", "Do 26 nov", "Di 5 jan 2027"]
    assert "<title>Agenda van De Linde, vandaag, di 24 nov – " in agenda(client, "?dag=2026-11-24")


def test_free_time_of_today_can_be_booked_as_it_is_offered(
    client: FlaskClient, hood: Neighbourhood, moment
) -> None:
    moment(timedelta(seconds=30))  # 14:05:30: the minute that has begun is over
    sign_in(client, "noor")
    page = agenda(client, "?dag=2026-11-24")
    link = re.search(r'href="(/r/de-linde/reserveren\?van[^"]*)"', page)
    assert link is not None
    form = client.get(link[1].replace("&amp;", "&")).get_data(as_text=True)
    assert "Deze tijd is al voorbij" not in form


def test_month_says_nothing_wrong_about_days_of_the_next_month(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    hood.book("noor", "2026-12-01 10:00", "2026-12-01 12:00")
    cell = agenda(client, "?maand=2026-11").split('href="/r/de-linde/agenda?dag=2026-12-01"', 1)[1]
    words = visible("<a" + cell.split("</td>", 1)[0]).split()
    assert "vrij" not in words


def test_list_of_a_day_does_not_start_with_the_day_before(client: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(Room.__table__.update().values(buffer_minutes=60))
        execute(Opening.__table__.update().values(closes=1440))
    hood.book("noor", "2026-11-29 22:00", "2026-11-30 00:00")
    assert "zo 29 nov" not in visible(agenda(client, "?lijst=2026-11-30"))


def test_time_that_came_free_is_held_for_its_reader_and_taken_for_the_others(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    first = hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00")
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", or_wait=True)
    cancel(hood, "ali", first)
    sign_in(client, "noor")
    for query in VIEWS:
        seen = visible(agenda(client, query)).lower()
        assert "vrijgekomen tijd" in seen
        assert "voor jou vrijgehouden" in seen
        assert "zeg nog of je hem wilt" in seen
        assert "jouw reservering" not in seen
    neighbour = hood.app.test_client()
    sign_in(neighbour, "ali")
    for query in VIEWS:
        seen = visible(agenda(neighbour, query)).lower()
        assert "bezet" in seen
        assert "vrijge" not in seen


def test_nobody_says_to_be_there_in_a_time_that_is_only_held_for_them() -> None:
    offered = a_line(
        span("2026-11-24 14:00", "2026-11-24 16:00"), is_mine=True, is_offered=True, may_see=True
    )
    assert arrival_of([offered], now=NOW) is None


@pytest.mark.parametrize(
    ("reader", "kind"), [(None, "busy"), ("ali", "busy"), ("noor", "asked"), ("bram", "asked")]
)
def test_request_is_taken_for_neighbours_and_a_request_for_who_may_see_it(
    client: FlaskClient, hood: Neighbourhood, reader: str | None, kind: str
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    wished = hood.book("noor", "2026-11-24 18:00", "2026-11-24 20:00", purpose="Geheim feest")
    open_to_all(hood, wished)
    # Who may see it looks first: nothing of it is kept for the others.
    first = hood.app.test_client()
    sign_in(first, "noor")
    if reader:
        sign_in(client, reader)
    for query in ("?week=2026-W48", "?dag=2026-11-24", "?lijst=2026-11-24"):
        assert "Geheim feest" in agenda(first, query)
        page = agenda(client, query)
        drawn = [name for name, marks in LOOKS.items() if any(mark in page for mark in marks)]
        assert drawn == [kind]
        assert ("Geheim feest" in page) is (kind == "asked")


def test_this_week_leads_to_today_and_its_list_begins_there(
    client: FlaskClient, hood: Neighbourhood, moment
) -> None:
    def ways(query: str = "") -> list[str]:
        shown = agenda(client, query)
        assert shown.count('id="vandaag"') == (query == "")
        return re.findall(r'href="(#vandaag|\?lijst=[^"]*)"', shown)

    moment(timedelta(days=3))  # it is Friday
    assert ways() == ["?lijst=2026-11-27", "#vandaag"]
    assert ways("?week=2026-W49") == ["?lijst=2026-11-30"]
    moment(timedelta(days=3))  # a Monday stands on top already
    assert ways() == ["?lijst=2026-11-30"]


@pytest.mark.parametrize("query", VIEWS)
def test_every_view_of_the_agenda_has_the_way_to_the_form(
    client: FlaskClient, hood: Neighbourhood, query: str
) -> None:
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00")
    assert agenda(client, query).count('href="/r/de-linde/reserveren"') == 1


@pytest.mark.parametrize("query", ["?maand=2026-11", "?lijst=2026-11-24"])
def test_links_to_look_at_a_booking_each_say_which(
    client: FlaskClient, hood: Neighbourhood, query: str
) -> None:
    for day in (25, 26):
        hood.book("ali", f"2026-11-{day} 14:00", f"2026-11-{day} 16:00")
    sign_in(client, "bram")
    said = re.findall(r">Bekijk<.*?, ([^<]*)<", agenda(client, query))
    assert said == [f"{day} november, 14:00 tot 16:00" for day in ("woensdag 25", "donderdag 26")]


def test_part_that_is_free_beside_a_booking_leads_to_the_form(
    client: FlaskClient, hood: Neighbourhood, moment
) -> None:
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 18:00")
    shown = agenda(client, "?dag=2026-11-25")
    [(href, name)] = re.findall(r'href="([^"]*)">(Reserveer keuken)<', shown)
    sign_in(client, "noor")
    form = inputs(client.get(html.unescape(href)).get_data(as_text=True))
    assert [form[field] for field in ("day", "starts", "zone")] == ["2026-11-25", "14:00", "keuken"]
    moment(timedelta(days=1, hours=4, minutes=-30))  # at 17:35 there is too little left of it
    assert name not in agenda(client, "?dag=2026-11-25")


def test_week_says_aloud_what_its_signs_show(client: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-24 16:00", "2026-11-24 17:00", purpose="Puzzelen")
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    hood.book("noor", "2026-11-25 18:00", "2026-11-25 20:00", purpose="Feest")
    hood.book("noor", "2026-11-26 18:00", "2026-11-26 20:00", purpose="")
    close(hood, span("2026-11-27 08:00", "2026-11-27 12:00"))
    sign_in(client, "noor")
    said = " ".join(visible(agenda(client, "?week=2026-W48")).split())
    for sentence in ("van jou: Puzzelen", "aangevraagd: Feest", "Jouw aanvraag", "gesloten: Nieuwe vloer"):
        assert sentence in said
    assert "Jouw reservering" not in said, "it is not sure yet"
