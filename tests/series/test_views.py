"""People make a series, look at each date first, and change it: on pages without script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ontmoet.kernel import clock
from ontmoet.series.queries import series_by_public_id
from tests import builders as make
from tests.bookings.test_works import announce
from tests.cast import sign_in, token_in
from tests.samples import span
from tests.watching import visible

from .deeds import DAY, asked, make_series, shown

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from ontmoet.series.queries import SeriesView
    from tests.cast import Neighbourhood

REEKS = "/r/de-linde/reeks"


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the first form on a page: hidden fields, ticks that stand."""
    form = page.split("<form", 1)[1] if "novalidate" in page.split("<form", 1)[1][:300] else page
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or ('type="hidden"' not in tag and " checked" not in tag):
            continue
        found.setdefault(name[1], []).append(value[1] if value else "")
    return found


def series_form(client: FlaskClient, **fields: object) -> dict[str, object]:
    page = client.get(REEKS).get_data(as_text=True)
    key = page.split('name="idempotency_key"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    return {
        "csrf_token": token_in(page),
        "idempotency_key": key,
        "frequency": "week",
        "every": "1",
        "monthly": "weekdag",
        "weekday": ["1"],
        "first": "2026-12-01",
        "last": "2026-12-29",
        "count": "",
        "starts": "10:00",
        "ends": "12:00",
        "zone": "grote-zaal",
        "people": "8",
        "purpose": "Koffie",
        **fields,
    }


def the_series(hood: Neighbourhood, location: str) -> SeriesView:
    with hood.app.app_context():
        found = series_by_public_id(location.rsplit("/", 1)[1])
    assert found is not None
    return found


def test_series_is_looked_at_date_by_date_and_then_made(hood: Neighbourhood, client: FlaskClient) -> None:
    hood.book("ali", "2026-12-08 10:00", "2026-12-08 12:00")
    sign_in(client, "noor")
    looked = client.post(REEKS, data=series_form(client, count="5", last=""))
    page = looked.get_data(as_text=True)
    assert looked.status_code == 200, page
    assert "4 van de 5 dagen zijn vrij." in page
    assert "Di 8 dec: van 10:00–12:00\u00a0uur is het bezet. Wel kan:" in page
    assert "Keuken" in page
    assert "de Proef" not in page.split("<main", 1)[1]
    sent: dict[str, object] = {**fields_of(page), "step": "save"}
    sent["take"] = ["2026-12-01", "2026-12-22", "2026-12-29"]
    made = client.post(REEKS, data=sent)
    assert made.status_code == 303, made.get_data(as_text=True)
    series = the_series(hood, made.location)
    assert shown(hood, series) == "12-01:10-12 12-08:refused 12-15:struck 12-22:10-12 12-29:10-12"
    again = client.post(REEKS, data=sent)
    assert again.location == made.location
    its_page = client.get(made.location).get_data(as_text=True)
    assert "Elke dinsdag, 10:00–12:00\u00a0uur" in its_page
    assert "Slaan we over" in its_page
    on_day = client.get(re.search(r"/reserveringen/\w+", its_page)[0]).get_data(as_text=True)  # type: ignore[index]
    assert "Deze dag hoort bij een reeks" in on_day
    assert "Alleen deze dag" in on_day
    back = client.post(
        f"{made.location}/terugzetten", data={"csrf_token": token_in(its_page), "day": "2026-12-15"}
    )
    assert back.status_code == 303
    taken = client.post(
        f"{made.location}/terugzetten", data={"csrf_token": token_in(its_page), "day": "2026-12-08"}
    )
    assert taken.status_code == 422
    assert "Di 8 dec kan nog niet: van 10:00–12:00\u00a0uur is het bezet." in taken.get_data(as_text=True)


def test_series_for_a_neighbour_stays_theirs_on_the_way(hood: Neighbourhood, client: FlaskClient) -> None:
    hood.book("ali", "2026-12-08 10:00", "2026-12-08 12:00")
    sign_in(client, "bram")
    noor = hood.public_id("noor")
    form = client.get(f"{REEKS}?voor={noor}").get_data(as_text=True)
    assert f'href="/r/de-linde/reserveren?voor={noor}"' in form, "one booking is for Noor too"
    page = client.post(REEKS, data=series_form(client, voor=noor)).get_data(as_text=True)
    assert "Komt er een vrij, dan hoort Noor dat." in visible(page)
    again = client.post(REEKS, data={**fields_of(page), "step": "write"}).get_data(as_text=True)
    assert f'href="/r/de-linde/reserveren?voor={noor}"' in again
    own = client.get(REEKS).get_data(as_text=True)
    assert 'href="/r/de-linde/reserveren"' in own


