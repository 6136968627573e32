"""Nickname and PIN: what is stored, who can have which, how tries are counted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.people import actions, pins
from ontmoet.people.passwords import hash_password, verify_password
from ontmoet.people.rules import Reason
from tests import builders as make
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Neighbourhood

HASH = hash_password(make.PIN)


def home_of(hood: Neighbourhood, name: str) -> int:
    return hood.actor(name).dwellings[0].home_id


def give(
    hood: Neighbourhood, name: str, nickname: str, *, home: str | None = None, by: str | None = None
) -> list[Reason]:
    """Give somebody a nickname; the reasons of a refusal."""
    try:
        home_id = home_of(hood, home or name)
        with hood.app.app_context(), unit_of_work():
            pins.give_pin(
                hood.people[name],
                home_id=home_id,
                nickname=nickname,
                pin_hash=HASH,
                actor_id=hood.people[by or name],
                now=clock.now(),
            )
    except Refused as refusal:
        return [Reason(objection.reason) for objection in refusal.objections]
    return []


def attempt(
    hood: Neighbourhood,
    address_name: str = "linde-14b",
    nickname: str = "noor",
    *,
    device: str | None = None,
    network: str = "10.0.0.0/24",
) -> actions.Attempt:
    with hood.app.app_context(), unit_of_work():
        return actions.begin_pin_sign_in(
            address_name, nickname, network=network, device=device, now=clock.now()
        )


def is_over(hood: Neighbourhood, *where: str, **how: str) -> bool:
    return attempt(hood, *where, **how).over is not None


def test_nickname_is_kept_folded_and_pin_as_a_hash_only(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    assert give(hood, "noor", " NOOR  van\u200d Straat ") == []
    (row,) = rows(hood.app, "select person_id, nickname, pin_hash from credential")
    assert (row.person_id, row.nickname) == (hood.people["noor"], "noor van straat")
    assert row.pin_hash.startswith("$argon2id$")
    assert verify_password(row.pin_hash, make.PIN)
    (trace,) = rows(hood.app, "select action, actor_id, on_behalf_of_id, changes from audit")
    assert tuple(trace) == ("pin_given", hood.people["noor"], None, "{}")


def test_two_of_one_home_never_share_a_nickname_and_two_homes_may(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    assert give(hood, "noor", "buur") == []
    assert give(hood, "ali", "Buur") == []
    assert give(hood, "bram", "BUUR", home="noor") == [Reason.NICKNAME_TAKEN]
    assert give(hood, "noor", "Buur") == []
    assert row_counts(hood.app, "credential") == {"credential": 2}


@pytest.mark.parametrize(
    ("nickname", "reason"), [("\u200d\u200b", Reason.NICKNAME_EMPTY), ("ﷺ" * 5, Reason.NICKNAME_TOO_LONG)]
)
def test_nickname_that_nobody_can_have_is_refused(hood: Neighbourhood, nickname: str, reason: Reason) -> None:
    assert give(hood, "noor", nickname) == [reason]


def test_new_nickname_takes_the_place_of_the_old(hood: Neighbourhood) -> None:
    give(hood, "noor", "noor")
    give(hood, "noor", "noortje", by="bram")
    assert [row.nickname for row in rows(hood.app, "select nickname from credential")] == ["noortje"]
    traces = rows(hood.app, "select actor_id, on_behalf_of_id from audit order by id")
    assert tuple(traces[1]) == (hood.people["bram"], hood.people["noor"])


def test_easy_pin_is_refused_at_its_field() -> None:
    with pytest.raises(Refused) as refusal:
        pins.check_pin("123456")
    assert [(o.reason, o.field) for o in refusal.value.objections] == [(Reason.PIN_TOO_EASY, "pin")]
    pins.check_pin(make.PIN)


@pytest.mark.parametrize("address_name", ["linde-14b", "LINDE 14 B", "linde14b", " Linde-14-b"])
def test_person_is_found_however_address_and_nickname_are_typed(
    hood_on_both: Neighbourhood, address_name: str
) -> None:
    hood = hood_on_both
    give(hood, "noor", "Noor van Straat")
    found = attempt(hood, address_name, "NOOR  van straat")
    assert (found.person_id, found.secret_hash) == (hood.people["noor"], HASH)


def test_address_as_it_was_typed_goes_before_one_that_looks_like_it(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    give(hood, "noor", "buur")
    with hood.app.app_context():
        other = make.make_home(complex_id=None, address_name="linde-14-b")
        make.make_pin(person_id=hood.people["ali"], home_id=other, nickname="buur")
    assert attempt(hood, "linde-14-b", "buur").person_id == hood.people["ali"]
    assert attempt(hood, "linde-14b", "buur").person_id == hood.people["noor"]


@pytest.mark.parametrize("column", ["erased_at", "merged_into_id"])
def test_who_is_gone_is_nobody(hood_on_both: Neighbourhood, column: str) -> None:
    hood = hood_on_both
    give(hood, "noor", "noor")
    value = {"erased_at": clock.now(), "merged_into_id": hood.people["ali"]}[column]
    with hood.app.app_context(), unit_of_work():
        make.change_person(hood.people["noor"], **{column: value})
    assert attempt(hood).person_id is None


def test_ten_tries_a_day_mean_ten_at_homes_that_exist_and_not_alike(
    hood_on_both: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    hood = hood_on_both
    give(hood, "noor", "noor")
    for where in (("linde-14b", "noor"), ("linde-14b", "niemand")):
        assert sum(not is_over(hood, *where) for _ in range(5)) == 5
    assert is_over(hood, "LINDE 14 B", "noor", network="10.9.9.0/24")
    assert [is_over(hood, "nergens-1", "x", network="10.9.8.0/24") for _ in range(11)] == [False] * 10 + [
        True
    ]
    moment(timedelta(hours=9))
    assert is_over(hood)
    moment(timedelta(hours=2))
    assert not is_over(hood)


def test_network_is_limited_too(hood: Neighbourhood) -> None:
    one_network = [is_over(hood, f"straat-{n}", "x") for n in range(61)]
    assert one_network == [False] * 60 + [True]


def test_device_that_signed_in_before_is_exempt_from_the_limit_on_the_home(hood: Neighbourhood) -> None:
    give(hood, "noor", "noor")
    trying = attempt(hood)
    with hood.app.app_context(), unit_of_work():
        actions.finish_sign_in(trying, secret="geheim", device="telefoon", own_phone=False, now=clock.now())
    assert {row.tries for row in rows(hood.app, "select tries from throttle")} == {0}
    assert [is_over(hood) for _ in range(11)][-1]
    assert not is_over(hood, device="telefoon")
    assert is_over(hood, device="een andere")
    assert [is_over(hood, device="telefoon") for _ in range(10)] == [False] * 9 + [True]


def test_tries_at_nobody_keep_nobody_out(hood: Neighbourhood) -> None:
    give(hood, "noor", "noor")
    for number in range(201):
        assert attempt(hood, f"nergens-{number}", network=f"10.0.{number}.0/24").over is None
    assert attempt(hood, network="10.1.0.0/24").over is None


def test_limit_on_guessing_at_all_homes_tells_nobody_who_is_there(hood: Neighbourhood) -> None:
    give(hood, "noor", "noor")
    with hood.app.app_context(), unit_of_work():
        execute(
            text("insert into throttle (bucket, window_start, tries) values ('pin/all', :hour, 199)"),
            hour=int(make.at("2026-11-24 14:00").timestamp()),
        )
    assert attempt(hood, "nergens-1", network="10.1.0.0/24").over is None
    assert attempt(hood, network="10.2.0.0/24").over is None
    for address in ("linde-14b", "nergens-2"):
        over = attempt(hood, address, network="10.3.0.0/24").over
        assert over is not None
        assert over.bucket == "pin/all"
