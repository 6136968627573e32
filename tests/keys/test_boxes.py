"""A code box: its code sealed, shown to whom and when, written down each time, and changed in time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.keys.boxes import box_in, end_code, show_to_helper
from ontmoet.keys.personal import PERSONAL
from ontmoet.keys.reminding import remind_of_codes
from ontmoet.keys.retention import RETENTIONS
from ontmoet.keys.rules import MANY_KNOW_IT, BoxNews, Reason
from ontmoet.my_data.erasing import erase
from ontmoet.outbox.waiting import Waiting
from ontmoet.portal.checking import faults
from tests import builders as make
from tests.cast import sign_in
from tests.fixtures import TUESDAY
from tests.keys.box_deeds import CODE, TOKEN_KEY, press, seen_by, set_box
from tests.keys.duty_deeds import hire, pass_duty
from tests.watching import errors, rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

BOX = "/r/de-linde/sleutels/kluis"
SOON = ("2026-11-24 14:30", "2026-11-24 17:00")
WAITING = "select id, kind, person_id, object_id from message where kind = 'box_code_old' order by id"
AUDIT = "select action from audit where object_kind = 'code_box' order by id"
VIEWS = RETENTIONS[1]


def said(answer: TestResponse) -> str:
    return " ".join(visible(answer.get_data(as_text=True)).split())


def figures(code: str) -> str:
    """A code as it stands on the page."""
    return " ".join(code)


def look(hood: Neighbourhood, by: str = "bram") -> str:
    with hood.app.app_context(), unit_of_work():
        return show_to_helper(hood.linde, actor_id=hood.people[by], token_key=TOKEN_KEY, now=clock.now())[1]


def remind(hood: Neighbourhood) -> int:
    with hood.app.app_context(), unit_of_work():
        return remind_of_codes(clock.now())


def told(hood: Neighbourhood) -> list[str]:
    names = {person_id: name for name, person_id in hood.people.items()}
    return [names[row[2]] for row in rows(hood.app, WAITING)]


def test_code_is_in_the_database_only_sealed_and_a_new_one_ends_the_one_before(
    hood_on_both: Neighbourhood,
) -> None:
    hood = hood_on_both
    set_box(hood, "4827")
    assert look(hood) == "4827"
    set_box(hood, "730615")
    set_box(hood, "730615")
    assert look(hood) == "730615"
    found = rows(hood.app, "select sealed, valid_until from box_code order by id")
    assert [(row.sealed is None, row.valid_until is None) for row in found] == [(True, False), (False, True)]
    assert "730615" not in found[1].sealed
    assert [row[0] for row in rows(hood.app, AUDIT)] == [
        "box_code_set",
        "box_code_seen",
        "box_code_set",
        "box_code_seen",
    ]
    assert [row[0] for row in rows(hood.app, "select changes from audit where object_kind = 'code_box'")] == [
        "{}"
    ] * 4


def test_box_moves_with_its_code_and_its_code_can_be_taken_away(hood: Neighbourhood) -> None:
    set_box(hood)
    set_box(hood, "", hangs="Achter de regenpijp")
    assert look(hood) == CODE
    with hood.app.app_context():
        for _ in range(2):
            with unit_of_work():
                end_code(hood.linde, actor_id=hood.people["sanne"], now=clock.now())
        box = box_in(hood.linde)
    assert box is not None
    assert (box.hangs, box.has_code) == ("Achter de regenpijp", False)
    with pytest.raises(Refused) as refusal:
        look(hood)
    assert refusal.value.objections[0].reason is Reason.NO_CODE
    assert [row[0] for row in rows(hood.app, AUDIT)].count("box_code_ended") == 1


def test_who_is_late_for_the_code_reads_kindly_whom_to_call(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    set_box(hood)
    hire(hood)
    with hood.app.app_context(), unit_of_work():
        for name in ("ali", "bram"):
            make.change_person(hood.people[name], phone=f"06 5550 01{len(name)}0")
    pass_duty(hood, "bram")
    booked = hood.book("noor", *SOON)
    sign_in(client, "noor")
    shown = said(press(client, f"/reserveringen/{booked}/code"))
    assert "Ben je later klaar? Bel dan even." in shown
    assert shown.index("Bram de Proef Heeft nu de sleuteldienst") < shown.index("Ali de Proef Let op")
    moment(timedelta(hours=5))
    answer = press(client, f"/reserveringen/{booked}/code")
    late = said(answer)
    assert answer.status_code == 422
    assert "Je reservering is voorbij, dus de code staat hier niet meer. Heb je de sleutel nog" in late
    assert "Bel 06 5550 0140" in late
    assert "0800 555 00 00" in late
    assert figures(CODE) not in late


def test_who_did_not_book_for_about_now_reads_no_names_or_phones_of_keepers(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    set_box(hood)
    with hood.app.app_context(), unit_of_work():
        make.change_person(hood.people["bram"], phone="06 5550 0140")
    later = hood.book("noor", "2026-12-08 14:30", "2026-12-08 17:00")
    gone = hood.book("noor", *SOON)
    sign_in(client, "noor")
    press(client, f"/reserveringen/{gone}/afzeggen")
    for booked in (later, gone):
        answer = press(client, f"/reserveringen/{booked}/code")
        assert answer.status_code == 422
        assert "0800 555 00 00" in said(answer)
        assert "06 5550 0140" not in said(answer)
        assert "Bram" not in said(answer)


def test_database_keeps_one_valid_code_and_no_code_that_ended(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    set_box(hood)
    for statement in (
        "insert into box_code (box_id, sealed, valid_from)"
        " select box_id, sealed, valid_from from box_code where valid_until is null",
        "update box_code set valid_until = valid_from",
    ):
        with hood.app.app_context(), pytest.raises(IntegrityError), unit_of_work():
            execute(text(statement))


def test_booker_sees_it_from_half_an_hour_before_until_the_end_and_each_time_is_written_down(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    set_box(hood)
    booked = hood.book("noor", "2026-11-24 14:40", "2026-11-24 17:00")
    sign_in(client, "noor")
    where, here = f"/reserveringen/{booked}/code", f"/reserveringen/{booked}"
    shown = client.get(here).get_data(as_text=True)
    assert where not in shown
    assert "De code zie je vanaf vandaag 14:10" in visible(shown)
    early = press(client, where)
    assert (early.status_code, "vanaf dinsdag 24 november 14:10" in said(early)) == (422, True)
    moment(timedelta(minutes=5))
    shown = client.get(here).get_data(as_text=True)
    assert f'action="{where}"' in shown
    assert figures(CODE) not in visible(shown)
    for _ in range(2):
        answer = press(client, where)
        assert (answer.status_code, figures(CODE) in said(answer)) == (200, True)
        assert answer.headers["Cache-Control"] == "no-store"
    moment(timedelta(hours=2, minutes=49, seconds=59))
    assert press(client, where).status_code == 200
    moment(timedelta(seconds=1))
    late = press(client, where)
    assert (late.status_code, figures(CODE) in said(late)) == (422, False)
    found = rows(hood.app, "select person_id, booking_id from box_view")
    assert [tuple(row) for row in found] == [(hood.people["noor"], 1)] * 3
    assert [row[0] for row in rows(hood.app, AUDIT)].count("box_code_seen") == 3


@pytest.mark.parametrize("who", ["ali", "bram", "fatma", "riet", "sanne", "mo"])
def test_code_of_a_booking_is_for_nobody_else(client: FlaskClient, hood: Neighbourhood, who: str) -> None:
    set_box(hood)
    booked = hood.book("noor", *SOON)
    sign_in(client, who)
    assert press(client, f"/reserveringen/{booked}/code").status_code == 404
    assert seen_by(hood) == []


def test_code_is_for_who_goes_along_with_the_rules_and_whose_booking_goes_on(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    set_box(hood)
    booked = hood.book("noor", *SOON)
    with hood.app.app_context():
        version_id = make.make_rules(room_id=hood.linde)
    sign_in(client, "noor")
    answer = press(client, f"/reserveringen/{booked}/code")
    assert (answer.status_code, 'href="/r/de-linde/huisregels"' in answer.get_data(as_text=True)) == (
        422,
        True,
    )
    with hood.app.app_context():
        make.make_acceptance(person_id=hood.people["noor"], rules_version_id=version_id)
    assert press(client, f"/reserveringen/{booked}/code").status_code == 200
    with hood.app.app_context():
        make.change_person(hood.people["bram"], phone="06 5550 0111")
    press(client, f"/reserveringen/{booked}/afzeggen")
    gone = press(client, f"/reserveringen/{booked}/code")
    assert (gone.status_code, "gaat niet door" in said(gone)) == (422, True)
    later = hood.book("noor", "2026-11-26 14:00", "2026-11-26 16:00")
    early = press(client, f"/reserveringen/{later}/code")
    assert [word for word in ("Bram", "5550") if word in said(gone) + said(early)] == []
    assert seen_by(hood) == ["noor"]


def test_room_without_a_box_says_so_and_shows_no_button(client: FlaskClient, hood: Neighbourhood) -> None:
    booked = hood.book("noor", *SOON)
    sign_in(client, "noor")
    assert "Sleutelkluis" not in visible(client.get(f"/reserveringen/{booked}").get_data(as_text=True))
    answer = press(client, f"/reserveringen/{booked}/code")
    assert (answer.status_code, "Er is nu geen code." in said(answer)) == (422, True)


def test_keeper_hangs_a_box_and_helpers_see_its_code_and_are_written_down(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "sanne")
    for fields, wrong in (
        ({"hangs": "", "code": "4827"}, {"hangs": "Vul dit in."}),
        ({"hangs": "Hier", "code": ""}, {"code": "Vul 3 tot en met 8 cijfers in."}),
        ({"hangs": "Hier", "code": "48a7"}, {"code": "Vul 3 tot en met 8 cijfers in."}),
        ({"hangs": "Hier", "code": "1234"}, {"code": "Deze code raadt iedereen. Kies een andere."}),
        ({"hangs": "x" * 81, "code": "4827"}, {"hangs": "Gebruik hier hoogstens 80 tekens."}),
    ):
        answer = press(client, BOX, **fields)
        assert (answer.status_code, errors(answer.get_data(as_text=True))) == (422, wrong), fields
    assert press(client, BOX, hangs="Links van de deur", code="48 27").location == BOX
    assert figures(CODE) not in visible(client.get(BOX).get_data(as_text=True))
    host = hood.app.test_client()
    sign_in(host, "bram")
    shown = host.get(BOX).get_data(as_text=True)
    assert "Nieuwe code" not in visible(shown), "a host sees the code and does not change it"
    assert press(host, BOX, hangs="Hier", code="7306").status_code == 403
    assert press(host, f"{BOX}/weg").status_code == 403
    answer = press(host, f"{BOX}/code")
    assert (answer.status_code, figures(CODE) in said(answer)) == (200, True)
    assert seen_by(hood) == ["bram"]
    assert "Wie zag deze code?" not in visible(host.get(BOX).get_data(as_text=True))
    listed = said(client.get(BOX))
    assert "1 persoon zag deze code." in listed
    assert "Bram de Proef" in listed
    assert press(client, f"{BOX}/weg").location == BOX
    assert press(host, f"{BOX}/code").status_code == 422
    with statements(hood.app) as seen:
        assert client.get(BOX).status_code == 200
    assert len(seen) == 2


def test_keepers_hear_once_that_a_code_is_old(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    set_box(hood)
    moment(timedelta(days=90))
    assert (remind(hood), told(hood)) == (0, [])
    moment(timedelta(seconds=1))
    assert [remind(hood), remind(hood)] == [1, 1]
    assert told(hood) == ["sanne"], "no key keeper here: who may change it; a host may not"
    messages = [Waiting(*row, clock.now(), clock.now(), 0) for row in rows(hood.app, WAITING)]
    letters = hood.app.extensions["ontmoet_letters"][BoxNews.CODE_OLD]
    by_telephone = hood.app.extensions["ontmoet_told"][BoxNews.CODE_OLD]
    with hood.app.test_request_context():
        letter = letters(messages[0], now=clock.now())
        (says,) = by_telephone(messages, clock.now()).values()
        sentence = says()
    assert letter.subject == "De sleutelkluis van De Linde"
    assert f"http://127.0.0.1:8000{BOX}" in letter.body
    assert sentence in letter.body
    assert CODE not in letter.body
    set_box(hood, "730615")
    assert remind(hood) == 0
    with hood.app.test_request_context():
        assert letters(messages[0], now=clock.now()) is None
        assert by_telephone(messages, clock.now()) == {}


def test_key_keeper_hears_when_many_different_people_saw_a_code(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context(), unit_of_work():
        execute(text("update role set function = 'key_keeper' where person_id = :it"), it=hood.people["bram"])
    set_box(hood)
    seen = "insert into box_view (code_id, person_id, at) select box_code.id, :it, valid_from from box_code"
    with hood.app.app_context():
        people = [make.make_person(name=f"Buur {number}", email=None) for number in range(MANY_KNOW_IT)]
        with unit_of_work():
            for person_id in people * 2:
                execute(text(seen), it=person_id)
    assert remind(hood) == 0
    look(hood, "noor")
    assert (remind(hood), told(hood)) == (1, ["bram"])


def test_who_saw_a_code_is_forgotten_after_a_season_and_that_somebody_did_is_not(
    hood_on_both: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    hood = hood_on_both
    set_box(hood, "4827")
    look(hood)
    set_box(hood, "730615", by="bram")

    def forget() -> tuple[int, int]:
        before = clock.now() - VIEWS.term
        with hood.app.app_context():
            counted = VIEWS.count(before)
            with unit_of_work():
                return counted, VIEWS.forget(before)

    moment(VIEWS.term)
    assert forget() == (0, 0)
    moment(timedelta(seconds=1))
    assert forget() == (2, 2)
    assert [tuple(row) for row in rows(hood.app, "select person_id, booking_id from box_view")] == [
        (None, None)
    ]
    setters = rows(hood.app, "select set_by_id from box_code order by id")
    assert [row[0] for row in setters] == [None, hood.people["bram"]], "the code of now has a keeper"


def test_own_views_are_handed_out_and_forgotten_with_who_leaves(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    client = hood.app.test_client()
    set_box(hood, by="noor")
    booked = hood.book("noor", *SOON)
    sign_in(client, "noor")
    press(client, f"/reserveringen/{booked}/code")
    look(hood, "bram")
    subject = next(subject for subject in PERSONAL if subject.name == "keys")
    noor = hood.people["noor"]
    with hood.app.test_request_context():
        assert subject.export(noor) == [
            {"Ruimte": "De Linde", "Code van de sleutelkluis gezien op": TUESDAY},
            {"Ruimte": "De Linde", "Code van de sleutelkluis opgeschreven op": TUESDAY},
        ]
    with hood.app.app_context(), unit_of_work():
        erase(noor, by=None, now=clock.now())
    found = rows(hood.app, "select person_id, booking_id from box_view order by id")
    assert [tuple(row) for row in found] == [(None, None), (hood.people["bram"], None)]
    assert rows(hood.app, "select set_by_id from box_code")[0][0] is None
    assert look(hood) == CODE


def test_house_says_when_a_code_cannot_be_read(hood: Neighbourhood) -> None:
    set_box(hood)
    about = "Codes van sleutelkluizen"
    with hood.app.app_context():
        assert [line for line in faults() if line.startswith(about) and "TOKEN_KEY" in line] == []
        with unit_of_work():
            execute(text("update box_code set sealed = 'onleesbaar'"))
        assert [line for line in faults() if line.startswith(about)] == [
            "Codes van sleutelkluizen die niet te lezen zijn: 1. Is TOKEN_KEY veranderd?"
            " Zet de oude terug, of schrijf nieuwe codes op."
        ]
    with pytest.raises(Refused) as refusal:
        look(hood)
    assert refusal.value.objections[0].reason is Reason.NO_CODE
