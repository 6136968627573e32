"""What the demo promises (contract), whatever the day on which it is filled."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ontmoet.bookings.agenda_queries import agenda_between
from ontmoet.bookings.models import Booking, Occupancy
from ontmoet.bookings.parties import party_of
from ontmoet.bookings.queries import coming_bookings_of
from ontmoet.bookings.request_queries import settled_lately, waiting_in
from ontmoet.bookings.request_talk import talk_about
from ontmoet.bookings.states import HOLDS_THE_ROOM, Status
from ontmoet.bookings.turns import fair_use_of
from ontmoet.bookings.works import works_in
from ontmoet.db import Base, db, execute
from ontmoet.kernel import clock
from ontmoet.kernel.actor import Function
from ontmoet.kernel.timeslot import TimeSlot, gaps
from ontmoet.kernel.walltime import day_of, start_of
from ontmoet.people.actor_queries import actor_of
from ontmoet.people.passwords import verify_password
from ontmoet.people.personas import PASSWORD, PERSONAS, PIN_PERSONAS
from ontmoet.people.queries import contact_of, credentials_of
from ontmoet.people.rules import is_easy_pin
from ontmoet.portal.checking import faults
from ontmoet.rooms.models import Closure, Room
from ontmoet.rooms.queries import room_by_slug
from ontmoet.rooms.rules import Stretch, UseKind
from ontmoet.seed.demo import fill_demo
from ontmoet.seed.writing import CannotFill
from tests import builders as make
from tests.cast import token_in
from tests.fixtures import TUESDAY, demo_copied, demo_filled
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

SLUGS = ["de-ark", "de-brug", "de-linde", "de-wilgen", "het-plein", "t-hoekje"]
TODAY = day_of(TUESDAY)
WEEK = timedelta(weeks=1)
NEVER_THE_SAME = ("password_hash", "pin_hash", "sealed", "request_id", "agenda_version")
_booking, _occupancy = Booking.__table__, Occupancy.__table__
_closure = Closure.__table__


@pytest.fixture(scope="module")
def demo_of_tuesday(demo_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo as it is at `TUESDAY`. Tests only look at it."""
    yield from demo_copied(demo_house, tmp_path_factory)


@pytest.fixture
def demo(demo_of_tuesday: Flask) -> Iterator[None]:
    """In the application context of the demo of `TUESDAY`."""
    with demo_of_tuesday.app_context():
        yield


def room_of(slug: str, since: date = TODAY) -> RoomView:
    room = room_by_slug(slug)
    assert room is not None
    return room


def persona(given_name: str, today: date = TODAY) -> Actor:
    found = credentials_of(f"{given_name}@demo.example")
    assert found is not None
    return actor_of(found.id, today=today)


def bookings_in(slug: str, *, holding: bool = True) -> list[Any]:
    found = select(_booking).join(Room.__table__, Room.__table__.c.id == _booking.c.room_id)
    if holding:
        found = found.where(_booking.c.status.in_([*HOLDS_THE_ROOM]))
    return list(execute(found.where(Room.__table__.c.slug == slug)).all())


def a_week(slug: str, first: date, weeks: int) -> float:
    """Bookings a week that went on, from a day on."""
    after = first + weeks * WEEK
    return sum(first <= day_of(b.starts_at) < after for b in bookings_in(slug)) / weeks


def test_demo_has_the_six_rooms_and_the_corporation_of_the_contract(demo: None) -> None:
    assert sorted(slug for (slug,) in execute(select(Room.__table__.c.slug))) == SLUGS
    room = room_of("de-linde")
    assert room.corporation_name == "Woonstichting De Brink"
    assert room.corporation_phone == "0800 555 01 23"
    assert [(z.slug, z.capacity) for z in room.zones] == [("grote-zaal", 40), ("keuken", 8)]
    assert len({room_of(slug).door for slug in SLUGS}) == 6
    assert len({room_of(slug).key_plan for slug in SLUGS}) == 4
    assert len(room_of("t-hoekje").zones) == 1


