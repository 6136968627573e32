"""How long somebody stays signed in, and how often a password may be tried."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ontmoet.kernel.actor import Function
from ontmoet.kernel.permissions import BOARD, VOLUNTEERS
from ontmoet.people.rules import Limit, limits_on_trying, rolls_on, session_life
from tests.samples import NOW

HALF_A_DAY, MONTH, HALF_A_YEAR = timedelta(hours=12), timedelta(days=30), timedelta(days=180)
LIVES = {
    **dict.fromkeys(VOLUNTEERS | BOARD, MONTH),
    Function.STAFF: HALF_A_DAY,
    Function.ADMINISTRATOR: HALF_A_DAY,
    Function.PARTNER: HALF_A_DAY,
}


def test_session_life_is_settled_for_every_function() -> None:
    assert {function: session_life({function}, own_phone=True) for function in Function} == LIVES


def test_resident_stays_half_a_year_on_the_own_phone_and_half_a_day_elsewhere() -> None:
    assert session_life((), own_phone=True) == HALF_A_YEAR
    assert session_life((), own_phone=False) == HALF_A_DAY
    assert {session_life({function}, own_phone=False) for function in Function} == {HALF_A_DAY}


@pytest.mark.parametrize("heavier", [Function.STAFF, Function.ADMINISTRATOR, Function.PARTNER])
def test_heaviest_function_decides(heavier: Function) -> None:
    assert session_life({Function.HOST, heavier}, own_phone=True) == HALF_A_DAY


def test_only_a_residents_own_phone_rolls_on_and_at_most_once_a_day() -> None:
    assert not rolls_on(HALF_A_YEAR, NOW + HALF_A_YEAR - timedelta(days=1), now=NOW)
    assert rolls_on(HALF_A_YEAR, NOW + HALF_A_YEAR - timedelta(days=1, seconds=1), now=NOW)
    assert not rolls_on(MONTH, NOW + timedelta(days=1), now=NOW)
    assert not rolls_on(HALF_A_DAY, NOW + timedelta(hours=1), now=NOW)


def test_stranger_is_counted_per_account_and_network_a_known_device_by_itself() -> None:
    assert limits_on_trying("account", "10.0.0.0/24", None) == (
        Limit("sign-in/account/account", 10),
        Limit("sign-in/network/10.0.0.0/24", 60),
    )
    assert limits_on_trying("account", "10.0.0.0/24", "device") == (
        Limit("sign-in/device/device/account", 10),
    )
