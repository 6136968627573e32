"""Figures of a day as a browser enters them: in the order of the sheet, and nobody overwrites another."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.attendance.actions import count
from ontmoet.attendance.retention import RETENTIONS
from ontmoet.attendance.rules import Reason
from ontmoet.attendance.wording import say
from ontmoet.db import unit_of_work
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.my_data.declared import PERSONAL
from tests.attendance.deeds import MONDAY, PATH, form_of, send
from tests.cast import sign_in
from tests.fixtures import TUESDAY
from tests.watching import errors, inputs, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood


@pytest.fixture
def bookings(hood: Neighbourhood, moment: Callable[[timedelta], None]) -> list[str]:
    """Two bookings of Monday, which are over; the clock is back at Tuesday."""
    return booked_on_monday(hood, moment)


def booked_on_monday(hood: Neighbourhood, moment: Callable[[timedelta], None]) -> list[str]:
    moment(timedelta(days=-2))
    made = [
        hood.book("noor", "2026-11-23 16:00", "2026-11-23 18:00", people=4, purpose="Geheim feest"),
        hood.book("ali", "2026-11-23 10:00", "2026-11-23 12:00", zone=""),
    ]
    moment(timedelta(days=2))
    return made


@pytest.fixture
def bram(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    """The host of De Linde, signed in."""
    sign_in(client, "bram")
    return client


def counted(hood: Neighbourhood) -> dict[str | None, int]:
    found = rows(
        hood.app,
        "select b.public_id, a.people from attendance a left join booking b on b.id = a.booking_id",
    )
    return {row.public_id: row.people for row in found}


def test_day_is_entered_in_the_order_of_the_sheet(
    bram: FlaskClient, hood: Neighbourhood, bookings: list[str]
) -> None:
    party, coffee = bookings
    with statements(hood.app) as seen:
        page = bram.get(MONDAY).get_data(as_text=True)
    assert len(seen) == 6
    fields = [name for name in inputs(page) if name not in ("csrf_token", "dag", "seen")]
    assert fields == [coffee, party, "inloop"]
    sheet = visible(bram.get("/r/de-linde/agenda/afdrukken?dag=2026-11-23").get_data(as_text=True))
    words = ["10:00–12:00", "Bezet, hele ruimte", "16:00–18:00", "Bezet, grote zaal", "Inloop"]
    for text in (visible(page), sheet):
        places = [text.index(word) for word in words]
        assert places == sorted(places)
        assert "Geheim feest" not in text
        assert "Noor" not in text

    answer = send(bram, form_of(bram), **{coffee: "12", party: " 0 ", "inloop": ""})
    assert (answer.status_code, answer.headers["Location"]) == (303, MONDAY)
    assert counted(hood) == {coffee: 12, party: 0}
    shown = bram.get(MONDAY).get_data(as_text=True)
    assert "Bewaard." in visible(shown)
    assert "Samen: 12 mensen." in visible(shown)
    assert inputs(shown)[coffee] == "12"
    assert inputs(shown)["inloop"] == ""


def test_correction_keeps_what_it_was_in_the_audit_and_a_second_tap_changes_nothing(
    hood_on_both: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    hood = hood_on_both
    _party, coffee = booked_on_monday(hood, moment)
    client = hood.app.test_client()
    sign_in(client, "bram")
    send(client, form_of(client), **{coffee: "12", "inloop": "3"})
    form = form_of(client)
    for _ in range(2):
        assert send(client, form, **{coffee: "13", "inloop": ""}).status_code == 303
    assert counted(hood) == {coffee: 13}
    audit = rows(hood.app, "select changes from audit where action = 'attendance_counted' order by id")
    assert [json.loads(row.changes) for row in audit] == [
        {"day": "2026-11-23", "was": {coffee: None, "inloop": None}, "is": {coffee: 12, "inloop": 3}},
        {"day": "2026-11-23", "was": {coffee: 12, "inloop": 3}, "is": {coffee: 13, "inloop": None}},
    ]


def test_second_of_two_sees_the_other_figure_and_decides(
    bram: FlaskClient, hood: Neighbourhood, bookings: list[str]
) -> None:
    party, coffee = bookings
    sanne = hood.app.test_client()
    sign_in(sanne, "sanne")
    form = form_of(sanne)
    send(bram, form_of(bram), **{coffee: "12", party: "4"})
    answer = send(sanne, form, **{coffee: "15", "inloop": "2"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "10:00–12:00 Bezet, hele ruimte: Iemand anders vulde hier net 12 in." in visible(page)
    # What Sanne left as she saw it is shown as Bram made it.
    assert (inputs(page)[coffee], inputs(page)[party], inputs(page)["inloop"]) == ("15", "4", "2")
    assert counted(hood) == {coffee: 12, party: 4}
    assert sanne.post(PATH, data=inputs(page)).status_code == 303
    assert counted(hood) == {coffee: 15, party: 4, None: 2}


def test_absurd_figure_is_asked_back_once(
    bram: FlaskClient, hood: Neighbourhood, bookings: list[str]
) -> None:
    party, coffee = bookings
    answer = send(bram, form_of(bram), **{party: "41", coffee: "45", "inloop": "136"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Klopt 41? Er passen 40 mensen in." in visible(page)
    assert "Klopt 136? Er passen 45 mensen in." in visible(page)
    assert "Klopt 45?" not in visible(page)
    assert row_counts(hood.app, "attendance") == {"attendance": 0}
    sure = inputs(page)
    assert bram.post(PATH, data={**sure, "inloop": "400"}).status_code == 422
    assert bram.post(PATH, data=sure).status_code == 303
    assert counted(hood) == {party: 41, coffee: 45, None: 136}
    # What stands there already is not asked again.
    assert send(bram, form_of(bram), **{coffee: "44"}).status_code == 303


def test_how_to_fill_it_in_is_read_before_the_first_field(bram: FlaskClient, hood: Neighbourhood) -> None:
    """Also by who hears the form from its beginning."""
    hood.book("noor", "2026-11-24 16:00", "2026-11-24 18:00")
    page = bram.get(PATH).get_data(as_text=True)
    first = page.index('inputmode="numeric"')
    for words in ("Niet geteld? Laat het leeg.", "Wat nog bezig is of nog komt, staat hier na afloop."):
        assert 0 < page.index(words) < first


@pytest.mark.parametrize("typed", ["-1", "2001", "3,5", "twaalf", "٣", "9" * 50])
def test_what_is_no_number_stays_in_its_field(
    bram: FlaskClient, hood: Neighbourhood, bookings: list[str], typed: str
) -> None:
    answer = send(bram, form_of(bram), inloop=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert errors(page).keys() == {"inloop"}
    assert page.count("<title>Fout: ") == 1
    assert inputs(page)["inloop"] == typed
    assert row_counts(hood.app, "attendance") == {"attendance": 0}


def test_day_to_come_and_booking_to_come_are_not_counted(bram: FlaskClient, hood: Neighbourhood) -> None:
    later = hood.book("noor", "2026-11-24 16:00", "2026-11-24 18:00")
    page = bram.get(PATH).get_data(as_text=True)
    assert list(inputs(page)) == ["csrf_token", "dag", "seen", "inloop"]
    assert "Wat nog bezig is of nog komt, staat hier na afloop." in visible(page)
    assert "16:00" not in visible(page)
    forged = bram.post(PATH, data={**inputs(page), later: "4", "inloop": "5"})
    assert forged.status_code == 303
    assert counted(hood) == {None: 5}
    tomorrow = bram.get(f"{PATH}?dag=2026-11-25")
    assert "Deze dag moet nog komen." in visible(tomorrow.get_data(as_text=True))
    sent = bram.post(PATH, data={**inputs(page), "dag": "2026-11-25"})
    assert sent.status_code == 422
    assert counted(hood) == {None: 5}
    with hood.app.app_context(), unit_of_work(), pytest.raises(Refused) as refused:
        count(
            hood.linde,
            (TUESDAY + timedelta(days=1)).date(),
            {later: 4},
            seen={},
            actor_id=hood.people["bram"],
            now=TUESDAY,
        )
    assert refused.value.objections == (Objection(Reason.NOT_YET),)


@pytest.mark.parametrize("day", ["2000-01-08", "2099-12-31"])
def test_first_and_last_days_have_a_page_and_lead_nowhere_else(
    bram: FlaskClient, hood: Neighbourhood, day: str
) -> None:
    page = bram.get(f"{PATH}?dag={day}").get_data(as_text=True)
    for link in re.findall(r'href="([^"]*dag=[^"]*)"', page):
        where = link if link.startswith("/") else f"{PATH}{link}"
        assert bram.get(where).status_code == 200, where


@pytest.mark.parametrize(
    "fields", [{"dag": "gisteren"}, {"dag": "2026-02-30"}, {"seen": "inloop"}, {"sure": "x=y"}]
)
def test_what_we_did_not_make_is_malformed(
    bram: FlaskClient, hood: Neighbourhood, fields: dict[str, str]
) -> None:
    assert bram.post(PATH, data={**form_of(bram), **fields}).status_code == 400


def test_headcount_is_a_trace_of_use_unless_nobody_came(
    bram: FlaskClient, hood: Neighbourhood, bookings: list[str]
) -> None:
    party, coffee = bookings
    send(bram, form_of(bram), **{party: "0", coffee: "7"})
    traces = (
        "select b.public_id from use_trace t join booking b on b.id = t.booking_id where kind = 'headcount'"
    )
    assert [row.public_id for row in rows(hood.app, traces)] == [coffee]
    send(bram, form_of(bram), **{party: "3", coffee: ""})
    assert [row.public_id for row in rows(hood.app, traces)] == [party]


def test_who_has_no_function_here_may_not_count(client: FlaskClient, hood: Neighbourhood) -> None:
    assert client.get(MONDAY).headers["Location"].startswith("/inloggen?next=")
    for who, expected in (("noor", 403), ("fatma", 403), ("riet", 403), ("sanne", 200), ("mo", 200)):
        visitor = hood.app.test_client()
        sign_in(visitor, who)
        assert visitor.get(MONDAY).status_code == expected, who


def test_who_wrote_it_down_is_told_and_forgotten_and_the_figure_stays(
    bram: FlaskClient, hood: Neighbourhood, bookings: list[str]
) -> None:
    send(bram, form_of(bram), inloop="9")
    subject = next(one for one in PERSONAL if one.name == "attendance")
    (row,) = RETENTIONS
    bram_id = hood.people["bram"]
    with hood.app.test_request_context():
        (facts,) = subject.export(bram_id)
        assert facts["Mensen geteld"] == 9
        assert row.count(TUESDAY) == 0
        with unit_of_work():
            assert row.forget(TUESDAY + timedelta(seconds=1)) == 1
        assert subject.export(bram_id) == []
    assert counted(hood) == {None: 9}


def test_every_reason_has_its_words(hood: Neighbourhood) -> None:
    facts = {"there": 12, "figure": 41, "capacity": 40}
    with hood.app.test_request_context():
        assert len({say(Objection(reason, "x", facts)) for reason in Reason}) == len(Reason)
        assert "leeg" in say(Objection(Reason.CHANGED_MEANWHILE, "x", {"there": None}))
