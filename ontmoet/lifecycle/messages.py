"""What somebody who moved is told about bookings that go on, and about waiting that ends."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import bindparam, select

from ontmoet.bookings.along import READER
from ontmoet.bookings.models import Booking
from ontmoet.bookings.states import THEIRS, Status
from ontmoet.db import execute
from ontmoet.kernel.timeslot import TimeSlot
from ontmoet.kernel.walltime import day_of
from ontmoet.outbox.letters import Letter, one_line
from ontmoet.people.models import Person
from ontmoet.rooms.models import Room
from ontmoet.rooms.queries import room_by_id
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.settings import current_config

from .actions import KEPT, WAITS_NO_MORE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ontmoet.db import AnyRow
    from ontmoet.hearing.call_list import Says, Teller
    from ontmoet.outbox.sending import Composer
    from ontmoet.outbox.waiting import Waiting

_booking = Booking.__table__
_person = Person.__table__
_room = Room.__table__

_FACTS = (
    select(
        _booking.c.room_id,
        _booking.c.public_id,
        _booking.c.starts_at,
        _booking.c.ends_at,
        _booking.c.status,
        _person.c.name,
        _person.c.email,
    )
    .join_from(_booking, _person, _person.c.id == _booking.c.person_id)
    .where(_booking.c.id == bindparam("booking_id"), _person.c.id == bindparam("person_id"))
)
_TO_TELL = (
    select(_booking.c.id, _booking.c.starts_at, _booking.c.ends_at, _booking.c.status, _room.c.name)
    .join_from(_booking, _room, _room.c.id == _booking.c.room_id)
    .where(_booking.c.id.in_(bindparam("booking_ids", expanding=True)))
)
_NAMES = select(_room.c.id, _room.c.name).where(_room.c.id.in_(bindparam("room_ids", expanding=True)))


def letter(message: Waiting, *, now: datetime) -> Letter | None:
    """The booking stays; None for a reader without e-mail, and when it is over or did not stay."""
    found = execute(_FACTS, booking_id=message.object_id, person_id=message.person_id).one_or_none()
    if found is None or found.email is None or found.ends_at <= now:
        return None
    if Status(found.status) not in THEIRS:
        return None
    room = room_by_id(found.room_id)
    slot = TimeSlot(found.starts_at, found.ends_at)
    day = dates.capitalised(dates.long_day(day_of(slot.starts)))
    base_url = current_config().base_url
    return Letter(
        to=found.email,
        sender=room.corporation_name,
        subject=_("Gaat door: %(room)s op %(day)s", room=room.name, day=dates.short_day(day_of(slot.starts))),
        body=current_app.jinja_env.get_template("email/bookings/kept.txt").render(
            name=one_line(found.name).split(" ", 1)[0],
            room=room,
            when=f"{day}, {dates.times_in_words(slot)}",
            link=f"{base_url}/reserveringen/{found.public_id}",
            helper="",
        ),
    )


def sentences(messages: Sequence[Waiting], now: datetime) -> Mapping[int, Says]:
    """What to say to each person by telephone, as long as the booking is to come. One statement."""
    found = {row.id: row for row in execute(_TO_TELL, booking_ids=[each.object_id for each in messages])}
    said = {}
    for message in messages:
        row = found.get(message.object_id)
        if row is None or row.ends_at <= now or Status(row.status) not in THEIRS:
            continue
        said[message.number] = partial(_sentences, row)
    return said


def letter_of_waiting(
    message: Waiting,
    *,
    now: datetime,  # noqa: ARG001 - all composers are asked alike
) -> Letter | None:
    """Nothing is waited for any more; None for a reader without e-mail."""
    reader = execute(READER, person_id=message.person_id).one_or_none()
    if reader is None or reader.email is None:
        return None
    room = room_by_id(message.object_id)
    return Letter(
        to=reader.email,
        sender=room.corporation_name,
        subject=_("Niet meer op de wachtlijst: %(room)s", room=room.name),
        body=current_app.jinja_env.get_template("email/bookings/waits_no_more.txt").render(
            name=one_line(reader.name).split(" ", 1)[0], room=room, said=_waits_no_more(room.name), helper=""
        ),
    )


def sentences_of_waiting(
    messages: Sequence[Waiting],
    now: datetime,  # noqa: ARG001 - all tellers are asked alike
) -> Mapping[int, Says]:
    """The same by telephone. One statement."""
    names = {row.id: row.name for row in execute(_NAMES, room_ids=[each.object_id for each in messages])}
    return {each.number: partial(_waits_no_more, names[each.object_id]) for each in messages}


TITLES = {
    KEPT: _l("reservering blijft staan"),
    WAITS_NO_MORE: _l("niet meer op de wachtlijst"),
}
"""What a message was about, for whoever got it."""

LETTERS: Mapping[str, Composer] = {KEPT: letter, WAITS_NO_MORE: letter_of_waiting}
TOLD: Mapping[str, Teller] = {KEPT: sentences, WAITS_NO_MORE: sentences_of_waiting}


def _waits_no_more(room: str) -> str:
    return _("Je woont niet meer bij %(room)s. Daarom sta je daar niet meer op de wachtlijst.", room=room)


def _sentences(row: AnyRow) -> str:
    slot = TimeSlot(row.starts_at, row.ends_at)
    return _(
        "Je woont niet meer bij %(room)s. Jouw reservering op %(day)s, %(times)s, blijft van jou."
        " Komt het toch niet uit? Zeg het dan op tijd af.",
        room=row.name,
        day=dates.long_day(day_of(slot.starts)),
        times=dates.times_in_words(slot),
    )
