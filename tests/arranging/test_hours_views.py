"""Opening hours as a browser changes them: nobody is cancelled, and whoever is second is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ontmoet.arranging.hours_actions import days_text, set_days, set_week
from ontmoet.arranging.hours_rules import DaysWanted, Reason, special_among, week_from, week_in
from ontmoet.arranging.hours_wording import say
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.rooms.queries import room_by_id
from ontmoet.rooms.rules import Stretch
from tests.builders import at
from tests.cast import booking_form, sign_in, token_in
from tests.watching import inputs, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

PATH = "/r/de-linde/openingstijden"
DAYS = f"{PATH}/dagen"
USUAL = ",".join(["480-1320"] * 7)


@pytest.fixture
def sanne(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    """Staff of De Linde, signed in."""
    sign_in(client, "sanne")
    return client


def words(answer: TestResponse) -> str:
    return " ".join(visible(answer.get_data(as_text=True)).split())


def send(client: FlaskClient, **fields: str) -> TestResponse:
    """The form of the week as the page gives it, with these fields filled in."""
    page = client.get(PATH).get_data(as_text=True)
    form = {name: value for name, value in inputs(page).items() if name.startswith("day_")}
    sent = {"csrf_token": token_in(page), "seen": inputs(page)["seen"], **form, **fields}
    return client.post(PATH, data=sent)


def send_days(client: FlaskClient, **fields: str) -> TestResponse:
    token = token_in(client.get(DAYS).get_data(as_text=True))
    return client.post(DAYS, data={"csrf_token": token, **fields})


def again(client: FlaskClient, answer: TestResponse, path: str, step: str = "save") -> TestResponse:
    """Press a button of the page that asks to look."""
    page = answer.get_data(as_text=True).split("<form", 2)[-1]
    sent = {
        name: value
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    }
    return client.post(path, data={**sent, "step": step})


def hours_of(hood: Neighbourhood) -> list[tuple[int, int, int]]:
    found = rows(
        hood.app,
        "select weekday, opens, closes from opening where room_id = :it order by 1, 2",
        it=hood.linde,
    )
    return [tuple(row) for row in found]


def test_staff_give_days_other_hours_and_pages_know_at_once(sanne: FlaskClient, hood: Neighbourhood) -> None:
    before = rows(hood.app, "select version from room where id = :it", it=hood.linde)[0][0]
    resident = hood.app.test_client()
    sign_in(resident, "noor")
    early = {"day": "2026-11-30", "starts": "07:00", "ends": "08:00"}
    refused = resident.post("/r/de-linde/reserveren", data=booking_form(resident, **early))
    assert "De ruimte is die dag open van 8:00–22:00 uur." in words(refused)
    answer = send(
        sanne, day_0_opens="7:00", day_0_closes="12:00", day_0_opens_2="13:00", day_0_closes_2="24:00"
    )
    assert (answer.status_code, answer.location) == (303, PATH)
    assert hours_of(hood)[:3] == [(0, 420, 720), (0, 780, 1440), (1, 480, 1320)]
    assert rows(hood.app, "select version from room where id = :it", it=hood.linde)[0][0] > before
    booked = resident.post("/r/de-linde/reserveren", data=booking_form(resident, **early))
    assert booked.status_code == 303
    [row] = rows(
        hood.app, "select actor_id, room_id, changes from audit where action = 'opening_hours_changed'"
    )
    assert tuple(row[:2]) == (hood.people["sanne"], hood.linde)
    assert '"is": "420-720+780-1440,480-1320' in row[2]
    # The same once more is the first.
    assert send(sanne).status_code == 303
    assert len(rows(hood.app, "select 1 from audit where action = 'opening_hours_changed'")) == 1


def test_monday_is_copied_and_nothing_saved_yet(sanne: FlaskClient, hood: Neighbourhood) -> None:
    copied = send(sanne, day_0_opens="9:30", day_0_closes="half vijf", step="workdays")
    page = inputs(copied.get_data(as_text=True))
    assert copied.status_code == 200
    assert [page[f"day_{day}_opens"] for day in range(7)] == ["9:30"] * 5 + ["8:00"] * 2
    assert page["day_4_closes"] == "half vijf"
    everywhere = inputs(send(sanne, day_0_opens="9:30", step="all_days").get_data(as_text=True))
    assert [everywhere[f"day_{day}_opens"] for day in range(7)] == ["9:30"] * 7
    assert hours_of(hood) == [(day, 480, 1320) for day in range(7)]


def test_who_falls_outside_is_listed_and_nobody_is_cancelled(sanne: FlaskClient, hood: Neighbourhood) -> None:
    late = hood.book("noor", "2026-11-25 20:00", "2026-11-25 22:00", people=12)
    hood.book("ali", "2026-11-25 09:00", "2026-11-25 10:00")
    look = send(sanne, day_2_closes="21:00")
    assert look.status_code == 200
    assert "1 reservering valt buiten deze tijden" in words(look)
    assert "Noor de Proef, 12 mensen, Grote zaal" in words(look)
    assert f'href="/reserveringen/{late}"' in look.get_data(as_text=True)
    assert "Ali de Proef" not in words(look)
    assert hours_of(hood)[2] == (2, 480, 1320)
    kept = inputs(again(sanne, look, PATH, "write").get_data(as_text=True))
    assert (kept["day_2_closes"], kept["seen"]) == ("21:00", USUAL)
    assert again(sanne, look, PATH).status_code == 303
    assert hours_of(hood)[2] == (2, 480, 1260)
    assert rows(hood.app, "select status from booking") == [("confirmed",), ("confirmed",)]
    assert len(rows(hood.app, "select 1 from message where kind = 'booking_cancelled'")) == 0


def test_administrator_sees_that_somebody_comes_but_not_who(client: FlaskClient, hood: Neighbourhood) -> None:
    late = hood.book("noor", "2026-11-25 20:00", "2026-11-25 22:00", people=12)
    sign_in(client, "mo")
    look = send(client, day_2_closes="21:00")
    assert "Bezet, 12 mensen, Grote zaal" in words(look)
    assert "Noor" not in words(look)
    assert late not in look.get_data(as_text=True)


def test_room_is_not_shut_for_ever_without_a_question(sanne: FlaskClient, hood: Neighbourhood) -> None:
    nothing = {f"day_{day}_{part}": "" for day in range(7) for part in ("opens", "closes")}
    look = send(sanne, **nothing)
    assert "Zo is de ruimte op geen enkele dag open." in words(look)
    assert "Ja, de ruimte blijft dicht" in words(look)
    assert len(hours_of(hood)) == 7
    assert again(sanne, look, PATH).status_code == 303
    assert hours_of(hood) == []
    assert send(sanne, day_0_opens="9:00", day_0_closes="17:00").status_code == 303


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"day_1_closes": "25:00"}, "day_1_closes", "Dinsdag tot: vul een tijd in, zoals 9:00 of 24:00."),
        ({"day_1_opens": "\u0669:\u0660\u0660"}, "day_1_opens", "Vul een tijd in"),
        ({"day_1_opens": "9" * 200_000}, "day_1_opens", "Vul een tijd in"),
        ({"day_1_opens": "vroeg"}, "day_1_opens", "Vul een tijd in"),
        ({"day_1_opens": "23:00"}, "day_1_closes", "Dinsdag: kies een eindtijd na 23:00 uur."),
        ({"day_1_closes": ""}, "day_1_closes", "Dinsdag: vul een begin en een eind in"),
        (
            {"day_1_opens_2": "21:59", "day_1_closes_2": "23:00"},
            "day_1_opens_2",
            "Begin om 22:00 uur of later.",
        ),
    ],
)
def test_what_is_no_week_is_refused_at_its_field_and_stays(
    sanne: FlaskClient, hood: Neighbourhood, typed: dict[str, str], field: str, said: str
) -> None:
    answer = send(sanne, **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.findall(r'id="(\w+)-error"', page) == [field]
    assert said in words(answer)
    found = inputs(page)
    assert {name: found[name] for name in typed} == typed
    assert hours_of(hood) == [(day, 480, 1320) for day in range(7)]


def test_form_that_was_not_ours_is_malformed(sanne: FlaskClient) -> None:
    for seen in ("", "x", "0-1,", "9" * 100_000):
        assert send(sanne, seen=seen).status_code == 400


def test_second_of_two_sees_what_changed_and_decides(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    clients = {}
    for name in ("sanne", "mo"):
        clients[name] = hood.app.test_client()
        sign_in(clients[name], name)
    page = clients["sanne"].get(PATH).get_data(as_text=True)
    assert send(clients["mo"], day_6_opens="", day_6_closes="").status_code == 303
    form = {name: value for name, value in inputs(page).items() if name.startswith("day_")}
    mine = {"csrf_token": token_in(page), "seen": inputs(page)["seen"], **form, "day_0_opens": "9:00"}
    answer = clients["sanne"].post(PATH, data=mine)
    assert answer.status_code == 422
    assert "Intussen is dit veranderd: Zondag is nu: dicht." in words(answer)
    found = inputs(answer.get_data(as_text=True))
    assert (found["day_0_opens"], found["day_6_opens"]) == ("9:00", "8:00")
    assert (0, 480, 1320) in hours_of(hood)
    decided = {**mine, "seen": found["seen"], "day_6_opens": "", "day_6_closes": ""}
    assert clients["sanne"].post(PATH, data=decided).status_code == 303
    assert hours_of(hood) == [(0, 540, 1320), *((day, 480, 1320) for day in range(1, 6))]


def test_day_is_shut_with_a_reason_and_goes_as_usual_again(sanne: FlaskClient, hood: Neighbourhood) -> None:
    late = hood.book("noor", "2026-12-24 20:00", "2026-12-24 22:00")
    hood.book("ali", "2026-12-27 09:00", "2026-12-27 10:00")
    wanted = {"first": "2026-12-24", "last": "2026-12-26", "how": "shut", "reason": "Kerst"}
    look = send_days(sanne, **wanted)
    assert "1 reservering valt buiten deze tijden" in words(look)
    assert late in look.get_data(as_text=True)
    assert row_counts(hood.app, "opening_exception") == {"opening_exception": 0}
    assert again(sanne, look, DAYS).status_code == 303
    assert row_counts(hood.app, "opening_exception") == {"opening_exception": 3}
    shown = sanne.get(PATH)
    assert "do 24 dec tot en met za 26 dec Dicht: Kerst" in words(shown)
    other = {
        "first": "2026-12-26",
        "how": "other",
        "opens": "12:00",
        "closes": "0:00",
        "reason": "Kerstdiner",
    }
    asked = send_days(sanne, **other)
    assert "Op deze dagen staat al iets. Dat vervalt: za 26 dec: Dicht: Kerst" in words(asked)
    assert again(sanne, asked, DAYS).status_code == 303
    page = words(sanne.get(PATH)).replace("Toch zoals anders ", "")
    assert "za 26 dec 12:00–24:00 uur: Kerstdiner" in page
    assert "Bewaard. Za 26 dec: 12:00–24:00 uur." in page
    usual = send_days(sanne, first="2026-12-24", last="2026-12-26", how="usual")
    assert again(sanne, usual, DAYS).status_code == 303
    assert "Bewaard. Do 24 dec tot en met za 26 dec: zoals anders." in words(sanne.get(PATH))
    assert row_counts(hood.app, "opening_exception") == {"opening_exception": 0}
    assert rows(hood.app, "select distinct status from booking") == [("confirmed",)]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"first": ""}, "first"),
        ({"first": "2026-11-23"}, "first"),
        ({"first": "kerst"}, "first"),
        ({"last": "2026-12-23"}, "last"),
        ({"last": "2027-12-24"}, "last"),
        ({"how": "zomaar"}, "how"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 81}, "reason"),
        ({"how": "other"}, "opens"),
        ({"how": "other", "opens": "9:00", "closes": "8:00"}, "closes"),
    ],
)
def test_what_is_no_day_is_refused_at_its_field(
    sanne: FlaskClient, hood: Neighbourhood, typed: dict[str, str], field: str
) -> None:
    answer = send_days(sanne, **{"first": "2026-12-24", "how": "shut", "reason": "Kerst", **typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)
    assert row_counts(hood.app, "opening_exception") == {"opening_exception": 0}


def test_second_of_two_sees_what_stands_on_a_day(hood_on_both: Neighbourhood) -> None:
    hood, day = hood_on_both, at("2026-12-24 00:00").date().replace(day=24)
    wanted = DaysWanted(day, day, (), "Kerst")
    other = DaysWanted(day, day, (Stretch(600, 720),), "Ontbijt")
    known = {"actor_id": hood.people["sanne"], "now": clock.now()}
    with hood.app.app_context():
        with unit_of_work():
            set_days(hood.linde, wanted, seen="", **known)
        with unit_of_work():
            set_days(hood.linde, wanted, seen="", **known)
        with pytest.raises(Refused, match=Reason.CHANGED_MEANWHILE), unit_of_work():
            set_days(hood.linde, other, seen="", **known)
        seen = days_text(special_among(room_by_id(hood.linde).hours, [day]))
        with unit_of_work():
            set_days(hood.linde, other, seen=seen, **known)
        room = room_by_id(hood.linde)
        assert room.hours.on(day) == (Stretch(600, 720),)
        with pytest.raises(Refused), unit_of_work():
            set_week(hood.linde, week_from(",,,,,,0-60"), seen=week_from(",,,,,,"), **known)
        assert week_in(room_by_id(hood.linde).hours) == week_from(USUAL)
    assert len(rows(hood.app, "select 1 from audit where action = 'opening_days_changed'")) == 2


@pytest.mark.parametrize("who", ["noor", "bram", "riet", "fatma"])
def test_only_board_staff_and_administrators_change_hours(
    client: FlaskClient, hood: Neighbourhood, who: str
) -> None:
    sign_in(client, who)
    for path in (PATH, DAYS):
        assert client.get(path).status_code == 403
        token = token_in(client.get("/mijn").get_data(as_text=True))
        assert client.post(path, data={"csrf_token": token, "seen": USUAL}).status_code == 403
    if who == "fatma":
        assert client.get("/r/het-plein/openingstijden").status_code == 200
        assert 'href="/r/het-plein/openingstijden"' in client.get("/r/het-plein/beheer").get_data(
            as_text=True
        )


def test_pages_of_hours_cost_few_statements(sanne: FlaskClient, hood: Neighbourhood) -> None:
    for number in range(3):
        hood.book("noor", f"2026-12-0{number + 1} 20:00", f"2026-12-0{number + 1} 22:00")
    counted = {}
    for path in (PATH, DAYS):
        sanne.get(path)
        with statements(hood.app) as seen:
            sanne.get(path)
        counted[path] = len(seen)
    page = inputs(sanne.get(PATH).get_data(as_text=True))
    nothing = {f"day_{day}_{part}": "" for day in range(7) for part in ("opens", "closes")}
    with statements(hood.app) as seen:
        sanne.post(PATH, data={"csrf_token": page["csrf_token"], "seen": page["seen"], **nothing})
    counted["look"] = len(seen)
    assert counted == {PATH: 2, DAYS: 1, "look": 2}


def test_every_reason_has_words(hood: Neighbourhood) -> None:
    facts = {"opens": 480, "closes": 720}
    with hood.app.test_request_context():
        said = {say(Objection(reason, None, facts)) for reason in Reason}
    assert len(said) == len(Reason)


def test_neighbours_read_hours_and_reasons_at_the_door_at_once(
    sanne: FlaskClient, hood: Neighbourhood
) -> None:
    stranger = hood.app.test_client()
    assert "Elke dag: 8:00–22:00 uur" in words(stranger.get("/r/de-linde")).replace("\u00a0", " ")
    assert send(sanne, day_5_opens="", day_5_closes="", day_6_opens="", day_6_closes="").status_code == 303
    assert send_days(sanne, first="2026-12-24", how="shut", reason="Kerst").status_code == 303
    assert send_days(sanne, first="2027-02-01", how="shut", reason="Schilder").status_code == 303
    found = words(stranger.get("/r/de-linde")).replace("\u00a0", " ")
    assert (
        "Maandag tot en met vrijdag: 8:00–22:00 uur Zaterdag en zondag: dicht Do 24 dec: Dicht: Kerst"
        in found
    )
    assert "Schilder" not in found
    with statements(hood.app) as seen:
        stranger.get("/r/de-linde")
    assert len(seen) == 1


def test_day_that_somebody_else_took_meanwhile_is_shown_before_it_is_overwritten(
    sanne: FlaskClient, hood: Neighbourhood
) -> None:
    hood.book("noor", "2026-12-24 20:00", "2026-12-24 22:00")
    look = send_days(sanne, first="2026-12-24", how="shut", reason="Kerst")
    mo = hood.app.test_client()
    sign_in(mo, "mo")
    other = send_days(mo, first="2026-12-24", how="other", opens="9:00", closes="23:00", reason="Kerstfeest")
    assert other.status_code == 303, "nobody falls outside longer hours"
    late = again(sanne, look, DAYS)
    told = words(late).replace("\u00a0", " ")
    assert late.status_code == 422
    assert "Iemand anders heeft dit net veranderd." in told
    assert "Dat vervalt: do 24 dec: 9:00–23:00 uur: Kerstfeest" in told
    assert again(sanne, late, DAYS).status_code == 303
    assert rows(hood.app, "select opens, reason from opening_exception") == [(None, "Kerst")]
