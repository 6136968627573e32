"""For whom a booking is made."""

from __future__ import annotations

import pytest

from ontmoet.bookings.parties import Party, party_behind, party_of
from ontmoet.kernel.actor import Actor, Dwelling, Function
from ontmoet.rooms.rules import UseKind
from tests.samples import COMPLEX, HOME, a_room, an_actor


def home(home_id: int = HOME) -> Party:
    return Party(UseKind.OWN, home_id=home_id)


@pytest.mark.parametrize(
    ("actor", "party"),
    [
        (an_actor(lives_in=COMPLEX), home()),
        (an_actor(Function.HOST, lives_in=COMPLEX), home()),
        (an_actor(Function.CHAIR, lives_in=99), home()),
        (an_actor(Function.STAFF), Party(UseKind.OWN, is_bound=False)),
        (an_actor(Function.STAFF, lives_in=COMPLEX), Party(UseKind.OWN, is_bound=False)),
        (an_actor(Function.ADMINISTRATOR, room_id=None), Party(UseKind.OWN, is_bound=False)),
        (an_actor(Function.PARTNER, organisation_id=3), Party(UseKind.ORGANISATION, organisation_id=3)),
        (an_actor(Function.PARTNER, organisation_id=3, lives_in=COMPLEX), home()),
    ],
)
def test_party_is_home_organisation_or_corporation(actor: Actor, party: Party) -> None:
    assert party_of(actor, a_room()) == party


def test_party_is_the_home_with_the_right_of_use_and_not_another_one() -> None:
    actor = Actor(7, "Noor", (Dwelling(90, 99), Dwelling(15, 6), Dwelling(HOME, COMPLEX)))
    assert party_of(actor, a_room()) == home()
    assert party_of(actor, a_room(used_by_homes=frozenset({15}))) == home(15)


def test_only_the_corporation_is_not_bound() -> None:
    assert [party.is_bound for party in (home(), Party(UseKind.ORGANISATION, organisation_id=3))] == [
        True
    ] * 2
    assert not party_of(an_actor(Function.STAFF), a_room()).is_bound


def test_volunteer_without_a_home_does_not_become_the_corporation() -> None:
    # Only staff and administrators are not bound by fair use and approval (contract.md).
    assert party_of(an_actor(Function.HOST), a_room()).is_bound


def test_party_of_a_booking_that_exists_is_as_bound_as_who_it_is_for() -> None:
    actors = (an_actor(lives_in=COMPLEX), an_actor(Function.STAFF))
    found = [party_behind(a, a_room(), UseKind.OWN, home_id=HOME, organisation_id=None) for a in actors]
    assert found == [Party(UseKind.OWN, home_id=HOME, is_bound=bound) for bound in (True, False)]
