"""What becomes of a request, of which nobody said yet whether it can be, when the room is shut then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ontmoet.bookings import closure_messages
from ontmoet.bookings.request_queries import settled_lately
from ontmoet.bookings.request_wording import decided_line
from ontmoet.bookings.states import CancelReason, Status
from ontmoet.kernel import clock
from ontmoet.outbox.waiting import Waiting
from tests import builders as make
from tests.bookings.deeds import audited, close_over, seen
from tests.bookings.test_closing import marks, reopen, view
from tests.calendars.reading import events
from tests.cast import sign_in
from tests.keys.deeds import a_key
from tests.samples import span
from tests.series.deeds import asked, bring_back, make_series, shown
from tests.watching import rows, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from ontmoet.outbox.letters import Letter
    from tests.cast import Neighbourhood

SATURDAY = ("2026-11-28 14:00", "2026-11-28 16:00")
ALL_SATURDAY = span("2026-11-28 00:00", "2026-11-29 00:00")


def ask(hood: Neighbourhood) -> str:
    """Noor asks for De Linde, which answers first; the public id."""
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    return hood.book("noor", *SATURDAY)


def ask_and_close(hood: Neighbourhood) -> str:
    """Noor asks, and then the room is shut all of that day; the public id of the request."""
    public_id = ask(hood)
    close_over(hood, ALL_SATURDAY, seen=marks(hood, ALL_SATURDAY))
    return public_id


def news_of(hood: Neighbourhood) -> tuple[Letter, str]:
    """What is told of the closure, as a letter and by telephone."""
    [row] = rows(
        hood.app,
        "select id, kind, person_id, object_id, made_at, due_at, attempts from message"
        " where kind in ('request_off', 'booking_displaced')",
    )
    assert (row.kind, row.person_id) == ("request_off", hood.people["noor"])
    message = Waiting(*row)
    with hood.app.app_context():
        letter = closure_messages.LETTERS[row.kind](message, now=clock.now())
        [says] = closure_messages.TOLD[row.kind]([message], clock.now()).values()
        assert letter is not None
        return letter, says().replace("\u00a0", " ")


def page_of(client: FlaskClient, path: str) -> str:
    return " ".join(visible(client.get(path).get_data(as_text=True)).replace("\u00a0", " ").split())


def test_who_asked_for_time_that_will_be_shut_hears_that_the_request_is_off_and_what_is_free(
    hood: Neighbourhood,
) -> None:
    asked_for = ask_and_close(hood)
    letter, said = news_of(hood)
    assert letter.subject == "Gaat niet door: De Linde op za 28 nov"
    body = letter.body.replace("\u00a0", " ")
    assert body.startswith(
        "Hallo Noor,\n\nJouw aanvraag voor De Linde gaat niet door: de ruimte is dan dicht.\n"
        "De reden: Nieuwe vloer.\n\nZaterdag 28 november, 14:00–16:00 uur\n"
    )
    assert "Deze tijden zijn vrij:\n- " in body
    assert f"Kies er hier een:\nhttp://127.0.0.1:8000/reserveringen/{asked_for}\n" in body
    assert said == (
        "Jouw aanvraag voor De Linde op zaterdag 28 november, 14:00–16:00 uur, gaat niet door:"
        " de ruimte is dan dicht. De reden: Nieuwe vloer. Zullen we een andere tijd zoeken?"
    )
    assert "eservering" not in f"{letter.subject} {said} {body.replace('/reserveringen/', '')}"


def test_who_has_a_key_by_then_is_asked_to_bring_it_back(hood: Neighbourhood) -> None:
    asked_for = seen(hood, ask(hood))
    a_key(hood).give("noor", due_at=make.at("2026-11-30 12:00"), booking_id=asked_for.booking_id)
    close_over(hood, ALL_SATURDAY, seen=marks(hood, ALL_SATURDAY))
    letter, said = news_of(hood)
    assert "Je hebt nog een sleutel. Breng die terug" in letter.body
    assert "Je hebt nog een sleutel. Breng die terug." in said


def test_request_that_made_way_was_no_booking_and_nobody_said_no_or_was_too_late(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    public_id = ask_and_close(hood)
    found = seen(hood, public_id)
    assert (found.status, found.reason) == (Status.DECLINED, CancelReason.CLOSED)
    assert (found.lapses_at, found.decided_at, found.decided_by_id) == (None, None, None)
    assert audited(hood)[-2:] == ["request_off", "room_closed"]
    assert "booking_cancelled" not in audited(hood)
    with hood.app.app_context():
        assert settled_lately(hood.linde, now=clock.now()) == []
    with hood.app.test_request_context():
        line = decided_line(found, reader_id=hood.people["bram"], knows_names=True)
    assert line == "Deze aanvraag moest plaatsmaken. De ruimte is dan dicht."


def test_each_who_makes_way_hears_what_it_was(hood: Neighbourhood) -> None:
    hood.book("ali", "2026-11-28 10:00", "2026-11-28 12:00")
    ask_and_close(hood)
    told = rows(
        hood.app, "select kind, person_id from message where kind in ('booking_displaced', 'request_off')"
    )
    assert {(row.kind, row.person_id) for row in told} == {
        ("booking_displaced", hood.people["ali"]),
        ("request_off", hood.people["noor"]),
    }


def test_calendars_hear_that_it_is_off(client: FlaskClient, hood: Neighbourhood) -> None:
    """Whoever asked could put it in one, or follows their own."""
    public_id = ask(hood)
    sign_in(client, "noor")
    page = f"/reserveringen/{public_id}/agenda.ics"
    [before] = events(client.get(page).data)
    close_over(hood, ALL_SATURDAY, seen=marks(hood, ALL_SATURDAY))
    letter, _said = news_of(hood)
    assert letter.calendar is not None
    [along] = events(letter.calendar)
    assert (before["UID"], before["STATUS"]) == (along["UID"], "TENTATIVE")
    assert (along["STATUS"], along["SUMMARY"]) == ("CANCELLED", "Gaat niet door: De Linde")
    assert along["SEQUENCE"] > before["SEQUENCE"]


def test_page_of_the_request_says_so_and_shows_what_is_free(client: FlaskClient, hood: Neighbourhood) -> None:
    public_id = ask_and_close(hood)
    sign_in(client, "noor")
    with statements(hood.app) as run:
        words = page_of(client, f"/reserveringen/{public_id}")
    assert len(run) <= 8
    assert "Jouw aanvraag gaat niet door: de ruimte is dan dicht." in words
    assert "Deze tijden zijn vrij:" in words
    assert "fgezegd" not in words
    assert "Vraag deze tijd opnieuw" not in words
    assert "De Linde, grote zaal, aanvraag gaat niet door" in page_of(client, "/mijn")


def test_others_read_on_its_page_that_it_was_a_request(client: FlaskClient, hood: Neighbourhood) -> None:
    public_id = ask_and_close(hood)
    sign_in(client, "bram")
    words = page_of(client, f"/reserveringen/{public_id}")
    assert "Aanvraag gaat niet door. De ruimte is dan dicht." in words


def test_date_of_a_series_that_was_only_asked_for_comes_free_again(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    series = make_series(hood, "noor", asked())
    day = span("2026-12-08 00:00", "2026-12-09 00:00")
    public_id = close_over(hood, day, seen=marks(hood, day))
    assert "12-08:displaced" in shown(hood, series)
    reopen(hood, view(hood, public_id))
    assert "12-08:offered" in shown(hood, series)
    bring_back(hood, "noor", series, "2026-12-08")
    assert "12-08:10-12" in shown(hood, series)


@pytest.mark.parametrize("zone", ["grote-zaal", "keuken"])
def test_request_for_another_part_goes_on(hood: Neighbourhood, zone: str) -> None:
    public_id = ask(hood)
    shut = marks(hood, ALL_SATURDAY, zone) if zone == "grote-zaal" else ()
    close_over(hood, ALL_SATURDAY, zone, seen=shut)
    assert (seen(hood, public_id).status is Status.REQUESTED) is (zone == "keuken")
