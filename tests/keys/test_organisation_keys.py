"""Keys that an organisation has: its contact hears, sees them, and may say if it is so (KB-01)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from ontmoet.bookings.queries import booking_by_public_id
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.keys.organisation_keys import organisation
from ontmoet.keys.reminding import remind_of_keys
from ontmoet.keys.rules import CABINET, LOST, News
from ontmoet.keys.way_in import way_in
from ontmoet.rooms.queries import room_by_id
from tests import builders as make
from tests.builders import at
from tests.cast import sign_in
from tests.keys.deeds import Ring, a_key, told
from tests.keys.test_key_views import page_of, press
from tests.keys.test_told import by_telephone, letters
from tests.watching import errors, public_id_of, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

DEED = "aan-een-organisatie"
WELFARE = organisation(1)


def give(client: FlaskClient, ring: Ring, **fields: str) -> int:
    which = public_id_of(ring.app, "organisation", 1)
    return press(client, ring, DEED, **{"organisation": which, "due": "never", **fields}).status_code


def browser(hood: Neighbourhood, name: str) -> FlaskClient:
    client = hood.app.test_client()
    sign_in(client, name)
    return client


def test_organisation_gets_a_key_for_good_and_its_contact_says_that_it_is_so(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    sign_in(client, "bram")
    assert "Aan een organisatie geven" in visible(page_of(client, ring))
    form = client.get(f"/sleutels/{ring.public_id}/{DEED}").get_data(as_text=True)
    assert 'value="never" checked' in form
    assert f'value="{public_id_of(hood.app, "organisation", 1)}" checked' in form
    assert "Welzijn Proefwijk Riet de Proef" in " ".join(visible(form).split())
    assert give(client, ring) == 303
    assert (ring.now.holder, ring.now.due_at, ring.now.is_one_sided) == (WELFARE, None, True)
    assert told(hood) == [("key_given", "riet")]
    [said] = by_telephone(hood, News.GIVEN)
    assert said.startswith("Welzijn Proefwijk kreeg sleutel 1 van De Linde. Jullie mogen hem houden.")
    (letter,) = letters(hood, News.GIVEN)
    assert letter is not None
    assert letter.to == "riet@proef.example"
    shown = " ".join(visible(page_of(client, ring)).split())
    assert "Nu bij Welzijn Proefwijk" in shown
    assert "Contactpersoon: Riet de Proef" in shown
    listed = " ".join(visible(client.get("/r/de-linde/sleutels").get_data(as_text=True)).split())
    assert "Bij Welzijn Proefwijk, vast, hoeft niet terug" in listed

    riet = browser(hood, "riet")
    asked = " ".join(visible(page_of(riet, ring)).split())
    assert "Bram de Proef schreef op dat jullie de sleutel kregen." in asked
    assert "hiervoor" not in asked, "who had it before is not for them"
    mine = " ".join(visible(riet.get("/mijn/sleutels").get_data(as_text=True)).split())
    assert "voordeur en keuken, bij Welzijn Proefwijk, vast, hoeft niet terug" in mine
    assert press(riet, ring, "klopt").status_code == 303
    assert ring.now.is_one_sided is False


def test_key_that_an_organisation_has_for_good_is_the_way_in_for_its_booking(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    a_key(hood)
    sign_in(client, "bram")
    assert give(client, ring) == 303
    booking = hood.book("riet", "2026-11-24 15:00", "2026-11-24 17:00")
    with hood.app.app_context():
        view = booking_by_public_id(booking, now=clock.now())
        assert view is not None
        room, now = room_by_id(hood.linde), clock.now()
        for_welfare, for_another = (replace(view, organisation_id=which) for which in (1, 2))
        with hood.app.test_request_context():
            ours = [(way.title, way.line) for way in way_in(for_welfare, room, now=now)]
            theirs = [way.title for way in way_in(for_another, room, now=now)]
    assert ours == [("Sleutel 1", "Bij Welzijn Proefwijk")]
    assert theirs == ["Haal de sleutel bij Bram de Proef"]


def test_second_tap_is_the_first_and_whoever_is_second_is_told(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    seen = ring.now.custody_id
    sign_in(client, "bram")
    which = {"organisation": public_id_of(hood.app, "organisation", 1), "due": "never"}
    assert [press(client, ring, DEED, seen=seen, **which).status_code for _ in range(2)] == [303, 303]
    assert press(browser(hood, "sanne"), ring, DEED, seen=seen, **which).status_code == 409
    assert told(hood) == [("key_given", "riet")]


def test_contact_brings_it_back_or_reports_it_lost_and_hears_when_others_do(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "bram")
    riet = browser(hood, "riet")
    ring, lost, taken, wrong = (a_key(hood) for _ in range(4))
    for key in (ring, lost, taken, wrong):
        assert give(client, key) == 303
    before = len(told(hood))
    assert press(riet, ring, "neem", condition="good").status_code == 303
    assert (ring.now.holder, ring.now.is_one_sided) == (CABINET, True)
    assert press(riet, lost, "kwijt").status_code == 303
    assert lost.now.holder == LOST
    assert press(client, taken, "neem", condition="good").status_code == 303
    assert press(riet, wrong, "klopt-niet").status_code == 303
    assert wrong.now.holder == WELFARE, "it stays with them until it is sorted out"
    assert "Jullie zeiden dat dit niet klopt." in riet.get(f"/sleutels/{wrong.public_id}").get_data(True)
    heard = told(hood)[before:]
    assert sorted(heard) == sorted(
        [
            ("key_brought_back", "bram"),
            ("key_lost", "bram"),
            ("key_lost", "sanne"),
            ("key_taken_back", "riet"),
            ("key_objected", "bram"),
        ]
    )
    assert by_telephone(hood, News.TAKEN_BACK) == [
        "Bedankt, sleutel 3 van De Linde is niet meer bij Welzijn Proefwijk."
    ]
    assert by_telephone(hood, News.OBJECTED)[0].startswith("Welzijn Proefwijk zegt sleutel 4")
    assert all(key.breaks() == [] for key in (ring, lost, taken, wrong))


def test_only_who_comes_for_it_in_this_room_may_know(client: FlaskClient, hood: Neighbourhood) -> None:
    ring, elsewhere = a_key(hood), a_key(hood, room_id=hood.plein)
    with hood.app.app_context():
        other = make.make_organisation(name="Zorg Proefwijk")
        for name, where, whose in (("ali", hood.linde, other), ("noor", hood.plein, 1)):
            make.make_role(
                person_id=hood.people[name], function=Function.PARTNER, room_id=where, organisation_id=whose
            )
    sign_in(client, "bram")
    assert give(client, ring) == 303
    fatma = browser(hood, "fatma")
    assert give(fatma, elsewhere) == 303
    for name, sees in (("ali", []), ("riet", [ring]), ("noor", [elsewhere])):
        somebody = browser(hood, name)
        listed = somebody.get("/mijn/sleutels").get_data(as_text=True)
        for key in (ring, elsewhere):
            status = 200 if key in sees else 404
            assert somebody.get(f"/sleutels/{key.public_id}").status_code == status, name
            assert (key.public_id in listed) == (key in sees), name


def test_organisation_that_does_not_work_here_or_did_not_agree_gets_none(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    with hood.app.app_context():
        make.make_organisation(name="Zorg Proefwijk")
    sign_in(client, "bram")
    page = client.get(f"/sleutels/{ring.public_id}/{DEED}").get_data(as_text=True)
    assert "Zorg Proefwijk" not in page
    for which in ("", "0000000000", public_id_of(hood.app, "organisation", 2)):
        answer = press(client, ring, DEED, organisation=which, due="never")
        assert answer.status_code == 422
        said = errors(answer.get_data(as_text=True))
        assert said == {"organisation": said["organisation"]}
        assert said["organisation"].startswith("Kies welke organisatie de sleutel krijgt.")
    with hood.app.app_context():
        version = make.make_rules(room_id=hood.linde)
    refused = press(client, ring, DEED, organisation=public_id_of(hood.app, "organisation", 1), due="never")
    assert refused.status_code == 422
    assert "Niemand van deze organisatie doet nog mee met de huisregels." in visible(
        refused.get_data(as_text=True)
    )
    assert ring.now.holder == CABINET
    with hood.app.app_context():
        make.make_acceptance(person_id=hood.people["riet"], rules_version_id=version)
    assert give(client, ring) == 303


def test_late_key_of_an_organisation_is_asked_of_its_contact(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    ring = a_key(hood)
    sign_in(client, "bram")
    assert give(client, ring, due="tonight") == 303
    assert ring.now.due_at == at("2026-11-24 21:00")
    assert "Breng hem terug voor dinsdag 24 november 21:00" in by_telephone(hood, News.GIVEN)[0]
    moment(timedelta(hours=12))
    with hood.app.app_context(), unit_of_work():
        remind_of_keys(clock.now())
    assert told(hood)[1:] == [("key_late", "riet"), ("key_late_for_keeper", "bram")]
    assert by_telephone(hood, News.LATE_FOR_KEEPER)[0].startswith("Welzijn Proefwijk heeft sleutel 1")


def test_keeper_hears_once_of_a_key_with_an_organisation_that_comes_no_more(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    ring = a_key(hood)
    sign_in(client, "bram")
    assert give(client, ring) == 303
    with hood.app.app_context(), unit_of_work():
        remind_of_keys(clock.now())
        execute(text("update role set until = '2026-11-25' where function = 'partner'"))
    moment(timedelta(days=1))
    for _ in range(2):
        with hood.app.app_context(), unit_of_work():
            remind_of_keys(clock.now())
    assert told(hood)[1:] == [("key_unreachable", "bram")]
    assert "niemand komt hier nog namens Welzijn Proefwijk" in by_telephone(hood, News.UNREACHABLE)[0]
    bram = browser(hood, "bram")
    assert "Niemand komt hier nog namens deze organisatie." in visible(page_of(bram, ring))


def test_pages_with_an_organisation_cost_few_statements(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    sign_in(client, "bram")
    assert give(client, ring) == 303
    counts = []
    for path in ("", f"/{DEED}"):
        client.get(f"/sleutels/{ring.public_id}{path}")
        with statements(hood.app) as seen:
            assert client.get(f"/sleutels/{ring.public_id}{path}").status_code == 200
        counts.append(len(seen))
    riet = browser(hood, "riet")
    riet.get("/mijn/sleutels")
    with statements(hood.app) as seen:
        riet.get("/mijn/sleutels")
    counts.append(len(seen))
    assert counts == [4, 3, 3]
