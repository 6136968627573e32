"""The pages on which moving, death and doubles are written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.bookings.states import Status
from tests import builders as make
from tests.cast import sign_in
from tests.lifecycle.test_merging import add_double
from tests.membership.test_membership_views import LINDE, page_of, person, post
from tests.series.deeds import asked, make_series, shown
from tests.watching import rows, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood


def test_moving_leads_to_the_bookings_that_are_left(client: FlaskClient, hood: Neighbourhood) -> None:
    booked = hood.book("noor", "2026-12-01 10:00", "2026-12-01 11:00")
    series = make_series(hood, "noor", asked(starts=13 * 60, ends=15 * 60))
    sign_in(client, "sanne")
    noor = f"{LINDE}/mensen/{person(hood, 'noor')}"
    assert "linde-14b" in page_of(client, f"{noor}/verhuisd")
    assert f"{noor}/reserveringen" not in page_of(client, noor)
    assert post(client, f"{noor}/verhuisd", day="").status_code == 422
    assert post(client, f"{noor}/verhuisd", day="2031-01-01").status_code == 422
    # Who left so long ago is found no more, and then nobody can decide on what they booked.
    refused = post(client, f"{noor}/verhuisd", day="2026-08-26")
    assert refused.status_code == 422
    assert "Deze dag is te lang geleden." in visible(refused.get_data(as_text=True))
    assert rows(hood.app, "select count(*) from residency where until is not null") == [(0,)]
    answer = post(client, f"{noor}/verhuisd", day="2026-11-24")
    assert (answer.status_code, answer.location) == (303, f"{noor}/reserveringen")
    page = visible(page_of(client, answer.location))
    assert "10:00–11:00" in page
    assert "Elke dinsdag, 13:00–15:00\u00a0uur, nog 5 keer" in page
    assert page.count("Gaat niet door") == 2, "one question for all of the series"
    assert f'href="{answer.location}"' in page_of(client, noor), "who went away from it finds it back"
    chosen = {booked: "cancel", series.public_id: "cancel", "0000000000": "keep"}
    assert post(client, answer.location, **chosen).location == noor
    assert rows(hood.app, "select distinct status from booking") == [(Status.CANCELLED,)]
    assert "Er staat hier niets meer op deze naam." in page_of(client, answer.location)
    assert "linde-14b, van" in page_of(client, noor)


def test_what_is_before_somebody_moves_needs_no_decision(client: FlaskClient, hood: Neighbourhood) -> None:
    before, after = (
        hood.book("noor", f"2026-12-{day} 10:00", f"2026-12-{day} 11:00") for day in ("09", "10")
    )
    series = make_series(hood, "noor", asked(starts=13 * 60, ends=15 * 60))
    sign_in(client, "sanne")
    noor = f"{LINDE}/mensen/{person(hood, 'noor')}"
    answer = post(client, f"{noor}/verhuisd", day="2026-12-10")
    page = page_of(client, answer.location)
    assert (f'name="{before}"' in page, f'name="{after}"' in page) == (False, True)
    assert "Elke dinsdag, 13:00–15:00\u00a0uur, nog 3 keer" in visible(page)
    post(client, answer.location, **{before: "cancel", after: "cancel", series.public_id: "cancel"})
    assert shown(hood, series).startswith("12-01:13-15 12-08:13-15 12-15:dropped")
    stands = rows(hood.app, "select public_id, status from booking where series_number is null order by id")
    assert [tuple(row) for row in stands] == [(before, Status.CONFIRMED), (after, Status.CANCELLED)]


def test_who_moves_later_lives_here_until_then(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    noor = f"{LINDE}/mensen/{person(hood, 'noor')}"
    answer = post(client, f"{noor}/verhuisd", day="2027-02-01")
    page = visible(page_of(client, answer.location))
    assert "Opgeschreven: Noor de Proef woont hier tot 1 februari 2027." in page
    post(client, f"{noor}/verhuisd", day="2027-03-01")
    assert "tot 1 maart 2027" in visible(page_of(client, noor)), "it is put off, and not only said so"
    assert rows(hood.app, "select until from residency where until is not null") == [("2027-03-01",)]
    post(client, f"{noor}/verhuisd", day="2026-11-24")
    assert "Opgeschreven: Noor de Proef woont hier niet meer." in visible(page_of(client, noor))
    refused = post(client, f"{noor}/verhuisd", day="2027-03-01")
    assert refused.status_code == 422
    assert "Deze persoon woont hier al niet meer. Kies vandaag of eerder." in visible(
        refused.get_data(as_text=True)
    )


def test_who_has_no_home_here_does_not_move_from_it(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    noor, riet = (f"{LINDE}/mensen/{person(hood, name)}" for name in ("noor", "riet"))
    assert f"{noor}/verhuisd" in page_of(client, noor)
    assert f"{riet}/verhuisd" not in page_of(client, riet)
    refused = post(client, f"{riet}/verhuisd", day="2026-11-24")
    assert refused.status_code == 422
    assert "Deze persoon heeft hier geen woning." in visible(refused.get_data(as_text=True))
    assert rows(hood.app, "select count(*) from audit where action = 'moved_out'") == [(0,)]


def test_death_needs_a_tick(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    ali = f"{LINDE}/mensen/{person(hood, 'ali')}"
    page_of(client, f"{ali}/overleden")
    assert "Zet eerst het vinkje." in post(client, f"{ali}/overleden").get_data(as_text=True)
    assert post(client, f"{ali}/overleden", is_sure="y").status_code == 303
    assert hood.actor("ali").dwellings == ()


def test_who_writes_down_a_death_says_again_who_it_is(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    with client.session_transaction() as cookie:
        cookie["confirmed_at"] = 0
    path = f"{LINDE}/mensen/{person(hood, 'ali')}/overleden"
    asked = post(client, path, is_sure="y")
    assert 'name="proof_secret"' in asked.get_data(as_text=True)
    assert hood.actor("ali").dwellings != ()
    assert post(client, path, is_sure="y", proof_secret=make.PASSWORD).status_code == 303
    assert hood.actor("ali").dwellings == ()


def test_doubles_are_looked_for_shown_and_made_one(client: FlaskClient, hood: Neighbourhood) -> None:
    add_double(hood)
    sign_in(client, "sanne")
    noor = f"{LINDE}/mensen/{person(hood, 'noor')}"
    assert "Zoek de ander." in page_of(client, f"{noor}/samenvoegen")
    found = page_of(client, post(client, f"{noor}/samenvoegen", name="noor").location)
    other = person(hood, "double")
    assert f"samenvoegen/{other}" in found
    assert f"samenvoegen/{person(hood, 'noor')}" not in found
    preview = page_of(client, f"{noor}/samenvoegen/{other}")
    assert "Noor de Proef blijft" in visible(preview)
    assert "Noor Proef verdwijnt" in visible(preview)
    assert post(client, f"{noor}/samenvoegen/{other}").status_code == 422
    assert post(client, f"{noor}/samenvoegen/{other}", is_sure="y").location == noor
    assert client.get(f"{LINDE}/mensen/{other}").status_code == 404
    again = post(client, f"{noor}/samenvoegen/{other}", is_sure="y")
    assert (again.status_code, again.location) == (303, noor), "a second tap is the first"
    assert "Dat was al zo. Noor de Proef staat er één keer." in visible(page_of(client, noor))
    assert client.get(f"{LINDE}/mensen/{person(hood, 'ali')}/samenvoegen/{other}").status_code == 404


def test_nobody_of_another_room_is_merged(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "sanne")
    noor = f"{LINDE}/mensen/{person(hood, 'noor')}"
    fatma = person(hood, "fatma")
    for other in (fatma, "x", "%00"):
        assert client.get(f"{noor}/samenvoegen/{other}").status_code == 404
        assert post(client, f"{noor}/samenvoegen/{other}", is_sure="y").status_code == 404
