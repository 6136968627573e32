"""A child takes part when a grown-up of the same home agrees, who then holds the child's data."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.config import Config, ConfigError
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.walltime import day_of
from ontmoet.lifecycle.actions import record_death
from ontmoet.lifecycle.merging import merge
from ontmoet.membership.rules import By
from ontmoet.my_data.erasing import erase, obstacles
from ontmoet.my_data.retention import count_waiting_children, forget_waiting_children
from ontmoet.people.actor_queries import actor_by_public_id
from ontmoet.people.feeds import make_feed, token_of
from ontmoet.people.finding import Scope, find
from ontmoet.people.guardians import agree_as_guardian, children_of, name_guardian
from ontmoet.people.rules import Reason, person_meant
from ontmoet.recovery.slips import make_slip
from ontmoet.rooms.queries import room_by_id
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.fixtures import TUESDAY
from tests.my_data.leaving import home_of
from tests.my_data.test_my_data_views import HOME, public_id_of, sent
from tests.my_data.test_new_address import mails
from tests.watching import errors, row_counts, rows, visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood


@pytest.fixture
def child(hood: Neighbourhood) -> int:
    """Sem, who lives with Noor and wants to take part."""
    with hood.app.app_context():
        person_id = make.make_person(name="Sem de Proef", email="sem@proef.example", password=make.PASSWORD)
        make.make_residency(person_id=person_id, home_id=home_of(hood.app, "linde-14b"))
    hood.people["sem"] = person_id
    return person_id


def ask(hood: Neighbourhood, child_id: int, name: str) -> None:
    with hood.app.app_context(), unit_of_work():
        name_guardian(child_id, hood.people[name], now=TUESDAY)


def may_sign_in(hood: Neighbourhood, name: str) -> bool:
    fields = {"email": f"{name}@proef.example", "password": make.PASSWORD}
    return log_in(hood.app.test_client(), "/inloggen", **fields).status_code == 303


def log_in(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    token = token_in(client.get(path).get_data(as_text=True))
    return client.post(path, data={"csrf_token": token, **fields})


def by_pin(client: FlaskClient, **others: str) -> TestResponse:
    """Sem signs in with address name, nickname and PIN."""
    fields = {"address_name": "linde-14b", "nickname": "sem", "pin": make.PIN, **others}
    return log_in(client, "/inloggen/adres", **fields)


@pytest.fixture
def waits(hood: Neighbourhood, child: int) -> int:
    """Sem has a PIN, and asked Noor."""
    with hood.app.app_context():
        make.make_pin(person_id=child, home_id=home_of(hood.app, "linde-14b"), nickname="sem")
    ask(hood, child, "noor")
    return child


def test_guardian_is_a_grown_up_of_the_same_home(hood: Neighbourhood, child: int) -> None:
    for name in ("ali", "mo", "sem"):
        with pytest.raises(Refused) as refused:
            ask(hood, child, name)
        assert [objection.reason for objection in refused.value.objections] == [Reason.NO_GUARDIAN]
    ask(hood, child, "noor")
    with hood.app.app_context():
        younger = make.make_person(name="Lot de Proef")
        make.make_residency(person_id=younger, home_id=home_of(hood.app, "linde-14b"))
    with pytest.raises(Refused):
        ask(hood, younger, "sem")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("noor EL amrani", 1),
        ("Noor", 1),
        ("el-amrani noor", 1),
        ("amrani", None),
        ("Noo", None),
        ("Adam Amrani", 2),
        ("", None),
        ("\u200d", None),
        ("mama", None),
    ],
)
def test_guardian_is_found_by_whole_words_when_it_is_clear_who(typed: str, meant: int | None) -> None:
    assert person_meant([(1, "Noor El Amrani"), (2, "Adam Amrani")], typed) == meant
    assert person_meant([(1, "Jan Vos"), (2, "Jan de Vos")], "jan vos") == 1


def test_former_housemate_answers_for_nobody(hood: Neighbourhood, child: int) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(
            text("update residency set until = '2026-11-24' where person_id = :id"), id=hood.people["noor"]
        )
    with pytest.raises(Refused):
        ask(hood, child, "noor")


def test_child_takes_part_once_the_guardian_agreed(
    hood: Neighbourhood, child: int, client: FlaskClient
) -> None:
    assert may_sign_in(hood, "sem")
    ask(hood, child, "noor")
    assert not may_sign_in(hood, "sem")
    sign_in(client, "noor")
    assert "Sem de Proef wil meedoen" in visible(client.get(HOME).get_data(as_text=True))
    answer = sent(client, f"{HOME}/{public_id_of(hood, 'sem')}/akkoord")
    assert answer.location == HOME
    page = visible(client.get(HOME).get_data(as_text=True))
    assert "Sem kan nu meedoen." in page
    assert "wil meedoen" not in page
    assert may_sign_in(hood, "sem")
    acts = [tuple(row) for row in rows(hood.app, "select action, actor_id, object_id from audit order by id")]
    assert ("guardian_agreed", hood.people["noor"], child) in acts


def test_guardian_sees_corrects_takes_along_and_removes(
    hood: Neighbourhood, child: int, client: FlaskClient
) -> None:
    ask(hood, child, "noor")
    sign_in(client, "noor")
    base = f"{HOME}/{public_id_of(hood, 'sem')}"
    assert "Gegevens van Sem de Proef" in visible(client.get(base).get_data(as_text=True))
    assert sent(client, f"{base}/wijzigen", name="Sem El Amrani", phone="").location == base
    assert sent(client, f"{base}/downloaden").mimetype == "application/zip"
    (seen,) = rows(hood.app, "select actor_id, on_behalf_of_id from audit where action = 'person_seen'")
    assert tuple(seen) == (hood.people["noor"], child)
    refused = sent(client, f"{HOME}/verwijderen", sure="y")
    assert "Een kind hoort hier nog bij." in visible(refused.get_data(as_text=True))
    assert sent(client, f"{base}/verwijderen", sure="y").location == HOME
    assert "De gegevens zijn weg." in visible(client.get(HOME).get_data(as_text=True))
    assert client.get(base).status_code == 404
    with hood.app.app_context():
        assert children_of(hood.people["noor"]) == []
    assert sent(client, f"{HOME}/verwijderen", sure="y").location == "/inloggen"


def test_right_pin_of_a_child_that_waits_explains_and_signs_nobody_in(
    hood: Neighbourhood, waits: int, client: FlaskClient
) -> None:
    wrong = by_pin(client, pin="590274")
    assert "horen niet bij elkaar" in visible(wrong.get_data(as_text=True))
    assert "ouder of verzorger" not in wrong.get_data(as_text=True)
    right = by_pin(client)
    assert right.status_code == 422
    assert "Je ouder of verzorger moet het nog goed vinden" in visible(right.get_data(as_text=True))
    assert make.PIN not in right.get_data(as_text=True)
    assert row_counts(hood.app, "session") == {"session": 0}
    # Right is no guess: ten of them lock nobody out.
    assert {by_pin(client).status_code for _ in range(12)} == {422}


def test_child_that_waits_names_another_guardian(
    hood: Neighbourhood, waits: int, client: FlaskClient
) -> None:
    with hood.app.app_context():
        adam = make.make_person(name="Adam de Proef")
        make.make_residency(person_id=adam, home_id=home_of(hood.app, "linde-14b"))
    for named in ("Ali de Proef", "Sem de Proef", "de Proef", "Ada", "\u200d"):
        refused = by_pin(client, guardian=named)
        assert (refused.status_code, list(errors(refused.get_data(as_text=True)))) == (422, ["guardian"])
    assert by_pin(client, guardian="adam").location == "/inloggen/wachten"
    assert "Nog even wachten" in visible(client.get("/inloggen/wachten").get_data(as_text=True))
    with hood.app.app_context():
        assert children_of(hood.people["noor"]) == []
        assert [one.name for one in children_of(adam)] == ["Sem de Proef"]
    asked = rows(hood.app, "select person_id, room_id from message where kind = 'child_asks' order by id")
    assert [tuple(row) for row in asked] == [(hood.people["noor"], hood.linde), (adam, hood.linde)]
    by_pin(client, guardian="Adam de Proef")
    assert row_counts(hood.app, "message") == {"message": 2}, "once a day"


def test_slip_lets_no_child_in_that_waits(hood: Neighbourhood, waits: int, client: FlaskClient) -> None:
    with hood.app.app_context(), unit_of_work():
        code = make_slip(
            waits,
            room_id=hood.linde,
            made_by_id=hood.people["bram"],
            key=hood.app.config["SECRET_KEY"],
            now=TUESDAY,
        )
    answer = log_in(client, "/inloggen/briefje", code=code)
    assert (answer.status_code, answer.location) == (303, "/inloggen/wachten")
    assert row_counts(hood.app, "session") == {"session": 0}


def test_nobody_acts_for_a_child_that_waits(hood: Neighbourhood, waits: int) -> None:
    with hood.app.app_context():
        room, day = room_by_id(hood.linde), day_of(TUESDAY)
        with unit_of_work():
            found = find(
                room,
                Scope.HELPED,
                "proef",
                actor_id=hood.people["bram"],
                besides=hood.people["bram"],
                now=TUESDAY,
            )
        assert [one.name for one in found.people] == ["Ali de Proef", "Noor de Proef", "Riet de Proef"]
        assert actor_by_public_id(hood.public_id("sem"), today=day) is None


def test_guardian_is_mailed_or_called_without_the_name(
    hood: Neighbourhood, waits: int, tmp_path: Path
) -> None:
    mail = mails(hood, tmp_path)["noor@proef.example"]
    assert "Vind jij het goed?" in mail
    assert "http://127.0.0.1:8000/mijn/gegevens" in mail
    assert "Sem" not in mail


def test_guardian_without_email_is_on_the_call_list_until_the_answer(
    hood: Neighbourhood, child: int, client: FlaskClient
) -> None:
    with hood.app.app_context(), unit_of_work():
        make.change_person(hood.people["noor"], email=None, channel="call", phone="06 12345678")
    ask(hood, child, "noor")
    hood.work()
    sign_in(client, "bram")
    listed = visible(client.get("/r/de-linde/bellijst").get_data(as_text=True))
    assert "wil meedoen. Ben jij de ouder" in listed
    with hood.app.app_context(), unit_of_work():
        agree_as_guardian(child, hood.people["noor"], now=TUESDAY)
    assert "wil meedoen" not in visible(client.get("/r/de-linde/bellijst").get_data(as_text=True))


def test_guardian_says_no_and_the_data_go(hood: Neighbourhood, waits: int, client: FlaskClient) -> None:
    sign_in(client, "noor")
    away = f"{HOME}/{public_id_of(hood, 'sem')}/verwijderen"
    assert f'href="{away}"' in client.get(HOME).get_data(as_text=True)
    assert sent(client, away, sure="y").location == HOME
    assert rows(hood.app, "select name, guardian_id from person where id = :id", id=waits) == [("", None)]
    assert "horen niet bij elkaar" in visible(by_pin(hood.app.test_client()).get_data(as_text=True))


def test_agreeing_asks_again_who_it_is(
    hood: Neighbourhood, waits: int, client: FlaskClient, moment: Callable[[timedelta], None]
) -> None:
    sign_in(client, "noor")
    path = f"{HOME}/{public_id_of(hood, 'sem')}/akkoord"
    moment(timedelta(minutes=11))
    assert sent(client, path).location == f"{HOME}/bevestigen?next={HOME}"
    assert not may_sign_in(hood, "sem")


def test_guardian_who_moved_before_the_answer_cannot_agree(
    hood: Neighbourhood, waits: int, client: FlaskClient
) -> None:
    move_out(hood, "noor")
    sign_in(client, "noor")
    assert sent(client, f"{HOME}/{public_id_of(hood, 'sem')}/akkoord").location == HOME
    page = visible(client.get(HOME).get_data(as_text=True))
    assert "jullie wonen niet op hetzelfde adres" in page
    assert not may_sign_in(hood, "sem")


def test_guardian_who_moves_later_stays_the_guardian(
    hood: Neighbourhood, waits: int, client: FlaskClient
) -> None:
    agree(hood, waits)
    move_out(hood, "noor")
    assert by_pin(client).status_code == 303


@pytest.mark.parametrize("way", ["died", "erased"])
def test_child_of_a_guardian_who_is_gone_is_signed_out_and_names_another(
    hood: Neighbourhood, waits: int, client: FlaskClient, way: str
) -> None:
    agree(hood, waits)
    assert by_pin(client).status_code == 303
    feed = feed_of(hood, waits)
    assert hood.app.test_client().get(feed).status_code == 200
    with hood.app.app_context():
        adam = make.make_person(name="Adam de Proef")
        make.make_residency(person_id=adam, home_id=home_of(hood.app, "linde-14b"))
        with unit_of_work():
            if way == "died":
                record_death(hood.people["noor"], By(hood.people["sanne"], hood.linde, TUESDAY))
            else:
                erase(hood.people["noor"], by=None, now=TUESDAY)
    assert client.get("/mijn").status_code == 302
    assert hood.app.test_client().get(feed).status_code == 404
    assert by_pin(client).status_code == 422
    assert by_pin(client, guardian="Adam").location == "/inloggen/wachten"
    with hood.app.app_context(), unit_of_work():
        agree_as_guardian(waits, adam, now=TUESDAY)
    assert by_pin(client).status_code == 303


def feed_of(hood: Neighbourhood, child_id: int) -> str:
    """Where the calendar of this child stands from now on."""
    key = hood.app.extensions["ontmoet_config"].token_key
    with hood.app.app_context():
        with unit_of_work():
            make_feed(child_id, key=key, now=TUESDAY)
        return f"/agenda/{token_of(child_id, key=key)}.ics"


def test_calendar_of_a_child_that_waits_shows_nothing(hood: Neighbourhood, waits: int) -> None:
    feed = feed_of(hood, waits)
    assert hood.app.test_client().get(feed).status_code == 404
    agree(hood, waits)
    assert hood.app.test_client().get(feed).status_code == 200


def test_merged_double_of_a_child_is_nobodys_child(hood: Neighbourhood, waits: int) -> None:
    with hood.app.app_context():
        double = make.make_person(name="Sem Proef")
        make.make_residency(person_id=double, home_id=home_of(hood.app, "linde-14b"))
        with unit_of_work():
            merge(double, waits, By(hood.people["sanne"], hood.linde, TUESDAY))
        assert children_of(hood.people["noor"]) == []
        assert obstacles(hood.people["noor"], now=TUESDAY) == []


def test_child_that_nobody_answers_for_is_forgotten_after_three_months(
    hood: Neighbourhood, waits: int, moment: Callable[[timedelta], None]
) -> None:
    with hood.app.app_context():
        agreed = make.make_person(name="Lot de Proef")
        make.make_residency(person_id=agreed, home_id=home_of(hood.app, "linde-14b"))
    ask(hood, agreed, "noor")
    agree(hood, agreed)
    moment(timedelta(days=90))
    assert forgotten(hood) == 0
    moment(timedelta(seconds=1))
    assert (forgotten(hood), forgotten(hood)) == (1, 0)
    assert rows(hood.app, "select name from person where id in (:a, :b) order by id", a=waits, b=agreed) == [
        ("",),
        ("Lot de Proef",),
    ]


def forgotten(hood: Neighbourhood) -> int:
    """How many children that wait are over their term, and forgotten."""
    before = clock.now() - timedelta(days=90)
    with hood.app.app_context(), unit_of_work():
        counted, gone = count_waiting_children(before), forget_waiting_children(before)
    assert counted == gone
    return gone


def agree(hood: Neighbourhood, child_id: int) -> None:
    with hood.app.app_context(), unit_of_work():
        agree_as_guardian(child_id, hood.people["noor"], now=TUESDAY)


def move_out(hood: Neighbourhood, name: str) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text("update residency set until = '2026-11-24' where person_id = :id"), id=hood.people[name])


def test_minimum_age_is_a_setting_from_sixteen_on(hood: Neighbourhood, client: FlaskClient) -> None:
    config = hood.app.extensions["ontmoet_config"]
    assert "Ben je jonger dan 16?" in visible(client.get("/privacy").get_data(as_text=True))
    hood.app.extensions["ontmoet_config"] = replace(config, minimum_age=18)
    assert "Ben je jonger dan 18?" in visible(client.get("/privacy").get_data(as_text=True))
    for given in ("12", "zestien", "99"):
        with pytest.raises(ConfigError, match="MINIMUM_AGE"):
            Config.from_env({"MINIMUM_AGE": given, "SECRET_KEY": "x" * 40})
