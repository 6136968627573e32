"""Codes at the edges of their half minute, spare codes as people type them, and who an issuer means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from ontmoet.kernel.actor import Function
from ontmoet.people.rules import device_name, needs_second_proof, shows_use
from ontmoet.proving.rules import (
    Reason,
    in_groups,
    objection_to_adding,
    objection_to_passkey,
    objection_to_removing,
    spare_code_in,
    step_at,
    step_of_code,
    subject_in,
)

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ON_THE_EDGE = datetime(2026, 11, 24, 13, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "is_taken"),
    [(-1, True), (0, True), (29, True), (30, True), (59, True), (60, False), (-30, True), (-31, False)],
)
def test_code_works_in_its_half_minute_and_one_aside(seconds: int, is_taken: bool) -> None:
    code = pyotp.TOTP(SECRET).at(ON_THE_EDGE)
    step = step_of_code(SECRET, code, now=ON_THE_EDGE + timedelta(seconds=seconds))
    assert step == (step_at(ON_THE_EDGE) if is_taken else None)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code_is_of_no_half_minute(typed: str) -> None:
    assert step_of_code(SECRET, typed, now=ON_THE_EDGE) is None


def test_spare_code_is_read_as_it_was_printed() -> None:
    assert in_groups("0a1b2c3d4e5f") == "0A1B-2C3D-4E5F"
    assert {spare_code_in(typed) for typed in ("0A1B-2C3D-4E5F", " oaib 2c3d 4e5f", "0a1b2c3d4e5f")} == {
        "0a1b2c3d4e5f"
    }


@pytest.mark.parametrize(
    ("claims", "subject"),
    [
        ({"sub": "abc"}, "abc"),
        ({"sub": "abc", "email": "mo@proef.example"}, "abc"),
        ({"sub": "abc", "tid": "t-1", "oid": "o-1"}, "t-1/o-1"),
        ({"sub": "abc", "tid": "t-1"}, "abc"),
        ({"sub": "abc", "tid": "t-2", "oid": "o-1"}, None),
        ({"email": "mo@proef.example"}, None),
        ({"sub": ""}, None),
    ],
)
def test_somebody_is_known_by_what_never_changes(claims: dict[str, object], subject: str | None) -> None:
    assert subject_in(claims, "https://login.proef.example/t-1/v2.0") == subject


def test_last_proof_stays_where_one_is_asked_and_keys_are_not_endless() -> None:
    assert objection_to_removing(0, needs_one=True) is Reason.LAST_ONE
    assert objection_to_removing(1, needs_one=True) is None
    assert objection_to_removing(0, needs_one=False) is None
    assert objection_to_adding(1, as_first=True) is Reason.NOT_FIRST
    assert objection_to_adding(1, as_first=False) is objection_to_adding(0, as_first=True) is None
    assert (objection_to_passkey(19), objection_to_passkey(20)) == (None, Reason.ENOUGH_PASSKEYS)


def test_second_proof_is_asked_of_who_sees_the_data_of_all() -> None:
    assert {function for function in Function if needs_second_proof([function])} == {
        Function.STAFF,
        Function.ADMINISTRATOR,
    }


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) SamsungBrowser/29.0 Chrome/121.0", "Samsung Internet, Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_device_is_called_by_names_we_know(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


def test_use_is_written_down_once_a_day() -> None:
    assert shows_use(None, now=ON_THE_EDGE)
    assert shows_use(ON_THE_EDGE - timedelta(days=1), now=ON_THE_EDGE)
    assert not shows_use(ON_THE_EDGE - timedelta(hours=23), now=ON_THE_EDGE)
