"""What becomes of a wish, and of a time that was offered, when the room is shut then or for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ontmoet.arranging import zones
from ontmoet.arranging.actions import end_room
from ontmoet.bookings import closure_messages, messages
from ontmoet.bookings.closure_queries import bookings_during
from ontmoet.bookings.states import CancelReason, Status
from ontmoet.bookings.taken_queries import taken_between
from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.outbox.waiting import Waiting
from ontmoet.rooms.queries import room_by_id
from tests import builders as make
from tests.bookings.deeds import audited, cancel, close_over, seen
from tests.bookings.test_closing import reopen, view
from tests.cast import sign_in
from tests.samples import span
from tests.watching import rows, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ontmoet.outbox.letters import Letter
    from tests.cast import Neighbourhood

SATURDAY = ("2026-11-28 14:00", "2026-11-28 16:00")
ALL_SATURDAY = span("2026-11-28 00:00", "2026-11-29 00:00")
LETTERS = {**messages.LETTERS, **closure_messages.LETTERS}
TOLD = {**messages.TOLD, **closure_messages.TOLD}
OTHER_ROOM = "Kijk gerust of een andere ruimte past:\nhttp://127.0.0.1:8000/\n"


def offer_and_wish(hood: Neighbourhood, zone: str = "grote-zaal") -> tuple[str, str]:
    """Noor's time came free: it is offered to Ali, and Bram still waits for it."""
    first = hood.book("noor", *SATURDAY, zone=zone)
    ali, bram = (hood.book(name, *SATURDAY, zone=zone, or_wait=True) for name in ("ali", "bram"))
    cancel(hood, "noor", first)
    assert [seen(hood, each).status for each in (ali, bram)] == [Status.OFFERED, Status.WAITING]
    return ali, bram


def close(hood: Neighbourhood) -> str:
    with hood.app.app_context():
        found = bookings_during(hood.linde, ALL_SATURDAY, None, now=clock.now())
    return close_over(hood, ALL_SATURDAY, seen=[each.mark for each in found])


