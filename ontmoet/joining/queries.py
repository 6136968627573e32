"""Reading letters and who joined with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, func, not_, or_, select

from ontmoet.db import Instant, LocalDate, execute
from ontmoet.house_rules.models import Acceptance
from ontmoet.house_rules.queries import published_rules
from ontmoet.kernel.text import folded_name
from ontmoet.kernel.tokens import digest_of
from ontmoet.people.actor_queries import TAKES_PART
from ontmoet.people.models import Credential, Person, Residency, Role, Session
from ontmoet.proving.models import Passkey, WorkAccount
from ontmoet.rooms.models import Home, Room
from ontmoet.rooms.queries import room_by_id

from .models import Invitation as InvitationRow
from .models import InvitationUse
from .rules import MOST_USES, SHOWN_FOR, HomeLetter, Invitation, Joined

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ontmoet.db import AnyRow
    from ontmoet.house_rules.rules import RulesVersion
    from ontmoet.kernel.actor import Actor
    from ontmoet.rooms.rules import RoomView

_invitation = InvitationRow.__table__
_use = InvitationUse.__table__
_home = Home.__table__
_room = Room.__table__
_person = Person.__table__
_residency = Residency.__table__
_acceptance = Acceptance.__table__
_credential, _session, _role = Credential.__table__, Session.__table__, Role.__table__

_NOW, _TODAY = bindparam("now", type_=Instant()), bindparam("today", type_=LocalDate())

_BY_CODE = (
    select(
        _invitation.c.id,
        _invitation.c.home_id,
        _home.c.address_name,
        _home.c.address,
        _home.c.complex_id,
        _invitation.c.expires_at,
        _invitation.c.uses_left,
        _invitation.c.revoked_at,
    )
    .join_from(_invitation, _home, _home.c.id == _invitation.c.home_id)
    .where(_invitation.c.code_hash == bindparam("code_hash"))
)
_ROOMS = (
    select(_room.c.id)
    .where(
        _room.c.complex_id == bindparam("complex_id"),
        _room.c.live_at <= _NOW,
        or_(_room.c.closed_at.is_(None), _room.c.closed_at > _NOW),
    )
    .order_by(_room.c.name)
)
_AT_HOME = (
    select(_person.c.id, _person.c.name)
    .join_from(_residency, _person, _person.c.id == _residency.c.person_id)
    .where(
        _residency.c.home_id == bindparam("home_id"),
        _residency.c.since <= _TODAY,
        or_(_residency.c.until.is_(None), _residency.c.until > _TODAY),
        _person.c.erased_at.is_(None),
        _person.c.merged_into_id.is_(None),
    )
    .order_by(_person.c.id)
)
_CAME_IN = or_(
    _person.c.password_hash.is_not(None),
    *[
        exists().where(table.c.person_id == _person.c.id)
        for table in (_credential, _session, _acceptance, Passkey.__table__, WorkAccount.__table__)
    ],
)
_NEVER_HERE = _AT_HOME.where(
    not_(_CAME_IN),
    _person.c.email.is_(None),
    _person.c.guardian_id.is_(None),
    not_(exists().where(_role.c.person_id == _person.c.id)),
)
_USE_ON = select(_use.c.person_id, _use.c.form_hash, _use.c.at).where(
    _use.c.invitation_id == bindparam("invitation_id"), _use.c.device_hash == bindparam("device_hash")
)
_TAKE_PART = (
    select(func.count(_person.c.id.distinct()))
    .join_from(_residency, _person, _person.c.id == _residency.c.person_id)
    .where(
        _residency.c.home_id == _home.c.id,
        _residency.c.since <= _TODAY,
        or_(_residency.c.until.is_(None), _residency.c.until > _TODAY),
        _person.c.erased_at.is_(None),
        _person.c.merged_into_id.is_(None),
        TAKES_PART,
        _CAME_IN,
    )
    .scalar_subquery()
)
_HOMES = (
    select(
        _home.c.address_name,
        _home.c.address,
        _invitation.c.made_at,
        _invitation.c.expires_at,
        _invitation.c.uses_left,
        _TAKE_PART.label("people"),
    )
    .join_from(_room, _home, _home.c.complex_id == _room.c.complex_id)
    .outerjoin(_invitation, (_invitation.c.home_id == _home.c.id) & _invitation.c.revoked_at.is_(None))
    .where(_room.c.id == bindparam("room_id"), _home.c.ended_at.is_(None))
)
_JOINED = (
    select(
        _invitation.c.home_id,
        _use.c.person_id,
        _use.c.at,
        ((_person.c.guardian_id == bindparam("reader")) & _person.c.guardian_agreed_at.is_(None)).label(
            "asks"
        ),
    )
    .join_from(_use, _invitation, _invitation.c.id == _use.c.invitation_id)
    .join(_person, _person.c.id == _use.c.person_id)
    .where(
        _invitation.c.home_id.in_(bindparam("home_ids", expanding=True)),
        _use.c.at >= bindparam("since", type_=Instant()),
    )
    .order_by(_use.c.id)
)


def invitation_by_code(code: str) -> Invitation | None:
    """The letter with this code, whether or not it still works."""
    found = execute(_BY_CODE, code_hash=digest_of(code)).one_or_none()
    return None if found is None else Invitation(*found)


def rooms_of(invitation: Invitation, *, now: datetime) -> tuple[RoomView, ...]:
    """The rooms that somebody of this home can use now, by name."""
    if invitation.complex_id is None:
        return ()
    found = execute(_ROOMS, complex_id=invitation.complex_id, now=now).scalars().all()
    return tuple(room_by_id(room_id) for room_id in found)


def rules_of(rooms: Iterable[RoomView], *, now: datetime) -> tuple[tuple[RoomView, RulesVersion], ...]:
    """The house rules in force in each room that has them."""
    return tuple((room, published[-1]) for room in rooms if (published := published_rules(room, now=now)))


def people_at_home(home_id: int, *, today: date) -> tuple[AnyRow, ...]:
    """Id and name of who lives there now."""
    return tuple(execute(_AT_HOME, home_id=home_id, today=today))


def expected_at_home(home_id: int, name: str, *, today: date) -> int | None:
    """Who lives there by this name as far as the corporation knows, and never was here: nobody ever signed in
    or agreed to house rules as this person, and has no other way to do so than the letter.
    """
    wanted = folded_name(name)
    found = execute(_NEVER_HERE, home_id=home_id, today=today)
    return next((person_id for person_id, known_as in found if folded_name(known_as) == wanted), None)


def use_on(invitation_id: int, device_hash: str) -> AnyRow | None:
    """Who joined with this letter on this device, if somebody did: person_id, form_hash, at."""
    return execute(_USE_ON, invitation_id=invitation_id, device_hash=device_hash).one_or_none()


def letters_of(room_id: int, *, today: date) -> tuple[HomeLetter, ...]:
    """Every home of the room's complex with its present letter and who takes part, in the order of the
    street.
    """
    found = (
        HomeLetter(
            row.address_name,
            row.address,
            row.made_at,
            row.expires_at,
            0 if row.uses_left is None else MOST_USES - row.uses_left,
            row.people,
        )
        for row in execute(_HOMES, room_id=room_id, today=today)
    )
    return tuple(sorted(found, key=lambda letter: letter.order))


def joined_lately(actor: Actor, *, now: datetime) -> tuple[Joined, ...]:
    """Who joined each home of the actor, after the actor did; the last first."""
    home_ids = [dwelling.home_id for dwelling in actor.dwellings]
    if not home_ids:
        return ()
    found: list[AnyRow] = []
    for row in execute(_JOINED, home_ids=home_ids, since=now - SHOWN_FOR, reader=actor.person_id):
        if row.person_id == actor.person_id:
            found = [other for other in found if other.home_id != row.home_id]
        else:
            found.append(row)
    return tuple(Joined(row.at, bool(row.asks)) for row in reversed(found))


ENDED = or_(
    _invitation.c.expires_at < bindparam("before", type_=Instant()),
    _invitation.c.revoked_at < bindparam("before", type_=Instant()),
)
"""The letter was over before then: old, or replaced by a newer one."""

_COUNT_ENDED = select(func.count()).select_from(_invitation).where(ENDED)


def count_old_invitations(before: datetime) -> int:
    """How many letters were over before then."""
    number: int = execute(_COUNT_ENDED, before=before).scalar_one()
    return number
