"""The booking's own page: who sees it, changing, cancelling, and the file for one's calendar."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

from ontmoet.bookings.states import CancelReason, Status
from ontmoet.kernel.walltime import AMSTERDAM
from tests import builders as make
from tests.bookings.deeds import TRACES, cancel, change, seen
from tests.cast import booking_form, sign_in, token_in
from tests.samples import span
from tests.watching import inputs, row_counts, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

WEDNESDAY = ("2026-11-25 14:00", "2026-11-25 16:00")
PURPOSE = "Zwartpapegaaienclub"


@pytest.fixture
def public_id(hood: Neighbourhood) -> str:
    return hood.book("noor", *WEDNESDAY, people=7, purpose=PURPOSE)


def url_of(public_id: str, tail: str = "") -> str:
    return f"/reserveringen/{public_id}{tail}"


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def post(client: FlaskClient, url: str, **fields: str) -> TestResponse:
    token = token_in(text_of(client.get("/mijn")))
    return client.post(url, data={"csrf_token": token, **fields})


def test_own_page_tells_when_where_how_many_and_how_to_get_in(
    client: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    sign_in(client, "noor")
    page = visible(text_of(client.get(url_of(public_id))))
    for words in (
        "De Linde is morgen van jou",
        "14:00–16:00\u00a0uur",
        "7 mensen",
        PURPOSE,
        "Zo kom je binnen",
        "De sleutelbeheerder geeft je de sleutel.",
        "Verander de tijd",
        "Zeg af",
    ):
        assert words in page
    assert "Waarom gaat het niet door?" not in page


@pytest.mark.parametrize(
    ("name", "page", "edit", "file"),
    [
        (None, 302, 302, 302),
        ("noor", 200, 200, 200),
        ("bram", 200, 200, 200),
        ("sanne", 200, 200, 200),
        ("ali", 404, 404, 404),
        ("fatma", 404, 404, 404),
        ("riet", 404, 404, 404),
        ("mo", 404, 404, 404),
    ],
)
def test_booking_is_there_only_for_its_booker_and_who_works_in_the_room(
    client: FlaskClient,
    hood: Neighbourhood,
    public_id: str,
    name: str | None,
    page: int,
    edit: int,
    file: int,
) -> None:
    if name:
        sign_in(client, name)
    found = [client.get(url_of(public_id, tail)).status_code for tail in ("", "/wijzigen", "/agenda.ics")]
    assert found == [page, edit, file]


def test_booking_that_is_not_there_looks_like_somebody_elses(
    client: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    sign_in(client, "ali")
    others, nobodys = client.get(url_of(public_id)), client.get(url_of("zzzzzzzzzz"))
    assert (others.status_code, nobodys.status_code) == (404, 404)
    assert text_of(others) == text_of(nobodys)
    for absurd in ("1", str(2**63), "٣٣٣٣٣٣٣٣٣٣", "ABCDEFGHJK", "iiiiiiiiii", "%00"):
        assert client.get(url_of(absurd)).status_code == 404


def test_neighbour_can_neither_cancel_nor_change(
    client: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    sign_in(client, "ali")
    before = (row_counts(hood.app, *TRACES), seen(hood, public_id))
    for tail in ("/afzeggen", "/wijzigen"):
        assert post(client, url_of(public_id, tail), reason="defect", version="1").status_code == 404
    assert (row_counts(hood.app, *TRACES), seen(hood, public_id)) == before


def test_own_booking_is_cancelled_by_one_press(
    client: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    sign_in(client, "noor")
    answer = post(client, url_of(public_id, "/afzeggen"))
    assert (answer.status_code, answer.location) == (303, url_of(public_id))
    shown = text_of(client.get(url_of(public_id)))
    page = visible(shown)
    assert "Afgezegd. De tijd is weer vrij voor anderen." in page
    assert "Gaat niet door: De Linde, morgen" in page
    assert "– Gaat niet door: De Linde, morgen – Ontmoet</title>" in shown
    assert "Zeg af" not in page
    # One notice, no reason of one's own, and a way on.
    assert (shown.count('class="utrecht-alert '), "De plannen zijn veranderd." in page) == (1, False)
    assert re.search('href="/r/de-linde/reserveren"[^>]*>.*Kies een andere tijd', shown)
    assert post(client, url_of(public_id, "/afzeggen")).status_code == 303
    assert seen(hood, public_id).version == 2


def test_somebody_elses_booking_is_cancelled_with_a_reason_only(
    client: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    sign_in(client, "sanne")
    for forged in ({}, {"reason": ""}, {"reason": "no_answer"}, {"reason": "ziek"}):
        answer = post(client, url_of(public_id, "/afzeggen"), **forged)
        assert answer.status_code == 422, forged
        assert "Kies eerst een reden." in visible(text_of(answer))
        assert "<title>Fout: " in text_of(answer)
        assert 'aria-invalid="true"' in text_of(answer)
    assert seen(hood, public_id).status is Status.CONFIRMED
    assert post(client, url_of(public_id, "/afzeggen"), reason="defect").status_code == 303
    gone = seen(hood, public_id)
    assert (gone.status, gone.reason) == (Status.CANCELLED, CancelReason.DEFECT)


def test_host_cancels_somebody_elses_booking_only_because_they_asked(
    client: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    sign_in(client, "bram")
    page = visible(text_of(client.get(url_of(public_id))))
    assert ("Noor de Proef" in page, "Zeg af voor Noor" in page, "Verander de tijd" in page) == (True,) * 3
    for reason in ("defect", ""):
        assert post(client, url_of(public_id, "/afzeggen"), reason=reason).status_code == 422
    assert seen(hood, public_id).status is Status.CONFIRMED
    assert post(client, url_of(public_id, "/afzeggen"), reason="plans_changed").status_code == 303
    gone = seen(hood, public_id)
    assert (gone.status, gone.reason, gone.helper) == (Status.CANCELLED, CancelReason.PLANS_CHANGED, "Bram")
    shown = text_of(client.get(url_of(public_id)))
    [(again, words)] = re.findall(r'<a [^>]*href="(/r/de-linde/reserveren[^"]*)"[^>]*>([^<]*)', shown)
    assert words == "Kies een andere tijd voor Noor"
    assert "Wanneer wil Noor komen?" in visible(text_of(client.get(again))), "not for who helped"


def test_cancelling_what_is_over_is_a_422_in_words(client: FlaskClient, hood: Neighbourhood, moment) -> None:
    public_id = hood.book("noor", "2026-11-24 14:30", "2026-11-24 15:00")
    sign_in(client, "noor")
    moment(timedelta(hours=2))
    answer = post(client, url_of(public_id, "/afzeggen"))
    assert answer.status_code == 422
    assert "Deze reservering is al voorbij of afgezegd." in visible(text_of(answer))
    assert client.get(url_of(public_id, "/wijzigen")).location == url_of(public_id)


def test_edit_form_shows_the_booking_as_it_is_and_changes_it(
    client: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    sign_in(client, "noor")
    form = inputs(text_of(client.get(url_of(public_id, "/wijzigen"))))
    shown = {name: form[name] for name in ("day", "starts", "ends", "zone", "people", "purpose", "version")}
    assert shown == {
        "day": "2026-11-25",
        "starts": "14:00",
        "ends": "16:00",
        "zone": "grote-zaal",
        "people": "7",
        "purpose": PURPOSE,
        "version": "1",
    }
    answer = client.post(url_of(public_id, "/wijzigen"), data={**form, "ends": "17:00", "people": "9"})
    assert (answer.status_code, answer.location) == (303, url_of(public_id))
    moved = seen(hood, public_id)
    assert (moved.slot, moved.people) == (span("2026-11-25 14:00", "2026-11-25 17:00"), 9)


def test_edit_form_of_a_room_of_one_zone_changes_it(client: FlaskClient, hood: Neighbourhood) -> None:
    public_id = hood.book("fatma", *WEDNESDAY, room="plein", zone="")
    sign_in(client, "fatma")
    form = inputs(text_of(client.get(url_of(public_id, "/wijzigen"))))
    answer = client.post(url_of(public_id, "/wijzigen"), data={**form, "ends": "17:00"})
    assert answer.status_code == 303


def test_edit_preview_does_not_clash_with_the_booking_itself(
    client: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    hood.book("ali", "2026-11-25 17:00", "2026-11-25 18:00")
    sign_in(client, "noor")
    query = "?day=2026-11-25&starts=15:00&ends={}&zone=grote-zaal&people=7"
    found = {}
    for ends in ("17:00", "17:15"):
        url = url_of(public_id, "/wijzigen" + query.format(ends))
        part = text_of(client.get(url, headers={"HX-Request": "true"}))
        assert part.split('<div id="chosen"')[0].strip() in text_of(client.get(url))
        found[ends] = "dit deel bezet" in part
    assert found == {"17:00": False, "17:15": True}


def test_edit_that_clashes_keeps_the_old_time_and_what_was_typed(
    client: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    sign_in(client, "noor")
    form = inputs(text_of(client.get(url_of(public_id, "/wijzigen"))))
    answer = client.post(url_of(public_id, "/wijzigen"), data={**form, "day": "2026-11-26"})
    assert answer.status_code == 422
    assert inputs(text_of(answer))["day"] == "2026-11-26"
    assert seen(hood, public_id).slot == span(*WEDNESDAY)


@pytest.mark.parametrize("more", [{"ends": "18:00"}, {"people": "42"}])
def test_running_booking_that_cannot_have_more_is_offered_no_other_time(
    client: FlaskClient, hood: Neighbourhood, moment, more: dict[str, str]
) -> None:
    running = hood.book("noor", "2026-11-24 15:00", "2026-11-24 17:00")
    hood.book("ali", "2026-11-24 17:00", "2026-11-24 19:00")
    moment(timedelta(hours=1, minutes=30))
    sign_in(client, "noor")
    form = inputs(text_of(client.get(url_of(running, "/wijzigen"))))
    refused = client.post(url_of(running, "/wijzigen"), data={**form, **more})
    assert refused.status_code == 422
    assert 'name="offered"' not in text_of(refused), "nothing is offered that is refused"


def test_edit_in_a_second_tab_is_told_that_it_changed_meanwhile_and_can_go_on(
    client: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    sign_in(client, "noor")
    form = inputs(text_of(client.get(url_of(public_id, "/wijzigen"))))
    change(hood, "noor", seen(hood, public_id), "2026-11-27 10:00", "2026-11-27 12:00")
    answer = client.post(url_of(public_id, "/wijzigen"), data={**form, "people": "9"})
    assert answer.status_code == 422
    assert "Deze reservering is intussen veranderd." in visible(text_of(answer))
    assert seen(hood, public_id).slot == span("2026-11-27 10:00", "2026-11-27 12:00")
    # "Hieronder staat hoe het nu is": the form that comes back is the booking as it is now.
    shown = inputs(text_of(answer))
    assert [shown[name] for name in ("day", "starts", "ends")] == ["2026-11-27", "10:00", "12:00"]
    assert client.post(url_of(public_id, "/wijzigen"), data=shown).status_code == 303


def test_who_asks_for_a_time_reads_that_it_is_not_sure_yet(client: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    sign_in(client, "noor")
    asked = client.post("/r/de-linde/reserveren", data=booking_form(client))
    page = visible(text_of(client.get(asked.location)))
    assert "Aangevraagd, Noor. Het is nog niet zeker." in page
    assert "Gelukt" not in page
    bram = client.application.test_client()
    sign_in(bram, "bram")
    form = inputs(text_of(bram.get(f"/r/de-linde/reserveren?voor={hood.public_id('noor')}")))
    wish = {**form, "day": "2026-11-27", "starts": "10:00", "ends": "11:00", "zone": "keuken", "people": "2"}
    helped = bram.post("/r/de-linde/reserveren", data=wish)
    said = visible(text_of(bram.get(helped.location)))
    assert "Aangevraagd voor Noor de Proef. Het is nog niet zeker." in said


def test_request_page_says_until_when_it_is_held_and_that_it_lapsed(
    client: FlaskClient, hood: Neighbourhood, moment
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    public_id = hood.book("noor", "2026-12-10 14:00", "2026-12-10 16:00")
    sign_in(client, "noor")
    page = visible(text_of(client.get(url_of(public_id))))
    assert "Aangevraagd: De Linde, do 10 dec" in page
    assert "Je krijgt antwoord voor vr 27 nov 14:05\u00a0uur." in page
    moment(timedelta(hours=72))
    sign_in(client, "noor")
    late = visible(text_of(client.get(url_of(public_id))))
    assert ("Verlopen." in late, "Zeg af" in late) == (True, False)
    assert "Er kwam niet op tijd antwoord." in late  # also before the next writer notes it


@pytest.mark.parametrize("day", ["2026-11-25", "2027-03-28"])
def test_calendar_file_has_uid_sequence_and_the_rooms_own_zone(
    client: FlaskClient, hood: Neighbourhood, day: str
) -> None:
    public_id = hood.book("noor", f"{day} 14:00", f"{day} 16:00", purpose="Soep; brood, en\\meer")
    sign_in(client, "noor")
    answer = client.get(url_of(public_id, "/agenda.ics"))
    calendar = Calendar.from_ical(answer.data)
    (event,) = calendar.walk("VEVENT")
    begin, end = event["dtstart"].dt, event["dtend"].dt
    assert (event["uid"], event["sequence"], event["status"]) == (f"{public_id}@ontmoet", 0, "CONFIRMED")
    assert (begin, end) == (make.at(f"{day} 14:00"), make.at(f"{day} 16:00"))
    assert event["dtstart"].params["TZID"] == "Europe/Amsterdam"
    assert begin.replace(tzinfo=None) == datetime.fromisoformat(f"{day}T14:00")
    assert begin.utcoffset() == begin.astimezone(AMSTERDAM).utcoffset()
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Amsterdam"]
    assert event["summary"] == "Soep; brood, en\\meer"
    assert event["url"] == f"http://127.0.0.1:8000{url_of(public_id)}"
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "no-store"
    cancel(hood, "noor", public_id)
    (event,) = Calendar.from_ical(client.get(url_of(public_id, "/agenda.ics")).data).walk("VEVENT")
    assert (event["uid"], event["sequence"], event["status"]) == (f"{public_id}@ontmoet", 1, "CANCELLED")


def test_own_pages_ask_the_same_few_statements_for_1_and_30_bookings(
    client: FlaskClient, hood: Neighbourhood, public_id: str
) -> None:
    sign_in(client, "noor")
    pages = ("/mijn", url_of(public_id), url_of(public_id, "/agenda.ics"), url_of(public_id, "/wijzigen"))

    def counted() -> list[int]:
        counts = []
        for page in pages:
            with statements(hood.app) as seen_statements:
                assert client.get(page).status_code == 200
            counts.append(len(seen_statements))
        return counts

    counted()  # the first time the room is read, too
    few = counted()
    # The booking of tomorrow also tells where the key and its box are, and whom to call.
    assert few == [6, 6, 3, 3]
    for day in range(1, 30):
        hood.book("noor", f"2026-12-{day:02d} 10:00", f"2026-12-{day:02d} 11:00")
    assert text_of(client.get("/mijn?alles=1")).count("/reserveringen/") == 30
    page = text_of(client.get("/mijn"))
    assert page.count("/reserveringen/") == 8
    assert "Nog 22 reserveringen" in page
    counted()  # the first time since the agenda changed
    assert counted() == few
