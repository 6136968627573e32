"""Lists out: what `judge` and `store` can read in again, under the same heads.

A list has what a sheet can carry and what goes on: no homes that ended, no rooms that are closed for good,
no neighbours from outside, no children, of bookings only those that hold the room. All of it, and all the
rest, is in the tables of the export. The same things are the same file, whichever installation they are in.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from sqlalchemy import bindparam, or_, select

from ontmoet.arranging.rules import in_order_of_streets
from ontmoet.bookings.models import Booking
from ontmoet.bookings.states import Status
from ontmoet.db import LocalDate
from ontmoet.exports.rules import Format
from ontmoet.exports.sheets import Sheet, write
from ontmoet.exports.tables import AT_ONCE, one_picture
from ontmoet.kernel.gate import giving_way
from ontmoet.kernel.text import folded_name
from ontmoet.kernel.walltime import MINUTES_A_DAY, day_of, minutes_of
from ontmoet.people.models import Organisation, Person, Residency
from ontmoet.people.rules import Channel, language_of
from ontmoet.rooms.models import Complex, Home, Zone

from .columns import CHANNELS, COLUMNS, LANGUAGES, NOBODY_KNOWS, ORGANISATION_KINDS, Kind, word_of
from .people import usual_channel
from .room_cells import cells_of, in_a_row, time_cell
from .rooms import sheets_of_rooms
from .rules import folded, tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from ontmoet.db import AnyRow
    from ontmoet.exports.sheets import Value

    Cells = Mapping[str, Value]

TAKEN = (Format.XLSX, Format.CSV)
"""The kinds of file in which a list can be read in again."""

_home, _complex, _zone = Home.__table__, Complex.__table__, Zone.__table__
_person, _residency = Person.__table__, Residency.__table__
_organisation, _booking = Organisation.__table__, Booking.__table__

_HOMES = (
    select(_complex.c.name.label("complex"), _home.c.address, _home.c.address_name)
    .join_from(_home, _complex, _complex.c.id == _home.c.complex_id)
    .where(_home.c.ended_at.is_(None))
)
_ORGANISATIONS = select(_organisation.c.name, _organisation.c.kind)
_PEOPLE = (
    select(
        _person.c.id,
        _person.c.name,
        _person.c.email,
        _person.c.phone,
        _person.c.channel,
        _person.c.language,
        _home.c.address_name,
    )
    .join_from(_residency, _person, _person.c.id == _residency.c.person_id)
    .join(_home, _home.c.id == _residency.c.home_id)
    .where(
        or_(_residency.c.until.is_(None), _residency.c.until > bindparam("today", type_=LocalDate())),
        _home.c.complex_id.is_not(None),
        _home.c.ended_at.is_(None),
        _person.c.guardian_id.is_(None),
        _person.c.erased_at.is_(None),
        _person.c.merged_into_id.is_(None),
    )
    .order_by(_person.c.id)
)
_BOOKINGS = (
    select(
        _booking.c.starts_at,
        _booking.c.ends_at,
        _booking.c.people,
        _booking.c.purpose,
        _booking.c.for_corporation,
        _booking.c.organisation_id,
        _zone.c.name.label("zone"),
        _home.c.address_name,
        (_home.c.complex_id.is_not(None) & _home.c.ended_at.is_(None)).label("is_listed"),
        _organisation.c.name.label("organisation"),
    )
    .join_from(_booking, _zone, _zone.c.id == _booking.c.zone_id, isouter=True)
    .join(_home, _home.c.id == _booking.c.home_id, isouter=True)
    .join(_organisation, _organisation.c.id == _booking.c.organisation_id, isouter=True)
    .where(
        _booking.c.room_id == bindparam("room_id"),
        _booking.c.status == Status.CONFIRMED,
        _zone.c.ended_at.is_(None),
    )
    .order_by(_booking.c.starts_at, _zone.c.position.is_not(None), _zone.c.position)
)


def list_of(kind: Kind, connection: Connection, *, now: datetime) -> Sheet:
    """A list to write. Rows are fetched when they are asked for; only of bookings there are too many to have
    them all at once.
    """
    making: Mapping[Kind, Callable[[Connection, datetime], Iterable[Sequence[Cells]]]] = {
        Kind.HOMES: _homes,
        Kind.ROOMS: _rooms,
        Kind.ORGANISATIONS: _organisations,
        Kind.PEOPLE: _people,
        Kind.BOOKINGS: _bookings,
    }
    heads = [column.head for column in COLUMNS[kind]]
    lots = making[kind](connection, now)
    return Sheet(kind, heads, ([[cells.get(head) for head in heads] for cells in lot] for lot in lots))


def write_list(kind: Kind, file_kind: Format, into: IO[bytes], *, now: datetime) -> None:
    """Write a list as a file of this kind."""
    with one_picture() as connection:
        write([list_of(kind, connection, now=now)], file_kind, into)


def _homes(connection: Connection, _now: datetime) -> Iterator[Sequence[Cells]]:
    """By complex, then as one walks through the street."""
    found = sorted(
        connection.execute(_HOMES),
        key=lambda row: (folded(row.complex), in_order_of_streets(row.address), row.address_name),
    )
    yield [
        {
            "complex": in_a_row(row.complex),
            "adres": tidy(row.address),
            "korte naam": row.address_name,
        }
        for row in found
    ]


def _rooms(_connection: Connection, now: datetime) -> Iterator[Sequence[Cells]]:
    """By name in addresses, as bookings are."""
    found = sorted(sheets_of_rooms(now).values(), key=lambda sheet: sheet.slug)
    yield [{head: tidy(cell) for head, cell in cells_of(sheet).items()} for sheet in found]


def _organisations(connection: Connection, _now: datetime) -> Iterator[Sequence[Cells]]:
    found = sorted(connection.execute(_ORGANISATIONS), key=lambda row: (folded(row.name), row.name))
    yield [{"organisatie": tidy(row.name), "soort": word_of(ORGANISATION_KINDS, row.kind)} for row in found]


def _people(connection: Connection, now: datetime) -> Iterator[Sequence[Cells]]:
    """By home. Of two with the same name in one home the first: a list cannot tell them apart."""
    found: dict[tuple[str, str], AnyRow] = {}
    for row in connection.execute(_PEOPLE, {"today": day_of(now)}):
        found.setdefault((row.address_name, folded_name(row.name)), row)
    yield [_of_person(found[key]) for key in sorted(found)]


def _of_person(row: AnyRow) -> Cells:
    can_be_mailed = row.channel != Channel.MAIL or row.email is not None
    is_usual = row.channel == usual_channel(row.email, row.phone) or not can_be_mailed
    return {
        "naam": tidy(row.name),
        "adres": row.address_name,
        "telefoon": row.phone,
        "e-mail": row.email,
        "bericht": None if is_usual else word_of(CHANNELS, row.channel),
        "taal": word_of(LANGUAGES, language_of(row.language)),
    }


def _bookings(connection: Connection, now: datetime) -> Iterator[Sequence[Cells]]:
    """By room and start. Who booked is in no list: a list knows addresses and organisations."""
    rooms = sorted((sheet.slug, room_id) for room_id, sheet in sheets_of_rooms(now).items())
    for slug, room_id in rooms:
        options = {"yield_per": AT_ONCE}
        result = connection.execute(_BOOKINGS, {"room_id": room_id}, execution_options=options)
        for lot in result.partitions():
            yield [_of_booking(slug, row) for row in lot]
            giving_way()


def _of_booking(slug: str, row: AnyRow) -> Cells:
    ends = minutes_of(row.ends_at) or MINUTES_A_DAY
    is_nobodys = row.organisation is None and not row.for_corporation
    return {
        "ruimte": slug,
        "deel": None if row.zone is None else in_a_row(row.zone),
        "dag": _day_cell(day_of(row.starts_at)),
        "begin": time_cell(minutes_of(row.starts_at)),
        "einde": time_cell(ends),
        "adres": row.address_name if row.is_listed else NOBODY_KNOWS if is_nobodys else None,
        "organisatie": None if row.organisation is None else tidy(row.organisation),
        "aantal mensen": row.people,
        "waarvoor": tidy(row.purpose),
    }


def _day_cell(day: date) -> str:
    """2-1-2027."""
    return f"{day.day}-{day.month}-{day.year}"
