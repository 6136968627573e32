"""Publishing house rules: written, looked at, published once, and never changed after."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.house_rules import actions
from ontmoet.house_rules.queries import Agreed, agreed_with, agreement_of
from ontmoet.house_rules.rules import Draft, How, Reason
from ontmoet.house_rules.wording import agreed_line
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Refused
from ontmoet.rooms.queries import room_by_id
from ontmoet.trail.actions import FormPost
from tests import builders as make
from tests.cast import sign_in
from tests.watching import errors, inputs, row_counts, rows, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

READ, PATH = "/r/de-linde/huisregels", "/r/de-linde/huisregels/nieuw"
NOTE = "Het is nu eerder stil. Boven slapen mensen."


@pytest.fixture
def ruled(hood: Neighbourhood) -> Neighbourhood:
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    return hood


@pytest.fixture
def sanne(client: FlaskClient, ruled: Neighbourhood) -> FlaskClient:
    sign_in(client, "sanne")
    return client


def publish(hood: Neighbourhood, body: str, *, seen: int, key: str | None = None) -> str:
    actor = hood.actor("sanne")
    post = FormPost(actor.person_id, PATH, key or make.new_key(), {"body": body})
    with hood.app.app_context(), unit_of_work():
        return actions.publish(
            hood.linde,
            Draft(body, NOTE, needs_acceptance=True),
            seen_number=seen,
            actor=actor,
            post=post,
            now=clock.now(),
        )


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def sent(client: FlaskClient, step: str, **fields: str) -> TestResponse:
    """Press a button of the form as it starts, with these fields filled in."""
    return client.post(PATH, data={**inputs(text_of(client.get(PATH))), "step": step, **fields})


def reasons(refused: Refused) -> list[Reason]:
    return [Reason(objection.reason) for objection in refused.objections]


def test_first_version_needs_no_note_and_is_asked_of_everybody(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    assert publish(hood, "Was af.", seen=0) == f"{READ}?versie=1"
    [row] = rows(hood.app, "select number, body, change_note from rules_version")
    assert tuple(row) == (1, "Was af.", "")
    assert [r.action for r in rows(hood.app, "select action from audit")] == ["house_rules_published"]


def test_of_two_who_publish_at_once_one_wins_and_the_other_is_told(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    publish(hood, "Was af.", seen=0)

    def second(number: int) -> list[Reason]:
        try:
            publish(hood, f"Regel {number}.", seen=1)
        except Refused as refusal:
            return reasons(refusal)
        return []

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(second, range(4)))
    assert sorted(outcomes) == [[], *[[Reason.PUBLISHED_MEANWHILE]] * 3]
    assert row_counts(hood.app, "rules_version") == {"rules_version": 2}


def test_same_form_twice_is_one_version(hood: Neighbourhood) -> None:
    key = make.new_key()
    assert publish(hood, "Was af.", seen=0, key=key) == publish(hood, "Was af.", seen=0, key=key)
    with pytest.raises(Refused) as refused:
        publish(hood, "Iets anders.", seen=1, key=key)
    assert reasons(refused.value) == [Reason.FORM_REUSED]


def test_look_shows_what_changes_and_publishing_makes_it_so(sanne: FlaskClient, ruled: Neighbourhood) -> None:
    body = "Muziek:\nNa 21:00 uur is het stil.\nWeggaan:\nLampen uit."
    look = sent(sanne, "look", body=body.replace("\n", "\r\n"), change_note=NOTE, ask_again="y")
    page = text_of(look)
    assert look.status_code == 200
    assert '<del><span class="om-hidden-text">was: </span>22:00</del>' in page
    assert '<ins><span class="om-hidden-text">wordt: </span>21:00</ins>' in page
    held_up = "Een aanvraag die nu wacht, kun je pas goedkeuren als de aanvrager meedoet."
    assert held_up in visible(page)
    nobody_asked = sent(sanne, "look", body=body.replace("\n", "\r\n"), change_note=NOTE)
    assert held_up not in visible(text_of(nobody_asked))
    assert row_counts(ruled.app, "rules_version") == {"rules_version": 1}
    done = sanne.post(PATH, data={**inputs(page), "step": "publish"})
    assert (done.status_code, done.location) == (303, f"{READ}?versie=2")
    again = sanne.post(PATH, data={**inputs(page), "step": "publish"})
    assert (again.status_code, again.location) == (303, f"{READ}?versie=2")
    [row] = rows(ruled.app, "select body, change_note, needs_acceptance from rules_version where number = 2")
    assert (row.body, row.change_note, bool(row.needs_acceptance)) == (body, NOTE, True)
    shown = text_of(sanne.get(done.location))
    assert "<del>" in shown
    assert NOTE in visible(shown)


def test_writing_goes_on_with_what_was_typed(sanne: FlaskClient) -> None:
    page = text_of(sent(sanne, "look", body="Was <b>af</b>.\nVeeg.", change_note=NOTE))
    back = text_of(sanne.post(PATH, data={**inputs(page), "step": "write"}))
    assert "Was &lt;b&gt;af&lt;/b&gt;.\nVeeg.</textarea>" in back
    assert inputs(back)["change_note"] == NOTE


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"body": "", "change_note": NOTE}, {"body"}),
        ({"body": "Kopje:", "change_note": NOTE}, {"body"}),
        ({"body": "Muziek:\nNa 22:00 uur is het stil.\nWeggaan:\nLampen uit."}, {"body", "change_note"}),
        ({"body": "Was af.", "change_note": ""}, {"change_note"}),
        ({"body": "x" * 5001, "change_note": NOTE}, {"body"}),
        ({"body": "Was\x00af.", "change_note": NOTE}, {"body"}),
        ({"body": "Was af.", "change_note": "x" * 401}, {"change_note"}),
    ],
)
def test_what_cannot_be_published_is_said_at_its_field(
    sanne: FlaskClient, ruled: Neighbourhood, fields: dict[str, str], wrong: set[str]
) -> None:
    for step in ("look", "publish"):
        answer = sent(sanne, step, **{"change_note": "", **fields})
        assert (answer.status_code, set(errors(text_of(answer)))) == (422, wrong)
    assert row_counts(ruled.app, "rules_version") == {"rules_version": 1}


def test_second_writer_sees_the_difference_with_the_rules_of_now(
    sanne: FlaskClient, ruled: Neighbourhood
) -> None:
    page = text_of(sent(sanne, "look", body="Was af.", change_note=NOTE))
    publish(ruled, "Was altijd af.", seen=1)
    answer = sanne.post(PATH, data={**inputs(page), "step": "publish"})
    assert answer.status_code == 422
    assert "Een ander was je net voor." in visible(text_of(answer))
    assert "altijd</del>" in text_of(answer)
    done = sanne.post(PATH, data={**inputs(text_of(answer)), "step": "publish"})
    assert done.location == f"{READ}?versie=3"


@pytest.mark.parametrize(
    "forged", [{"number": "x"}, {"number": "-1"}, {"idempotency_key": "kort"}, {"number": "99"}]
)
def test_forged_form_is_a_422(sanne: FlaskClient, ruled: Neighbourhood, forged: dict[str, str]) -> None:
    answer = sent(sanne, "publish", **{"body": "Was af.", "change_note": NOTE, **forged})
    assert answer.status_code == 422
    assert row_counts(ruled.app, "rules_version") == {"rules_version": 1}


@pytest.mark.parametrize("who", ["noor", "bram", "riet", "fatma"])
def test_only_board_staff_and_administrators_write_rules(
    client: FlaskClient, ruled: Neighbourhood, who: str
) -> None:
    sign_in(client, who)
    assert client.get(PATH).status_code == 403
    assert PATH not in text_of(client.get(READ))


def test_partner_goes_along_for_the_whole_organisation(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
        colleague = make.make_person(name="Els de Proef", email="els@proef.example")
        make.make_role(person_id=colleague, function=Function.PARTNER, room_id=hood.linde, organisation_id=1)
    hood.people["els"] = colleague
    riet, els = hood.actor("riet"), hood.actor("els")
    with hood.app.app_context(), unit_of_work():
        actions.agree(hood.linde, 1, actor=riet, now=clock.now())
    [row] = rows(hood.app, "select person_id, organisation_id, how, recorded_by_id from acceptance")
    assert tuple(row) == (None, 1, "screen", hood.people["riet"])
    with hood.app.app_context():
        room = room_by_id(hood.linde)
        assert not agreement_of(els, room, now=clock.now()).is_missing
        assert agreement_of(hood.actor("noor"), room, now=clock.now()).is_missing
        assert agreed_with(room, now=clock.now()) == Agreed(people=0, organisations=1, on_paper=0)


def test_paper_is_counted_and_few_are_not_told(client: FlaskClient, ruled: Neighbourhood) -> None:
    noor, bram = ruled.actor("noor"), ruled.actor("bram")
    with ruled.app.app_context(), unit_of_work():
        actions.agree(ruled.linde, 1, actor=bram, person=noor, how=How.PAPER, now=clock.now())
    with ruled.app.app_context():
        assert agreed_with(room_by_id(ruled.linde), now=clock.now()) == Agreed(1, 0, 1)
    sign_in(client, "sanne")
    assert "Nog minder dan 5 keer ja gezegd." in visible(text_of(client.get(READ)))
    with client.application.test_request_context():
        assert agreed_line(Agreed(32, 1, 6)) == "32 mensen doen mee, 1 organisatie, 6 op papier."
        assert agreed_line(Agreed(32, 0, 1)) == "32 mensen doen mee, minder dan 5 op papier."


def test_poster_is_for_everybody_and_holds_all_rules(client: FlaskClient, ruled: Neighbourhood) -> None:
    page = visible(text_of(client.get(f"{READ}/afdrukken")))
    assert "Na 22:00 uur is het stil." in page
    assert client.get("/r/nergens/huisregels/afdrukken").status_code == 404
    assert client.get("/r/het-plein/huisregels/afdrukken").status_code == 200


def test_pages_of_publishing_stay_within_their_statements(sanne: FlaskClient, ruled: Neighbourhood) -> None:
    for path in (READ, PATH):
        sanne.get(path)
        with statements(ruled.app) as seen:
            sanne.get(path)
        assert len(seen) <= 6, path


def test_rules_are_written_before_the_room_opens(hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text("update room set live_at = null where id = :it"), it=hood.linde)
    mo, noor = hood.app.test_client(), hood.app.test_client()
    sign_in(mo, "mo")
    sign_in(noor, "noor")
    assert sent(mo, "publish", body="Was af.").status_code == 303
    assert [who.get(READ).status_code for who in (mo, noor)] == [200, 404]