@pytest.mark.parametrize("slug", ["de-linde", "t-hoekje"])
def test_room_of_the_contract_is_open_daily_and_bookable_180_days_ahead(demo: None, slug: str) -> None:
    room = room_of(slug, since=date.min)
    assert room.hours.weekly == {day: (Stretch(8 * 60, 22 * 60),) for day in range(7)}
    assert not room.hours.exceptions
    assert room.horizon_days == 180
    assert not room.use_rule(UseKind.OWN).needs_approval


def test_only_seven_personas_can_sign_in_by_email(demo: None) -> None:
    stored = [credentials_of(persona.email) for persona in PERSONAS]
    assert all(found and verify_password(found.password_hash, PASSWORD) for found in stored)
    people = Base.metadata.tables["person"]
    known = execute(select(people.c.email).where(people.c.password_hash.is_not(None)))
    assert {email for (email,) in known} == {persona.email for persona in PERSONAS}


def test_personas_live_and_work_where_their_story_says(demo: None) -> None:
    room_ids = {slug: room_of(slug).room_id for slug in SLUGS}
    homes_of = {slug: room_of(slug).used_by_complexes for slug in SLUGS}
    at_work = {
        name: {room: set(does) for room, does in persona(name).functions.items()}
        for name in ("noor", "bram", "fatma", "joost", "sanne", "mo", "riet")
    }
    assert at_work == {
        "noor": {},
        "bram": {room_ids["de-linde"]: {Function.HOST, Function.KEY_KEEPER}},
        "fatma": {room_ids["het-plein"]: {Function.CHAIR}},
        "joost": {room_ids["de-wilgen"]: {Function.TREASURER}},
        "sanne": {room_id: {Function.STAFF} for room_id in room_ids.values()},
        "mo": {None: {Function.ADMINISTRATOR}},
        "riet": {room_ids["de-brug"]: {Function.PARTNER}},
    }
    for name, slug in (
        ("noor", "de-linde"),
        ("bram", "de-linde"),
        ("fatma", "het-plein"),
        ("joost", "de-wilgen"),
    ):
        assert [dwelling.complex_id for dwelling in persona(name).dwellings] == [*homes_of[slug]]
    assert {contact_of(room_by_slug(slug), today=TODAY) for slug in room_ids} == {"Sanne de Wit"}
    assert len(persona("riet").organisations) == 1


def test_henk_gets_in_with_address_nickname_and_pin(demo_app: Flask, moment: object) -> None:
    page = demo_app.test_client().get("/inloggen").get_data(as_text=True)
    tap = page.split('action="/inloggen/adres"', 1)[1].split("</form>", 1)[0]
    assert "Adres linde-3, bijnaam henk, pincode 483917" in tap
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', tap))
    client = demo_app.test_client()
    fields["csrf_token"] = token_in(client.get("/inloggen").get_data(as_text=True))
    assert client.post("/inloggen/adres", data=fields).status_code == 303
    assert "Henk Mulder" in client.get("/mijn").get_data(as_text=True)
    assert not is_easy_pin(PIN_PERSONAS[0].pin)


def test_henk_lives_at_linde_3_without_email_and_vera_is_nowhere(demo: None) -> None:
    home, person, residency = (Base.metadata.tables[t] for t in ("home", "person", "residency"))
    found = execute(
        select(home.c.address_name, person.c.email, person.c.password_hash)
        .join_from(residency, person, person.c.id == residency.c.person_id)
        .join(home, home.c.id == residency.c.home_id)
        .where(person.c.name == "Henk Mulder")
    ).all()
    assert found == [("linde-3", None, None)]
    assert not execute(select(person.c.id).where(person.c.name.like("Vera%"))).all()


