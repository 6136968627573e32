"""A room is filled in, opened, renamed and closed by its own people."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ontmoet.arranging import actions, in_the_way
from ontmoet.arranging.queries import complex_of, sheet_of
from ontmoet.arranging.rules import Reason, Seen
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.queries import room_by_id, room_by_slug
from tests import builders as make
from tests.arranging.deeds import SHEET, add_room, press, save, sheet_fields
from tests.cast import sign_in
from tests.watching import errors, public_id_of, rows, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood


@pytest.fixture
def sanne(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    sign_in(client, "sanne")
    return client


@pytest.fixture
def mo(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    sign_in(client, "mo")
    return client


def test_staff_changes_a_room_and_the_door_shows_it(sanne: FlaskClient, hood: Neighbourhood) -> None:
    answer = save(sanne, SHEET, welcome="Kom binnen.", area_m2="120", facilities="lift")
    assert (answer.status_code, answer.location) == (303, SHEET)
    page = visible(sanne.get("/r/de-linde").get_data(as_text=True))
    assert "Kom binnen." in page
    assert "Lift" in page
    done = rows(hood.app, "select changes from audit where action = 'room_changed'")
    assert [row.changes for row in done] == ['{"fields": ["area_m2", "facilities", "welcome"]}']


def test_what_cannot_be_is_said_at_its_field_and_kept(sanne: FlaskClient) -> None:
    answer = save(sanne, SHEET, area_m2="veel", access_policy="iedereen")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="veel"' in page
    assert 'id="area_m2-error"' in page
    assert "access_policy" in errors(page)


def test_no_part_is_larger_than_its_room(mo: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        parts = room_by_id(hood.linde).zones
    largest = max(parts, key=lambda part: part.capacity)
    sanne = hood.app.test_client()
    sign_in(sanne, "sanne")
    answer = save(sanne, SHEET, capacity=str(largest.capacity - 1))
    assert answer.status_code == 422
    said = f"In het deel {largest.name} mogen {largest.capacity} mensen."
    assert said in errors(answer.get_data(as_text=True))["capacity"]
    assert save(sanne, SHEET, capacity=str(largest.capacity)).status_code == 303
    # A room that is one whole follows.
    lindehof = public_id_of(hood.app, "complex", 1)
    add_room(mo, name="Eik", complex_id=lindehof, capacity="20")
    assert save(mo, "/r/eik/inrichting", capacity="12", contact="").status_code == 303
    assert (12,) in rows(hood.app, "select capacity from zone where slug = 'zaal'")


def test_live_room_keeps_what_it_must_have(sanne: FlaskClient, hood: Neighbourhood) -> None:
    answer = save(sanne, SHEET, address="")
    assert answer.status_code == 422
    assert "De ruimte is open" in answer.get_data(as_text=True)
    with hood.app.app_context():
        assert room_by_id(hood.linde).address == "Proefstraat 1"


def test_board_changes_what_it_tells_and_nothing_else(hood: Neighbourhood) -> None:
    client = hood.app.test_client()
    sign_in(client, "fatma")
    path = "/r/het-plein/inrichting"
    assert 'name="capacity"' not in client.get(path).get_data(as_text=True)
    assert save(client, path, welcome="Voor het hele plein.", capacity="3").status_code == 303
    with hood.app.app_context():
        room = room_by_id(hood.plein)
    assert (room.welcome, room.capacity) == ("Voor het hele plein.", 40)


def test_room_without_a_contact_is_saved_with_a_warning(sanne: FlaskClient) -> None:
    save(sanne, SHEET, contact="")
    page = visible(sanne.get(SHEET).get_data(as_text=True))
    assert "Er is nog geen aanspreekpunt bij de corporatie." in page


def test_second_writer_sees_field_by_field_what_changed_and_decides(hood: Neighbourhood) -> None:
    first, second = hood.app.test_client(), hood.app.test_client()
    sign_in(first, "sanne")
    sign_in(second, "sanne")
    begun = sheet_fields(second.get(SHEET).get_data(as_text=True))
    save(first, SHEET, welcome="Van de eerste.", town="Elders", typology="cpo")
    refused = second.post(SHEET, data={**begun, "welcome": "Van de tweede.", "typology": "kh"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    for chosen in ("Van de eerste.", "Ruimte van een woongroep"):
        assert f"Een ander veranderde dit net in: ‘{chosen}’" in visible(page)
    again = sheet_fields(page)
    # What only the other changed is taken over; what both changed is for the writer to decide.
    assert (again["town"], again["welcome"]) == ("Elders", "Van de tweede.")
    assert second.post(SHEET, data=again).status_code == 303
    with hood.app.app_context():
        room = room_by_id(hood.linde)
    assert (room.town, room.welcome) == ("Elders", "Van de tweede.")


def test_no_last_write_wins_on_either_database(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    actor = hood.actor("sanne")
    with hood.app.app_context():
        found = sheet_of(hood.linde, today=day_of(clock.now()))
        seen = Seen.of(found.values)

        def write(**wanted: str) -> None:
            with unit_of_work():
                actions.change_room(
                    hood.linde, wanted, seen=seen, seen_version=found.version, actor=actor, now=clock.now()
                )

        write(town="Elders")
        with pytest.raises(Refused) as refused:
            write(town="Nergens")
        assert [(o.reason, o.field) for o in refused.value.objections] == [(Reason.CHANGED_BY_BOTH, "town")]
        # Another field is no clash.
        write(welcome="Welkom.")
        room = room_by_id(hood.linde)
    assert (room.town, room.welcome) == ("Elders", "Welkom.")


def test_new_room_says_what_misses_and_opens_once_it_is_there(mo: FlaskClient, hood: Neighbourhood) -> None:
    lindehof = public_id_of(hood.app, "complex", 1)
    wanted = {"name": "De Eik", "complex_id": lindehof, "capacity": "20", "idempotency_key": make.new_key()}
    for _tap in range(2):
        made = add_room(mo, **wanted)
        assert (made.status_code, made.location) == (303, "/r/de-eik/inrichting")
    assert mo.get("/r/de-eik").location == "/r/de-eik/beheer"
    page = " ".join(visible(mo.get("/r/de-eik/inrichting").get_data(as_text=True)).split())
    assert "3 adressen mogen de ruimte gebruiken. Buren van buiten tellen mee." in page
    assert "Daarna kan de ruimte open. Het adres De plaats Wat voor ruimte het is Hoe groot" in page
    press(mo, "/r/de-eik/inrichting/openzetten")
    assert mo.get("/r/de-eik").location == "/r/de-eik/beheer"
    save(mo, "/r/de-eik/inrichting", address="Eik 1", town="Hofwijk", typology="kh", area_m2="30", contact="")
    with hood.app.app_context():
        room = room_by_slug("de-eik")
        assert room is not None
        with unit_of_work():
            execute(
                text("insert into opening (room_id, weekday, opens, closes) values (:room, 0, 480, 1320)"),
                room=room.room_id,
            )
    assert "Zet open voor reserveren" in mo.get("/r/de-eik/inrichting").get_data(as_text=True)
    assert press(mo, "/r/de-eik/inrichting/openzetten").location == "/r/de-eik"
    assert mo.get("/r/de-eik").status_code == 200


def test_pages_of_a_room_that_is_not_open_lead_who_runs_it_to_the_management(
    mo: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        complex_id = complex_of(hood.linde)
        make.make_room(complex_id=complex_id, slug="later", address="", town="", live_at=None)
    for path in ("", "/agenda", "/agenda/afdrukken", "/reserveren"):
        answer = mo.get(f"/r/later{path}", follow_redirects=True)
        assert answer.request.path == "/r/later/beheer"
        assert "Deze ruimte is nog niet open." in visible(answer.get_data(as_text=True))
    # What is printed before knows no address that is not there.
    for path in ("nood", "poster", "brieven"):
        page = visible(mo.get(f"/r/later/{path}").get_data(as_text=True))
        assert " , " not in page
    assert "Wie nu met een brief meedoet, kan nog niet reserveren." in page


def test_database_refuses_a_live_room_that_misses_something(hood_on_both: Neighbourhood) -> None:
    with hood_on_both.app.app_context():
        for change in ("typology = null", "area_m2 = null", "address = ''", "town = ''"):
            with pytest.raises(IntegrityError), unit_of_work():
                execute(text(f"update room set {change} where id = :id"), id=hood_on_both.linde)  # noqa: S608 - ours


def test_room_gets_another_name_and_printed_codes_go_on_working(sanne: FlaskClient) -> None:
    answer = press(sanne, f"{SHEET}/naam", name="De Grote Linde")
    assert answer.location == "/r/de-grote-linde/inrichting"
    old = sanne.get("/r/de-linde/agenda?week=2026-W48")
    assert (old.status_code, old.location) == (308, "/r/de-grote-linde/agenda?week=2026-W48")
    assert sanne.get("/r/de-linde", follow_redirects=True).status_code == 200
    # The first name comes back, and the second goes on working.
    assert press(sanne, "/r/de-grote-linde/inrichting/naam", name="De Linde").location == SHEET
    assert sanne.get("/r/de-grote-linde").location == "/r/de-linde"
    assert sanne.get("/r/de-linde").status_code == 200


def test_second_tap_on_another_name_changes_nothing(sanne: FlaskClient, hood: Neighbourhood) -> None:
    # A room elsewhere is called so too.
    assert press(sanne, f"{SHEET}/naam", name="Het Plein").location == "/r/het-plein-2/inrichting"
    again = press(sanne, "/r/het-plein-2/inrichting/naam", name="Het Plein")
    assert again.location == "/r/het-plein-2/inrichting"
    assert press(sanne, "/r/het-plein-2/inrichting/naam", name="Het plein").location == again.location
    assert rows(hood.app, "select count(*) from audit where action = 'room_renamed'") == [(2,)]
    assert rows(hood.app, "select slug from old_slug") == [("de-linde",)]


def test_room_is_not_called_as_another_in_its_complex(sanne: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        complex_id = complex_of(hood.linde)
        actions.add_room(complex_id, "De Eik", 20, actor=hood.actor("mo"), now=clock.now())
    answer = press(sanne, f"{SHEET}/naam", name="De Eik")
    assert answer.status_code == 422
    assert errors(answer.get_data(as_text=True)) == {"name": "Deze naam is er al. Kies een andere."}


def test_who_name_something_at_once_wait_for_each_other(hood_on_both: Neighbourhood) -> None:
    hood, mo = hood_on_both, hood_on_both.actor("mo")

    def renamed(room_id: int) -> str:
        with hood.app.app_context(), unit_of_work():
            return actions.rename(room_id, "De Eik", actor=mo, now=clock.now())

    def added(_: int) -> bool:
        try:
            with hood.app.app_context(), unit_of_work():
                actions.add_complex("Eikenhof", actor=mo, now=clock.now())
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(renamed, [hood.linde, hood.plein])) == ["de-eik", "de-eik-2"]
        assert sorted(pool.map(added, range(4))) == [False, False, False, True]


@pytest.mark.parametrize(
    ("asked", "now"),
    [
        ("x%0d%0aSet-Cookie:a=b", "x%0D%0ASet-Cookie%3Aa%3Db"),
        ("a%00b", "a%00b"),
        ("a%3fb%25", "a%3Fb%25"),
        ("%e2%82%ac", "%E2%82%AC"),
        ("%ff", "%EF%BF%BD"),
        ("..%5c..%2fx", "..%5C../x"),
        ("agenda?van=2026-11-25T14:00&x=%0d%0aA:b", "agenda?van=2026-11-25T14:00&x=%0d%0aA:b"),
        ("agenda?x=\xe9\r\n", "agenda?x=%C3%A9%0D%0A"),
    ],
)
def test_old_name_leads_on_whatever_stands_behind_it(sanne: FlaskClient, asked: str, now: str) -> None:
    press(sanne, f"{SHEET}/naam", name="De Grote Linde")
    path, _, query = asked.partition("?")
    answer = sanne.get(f"/r/de-linde/{path}", query_string=query)
    assert (answer.status_code, answer.location) == (308, f"/r/de-grote-linde/{now}")
    assert "Set-Cookie" not in answer.headers


def test_room_closes_for_good_once_nothing_is_booked(sanne: FlaskClient, hood: Neighbourhood) -> None:
    booked = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00")
    assert f"/reserveringen/{booked}" in sanne.get(f"{SHEET}/sluiten").get_data(as_text=True)
    assert press(sanne, f"{SHEET}/sluiten", step="close").status_code == 422
    press(sanne, f"/reserveringen/{booked}/afzeggen", reason="defect")
    assert press(sanne, f"{SHEET}/sluiten", step="close").location == "/r/de-linde"
    assert "Sinds 24 november 2026" in visible(sanne.get("/r/de-linde").get_data(as_text=True))
    main = sanne.get("/").get_data(as_text=True).split("<main", 1)[1].split("</main>", 1)[0]
    assert "/r/de-linde" not in main


def test_page_says_when_more_stands_in_the_way_than_it_shows(
    sanne: FlaskClient, hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in (14, 15):
        hood.book("noor", f"2026-11-25 {hour}:00", f"2026-11-25 {hour + 1}:00")
    assert "nog meer" not in sanne.get(f"{SHEET}/sluiten").get_data(as_text=True)
    monkeypatch.setattr(in_the_way, "MOST_LISTED", 1)
    page = visible(sanne.get(f"{SHEET}/sluiten").get_data(as_text=True))
    assert "15:00" in page
    assert "16:00" not in page
    assert "Dit zijn de eerste 1. Er zijn er nog meer." in page


def test_staff_sees_the_own_rooms_and_complexes_only(sanne: FlaskClient) -> None:
    page = sanne.get("/corporatie/beheer").get_data(as_text=True)
    assert "Lindehof" in page
    assert "/r/het-plein" not in page.split("<main", 1)[1]
    assert "Pleinhof" not in page
    assert sanne.get("/corporatie/beheer/ruimtes/nieuw").status_code == 404


def test_list_of_rooms_is_not_there_for_others(hood: Neighbourhood) -> None:
    for name in ("noor", "bram", "fatma", "riet"):
        client = hood.app.test_client()
        sign_in(client, name)
        assert client.get("/corporatie/beheer").status_code == 404


def test_emergency_page_is_for_everybody_and_says_what_the_room_wrote(
    sanne: FlaskClient, hood: Neighbourhood
) -> None:
    save(sanne, SHEET, emergency_water="Draai de kraan in de hal dicht.")
    page = hood.app.test_client().get("/r/de-linde/nood").get_data(as_text=True)
    words = " ".join(visible(page).split())
    assert "Bel 112. Zeg dit adres: Proefstraat 1, Proefwijk." in words
    assert "Er lekt water Draai de kraan in de hal dicht." in words


def test_emergency_page_lets_you_call_wherever_it_says_so(hood: Neighbourhood) -> None:
    page = hood.app.test_client().get("/r/de-linde/nood").get_data(as_text=True)
    assert len(re.findall('href="tel:112"', page)) == 1
    # Of all that can be pressed, it stands out.
    assert re.findall(r'<a class="[^"]*--primary-action[^>]* href="([^"]*)"', page) == ["tel:112"]
    assert re.findall(r"<button class=\"[^\"]*--primary-action", page) == []
    # Under 112, and at the door, the water and the power about which this room says nothing itself; and below
    # the page, as everywhere.
    assert re.findall('href="tel:([^"]*)"', page)[1:] == ["08005550000"] * 5


def test_pages_stay_within_their_statements(sanne: FlaskClient, hood: Neighbourhood) -> None:
    found = {}
    for path in (SHEET, f"{SHEET}/zones", f"{SHEET}/gebruik", "/corporatie/beheer", "/r/de-linde/nood"):
        sanne.get(path)
        with statements(hood.app) as asked:
            assert sanne.get(path).status_code == 200
        found[path] = len(asked)
    assert found == {
        SHEET: 2,
        f"{SHEET}/zones": 1,
        f"{SHEET}/gebruik": 4,
        "/corporatie/beheer": 3,
        "/r/de-linde/nood": 2,
    }


def test_function_that_ended_is_no_contact_to_choose(sanne: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        other = make.make_person(name="Kees van Kantoor")
        make.make_role(person_id=other, function=Function.HOST, room_id=hood.linde)
    assert "Kees van Kantoor" not in sanne.get(SHEET).get_data(as_text=True)
