"""Who lives where, and how to reach them. The same name in the same home is the same person.

Nobody gets a password or a PIN by it, and nobody is told: who is in a list comes in with the letter of the
home, or by a link when the list has an e-mail address. So no more is kept than is needed to reach somebody.
Children are in no list: a child takes part when a grown-up agrees, which a list cannot say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, insert, or_, select
from sqlalchemy.exc import IntegrityError

from ontmoet.db import LocalDate, current_connection, execute, violated
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.reach import is_email, is_phone
from ontmoet.kernel.text import folded as folded_email
from ontmoet.kernel.text import folded_name
from ontmoet.kernel.tokens import new_public_id
from ontmoet.kernel.walltime import day_of
from ontmoet.people.models import Person, Residency
from ontmoet.people.rules import Channel
from ontmoet.rooms.models import Home

from .columns import CHANNELS, LANGUAGES, Kind
from .homes import AT_ONCE, insert_in_lots
from .naming import Names
from .room_cells import code_of
from .rules import Judged, Reason, State, fault_of_cells, wrong, wrong_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from .rules import Row

_person, _residency, _home = Person.__table__, Residency.__table__, Home.__table__
_HOMES = select(_home.c.id, _home.c.address_name, _home.c.address).where(
    _home.c.complex_id.is_not(None), _home.c.ended_at.is_(None)
)
_LIVING = (
    select(_residency.c.home_id, _person.c.id, _person.c.name)
    .join_from(_residency, _person, _person.c.id == _residency.c.person_id)
    .where(
        or_(_residency.c.until.is_(None), _residency.c.until > bindparam("today", type_=LocalDate())),
        _person.c.erased_at.is_(None),
        _person.c.merged_into_id.is_(None),
    )
)
_BY_EMAIL = select(_person.c.email, _person.c.id, _person.c.name).where(_person.c.email.is_not(None))
_FIRST_ZERO_GONE = re.compile(r"\A[1-9][0-9]{8}\Z")
"""Dutch numbers have ten digits: spreadsheets take the first away, which is a 0."""
_ADD = insert(_person).returning(_person.c.id, sort_by_parameter_order=True)


class _Owner(NamedTuple):
    """Whose an e-mail address is: somebody who is there, or who stands in this row of the list."""

    name: str
    person_id: int | None
    number: int


class _Wish(NamedTuple):
    """A row that can be stored: where somebody lives, and who it is. `number` is of the row in which that
    person is new; `columns` are empty in all other rows.
    """

    home_id: int
    person_id: int | None
    number: int
    columns: Mapping[str, object]


class _Known:
    """What is there: homes by name, who lives in each, and whose each e-mail address is."""

    def __init__(self, now: datetime) -> None:
        self.homes = Names[int]()
        for home_id, short, address in execute(_HOMES):
            self.homes.add((short, address), home_id)
        self.living = {
            (home_id, folded_name(name)): person_id
            for home_id, person_id, name in execute(_LIVING, today=day_of(now))
        }
        self.emails = {
            email: _Owner(folded_name(name), person_id, 0) for email, person_id, name in execute(_BY_EMAIL)
        }
        self.seen: dict[tuple[int, str], int] = {}


def judge_people(rows: Sequence[Row], *, now: datetime) -> list[Judged]:
    """What would happen with each row; nothing is stored. Three statements, however many rows.

    Of who is there already, `values` has the person: whoever sends a list learns that they are.
    """
    known = _Known(now)
    return [_judged(row, known) for row in rows]


def store_people(judged: Sequence[Judged], *, now: datetime) -> None:
    """Store what is new. Runs inside a unit of work, right after `judge_people` in it, with all homes locked.

    Raises `Refused` (CHANGED_MEANWHILE) when somebody took one of the e-mail addresses meanwhile.
    """
    wishes = [wish for one in judged if isinstance(wish := one.values.get("wish"), _Wish)]
    added = [wish for wish in wishes if wish.columns]
    ids: dict[int, int] = {}
    try:
        for first in range(0, len(added), AT_ONCE):
            lot = added[first : first + AT_ONCE]
            found = current_connection().execute(_ADD, [wish.columns for wish in lot]).scalars()
            ids.update(zip((wish.number for wish in lot), found, strict=True))
    except IntegrityError as error:
        if violated(error, "person.email") or violated(error, "uq_person_email"):
            raise Refused(Objection(Reason.CHANGED_MEANWHILE)) from error
        raise
    since = {"since": day_of(now), "until": None}
    residencies = [
        {"person_id": wish.person_id or ids[wish.number], "home_id": wish.home_id, **since} for wish in wishes
    ]
    insert_in_lots(_residency, residencies)


def usual_channel(email: str | None, phone: str | None) -> Channel:
    """How somebody is reached of whom nobody says how."""
    return Channel.MAIL if email else Channel.CALL if phone else Channel.PRINT


def _judged(row: Row, known: _Known) -> Judged:
    fault = fault_of_cells(Kind.PEOPLE, row)
    if fault is not None:
        return fault
    name, number = folded_name(row.cells["naam"]), row.number
    if not name:
        return wrong(number, Reason.MISSES, "naam")
    home_id = known.homes.get(row.cells["adres"])
    if home_id is None:
        return wrong(number, Reason.NO_SUCH_HOME, "adres")
    if (home_id, name) in known.seen:
        return wrong(number, Reason.TWICE, "naam", other=known.seen[home_id, name])
    known.seen[home_id, name] = number
    there = known.living.get((home_id, name))
    if there is not None:
        return Judged(number, State.ALREADY, values={"found": there})
    try:
        columns = _columns(row.cells)
    except Refused as refusal:
        return wrong_by(number, refusal)
    email = columns["email"]
    owner = known.emails.get(email) if isinstance(email, str) else None
    if owner is None:
        if isinstance(email, str):
            known.emails[email] = _Owner(name, None, number)
        return Judged(number, State.NEW, values={"wish": _Wish(home_id, None, number, columns)})
    found = {"found": owner.person_id} if owner.person_id else {}
    if owner.name != name:
        return Judged(number, State.WRONG, Objection(Reason.EMAIL_TAKEN, "e-mail"), found)
    wish = _Wish(home_id, owner.person_id, owner.number, {})
    return Judged(number, State.NEW, values={"wish": wish, **found})


def _columns(cells: Mapping[str, str]) -> Mapping[str, object]:
    """What is kept of somebody. Raises `Refused`."""
    phone = _FIRST_ZERO_GONE.sub(r"0\g<0>", cells.get("telefoon", ""))
    email = folded_email(cells.get("e-mail", ""))
    if phone and not is_phone(phone):
        raise Refused(Objection(Reason.NO_PHONE, "telefoon"))
    if email and not is_email(email):
        raise Refused(Objection(Reason.NO_EMAIL, "e-mail"))
    channel: str = usual_channel(email, phone)
    if cells.get("bericht"):
        channel = code_of(cells["bericht"], "bericht", CHANNELS)
    if channel == Channel.MAIL and not email:
        raise Refused(Objection(Reason.NO_EMAIL_TO_WRITE_TO, "bericht"))
    language = code_of(cells["taal"], "taal", LANGUAGES) if cells.get("taal") else LANGUAGES["Nederlands"]
    return {
        "public_id": new_public_id(),
        "name": cells["naam"],
        "email": email or None,
        "phone": phone or None,
        "language": language,
        "channel": channel,
    }