def test_requests_wait_were_decided_and_lapsed_where_rooms_ask_for_it(demo: None) -> None:
    found = {slug: waiting_in(room_of(slug).room_id, now=TUESDAY) for slug in SLUGS}
    assert {slug: len(waiting) for slug, waiting in found.items()} == {
        "de-ark": 0,
        "de-brug": 2,
        "de-linde": 1,
        "de-wilgen": 0,
        "het-plein": 5,
        "t-hoekje": 0,
    }
    plein = found["het-plein"]
    assert [each.is_asked for each in plein].count(True) == 1
    assert "Fatma Demir" in {each.person_name for each in plein}
    assert [each.responsible for each in found["de-linde"]] == ["Els de Groot"]
    settled = settled_lately(room_of("het-plein").room_id, now=TUESDAY)
    assert {each.status for each in settled} == {Status.CONFIRMED, Status.DECLINED, Status.LAPSED}
    assert all(each.decided_by_name == "Fatma Demir" for each in settled if each.decided_at)
    talked = talk_about([each.booking_id for each in plein])
    assert sorted(len(talk) for talk in talked.values()) == [1, 1]


def test_every_booking_that_holds_its_room_has_exactly_its_zones_time(demo: None) -> None:
    found = Counter(
        execute(
            select(
                _occupancy.c.booking_id,
                _occupancy.c.zone_id,
                _occupancy.c.held_from,
                _occupancy.c.held_until,
                _occupancy.c.expires_at,
            ).where(_occupancy.c.booking_id.is_not(None))
        ).all()
    )
    expected: Counter[Any] = Counter()
    for slug in SLUGS:
        room = room_of(slug)
        buffer = timedelta(minutes=room.buffer_minutes)
        for b in bookings_in(slug):
            for zone_id in [b.zone_id] if b.zone_id else room.zone_ids:
                held = (b.id, zone_id, b.starts_at, b.ends_at + buffer, b.lapses_at)
                expected[held] += 1
    assert found == expected


def test_bookings_are_as_the_rules_would_have_let_them(demo: None) -> None:
    for slug in SLUGS:
        room = room_of(slug, since=date.min)
        capacities = {zone.zone_id: zone.capacity for zone in room.zones}
        for b in bookings_in(slug, holding=False):
            slot = TimeSlot(b.starts_at, b.ends_at)
            assert room.hours.cover(slot)
            assert timedelta(minutes=30) <= slot.length <= timedelta(minutes=room.longest_minutes)
            assert b.people <= capacities.get(b.zone_id, room.capacity)
            assert b.made_at < min(b.starts_at, TUESDAY)
            assert b.version == 1
            if b.ended_at is not None:
                assert b.made_at <= b.ended_at <= min(b.starts_at, TUESDAY)
            assert (b.status in HOLDS_THE_ROOM) == (b.reason is None) == (b.ended_at is None)


def test_history_tells_the_story_of_each_room(demo: None) -> None:
    monday = TODAY - timedelta(days=TODAY.weekday())
    now, last_year = monday - 12 * WEEK, monday - 64 * WEEK
    change = {slug: a_week(slug, now, 12) / a_week(slug, last_year, 12) for slug in SLUGS}
    assert 24 <= a_week("de-linde", now, 12) <= 32
    assert all(0.8 < change[slug] < 1.3 for slug in ("de-linde", "de-brug", "de-wilgen"))
    assert change["het-plein"] < 0.65
    assert change["de-ark"] < 0.5
    assert 1 <= a_week("t-hoekje", monday - 104 * WEEK, 104) <= 2.5


def test_partner_gives_two_thirds_of_the_hours_of_de_brug(demo: None) -> None:
    (welfare,) = persona("riet").organisations.values()
    held: Counter[bool] = Counter()
    for b in bookings_in("de-brug"):
        held[b.organisation_id == welfare] += (b.ends_at - b.starts_at).total_seconds()
    assert held[True] / held.total() == pytest.approx(0.66, abs=0.03)


def test_two_volunteers_carry_het_plein(demo: None) -> None:
    doers = Counter(b.person_id for b in bookings_in("het-plein") if b.use_kind == UseKind.OPEN_ACTIVITY)
    assert sum(count for _, count in doers.most_common(2)) > 0.9 * doers.total()


