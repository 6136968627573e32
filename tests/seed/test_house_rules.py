"""In the demo every room has house rules, and whoever books went along with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.house_rules.queries import agreement_of, published_rules
from ontmoet.house_rules.rules import groups_in
from ontmoet.kernel.permissions import Permission, allows
from ontmoet.kernel.walltime import day_of
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.personas import PERSONAS
from ontmoet.people.queries import credentials_of
from ontmoet.rooms.queries import live_rooms, room_by_slug
from ontmoet.seed.house_rules import EDITIONS, PLAIN
from tests.fixtures import TUESDAY
from tests.watching import rows

if TYPE_CHECKING:
    from flask import Flask

LONGEST = 15
"""Words in a sentence."""


def test_every_persona_can_book_at_once(demo_app: Flask) -> None:
    with demo_app.app_context():
        rooms = [room_by_slug(room.slug) for room in live_rooms(TUESDAY)]
        assert [room.slug for room in rooms if not published_rules(room, now=TUESDAY)] == []
        for persona in PERSONAS:
            actor = actor_of(credentials_of(persona.email).id, today=day_of(TUESDAY))
            places = [room for room in rooms if allows(actor, Permission.BOOKING_MAKE, room)]
            missing = [room.slug for room in places if agreement_of(actor, room, now=TUESDAY).is_missing]
            assert (persona.given_name, missing) == (persona.given_name, [])
            assert places


def test_every_booking_was_made_under_accepted_rules(demo_app: Flask) -> None:
    assert rows(demo_app, "select count(*) from booking where rules_version_id is null") == [(0,)]
    unaccepted = (
        "select count(*) from booking left join acceptance on (acceptance.person_id = booking.person_id"
        " or acceptance.organisation_id = booking.organisation_id)"
        " and acceptance.rules_version_id = booking.rules_version_id and acceptance.at <= booking.made_at"
        " where acceptance.id is null"
    )
    assert rows(demo_app, unaccepted) == [(0,)]


def test_one_signed_on_paper_and_partners_went_along_as_organisations(demo_app: Flask) -> None:
    on_paper = (
        "select distinct person.name, helper.name from acceptance join person on person.id = person_id"
        " join person helper on helper.id = recorded_by_id where how = 'paper'"
    )
    assert [tuple(row) for row in rows(demo_app, on_paper)] == [("Henk Mulder", "Bram Visser")]
    organisations = "select distinct organisation_id from acceptance where organisation_id is not null"
    assert len(rows(demo_app, organisations)) == 2


def test_house_rules_are_short_sentences() -> None:
    bodies = [PLAIN, *(edition.body for editions in EDITIONS.values() for edition in editions)]
    for body in bodies:
        for group in groups_in(body):
            assert group.heading
            assert [rule for rule in group.rules if len(rule.split()) > LONGEST] == []
