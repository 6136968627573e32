"""Settings that would fail later, or fail silently, are refused in a sentence before anything starts."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from ontmoet.config import REQUIRED_IN_PRODUCTION, Config, ConfigError
from ontmoet.db import execute, unit_of_work
from ontmoet.factory import create_app
from ontmoet.trail.models import Installation, InstallationKind
from tests.fixtures import TUESDAY
from tests.real.nest import hatch

if TYPE_CHECKING:
    from pathlib import Path

KEY = "thirty-two characters, or some more"


def settings(tmp_path: Path, **others: str) -> dict[str, str]:
    return {
        "ONTMOET_DATA": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'ontmoet.db'}",
        "SECRET_KEY": KEY,
        "TOKEN_KEY": KEY,
        "BASE_URL": "https://ontmoet.example",
        "SMTP_URL": "smtp://mail.example",
        **others,
    }


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("DATABASE_URL", "sqlite:///ontmoet.db"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://localhost/ontmoet"),
        ("DATABASE_URL", "postgresql+psycopg://localhost:notaport/ontmoet"),
        ("BASE_URL", "https://ontmoet.example/pad"),
        ("BASE_URL", "https://ontmoet.example?x=1"),
        ("BASE_URL", "https://somebody:secret@ontmoet.example"),
        ("BASE_URL", "https://ontmoet.example:abc"),
        ("BASE_URL", "https://ontmoet.example:99999"),
        ("BASE_URL", " https://ontmoet.example"),
        ("BASE_URL", "https://ontmoet.example "),
        ("BASE_URL", "https://ontmöet.example"),
        ("BASE_URL", "https://[::1"),
        ("BASE_URL", "ontmoet.example"),
        ("SECRET_KEY", " " * 40),
        ("TOKEN_KEY", "short"),
        ("SMTP_URL", "smtp://mail.example:abc"),
        ("SMTP_URL", "smtp://[::1"),
        ("OIDC_ISSUER", "https://["),
        ("ONTMOET_DATA", "/proc/nothing/here"),
    ],
)
def test_setting_that_will_not_do_is_named(tmp_path: Path, name: str, given: str) -> None:
    openid = {"OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "x", "OIDC_NAME": "x"}
    others = {name: given, **(openid if name == "OIDC_ISSUER" else {})}
    with pytest.raises(ConfigError, match=name):
        Config.from_env(settings(tmp_path, **others))


@pytest.mark.parametrize(
    "given",
    ["https://ontmoet.example", "https://ontmoet.example:8443/", "http://10.0.0.2"],
)
def test_site_may_have_a_port_and_be_a_number(tmp_path: Path, given: str) -> None:
    assert Config.from_env(settings(tmp_path, BASE_URL=given)).base_url == given.rstrip("/")


@pytest.mark.parametrize("left_out", REQUIRED_IN_PRODUCTION)
def test_real_installation_runs_on_no_defaults(sqlite_url: str, tmp_path: Path, left_out: str) -> None:
    """Mail would go to a folder, and a backup be sealed with a key of this machine."""
    given = settings(tmp_path)
    with create_app(Config.from_env(given)).app_context(), unit_of_work():
        execute(insert(Installation.__table__), id=1, kind=InstallationKind.REAL, made_at=TUESDAY)
    create_app(Config.from_env(given))
    del given[left_out]
    with pytest.raises(ConfigError, match=left_out):
        create_app(Config.from_env(given))


def said_by(words: list[str], env: dict[str, str], folder: Path) -> tuple[int, str]:
    """How a command ends, and all it says."""
    log = folder / "said.log"
    status = hatch(words, {"PATH": os.environ["PATH"], **env}, log).wait()
    return status, log.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "given"), [("WEB_CONCURRENCY", "0"), ("PORT", "99999"), ("SECRET_KEY", "short")]
)
def test_server_that_may_not_start_says_why_in_a_sentence(tmp_path: Path, name: str, given: str) -> None:
    env = {**settings(tmp_path), "ONTMOET_ENV": "production", name: given}
    status, said = said_by(["gunicorn", "app:app"], env, tmp_path)
    assert (status, name in said, "Traceback" in said) == (1, True, False)


def test_command_that_may_not_start_says_why_in_a_sentence(tmp_path: Path) -> None:
    env = settings(tmp_path, BASE_URL="https://[::1")
    status, said = said_by(["flask", "--app", "app", "check"], env, tmp_path)
    assert (status, said.count("\n")) == (1, 1)
    assert said.startswith("BASE_URL")


def test_what_is_kept_is_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "new"
    env = settings(data)
    status, said = said_by(["flask", "--app", "app", "db", "upgrade"], env, tmp_path)
    assert status == 0, said
    assert {
        path.name for path in [data, *data.iterdir()] if stat.S_IMODE(path.stat().st_mode) & 0o077
    } == set()
