"""How long somebody stays signed in, and how often a password may be tried."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ontmoet.kernel.actor import Function
from ontmoet.kernel.permissions import BOARD, VOLUNTEERS
from ontmoet.people.rules import (
    Limit,
    Reason,
    address_spellings,
    is_easy_pin,
    limits_on_pin,
    limits_on_trying,
    nickname_problem,
    outlives,
    rolls_on,
    session_life,
)
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


def test_session_outlives_what_it_would_be_given_now_by_a_second_or_more() -> None:
    assert not outlives(HALF_A_DAY, NOW + HALF_A_DAY, now=NOW)
    assert outlives(HALF_A_DAY, NOW + HALF_A_DAY + timedelta(seconds=1), now=NOW)
    assert not outlives(HALF_A_YEAR, NOW + HALF_A_DAY, now=NOW)


def test_stranger_is_counted_per_account_and_network_a_known_device_by_itself() -> None:
    assert limits_on_trying("account", "10.0.0.0/24", None) == (
        Limit("sign-in/account/account", 10),
        Limit("sign-in/network/10.0.0.0/24", 60),
    )
    assert limits_on_trying("account", "10.0.0.0/24", "device") == (
        Limit("sign-in/device/device/account", 10),
    )


def test_whoever_has_many_networks_of_ipv6_meets_a_limit_around_them() -> None:
    assert limits_on_trying("account", "2001:db8:77:1200::/56", None)[1:] == (
        Limit("sign-in/network/2001:db8:77:1200::/56", 60),
        Limit("sign-in/network/2001:db8:77::/48", 480),
    )


def test_pin_is_tried_ten_times_a_day_at_each_home_and_a_known_device_counts_by_itself() -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    for is_there in (True, False):
        assert limits_on_pin("home", "henk", "10.0.0.0/24", None, is_there=is_there) == (
            Limit("pin/home/home", 10, day),
            Limit("sign-in/network/10.0.0.0/24", 60),
            Limit("pin/all", 200, hour, counts=is_there),
        )
    assert limits_on_pin("home", "henk", "10.0.0.0/24", "device", is_there=True) == (
        Limit("pin/device/device/home/henk", 10, hour),
    )


@pytest.mark.parametrize(
    "pin",
    [
        *("000000", "777777", "121212", "090909", "123123"),
        *("123456", "345678", "890123", "654321", "210987"),
        *("194805", "200112", "051948", "242005", "240548", "010100", "311299"),
    ],
)
def test_pin_that_a_neighbour_guesses_is_too_easy(pin: str) -> None:
    assert is_easy_pin(pin)


@pytest.mark.parametrize(
    "pin", ["483917", "112233", "135790", "123465", "324899", "241399", "519480", "998877"]
)
def test_pin_without_a_pattern_is_good(pin: str) -> None:
    assert not is_easy_pin(pin)


def test_most_pins_are_left_to_choose_from() -> None:
    easy = sum(is_easy_pin(f"{number:06d}") for number in range(0, 1_000_000, 37))
    assert 0.06 < easy * 37 / 1_000_000 < 0.09


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("linde-14b", "linde-14b"),
        ("  LINDE  14 B ", "linde-14b"),
        ("Linde14b", "linde-14b"),
        ("linde.14-b", "linde-14b"),
        ("’t Hoekje 3", "t-hoekje-3"),
        ("2e straat 4", "2e-straat-4"),
        ("linde 14 hoog", "linde-14-hoog"),
        ("\uff2c\uff49\uff4e\uff44\uff45 14", "linde-14"),
    ],
)
def test_address_name_is_found_however_it_is_typed(typed: str, meant: str) -> None:
    assert meant in address_spellings(typed)


def test_address_name_without_letters_or_numbers_is_nobodys() -> None:
    assert address_spellings("- . -") == ("",)


def test_nickname_has_something_to_see_and_fits_when_folded() -> None:
    found = [nickname_problem(name) for name in ("Henk", "Ö", "محمد", "\u200d", "ﷺ" * 3, "x" * 41)]
    assert found == [
        None,
        None,
        None,
        Reason.NICKNAME_EMPTY,
        Reason.NICKNAME_TOO_LONG,
        Reason.NICKNAME_TOO_LONG,
    ]
