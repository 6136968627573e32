"""Who decides about dates of a series reads which days wait and when, and decides about no others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings import changing as booking_changing
from ontmoet.bookings.actions import WishedFor
from ontmoet.bookings.queries import booking_by_public_id
from ontmoet.bookings.states import CancelReason
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.outbox.waiting import Waiting
from ontmoet.series import deciding
from ontmoet.series.messages import LETTERS
from ontmoet.series.telling import SeriesNews
from tests import builders as make
from tests.bookings.request_deeds import let_ask
from tests.cast import sign_in, token_in
from tests.watching import rows, statements, visible

from .deeds import again, approve, asked, asked_near, bring_back, make_series, post, shown, strike
from .test_changing import booking_on, cancel
from .test_deciding import QUEUE, version_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ontmoet.outbox.letters import Letter
    from ontmoet.series.queries import SeriesView
    from tests.cast import Neighbourhood


@pytest.fixture
def series(hood: Neighbourhood) -> SeriesView:
    """Iris has Het Plein every Tuesday of December, from 10:00 to 12:00: Kim said yes."""
    let_ask(hood)
    made = make_series(hood, "iris", asked(zone=""), room_id=hood.plein)
    approve(hood, "kim", made)
    return made


def move(hood: Neighbourhood, series: SeriesView, day: str, starts: str, ends: str, people: int = 8) -> None:
    """Iris gives one date another time."""
    public_id, actor = booking_on(hood, series, day), hood.actor("iris")
    with hood.app.app_context(), unit_of_work():
        found = booking_by_public_id(public_id, now=clock.now())
        assert found is not None
        booking_changing.change(
            found,
            WishedFor(TimeSlot(make.at(starts), make.at(ends)), "", people, "Koffie"),
            seen_version=found.version,
            actor=actor,
            post=post(hood, "iris"),
            now=clock.now(),
        )


def letter_of(hood: Neighbourhood, kind: SeriesNews) -> Letter:
    """The newest message of this kind, as it would be sent now."""
    row = rows(
        hood.app,
        "select id, kind, person_id, object_id, made_at, due_at, attempts from message where kind = :kind"
        " order by id desc",
        kind=kind,
    )[0]
    with hood.app.app_context():
        letter = LETTERS[kind](Waiting(*row), now=clock.now())
    assert letter is not None
    return letter


def words(page: str) -> str:
    return " ".join(visible(page).split())


def queue_of(client: FlaskClient) -> str:
    sign_in(client, "kim")
    return client.get(QUEUE).get_data(as_text=True)


def test_dates_that_moved_stand_in_the_queue_with_the_time_they_ask_for(
    hood: Neighbourhood, client: FlaskClient, series: SeriesView
) -> None:
    move(hood, series, "2026-12-15", "2026-12-15 19:00", "2026-12-15 22:00")
    move(hood, series, "2026-12-29", "2026-12-29 14:00", "2026-12-29 15:00")
    page = queue_of(client)
    said = words(page).split("Net geweest")[0]
    assert "2 dagen van een reeks" in said
    assert "Di 15 dec, 19:00–22:00 uur" in said
    assert "Di 29 dec, 14:00–15:00 uur" in said
    assert "De reeks zelf: elke dinsdag, 10:00–12:00 uur. Je beslist over deze dagen tegelijk." in said
    assert "Dit adres heeft die maand nog 3 andere reserveringen." in said
    with statements(hood.app) as asked_for:
        client.get(QUEUE)
    assert len(asked_for) == 7
    sent = {"csrf_token": token_in(page), "version": version_on(page)}
    done = client.post(f"/reeksen/{series.public_id}/goedkeuren", data=sent, follow_redirects=True)
    assert "Goedgekeurd: 2 dagen." in words(done.get_data(as_text=True))


def test_date_that_moved_since_the_queue_was_read_is_not_agreed_to_unseen(
    hood: Neighbourhood, client: FlaskClient, series: SeriesView
) -> None:
    move(hood, series, "2026-12-15", "2026-12-15 19:00", "2026-12-15 22:00")
    page = queue_of(client)
    sent = {"csrf_token": token_in(page), "version": version_on(page)}
    move(hood, series, "2026-12-15", "2026-12-15 20:00", "2026-12-15 22:00")
    path = f"/reeksen/{series.public_id}/goedkeuren"
    told = words(client.post(path, data=sent, follow_redirects=True).get_data(as_text=True))
    assert "Deze reeks is intussen veranderd." in told
    assert "Di 15 dec, 20:00–22:00 uur" in told
    assert "12-15:20-22?" in shown(hood, series)


def test_dates_that_moved_tell_place_and_people_where_these_differ(
    hood: Neighbourhood, client: FlaskClient, series: SeriesView
) -> None:
    move(hood, series, "2026-12-15", "2026-12-15 19:00", "2026-12-15 22:00", people=4)
    move(hood, series, "2026-12-29", "2026-12-29 14:00", "2026-12-29 15:00")
    said = words(queue_of(client))
    assert "Di 15 dec, 19:00–22:00 uur, hele ruimte, 4 mensen" in said
    assert "Di 29 dec, 14:00–15:00 uur, hele ruimte, 8 mensen" in said


def test_one_date_of_a_series_is_asked_for_as_that_date(
    hood: Neighbourhood, client: FlaskClient, series: SeriesView
) -> None:
    strike(hood, "iris", series, "2026-12-08")
    bring_back(hood, "iris", series, "2026-12-08")
    said = words(queue_of(client)).split("Net geweest")[0]
    assert "Di 8 dec, 10:00–12:00 uur" in said
    assert "Eén dag van een reeks. De reeks zelf: elke dinsdag, 10:00–12:00 uur." in said
    assert "tot en met" not in said


def test_series_that_waits_as_a_whole_does_not_count_itself_among_other_turns(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    let_ask(hood)
    make_series(hood, "iris", asked(zone=""), room_id=hood.plein)
    assert "Dit adres heeft die maand verder niets." in words(queue_of(client))


def test_series_of_which_one_date_lapses_first_says_that_it_is_that_one(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    let_ask(hood)
    make_series(hood, "iris", asked_near(), room_id=hood.plein)
    assert "de eerste dag vervalt over 1 uur tot vandaag 16:00 uur" in words(queue_of(client))


def test_saying_no_to_some_dates_names_them_and_leaves_the_others(
    hood: Neighbourhood, client: FlaskClient, series: SeriesView
) -> None:
    move(hood, series, "2026-12-15", "2026-12-15 19:00", "2026-12-15 22:00")
    sign_in(client, "kim")
    path = f"/reeksen/{series.public_id}/afwijzen"
    page = client.get(path).get_data(as_text=True)
    assert "Je zegt nee tegen wat wacht op antwoord: Di 15 dec, 19:00–22:00 uur" in words(page)
    sent = {"csrf_token": token_in(page), "reason": "hours"}
    done = client.post(path, data=sent, follow_redirects=True).get_data(as_text=True)
    assert "Afgewezen: 1 dag." in words(done)
    assert shown(hood, series).count("10-12") == 4
    its_own = hood.app.test_client()
    sign_in(its_own, "iris")
    said = words(its_own.get(f"/reeksen/{series.public_id}").get_data(as_text=True))
    assert "Di 15 dec: de beheergroep zei nee." in said
    assert "Slaan we over" not in said


def test_date_that_is_taken_from_an_offer_is_said_to_be_asked_for(
    hood: Neighbourhood, client: FlaskClient
) -> None:
    let_ask(hood)
    taken = hood.book("kim", "2026-12-08 10:00", "2026-12-08 12:00", room="plein", zone="")
    made = make_series(hood, "iris", asked(zone=""), room_id=hood.plein)
    approve(hood, "kim", made)
    cancel(hood, "kim", taken)
    assert "12-08:offered" in shown(hood, made)
    sign_in(client, "iris")
    path = f"/reeksen/{made.public_id}"
    sent = {"csrf_token": token_in(client.get(path).get_data(as_text=True)), "day": "2026-12-08"}
    said = words(client.post(f"{path}/terugzetten", data=sent, follow_redirects=True).get_data(as_text=True))
    assert "Dinsdag 8 december is aangevraagd. Het is nog niet zeker." in said
    assert "hoort er weer bij" not in said


def test_letter_about_some_dates_names_them_and_does_not_speak_of_the_whole_series(
    hood: Neighbourhood, series: SeriesView, moment: Callable[[timedelta], None]
) -> None:
    move(hood, series, "2026-12-15", "2026-12-15 19:00", "2026-12-15 22:00")
    moment(timedelta(hours=1))
    approve(hood, "kim", series)
    mail = letter_of(hood, SeriesNews.APPROVED)
    how = "Het Plein, elke dinsdag"
    assert f"Van jouw reeks in {how}, mag dit: di 15 dec 19:00–22:00." in mail.body
    move(hood, series, "2026-12-22", "2026-12-22 19:00", "2026-12-22 22:00")
    move(hood, series, "2026-12-29", "2026-12-29 14:00", "2026-12-29 15:00")
    actor, found = hood.actor("kim"), again(hood, series)
    with hood.app.app_context(), unit_of_work():
        because = CancelReason.OTHER
        deciding.decline(found, because=because, explanation="Dan is er koor.", actor=actor, now=clock.now())
    mail = letter_of(hood, SeriesNews.DECLINED)
    assert mail.subject == f"Niet alles gaat door: {how}"
    assert "gaat dit niet door: di 22 dec 19:00–22:00, di 29 dec 14:00–15:00. Dan is er koor." in " ".join(
        mail.body.split()
    )
