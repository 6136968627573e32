"""Passwords that are no good, proofs that cannot be made up, and who makes a slip for whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ontmoet.kernel.actor import Actor, Function
from ontmoet.recovery.rules import Proof, Reason, fault_of_password, objection_to_slip

KEY = "the key of an installation, and of no other"
OWN = ("noor@proef.example", "Noor El Amrani")


@pytest.mark.parametrize(
    "password",
    [
        "paarse fiets tafel",
        "een goed wachtwoord",
        "Regenjas-op-dinsdag",
        "☂☂☂☂ regen ☀☀☀☀",
        "twaalfteken!",
        "قهوة مع الجيران",
    ],
)
def test_long_password_is_good_whatever_signs_it_has(password: str) -> None:
    assert fault_of_password(password, besides=OWN) is None


@pytest.mark.parametrize("password", ["", "kort", "elf tekens!", "Aa1!Aa1!Aa1"])
def test_password_of_less_than_twelve_is_too_short(password: str) -> None:
    assert fault_of_password(password, besides=OWN) is Reason.TOO_SHORT


@pytest.mark.parametrize(
    "password",
    [
        "wachtwoord123",
        "Wachtwoord2026!",
        "password1234",
        "123456789012",
        "qwertyuiop12",
        "aaaaaaaaaaaa",
        "abababababab",
        "welkomwelkom",
        "Welkom Welkom 1",
        "noor@proef.example",
        "noorelamrani",
        "Noor El Amrani1",
        "0987654321098",
    ],
)
def test_password_that_anybody_would_try_is_too_common(password: str) -> None:
    assert fault_of_password(password, besides=OWN) is Reason.TOO_COMMON


def test_link_and_code_belong_to_one_request_and_one_key() -> None:
    proof = Proof("0123456789", KEY)
    assert len(proof.code) == 6
    assert proof.code.isdecimal()
    assert proof.is_token(proof.token)
    assert proof.is_code(proof.code)
    for other in (replace(proof, public_id="0123456788"), replace(proof, key=f"{KEY}!")):
        assert not other.is_token(proof.token)
        assert other.token != proof.token
    # What is worth something in one place is worth nothing in another.
    assert proof.code not in proof.token[-6:]
    assert not proof.is_token(proof.public_id + proof.code)


ROOM, OTHER_ROOM = 1, 2


def somebody(person_id: int, *functions: Function, room_id: int | None = ROOM) -> Actor:
    return Actor(person_id, "Iemand", functions={room_id: frozenset(functions)} if functions else {})


RESIDENT = somebody(9)
KEEPER, HOST = somebody(1, Function.KEY_KEEPER), somebody(2, Function.HOST)
CHAIR, STAFF = somebody(3, Function.CHAIR), somebody(4, Function.STAFF)
ADMINISTRATOR = somebody(5, Function.ADMINISTRATOR, room_id=None)
ADMINISTERS = frozenset({Function.ADMINISTRATOR})
CHAIR_ELSEWHERE = somebody(6, Function.CHAIR, room_id=OTHER_ROOM)


def objection(maker: Actor, subject: Actor, *, has_mail: bool = False) -> Reason | None:
    return objection_to_slip(maker, subject, room_id=ROOM, has_mail=has_mail)


def test_slip_is_never_for_somebody_who_weighs_more() -> None:
    people = {
        "resident": RESIDENT,
        "host": HOST,
        "chair": CHAIR,
        "chair elsewhere": CHAIR_ELSEWHERE,
        "staff": somebody(10, Function.STAFF),
        "administrator": ADMINISTRATOR,
    }
    may = {
        name: [who for who, subject in people.items() if objection(maker, subject) is None]
        for name, maker in {"keeper": KEEPER, "chair": somebody(7, Function.CHAIR), "staff": STAFF}.items()
    }
    assert may == {
        "keeper": ["resident", "host"],
        "chair": ["resident", "host", "chair"],
        "staff": ["resident", "host", "chair", "staff"],
    }
    assert objection(KEEPER, ADMINISTRATOR) is Reason.TOO_HEAVY


def test_function_elsewhere_makes_no_slip_here_that_weighs_more() -> None:
    keeper_and_chair_elsewhere = Actor(
        8,
        "Twee dingen",
        functions={ROOM: frozenset({Function.KEY_KEEPER}), OTHER_ROOM: frozenset({Function.CHAIR})},
    )
    assert objection(keeper_and_chair_elsewhere, CHAIR) is Reason.TOO_HEAVY


def test_nobody_gets_by_a_slip_what_somebody_does_in_another_room() -> None:
    def here(function: Function, there: Function | None, *, administers: bool = False) -> Actor:
        functions = {ROOM: frozenset({function})}
        if there is not None:
            functions[OTHER_ROOM] = frozenset({there})
        return Actor(8, "Iemand", functions=functions | ({None: ADMINISTERS} if administers else {}))

    keeper_elsewhere = somebody(6, Function.KEY_KEEPER, room_id=OTHER_ROOM)
    assert objection(here(Function.HOST, None), keeper_elsewhere) is Reason.TOO_HEAVY
    assert objection(here(Function.CHAIR, None), keeper_elsewhere) is Reason.TOO_HEAVY
    assert objection(here(Function.STAFF, None), keeper_elsewhere) is Reason.TOO_HEAVY
    # Who makes programmes there helps nobody there.
    assert objection(here(Function.HOST, Function.ORGANISER), keeper_elsewhere) is Reason.TOO_HEAVY
    assert objection(here(Function.HOST, Function.HOST), keeper_elsewhere) is None
    assert objection(here(Function.HOST, Function.HOST), CHAIR_ELSEWHERE) is Reason.TOO_HEAVY
    assert objection(here(Function.HOST, Function.STAFF), CHAIR_ELSEWHERE) is None
    assert objection(here(Function.HOST, None, administers=True), CHAIR_ELSEWHERE) is None
    assert objection(here(Function.HOST, None, administers=True), ADMINISTRATOR) is Reason.TOO_HEAVY


def test_slip_is_not_for_oneself_nor_for_who_can_be_mailed() -> None:
    assert objection(KEEPER, KEEPER) is Reason.ONESELF
    assert objection(KEEPER, RESIDENT, has_mail=True) is Reason.HAS_MAIL
    assert objection(STAFF, RESIDENT, has_mail=True) is None
