"""What people hear about keys, when, and what is forgotten about them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.keys.personal import PERSONAL
from ontmoet.keys.reminding import remind_of_keys
from ontmoet.keys.retention import RETENTIONS
from ontmoet.keys.rules import LOST, News, person
from ontmoet.my_data.erasing import erase, obstacles
from ontmoet.outbox.waiting import Waiting
from ontmoet.portal.checking import faults
from tests.builders import at
from tests.cast import sign_in
from tests.keys.deeds import a_key, told
from tests.lifecycle.test_actions import die, move
from tests.watching import rows, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ontmoet.outbox.letters import Letter
    from tests.cast import Neighbourhood

DUE = at("2026-11-24 18:00")
WAITING = "select id, kind, person_id, object_id from message where kind = :kind order by id"


def letters(hood: Neighbourhood, news: News) -> list[Letter | None]:
    compose = hood.app.extensions["ontmoet_letters"][news]
    with hood.app.test_request_context():
        return [
            compose(Waiting(*row, clock.now(), clock.now(), 0), now=clock.now())
            for row in rows(hood.app, WAITING, kind=news)
        ]


def by_telephone(hood: Neighbourhood, news: News) -> list[str]:
    tell = hood.app.extensions["ontmoet_told"][news]
    messages = [Waiting(*row, clock.now(), clock.now(), 0) for row in rows(hood.app, WAITING, kind=news)]
    with hood.app.test_request_context():
        return [says() for says in tell(messages, clock.now()).values()]


def remind(hood: Neighbourhood) -> int:
    with hood.app.app_context(), unit_of_work():
        return remind_of_keys(clock.now())


def test_receiver_hears_until_when_and_how_to_say_that_it_is_not_so(hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    (letter,) = letters(hood, News.GIVEN)
    assert letter is not None
    assert (letter.to, letter.subject) == ("noor@proef.example", "Sleutel 1 van De Linde")
    assert "Breng hem terug voor dinsdag 24 november 18:00" in letter.body
    assert f"http://127.0.0.1:8000/sleutels/{ring.public_id}" in letter.body
    (said,) = by_telephone(hood, News.GIVEN)
    assert said.startswith("Je kreeg sleutel 1 van De Linde.")
    ring.take_back()
    assert letters(hood, News.GIVEN) == [None], "it is not so any more"
    assert by_telephone(hood, News.GIVEN) == []
    assert by_telephone(hood, News.TAKEN_BACK) == ["Bedankt, sleutel 1 van De Linde is niet meer bij jou."]


def test_late_key_is_asked_for_kindly_first_of_who_has_it_then_of_keepers_then_of_the_board(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text("update role set function = 'chair' where person_id = :it"), it=hood.people["sanne"])
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    assert remind(hood) == 0
    heard = []
    for hours in (4, 4, 20):
        moment(timedelta(hours=hours))
        assert [remind(hood), remind(hood)] == [1, 1]
        heard.append(told(hood)[1:])
    assert heard == [
        [("key_late", "noor")],
        [("key_late", "noor"), ("key_late_for_keeper", "bram")],
        [("key_late", "noor"), ("key_late_for_keeper", "bram"), ("key_late_for_board", "sanne")],
    ]
    (for_keeper,) = by_telephone(hood, News.LATE_FOR_KEEPER)
    assert for_keeper.startswith("Noor de Proef heeft sleutel 1 van De Linde nog.")
    assert by_telephone(hood, News.LATE)[0].startswith("Denk je aan sleutel 1 van De Linde?")
    ring.take_back()
    assert [letters(hood, News.LATE), letters(hood, News.LATE_FOR_BOARD)] == [[None], [None]]
    assert remind(hood) == 0


def test_every_news_has_words_for_mail_and_telephone(hood: Neighbourhood) -> None:
    for news in News:
        assert news in hood.app.extensions["ontmoet_letters"]
        assert news in hood.app.extensions["ontmoet_told"]
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    ring.object_to(by="noor")
    assert by_telephone(hood, News.OBJECTED)[0].startswith(
        "Noor de Proef zegt sleutel 1 van De Linde niet te hebben"
    )
    ring.lose()
    assert "kwijt" in by_telephone(hood, News.LOST)[0]


def test_key_of_who_moves_or_dies_is_due_at_once(hood: Neighbourhood) -> None:
    today = date(2026, 11, 24)
    ring, other, third = a_key(hood), a_key(hood), a_key(hood)
    ring.give("noor", due_at=None)
    other.give("ali", due_at=at("2026-12-20 10:00"))
    third.give("bram", due_at=DUE)
    move(hood, "noor", today + timedelta(days=2))
    die(hood, "ali")
    move(hood, "bram", today + timedelta(days=2))
    assert (ring.now.due_at, other.now.due_at, third.now.due_at) == (at("2026-11-26 00:00"), clock.now(), DUE)


def test_who_still_has_a_key_brings_it_back_before_leaving(hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    with hood.app.test_request_context():
        assert obstacles(hood.people["noor"], now=clock.now()) == [
            "Sleutel 1 (voordeur en keuken) moet eerst terug."
        ]
    ring.take_back()
    with hood.app.test_request_context():
        assert obstacles(hood.people["noor"], now=clock.now()) == []


def test_who_is_forgotten_all_the_same_leaves_no_name_and_no_key_unaccounted_for(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    ring, other = a_key(hood), a_key(hood)
    ring.give("noor", due_at=DUE)
    ring.take_back(by="noor")
    other.give("noor", due_at=DUE)
    with hood.app.app_context(), unit_of_work():
        erase(hood.people["noor"], by=None, now=clock.now())
    assert other.now.holder == LOST
    named = "select count(*) from custody where person_id = :it or recorded_by_id = :it"
    assert rows(hood.app, named, it=hood.people["noor"])[0][0] == 0
    assert [ring.breaks(), other.breaks()] == [[], []]


def test_names_go_a_season_after_the_key_came_back_and_never_while_it_is_out(
    hood_on_both: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    hood = hood_on_both
    ring, out = a_key(hood), a_key(hood)
    ring.give("noor", due_at=DUE)
    out.give("ali", due_at=DUE)
    ring.take_back()
    row = RETENTIONS[0]

    def forget() -> tuple[int, int]:
        before = clock.now() - row.term
        with hood.app.app_context():
            counted = row.count(before)
            with unit_of_work():
                return counted, row.forget(before)

    moment(timedelta(days=90))
    assert forget() == (0, 0)
    moment(timedelta(seconds=1))
    # Of each key its making, and of the first the time that Noor had it.
    assert forget() == (3, 3)
    assert (ring.history[0].name, ring.history[0].recorded_by) == ("", "")
    assert out.now.holder == person(hood.people["ali"])


def test_own_keys_stand_in_what_one_takes_along(hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    subject = next(subject for subject in PERSONAL if subject.name == "keys")
    with hood.app.test_request_context():
        [mine] = subject.export(hood.people["noor"])
        of_keeper = subject.export(hood.people["bram"])
    assert (mine["Sleutel"], mine["Terug voor"]) == (1, DUE)
    assert [set(facts) for facts in of_keeper] == [{"Ruimte", "Sleutel", "Door jou opgeschreven op"}]


def test_booker_reads_whom_to_call_and_what_they_have_from_a_day_before(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text("update person set phone = '06 5550 0100' where id = :it"), it=hood.people["bram"])
    ring = a_key(hood)
    soon = hood.book("noor", "2026-11-24 15:00", "2026-11-24 17:00")
    later = hood.book("noor", "2026-11-28 15:00", "2026-11-28 17:00")
    sign_in(client, "noor")

    def shown(public_id: str) -> str:
        return visible(client.get(f"/reserveringen/{public_id}").get_data(as_text=True))

    assert "Haal de sleutel bij Bram de Proef" in shown(soon)
    assert "Bel 06 5550 0100" in shown(soon)
    assert "06 5550 0100" not in shown(later)
    ring.give("noor", due_at=DUE)
    assert "Sleutel 1 is bij jou" in shown(soon)
    listed = visible(client.get("/mijn/sleutels").get_data(as_text=True))
    assert "terug voor vandaag 18:00" in listed
    ring.object_to(by="noor")
    denied = shown(soon)
    assert "is bij jou" not in denied
    assert "Jij zei dat je hem niet hebt." in denied
    assert "Bel 06 5550 0100" in denied


def test_house_says_when_a_key_has_no_one_holder(hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    about = "Sleutels waarvan"
    with hood.app.app_context():
        assert [line for line in faults() if about in line] == []
        with unit_of_work():
            execute(text("drop trigger custody_ends_once"))
            execute(text("update custody set until = since where holder = 'person'"))
        assert [line for line in faults() if about in line] == [
            "Sleutels waarvan niet op elk moment één houder bekend is: 1."
        ]
