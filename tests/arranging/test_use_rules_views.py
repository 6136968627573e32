"""Rules for booking as a browser changes them: what they mean first, then saved for who books from now on."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ontmoet.arranging.use_rules import Reason, Settings, Unfit
from ontmoet.arranging.use_rules_wording import meaning, say, unfit_lines, unfit_title
from ontmoet.kernel.objections import Objection
from tests.cast import booking_form, sign_in, token_in
from tests.samples import ALL_DAY, NOW
from tests.watching import inputs, rows, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

PATH = "/r/de-linde/reserveerregels"
FIELDS = {
    "own": "meteen",
    "open": "meteen",
    "shortest": "30",
    "longest": "480",
    "usual": "120",
    "quota": "",
    "quota_from": "",
    "horizon": "180",
    "series": "366",
    "buffer": "0",
}
FOUR_EVENINGS = Settings(True, False, 4, 1080, 30, 120, 180, 180, 15, 366)


@pytest.fixture
def sanne(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    """Staff of De Linde, signed in."""
    sign_in(client, "sanne")
    return client


def words(answer: TestResponse) -> str:
    return " ".join(visible(answer.get_data(as_text=True)).split())


def send(client: FlaskClient, **fields: str) -> TestResponse:
    """The form as the page gives it, with these fields filled in."""
    page = client.get(PATH).get_data(as_text=True)
    sent = {"csrf_token": token_in(page), "seen": inputs(page)["seen"], **FIELDS, **fields}
    return client.post(PATH, data=sent)


def rules_of(hood: Neighbourhood) -> list[object]:
    """What the room has: lengths, horizon, buffer, and the rule for own use."""
    [room] = rows(
        hood.app,
        "select shortest_minutes, usual_minutes, longest_minutes, horizon_days, buffer_minutes,"
        " series_days"
        " from room where id = :it",
        it=hood.linde,
    )
    own = rows(
        hood.app,
        "select needs_approval, quota, quota_from from use_rule where room_id = :it and kind = 'own'",
        it=hood.linde,
    )
    return [*room, *[(bool(row[0]), row[1], row[2]) for row in own]]


def test_meaning_is_told_in_whole_sentences(hood: Neighbourhood) -> None:
    today = NOW.date()
    with hood.app.test_request_context():
        said = " ".join(meaning(FOUR_EVENINGS, ALL_DAY, today=today)).replace("\u00a0", " ")
        assert said == (
            "Een buur wil op vrijdag om 19:00 uur komen. "
            "Dat mag tot 3 uur achter elkaar, en minstens 30 minuten. We stellen 2 uur voor. "
            "Elk adres mag 4 avonden per maand. Een avond begint om 18:00 uur of later. "
            "De beheergroep zegt eerst ja. Tot dan houden we de tijd vast. "
            "Reserveren kan nu tot en met 23 mei 2027. "
            "Een vaste groep kan een reeks maken, tot en met 25 november 2027. "
            "Daarna blijft de ruimte 15 minuten leeg, om op te ruimen. "
            "Is het een activiteit voor iedereen? Dan staat het meteen vast. "
            "Komt er een organisatie, of wordt de ruimte verhuurd? Dan zegt de beheergroep altijd eerst ja."
        )

        def tell(**changes: object) -> str:
            settings = replace(FOUR_EVENINGS, **changes)
            return " ".join(meaning(settings, ALL_DAY, today=today)).replace("\u00a0", " ")

        assert "Dat mag zo vaak als er plek is. De" in tell(quota=None)
        assert "Elk adres mag 4 keer per maand." in tell(quota_from=0)
        assert "Elk adres mag 4 keer per maand vanaf 12:00 uur." in tell(quota_from=720)
        assert "Alleen vanaf 21:00 uur mag elk adres 4 keer per maand." in tell(quota_from=1260)
        assert "Dat mag 2 uur, niet korter en niet langer." in tell(shortest=120, longest=120)
        assert "Wie erna komt, mag er meteen in." in tell(buffer=0)
        assert "dan is de ruimte nu dicht" in tell(shortest=240, usual=240, longest=240)
        assert {say(Objection(reason)) for reason in Reason} != {""}
        found = Unfit(3, 1, 2, 0, 0, 0)
        assert unfit_title(found) == "3 reserveringen die nog komen, passen niet bij deze regels"
        assert unfit_lines(found) == ["Te lang: 2", "Te kort: 1"]


def test_rules_are_looked_at_and_saved_and_bookings_stay(sanne: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-25 10:00", "2026-11-25 16:00")
    wanted = {"longest": "180", "quota": "4", "quota_from": "18:00", "own": "vragen", "buffer": "15"} | {
        "series": "90"
    }
    look = send(sanne, **wanted)
    assert look.status_code == 200
    assert "1 reservering die nog komt, past niet bij deze regels Te lang: 1" in words(look)
    assert "Elk adres mag 4 avonden per maand." in words(look)
    assert rules_of(hood) == [30, 120, 480, 180, 0, 366]
    assert send(sanne, **wanted, step="save").status_code == 303
    assert rules_of(hood) == [30, 120, 180, 180, 15, 90, (True, 4, 1080)]
    assert "tot 3 uur achter elkaar" in words(sanne.get(PATH))
    assert rows(hood.app, "select status from booking") == [("confirmed",)]
    [row] = rows(hood.app, "select actor_id, changes from audit where action = 'use_rules_changed'")
    assert row[0] == hood.people["sanne"]
    assert '"longest": [480, 180]' in row[1]
    assert '"horizon_days"' not in row[1]
    assert send(sanne, **wanted, step="save").status_code == 303
    assert len(rows(hood.app, "select 1 from audit where action = 'use_rules_changed'")) == 1


def test_who_has_the_form_open_is_judged_by_the_new_rule(sanne: FlaskClient, hood: Neighbourhood) -> None:
    noor = hood.app.test_client()
    sign_in(noor, "noor")
    long = booking_form(noor, starts="14:00", ends="18:00")
    short = booking_form(noor, starts="10:00", ends="12:00")
    assert send(sanne, longest="180", own="vragen", step="save").status_code == 303
    refused = noor.post("/r/de-linde/reserveren", data=long)
    assert (refused.status_code, "Reserveer hoogstens 3 uur." in words(refused)) == (422, True)
    assert noor.post("/r/de-linde/reserveren", data=short).status_code == 303
    assert rows(hood.app, "select status from booking") == [("requested",)]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"longest": "15"}, "longest"),
        ({"usual": "15"}, "usual"),
        ({"usual": "uren"}, "usual"),
        ({"own": "misschien"}, "own"),
        ({"quota": "0"}, "quota"),
        ({"quota": "\u0664"}, "quota"),
        ({"quota": "4", "quota_from": "25:00"}, "quota_from"),
        ({"quota": "4", "quota_from": "24:00"}, "quota_from"),
        ({"horizon": "401"}, "horizon"),
        ({"horizon": "9" * 200_000}, "horizon"),
        ({"series": "6"}, "series"),
        ({"series": "801"}, "series"),
        ({"buffer": ""}, "buffer"),
        ({"buffer": "-1"}, "buffer"),
    ],
)
def test_what_is_no_rule_is_refused_at_its_field(
    sanne: FlaskClient, hood: Neighbourhood, typed: dict[str, str], field: str
) -> None:
    for step in ("", "save"):
        answer = send(sanne, **typed, step=step)
        assert answer.status_code == 422
        assert re.findall(r'id="(\w+)-error"', answer.get_data(as_text=True)) == [field]
    assert inputs(answer.get_data(as_text=True))["buffer"] == typed.get("buffer", "0")
    assert rules_of(hood) == [30, 120, 480, 180, 0, 366]


def test_form_that_was_not_ours_is_malformed(sanne: FlaskClient) -> None:
    for seen in ("", "x", "9" * 100_000):
        assert send(sanne, seen=seen).status_code == 400


def test_second_of_two_sees_what_changed_and_decides(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    clients = {}
    for name in ("sanne", "mo"):
        clients[name] = hood.app.test_client()
        sign_in(clients[name], name)
    page = clients["sanne"].get(PATH).get_data(as_text=True)
    mine = {
        "csrf_token": token_in(page),
        "seen": inputs(page)["seen"],
        **FIELDS,
        "quota": "2",
        "step": "save",
    }
    assert send(clients["mo"], buffer="30", step="save").status_code == 303
    answer = clients["sanne"].post(PATH, data=mine)
    assert answer.status_code == 422
    told = words(answer).split("Intussen is dit veranderd:", 1)[1].split("Hieronder", 1)[0]
    assert told.strip() == "Daarna blijft de ruimte 30 minuten leeg, om op te ruimen."
    found = inputs(answer.get_data(as_text=True))
    assert (found["quota"], found["buffer"]) == ("2", "0")
    assert rules_of(hood)[4:] == [30, 366, (False, None, 0)]
    decided = {**mine, "seen": found["seen"], "buffer": "30"}
    assert clients["sanne"].post(PATH, data=decided).status_code == 303
    assert rules_of(hood)[4:] == [30, 366, (False, 2, 0)]


@pytest.mark.parametrize("who", ["noor", "bram", "riet", "fatma"])
def test_only_board_staff_and_administrators_change_rules(
    client: FlaskClient, hood: Neighbourhood, who: str
) -> None:
    sign_in(client, who)
    assert client.get(PATH).status_code == 403
    if who == "fatma":
        assert client.get("/r/het-plein/reserveerregels").status_code == 200


def test_pages_of_rules_cost_few_statements(sanne: FlaskClient, hood: Neighbourhood) -> None:
    page = inputs(sanne.get(PATH).get_data(as_text=True))
    with statements(hood.app) as seen:
        sanne.get(PATH)
    with statements(hood.app) as looking:
        sanne.post(PATH, data={**page, **FIELDS, "longest": "180"})
    assert (len(seen), len(looking)) == (1, 2)
