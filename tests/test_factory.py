"""Putting the app together: what it refuses to start on, and what it believes of a proxy."""

from __future__ import annotations

import dataclasses
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from flask import Response
from flask import request as asked
from sqlalchemy import insert

from ontmoet.config import Config, ConfigError
from ontmoet.db import execute, unit_of_work
from ontmoet.factory import create_app
from ontmoet.kernel import clock
from ontmoet.trail.models import Installation, InstallationKind
from ontmoet.web.access import public
from tests.fixtures import TUESDAY, config_for


@pytest.mark.parametrize(("kind", "starts"), [(InstallationKind.DEMO, True), (InstallationKind.REAL, False)])
def test_clock_of_a_real_installation_cannot_be_set(
    sqlite_url: str, tmp_path: Path, moment: object, kind: InstallationKind, starts: bool
) -> None:
    config = config_for(sqlite_url, tmp_path)
    with create_app(config).app_context(), unit_of_work():
        execute(insert(Installation.__table__), id=1, kind=kind, made_at=TUESDAY)
    another_day = dataclasses.replace(config, starts_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    with clock.frozen(TUESDAY):
        if starts:
            create_app(another_day)
        else:
            with pytest.raises(ConfigError, match="ONTMOET_NOW"):
                create_app(another_day)


def _who_asks(config: Config, peer: str = "127.0.0.1") -> str:
    app = create_app(config)

    @app.get("/wie")
    @public
    def who() -> Response:
        return Response(f"{asked.remote_addr} {asked.scheme}")

    told = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9", "X-Forwarded-Proto": "https"}
    answer = app.test_client().get(
        "/wie", headers=told, base_url=config.base_url, environ_base={"REMOTE_ADDR": peer}
    )
    return answer.get_data(as_text=True)


def test_monitor_asks_by_any_name_and_another_page_is_refused_and_says_so(
    sqlite_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    token = "t" * 32
    config = dataclasses.replace(
        config_for(sqlite_url, tmp_path),
        production=True,
        base_url="https://ontmoet.example",
        metrics_token=token,
    )
    client = create_app(config).test_client()
    logged: io.StringIO = request.getfixturevalue("logged")
    bearer = {"Authorization": f"Bearer {token}"}
    for path in ("/healthz", "/readyz", "/metrics"):
        for base_url in ("http://127.0.0.1:8000", "https://ontmoet.example"):
            assert client.get(path, base_url=base_url, headers=bearer).status_code == 200, path
    assert "host not trusted" not in logged.getvalue()
    name = "scanner.example" * 10
    assert client.get("/", base_url=f"http://{name}").status_code == 400
    said = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert [line["host"] for line in said if line["event"] == "host not trusted"] == [name[:100]]


def test_proxy_is_believed_in_production_only(sqlite_url: str, tmp_path: Path) -> None:
    config = config_for(sqlite_url, tmp_path)
    assert _who_asks(config) == "127.0.0.1 http"
    production = dataclasses.replace(config, production=True, base_url="https://ontmoet.example")
    assert _who_asks(production) == "203.0.113.9 https"
    assert _who_asks(production, peer="") == "203.0.113.9 https", "over a socket of this machine"


@pytest.mark.parametrize(
    ("named", "peer", "is_believed"),
    [
        (None, "::1", True),
        (None, "::ffff:127.0.0.1", True),
        (None, "198.51.100.7", False),
        ("10.0.0.0/8, 198.51.100.7", "198.51.100.7", True),
        ("10.0.0.0/8, 198.51.100.7", "10.1.2.3", True),
        ("10.0.0.0/8, 198.51.100.7", "127.0.0.1", False),
        ("*", "198.51.100.7", True),
        (None, "nobody", False),
    ],
)
def test_only_our_own_proxies_are_believed(
    sqlite_url: str, tmp_path: Path, named: str | None, peer: str, is_believed: bool
) -> None:
    proxies = Config.from_env(
        {"ONTMOET_DATA": str(tmp_path), **({"FORWARDED_ALLOW_IPS": named} if named else {})}
    ).proxies
    config = dataclasses.replace(
        config_for(sqlite_url, tmp_path), production=True, base_url="https://ontmoet.example", proxies=proxies
    )
    who = "203.0.113.9" if is_believed else peer
    assert _who_asks(config, peer).split(" ")[0] == who


@pytest.mark.parametrize("named", ["proxy.example", "192.168.1.1/24"])
def test_proxies_are_addresses_or_networks(tmp_path: Path, named: str) -> None:
    with pytest.raises(ConfigError, match="FORWARDED_ALLOW_IPS"):
        Config.from_env({"ONTMOET_DATA": str(tmp_path), "FORWARDED_ALLOW_IPS": named})


def test_processes_that_begin_at_once_keep_the_same_keys(tmp_path: Path) -> None:
    for number in range(5):
        begin = Barrier(8)

        def configured(_: int, begin: Barrier = begin, number: int = number) -> tuple[str, str]:
            begin.wait()
            config = Config.from_env({"ONTMOET_DATA": str(tmp_path / str(number))})
            return config.secret_key, config.token_key

        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(configured, range(8)))) == 1


def test_key_that_a_full_disk_left_empty_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    first, second = (Config.from_env({"ONTMOET_DATA": str(tmp_path)}) for _ in range(2))
    assert first.secret_key == second.secret_key
    assert {path.name for path in tmp_path.iterdir()} == {"secret_key", "token_key"}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
