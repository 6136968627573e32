"""What bookers are told about closures and works."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from ontmoet.bookings.closure_messages import LETTERS, sentences
from ontmoet.bookings.taking import take_offer
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.outbox.waiting import Waiting
from ontmoet.web import dates
from tests import builders as make
from tests.bookings.deeds import cancel, close_over, seen
from tests.bookings.test_closing import ALL_WEDNESDAY, marks, reopen, view
from tests.bookings.test_works import announce, take_back
from tests.cast import sign_in
from tests.hearing.test_call_list import PATH, page_of
from tests.keys.deeds import a_key
from tests.samples import span
from tests.watching import rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

WEDNESDAY = ("2026-11-25 14:00", "2026-11-25 16:00")


def posted(hood: Neighbourhood) -> list[Waiting]:
    found = rows(
        hood.app,
        "select id, kind, person_id, object_id, made_at, due_at, attempts from message"
        " where kind in ('booking_displaced', 'works_announced', 'works_off') order by id",
    )
    return [Waiting(*row) for row in found]


def letters(hood: Neighbourhood) -> list[str | None]:
    """Subject and body of each, as they would be sent now."""
    said = []
    for each in posted(hood):
        with hood.app.app_context():
            letter = LETTERS[each.kind](each, now=clock.now())
        said.append(None if letter is None else f"{letter.subject}\n{letter.body}".replace("\u00a0", " "))
    return said


def said(hood: Neighbourhood) -> list[str]:
    with hood.app.app_context():
        return [says().replace("\u00a0", " ") for says in sentences(posted(hood), clock.now()).values()]


def test_displaced_booker_reads_why_what_else_is_free_and_where_to_book_it(hood: Neighbourhood) -> None:
    booked = hood.book("noor", *WEDNESDAY)
    close_over(hood, ALL_WEDNESDAY, seen=marks(hood))
    [letter] = letters(hood)
    assert letter is not None
    assert letter.splitlines()[0] == "Gaat niet door: De Linde op wo 25 nov"
    for line in (
        "De reden: Nieuwe vloer.",
        "- Donderdag 26 november, 14:00–16:00 uur",
        f"http://127.0.0.1:8000/reserveringen/{booked}",
    ):
        assert line in letter.splitlines()
    assert "sleutel" not in letter


def test_displaced_booker_with_a_key_is_asked_to_bring_it_back(hood: Neighbourhood) -> None:
    booked = seen(hood, hood.book("noor", *WEDNESDAY))
    a_key(hood).give("noor", due_at=make.at("2026-11-26 12:00"), booking_id=booked.booking_id)
    close_over(hood, ALL_WEDNESDAY, seen=marks(hood))
    [letter] = letters(hood)
    assert "Je hebt nog een sleutel. Breng die terug" in str(letter)
    assert "Je hebt nog een sleutel. Breng die terug." in said(hood)[0]


def test_news_is_said_as_long_as_it_is_so(hood: Neighbourhood, moment: Move) -> None:
    hood.book("noor", *WEDNESDAY)
    public_id = close_over(hood, ALL_WEDNESDAY, seen=marks(hood))
    reopen(hood, view(hood, public_id))
    [letter] = letters(hood)
    assert "De reden" not in str(letter)
    assert "- Woensdag 25 november, 14:00–16:00 uur" in str(letter)
    moment(timedelta(days=2))
    assert letters(hood) == [None]
    assert said(hood) == []


def test_who_has_the_room_hears_who_comes_in_and_that_nobody_does(hood: Neighbourhood) -> None:
    hood.book("noor", *WEDNESDAY)
    found = announce(hood)
    [letter] = letters(hood)
    lines = str(letter).splitlines()
    assert lines[lines.index("Ketelkeuring, 14:00–15:00 uur") + 1] == "Wie komt er: Monteur cv"
    assert "komt er iemand binnen: Monteur cv (Ketelkeuring)." in said(hood)[0]
    take_back(hood, found)
    first, second = letters(hood)
    assert first is None
    assert str(second).startswith("Er komt toch niemand werken: De Linde op wo 25 nov")
    assert len(said(hood)) == 1


def test_who_was_only_offered_the_time_hears_who_comes_in_and_that_it_still_has_to_be_taken(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    first = hood.book("noor", *WEDNESDAY)
    offered = hood.book("ali", *WEDNESDAY, or_wait=True)
    cancel(hood, "noor", first)
    lapses_at = seen(hood, offered).lapses_at
    assert lapses_at is not None
    with hood.app.test_request_context():
        until = dates.full_moment(lapses_at).replace("\u00a0", " ")
    found = announce(hood)
    [letter] = letters(hood)
    assert str(letter).startswith(
        "Er komt iemand werken: De Linde op wo 25 nov\nHallo Ali,\n\n"
        "De tijd waarop je wachtte in De Linde is vrijgekomen.\nOp die tijd komt er iemand werken.\n\n"
    )
    assert "Ketelkeuring, 14:00–15:00 uur\nWie komt er: Monteur cv\n" in str(letter)
    link = f"http://127.0.0.1:8000/reserveringen/{offered}"
    asks = f"We houden hem voor je vast tot {until}.\nZeg hier of je hem wilt:\n{link}\n"
    assert asks in str(letter)
    assert "eservering" not in str(letter).replace(link, "")
    assert said(hood) == [
        "De Linde is vrijgekomen op woensdag 25 november, 14:00–16:00 uur. Op die tijd komt er iemand"
        f" binnen: Monteur cv (Ketelkeuring). We houden de tijd voor je vast tot {until}. Wil je hem?"
    ]
    sign_in(client, "ali")
    assert "Ketelkeuring" in visible(client.get(f"/reserveringen/{offered}").get_data(as_text=True))
    take_back(hood, found)
    off = str(letters(hood)[1])
    assert "is vrijgekomen.\nOp die tijd komt er toch niemand werken.\n" in off
    assert asks in off
    assert "eservering" not in off.replace(link, "")
    assert said(hood) == [
        "De Linde is vrijgekomen op woensdag 25 november, 14:00–16:00 uur. Op die tijd komt er toch niemand"
        f" werken. We houden de tijd voor je vast tot {until}. Wil je hem?"
    ]


def test_who_took_the_time_meanwhile_reads_of_a_booking(hood: Neighbourhood) -> None:
    first = hood.book("noor", *WEDNESDAY)
    offered = hood.book("ali", *WEDNESDAY, or_wait=True)
    cancel(hood, "noor", first)
    announce(hood)
    found, actor = seen(hood, offered), hood.actor("ali")
    with hood.app.app_context(), unit_of_work():
        take_offer(found, actor=actor, now=clock.now())
    assert "Jouw reservering gaat door." in str(letters(hood)[0])
    assert "Jouw reservering gaat door." in said(hood)[0]


def test_who_only_asked_for_the_time_hears_who_comes_in_and_not_that_it_is_theirs(
    hood: Neighbourhood,
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    asked = hood.book("noor", *WEDNESDAY)
    found = announce(hood)
    [letter] = letters(hood)
    link = f"http://127.0.0.1:8000/reserveringen/{asked}"
    assert "Je vroeg De Linde aan. Je hoort nog of het kan.\nOp die tijd komt er iemand werken.\n" in str(
        letter
    )
    assert "eservering" not in str(letter).replace(link, "")
    assert said(hood) == [
        "Je vroeg De Linde aan voor woensdag 25 november, 14:00–16:00 uur. Op die tijd komt er iemand binnen:"
        " Monteur cv (Ketelkeuring). Je hoort nog of het kan."
    ]
    take_back(hood, found)
    off = str(letters(hood)[1])
    assert "Op die tijd komt er toch niemand werken.\n" in off
    assert f"Hier vind je jouw aanvraag:\n{link}\n" in off
    assert "eservering" not in off.replace(link, "")
    assert said(hood) == [
        "Je vroeg De Linde aan voor woensdag 25 november, 14:00–16:00 uur. Op die tijd komt er toch niemand"
        " werken. Je hoort nog of het kan."
    ]


def test_who_has_no_mail_is_on_the_call_list(client: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(
            text("update person set email = null, channel = 'call', phone = '06 1234 5678' where id = :id"),
            id=hood.people["ali"],
        )
    hood.book("ali", *WEDNESDAY)
    hood.book("ali", "2026-11-26 13:00", "2026-11-26 14:00")
    announce(hood, span("2026-11-26 13:00", "2026-11-26 15:00"))
    close_over(hood, ALL_WEDNESDAY, seen=marks(hood))
    hood.work()
    sign_in(client, "bram")
    words = visible(page_of(client))
    assert "de ruimte is dan dicht. De reden: Nieuwe vloer." in words
    assert "komt er iemand binnen: Monteur cv (Ketelkeuring)." in words
    with statements(hood.app) as asked:
        page_of(client, PATH)
    assert len(asked) <= 8