def close_for_good(hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        end_room(hood.linde, actor=hood.actor("mo"), now=clock.now())


def no_kitchen_any_more(hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        kitchen = room_by_id(hood.linde).zone("keuken")
        assert kitchen is not None
        zones.remove_zone(hood.linde, kitchen.zone_id, actor=hood.actor("mo"), now=clock.now())


def news_to(hood: Neighbourhood, name: str) -> tuple[str, Letter, str]:
    """The newest message to somebody: its kind, as a letter, and as it is said by telephone."""
    row = rows(
        hood.app,
        "select id, kind, person_id, object_id, made_at, due_at, attempts from message"
        " where person_id = :id order by id",
        id=hood.people[name],
    )[-1]
    message = Waiting(*row)
    with hood.app.app_context():
        letter = LETTERS[row.kind](message, now=clock.now())
        [says] = TOLD[row.kind]([message], clock.now()).values()
        assert letter is not None
        return row.kind, letter, says().replace("\u00a0", " ")


def test_who_was_offered_time_that_will_be_shut_hears_why_it_cannot_be_and_what_can(
    hood: Neighbourhood,
) -> None:
    ali, _ = offer_and_wish(hood)
    close(hood)
    kind, letter, said = news_to(hood, "ali")
    assert kind == "offer_off"
    assert letter.subject == "Kan toch niet: De Linde op za 28 nov"
    assert letter.calendar is None, "no calendar had it"
    body = letter.body.replace("\u00a0", " ")
    assert body.startswith(
        "Hallo Ali,\n\nDe tijd waarop je wachtte in De Linde was vrijgekomen. Toch kan hij niet meer.\n"
        "De ruimte is dan dicht.\nDe reden: Nieuwe vloer.\n\nZaterdag 28 november, 14:00–16:00 uur\n"
    )
    assert "We houden de tijd niet meer voor je vast. Je staat nu niet meer op de wachtlijst.\n" in body
    assert "Deze tijden kunnen wel:\n- " in body
    assert f"Kies er hier een:\nhttp://127.0.0.1:8000/reserveringen/{ali}\n" in body
    assert "\n\n\n" not in body
    assert said == (
        "De tijd waarop je wachtte in De Linde was vrijgekomen: zaterdag 28 november, 14:00–16:00 uur."
        " Toch kan hij niet meer. De ruimte is dan dicht. De reden: Nieuwe vloer."
        " Zullen we een andere tijd zoeken?"
    )


def test_who_waits_for_time_that_will_be_shut_hears_that_and_waits_no_more(hood: Neighbourhood) -> None:
    offer_and_wish(hood)
    close(hood)
    kind, letter, said = news_to(hood, "bram")
    assert (kind, letter.calendar) == ("booking_not_freed", None)
    assert letter.subject == "Niet vrijgekomen: De Linde op za 28 nov"
    assert (
        "\nDe ruimte is dan dicht. De reden: Nieuwe vloer. Je staat nu niet meer op de wachtlijst.\n"
        in letter.body
    )
    assert said == (
        "Je stond op de wachtlijst voor De Linde op zaterdag 28 november, 14:00–16:00 uur."
        " De ruimte is dan dicht. De reden: Nieuwe vloer. Zullen we een andere tijd zoeken?"
    )


def test_who_waited_for_time_that_was_shut_and_is_open_again_hears_no_reason(hood: Neighbourhood) -> None:
    offer_and_wish(hood)
    public_id = close(hood)
    reopen(hood, view(hood, public_id))
    _, letter, said = news_to(hood, "bram")
    assert "De reden" not in letter.body + said


def test_who_was_offered_time_in_a_room_that_closes_for_good_hears_that(hood: Neighbourhood) -> None:
    offer_and_wish(hood)
    close_for_good(hood)
    kind, letter, said = news_to(hood, "ali")
    assert (kind, letter.calendar) == ("offer_off", None)
    assert letter.subject == "Kan toch niet: De Linde op za 28 nov"
    assert "Toch kan hij niet meer.\nDe ruimte is voorgoed dicht.\n\n" in letter.body
    assert OTHER_ROOM in letter.body
    assert "/reserveren" not in letter.body
    assert said.endswith("De ruimte is voorgoed dicht. Zullen we een andere ruimte zoeken?")


def test_who_waits_in_a_room_that_closes_for_good_hears_that_and_waits_no_more(hood: Neighbourhood) -> None:
    offer_and_wish(hood)
    close_for_good(hood)
    kind, letter, said = news_to(hood, "bram")
    assert (kind, letter.calendar) == ("booking_not_freed", None)
    assert letter.subject == "Niet vrijgekomen: De Linde op za 28 nov"
    assert "\nDe ruimte is voorgoed dicht. Je staat nu niet meer op de wachtlijst.\n" in letter.body
    assert OTHER_ROOM in letter.body
    assert said.endswith("De ruimte is voorgoed dicht. Zullen we een andere ruimte zoeken?")


def test_who_waits_for_a_part_that_goes_hears_that_and_can_have_the_room(hood: Neighbourhood) -> None:
    offer_and_wish(hood, "keuken")
    no_kitchen_any_more(hood)
    for name in ("ali", "bram"):
        _, letter, said = news_to(hood, name)
        assert letter.calendar is None
        assert "\nDit deel van de ruimte is er niet meer." in letter.body
        assert "andere ruimte" not in letter.body
        assert said.endswith("Dit deel van de ruimte is er niet meer. Zullen we een andere tijd zoeken?")


@pytest.mark.parametrize("shut", [close, close_for_good])
def test_nothing_of_it_is_a_booking_that_was_called_off(
    hood_on_both: Neighbourhood, shut: Callable[[Neighbourhood], object]
) -> None:
    hood = hood_on_both
    waited = offer_and_wish(hood)
    before = audited(hood)
    shut(hood)
    for each in waited:
        found = seen(hood, each)
        assert (found.status, found.reason) == (Status.LAPSED, CancelReason.CLOSED)
    assert audited(hood)[len(before) :].count("wish_lapsed") == 2
    assert "booking_cancelled" not in audited(hood)[len(before) :]
    for name in ("ali", "bram"):
        _, letter, said = news_to(hood, name)
        assert "eservering" not in f"{letter.subject} {said} {letter.body.replace('/reserveringen/', '')}"


def test_time_that_was_offered_is_held_by_the_closure(hood: Neighbourhood) -> None:
    offer_and_wish(hood)
    close(hood)
    with hood.app.app_context():
        taken = taken_between(hood.linde, make.at(SATURDAY[0]), make.at(SATURDAY[1]), now=clock.now())
    assert {each.is_closure for each in taken} == {True}


def test_page_of_what_was_offered_says_the_same(client: FlaskClient, hood: Neighbourhood) -> None:
    ali, _ = offer_and_wish(hood)
    close(hood)
    sign_in(client, "ali")
    words = visible(client.get(f"/reserveringen/{ali}").get_data(as_text=True))
    assert "De ruimte is dan dicht." in words
    assert "Deze tijden kunnen wel" in words