def test_what_changed_since_the_preview_is_shown_and_nothing_is_stored(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    sign_in(client, "noor")
    page = client.post(REEKS, data=series_form(client)).get_data(as_text=True)
    hood.book("ali", "2026-12-15 11:00", "2026-12-15 12:00")
    sent: dict[str, object] = {**fields_of(page), "step": "save"}
    second = client.post(REEKS, data=sent)
    told = second.get_data(as_text=True)
    assert second.status_code == 422
    assert "Di 15 dec kan niet meer: van 11:00–12:00\u00a0uur is het bezet." in told
    made = client.post(REEKS, data={**fields_of(told), "step": "save"})
    assert shown(hood, the_series(hood, made.location)).count("10-12") == 4


def test_series_is_changed_from_a_date_on(hood: Neighbourhood, client: FlaskClient) -> None:
    series = make_series(hood, "noor", asked(), struck=("2026-12-22",))
    sign_in(client, "noor")
    path = f"/reeksen/{series.public_id}/wijzigen?vanaf=2026-12-15"
    page = client.get(path).get_data(as_text=True)
    fields = {
        **fields_of(page),
        "starts": "13:00",
        "ends": "15:00",
        "last": "2026-12-29",
        "purpose": "Koffie",
    }
    fields |= {"every": "1", "people": "8"}
    looked = client.post(path, data=fields).get_data(as_text=True)
    assert "Vanaf dinsdag 15 december." in looked
    assert "blijft overgeslagen" in looked
    done = client.post(f"/reeksen/{series.public_id}/wijzigen", data={**fields_of(looked), "step": "save"})
    assert done.status_code == 303, done.get_data(as_text=True)
    assert shown(hood, the_series(hood, done.location)) == "12-15:13-15 12-22:struck 12-29:13-15"


def test_absurd_series_are_refused_in_words(hood: Neighbourhood, client: FlaskClient) -> None:
    sign_in(client, "noor")
    for fields, sentence in (
        ({"last": "2099-01-01"}, "Een reeks kan hier nu tot en met 25 november 2027."),
        ({"last": "2026-11-30"}, "Kies een laatste dag die nog komt, na de eerste keer."),
        ({"first": "2026-11-01"}, "De eerste keer is al voorbij."),
        ({"last": "", "count": ""}, "Kies tot wanneer, of hoe vaak."),
        ({"last": "2026-12-01", "weekday": ["3"]}, "Er valt geen enkele dag in deze tijd."),
        ({"ends": "09:00"}, "Kies een eindtijd na 10:00"),
        (
            {"people": "999"},
            "In dit deel (Grote zaal) passen 40 mensen. Vul een kleiner aantal in of kies een ander deel.",
        ),
        ({"frequency": "eeuw"}, "Kies iets uit de lijst."),
        ({"every": "0"}, "getal in van 1 of meer"),
    ):
        answer = client.post(REEKS, data=series_form(client, **fields))
        assert answer.status_code == 422, fields
        assert sentence in answer.get_data(as_text=True), (fields, sentence)
    assert DAY("2026-12-01")


def test_form_for_hosts_says_how_it_is_so_that_one_of_them_can_change(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    series = make_series(hood, "bram", asked(weekdays=(2,), last="2026-12-30", is_drop_in=True))
    path = f"/reeksen/{series.public_id}/gastheer"
    bram, sanne = hood.public_id("bram"), hood.public_id("sanne")
    sign_in(client, "sanne")
    filled_in = fields_of(client.get(path).get_data(as_text=True))
    assert (filled_in["opens"], filled_in["closes"]) == ([bram], [bram])
    sent = {**filled_in, "closes": sanne, "since": "2026-12-16"}
    assert client.post(path, data=sent).status_code == 303
    # Until then it stays as it is.
    filled_in = fields_of(client.get(path).get_data(as_text=True))
    assert (filled_in["opens"], filled_in["closes"]) == ([bram], [bram])


def test_day_of_which_the_time_is_past_is_no_date_of_a_new_series(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    sign_in(client, "noor")
    today = {"first": "2026-11-24", "starts": "08:00", "ends": "09:00"}
    page = client.post(REEKS, data=series_form(client, **today, last="2026-12-08")).get_data(as_text=True)
    assert "2 dagen, en alle zijn vrij." in page
    assert "al voorbij" not in page
    made = client.post(REEKS, data={**fields_of(page), "step": "save"})
    assert shown(hood, the_series(hood, made.location)) == "12-01:8-9 12-08:8-9"
    none = client.post(REEKS, data=series_form(client, **today, last="2026-11-24"))
    assert none.status_code == 422
    assert "Er valt geen enkele dag in deze tijd." in none.get_data(as_text=True)


def test_so_many_times_are_so_many_that_still_come(hood: Neighbourhood, client: FlaskClient) -> None:
    sign_in(client, "noor")
    thrice = {"first": "2026-11-24", "last": "", "count": "3", "starts": "08:00", "ends": "09:00"}
    page = client.post(REEKS, data=series_form(client, **thrice)).get_data(as_text=True)
    assert "3 dagen, en alle zijn vrij." in page
    made = client.post(REEKS, data={**fields_of(page), "step": "save"})
    assert shown(hood, the_series(hood, made.location)) == "12-01:8-9 12-08:8-9 12-15:8-9"
    # On a Tuesday, of each Wednesday: today is no day of it.
    wednesdays = series_form(client, **thrice, weekday=["2"])
    assert "3 dagen, en alle zijn vrij." in client.post(REEKS, data=wednesdays).get_data(as_text=True)


def test_work_is_told_before_a_series_is_made_or_moved(hood: Neighbourhood, client: FlaskClient) -> None:
    announce(hood, span("2026-12-08 11:00", "2026-12-08 15:00"), what="Schilderen\nvan de deur")
    sign_in(client, "noor")
    page = client.post(REEKS, data=series_form(client)).get_data(as_text=True)
    told = "Er komt iemand werken: Schilderen van de deur"
    assert visible(page).count(told) == 1
    assert f"Di 8 dec {told}" in " ".join(visible(page).split())
    made = client.post(REEKS, data={**fields_of(page), "step": "save"})
    changing = client.get(f"{made.location}/wijzigen").get_data(as_text=True)
    longer = {**fields_of(changing), "frequency": "week", "every": "1", "monthly": "weekdag", "weekday": "1"}
    longer |= {"last": "2026-12-29", "starts": "09:00", "ends": "12:00", "zone": "grote-zaal"}
    longer |= {"people": "8", "purpose": "Koffie"}
    looked = client.post(f"{made.location}/wijzigen", data=longer).get_data(as_text=True)
    assert f"9:00–12:00\u00a0uur, grote zaal. {told}" in looked
    assert looked.count(told) == 1


def test_date_that_began_meanwhile_is_told_and_the_rest_is_looked_at_again(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    sign_in(client, "noor")
    soon = {"first": "2026-11-24", "last": "2026-12-08", "starts": "16:00", "ends": "18:00"}
    page = client.post(REEKS, data=series_form(client, **soon)).get_data(as_text=True)
    with clock.frozen(make.at("2026-11-24 16:05")):
        again = client.post(REEKS, data={**fields_of(page), "step": "save"})
        assert again.status_code == 422
        assert "Di 24 nov kan niet meer: die tijd is al voorbij." in again.get_data(as_text=True)
        made = client.post(REEKS, data={**fields_of(again.get_data(as_text=True)), "step": "save"})
    assert shown(hood, the_series(hood, made.location)) == "12-01:16-18 12-08:16-18"


def test_refused_date_is_not_to_be_had_any_more_once_its_time_is_past(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    hood.book("ali", "2026-11-24 16:00", "2026-11-24 18:00")
    series = make_series(hood, "noor", asked("2026-11-24", "2026-12-08", starts=16 * 60, ends=18 * 60))
    sign_in(client, "noor")
    here = f"/reeksen/{series.public_id}"
    before = client.get(here).get_data(as_text=True)
    assert "Neem deze dag alsnog" in before
    with clock.frozen(make.at("2026-11-24 16:05")):
        assert "Neem deze dag alsnog" not in client.get(here).get_data(as_text=True)
        sent = {"csrf_token": token_in(before), "day": "2026-11-24"}
        late = client.post(f"{here}/terugzetten", data=sent)
        assert late.status_code == 422
        assert "Deze dag is voorbij, of hoort niet meer bij de reeks." in late.get_data(as_text=True)


def test_series_that_was_only_asked_for_is_taken_back_as_a_request(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    series = make_series(hood, "noor", asked(last="2026-12-15"))
    sign_in(client, "noor")
    path = f"/reeksen/{series.public_id}"
    dates = set(re.findall(r"/reserveringen/[a-z0-9]+", client.get(path).get_data(as_text=True)))
    page = client.get(path).get_data(as_text=True)
    assert "loopt bijna af" not in visible(page), "what waits for a yes does not end yet"
    sent = {"csrf_token": token_in(page), "idempotency_key": make.new_key()}
    answer = client.post(f"{path}/afzeggen", data=sent, follow_redirects=True)
    said = visible(answer.get_data(as_text=True))
    assert "De aanvraag gaat niet door. De tijd is weer vrij voor anderen." in said
    assert dates
    for each in dates:
        page = " ".join(visible(client.get(each).get_data(as_text=True)).split())
        assert "Stand Aanvraag ingetrokken" in page
        assert "fgezegd" not in page


def test_series_of_which_something_was_sure_is_called_off(hood: Neighbourhood, client: FlaskClient) -> None:
    series = make_series(hood, "noor", asked())
    sign_in(client, "noor")
    path = f"/reeksen/{series.public_id}"
    page = client.get(path).get_data(as_text=True)
    date = re.findall(r"/reserveringen/[a-z0-9]+", page)[0]
    sent = {"csrf_token": token_in(page), "idempotency_key": make.new_key()}
    answer = client.post(f"{path}/afzeggen", data=sent, follow_redirects=True)
    assert "dagen zijn afgezegd." in visible(answer.get_data(as_text=True))
    assert "Stand Afgezegd" in " ".join(visible(client.get(date).get_data(as_text=True)).split())
