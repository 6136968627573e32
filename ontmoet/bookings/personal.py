"""What the bookings know about somebody, and what becomes of them when that person leaves."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, exists, or_, select, update

from ontmoet.db import execute
from ontmoet.kernel.personal import PersonalData
from ontmoet.people.models import Residency
from ontmoet.rooms.models import Room, Zone
from ontmoet.rooms.queries import lock_room
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .calling_off import cancel_for_nobody
from .models import Booking, ClosingList, UseTrace
from .request_personal import TALK
from .retention import RETENTIONS, give_pseudonyms
from .states import EXPECTED, CancelReason, Status, Visibility, standing
from .use_pages import trace_word
from .use_retention import take_recorders
from .use_rules import Trace
from .wording import status_word

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts

_booking = Booking.__table__
_room = Room.__table__
_zone = Zone.__table__
_residency = Residency.__table__
_trace = UseTrace.__table__
_list = ClosingList.__table__
_housemate = Residency.__table__.alias("housemate")
_WHOSE: Any = bindparam("whose")

_OF_PERSON = (
    select(
        _room.c.name.label("room_name"),
        _zone.c.name.label("zone_name"),
        _booking.c.person_id,
        _booking.c.starts_at,
        _booking.c.ends_at,
        _booking.c.people,
        _booking.c.purpose,
        _booking.c.responsible,
        _booking.c.explanation,
        _booking.c.status,
        _booking.c.reason,
        _booking.c.taken_back_at,
        _booking.c.made_at,
    )
    .join_from(_booking, _room, _room.c.id == _booking.c.room_id)
    .join(_zone, _zone.c.id == _booking.c.zone_id, isouter=True)
    .where(or_(_booking.c.person_id == _WHOSE, _booking.c.entered_by_id == _WHOSE))
    .order_by(_booking.c.starts_at, _booking.c.id)
)
_ROOMS = (
    select(_booking.c.room_id)
    .distinct()
    .where(or_(_booking.c.person_id == _WHOSE, _booking.c.entered_by_id == _WHOSE))
    .order_by(_booking.c.room_id)
)
_MINE = select(
    _booking.c.id,
    _booking.c.room_id,
    _booking.c.person_id,
    _booking.c.home_id,
    _booking.c.starts_at,
    _booking.c.status,
    _booking.c.lapses_at,
    _booking.c.organiser_pseudonym,
).where(_booking.c.person_id == _WHOSE)
_TAKE_MY_NAME = (
    update(_booking)
    .where(_booking.c.person_id == _WHOSE)
    .values(
        person_id=None,
        entered_by_id=None,
        decided_by_id=None,
        # What everybody is welcome at is called so by the room.
        purpose=case((_booking.c.visibility == Visibility.OPEN, _booking.c.purpose), else_=""),
        home_id=None,
        responsible=None,
        explanation=None,
    )
)
_TAKE_MY_HAND = update(_booking).where(_booking.c.entered_by_id == _WHOSE).values(entered_by_id=None)

# Among housemates an address says little. Where nobody else lives it would still say who it was.
_TAKE_EMPTY_HOMES = (
    update(_booking)
    .where(
        _booking.c.person_id.is_(None),
        _booking.c.home_id.in_(
            select(_residency.c.home_id).where(
                _residency.c.person_id == _WHOSE,
                ~exists().where(
                    _housemate.c.home_id == _residency.c.home_id,
                    _housemate.c.person_id != _WHOSE,
                    _housemate.c.until.is_(None),
                ),
            )
        ),
    )
    .values(home_id=None)
)


_RECORDED = (
    select(
        _room.c.name.label("room_name"),
        _trace.c.kind,
        _trace.c.at,
        _trace.c.was_there,
        _trace.c.note,
        _trace.c.recorded_by_id,
        _list.c.photo,
    )
    .join_from(_trace, _booking, _booking.c.id == _trace.c.booking_id)
    .join(_room, _room.c.id == _booking.c.room_id)
    .join(_list, _list.c.use_trace_id == _trace.c.id, isouter=True)
    .where(or_(_trace.c.recorded_by_id == _WHOSE, _booking.c.person_id == _WHOSE))
    .order_by(_trace.c.at, _trace.c.id)
)
_TAKE_MY_PHOTOS = (
    update(_list)
    .where(_list.c.use_trace_id.in_(select(_trace.c.id).where(_trace.c.recorded_by_id == _WHOSE)))
    .values(photo=None)
)
_TAKE_MY_RECORDS = (
    update(_trace).where(_trace.c.recorded_by_id == _WHOSE).values(recorded_by_id=None, note="")
)


def _export(person_id: int) -> list[Facts]:
    return [
        {
            _("Ruimte"): row.room_name,
            _("Deel"): row.zone_name or _("alles"),
            _("Begin"): row.starts_at,
            _("Einde"): row.ends_at,
            _("Mensen"): row.people,
            _("Waarvoor"): row.purpose,
            _("Verantwoordelijk"): row.responsible or "",
            _("Stand"): status_word(
                Status(row.status),
                reason=CancelReason(row.reason) if row.reason else None,
                is_taken_back=row.taken_back_at is not None,
            ),
            _("Uitleg"): row.explanation or "",
            _("Gevraagd op"): row.made_at,
        }
        if row.person_id == person_id
        # Whose it is and what for is of somebody else.
        else {_("Ruimte"): row.room_name, _("Ingevoerd voor een ander, op"): row.made_at}
        for row in execute(_OF_PERSON, whose=person_id)
    ]


def _export_traces(person_id: int) -> list[Facts]:
    return [
        {
            _("Ruimte"): row.room_name,
            _("Wat"): trace_word(Trace(row.kind), row.was_there),
            _("Wanneer"): row.at,
            # What somebody else wrote is of them.
            _("Opmerking"): row.note if row.recorded_by_id == person_id else "",
            _("Foto"): _("ja") if row.photo else "",
        }
        for row in execute(_RECORDED, whose=person_id)
    ]


def _forget_traces(person_id: int, _now: datetime) -> None:
    """That a booking was used stays. Who said so goes, and so does what they wrote or showed, which may say
    who it was.
    """
    execute(_TAKE_MY_PHOTOS, whose=person_id)
    execute(_TAKE_MY_RECORDS, whose=person_id)


def _forget(person_id: int, now: datetime) -> None:
    """What is to come is cancelled; what was there keeps a pseudonym for each room and month."""
    for room_id in execute(_ROOMS, whose=person_id).scalars().all():
        lock_room(room_id)
    mine = execute(_MINE, whose=person_id).all()
    off: defaultdict[int, list[int]] = defaultdict(list)
    for row in mine:
        status = standing(Status(row.status), row.lapses_at, now=now)
        # What was booked for an organisation is still theirs, and who is inside now stays inside.
        if status in EXPECTED and row.home_id is not None and row.starts_at > now:
            off[row.room_id].append(row.id)
    for room_id, booking_ids in off.items():
        cancel_for_nobody(booking_ids, room_id, actor_id=None, now=now)
    give_pseudonyms(mine)
    take_recorders([row.id for row in mine])
    execute(_TAKE_MY_NAME, whose=person_id)
    execute(_TAKE_MY_HAND, whose=person_id)
    execute(_TAKE_EMPTY_HOMES, whose=person_id)


PERSONAL = (
    PersonalData(
        "bookings",
        _l("Reserveringen"),
        what=_l("Welke ruimte je had, wanneer, met hoeveel mensen en waarvoor."),
        why=_l("Dan weten vrijwilligers voor wie de ruimte is, en van wie een achtergebleven jas is."),
        seen_by=_l(
            "De vrijwilligers en medewerkers van die ruimte. Andere bewoners zien alleen dat die bezet is."
        ),
        columns=frozenset({"booking.person_id", "booking.entered_by_id"}),
        export=_export,
        forget=_forget,
        terms=RETENTIONS,
    ),
    TALK,
    PersonalData(
        "use_traces",
        _l("Gebruik van de ruimte"),
        what=_l("Dat je zei ‘ik ben er’, de afsluitlijst invulde (met een foto) of vertelde of je er was."),
        why=_l("Zo zien we of de ruimte wordt gebruikt, en of alles netjes achterblijft."),
        seen_by=_l("De vrijwilligers en medewerkers van die ruimte."),
        columns=frozenset({"use_trace.recorded_by_id"}),
        export=_export_traces,
        forget=_forget_traces,
        terms=tuple(row for row in RETENTIONS if row.name in ("forget_names", "forget_photos")),
    ),
)