def test_kitchen_of_de_ark_is_closed_for_months_by_pieces_of_a_day(demo: None) -> None:
    room = room_of("de-ark")
    kitchen = room.zone("keuken")
    assert kitchen is not None
    closure = execute(select(Closure.__table__).where(Closure.__table__.c.room_id == room.room_id)).one()
    assert closure.zone_id == kitchen.zone_id
    assert closure.ends_at - closure.starts_at > timedelta(days=150)
    pieces = execute(select(_occupancy).where(_occupancy.c.closure_id == closure.id)).all()
    assert {piece.zone_id for piece in pieces} == {kitchen.zone_id}
    assert max(piece.held_until - piece.held_from for piece in pieces) <= timedelta(hours=25)
    assert sum((p.held_until - p.held_from for p in pieces), timedelta()) == (
        closure.ends_at - closure.starts_at
    )


def test_room_was_closed_once_and_is_closed_soon_and_nobody_made_place(demo: None) -> None:
    closures = {
        slug: [
            (row.starts_at > TUESDAY, row.ends_at <= TUESDAY)
            for row in execute(select(_closure).where(_closure.c.room_id == room_of(slug).room_id))
        ]
        for slug in ("de-linde", "t-hoekje", "de-ark")
    }
    assert closures == {"de-linde": [(True, False)], "t-hoekje": [(False, True)], "de-ark": [(False, False)]}
    reasons = execute(select(Booking.__table__.c.reason).distinct()).scalars().all()
    assert "closed" not in reasons


def test_somebody_comes_to_work_in_de_linde_and_in_de_ark(demo: None) -> None:
    announced = {
        slug: [(each.what, each.slot.starts > TUESDAY) for each in works_in(room_of(slug))]
        for slug in ("de-linde", "de-ark", "t-hoekje")
    }
    assert announced == {
        "de-linde": [("De ketel wordt nagekeken", True)],
        "de-ark": [("De nieuwe keuken wordt opgemeten", True)],
        "t-hoekje": [],
    }


def test_installation_is_a_demo_and_its_filling_is_audited(demo: None) -> None:
    tables = Base.metadata.tables
    assert execute(select(tables["installation"].c.kind, tables["installation"].c.made_at)).all() == [
        ("demo", TUESDAY)
    ]
    assert execute(select(tables["audit"].c.action, tables["audit"].c.at)).all() == [
        ("installation_filled", TUESDAY)
    ]


@pytest.mark.parametrize(
    "moment_of_filling",
    [
        pytest.param("2027-03-28T01:30", id="the clock goes forward, at Easter"),
        pytest.param("2026-10-25T00:30", id="the clock goes back"),
        pytest.param("2028-02-29T22:59", id="a leap day, and the last hour of a month"),
    ],
)
def test_demo_can_be_shown_at_once(migrated_sqlite: Path, tmp_path: Path, moment_of_filling: str) -> None:
    now = datetime.fromisoformat(moment_of_filling).replace(tzinfo=UTC)
    app = demo_filled(migrated_sqlite, tmp_path, now)
    with clock.frozen(now), app.app_context():
        _check_what_is_shown(now)
        db.engine.dispose()


def test_demo_of_an_ordinary_tuesday_can_be_shown_at_once(demo: None, moment: object) -> None:
    _check_what_is_shown(TUESDAY)


def _check_what_is_shown(now: datetime) -> None:
    today = day_of(now)
    assert faults() == []
    _check_noor(now)
    _check_agenda_of_de_linde(now)
    assert coming_bookings_of(persona("riet", today).person_id, now=now)
    requests = [b for b in bookings_in("het-plein") if b.status == Status.REQUESTED]
    assert requests
    assert all(b.lapses_at > now and day_of(b.starts_at) > today for b in requests)
    last = max(day_of(b.starts_at) for b in bookings_in("t-hoekje", holding=False))
    assert today < last <= today + timedelta(days=21)


