"""Staff come in by the account of their work, against a real provider; what it says is believed only as far
as it can be.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.config import Config, ConfigError, OpenId
from ontmoet.db import execute, unit_of_work
from tests.browser.machine import served
from tests.cast import sign_in
from tests.fixtures import config_for
from tests.proving.deeds import ACCESS, STEP, sent, set_up
from tests.proving.provider import CLIENT, SECRET, TENANT, Provider
from tests.watching import row_counts, rows, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

WORK = "/inloggen/organisatie"
NOT_SO = "Inloggen met je werk lukte niet"


@pytest.fixture(scope="module")
def standing_provider() -> Iterator[Provider]:
    """One provider for all tests: keys take long to make."""
    provider = Provider()
    with served(provider.app) as address:
        provider.issuer = f"{address}/{TENANT}"
        yield provider


@pytest.fixture
def provider(standing_provider: Provider, hood: Neighbourhood) -> Provider:
    """A truthful provider that the installation knows, and that asks a second proof of staff."""
    provider = standing_provider
    provider.says, provider.signs_with_other, provider.algorithm, provider.is_away = {}, False, "RS256", False
    openid = OpenId(provider.issuer, CLIENT, SECRET, "Woonplaats")
    hood.app.extensions.pop("ontmoet_organisation", None)
    set_up(hood.app, base_url="http://127.0.0.1:8000", openid=openid, second_factor=True)
    return provider


def through(client: FlaskClient, provider: Provider, query: str = "") -> TestResponse:
    """Off to the provider and back."""
    away = client.get(f"{WORK}{query}")
    assert away.status_code == 302, visible(away.get_data(as_text=True))
    return client.get(f"{WORK}/terug?{provider.consent(away.location)}")


def linked(hood: Neighbourhood, provider: Provider, name: str = "sanne") -> FlaskClient:
    """Somebody who works here links the account as the first second proof."""
    client = hood.app.test_client()
    sign_in(client, name)
    assert client.get("/mijn").status_code == 302
    assert through(client, provider, "?koppel=1&next=/mijn").location == "/mijn"
    assert client.get("/mijn").status_code == 200
    return client


def says_no(hood: Neighbourhood, answer: TestResponse, client: FlaskClient) -> bool:
    is_shown = NOT_SO in visible(client.get("/inloggen").get_data(as_text=True))
    return answer.location == "/inloggen" and is_shown and client.get("/mijn").status_code == 302


def test_who_linked_the_account_comes_in_by_it(hood: Neighbourhood, provider: Provider) -> None:
    assert "Log in met Woonplaats" in hood.app.test_client().get("/inloggen").get_data(as_text=True)
    mine = linked(hood, provider)
    kept = rows(hood.app, "select person_id, issuer, subject from work_account")
    assert [tuple(row) for row in kept] == [(hood.people["sanne"], provider.issuer, "sub-of-sanne")]
    assert "account_linked" in {row.kind for row in rows(hood.app, "select kind from message")}
    client = hood.app.test_client()
    # An address that somebody else has here says nothing.
    provider.says = {"email": "mo@proef.example"}
    assert through(client, provider, "?next=/r/de-linde").location == "/r/de-linde"
    assert "Sanne" in client.get("/mijn").get_data(as_text=True)
    assert client.get("/r/de-linde/beheer").status_code == 200
    # Who has no password shows once more who it is there.
    confirm = "/mijn/gegevens/bevestigen?next=/mijn/gegevens"
    with client.session_transaction() as cookie:
        cookie["confirmed_at"] = 0
    page = client.get(confirm).get_data(as_text=True)
    again = f"{WORK}?opnieuw=1&next=/mijn/gegevens"
    assert f'href="{again.replace("&", "&amp;")}"' in page
    assert "prompt=login" in client.get(again).location
    assert through(client, provider, "?opnieuw=1&next=/mijn/gegevens").location == "/mijn/gegevens"
    assert client.get("/mijn/gegevens").status_code == 200
    halfway = hood.app.test_client()
    sign_in(halfway, "sanne")
    assert "Log in met Woonplaats" in halfway.get(STEP).get_data(as_text=True)
    assert through(halfway, provider, "?next=/mijn").location == "/mijn"
    assert halfway.get("/mijn").status_code == 200
    # Three devices: who came back to where they were began nothing new.
    assert row_counts(hood.app, "session") == {"session": 3}
    outside = hood.app.test_client()
    assert through(outside, provider, "?next=//kwaad.example").location == "/mijn"
    # The last proof of who needs one stays.
    sent(mine, f"{ACCESS}/account/weg")
    assert row_counts(hood.app, "work_account") == {"work_account": 1}


def test_somebody_of_the_organisation_without_a_function_reads_what_to_do(
    hood: Neighbourhood, provider: Provider
) -> None:
    client = hood.app.test_client()
    answer = through(client, provider)
    assert answer.status_code == 403
    assert "Vraag een beheerder om je toe te voegen" in visible(answer.get_data(as_text=True))
    assert client.get("/mijn").status_code == 302
    # A resident who is signed in links nothing.
    noor = hood.app.test_client()
    sign_in(noor, "noor")
    assert through(noor, provider, "?koppel=1").status_code == 403
    assert row_counts(hood.app, "work_account") == {"work_account": 0}
    # Who stops working here does not come in by it any more.
    linked(hood, provider)
    with hood.app.app_context(), unit_of_work():
        execute(text("update role set until = since where person_id = :who"), who=hood.people["sanne"])
    assert through(hood.app.test_client(), provider).status_code == 403


def test_account_belongs_to_one_person_and_halfway_links_no_second_proof(
    hood: Neighbourhood, provider: Provider
) -> None:
    linked(hood, provider)
    mo = hood.app.test_client()
    sign_in(mo, "mo")
    assert through(mo, provider, "?koppel=1").location == "/mijn"
    assert mo.get("/mijn").location == f"{STEP}?next=/mijn"
    # Who knows only the password of somebody with a second proof links no account of their own.
    thief = hood.app.test_client()
    sign_in(thief, "sanne")
    provider.says = {"sub": "sub-of-the-thief"}
    assert through(thief, provider, "?koppel=1").location == "/mijn"
    assert thief.get("/mijn").status_code == 302
    assert rows(hood.app, "select subject from work_account")[0][0] == "sub-of-sanne"


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"iss": "https://elders.example/t-1"},
        {"aud": "another-client"},
        {"aud": "another-client", "azp": CLIENT},
        {"exp": int(time.time()) - 3600},
        {"tid": "t-2", "oid": "o"},
        {"sub": ""},
    ],
)
def test_what_is_not_for_us_or_not_now_is_not_believed(
    hood: Neighbourhood, provider: Provider, lie: dict[str, object]
) -> None:
    linked(hood, provider)
    provider.says = lie
    client = hood.app.test_client()
    assert says_no(hood, through(client, provider), client)


@pytest.mark.parametrize("lie", [{"signs_with_other": True}, {"algorithm": "none"}])
def test_what_the_provider_did_not_sign_is_not_believed(
    hood: Neighbourhood, provider: Provider, lie: dict[str, object]
) -> None:
    linked(hood, provider)
    for name, value in lie.items():
        setattr(provider, name, value)
    client = hood.app.test_client()
    assert says_no(hood, through(client, provider), client)


def test_way_back_is_used_once_in_time_and_by_who_left(
    hood: Neighbourhood, provider: Provider, moment: Move
) -> None:
    linked(hood, provider)
    client, copy, other = (hood.app.test_client() for _ in range(3))
    away = client.get(WORK)
    cookie = client.get_cookie("ontmoet")
    assert cookie is not None
    copy.set_cookie("ontmoet", cookie.value)
    query = provider.consent(away.location)
    # Somebody else, who was sent this address.
    assert says_no(hood, other.get(f"{WORK}/terug?{query}"), other)
    assert client.get(f"{WORK}/terug?{query}").location == "/mijn"
    # The same way back, with the cookie of before and a code that is still good.
    again = provider.consent(away.location)
    assert says_no(hood, copy.get(f"{WORK}/terug?{again}"), copy)
    late = hood.app.test_client()
    away = late.get(WORK)
    moment(timedelta(minutes=31))
    assert says_no(hood, late.get(f"{WORK}/terug?{provider.consent(away.location)}"), late)
    for query in ("", "state=x", "error=access_denied&state=x", "code=x&state=" + "y" * 999):
        assert says_no(hood, late.get(f"{WORK}/terug?{query}"), late)


def test_provider_that_is_away_is_said_in_words(hood: Neighbourhood, provider: Provider) -> None:
    provider.is_away = True
    client = hood.app.test_client()
    assert says_no(hood, client.get(WORK), client)
    set_up(hood.app, openid=None)
    assert client.get(WORK).status_code == 404
    assert client.get(f"{WORK}/terug?state=x").status_code == 404


def test_half_a_configuration_is_refused(tmp_path: Path) -> None:
    whole = {
        "ONTMOET_DATA": str(tmp_path),
        "OIDC_ISSUER": "https://login.proef.example/t-1/v2.0/",
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_NAME": "Woonplaats",
    }
    found = Config.from_env(whole).openid
    assert found == OpenId("https://login.proef.example/t-1/v2.0", CLIENT, SECRET, "Woonplaats")
    for name in ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME"):
        with pytest.raises(ConfigError, match=name):
            Config.from_env({**whole, name: ""})
    for issuer in ("http://login.proef.example/t-1", "https://login.proef.example/common/v2.0"):
        with pytest.raises(ConfigError, match="OIDC_ISSUER"):
            Config.from_env({**whole, "OIDC_ISSUER": issuer})
    assert config_for("sqlite:///x", tmp_path).openid is None


@pytest.mark.parametrize(
    ("env", "asks"),
    [({}, False), ({"SECOND_FACTOR": "on"}, True), ({"SECOND_FACTOR": "off"}, False)],
)
def test_second_factor_is_a_setting(tmp_path: Path, env: dict[str, str], asks: bool) -> None:
    assert Config.from_env({"ONTMOET_DATA": str(tmp_path), **env}).second_factor is asks
    with pytest.raises(ConfigError, match="SECOND_FACTOR"):
        Config.from_env({"ONTMOET_DATA": str(tmp_path), "SECOND_FACTOR": "ja"})
