"""Who sees what of a booking, and how bookings are listed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.agenda_queries import AgendaLine, agenda_between
from ontmoet.bookings.models import Booking
from ontmoet.bookings.parties import Party, party_of
from ontmoet.bookings.queries import coming_bookings_of, past_bookings_of
from ontmoet.bookings.rules import FairUse
from ontmoet.bookings.states import Visibility
from ontmoet.bookings.taken_queries import taken_as_known, taken_between
from ontmoet.bookings.turns import fair_use_of
from ontmoet.bookings.works import works_in
from ontmoet.db import db, execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.rooms.queries import room_by_id
from ontmoet.rooms.rules import UseKind
from tests import builders as make
from tests.bookings.deeds import cancel, close, held, seen
from tests.cast import sign_in
from tests.samples import span
from tests.watching import rows, statements

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

WEDNESDAY = ("2026-11-25 14:00", "2026-11-25 16:00")
PURPOSE = "Zwartpapegaaienclub"
PAGES = (
    "/",
    "/r/de-linde",
    "/r/de-linde/agenda?week=2026-W48",
    "/r/de-linde/agenda?dag=2026-11-24",
    "/r/de-linde/agenda?maand=2026-11",
    "/r/de-linde/agenda?lijst=",
    "/r/de-linde/reserveren?van=2026-11-24T18:00&tot=2026-11-24T20:00",
)


def agenda_of(hood: Neighbourhood, reader: str | None, day: str = "2026-11-25") -> list[tuple[object, ...]]:
    """(title, name, people, may_see, is_mine, is_open) of each line of a day."""
    actor = hood.actor(reader) if reader else None
    first = date.fromisoformat(day)
    with hood.app.app_context():
        room = room_by_id(hood.linde)
        lines, _ = agenda_between(room, first, first + timedelta(days=1), reader=actor, now=clock.now())
    return [(x.title, x.name, x.people, x.may_see, x.is_mine, x.is_open) for x in lines]


STRANGER = ("", "", None, False, False, False)
WORKS_HERE = (PURPOSE, "Noor de Proef", 7, True, False, False)


@pytest.mark.parametrize(
    ("reader", "line"),
    [
        (None, STRANGER),
        ("ali", STRANGER),
        ("fatma", STRANGER),
        ("mo", STRANGER),
        ("riet", STRANGER),
        ("noor", (PURPOSE, "", 7, True, True, False)),
        ("bram", WORKS_HERE),
        ("sanne", WORKS_HERE),
    ],
)
def test_agenda_shows_title_name_and_people_to_who_may_know(
    hood: Neighbourhood, reader: str | None, line: tuple[object, ...]
) -> None:
    hood.book("noor", *WEDNESDAY, people=7, purpose=PURPOSE)
    assert agenda_of(hood, reader) == [line]


def test_agenda_shows_everybody_the_title_of_what_is_open_but_no_name_or_number(hood: Neighbourhood) -> None:
    hood.book("noor", *WEDNESDAY, people=7, purpose="Soep voor iedereen")
    with hood.app.app_context(), unit_of_work():
        execute(Booking.__table__.update().values(visibility=Visibility.OPEN))
    assert agenda_of(hood, None) == agenda_of(hood, "ali")
    assert agenda_of(hood, None) == [("Soep voor iedereen", "", None, False, False, True)]


def test_agenda_shows_staff_the_organisation_of_a_partner(hood: Neighbourhood) -> None:
    hood.book("riet", *WEDNESDAY, purpose=PURPOSE)
    assert agenda_of(hood, "sanne") == [(PURPOSE, "Welzijn Proefwijk", 4, True, False, False)]
    assert agenda_of(hood, "ali") == [STRANGER]


@pytest.mark.parametrize("reader", [None, "ali", "fatma", "riet", "mo"])
def test_no_page_leaks_purpose_or_name_of_a_closed_booking(
    hood: Neighbourhood, client: FlaskClient, reader: str | None
) -> None:
    public_id = hood.book("noor", "2026-11-24 18:00", "2026-11-24 20:00", purpose=PURPOSE)
    hood.book("noor", "2026-11-24 18:00", "2026-11-24 20:00", zone="keuken", purpose=PURPOSE)
    if reader:
        sign_in(client, reader)
    answers = {url: client.get(url) for url in PAGES}
    pages = {url: answer.get_data(as_text=True) for url, answer in answers.items()}
    assert [url for url, page in pages.items() if PURPOSE in page or "Noor" in page] == []
    assert [url for url, page in pages.items() if f"/reserveringen/{public_id}" in page] == []
    shown = [url for url in PAGES if f'data-booking="{public_id}"' in pages[url]]
    assert shown == list(PAGES[1:6])  # the plant is there: the pages do show the booking itself


def test_the_planted_purpose_does_reach_who_may_know(hood: Neighbourhood, client: FlaskClient) -> None:
    hood.book("noor", "2026-11-24 18:00", "2026-11-24 20:00", purpose=PURPOSE)
    sign_in(client, "bram")
    found = [PURPOSE in client.get(url).get_data(as_text=True) for url in PAGES[1:6]]
    assert found == [True] * 5


def test_whole_room_is_one_line_with_all_its_zones(hood: Neighbourhood) -> None:
    hood.book("noor", *WEDNESDAY, zone="")
    with hood.app.app_context():
        room = room_by_id(hood.linde)
        lines, taken = agenda_between(
            room, date(2026, 11, 25), date(2026, 11, 26), reader=None, now=clock.now()
        )
    assert [(line.slot, line.zone_ids) for line in lines] == [(span(*WEDNESDAY), room.zone_ids)]
    assert sorted(t.zone_id for t in taken) == sorted(room.zone_ids)


def test_agenda_is_one_statement_once_it_is_known_what_work_there_is(hood: Neighbourhood) -> None:
    later = hood.book("noor", "2026-11-25 18:00", "2026-11-25 19:00")
    earlier = hood.book("ali", "2026-11-25 09:00", "2026-11-25 10:00", zone="keuken")
    hood.book("fatma", *WEDNESDAY, room="plein", zone="")
    hood.book("noor", "2026-11-26 09:00", "2026-11-26 10:00")
    with hood.app.app_context():
        room = room_by_id(hood.linde)
        assert works_in(room) == ()
        with statements(hood.app) as seen_statements:
            lines, _ = agenda_between(
                room, date(2026, 11, 25), date(2026, 11, 26), reader=None, now=clock.now()
            )
    assert [line.public_id for line in lines] == [earlier, later]
    assert len(seen_statements) == 1


AGENDA_CHANGES = {
    "delete from occupancy": lambda lines: not lines,
    "update booking set people = 9": lambda lines: lines[0].people == 9,
    "update booking set visibility = 'open'": lambda lines: lines[0].is_open,
    "update booking set purpose = 'Iets anders'": lambda lines: lines[0].title == "Iets anders",
    "insert into works (public_id, room_id, starts_at, ends_at, what, who, version) "
    "select 'werk000000', room_id, starts_at, ends_at, 'Keuring', 'Monteur', 1 from closure": lambda lines: (
        [line.title for line in lines if line.is_works] == ["Keuring"]
    ),
    "update closure set reason = 'Het dak lekt'": lambda lines: lines[1].title == "Het dak lekt",
    "insert into occupancy (zone_id, held_from, held_until, booking_id) "
    "select zone.id, held_from, held_until, booking_id from occupancy join zone on zone.id <> zone_id "
    "where booking_id is not null and zone.slug in ('grote-zaal', 'keuken')": lambda lines: (
        len(lines[0].zone_ids) == 2
    ),
}


@pytest.mark.parametrize("statement", AGENDA_CHANGES)
def test_agenda_is_read_once_and_again_after_a_change_however_that_is_made(
    hood_on_both: Neighbourhood, statement: str
) -> None:
    hood, changed = hood_on_both, AGENDA_CHANGES[statement]
    hood.book("noor", *WEDNESDAY)
    close(hood, span("2026-11-25 18:00", "2026-11-25 22:00"))

    def lines() -> tuple[AgendaLine, ...]:
        with hood.app.app_context():
            room = room_by_id(hood.linde)
            day = date(2026, 11, 25)
            return agenda_between(
                room, day, day + timedelta(days=1), reader=hood.actor("noor"), now=clock.now()
            )[0]

    assert not changed(lines())
    with statements(hood.app) as again:
        assert not changed(lines())
    assert not [seen for seen in again if "occupancy" in seen]
    with hood.app.app_context(), db.engine.begin() as connection:
        connection.execute(text(statement))
    assert changed(lines())


def test_what_was_undone_is_not_remembered(hood: Neighbourhood) -> None:
    booked = hood.book("noor", *WEDNESDAY)
    day = date(2026, 11, 25)

    def ids() -> list[str]:
        room = room_by_id(hood.linde)
        lines, _ = agenda_between(room, day, day + timedelta(days=1), reader=None, now=clock.now())
        return [line.public_id for line in lines]

    with hood.app.app_context():
        with pytest.raises(ZeroDivisionError), unit_of_work():  # noqa: PT012
            execute(text("delete from occupancy"))
            assert ids() == []
            raise ZeroDivisionError
        with unit_of_work():
            # As many changes as were undone: the version is the same number again.
            execute(text("update booking set people = people"))
        assert ids() == [booked]


def test_closure_shows_its_reason_and_is_nobodys(hood: Neighbourhood) -> None:
    close(hood, span("2026-11-25 08:00", "2026-11-27 12:00"))
    assert [agenda_of(hood, "noor", f"2026-11-{day}") for day in (24, 25, 26, 27, 28)] == [
        [],
        *[[("Nieuwe vloer", "", None, False, False, False)]] * 3,
        [],
    ]


def test_what_was_cancelled_or_belongs_to_another_day_holds_nothing(hood: Neighbourhood) -> None:
    cancel(hood, "noor", hood.book("noor", *WEDNESDAY))
    hood.book("noor", "2026-11-26 08:00", "2026-11-26 10:00")
    assert held(hood) == []
    assert agenda_of(hood, "noor") == []


def test_taken_between_leaves_out_the_booking_that_moves(hood: Neighbourhood) -> None:
    moving = seen(hood, hood.book("noor", *WEDNESDAY))
    hood.book("ali", "2026-11-25 18:00", "2026-11-25 19:00")
    with hood.app.app_context():
        found = taken_between(
            hood.linde,
            make.at("2026-11-25 00:00"),
            make.at("2026-11-26 00:00"),
            now=clock.now(),
            leave_out=moving.booking_id,
        )
    assert [taken.slot for taken in found] == [span("2026-11-25 18:00", "2026-11-25 19:00")]


def test_form_remembers_what_holds_the_room_of_days_to_come_only(hood: Neighbourhood) -> None:
    now = clock.now()
    moving = seen(hood, hood.book("noor", *WEDNESDAY))
    hood.book("ali", "2026-11-25 18:00", "2026-11-25 19:00")
    until = make.at("2026-12-08 00:00")

    def known(since: str, leave_out: int | None = None) -> tuple[int, list[TimeSlot]]:
        with hood.app.app_context():
            room = room_by_id(hood.linde)
            with statements(hood.app) as asked:
                found = taken_as_known(room, make.at(since), until, now=now, leave_out=leave_out)
        return len(asked), sorted({taken.slot for taken in found})

    both = [span(*WEDNESDAY), span("2026-11-25 18:00", "2026-11-25 19:00")]
    assert known("2026-11-24 00:00") == (1, both)
    assert known("2026-11-24 00:00") == (0, both)
    assert known("2026-11-24 00:00", leave_out=moving.booking_id) == (0, both[1:])
    assert known("2026-11-23 00:00") == known("2026-11-23 00:00") == (1, both)
    cancel(hood, "noor", moving.public_id)
    assert known("2026-11-24 00:00") == (1, both[1:])


def test_party_of_every_person_of_the_cast(hood: Neighbourhood) -> None:
    homes = {row.address_name: row.id for row in rows(hood.app, "select id, address_name from home")}
    organisation = rows(hood.app, "select id from organisation")[0].id
    with hood.app.app_context():
        room = room_by_id(hood.linde)
    found = {name: party_of(hood.actor(name), room) for name in hood.people if name != "fatma"}
    assert found == {
        "noor": Party(UseKind.OWN, home_id=homes["linde-14b"]),
        "ali": Party(UseKind.OWN, home_id=homes["linde-16"]),
        "bram": Party(UseKind.OWN, home_id=homes["linde-2"]),
        "sanne": Party(UseKind.OWN, is_bound=False),
        "mo": Party(UseKind.OWN, is_bound=False),
        "riet": Party(UseKind.ORGANISATION, organisation_id=organisation),
    }


def test_partner_of_two_organisations_books_for_the_one_of_this_room(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        other = make.make_organisation(name="Zorg Elders")
        make.make_role(
            person_id=hood.people["riet"], function="partner", room_id=hood.plein, organisation_id=other
        )
    booking = seen(hood, hood.book("riet", *WEDNESDAY))
    assert booking.organisation_name == "Welzijn Proefwijk"


def test_fair_use_tells_how_far_a_home_is_in_a_month(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=4, quota_from=18 * 60)
    for day in ("2026-11-25", "2026-11-26", "2026-12-01"):
        hood.book("noor", f"{day} 18:00", f"{day} 20:00")
    hood.book("noor", "2026-11-27 10:00", "2026-11-27 12:00")
    hood.book("ali", "2026-11-27 18:00", "2026-11-27 20:00")
    party = Party(UseKind.OWN, home_id=hood.actor("noor").dwellings[0].home_id)
    with hood.app.app_context():
        room = room_by_id(hood.linde)
        days = (date(2026, 11, 30), date(2026, 12, 13))
        found = fair_use_of(room, party, *days, now=clock.now())
        unbound = fair_use_of(room, Party(UseKind.OWN, is_bound=False), *days, now=clock.now())
    assert found == (
        FairUse(4, 18 * 60, 2, (date(2026, 11, 1), date(2026, 12, 1))),
        FairUse(4, 18 * 60, 1, (date(2026, 12, 1), date(2027, 1, 1))),
    )
    assert unbound == ()


def test_own_bookings_are_listed_coming_soonest_first_and_past_latest_first(
    hood: Neighbourhood, moment
) -> None:
    over = hood.book("noor", "2026-11-24 15:00", "2026-11-24 16:00")
    far = hood.book("noor", "2026-12-25 10:00", "2026-12-25 11:00")
    near = hood.book("noor", *WEDNESDAY)
    gone = hood.book("noor", "2026-11-26 10:00", "2026-11-26 11:00")
    hood.book("ali", "2026-11-27 10:00", "2026-11-27 11:00")
    cancel(hood, "noor", gone)
    moment(timedelta(hours=2))
    with hood.app.app_context():
        coming = coming_bookings_of(hood.people["noor"], now=clock.now())
        past = past_bookings_of(hood.people["noor"], now=clock.now())
    assert [[b.public_id for b in found] for found in (coming, past)] == [[near, far], [gone, over]]


def test_what_was_called_off_far_ahead_does_not_hide_what_is_over_since_an_hour(
    hood_on_both: Neighbourhood, moment
) -> None:
    hood = hood_on_both
    over = hood.book("noor", "2026-11-24 15:00", "2026-11-24 16:00")
    far = [hood.book("noor", f"2026-12-0{day} 14:00", f"2026-12-0{day} 16:00") for day in range(1, 7)]
    for each in far:
        cancel(hood, "noor", each)
    moment(timedelta(hours=3))
    with hood.app.app_context():
        past = past_bookings_of(hood.people["noor"], now=clock.now())
    assert [view.public_id for view in past] == [*reversed(far[:4]), over]


def test_request_that_lapsed_unnoticed_is_listed_as_past(hood: Neighbourhood, moment) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    asked = hood.book("noor", "2026-12-10 14:00", "2026-12-10 16:00")
    moment(timedelta(hours=72))
    with hood.app.app_context():
        coming = coming_bookings_of(hood.people["noor"], now=clock.now())
        past = past_bookings_of(hood.people["noor"], now=clock.now())
    assert ([b.public_id for b in coming], [b.public_id for b in past]) == ([], [asked])


def test_what_is_known_for_one_neighbour_is_not_what_the_booker_sees(hood: Neighbourhood) -> None:
    hood.book("noor", *WEDNESDAY, purpose=PURPOSE)
    for _ in range(2):
        assert agenda_of(hood, None) == agenda_of(hood, "ali") == [STRANGER]
        assert agenda_of(hood, "noor") == [(PURPOSE, "", 4, True, True, False)]


def test_request_that_lapsed_unnoticed_holds_nothing_in_the_agenda(hood: Neighbourhood, moment) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    hood.book("noor", "2026-12-10 14:00", "2026-12-10 16:00")
    readers = (None, "ali", "noor", "sanne")
    assert [len(agenda_of(hood, reader, "2026-12-10")) for reader in readers] == [1, 1, 1, 1]
    moment(timedelta(hours=72))
    assert [agenda_of(hood, reader, "2026-12-10") for reader in readers] == [[], [], [], []]
