"""Calendars that are followed: what is in them, who can read them, and for how long."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar
from sqlalchemy import text

from ontmoet.bookings.calendar import Certainty, Entry, feed
from ontmoet.bookings.ending import lapse_overdue
from ontmoet.bookings.states import CancelReason, Status
from ontmoet.bookings.taking import take_offer
from ontmoet.calendars import views
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.lifecycle.merging import BY_HAND
from ontmoet.my_data.erasing import erase
from ontmoet.people.feeds import reader_by_token
from tests import builders as make
from tests.bookings.deeds import cancel, change, close, close_over, seen
from tests.bookings.test_closing import marks
from tests.calendars.reading import events
from tests.cast import sign_in, token_in
from tests.fixtures import TUESDAY
from tests.samples import span
from tests.watching import rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

MINE = "/mijn/agenda"
AWKWARD = "Soep; brood, \\n BEGIN:VEVENT <script>"


def press(client: FlaskClient, deed: str) -> None:
    token = token_in(client.get(MINE).get_data(as_text=True))
    assert client.post(MINE, data={"csrf_token": token, "deed": deed}).location == MINE


def address(client: FlaskClient) -> str:
    """The path of the feed that stands on the page; empty when there is none."""
    page = client.get(MINE).get_data(as_text=True)
    found = re.search(r"http://127.0.0.1:8000(/agenda/[0-9a-z]{28}\.ics)", page)
    return found[1] if found else ""


def made(client: FlaskClient, name: str = "noor") -> str:
    sign_in(client, name)
    press(client, "make")
    return address(client)


def test_own_calendar_has_all_of_a_person_and_nothing_of_others(
    client: FlaskClient, hood: Neighbourhood, moment: Move
) -> None:
    path = made(client)
    kept = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", purpose=AWKWARD)
    moved = seen(hood, hood.book("noor", "2027-03-27 14:00", "2027-03-27 16:00"))
    off = hood.book("noor", "2026-12-02 14:00", "2026-12-02 16:00", purpose="Breien")
    hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00", purpose="Van Ali")
    change(hood, "noor", moved, "2027-03-28 10:00", "2027-03-28 12:00")
    cancel(hood, "noor", off)
    stranger = hood.app.test_client()
    answer = stranger.get(path)
    found = {event["UID"]: event for event in events(answer.data)}
    assert set(found) == {f"{one}@ontmoet" for one in (kept, moved.public_id, off)}
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/calendar", "no-store")
    told = found[f"{kept}@ontmoet"]
    assert (told["SUMMARY"], told["SEQUENCE"], told["STATUS"]) == (AWKWARD, 0, "CONFIRMED")
    told = found[f"{moved.public_id}@ontmoet"]
    assert (told.start, told["SEQUENCE"]) == (make.at("2027-03-28 10:00"), 1)
    assert b"DTSTART;TZID=Europe/Amsterdam:20270328T100000" in answer.data
    told = found[f"{off}@ontmoet"]
    assert (told["SUMMARY"], told["SEQUENCE"], told["STATUS"]) == ("Gaat niet door: Breien", 1, "CANCELLED")
    assert max(map(len, answer.data.split(b"\r\n"))) <= 75
    assert stranger.get(path).data == answer.data
    with statements(hood.app) as asked:
        stranger.get(path)
    assert len(asked) == 2
    (alone,) = Calendar.from_ical(client.get(f"/reserveringen/{off}/agenda.ics").data).walk("VEVENT")
    assert [alone[each] for each in ("UID", "SEQUENCE", "STATUS")] == [f"{off}@ontmoet", 1, "CANCELLED"]
    moment(timedelta(weeks=10))
    assert [event["UID"] for event in events(stranger.get(path).data)] == [f"{moved.public_id}@ontmoet"]


def test_request_is_only_asked_and_lapses_at_once_with_one_sequence(
    hood_on_both: Neighbourhood, moment: Move
) -> None:
    hood, client = hood_on_both, hood_on_both.app.test_client()
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    path = made(client)
    hood.book("noor", "2026-12-10 14:00", "2026-12-10 16:00")
    (event,) = events(client.get(path).data)
    assert (event["SUMMARY"], event["STATUS"]) == ("Aangevraagd: De Linde", "TENTATIVE")
    moment(timedelta(hours=73))
    (read,) = events(client.get(path).data)
    hood.book("ali", "2026-12-11 14:00", "2026-12-11 16:00")  # whoever writes notes it
    (written,) = events(client.get(path).data)
    for event in (read, written):
        assert (event["SUMMARY"], event["SEQUENCE"], event["STATUS"]) == (
            "Gaat niet door: De Linde",
            1,
            "CANCELLED",
        )


def test_request_of_which_the_time_will_be_shut_is_off(client: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    path = made(client)
    hood.book("noor", "2026-12-10 14:00", "2026-12-10 16:00")
    day = span("2026-12-10 00:00", "2026-12-11 00:00")
    close_over(hood, day, seen=marks(hood, day))
    [event] = events(client.get(path).data)
    assert (event["SUMMARY"], event["SEQUENCE"], event["STATUS"]) == (
        "Gaat niet door: De Linde",
        1,
        "CANCELLED",
    )


def test_what_somebody_waits_for_is_in_no_calendar_until_it_is_theirs(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    first = hood.book("ali", "2026-11-28 14:00", "2026-11-28 16:00")
    given_up = hood.book("noor", "2026-11-28 15:00", "2026-11-28 17:00", or_wait=True)
    cancel(hood, "noor", given_up)
    waits = hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00", or_wait=True)
    path = made(client)
    assert events(client.get(path).data) == []
    cancel(hood, "ali", first)
    assert events(client.get(path).data) == []
    [held] = events(client.get("/r/de-linde/agenda.ics").data)
    assert (held["uid"], held["status"]) == (f"{waits}@ontmoet", Certainty.SURE)
    found, actor = seen(hood, waits), hood.actor("noor")
    with hood.app.app_context(), unit_of_work():
        take_offer(found, actor=actor, now=TUESDAY)
    [mine] = events(client.get(path).data)
    assert (mine["uid"], mine["status"]) == (f"{waits}@ontmoet", Certainty.SURE)


def test_what_somebody_waited_for_while_it_will_be_shut_never_stands_in_a_calendar(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    kitchen = hood.book("ali", "2026-11-28 14:00", "2026-11-28 16:00", zone="keuken")
    waits = hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00", zone="", or_wait=True)
    close(hood, span("2026-11-28 12:00", "2026-11-28 18:00"), "grote-zaal")
    assert [seen(hood, each).status for each in (kitchen, waits)] == [Status.CONFIRMED, Status.LAPSED]
    assert events(client.get(made(client)).data) == []


@pytest.mark.parametrize("has_a_turn", [True, False])
def test_what_somebody_waited_for_in_vain_never_stands_in_a_calendar(
    client: FlaskClient, hood: Neighbourhood, moment: Move, *, has_a_turn: bool
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
    first = hood.book("ali", "2026-11-28 14:00", "2026-11-28 16:00")
    waits = hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00", or_wait=True)
    mine = hood.book("noor", "2026-11-29 14:00", "2026-11-29 16:00")
    if not has_a_turn:
        cancel(hood, "ali", first)
    moment(make.at("2026-11-28 12:00") - TUESDAY)
    with hood.app.app_context(), unit_of_work():
        lapse_overdue(hood.linde, now=clock.now())
    assert seen(hood, waits).reason is (CancelReason.CLASH if has_a_turn else CancelReason.FAIR_USE)
    assert [each["uid"] for each in events(client.get(made(client)).data)] == [f"{mine}@ontmoet"]


def test_address_is_asked_for_shown_again_made_anew_and_ended(
    client: FlaskClient, hood: Neighbourhood, capsys: pytest.CaptureFixture[str]
) -> None:
    path = made(client)
    assert address(client) == path
    press(client, "make")
    assert address(client) == path
    page = client.get(MINE).get_data(as_text=True)
    assert f'href="webcal://127.0.0.1:8000{path}"' in page
    assert "om-qr" in page
    press(client, "renew")
    newer = address(client)
    assert [client.get(one).status_code for one in (path, newer)] == [404, 200]
    secret = newer.removeprefix("/agenda/").removesuffix(".ics")
    assert secret not in str(rows(hood.app, "select * from calendar_feed, audit"))
    press(client, "end")
    assert (address(client), client.get(newer).status_code) == ("", 404)
    press(client, "end")
    recorded = rows(hood.app, "select action from audit where action like 'calendar%' order by id")
    assert [row[0] for row in recorded] == [
        "calendar_feed_made",
        "calendar_feed_made",
        "calendar_feed_ended",
    ]
    assert secret not in "".join(capsys.readouterr())


def test_address_needs_somebody_who_said_who_it_is(
    client: FlaskClient, hood: Neighbourhood, moment: Move
) -> None:
    assert client.get(MINE).location == f"/inloggen?next={MINE}"
    path = made(client)
    moment(timedelta(hours=1))
    assert client.get(MINE).location == f"/mijn/gegevens/bevestigen?next={MINE}"
    assert client.get(path).status_code == 200
    token = token_in(client.get("/mijn").get_data(as_text=True))
    assert client.post(MINE, data={"csrf_token": token, "deed": "end"}).status_code == 303
    assert client.get(path).status_code == 200
    client.post("/uitloggen/overal", data={"csrf_token": token})
    assert client.get(path).status_code == 404


def test_who_left_or_was_somebody_else_has_no_calendar(client: FlaskClient, hood: Neighbourhood) -> None:
    path = made(client)
    with hood.app.app_context():
        with unit_of_work():
            erase(hood.people["noor"], by=None, now=TUESDAY)
        assert execute(text("select count(*) from calendar_feed")).scalar() == 0
    assert client.get(path).status_code == 404
    assert "calendar_feed" in BY_HAND


def test_guessing_is_slowed_and_a_right_address_goes_on(
    client: FlaskClient, hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "GUESSES", 2)
    path = made(client)
    guesses = [client.get(f"/agenda/{'0' * 27}{last}.ics") for last in "123"]
    assert [guess.status_code for guess in guesses] == [404, 404, 429]
    assert guesses[-1].headers["Retry-After"] == "900"
    assert client.get("/agenda/kort.ics").status_code == 429
    assert client.get(path).status_code == 200
    with hood.app.app_context():
        assert reader_by_token("0" * 28) is None


def test_calendar_of_a_room_says_taken_of_a_request(client: FlaskClient, hood: Neighbourhood) -> None:
    wished = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", purpose="Geheim feest")
    with hood.app.app_context(), unit_of_work():
        statement = (
            "update booking set status = 'requested', visibility = 'open', lapses_at = starts_at"
            " where public_id = :one"
        )
        execute(text(statement), one=wished)
    [event] = events(client.get("/r/de-linde/agenda.ics").data)
    assert (event["SUMMARY"], event["STATUS"]) == ("Bezet (Grote zaal)", "CONFIRMED")


def test_calendar_of_a_room_names_nobody_and_is_told_once(client: FlaskClient, hood: Neighbourhood) -> None:
    taken = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", purpose="Geheim feest")
    shown = hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00", purpose="Koffie voor allen", zone="")
    hood.book("noor", "2026-11-28 14:00", "2026-11-28 16:00", room="plein", zone="")
    with hood.app.app_context(), unit_of_work():
        execute(text("update booking set visibility = 'open' where public_id = :one"), one=shown)
    close(hood, span("2026-12-01 08:00", "2026-12-03 22:00"))
    answer = client.get("/r/de-linde/agenda.ics")
    found = events(answer.data)
    assert [(event["SUMMARY"], event["UID"]) for event in found[:2]] == [
        ("Bezet (Grote zaal)", f"{taken}@ontmoet"),
        ("Koffie voor allen", f"{shown}@ontmoet"),
    ]
    assert [(event["SUMMARY"], event.start.astimezone(UTC)) for event in found[2:]] == [
        ("Gesloten: Nieuwe vloer", make.at("2026-12-01 08:00"))
    ]
    calendar = Calendar.from_ical(answer.data)
    assert (calendar["X-WR-CALNAME"], calendar["X-PUBLISHED-TTL"]) == ("De Linde", "PT1H")
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert b"Noor" not in answer.data
    assert b"Geheim" not in answer.data
    mark = {"If-None-Match": answer.headers["ETag"]}
    with statements(hood.app) as asked:
        assert client.get("/r/de-linde/agenda.ics", headers=mark).status_code == 304
    assert len(asked) == 1
    cancel(hood, "noor", taken)
    again = client.get("/r/de-linde/agenda.ics", headers=mark)
    assert (again.status_code, len(events(again.data))) == (200, 2)
    assert client.get("/r/is-er-niet/agenda.ics").status_code == 404
    page = client.get("/r/de-linde/agenda/telefoon").get_data(as_text=True)
    assert 'href="webcal://127.0.0.1:8000/r/de-linde/agenda.ics"' in page
    assert "Er staan geen namen in." in visible(page)
    assert "/r/de-linde/agenda/telefoon" in client.get("/r/de-linde/agenda").get_data(as_text=True)


@pytest.mark.parametrize(
    ("starts", "told"),
    [
        ("2026-10-25T00:30Z", "DTSTART;TZID=Europe/Amsterdam:20261025T023000"),
        ("2026-10-25T01:30Z", "DTSTART:20261025T013000Z"),
        ("2027-03-28T00:30Z", "DTSTART;TZID=Europe/Amsterdam:20270328T013000"),
        ("2027-03-28T01:30Z", "DTSTART;TZID=Europe/Amsterdam:20270328T033000"),
    ],
)
def test_both_nights_on_which_the_clock_changes(starts: str, told: str) -> None:
    begin = datetime.fromisoformat(starts)
    entry = Entry("a@b", 0, TUESDAY, begin, begin + timedelta(hours=1), "Nacht", "", "", Certainty.SURE)
    body = feed("De Linde", [entry])
    assert told in body.decode()
    (event,) = events(body)
    assert event.start.astimezone(UTC) == begin
