"""A second proof of who sees the data of all: wherever one came in, nothing is seen or done before it."""

from __future__ import annotations

import html
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest

from ontmoet.db import DatabaseBusy, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.tokens import new_public_id
from ontmoet.people.actions import forget_old_sessions
from ontmoet.proving import actions, finishing
from ontmoet.proving.codes import code_to_take, spare_digest
from ontmoet.proving.rules import SPARE_CODES, SPARE_LENGTH, Reason, step_at
from ontmoet.proving.setting_up import new_spare_codes
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.fixtures import TUESDAY
from tests.proving.authenticator import Authenticator
from tests.proving.deeds import ACCESS, STEP, come_in, sent, set_up, with_passkey
from tests.watching import row_counts, rows, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
def strict(hood: Neighbourhood) -> Neighbourhood:
    """The installation asks for a second proof."""
    set_up(hood.app, second_factor=True)
    return hood


def halfway(hood: Neighbourhood, name: str = "sanne") -> FlaskClient:
    """Somebody gave the password."""
    client = hood.app.test_client()
    sign_in(client, name)
    return client


def code_of(secret: str) -> str:
    return pyotp.TOTP(secret).at(clock.now())


def with_app(client: FlaskClient, path: str = f"{STEP}/app") -> str:
    """Set up an app with codes; its secret."""
    page = client.get(path).get_data(as_text=True)
    secret = html.unescape(page.split("secret=", 1)[1].split("&", 1)[0])
    sealed = page.split('name="sealed" type="hidden" value="', 1)[1].split('"', 1)[0]
    done = client.post(path, data={"csrf_token": token_in(page), "sealed": sealed, "code": code_of(secret)})
    assert done.status_code == 303, visible(done.get_data(as_text=True))
    return secret


def step(client: FlaskClient, code: str) -> int:
    return sent(client, STEP, seen_on=STEP, code=code).status_code


