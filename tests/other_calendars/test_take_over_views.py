"""The board of a room sends the calendar that it had elsewhere: looked at, then what fits of it."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import db, execute, unit_of_work
from ontmoet.kernel.gate import Gate
from ontmoet.other_calendars import views
from ontmoet.other_calendars.reading import read_calendar
from tests.cast import sign_in
from tests.sending import send_file
from tests.watching import errors, inputs, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from ontmoet.other_calendars.rules import ReadCalendar, Window
    from tests.cast import Neighbourhood

PATH = "/r/de-linde/agenda/overnemen"


def ics(*events: str) -> bytes:
    """A calendar of these events, each as lines of a VEVENT."""
    inside = "".join(f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Elders//NL\r\n{inside}END:VCALENDAR\r\n".encode()


COFFEE = """UID:koffie@elders
DTSTART;TZID=Europe/Amsterdam:20261125T100000
DTEND;TZID=Europe/Amsterdam:20261125T120000
RRULE:FREQ=WEEKLY;COUNT=3
SUMMARY:Koffie <script>alert(1)</script>"""
CHOIR = """UID:koor@elders
DTSTART;TZID=Europe/Amsterdam:20261126T193000
DTEND;TZID=Europe/Amsterdam:20261126T213000
SUMMARY:Koor"""
BROKEN = """UID:stuk@elders
DTSTART;TZID=Europe/Amsterdam:20261127T193000
DTEND;TZID=Europe/Amsterdam:20261127T183000
SUMMARY:Andersom"""


def send(client: FlaskClient, raw: bytes, **fields: str) -> TestResponse:
    return send_file(client, PATH, "oud.ics", raw, **{"zone": "", "party": "", "people": "8", **fields})


def said(answer: TestResponse) -> str:
    return visible(answer.get_data(as_text=True))


def seal_in(answer: TestResponse) -> str:
    found = re.search(r'name="seal" value="(\w+)"', answer.get_data(as_text=True))
    return found[1] if found else ""


@pytest.fixture
def sanne(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    sign_in(client, "sanne")
    return client


def test_who_waits_for_a_calendar_to_be_read_holds_up_nobody(
    sanne: FlaskClient, hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, begun, passed = Gate(1), threading.Event(), threading.Event()

    def pass_through() -> None:
        begun.wait(10)
        with gate.passing():
            passed.set()

    def read(raw: bytes, window: Window) -> ReadCalendar:
        with hood.app.app_context():
            assert "Connections in pool: 1" in db.engine.pool.status()
        with gate.passing():
            begun.set()
            found = read_calendar(raw, window)
            assert passed.is_set()
        return found

    monkeypatch.setattr(views, "read_calendar", read)
    other = threading.Thread(target=pass_through)
    other.start()
    assert "3 afspraken zijn nieuw." in said(send(sanne, ics(COFFEE)))
    other.join()


def test_file_that_was_not_chosen_again_is_all_that_misses(sanne: FlaskClient) -> None:
    raw = ics(COFFEE)
    seal = seal_in(send(sanne, raw))
    fields = {"zone": "", "party": "", "people": "8", "seal": seal}
    forgotten = send_file(sanne, PATH, "", b"", **fields)
    assert "Er is nog niets bewaard. Kies hetzelfde bestand nog een keer." in said(forgotten)
    assert (forgotten.status_code, seal_in(forgotten)) == (422, seal)
    assert send(sanne, raw, seal=seal).status_code == 303


def test_looked_at_then_stored_and_a_second_time_nothing(sanne: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-26 20:00", "2026-11-26 22:00", zone="keuken")
    before = row_counts(hood.app, "booking", "taken_over_event")
    raw = ics(COFFEE, CHOIR, BROKEN)
    looked = send(sanne, raw)
    page = looked.get_data(as_text=True)
    assert looked.status_code == 200
    for sentence in (
        "3 afspraken zijn nieuw.",
        "1 afspraak past niet.",
        "1 afspraak kunnen we niet lezen.",
        "26 november 2026, 19:30–21:30\u00a0uur: Koor. De ruimte is dan bezet.",
        "3 keer, van 25 november 2026 tot en met 9 december 2026, 10:00–12:00\u00a0uur: Koffie",
        "Andersom, 27 november 2026, 19:30\u00a0uur: het einde is niet later dan het begin.",
    ):
        assert sentence in said(looked)
    assert "<script>alert" not in page
    assert row_counts(hood.app, "booking", "taken_over_event") == before, "nothing is stored yet"
    stored = send(sanne, raw, seal=seal_in(looked))
    assert (stored.status_code, stored.location) == (303, "/r/de-linde/agenda")
    assert row_counts(hood.app, "booking", "taken_over_event") == {"booking": 4, "taken_over_event": 3}
    assert "3 afspraken staan nu in de agenda." in visible(
        sanne.get("/r/de-linde/agenda").get_data(as_text=True)
    )
    again = send(sanne, raw)
    assert "3 afspraken waren er al." in said(again)
    assert seal_in(again) == "", "nothing is left to store"


def test_other_file_part_or_party_is_looked_at_again(sanne: FlaskClient, hood: Neighbourhood) -> None:
    seal = seal_in(send(sanne, ics(CHOIR)))
    for raw, fields in (
        (ics(CHOIR, COFFEE), {}),
        (ics(CHOIR), {"zone": "keuken"}),
        (ics(CHOIR), {"party": "corporatie"}),
        (ics(CHOIR), {"people": "9"}),
    ):
        answer = send(sanne, raw, seal=seal, **fields)
        assert (answer.status_code, "Controleer opnieuw" in visible(answer.get_data(as_text=True))) == (
            422,
            True,
        )
    assert row_counts(hood.app, "booking") == {"booking": 0}


def test_part_and_party_are_as_chosen_and_no_others(sanne: FlaskClient, hood: Neighbourhood) -> None:
    [(organisation,)] = rows(hood.app, "select public_id from organisation limit 1")
    for fields in ({"zone": "zolder"}, {"party": "0123456789"}):
        answer = send(sanne, ics(CHOIR), **fields)
        assert (answer.status_code, seal_in(answer)) == (422, "")
    chosen = {"zone": "keuken", "party": organisation}
    assert (
        send(sanne, ics(CHOIR), seal=seal_in(send(sanne, ics(CHOIR), **chosen)), **chosen).status_code == 303
    )
    [row] = rows(
        hood.app,
        "select zone.slug, organisation.public_id, use_kind, visibility from booking"
        " join zone on zone.id = zone_id join organisation on organisation.id = organisation_id",
    )
    assert tuple(row) == ("keuken", organisation, "organisation", "closed")


NONE = (b"", b"\0", b"PK\x03\x04", b"naam;adres\n", ics(), b"x" * 9_000_000)


@pytest.mark.parametrize("raw", NONE)
def test_file_that_is_no_calendar_is_refused_in_words(
    sanne: FlaskClient, hood: Neighbourhood, raw: bytes
) -> None:
    answer = send(sanne, raw)
    assert (answer.status_code, "om-error-summary" in answer.get_data(as_text=True)) == (422, True)


def test_neighbours_see_bezet_and_who_works_here_what_it_is(sanne: FlaskClient, hood: Neighbourhood) -> None:
    send(sanne, ics(CHOIR), seal=seal_in(send(sanne, ics(CHOIR))))
    day = "/r/de-linde/agenda?dag=2026-11-26"
    assert "Koor" in said(sanne.get(day))
    neighbour = hood.app.test_client()
    sign_in(neighbour, "ali")
    page = said(neighbour.get(day))
    assert ("Koor" in page, "bezet" in page) == (False, True)


def test_page_takes_few_statements(sanne: FlaskClient, hood: Neighbourhood) -> None:
    with statements(hood.app) as seen:
        sanne.get(PATH)
    assert len(seen) == 5


def test_room_that_is_closed_for_good_takes_nothing(sanne: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text("update room set closed_at = live_at where slug = 'de-linde'"))
    assert sanne.get(PATH).location == "/r/de-linde/beheer"


def test_command_judges_and_stores_only_when_told(hood: Neighbourhood, tmp_path: Path) -> None:
    path = tmp_path / "oud.ics"
    path.write_bytes(ics(COFFEE, CHOIR))
    run = hood.app.test_cli_runner().invoke
    command = ["import", "calendar", str(path), "--room", "de-linde"]
    assert "4 afspraken zijn nieuw." in run(args=command).output
    assert row_counts(hood.app, "booking") == {"booking": 0}
    assert run(args=[*command, "--apply"]).exit_code == 0
    assert row_counts(hood.app, "booking") == {"booking": 4}
    path.write_bytes(ics(COFFEE, BROKEN))
    wrong = run(args=[*command, "--apply"])
    assert (wrong.exit_code, "Andersom" in wrong.output) == (1, True)
    assert run(args=["import", "calendar", str(path), "--room", "nergens"]).exit_code == 2
    assert run(args=[*command, "--part", "zolder"]).exit_code == 2


def test_number_of_people_is_asked_once_and_no_more_than_go_in(
    sanne: FlaskClient, hood: Neighbourhood
) -> None:
    assert inputs(sanne.get(PATH).get_data(as_text=True))["people"] == "8", "as many as go into the kitchen"
    for fields, sentence in (
        ({"people": "46"}, "Hier passen 45 mensen in. Vul een kleiner aantal in."),
        (
            {"people": "9", "zone": "keuken"},
            "In dit deel (Keuken) passen 8 mensen. Vul een kleiner aantal in of kies een ander deel.",
        ),
        ({"people": "0"}, "Vul een getal in van 1 of meer."),
        ({"people": "veel"}, "Vul een heel getal in, met de cijfers 0 tot en met 9."),
    ):
        answer = send(sanne, ics(CHOIR), **fields)
        page = answer.get_data(as_text=True)
        assert (answer.status_code, seal_in(answer), errors(page)) == (422, "", {"people": sentence})
        assert inputs(page)["people"] == fields["people"], "what was typed is kept"
    looked = send(sanne, ics(CHOIR), people="45")
    assert inputs(looked.get_data(as_text=True))["people"] == "45", "for who stores it"
    send(sanne, ics(CHOIR), people="45", seal=seal_in(looked))
    assert rows(hood.app, "select people from booking") == [(45,)]


FEWER = COFFEE.replace("COUNT=3", "COUNT=2")
GONE = "Staat niet meer in het bestand, en hier nog wel"


def test_what_the_calendar_has_no_more_is_pointed_at_and_called_off_when_ticked(
    sanne: FlaskClient, hood: Neighbourhood
) -> None:
    send(sanne, ics(COFFEE, CHOIR), seal=seal_in(send(sanne, ics(COFFEE, CHOIR))))
    assert GONE not in said(send(sanne, ics(CHOIR))), "another calendar of the room says nothing"
    looked = send(sanne, ics(FEWER, CHOIR))
    page = looked.get_data(as_text=True)
    [(public_id,)] = rows(hood.app, "select public_id from booking order by starts_at desc limit 1")
    line = "9 december 2026, 10:00–12:00\u00a0uur: Koffie &lt;script&gt;alert(1)&lt;/script&gt;</a>"
    assert f'href="/reserveringen/{public_id}">{line}' in page
    assert sanne.get(f"/reserveringen/{public_id}").status_code == 200
    for sentence in (
        GONE,
        "1 afspraak staat niet meer in het bestand, en hier nog wel.",
        "1 afspraak. De tijd komt weer vrij, eerst voor wie op de wachtlijst staat.",
    ):
        assert sentence in said(looked)
    assert 'name="calls_off"' in page
    assert "checked" not in page.split('name="calls_off"')[1].split(">")[0]
    # Without the tick nothing changes, whatever else is stored.
    left = send(sanne, ics(FEWER, CHOIR), seal=seal_in(looked))
    assert left.location == "/r/de-linde/agenda"
    assert "Er is niets veranderd." in said(sanne.get(left.location))
    with_another = ics(FEWER, CHOIR.replace("UID:koor", "UID:ander").replace("20261126", "20261127"))
    looked = send(sanne, with_another)
    done = send(sanne, with_another, seal=seal_in(looked), calls_off="y")
    agenda = said(sanne.get(done.location))
    assert "1 afspraak staat nu in de agenda." in agenda
    assert "1 afspraak is afgezegd. De tijd is weer vrij." in agenda
    assert "afgezegd" in said(sanne.get(f"/reserveringen/{public_id}")).lower()
    again = send(sanne, ics(FEWER, CHOIR))
    assert (GONE in said(again), seal_in(again), "calls_off" in again.get_data(as_text=True)) == (
        False,
        "",
        False,
    )


def test_who_sees_no_bookings_gets_no_links_to_them(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "mo")
    send(client, ics(COFFEE), seal=seal_in(send(client, ics(COFFEE))))
    looked = send(client, ics(FEWER))
    assert "9 december 2026" in said(looked)
    assert "/reserveringen/" not in looked.get_data(as_text=True).split("<main")[1]


def test_what_does_not_fit_may_fit_when_its_old_time_is_free(sanne: FlaskClient, hood: Neighbourhood) -> None:
    """A series that goes to another hour: its old dates are in the way of the new ones."""
    send(sanne, ics(COFFEE), seal=seal_in(send(sanne, ics(COFFEE))))
    later = ics(COFFEE.replace("T100000", "T110000").replace("T120000", "T130000"))
    looked = send(sanne, later)
    assert "3 afspraken passen niet." in said(looked)
    assert "Lees het bestand dan nog een keer in." in said(looked)
    send(sanne, later, seal=seal_in(looked), calls_off="y")
    assert "3 afspraken zijn nieuw." in said(send(sanne, later))


def test_command_points_at_what_is_gone_and_calls_it_off_when_told(
    hood: Neighbourhood, tmp_path: Path
) -> None:
    path = tmp_path / "oud.ics"
    run = hood.app.test_cli_runner().invoke
    command = ["import", "calendar", str(path), "--room", "de-linde"]
    path.write_bytes(ics(COFFEE))
    assert "Hier passen 45 mensen in." in run(args=[*command, "--people", "46"]).output
    assert run(args=[*command, "--people", "0"]).exit_code == 2
    run(args=[*command, "--people", "12", "--apply"])
    path.write_bytes(ics(FEWER))
    line = "<script>alert(1)</script>. Staat niet meer in het bestand, en hier nog wel."
    for options in ([], ["--apply"], ["--call-off"]):
        assert line in run(args=[*command, *options]).output
    standing = "select count(*), sum(status = 'confirmed'), min(people) from booking"
    assert rows(hood.app, standing) == [(3, 3, 12)]
    done = run(args=[*command, "--apply", "--call-off"])
    assert (done.exit_code, "1 afspraak is afgezegd." in done.output) == (0, True)
    assert rows(hood.app, standing) == [(3, 2, 12)]
    assert line not in run(args=command).output


def test_dates_of_one_event_that_do_not_fit_are_told_together(
    sanne: FlaskClient, hood: Neighbourhood
) -> None:
    for day in ("2026-11-25", "2026-12-09"):
        hood.book("noor", f"{day} 11:00", f"{day} 13:00", zone="")
    assert "10:00–12:00\u00a0uur op 25 november 2026 en 9 december 2026: Koffie" in said(
        send(sanne, ics(COFFEE))
    )
