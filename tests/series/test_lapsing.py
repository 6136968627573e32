"""Dates of a series that wait for a yes lapse one by one, and the pages say until when and why."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings import messages, request_messages
from ontmoet.bookings.ending import lapse_overdue
from ontmoet.bookings.states import CancelReason
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.outbox.waiting import Waiting
from ontmoet.rooms.queries import lock_room
from tests.bookings.request_deeds import let_ask
from tests.calendars.reading import events
from tests.cast import sign_in
from tests.watching import rows, visible

from .deeds import approve, asked, asked_near, change, make_series, shown, strike
from .test_views import fields_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ontmoet.series.queries import SeriesView
    from tests.cast import Neighbourhood

LETTERS = {**messages.LETTERS, **request_messages.LETTERS}
TOLD = {**messages.TOLD, **request_messages.TOLD}


@pytest.fixture
def series(hood: Neighbourhood) -> SeriesView:
    """Iris has Het Plein each Tuesday from 16:00, that of today too: Kim said yes."""
    let_ask(hood)
    made = make_series(hood, "iris", asked_near(), room_id=hood.plein)
    approve(hood, "kim", made)
    return made


def lapsed(hood: Neighbourhood) -> int:
    with hood.app.app_context(), unit_of_work():
        lock_room(hood.plein)
        return lapse_overdue(hood.plein, now=clock.now())


def page_of(client: FlaskClient, path: str) -> str:
    return " ".join(visible(client.get(path).get_data(as_text=True)).split())


def test_date_of_today_that_nobody_answers_takes_no_other_date_along(
    hood: Neighbourhood, series: SeriesView, moment: Callable[[timedelta], None]
) -> None:
    change(hood, "iris", series, asked_near(starts=16 * 60 + 30), room_id=hood.plein)
    moment(timedelta(hours=2, minutes=30))
    assert lapsed(hood) == 1
    assert shown(hood, series) == "11-24:struck 12-01:16-18? 12-08:16-18? 12-15:16-18? 12-22:16-18?"


def test_new_series_loses_only_the_date_that_began_before_anybody_answered(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    let_ask(hood)
    made = make_series(hood, "iris", asked_near(), room_id=hood.plein)
    moment(timedelta(hours=2, minutes=30))
    assert lapsed(hood) == 1
    assert shown(hood, made).count("16-18?") == 4


def test_page_of_a_series_says_until_when_its_dates_wait(hood: Neighbourhood, client: FlaskClient) -> None:
    let_ask(hood)
    made = make_series(hood, "iris", asked_near(), room_id=hood.plein)
    sign_in(client, "iris")
    page = page_of(client, f"/reeksen/{made.public_id}")
    assert "5 dagen wachten op een ja." in page
    assert "We houden de eerste dag vast tot vandaag 16:00 uur" in page


def test_series_that_is_asked_for_is_not_called_theirs(hood: Neighbourhood, client: FlaskClient) -> None:
    let_ask(hood)
    sign_in(client, "iris")
    where = "/r/het-plein/reeks"
    fields = fields_of(client.get(where).get_data(as_text=True))
    sent = {**fields, "frequency": "week", "every": "1", "weekday": ["1"], "first": "2026-12-01"}
    sent |= {"last": "2026-12-29", "starts": "10:00", "ends": "12:00", "people": "8", "purpose": "Koffie"}
    looked = client.post(where, data=sent).get_data(as_text=True)
    made = client.post(where, data={**fields_of(looked), "step": "save"}, follow_redirects=True)
    said = " ".join(visible(made.get_data(as_text=True)).split())
    assert "Aangevraagd, Iris. Het is nog niet zeker." in said
    assert "Gelukt" not in said


def test_preview_says_until_when_the_first_and_the_last_date_wait(
    hood: Neighbourhood, client: FlaskClient, series: SeriesView
) -> None:
    sign_in(client, "iris")
    path = f"/reeksen/{series.public_id}/wijzigen"
    fields = fields_of(client.get(path).get_data(as_text=True))
    sent = {**fields, "starts": "16:30", "ends": "18:00", "last": "2026-12-22", "purpose": "Koffie"}
    looked = client.post(path, data={**sent, "every": "1", "people": "8"}).get_data(as_text=True)
    assert (
        "We houden de eerste dag vast tot vandaag 16:30 uur, en de laatste tot vr 27 nov 14:05 uur."
        in " ".join(visible(looked).split())
    )


def test_page_of_a_series_does_not_say_that_what_lapsed_was_left_out(
    hood: Neighbourhood, client: FlaskClient, moment: Callable[[timedelta], None]
) -> None:
    let_ask(hood)
    made = make_series(hood, "iris", asked(zone=""), room_id=hood.plein, struck=("2026-12-29",))
    moment(timedelta(hours=73))
    assert lapsed(hood) == 4
    sign_in(client, "iris")
    page = page_of(client, f"/reeksen/{made.public_id}")
    not_had, left_out = page.split("Gaat niet door", 1)[1].split("Slaan we over", 1)
    assert not_had.count("er kwam niet op tijd antwoord") == 4
    assert "Di 29 dec" in left_out
    assert "Di 22 dec" not in left_out


def newest(hood: Neighbourhood, kind: str, name: str) -> Waiting:
    """The newest message of a kind that is of use by now."""
    row = rows(
        hood.app,
        "select id, kind, person_id, object_id, made_at, due_at, attempts from message"
        " where kind = :kind and person_id = :person_id and useful_until > :now order by id desc",
        kind=kind,
        person_id=hood.people[name],
        now=int(clock.now().timestamp()),
    )[0]
    return Waiting(*row)


def told(hood: Neighbourhood, kind: str, name: str) -> tuple[str, str, str]:
    """What it says: subject and body of the mail, and what is said by telephone."""
    message = newest(hood, kind, name)
    with hood.app.app_context():
        letter = LETTERS[kind](message, now=clock.now())
        said = TOLD[kind]([message], clock.now()).get(message.number, str)()
    return letter.subject if letter else "", letter.body if letter else "", said


def test_who_decides_still_hears_of_a_series_of_which_the_first_date_is_over(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    let_ask(hood)
    made = make_series(hood, "iris", asked_near(), room_id=hood.plein)
    assert told(hood, "request_waiting", "kim")[0] == "Een aanvraag wacht: Het Plein op di 24 nov"
    moment(timedelta(hours=2, minutes=30))
    lapsed(hood)
    strike(hood, "iris", made, "2026-12-01")
    subject, _body, said = told(hood, "request_waiting", "kim")
    assert subject == "Een aanvraag wacht: Het Plein op di 8 dec"
    assert said.startswith("Er wacht een aanvraag voor Het Plein op dinsdag 8 december")
    approve(hood, "kim", made)
    assert told(hood, "request_waiting", "kim") == ("", "", "")


def test_who_decides_still_hears_of_a_change_of_which_the_first_date_is_over(
    hood: Neighbourhood, series: SeriesView, moment: Callable[[timedelta], None]
) -> None:
    moment(timedelta(minutes=1))
    change(hood, "iris", series, asked_near(starts=16 * 60 + 30), room_id=hood.plein)
    moment(timedelta(hours=2, minutes=40))
    assert told(hood, "request_waiting", "kim")[0] == "Een aanvraag wacht: Het Plein op di 1 dec"


@pytest.mark.parametrize(
    ("because", "kind"),
    [(CancelReason.DEFECT, "booking_declined"), (CancelReason.PLANS_CHANGED, "request_taken_back")],
)
def test_date_that_was_only_asked_for_is_left_out_by_another_as_a_request(
    hood: Neighbourhood, because: CancelReason, kind: str
) -> None:
    let_ask(hood)
    made = make_series(hood, "iris", asked_near(), room_id=hood.plein)
    strike(hood, "kim", made, "2026-12-08", because)
    _subject, body, said = told(hood, kind, "iris")
    assert "Jouw aanvraag voor Het Plein gaat niet door." in body
    assert said.startswith("Jouw aanvraag voor Het Plein op dinsdag 8 december")


def test_who_asked_reads_all_dates_that_lapsed_at_once(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    let_ask(hood)
    make_series(hood, "iris", asked_near(), room_id=hood.plein)
    moment(timedelta(hours=2, minutes=30))
    lapsed(hood)
    moment(timedelta(hours=73))
    assert lapsed(hood) == 4
    subject, body, said = told(hood, "booking_lapsed", "iris")
    assert subject == "Gaat niet door: Het Plein op di 1 dec en nog 3 dagen"
    days = [f"insdag {day} december, 16:00–18:00\u00a0uur" for day in (1, 8, 15, 22)]
    assert "\n".join(f"D{day}" for day in days) in body
    assert "24 november" not in body
    assert "; ".join(f"d{day}" for day in days) in said
    with hood.app.app_context():
        letter = LETTERS["booking_lapsed"](newest(hood, "booking_lapsed", "iris"), now=clock.now())
    assert letter is not None
    assert letter.calendar is not None
    assert [(f"{event.start:%m-%d}", event["STATUS"]) for event in events(letter.calendar)] == [
        (f"12-{day}", "CANCELLED") for day in ("01", "08", "15", "22")
    ]