def test_nothing_is_seen_or_done_before_the_second_step(strict: Neighbourhood) -> None:
    client = halfway(strict)
    for path in ("/mijn", "/mijn/wachtwoord", "/r/de-linde/beheer", ACCESS):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (302, f"{STEP}?next={path}"), path
    assert client.get("/inloggen").location == f"{STEP}?next=/mijn"
    assert "Sanne" not in client.get("/").get_data(as_text=True)
    fragment = client.get("/mijn", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"].startswith(STEP)
    # Of others it is not asked, nor of anybody where the installation does not ask it.
    assert halfway(strict, "bram").get("/mijn").status_code == 200
    set_up(strict.app, second_factor=False)
    assert client.get("/mijn").status_code == 200
    # And whoever sets one up there does not think that it keeps others out.
    assert "Na je wachtwoord vragen we nu nog geen ander bewijs." in client.get("/mijn/toegang").get_data(
        as_text=True
    )


def test_first_time_an_app_is_set_up_and_later_its_code_is_asked(strict: Neighbourhood, moment: Move) -> None:
    client = halfway(strict)
    assert "Stel je tweede stap in" in client.get(STEP).get_data(as_text=True)
    before = client.get_cookie("ontmoet")
    secret = with_app(client, f"{STEP}/app?next=/r/de-linde/beheer")
    assert client.get("/r/de-linde/beheer").status_code == 200
    # What was known halfway is worth nothing now.
    thief = strict.app.test_client()
    assert before is not None
    thief.set_cookie("ontmoet", before.value)
    assert thief.get("/mijn").location == "/inloggen?next=/mijn"
    sealed = rows(strict.app, "select sealed from code_app")[0][0]
    assert secret not in sealed

    moment(timedelta(hours=1))
    again = halfway(strict)
    assert again.get(f"{STEP}/app").status_code == 404
    assert step(again, "000000") == 422
    assert again.get("/mijn").status_code == 302
    assert step(again, code_of(secret)) == 303
    assert again.get("/mijn").status_code == 200
    replayed = halfway(strict)
    page = sent(replayed, STEP, seen_on=STEP, code=code_of(secret))
    assert "al gebruikt" in visible(page.get_data(as_text=True))
    moment(HALF_A_MINUTE)
    assert step(replayed, code_of(secret)) == 303


def test_passkey_is_both_steps_at_once_and_may_be_the_second(strict: Neighbourhood) -> None:
    client, device = halfway(strict), Authenticator()
    question = client.get(f"{STEP}/vraag").get_json()
    done = sent(client, f"{STEP}/sleutel", seen_on=STEP, answer=device.make(question))
    assert done.location == f"{ACCESS}/reservecodes?next=/mijn"
    assert client.get("/mijn").status_code == 200
    phone = strict.app.test_client()
    come_in(phone, device)
    assert phone.get("/mijn").status_code == 200
    second = halfway(strict)
    question = second.get("/inloggen/sleutel/vraag").get_json()
    assert sent(second, STEP, seen_on=STEP, answer=device.show(question)).status_code == 303
    assert second.get("/mijn").status_code == 200
    # One of somebody else is none.
    ali = halfway(strict, "ali")
    of_ali = with_passkey(ali)
    third = halfway(strict)
    question = third.get("/inloggen/sleutel/vraag").get_json()
    assert sent(third, STEP, seen_on=STEP, answer=of_ali.show(question)).status_code == 422
    assert third.get("/mijn").status_code == 302


def test_spare_code_works_once_and_the_last_proof_stays(strict: Neighbourhood) -> None:
    client = halfway(strict)
    with_app(client)
    page = visible(sent(client, f"{ACCESS}/reservecodes", seen_on=ACCESS).get_data(as_text=True))
    codes = [word for word in page.split() if len(word) == 14 and word.count("-") == 2]
    assert len(codes) == SPARE_CODES
    other = halfway(strict)
    assert step(other, codes[0].lower()) == 303
    third = halfway(strict)
    assert step(third, codes[0]) == 422
    assert row_counts(strict.app, "spare_code") == {"spare_code": SPARE_CODES - 1}
    sent(client, f"{ACCESS}/app/weg")
    assert "laatste tweede stap" in visible(client.get(ACCESS).get_data(as_text=True))
    assert row_counts(strict.app, "code_app") == {"code_app": 1}


def test_codes_are_still_good_when_the_database_was_busy(
    strict: Neighbourhood, moment: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = with_app(halfway(strict))
    with strict.app.app_context():
        spare = new_spare_codes(strict.people["sanne"], now=clock.now())[0]
    moment(HALF_A_MINUTE)

    def busy(*_: object, **__: object) -> None:
        raise DatabaseBusy

    for code in (spare, code_of(secret)):
        client = halfway(strict)
        with monkeypatch.context() as patch:
            patch.setattr(finishing, "prove_session", busy)
            assert [step(client, code) for _ in range(11)] == [503] * 11, "no try is lost either"
        assert client.get("/mijn").status_code == 302
        assert step(client, code) == 303
        assert client.get("/mijn").status_code == 200
    assert rows(strict.app, "select count(*) from audit where action = 'spare_code_used'") == [(1,)]
    assert row_counts(strict.app, "spare_code") == {"spare_code": SPARE_CODES - 1}


def test_guessing_ends_and_stopping_signs_out(strict: Neighbourhood) -> None:
    client = halfway(strict)
    secret = with_app(client)
    guesser = halfway(strict)
    assert [step(guesser, "000000") for _ in range(11)] == [422] * 10 + [429]
    over = sent(guesser, STEP, seen_on=STEP, code=code_of(secret))
    assert (over.status_code, over.headers["Retry-After"]) == (429, "900")
    sent(guesser, f"{STEP}/stoppen", seen_on=STEP)
    assert guesser.get("/mijn").location == "/inloggen?next=/mijn"


def test_ten_guesses_are_ten_however_many_come_at_once(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    guess = "0" * SPARE_LENGTH

    def tried(_: int) -> Reason:
        with hood.app.app_context():
            take = code_to_take(hood.people["sanne"], guess, now=TUESDAY)
            with unit_of_work():
                objection = take()
        assert objection is not None
        return Reason(objection.reason)

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(tried, range(14)))
    assert found == [Reason.TOO_MANY_TRIES] * 4 + [Reason.WRONG_CODE] * 10


def test_function_that_begins_asks_for_it_at_the_next_page(strict: Neighbourhood, moment: Move) -> None:
    noor = halfway(strict, "noor")
    assert noor.get("/mijn").status_code == 200
    with strict.app.app_context():
        make.make_role(person_id=strict.people["noor"], function=Function.STAFF, room_id=strict.linde)
    assert noor.get("/mijn").location == f"{STEP}?next=/mijn"
    # From now on, not from when it began, which may be months ago.
    moment(timedelta(minutes=9))
    assert noor.get("/mijn").location == f"{STEP}?next=/mijn"
    moment(timedelta(minutes=2))
    assert noor.get("/mijn").location == "/inloggen?next=/mijn"


def test_who_stops_halfway_is_out_after_ten_minutes_and_reads_why(
    strict: Neighbourhood, moment: Move
) -> None:
    client = halfway(strict)
    secret = with_app(client)
    slow = halfway(strict)
    page = slow.get(STEP).get_data(as_text=True)
    unseen = halfway(strict)
    moment(timedelta(minutes=9))
    assert slow.get(STEP).status_code == 200, "looking again does not make it longer"
    moment(timedelta(minutes=1))
    sent_late = slow.post(STEP, data={"csrf_token": token_in(page), "code": code_of(secret)})
    assert sent_late.location == "/inloggen?next=/mijn"
    assert "Dat duurde te lang. Log opnieuw in." in slow.get(sent_late.location).get_data(as_text=True)
    assert unseen.get(f"{STEP}/app?next=/mijn").location == "/inloggen?next=/mijn"
    # Who gave it is in for as long as ever, and what is over goes with the rest.
    moment(timedelta(hours=11))
    assert client.get("/mijn").status_code == 200
    with strict.app.app_context(), unit_of_work():
        assert forget_old_sessions(clock.now()) == 2


def at_once(deed: Callable[[], bool]) -> int:
    """How many of eight who do it at the same moment succeed."""
    found: list[bool] = []
    threads = [threading.Thread(target=lambda: found.append(deed())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    return sum(found)


def test_of_many_at_once_one_uses_a_code_and_one_sets_the_first_app_up(hood_on_both: Neighbourhood) -> None:
    app, sanne = hood_on_both.app, hood_on_both.people["sanne"]
    present, now = step_at(clock.now()), clock.now()

    def set_up_first() -> bool:
        try:
            with app.app_context(), unit_of_work():
                own = new_public_id()
                actions.set_code_app(sanne, seal_id=own, sealed="x", step=present - 9, as_first=True, now=now)
        except Refused:
            return False
        return True

    def use_step() -> bool:
        with app.app_context(), unit_of_work():
            return actions.use_step(sanne, present)

    assert at_once(set_up_first) == 1
    assert at_once(use_step) == 1
    with app.app_context():
        spare = new_spare_codes(sanne, now=now)[0].replace("-", "").lower()

    def use_spare() -> bool:
        with app.app_context(), unit_of_work():
            return actions.use_spare_code(sanne, spare_digest(spare), now=now)

    def spend() -> bool:
        with app.app_context(), unit_of_work():
            return actions.spend("a question", until=now)

    assert (at_once(use_spare), at_once(spend)) == (1, 1)
