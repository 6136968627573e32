"""The form to reserve: preview, refusal in words, what is offered instead, and what is never a 500."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from ontmoet.db import execute, unit_of_work
from ontmoet.people.models import Residency
from ontmoet.rooms.models import Room
from tests import builders as make
from tests.bookings.deeds import TRACES, cancel, close, held, seen
from tests.cast import booking_form, sign_in
from tests.samples import span
from tests.watching import errors, inputs, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

URL = "/r/de-linde/reserveren"
WISH = "?day=2026-11-25&starts=15:00&ends=17:00&zone=grote-zaal&people=4"
HTMX = {"HX-Request": "true"}
STRIP = re.compile(r'name="strip" value="([^"]*)"[^>]*>(?:<svg.*?</svg>)?([^<]*)<')


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def noor(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    sign_in(client, "noor")
    return client


def test_preview_is_a_fragment_of_the_full_page(noor: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00")
    page, part = noor.get(URL + WISH), noor.get(URL + WISH, headers=HTMX)
    assert text_of(part).strip().startswith('<div id="booking-preview"')
    preview, said = text_of(part).split('<div id="chosen"')
    assert preview.strip() in text_of(page)
    assert said.startswith(' hx-swap-oob="innerHTML">')
    assert "Van 14:00–16:00\u00a0uur is dit deel bezet." in text_of(part)
    assert [answer.headers["Vary"].startswith("HX-Request") for answer in (page, part)] == [True, True]
    for extra in ({"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}):
        assert text_of(noor.get(URL + WISH, headers=HTMX | extra)).startswith("<!doctype html>")


def test_fragment_is_named_by_the_view_and_never_by_the_request(noor: FlaskClient) -> None:
    asked = noor.get(URL + WISH, headers=HTMX | {"HX-Target": "main"})
    assert text_of(asked).strip().startswith('<div id="booking-preview"')


def test_form_starts_with_the_next_free_time_or_with_the_link(noor: FlaskClient) -> None:
    free = inputs(text_of(noor.get(URL)))
    assert [free[name] for name in ("day", "starts", "ends", "zone", "people")] == [
        "2026-11-24",
        "14:15",
        "16:15",
        "grote-zaal",
        "1",
    ]
    linked = inputs(text_of(noor.get(f"{URL}?van=2026-11-30T19:00&tot=2026-11-30T24:00")))
    assert [linked[name] for name in ("day", "starts", "ends")] == ["2026-11-30", "19:00", "24:00"]


def test_form_starts_with_another_part_when_the_first_is_closed_for_weeks(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    close(hood, span("2026-11-24 14:05", "2026-12-15 24:00"), "grote-zaal")
    free = inputs(text_of(noor.get(URL)))
    assert [free[name] for name in ("day", "starts", "zone")] == ["2026-11-24", "14:15", "keuken"]


def test_form_can_be_sent_as_it_is_offered(noor: FlaskClient, hood: Neighbourhood) -> None:
    answer = noor.post(URL, data=inputs(text_of(noor.get(URL))))
    assert answer.status_code == 303
    assert held(hood, "2026-11-24") == [span("2026-11-24 14:15", "2026-11-24 16:15")]


def test_form_of_a_room_of_one_zone_books_it(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "fatma")
    page = text_of(client.get("/r/het-plein/reserveren"))
    assert 'name="zone"' not in page
    answer = client.post("/r/het-plein/reserveren", data=inputs(page))
    assert answer.status_code == 303
    assert seen(hood, answer.location.rsplit("/", 1)[1]).room_slug == "het-plein"


def test_form_of_a_room_of_one_zone_takes_the_contracts_empty_zone(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "fatma")
    answer = client.post("/r/het-plein/reserveren", data=booking_form(client, "het-plein", zone=""))
    assert answer.status_code == 303


def test_second_booker_gets_422_with_words_alternatives_and_what_was_typed(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00")
    before = row_counts(hood.app, *TRACES)
    sent = booking_form(noor, starts="15:00", ends="17:00", purpose="Soep & <b>brood</b>")
    answer = noor.post(URL, data=sent)
    page = text_of(answer)
    assert answer.status_code == 422
    assert errors(page) == {
        "starts": "Van 14:00–16:00\u00a0uur is dit deel bezet. Kies een andere tijd of een ander deel."
    }
    assert visible(page).count("Van 14:00–16:00\u00a0uur is dit deel bezet.") == 2, (
        "above the form and at the field"
    )
    assert "Een van deze tijden kan wel." in page
    (control,) = re.findall(r'<select[^>]*name="starts"[^>]*>', page)
    assert ('aria-invalid="true"' in control, 'aria-describedby="starts-error"' in control) == (True, True)
    assert '<a href="#starts">' in page
    assert "<title>Fout: " in page
    assert {**inputs(page), "csrf_token": sent["csrf_token"]} == sent
    assert "<b>brood</b>" not in page
    offered = re.findall(r'name="offered" value="([^"]*)"', page)
    assert offered[0] == "2026-11-25T16:00/18:00/grote-zaal"
    assert len(offered) == 3
    assert row_counts(hood.app, *TRACES) == before


def test_offered_alternative_comes_back_filled_in_and_can_be_booked(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00")
    sent = booking_form(noor, starts="15:00", ends="17:00")
    value = re.findall(r'name="offered" value="([^"]*)"', text_of(noor.post(URL, data=sent)))[0]
    chosen = noor.post(URL, data={**sent, "offered": value})
    filled = inputs(text_of(chosen))
    assert chosen.status_code == 200
    assert [filled[name] for name in ("day", "starts", "ends", "zone", "people")] == [
        "2026-11-25",
        "16:00",
        "18:00",
        "grote-zaal",
        "4",
    ]
    assert noor.post(URL, data=filled).status_code == 303


def test_one_more_and_one_less_change_the_number_and_book_nothing(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    sent = booking_form(noor, people="4", purpose="Schaken")
    more = inputs(text_of(noor.post(URL, data={**sent, "people_step": "1"})))
    less = inputs(text_of(noor.post(URL, data={**sent, "people": "1", "people_step": "-1"})))
    assert (more["people"], more["purpose"], less["people"]) == ("5", "Schaken", "1")
    assert row_counts(hood.app, "booking") == {"booking": 0}


ABSURD = {
    "people": ("", "0", "-1", "vier", "٤", "1_0", "9" * 400, "41", "99999999"),
    "day": ("", "2026-02-30", "9999-12-31", "2026-11-23", "2027-11-25"),
    "starts": ("25:00", "14.00"),
    "ends": ("14:00", "14:10"),
    "zone": ("zaal", "../keuken"),  # of Het Plein, and of nowhere
    "purpose": ("x" * 81, "x" * 20_000, "nul\x00teken", "half\ufffd"),
}


def test_absurd_field_is_a_422_that_names_it_and_only_it(noor: FlaskClient, hood: Neighbourhood) -> None:
    good = booking_form(noor)
    for field, values in ABSURD.items():
        for value in values:
            answer = noor.post(URL, data={**good, field: value})
            found = (answer.status_code, list(errors(text_of(answer))))
            assert found == (422, [field]), (field, value[:20])
    for key in ("", "kort", "spatie in de sleutel"):
        answer = noor.post(URL, data={**good, "idempotency_key": key})
        assert (answer.status_code, "niet compleet" in text_of(answer)) == (422, True)
    assert row_counts(hood.app, "booking", "occupancy", "idempotency") == {
        "booking": 0,
        "occupancy": 0,
        "idempotency": 0,
    }


def test_form_with_nothing_in_it_is_a_422_and_books_nothing(noor: FlaskClient, hood: Neighbourhood) -> None:
    token = booking_form(noor)["csrf_token"]
    answer = noor.post(URL, data={"csrf_token": token})
    assert answer.status_code == 422
    assert {"day", "starts", "ends", "people"} <= set(errors(text_of(answer)))
    junk = {"csrf_token": token, "unknown": "x", "day": ["2026-11-25"] * 90}
    assert noor.post(URL, data=junk).status_code == 422
    for offered in ("x", "a/b/c", "2026-11-25T1/2/3", "////"):
        assert noor.post(URL, data=booking_form(noor, offered=offered)).status_code == 400


def test_same_form_twice_is_one_booking_and_with_other_fields_a_422(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    sent = booking_form(noor)
    first, again = noor.post(URL, data=sent), noor.post(URL, data=sent)
    other = noor.post(URL, data={**sent, "starts": "18:00", "ends": "19:00"})
    assert [first.status_code, again.status_code, other.status_code] == [303, 303, 422]
    assert again.location == first.location
    assert "Dit formulier is al een keer verstuurd." in visible(text_of(other))
    assert row_counts(hood.app, "booking") == {"booking": 1}


def test_htmx_leaves_the_page_after_booking(noor: FlaskClient, hood: Neighbourhood) -> None:
    answer = noor.post(URL, data=booking_form(noor), headers=HTMX)
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"].startswith("/reserveringen/")


def test_form_says_when_it_is_a_request_and_how_far_fair_use_is(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True, quota=4, quota_from=18 * 60)
    hood.book("noor", "2026-11-26 18:00", "2026-11-26 20:00")
    page = visible(text_of(noor.get(URL + WISH)))
    assert "1 van de 4 avonden van jouw adres deze maand" in page
    assert "Deze tijd telt niet mee." in page
    assert "De beheergroep kijkt eerst of het kan." in page
    assert "Vraag aan" in page


def test_evening_that_takes_a_turn_is_counted_in_words_too(noor: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=4, quota_from=18 * 60)
    hood.book("noor", "2026-11-26 18:00", "2026-11-26 20:00")
    evening = visible(text_of(noor.get(f"{URL}?day=2026-11-25&starts=19:00&ends=21:00&people=4&zone=")))
    assert "1 van de 4 avonden van jouw adres deze maand" in evening
    assert "Met deze tijd erbij: 2." in evening


def test_legend_explains_what_is_drawn_and_nothing_else(noor: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00")
    now = "nu, 14:05\u00a0uur"
    for query, words in (
        (WISH, ["vrij", "jouw tijd", "dubbel", "bezet"]),
        (WISH.replace("15:00", "17:00").replace("ends=17:00", "ends=19:00"), ["vrij", "jouw tijd", "bezet"]),
        (WISH.replace("11-25", "11-24"), ["vrij", "jouw tijd", now]),
    ):
        assert re.findall(r"om-swatch--\w+\"></i>([^<]+)<", text_of(noor.get(URL + query))) == words


def test_only_who_may_book_here_gets_the_form(client: FlaskClient, hood: Neighbourhood) -> None:
    anonymous = client.get(URL + "?van=2026-11-24T18:00")
    assert anonymous.status_code == 302
    assert anonymous.location == "/inloggen?next=/r/de-linde/reserveren%3Fvan%3D2026-11-24T18%3A00"
    sign_in(client, "fatma")
    sent = booking_form(client, "het-plein")
    before = row_counts(hood.app, *TRACES)
    assert [client.get(URL).status_code, client.post(URL, data=sent).status_code] == [403, 403]
    assert client.get("/r/niet-hier/reserveren").status_code == 404
    assert row_counts(hood.app, *TRACES) == before


def test_form_asks_the_same_few_statements_for_1_and_30_bookings(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=100)

    def counted() -> list[int]:
        counts = []
        for query in ("", WISH):
            with statements(hood.app) as seen_statements:
                assert noor.get(URL + query).status_code == 200
            counts.append(len(seen_statements))
        with statements(hood.app) as seen_statements:
            assert noor.post(URL, data=dict(refused_form)).status_code == 422
        return [*counts, len(seen_statements)]

    hood.book("ali", "2026-11-25 16:00", "2026-11-25 17:00")
    refused_form = booking_form(noor, starts="15:00", ends="17:00", people="41")
    counted()  # the first time what holds the room is read, too
    few = counted()
    assert few == [2, 2, 4]  # the last one looks the form's key up too, and counts that it was taken
    for day in range(1, 30):
        hood.book("noor", f"2026-12-{day:02d} 10:00", f"2026-12-{day:02d} 11:00")
    counted()
    assert counted() == few


def test_times_offered_in_the_next_month_keep_to_its_fair_use_too(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
    hood.book("noor", "2026-11-29 10:00", "2026-11-29 12:00")
    hood.book("noor", "2026-12-10 10:00", "2026-12-10 12:00")
    page = text_of(noor.get(f"{URL}?van=2026-11-28T19:00&tot=2026-11-28T21:00"))
    assert "Jouw adres heeft deze maand al 1 van de 1 keer." in visible(page)
    days = [value[:10] for value in re.findall(r'name="offered" value="([^"]*)"', page)]
    assert days == ["2027-01-01", "2027-01-02", "2027-01-03"]


def test_days_further_on_and_back_keep_what_was_chosen_and_typed(noor: FlaskClient) -> None:
    assert "Terug naar vandaag" not in text_of(noor.get(URL))
    typed = {"starts": "19:00", "ends": "21:00", "zone": "keuken", "people": "6", "purpose": "Een feest"}
    filled = inputs(text_of(noor.get(URL))) | typed
    for name, day in (("Verder vooruit", "2026-12-11"), ("Terug naar vandaag", "2026-11-24")):
        page = text_of(noor.post(URL, data={**filled, "people_step": "1"}))
        [pressed] = [value for value, label in STRIP.findall(page) if label == name]
        filled = inputs(text_of(noor.post(URL, data={**filled, "strip": pressed})))
        assert {key: filled[key] for key in ("day", *typed)} == {"day": day, **typed}
    assert noor.post(URL, data={**filled, "strip": "gisteren"}).status_code == 400


def test_coming_more_often_takes_along_what_was_chosen_since_the_page_came(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    chosen = booking_form(noor, day="2026-11-28", starts="13:00", ends="14:00", people="6")
    sent = noor.post(URL, data={**chosen, "reeks": "1"})
    assert sent.status_code == 303
    assert sent.location.endswith(
        "/r/de-linde/reeks?day=2026-11-28&starts=13%3A00&ends=14%3A00&zone=grote-zaal&people=6"
    )
    assert 'value="2026-11-28"' in text_of(noor.get(sent.location))
    assert rows(hood.app, "select count(*) as n from booking")[0].n == 0


def test_booking_can_be_moved_further_than_the_first_two_weeks(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    path = f"/reserveringen/{hood.book('noor', '2026-11-25 14:00', '2026-11-25 16:00', purpose='Kaarten')}"
    filled = inputs(text_of(noor.get(f"{path}/wijzigen")))
    for _press in range(3):
        page = text_of(noor.post(f"{path}/wijzigen", data={**filled, "strip": "2027-01-20"}))
        filled = inputs(page)
    assert (filled["day"], filled["starts"], filled["purpose"]) == ("2027-01-20", "14:00", "Kaarten")
    assert noor.post(f"{path}/wijzigen", data=filled).status_code == 303
    assert "wo 20 jan" in visible(text_of(noor.get(path)))


@pytest.mark.parametrize("of_a_booking", [False, True], ids=["to reserve", "to change"])
def test_link_that_fills_the_form_in_finds_nothing_wrong_with_it(
    noor: FlaskClient, hood: Neighbourhood, of_a_booking: bool
) -> None:
    path = URL
    if of_a_booking:
        made = hood.book("noor", "2026-12-01 10:00", "2026-12-01 12:00", people=7, purpose="Kaarten")
        path = f"/reserveringen/{made}/wijzigen"
    page = text_of(noor.get(f"{path}?day=2026-11-25&starts=19:00&ends=21:00"))
    assert errors(page) == {}
    assert "Dit lukt nog niet" not in visible(page)
    assert "<title>Fout" not in page
    filled = inputs(page)
    assert (filled["people"], filled["purpose"]) == (("7", "Kaarten") if of_a_booking else ("1", ""))
    assert noor.post(path, data=filled).status_code == 303


def test_link_with_a_beginning_alone_ends_after_the_usual_time(noor: FlaskClient) -> None:
    filled = inputs(text_of(noor.get(f"{URL}?van=2026-11-25T20:00")))
    assert (filled["starts"], filled["ends"]) == ("20:00", "22:00")


def test_form_that_was_used_before_can_be_sent_when_it_comes_back(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    sent = booking_form(noor)
    noor.post(URL, data=sent)
    page = text_of(noor.post(URL, data={**sent, "starts": "18:00", "ends": "19:00"}))
    assert "Dit formulier is al een keer verstuurd." in visible(page)
    assert noor.post(URL, data=inputs(page)).status_code == 303
    assert row_counts(hood.app, "booking") == {"booking": 2}


def test_form_that_is_sent_again_after_cancelling_is_not_called_a_success(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    sent = booking_form(noor)
    where = noor.post(URL, data=sent).location
    noor.get(where)
    cancel(hood, "noor", where.rsplit("/", 1)[1])
    page = noor.post(URL, data=sent, follow_redirects=True)
    assert "Gaat niet door" in visible(text_of(page))
    assert "Gelukt" not in visible(text_of(page))


def test_who_moved_out_may_have_less_of_what_they_booked_and_not_more(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    public_id = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    path = f"/reserveringen/{public_id}/wijzigen"
    with hood.app.app_context(), unit_of_work():
        execute(update(Residency.__table__).values(until=date(2026, 11, 24)))
    assert noor.get(URL).status_code == 403
    filled = inputs(text_of(noor.get(path)))
    for more in ({"day": "2026-12-01"}, {"ends": "17:00"}, {"zone": ""}, {"people": "42"}):
        refused = noor.post(path, data=filled | more)
        assert refused.status_code == 422
        if "people" not in more:
            assert "Je hoort niet meer bij deze ruimte." in visible(text_of(refused))
        assert 'name="offered"' not in text_of(refused), "nothing is offered that is refused"
    assert noor.post(path, data=filled | {"ends": "15:00"}).status_code == 303
    helper = hood.app.test_client()
    sign_in(helper, "bram")
    filled = inputs(text_of(helper.get(path)))
    assert helper.post(path, data=filled | {"day": "2026-12-01"}).status_code == 303, (
        "who works there may help"
    )


def offers(page: str) -> list[str]:
    return re.findall(r'name="offered" value="([^"]*)"', page)


def test_end_before_the_beginning_is_told_at_once_and_with_times_that_work(noor: FlaskClient) -> None:
    wish = "?day=2026-11-25&starts=19:00&ends=16:15&zone=grote-zaal&people=4"
    preview = text_of(noor.get(URL + wish, headers=HTMX))
    assert "Kies een eindtijd na 19:00" in visible(preview)
    assert offers(preview)[0] == "2026-11-25T19:00/21:00/grote-zaal"
    filled = inputs(text_of(noor.get(URL + wish)))
    refused = noor.post(URL, data=filled)
    assert refused.status_code == 422
    assert offers(text_of(refused)) == offers(preview)


def test_three_days_are_offered_at_the_end_of_what_can_be_booked(noor: FlaskClient) -> None:
    page = text_of(noor.post(URL, data=booking_form(noor, day="2027-09-01")))
    assert "Je kunt nu reserveren tot en met" in visible(page)
    assert len(offers(page)) == 3


def test_room_that_is_closed_for_weeks_offers_the_first_days_after_it(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    close(hood, span("2026-11-25 00:00", "2026-12-16 00:00"))
    page = text_of(noor.post(URL, data=booking_form(noor, day="2026-11-26")))
    assert [offer[:10] for offer in offers(page)] == ["2026-12-16", "2026-12-17", "2026-12-18"]


def test_form_of_a_room_that_is_closed_for_weeks_starts_after_it(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    close(hood, span("2026-11-24 14:00", "2026-12-16 00:00"))
    filled = inputs(text_of(noor.get(URL)))
    assert (filled["day"], filled["starts"]) == ("2026-12-16", "08:00")
    assert noor.post(URL, data=filled).status_code == 303


def test_home_without_turns_this_month_is_offered_the_next(noor: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
    hood.book("noor", "2026-12-01 10:00", "2026-12-01 12:00")
    page = text_of(noor.post(URL, data=booking_form(noor, day="2026-12-03")))
    assert "Jouw adres heeft in december al 1 van de 1 keer." in visible(page)
    assert [offer[:10] for offer in offers(page)] == ["2027-01-01", "2027-01-02", "2027-01-03"]


def test_time_that_one_has_oneself_is_not_called_busy(noor: FlaskClient, hood: Neighbourhood) -> None:
    own = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    for page in (
        text_of(noor.get(URL + WISH)),
        text_of(noor.post(URL, data=booking_form(noor, day="2026-11-25", starts="15:00", ends="17:00"))),
    ):
        assert "Van 14:00–16:00\u00a0uur heb je zelf al gereserveerd." in visible(page)
        assert f'href="/reserveringen/{own}"' in page
        assert "wachtlijst" not in visible(page)
    assert rows(hood.app, "select * from missed_hour") == [], "nobody else had it"
    ali = hood.app.test_client()
    sign_in(ali, "ali")
    page = text_of(ali.get(URL + WISH))
    assert "is dit deel bezet" in visible(page)
    assert own not in page
    helper = hood.app.test_client()
    sign_in(helper, "bram")
    page = text_of(helper.get(f"{URL}{WISH}&voor={hood.public_id('noor')}"))
    assert "Van 14:00–16:00\u00a0uur heeft Noor zelf al gereserveerd." in visible(page)


def test_who_waits_for_a_time_already_is_not_offered_to_wait_again(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00")
    hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", or_wait=True)
    refused = noor.post(
        URL, data=booking_form(noor, day="2026-11-25", starts="14:00", ends="16:00") | {"wachten": "1"}
    )
    assert refused.status_code == 422
    assert "Je staat voor deze tijd al op de wachtlijst. Het staat bij ‘Mijn’." in visible(text_of(refused))
    assert 'name="wachten"' not in text_of(refused)
    helper = hood.app.test_client()
    sign_in(helper, "bram")
    asked = booking_form(helper, day="2026-11-25", starts="14:00", ends="16:00")
    for_noor = {**asked, "voor": hood.public_id("noor"), "wachten": "1"}
    told = visible(text_of(helper.post(URL, data=for_noor)))
    assert "Noor staat voor deze tijd al op de wachtlijst." in told
    [waiting] = rows(hood.app, "select public_id from booking where status = 'waiting'")
    path = f"/reserveringen/{waiting.public_id}"
    assert [noor.get(path).status_code, noor.get(f"{path}/agenda.ics").status_code] == [200, 404]


def test_refusal_leads_to_the_times_that_work(noor: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("ali", "2026-11-25 14:00", "2026-11-25 16:00")
    busy = booking_form(noor, day="2026-11-25", starts="14:00", ends="16:00")
    page = text_of(noor.post(URL, data=busy))
    assert '<a href="#instead">Bekijk tijden die wel kunnen</a>' in page
    assert 'id="instead"' in page
    nothing_instead = text_of(noor.post(URL, data={**busy, "people": "1000000"}))
    assert "Bekijk tijden die wel kunnen" not in nothing_instead


def test_only_what_is_all_ones_own_is_called_so_and_by_its_own_time(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(update(Room.__table__).values(buffer_minutes=30))
    hood.book("noor", "2026-11-26 14:00", "2026-11-26 16:00")
    own = text_of(noor.get(f"{URL}?day=2026-11-26&starts=15:00&ends=17:00"))
    assert "Van 14:00–16:00\u00a0uur heb je zelf al gereserveerd." in visible(own)
    hood.book("ali", "2026-11-26 17:00", "2026-11-26 18:00")
    others_too = text_of(noor.get(f"{URL}?day=2026-11-26&starts=15:00&ends=18:00"))
    assert "is dit deel bezet" in visible(others_too)
    assert "zelf al" not in visible(others_too)


def test_time_that_is_held_for_somebody_is_not_called_theirs_yet(
    noor: FlaskClient, hood: Neighbourhood
) -> None:
    first = hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    hood.book("noor", "2026-11-26 14:00", "2026-11-26 16:00", or_wait=True)
    cancel(hood, "ali", first)
    hood.work()
    page = visible(text_of(noor.get(f"{URL}?day=2026-11-26&starts=14:00&ends=16:00")))
    assert "houden we de ruimte al voor jou vast. Zeg nog of je wilt." in page


def test_who_changes_a_booking_of_somebody_else_reads_whose_the_other_is(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "bram")
    moved = hood.book("noor", "2026-11-25 10:00", "2026-11-25 11:00")
    of_noor = hood.book("noor", "2026-11-26 10:00", "2026-11-26 11:00")
    hood.book("bram", "2026-11-27 10:00", "2026-11-27 11:00")
    path = f"/reserveringen/{moved}/wijzigen"
    onto_bram = text_of(client.get(f"{path}?day=2026-11-27&starts=10:00&ends=11:00"))
    assert "is dit deel bezet" in visible(onto_bram)
    filled = inputs(text_of(client.get(path))) | {"day": "2026-11-26"}
    onto_noor = text_of(client.post(path, data=filled))
    assert errors(onto_noor) == {"starts": "Van 10:00–11:00\u00a0uur heeft Noor zelf al gereserveerd."}
    assert f'href="/reserveringen/{of_noor}"' in onto_noor
