"""A child takes part when a grown-up of the same home agrees, who then holds the child's data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.config import Config, ConfigError
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel.objections import Refused
from ontmoet.people.guardians import children_of, name_guardian
from ontmoet.people.rules import Reason
from tests import builders as make
from tests.cast import sign_in
from tests.conftest import TUESDAY
from tests.my_data.leaving import home_of
from tests.my_data.test_my_data_views import HOME, public_id_of, sent
from tests.watching import rows, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

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
    client = hood.app.test_client()
    sign_in(client, name)
    return client.get("/mijn").status_code == 200


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


def test_minimum_age_is_a_setting_from_sixteen_on(hood: Neighbourhood, client: FlaskClient) -> None:
    config = hood.app.extensions["ontmoet_config"]
    assert "Ben je jonger dan 16?" in visible(client.get("/privacy").get_data(as_text=True))
    hood.app.extensions["ontmoet_config"] = replace(config, minimum_age=18)
    assert "Ben je jonger dan 18?" in visible(client.get("/privacy").get_data(as_text=True))
    for given in ("12", "zestien", "99"):
        with pytest.raises(ConfigError, match="MINIMUM_AGE"):
            Config.from_env({"MINIMUM_AGE": given, "SECRET_KEY": "x" * 40})
