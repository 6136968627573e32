"""An administrator sends a list: looked at, then all of it or nothing."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.importing.actions import judge, store
from ontmoet.importing.columns import Kind
from ontmoet.importing.reading import read
from ontmoet.importing.rules import Reason, State, rows_under
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from tests.cast import sign_in
from tests.sending import send_file
from tests.watching import row_counts, rows, statements, visible

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from ontmoet.importing.rules import Row
    from tests.cast import Neighbourhood

HOMES = "/corporatie/beheer/inlezen/adressen"
BOOKINGS = "/corporatie/beheer/inlezen/reserveringen"
LIST = (
    "complex;adres;korte naam\r\n"
    "Eikhof;Eikstraat 1;\r\nEikhof;Eikstraat 2;eik-twee\r\nLindehof;Eikstraat 1;\r\n"
)


def send(client: FlaskClient, path: str, content: str | bytes, seal: str = "") -> TestResponse:
    raw = content.encode() if isinstance(content, str) else content
    return send_file(client, path, "lijst.csv", raw, seal=seal)


def seal_in(answer: TestResponse) -> str:
    found = re.search(r'name="seal" value="(\w+)"', answer.get_data(as_text=True))
    return found[1] if found else ""


def bookings(*lines: str) -> str:
    return "\r\n".join(("ruimte;dag;begin;einde;adres;waarvoor", *lines))


def listed(kind: Kind, content: str) -> list[Row]:
    return rows_under(kind, read(content.encode()))


@pytest.fixture
def mo(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    sign_in(client, "mo")
    return client


def test_addresses_are_looked_at_then_stored_and_a_second_time_change_nothing(
    mo: FlaskClient, hood: Neighbourhood
) -> None:
    before = row_counts(hood.app, "home", "complex", "audit", "message")
    looked = send(mo, HOMES, LIST)
    assert (looked.status_code, "3 rijen zijn nieuw." in visible(looked.get_data(as_text=True))) == (
        200,
        True,
    )
    assert row_counts(hood.app, "home", "complex", "audit", "message") == before
    assert send(mo, HOMES, LIST, seal_in(looked)).status_code == 303
    assert row_counts(hood.app, "home", "complex", "audit", "message") == {
        "home": before["home"] + 3,
        "complex": before["complex"] + 1,
        "audit": before["audit"] + 1,
        "message": before["message"],
    }
    added = rows(hood.app, "select address_name from home where address like 'Eik%' order by id")
    assert [row.address_name for row in added] == ["eik-1", "eik-twee", "eik-1-2"]
    [(changes,)] = rows(hood.app, "select changes from audit where action = 'list_imported'")
    assert "Eik" not in changes
    again = send(mo, HOMES, LIST.replace("\r\n", "\n"))
    assert "3 rijen zijn er al." in visible(again.get_data(as_text=True))
    assert seal_in(again) == "", "nothing is left to store"


def test_complexes_that_come_with_a_list_are_named_before_it_is_stored(
    mo: FlaskClient, hood: Neighbourhood
) -> None:
    page = visible(send(mo, HOMES, LIST).get_data(as_text=True))
    assert "1 complex is er nog niet en komt erbij: Eikhof." in page
    known = visible(send(mo, HOMES, "complex;adres\r\nLINDEHOF;Eikstraat 1").get_data(as_text=True))
    assert "komt erbij" not in known.split("Inlezen")[0].split("Dit staat in het bestand")[1]
    rooms = 'complex;ruimte;mensen;ook voor\r\nEikhof;De Eik;20;"Beukhof; Lindehof"\r\n'
    page = visible(send(mo, "/corporatie/beheer/inlezen/ruimtes", rooms).get_data(as_text=True))
    assert "komen erbij: Eikhof, Beukhof." in page


def test_file_that_was_not_chosen_again_is_all_that_misses(mo: FlaskClient, hood: Neighbourhood) -> None:
    seal = seal_in(send(mo, HOMES, LIST))
    forgotten = send_file(mo, HOMES, "", b"", seal=seal)
    assert forgotten.status_code == 422
    assert "Er is nog niets bewaard. Kies hetzelfde bestand nog een keer." in forgotten.get_data(as_text=True)
    assert seal_in(forgotten) == seal
    assert send(mo, HOMES, LIST, seal=seal_in(forgotten)).status_code == 303
    assert seal_in(send_file(mo, HOMES, "", b"")) == ""


def test_each_wrong_row_is_named_and_nothing_is_stored(mo: FlaskClient, hood: Neighbourhood) -> None:
    before = row_counts(hood.app, "home", "complex")
    wrong = f"{LIST}Eikhof;EIKSTRAAT 1;\r\nEikhof;Eikstraat 3;linde-16\r\n;Eikstraat 4;\r\nEikhof;???;\r\n"
    answer = send(mo, HOMES, wrong)
    text = visible(answer.get_data(as_text=True))
    assert (answer.status_code, seal_in(answer)) == (422, "")
    for sentence in (
        "Rij 5, kolom adres: Dit staat ook op rij 2.",
        "Rij 6, kolom korte naam: De korte naam linde-16 is al van een ander.",
        "Rij 7, kolom complex: Dit is leeg.",
        "Rij 8, kolom adres: Hier kunnen we geen korte naam van maken.",
    ):
        assert sentence in text
    assert row_counts(hood.app, "home", "complex") == before


@pytest.mark.parametrize("content", [b"", b"\0", b"PK\x03\x04", b"a;b\n1;2", b"x" * (9 * 1024 * 1024)])
def test_file_that_cannot_be_used_is_refused_in_words(
    mo: FlaskClient, hood: Neighbourhood, content: bytes
) -> None:
    answer = send(mo, HOMES, content)
    assert (answer.status_code, "om-error-summary" in answer.get_data(as_text=True)) == (422, True)


def test_other_file_or_a_changed_house_is_not_stored_on_an_old_seal(
    mo: FlaskClient, hood: Neighbourhood
) -> None:
    seal = seal_in(send(mo, HOMES, LIST))
    assert send(mo, HOMES, f"{LIST}Eikhof;Eikstraat 9;\r\n", seal).status_code == 422
    assert send(mo, HOMES, LIST, "nonsense").status_code == 422
    other = "complex;adres\r\nEikhof;Eikstraat 1\r\n"
    assert send(mo, HOMES, other, seal_in(send(mo, HOMES, other))).status_code == 303
    answer = send(mo, HOMES, LIST, seal)
    assert (answer.status_code, "veranderd" in visible(answer.get_data(as_text=True))) == (422, True)
    assert rows(hood.app, "select count(*) from home where address = 'Eikstraat 2'") == [(0,)]


def test_only_administrators_send_lists(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "noor")
    for path in ("/corporatie/beheer/inlezen", HOMES, f"{HOMES}/voorbeeld"):
        assert client.get(path).status_code in (403, 404)


def test_example_is_a_list_that_can_be_sent(mo: FlaskClient, hood: Neighbourhood) -> None:
    looked = send(mo, HOMES, mo.get(f"{HOMES}/voorbeeld").data)
    assert (looked.status_code, bool(seal_in(looked))) == (200, True)


def test_bookings_hold_their_room_and_overlaps_are_told(mo: FlaskClient, hood: Neighbourhood) -> None:
    good = bookings(
        "De Linde;2-3-2020;10:00;11:00;linde-16;Koffie", "de-linde;3-12-2099;10:00;11:00;;Overleg"
    )
    looked = send(mo, BOOKINGS, good)
    assert looked.status_code == 200, visible(looked.get_data(as_text=True))
    assert send(mo, BOOKINGS, good, seal_in(looked)).status_code == 303
    stored = rows(
        hood.app, "select person_id, home_id is null, for_corporation, purpose from booking where purpose in"
        " ('Koffie', 'Overleg') order by starts_at"
    )  # fmt: skip
    assert [(row[0], bool(row[1]), bool(row[2]), row[3]) for row in stored] == [
        (None, False, False, "Koffie"),
        (None, True, True, "Overleg"),
    ]
    assert "2 rijen zijn er al." in visible(send(mo, BOOKINGS, good).get_data(as_text=True))
    bad = bookings(
        "De Linde;2-3-2020;10:30;11:30;;a",
        "De Linde;4-3-2020;10:00;11:00;;b",
        "De Linde;4-3-2020;10:30;11:30;;c",
        "Elders;4-3-2020;12:00;13:00;;d",
        "De Linde;29-3-2020;02:30;04:00;;e",
        "De Linde;31-2-2020;12:00;13:00;;f",
        "De Linde;5-3-2020;13:00;12:00;;g",
        "De Linde;5-3-2020;12:00;13:00;nergens-1;h",
    )
    answer = send(mo, BOOKINGS, bad)
    text = visible(answer.get_data(as_text=True))
    assert answer.status_code == 422
    for start in (
        "Rij 2, kolom begin: De ruimte is dan al bezet",
        "Rij 4, kolom begin: De ruimte is dan al bezet",
        "Rij 5, kolom ruimte:",
        "Rij 6, kolom begin: Deze tijd is er niet",
        "Rij 7, kolom dag:",
        "Rij 8, kolom einde:",
        "Rij 9, kolom adres:",
    ):
        assert start in text
    assert "Rij 3," not in text


def test_both_products_store_both_lists_once(hood_on_both: Neighbourhood) -> None:
    app: Flask = hood_on_both.app
    homes = listed(Kind.HOMES, LIST)
    calendar = listed(
        Kind.BOOKINGS, bookings("De Linde;2-3-2020;10:00;11:00;;a", "De Linde;2-3-2020;14:00;15:00;;b")
    )
    with app.app_context():
        for kind, read_rows in ((Kind.HOMES, homes), (Kind.BOOKINGS, calendar)):
            report = judge(kind, read_rows, now=clock.now())
            with unit_of_work():
                store(kind, read_rows, report, report.seal, actor_id=None, now=clock.now())
            again = judge(kind, read_rows, now=clock.now())
            assert again.number(State.ALREADY) == len(read_rows)
            with pytest.raises(Refused) as refusal, unit_of_work():
                store(kind, read_rows, report, report.seal, actor_id=None, now=clock.now())
            assert refusal.value.objections[0].reason == Reason.CHANGED_MEANWHILE
    held = rows(
        app, "select distinct booking_id from occupancy where held_from < '2020-03-03 00:00:00+00:00'"
    )
    assert len(held) == 2


@pytest.mark.parametrize("deed", ["book", "rename", "part", "nothing"])
def test_what_changes_between_judging_and_storing_is_seen(hood_on_both: Neighbourhood, deed: str) -> None:
    app: Flask = hood_on_both.app
    calendar = listed(Kind.BOOKINGS, bookings("De Linde;25-11-2026;10:00;12:00;linde-16;a"))
    with app.app_context():
        report = judge(Kind.BOOKINGS, calendar, now=clock.now())
        if deed == "book":
            hood_on_both.book("noor", "2026-11-25 11:00", "2026-11-25 13:00")
        with unit_of_work():
            if deed == "rename":
                execute(text("update home set address_name = 'linde-17', address = 'x' where id = 2"))
            elif deed == "part":
                execute(text("update zone set ended_at = null, name = 'Andere' where slug = 'keuken'"))
        with (
            statements(app) as seen,
            nullcontext() if deed in ("nothing", "part") else pytest.raises(Refused),
            unit_of_work(),
        ):
            store(Kind.BOOKINGS, calendar, report, report.seal, actor_id=None, now=clock.now())
    asked = [one for one in seen if "from zone" in " ".join(one.lower().split())]
    assert bool(asked) == (deed != "nothing"), "what did not change is not judged again"
    assert len(rows(app, "select id from booking where purpose = 'a'")) == (deed in ("nothing", "part"))


def test_of_the_same_list_sent_by_four_at_once_one_is_stored_and_the_others_are_told(
    hood_on_both: Neighbourhood,
) -> None:
    app: Flask = hood_on_both.app
    homes = listed(Kind.HOMES, LIST)
    with app.app_context():
        report = judge(Kind.HOMES, homes, now=clock.now())

    def send_it(_number: int) -> str:
        with app.app_context():
            try:
                with unit_of_work():
                    store(Kind.HOMES, homes, report, report.seal, actor_id=None, now=clock.now())
            except Refused as refusal:
                return str(refusal.objections[0].reason)
        return "stored"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(send_it, range(4)))
    assert outcomes == [Reason.CHANGED_MEANWHILE] * 3 + ["stored"]
    assert rows(app, "select count(*) from home where address like 'Eik%'") == [(3,)]


def test_command_judges_and_stores_only_when_told(hood: Neighbourhood, tmp_path: Path) -> None:
    path = tmp_path / "adressen.csv"
    path.write_text(LIST)
    runner = hood.app.test_cli_runner()
    assert "3 rijen zijn nieuw." in runner.invoke(args=["import", "homes", str(path)]).output
    assert rows(hood.app, "select count(*) from home where address like 'Eik%'") == [(0,)]
    assert runner.invoke(args=["import", "homes", str(path), "--apply"]).exit_code == 0
    assert rows(hood.app, "select count(*) from home where address like 'Eik%'") == [(3,)]
    path.write_text("complex;adres\n;Eikstraat 1\n")
    wrong = runner.invoke(args=["import", "homes", str(path), "--apply"])
    assert (wrong.exit_code, "Rij 2, kolom complex" in wrong.output) == (1, True)
