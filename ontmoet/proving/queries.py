"""Reading what somebody proves with, and where somebody is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from ontmoet.db import Instant, execute
from ontmoet.kernel.tokens import digest_of
from ontmoet.people.models import Person, Session

from .models import CodeApp, Passkey, SpareCode, SpentProof, WorkAccount

_passkey = Passkey.__table__
_app = CodeApp.__table__
_account = WorkAccount.__table__
_spent = SpentProof.__table__
_person = Person.__table__
_session = Session.__table__

_WHOSE: Any = bindparam("whose")
_PASSKEYS = (
    select(_passkey.c.public_id, _passkey.c.credential_id, _passkey.c.name, _passkey.c.used_at)
    .where(_passkey.c.person_id == _WHOSE)
    .order_by(_passkey.c.id)
)
_BY_CREDENTIAL = (
    select(_passkey.c.id, _passkey.c.person_id, _passkey.c.public_key, _passkey.c.sign_count)
    .join_from(_passkey, _person, _person.c.id == _passkey.c.person_id)
    .where(
        _passkey.c.credential_id == bindparam("credential_id"),
        _person.c.erased_at.is_(None),
        _person.c.merged_into_id.is_(None),
    )
)
_SESSIONS = (
    select(
        _session.c.id,
        _session.c.id_hash,
        _session.c.device_name,
        _session.c.own_phone,
        _session.c.started_at,
        _session.c.used_at,
    )
    .where(
        _session.c.person_id == _WHOSE,
        _session.c.revoked_at.is_(None),
        _session.c.expires_at > bindparam("now", type_=Instant()),
    )
    .order_by(_session.c.started_at.desc(), _session.c.id.desc())
)


def _number(table: type[Passkey] | type[CodeApp] | type[SpareCode] | type[WorkAccount]) -> Any:
    rows = table.__table__
    return select(func.count()).select_from(rows).where(rows.c.person_id == _WHOSE).scalar_subquery()


_PROOFS = select(
    _number(Passkey).label("passkeys"),
    _number(CodeApp).label("apps"),
    _number(SpareCode).label("spare_codes"),
    _number(WorkAccount).label("accounts"),
)
_APP = select(_app.c.seal_id, _app.c.sealed).where(_app.c.person_id == _WHOSE)
_ACCOUNT = (
    select(_account.c.person_id)
    .join_from(_account, _person, _person.c.id == _account.c.person_id)
    .where(
        _account.c.issuer == bindparam("issuer"),
        _account.c.subject == bindparam("subject"),
        _person.c.erased_at.is_(None),
        _person.c.merged_into_id.is_(None),
    )
)
_NAMES = select(_person.c.public_id, _person.c.name, _person.c.email).where(_person.c.id == _WHOSE)


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey as its owner sees it."""

    public_id: str
    credential_id: str
    name: str
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What an answer to a question is checked with."""

    passkey_id: int
    person_id: int
    public_key: str
    sign_count: int


@dataclass(frozen=True, slots=True)
class Device:
    """Somewhere somebody is signed in. `ref` names it in a form."""

    session_id: int
    ref: str
    name: str
    own_phone: bool
    started_at: datetime
    used_at: datetime


@dataclass(frozen=True, slots=True)
class Proofs:
    """How many of each somebody has."""

    passkeys: int
    apps: int
    spare_codes: int
    accounts: int

    @property
    def lasting(self) -> int:
        """What goes on working; spare codes are used up."""
        return self.passkeys + self.apps + self.accounts


@dataclass(frozen=True, slots=True)
class Named:
    """What somebody is called: for browsers, that show it beside a passkey."""

    public_id: str
    name: str
    email: str | None


def passkeys_of(person_id: int) -> list[PasskeyView]:
    """Somebody's passkeys, the oldest first."""
    return [PasskeyView(*row) for row in execute(_PASSKEYS, whose=person_id)]


def key_by_credential(credential_id: str) -> KnownKey | None:
    """The passkey that a device says it answers with, of somebody who is there."""
    row = execute(_BY_CREDENTIAL, credential_id=credential_id).one_or_none()
    return None if row is None else KnownKey(*row)


def devices_of(person_id: int, *, now: datetime) -> list[Device]:
    """Where somebody is signed in, what began last first."""
    return [
        Device(
            row.id,
            digest_of(row.id_hash)[:20],
            row.device_name or "",
            row.own_phone,
            row.started_at,
            row.used_at or row.started_at,
        )
        for row in execute(_SESSIONS, whose=person_id, now=now)
    ]


def proofs_of(person_id: int) -> Proofs:
    """What somebody has to prove with. One statement."""
    return Proofs(*execute(_PROOFS, whose=person_id).one())


def code_app_of(person_id: int) -> tuple[str, str] | None:
    """For what the secret of somebody's app is sealed, and the seal."""
    row = execute(_APP, whose=person_id).one_or_none()
    return None if row is None else (row.seal_id, row.sealed)


def whose_account(issuer: str, subject: str) -> int | None:
    """Who linked this account of their work."""
    found: int | None = execute(_ACCOUNT, issuer=issuer, subject=subject).scalar()
    return found


def named(person_id: int) -> Named:
    """What somebody is called."""
    return Named(*execute(_NAMES, whose=person_id).one())


def count_spent(before: datetime) -> int:
    """How many used proofs were past their time before then."""
    number: int = execute(select(func.count()).where(_spent.c.valid_until < before)).scalar_one()
    return number
