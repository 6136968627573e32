"""Who may do what: the one table."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ontmoet.kernel.actor import Actor, Dwelling, Function
from ontmoet.kernel.permissions import GRANTS, Permission, allows, may_be_helped
from tests.samples import COMPLEX, a_room, an_actor


@dataclass(frozen=True)
class Subject:
    room_id: int = 1
    person_id: int | None = 99
    guardian_id: int | None = None
    is_for_corporation: bool = False
    holder_id: int | None = 99
    next_ids: frozenset[int] = frozenset({98})
    opener_ids: frozenset[int] = frozenset()
    organisation_id: int | None = None
    room_ids: frozenset[int] = frozenset({1})


WORKS_HERE = set(Function) - {Function.PARTNER, Function.ADMINISTRATOR}
ASKED_OF_A_ROOM = {
    Permission.BOOKING_MAKE,
    Permission.ON_BEHALF,
    Permission.FAIR_USE_EXCEPTION,
    Permission.HOUSE_RULES_AGREE,
    Permission.HOUSE_RULES_PUBLISH,
    Permission.HOURS_CHANGE,
    Permission.NAMES_SEE,
    Permission.ATTENDANCE_COUNT,
    Permission.LETTERS_MAKE,
    Permission.CALL_LIST_SEE,
    Permission.SLIP_MAKE,
    Permission.KEYS_HAND_OUT,
    Permission.KEYS_MANAGE,
}
BOARD = {Function.CHAIR, Function.SECRETARY, Function.TREASURER}
LEADS = {Function.CHAIR, Function.SECRETARY, Function.STAFF}
HELPS_PEOPLE = BOARD | {Function.HOST, Function.KEY_KEEPER, Function.STAFF}
HELPS = HELPS_PEOPLE | {Function.AGENDA_KEEPER}
DECIDES = {Function.AGENDA_KEEPER, Function.CHAIR, Function.SECRETARY, Function.STAFF}


def may(permission: Permission, subject: object, *, room_id: int | None = 1) -> set[Function]:
    """The functions that are enough by themselves."""
    return {f for f in Function if allows(an_actor(f, room_id=room_id), permission, subject)}


def test_function_of_the_room_is_enough_for_what_it_is_for() -> None:
    found = {
        permission: may(permission, a_room() if permission in ASKED_OF_A_ROOM else Subject())
        for permission in Permission
    }
    assert found == {
        Permission.OWN_PAGES: set(Function),
        Permission.BOOKING_MAKE: WORKS_HERE | {Function.PARTNER},
        Permission.BOOKING_SEE: WORKS_HERE,
        Permission.BOOKING_CHANGE: HELPS,
        Permission.BOOKING_CANCEL: HELPS,
        Permission.BOOKING_CALL_OFF: DECIDES,
        Permission.DROP_IN_HOLD: WORKS_HERE,
        Permission.REQUEST_DECIDE: DECIDES,
        Permission.CLOSURES_MANAGE: BOARD | {Function.STAFF},
        Permission.CALENDAR_TAKE_OVER: BOARD | {Function.STAFF},
        Permission.WORKS_ANNOUNCE: BOARD | DECIDES,
        Permission.ATTENDANCE_COUNT: WORKS_HERE,
        Permission.USE_RECORD: HELPS,
        Permission.ON_BEHALF: HELPS,
        Permission.FAIR_USE_EXCEPTION: BOARD,
        Permission.HOUSE_RULES_AGREE: WORKS_HERE | {Function.PARTNER},
        Permission.LETTERS_MAKE: {Function.CHAIR, Function.SECRETARY, Function.STAFF},
        Permission.PERSON_DATA: set(),
        Permission.HOUSE_RULES_PUBLISH: BOARD | {Function.STAFF},
        Permission.HOURS_CHANGE: BOARD | {Function.STAFF},
        Permission.ROOM_TELL: BOARD | {Function.STAFF},
        Permission.ROOM_ARRANGE: {Function.STAFF},
        Permission.ROOMS_OVERSEE: {Function.STAFF},
        Permission.CORPORATION_ARRANGE: set(),
        Permission.COMPLEX_ARRANGE: {Function.STAFF},
        Permission.NAMES_SEE: WORKS_HERE,
        Permission.FUNCTIONS_SEE: WORKS_HERE,
        Permission.FUNCTIONS_GIVE: LEADS,
        Permission.PERSON_SEE: LEADS,
        Permission.PERSON_CHANGE: LEADS,
        Permission.PERSON_ERASE: {Function.STAFF},
        Permission.GUESTS_ADMIT: HELPS_PEOPLE,
        Permission.GUESTS_EXCEPT: {*LEADS, Function.TREASURER},
        Permission.PARTNERS_MANAGE: {Function.STAFF},
        Permission.COLLEAGUES_MANAGE: set(),
        Permission.DATA_EXPORT: set(),
        Permission.UPKEEP_SEE: set(),
        Permission.CALL_LIST_SEE: HELPS_PEOPLE,
        Permission.SLIP_MAKE: HELPS_PEOPLE,
        Permission.KEYS_HAND_OUT: HELPS_PEOPLE,
        Permission.KEY_SEE: HELPS_PEOPLE,
        Permission.KEY_BRING_BACK: HELPS_PEOPLE,
        Permission.KEY_ANSWER: set(),
        Permission.KEYS_MANAGE: HELPS_PEOPLE - {Function.HOST},
        Permission.KEY_TAKE: set(),
        Permission.BOX_CODE_SEE: set(),
    }


OF_NO_ROOM = {Permission.OWN_PAGES, Permission.ROOMS_OVERSEE}
"""The list of rooms is for who works in any of them, and shows those only."""


@pytest.mark.parametrize("permission", [p for p in Permission if p not in OF_NO_ROOM])
def test_function_of_another_room_is_worth_nothing(permission: Permission) -> None:
    subject = a_room() if permission in ASKED_OF_A_ROOM else Subject()
    assert may(permission, subject, room_id=2) == set()


def test_nobody_acts_for_the_corporation_or_for_who_is_not_known() -> None:
    for subject in (Subject(is_for_corporation=True), Subject(person_id=None)):
        assert may(Permission.BOOKING_CHANGE, subject) == set()
        assert may(Permission.BOOKING_CANCEL, subject) == DECIDES


def test_residents_and_partners_are_helped_and_nobody_borrows_what_staff_may() -> None:
    room = a_room()
    helped = {
        "resident": may_be_helped(an_actor(lives_in=COMPLEX), room),
        "host who lives here": may_be_helped(an_actor(Function.HOST, lives_in=COMPLEX), room),
        "partner": may_be_helped(an_actor(Function.PARTNER), room),
        "elsewhere": may_be_helped(an_actor(lives_in=99), room),
        "partner elsewhere": may_be_helped(an_actor(Function.PARTNER, room_id=2), room),
        "staff who lives here": may_be_helped(an_actor(Function.STAFF, lives_in=COMPLEX), room),
        "administrator": may_be_helped(
            an_actor(Function.ADMINISTRATOR, room_id=None, lives_in=COMPLEX), room
        ),
    }
    assert [who for who, found in helped.items() if found] == ["resident", "host who lives here", "partner"]


def test_function_for_the_corporation_books_everywhere_and_sees_no_residents() -> None:
    for permission in (Permission.BOOKING_MAKE, Permission.HOUSE_RULES_AGREE):
        assert may(permission, a_room(), room_id=None) == {Function.ADMINISTRATOR}
    for permission in (Permission.BOOKING_SEE, Permission.BOOKING_CANCEL):
        assert may(permission, Subject(), room_id=None) == set()
    for permission in (
        Permission.NAMES_SEE,
        Permission.PERSON_CHANGE,
        Permission.GUESTS_ADMIT,
        Permission.CALL_LIST_SEE,
        Permission.SLIP_MAKE,
        Permission.KEYS_HAND_OUT,
        Permission.KEYS_MANAGE,
    ):
        assert may(permission, a_room(), room_id=None) == set()
    for permission in (
        Permission.HOURS_CHANGE,
        Permission.HOUSE_RULES_PUBLISH,
        Permission.LETTERS_MAKE,
        Permission.FUNCTIONS_GIVE,
        Permission.PERSON_SEE,
        Permission.PERSON_ERASE,
        Permission.COLLEAGUES_MANAGE,
        Permission.DATA_EXPORT,
        Permission.UPKEEP_SEE,
    ):
        assert may(permission, a_room(), room_id=None) == {Function.ADMINISTRATOR}


def test_key_is_for_who_has_it_and_who_comes_next() -> None:
    asked = (Permission.KEY_SEE, Permission.KEY_BRING_BACK, Permission.KEY_ANSWER)
    found = {
        number: [allows(Actor(number, ""), permission, Subject()) for permission in asked]
        for number in (99, 98, 97)
    }
    assert found == {99: [True, True, True], 98: [True, False, False], 97: [False, False, False]}


def test_key_in_a_box_is_taken_by_who_can_open_it_now_and_by_no_function() -> None:
    key = Subject(99, opener_ids=frozenset({98}))
    found = [allows(Actor(number, ""), Permission.KEY_TAKE, key) for number in (99, 98, 97)]
    assert found == [True, True, False]


def test_home_gives_the_room_of_its_complex_or_by_right_of_use() -> None:
    room = a_room(used_by_complexes=frozenset({COMPLEX, 6}), used_by_homes=frozenset({77}))
    homes = {
        "own": Dwelling(1, COMPLEX),
        "linked": Dwelling(2, 6),
        "named": Dwelling(77, 9),
        "other": Dwelling(3, 9),
    }
    found = {
        name: allows(Actor(7, "Noor", (home,)), Permission.BOOKING_MAKE, room) for name, home in homes.items()
    }
    assert found == {"own": True, "linked": True, "named": True, "other": False}
    assert not allows(Actor(7, "Noor"), Permission.BOOKING_MAKE, room)


def test_home_outside_every_complex_gives_no_room() -> None:
    assert not allows(Actor(7, "Buur", (Dwelling(5, None),)), Permission.BOOKING_MAKE, a_room())


def test_booker_may_see_change_and_cancel_the_own_booking_only() -> None:
    own, others, nobodys = Subject(person_id=7), Subject(person_id=8), Subject(person_id=None)
    asked = (Permission.BOOKING_SEE, Permission.BOOKING_CHANGE, Permission.BOOKING_CANCEL)
    noor = an_actor(lives_in=COMPLEX)
    assert [[allows(noor, p, subject) for p in asked] for subject in (own, others, nobodys)] == [
        [True] * 3,
        [False] * 3,
        [False] * 3,
    ]


@pytest.mark.parametrize("permission", Permission)
def test_nobody_may_nothing(permission: Permission) -> None:
    assert not allows(None, permission, a_room())


def test_what_is_not_in_the_table_is_refused() -> None:
    assert set(GRANTS) == set(Permission)