def _check_noor(now: datetime) -> None:
    noor, room = persona("noor", day_of(now)), room_of("de-linde", day_of(now))
    coming = coming_bookings_of(noor.person_id, now=now)
    assert [(b.room_slug, b.status) for b in coming] == [("de-linde", Status.CONFIRMED)] * 2
    assert all(b.slot.starts < now + timedelta(days=10) for b in coming)
    today = day_of(now)
    (fair_use,) = fair_use_of(room, party_of(noor, room), today, today, now=now)
    assert (fair_use.used, fair_use.quota, fair_use.quota_from) == (2, 4, 18 * 60)


def _check_agenda_of_de_linde(now: datetime) -> None:
    """Something today, two hours free before tomorrow is over, and much free after four weeks."""
    today, room = day_of(now), room_of("de-linde", day_of(now))
    tomorrow, after = today + timedelta(days=1), today + timedelta(days=2)
    lines, _ = agenda_between(room, today, tomorrow, reader=None, now=now)
    assert lines
    _, taken = agenda_between(room, today, after, reader=None, now=now)
    assert any(
        gap.ends - max(gap.starts, now) >= timedelta(hours=2)
        for day in (today, tomorrow)
        for opening in room.hours.slots_on(day)
        for gap in gaps(opening, [t.slot for t in taken])
    )
    later = TimeSlot(start_of(today + timedelta(days=28)), start_of(today + timedelta(days=56)))
    held = [b for b in bookings_in("de-linde") if later.contains(b.starts_at)]
    assert 8 <= len(held) <= 4 * 20


def _contents(app: Flask) -> dict[str, list[Any]]:
    """Every table, but for the salted hashes of passwords and PINs, who asked for what, and how often an
    agenda changed: on PostgreSQL once for many bookings that are written together.
    """
    with app.app_context():
        return {
            table.name: list(
                execute(
                    select(*[c for c in table.c if c.name not in NEVER_THE_SAME]).order_by(*table.primary_key)
                )
            )
            for table in Base.metadata.sorted_tables
        }


def test_filling_refuses_a_database_that_belongs_to_somebody(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        make.make_corporation(name="Woonstichting De Proef")
    # It asks before it thinks up anything.
    monkeypatch.delattr("ontmoet.seed.demo.settle")
    before = row_counts(app, *Base.metadata.tables)
    answer = app.test_cli_runner().invoke(args=["seed", "demo"])
    assert answer.exit_code == 1
    assert answer.stderr == (
        "Deze database is al van Woonstichting De Proef. Vullen kan alleen als hij leeg is.\n"
    )
    assert answer.stdout == ""
    assert row_counts(app, *Base.metadata.tables) == before


def test_filling_that_fails_leaves_nothing_behind(app: Flask) -> None:
    with app.app_context():
        make.make_person(name="Een andere Noor", email="noor@demo.example")
    before = row_counts(app, *Base.metadata.tables)
    with app.app_context(), pytest.raises(IntegrityError):
        fill_demo(TUESDAY)
    assert row_counts(app, *Base.metadata.tables) == before


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_same_moment_gives_the_same_demo_on_both_products(app_on_both: Flask, demo_of_tuesday: Flask) -> None:
    with app_on_both.app_context():
        said = fill_demo(TUESDAY)
        assert faults() == []
    assert said.startswith("De demo is gevuld: 6 ruimtes, 440 mensen, ")
    assert _contents(app_on_both) == _contents(demo_of_tuesday)
    _check_it_goes_on(app_on_both)


def test_demo_on_sqlite_goes_on_and_is_filled_once(
    demo_house: Path, tmp_path_factory: pytest.TempPathFactory, moment: object
) -> None:
    for app in demo_copied(demo_house, tmp_path_factory):
        _check_it_goes_on(app)


def _check_it_goes_on(app: Flask) -> None:
    """What comes next is numbered on; and nothing fills it again."""
    with app.app_context():
        last = execute(select(_booking.c.id).order_by(_booking.c.id.desc())).scalars().first()
        homes = execute(select(Base.metadata.tables["home"].c.id)).scalars().all()
        assert make.make_home(complex_id=None, address_name="elders-1") == max(homes) + 1
        with pytest.raises(CannotFill):
            fill_demo(TUESDAY)
    assert rows(app, "select max(id) from booking") == [(last,)]
