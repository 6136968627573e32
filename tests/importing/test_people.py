"""People out of a list: who is new, who is there, whose an e-mail address is; and looking is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ontmoet.db import unit_of_work
from ontmoet.importing.actions import judge, store
from ontmoet.importing.columns import Kind
from ontmoet.importing.people import judge_people, store_people
from ontmoet.importing.reading import read
from ontmoet.importing.rules import State, rows_under
from ontmoet.importing.wording import line_of
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from tests import builders as make
from tests.cast import sign_in
from tests.importing.test_views import seal_in, send
from tests.watching import row_counts, rows, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from ontmoet.importing.actions import Report
    from ontmoet.importing.rules import Row
    from tests.cast import Neighbourhood

PATH = "/corporatie/beheer/inlezen/mensen"
HEADS = "naam;adres;telefoon;e-mail;bericht;taal"
LIST = (
    f"{HEADS}\r\n"
    "Henk Mulder;linde-16;612345678;;;\r\n"
    "Els Jansen;linde-14b;;Els@Proef.Example;;engels\r\n"
    "Els Jansen;linde-16;;els@proef.example;;\r\n"
    "Toon Smit;linde-2;;;briefje;\r\n"
)


def listed(*lines: str) -> list[Row]:
    return rows_under(Kind.PEOPLE, read("\r\n".join((HEADS, *lines)).encode()))


def judged(hood: Neighbourhood, *lines: str) -> Report:
    with hood.app.app_context():
        return judge(Kind.PEOPLE, listed(*lines), now=clock.now())


def test_people_live_where_the_list_says_and_come_in_by_letter_or_link(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    before = row_counts(hood.app, "person", "residency", "credential", "message", "session")
    people = rows_under(Kind.PEOPLE, read(LIST.encode()))
    with hood.app.app_context():
        report = judge(Kind.PEOPLE, people, now=clock.now())
        with unit_of_work():
            store(Kind.PEOPLE, people, report, report.seal, actor_id=None, now=clock.now())
        assert judge(Kind.PEOPLE, people, now=clock.now()).number(State.ALREADY) == len(people)
    assert row_counts(hood.app, *before) == {
        **before,
        "person": before["person"] + 3,
        "residency": before["residency"] + 4,
    }
    assert rows(
        hood.app,
        "select name, phone, email, channel, language, password_hash from person"
        " where name in ('Henk Mulder', 'Els Jansen', 'Toon Smit') order by name",
    ) == [
        ("Els Jansen", None, "els@proef.example", "mail", "en", None),
        ("Henk Mulder", "0612345678", None, "call", "nl", None),
        ("Toon Smit", None, None, "print", "nl", None),
    ]
    [(changes,)] = rows(hood.app, "select changes from audit where action = 'list_imported'")
    assert "Henk" not in changes


def test_what_cannot_be_is_told_at_its_column(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        outside = make.make_home(complex_id=None, address_name="buur-1")
        make.make_residency(person_id=make.make_person(name="Vera"), home_id=outside)
    lines = [
        line_of(row)
        for row in judged(
            hood,
            "Noor;linde-16;;noor@proef.example;;",
            "Henk;linde-16;bel maar;;;",
            "Kim;linde-16;;geen adres;;",
            "Ans;linde-16;;;mail;",
            "Ans;linde-16;;;;",
            "Vera;buur-1;;;;",
            "Piet;linde-16;;;fax;",
            "Klaas\u0007;linde-16;;;;",
            "\u200e;linde-16;;;;",
            "Mia;linde-2;;mia@proef.example;;",
            "Mie;linde-2;;mia@proef.example;;",
        ).rows
    ]
    assert [line.split(":")[0] for line in lines if line] == [
        "Rij 2, kolom e-mail",
        "Rij 3, kolom telefoon",
        "Rij 4, kolom e-mail",
        "Rij 5, kolom bericht",
        "Rij 6, kolom naam",
        "Rij 7, kolom adres",
        "Rij 8, kolom bericht",
        "Rij 9, kolom naam",
        "Rij 10, kolom naam",
        "Rij 12, kolom e-mail",
    ]


def test_same_name_in_another_home_is_somebody_else(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        noor = rows(hood.app, "select name from person where id = 1")[0].name
    report = judged(hood, f"{noor.upper()};linde-14b;;;;", f"{noor};linde-16;;;;")
    assert [row.state for row in report.rows] == [State.ALREADY, State.NEW]


def test_whoever_sends_a_list_is_written_down_with_each_of_whom_they_learn_something(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "mo")
    noor = rows(hood.app, "select name, email from person where id = 1")[0]
    looked = send(client, PATH, f"{HEADS}\r\n{noor.name};linde-14b;;;;\r\nEls;linde-16;;;;\r\n")
    assert "1 rij is er al." in visible(looked.get_data(as_text=True))
    assert "Noor" not in looked.get_data(as_text=True).split("<main")[1]
    found = rows(hood.app, "select actor_id, object_id from audit where action = 'person_found'")
    assert found == [(hood.people["mo"], hood.people["noor"])]
    assert seal_in(looked)
    wrong = send(client, PATH, f"{HEADS}\r\nEen ander;linde-16;;{noor.email};;\r\n")
    assert wrong.status_code == 422
    assert len(rows(hood.app, "select id from audit where action = 'person_found'")) == 2


def test_address_that_somebody_took_meanwhile_is_no_crash(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    people = listed("Els;linde-16;;els@proef.example;;")
    with hood.app.app_context():
        judged_before = judge_people(people, now=clock.now())
        make.make_person(name="Een ander", email="els@proef.example")
        with pytest.raises(Refused, match="changed_meanwhile"), unit_of_work():
            store_people(judged_before, now=clock.now())
    assert rows(hood.app, "select count(*) from person where name = 'Els'") == [(0,)]
