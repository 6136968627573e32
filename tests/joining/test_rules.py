"""When a letter works, and what somebody who joins has to fill in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ontmoet.joining.rules import HomeLetter, Invitation, Reason, objections_to
from tests.joining.deeds import a_newcomer
from tests.samples import NOW


def a_letter(**others: object) -> Invitation:
    usual: dict[str, object] = {"expires_at": NOW + timedelta(days=1), "uses_left": 1, "revoked_at": None}
    return Invitation(1, 2, "linde-3", "Lindestraat 12-3", 4, **{**usual, **others})  # type: ignore[arg-type]


def refused(*, at_home: tuple[str, ...] = (), rules_now: str = "", **filled_in: object) -> list[object]:
    newcomer = a_newcomer(**filled_in)
    found = objections_to(newcomer, at_home=at_home, has_guardian=False, rules_now=rules_now)
    return [(o.reason, o.field) for o in found]


def test_letter_works_until_it_is_old_used_up_or_replaced() -> None:
    assert a_letter().works(NOW)
    assert a_letter(expires_at=NOW + timedelta(seconds=1)).works(NOW)
    assert not a_letter(expires_at=NOW).works(NOW)
    assert not a_letter(uses_left=0).works(NOW)
    assert not a_letter(revoked_at=NOW).works(NOW)


def test_name_alone_is_enough() -> None:
    assert refused() == []


@pytest.mark.parametrize("name", ["\u200d", "\u200f\u200e", "\u00ad"])
def test_name_that_nobody_sees_is_no_name(name: str) -> None:
    assert refused(name=name) == [(Reason.NAME_EMPTY, "name")]


@pytest.mark.parametrize("name", ["henk mulder", "HENK  Mulder", "Henk\u200d Mulder", "\uff28enk Mulder"])
def test_name_that_lives_there_is_asked_about_however_it_is_written(name: str) -> None:
    assert refused(name=name, at_home=("Noor", "Henk Mulder")) == [(Reason.IS_IT_YOU, "name")]
    assert refused(name=name, at_home=("Henk Mulder",), is_somebody_else=True) == []
    assert refused(name=name, at_home=("Henk Muller",)) == []


@pytest.mark.parametrize("phone", ["06 12345678", "+31 (0)6-12345678", "0800 555 01 23"])
def test_phone_is_taken_as_people_write_it(phone: str) -> None:
    assert refused(phone=phone) == []


@pytest.mark.parametrize("phone", ["1234567", "bel me", "06-1234567a", "٠٦١٢٣٤٥٦٧٨"])
def test_phone_that_is_none_is_told(phone: str) -> None:
    assert refused(phone=phone) == [(Reason.PHONE_MALFORMED, "phone")]


@pytest.mark.parametrize(
    "email", ["henk", "henk@", "@x.nl", "henk@x", "henk @x.nl", "a@b.c, d@e.f", "ﷺ" * 20 + "@x.nl"]
)
def test_address_that_is_none_is_told(email: str) -> None:
    assert refused(email=email) == [(Reason.EMAIL_MALFORMED, "email")]


def test_rules_are_agreed_with_as_they_were_on_the_screen() -> None:
    here = "de-linde:2"
    assert refused(rules_now=here, rules_seen=here) == []
    assert refused(rules_now=here, rules_seen=here, accepts_rules=False) == [
        (Reason.RULES_NOT_ACCEPTED, "accepts_rules")
    ]
    assert refused(rules_now=here, rules_seen="de-linde:1") == [(Reason.RULES_CHANGED, "accepts_rules")]
    assert refused(accepts_rules=False) == []


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = refused(name="\u200d", phone="x", email="x", rules_now="a:1")
    assert [field for _, field in found] == ["name", "phone", "email", "accepts_rules"]


def test_nickname_is_the_first_word_of_the_name_unless_chosen() -> None:
    assert a_newcomer(name="Henk Mulder").chosen_nickname == "Henk"
    assert a_newcomer(name="Henk Mulder", nickname="opa").chosen_nickname == "opa"


def test_homes_stand_in_the_order_of_the_street() -> None:
    names = ["linde-10", "linde-9b", "linde-9", "brug-30", "linde-2a"]
    letters = [HomeLetter(name, "", None, None, 0, 0) for name in names]
    assert [letter.address_name for letter in sorted(letters, key=lambda letter: letter.order)] == [
        "brug-30",
        "linde-2a",
        "linde-9",
        "linde-9b",
        "linde-10",
    ]
