"""Signing in and out: what is stored, what is counted, what is ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Actor, Dwelling, Function
from ontmoet.kernel.objections import Refused
from ontmoet.kernel.tokens import digest_of
from ontmoet.kernel.walltime import day_of
from ontmoet.people import actions
from ontmoet.people.actor_queries import SignedIn, signed_in
from ontmoet.people.passwords import hash_password, verify_password
from ontmoet.people.rules import Reason
from tests import builders as make
from tests.watching import rows, statements

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

EMAIL = "noor@proef.example"


def attempt(
    hood: Neighbourhood, email: str = EMAIL, *, device: str | None = None, network: str = "10.0.0.0/24"
) -> actions.Attempt:
    with hood.app.app_context(), unit_of_work():
        return actions.begin_sign_in(email, network=network, device=device, now=clock.now())


def let_in(
    hood: Neighbourhood, secret: str, *, device: str = "telefoon", own_phone: bool = False
) -> SignedIn:
    trying = attempt(hood)
    with hood.app.app_context(), unit_of_work():
        return actions.finish_sign_in(
            trying, secret=secret, device=device, own_phone=own_phone, now=clock.now()
        )


def whose(hood: Neighbourhood, secret: str) -> SignedIn | None:
    with hood.app.app_context():
        return signed_in(digest_of(secret), today=day_of(clock.now()), now=clock.now())


def over(trying: actions.Attempt) -> bool:
    try:
        actions.refuse_if_over(trying)
    except Refused as refusal:
        return [objection.reason for objection in refusal.objections] == [Reason.TOO_MANY_TRIES]
    return False


def test_session_keeps_digests_only(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    started = let_in(hood, "het geheim", own_phone=True)
    (row,) = rows(hood.app, "select id_hash, device_hash, person_id, revoked_at from session")
    assert tuple(row) == (digest_of("het geheim"), digest_of("telefoon"), hood.people["noor"], None)
    assert started.expires_at == clock.now() + timedelta(days=180)
    assert whose(hood, "het geheim") == started
    assert whose(hood, digest_of("het geheim")) is None
    (trace,) = rows(hood.app, "select action, object_kind, object_id, actor_id, changes from audit")
    assert tuple(trace) == ("signed_in", "session", started.session_id, hood.people["noor"], "{}")


def test_session_is_worth_nothing_after_its_time(hood: Neighbourhood, moment) -> None:
    let_in(hood, "het geheim")
    moment(timedelta(hours=12) - timedelta(seconds=1))
    assert whose(hood, "het geheim") is not None
    moment(timedelta(seconds=1))
    assert whose(hood, "het geheim") is None


def test_signing_out_ends_this_session_and_everywhere_all_of_them(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    phone, tablet, laptop = (let_in(hood, name) for name in ("phone", "tablet", "laptop"))
    with hood.app.app_context(), unit_of_work():
        actions.sign_out(phone, now=clock.now())
    assert [whose(hood, name) is None for name in ("phone", "tablet", "laptop")] == [True, False, False]
    with hood.app.app_context(), unit_of_work():
        actions.sign_out_everywhere(tablet, now=clock.now())
    assert [whose(hood, name) for name in ("phone", "tablet", "laptop")] == [None, None, None]
    assert [row.action for row in rows(hood.app, "select action from audit order by id")][3:] == [
        "signed_out",
        "signed_out_everywhere",
    ]
    assert laptop.session_id == 3


def test_ten_tries_mean_ten_for_known_and_unknown_addresses_alike(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    for email in (EMAIL, "niemand@proef.example"):
        assert [over(attempt(hood, email)) for _ in range(11)] == [False] * 10 + [True]
    assert over(attempt(hood, "NOOR@proef.example", network="10.9.9.0/24"))


def test_network_is_limited_whatever_the_account_and_others_are_not(hood: Neighbourhood) -> None:
    guesses = [over(attempt(hood, f"naam{number}@proef.example")) for number in range(61)]
    assert guesses == [False] * 60 + [True]
    assert not over(attempt(hood, "naam99@proef.example", network="10.9.9.0/24"))


def test_window_of_tries_ends(hood: Neighbourhood, moment) -> None:
    assert [over(attempt(hood)) for _ in range(11)][-1]
    moment(timedelta(minutes=15))
    assert not over(attempt(hood))


def test_device_that_signed_in_before_is_exempt_from_the_limit_on_the_account(hood: Neighbourhood) -> None:
    let_in(hood, "het geheim", device="telefoon")
    assert [over(attempt(hood)) for _ in range(11)][-1]
    assert not over(attempt(hood, device="telefoon"))
    assert over(attempt(hood, device="een andere"))
    assert [over(attempt(hood, device="telefoon")) for _ in range(10)] == [False] * 9 + [True]


def test_rightful_sign_in_is_no_guess(hood: Neighbourhood) -> None:
    for number in range(25):
        let_in(hood, f"geheim {number}", device=f"telefoon {number}")
    assert {row.tries for row in rows(hood.app, "select tries from throttle")} == {0}
    assert not over(attempt(hood))


def test_finish_without_a_person_is_a_bug(hood: Neighbourhood) -> None:
    nobody = attempt(hood, "niemand@proef.example")
    with hood.app.app_context(), unit_of_work(), pytest.raises(ValueError, match="nobody"):
        actions.finish_sign_in(nobody, secret="x", device="y", own_phone=False, now=clock.now())


def test_rolling_keeps_the_later_of_two_moments(hood: Neighbourhood) -> None:
    started = let_in(hood, "het geheim", own_phone=True)
    with hood.app.app_context(), unit_of_work():
        actions.roll_session(started, life=timedelta(days=1), now=clock.now())
    kept = whose(hood, "het geheim")
    with hood.app.app_context(), unit_of_work():
        actions.roll_session(started, life=timedelta(days=200), now=clock.now())
    rolled = whose(hood, "het geheim")
    assert (kept and kept.expires_at) == started.expires_at
    assert (rolled and rolled.expires_at) == clock.now() + timedelta(days=200)


def test_session_tells_who_in_one_statement_with_homes_roles_and_places(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    let_in(hood, "het geheim")
    with hood.app.app_context():
        home = make.make_home(complex_id=None, address_name="elders-1")
        make.make_residency(person_id=hood.people["noor"], home_id=home)
        make.make_role(person_id=hood.people["noor"], function=Function.HOST, room_id=hood.linde)
        make.make_role(person_id=hood.people["noor"], function=Function.TREASURER, room_id=hood.plein)
        make.make_role(
            person_id=hood.people["noor"],
            function=Function.STAFF,
            room_id=hood.plein,
            until=day_of(clock.now()),
        )
    with statements(hood.app) as seen:
        found = whose(hood, "het geheim")
    assert len(seen) == 1
    assert found is not None
    actor: Actor = found.actor
    assert (actor.name, actor.given_name, actor.initial) == ("Noor de Proef", "Noor", "N")
    assert sorted(actor.dwellings, key=lambda d: d.home_id) == [Dwelling(1, 1), Dwelling(home, None)]
    assert actor.functions == {
        hood.linde: frozenset({Function.HOST}),
        hood.plein: frozenset({Function.TREASURER}),
    }
    assert {place.slug for place in actor.places} == {"de-linde", "het-plein"}
    assert actor.places[0].slug == "de-linde"


def test_password_is_verified_and_never_matches_nothing() -> None:
    stored = hash_password("een goed wachtwoord")
    assert stored.startswith("$argon2id$")
    found = [
        verify_password(stored, "een goed wachtwoord"),
        verify_password(stored, "een ander wachtwoord"),
        verify_password(None, "nobody has this password"),
        verify_password("geen hash", "een goed wachtwoord"),
    ]
    assert found == [True, False, False, False]
