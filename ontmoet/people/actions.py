"""Signing in and out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, update

from ontmoet.db import execute
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.text import folded
from ontmoet.kernel.tokens import digest_of
from ontmoet.kernel.walltime import day_of
from ontmoet.trail.actions import count_try, record, take_back_try

from .models import Session
from .queries import SignedIn, actor_of, credentials_of, knows_device
from .rules import TRIES_WINDOW, Limit, Reason, limits_on_trying, session_life

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from ontmoet.kernel.actor import Actor, Function

_session = Session.__table__

FORGET_SESSIONS_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to sign in, counted; the password is still to be checked."""

    person_id: int | None
    password_hash: str | None
    limits: tuple[Limit, ...]
    is_within_limits: bool


def begin_sign_in(email: str, *, network: str, device: str | None, now: datetime) -> Attempt:
    """Look the person up and count the try. Counting and judging is one statement per limit, so a
    limit of ten means ten, however many try at once.

    Commit before asking `refuse_if_over`, so that the count stays.
    """
    address = folded(email)
    found = credentials_of(address)
    known_device = None
    if found is not None and device is not None and knows_device(found.id, digest_of(device)):
        known_device = digest_of(device)
    limits = limits_on_trying(digest_of(address), network, known_device)
    # The first limit that is reached ends it: who hammers at one account must not use up the tries of
    # everybody on the same network.
    within = all(count_try(limit.bucket, window=TRIES_WINDOW, now=now) <= limit.most for limit in limits)
    return Attempt(
        found.id if found else None,
        found.password_hash if found else None,
        limits,
        within,
    )


def refuse_if_over(attempt: Attempt) -> None:
    """Raises `Refused` (TOO_MANY_TRIES) beyond the limits, whether or not the account exists."""
    if not attempt.is_within_limits:
        minutes = int(TRIES_WINDOW.total_seconds() // 60)
        raise Refused(Objection(Reason.TOO_MANY_TRIES, facts={"minutes": minutes}))


def finish_sign_in(
    attempt: Attempt,
    *,
    secret: str,
    device: str,
    own_phone: bool,
    now: datetime,
) -> SignedIn:
    """The password was right: start a session under the digest of `secret`."""
    if attempt.person_id is None:
        raise ValueError("nobody to sign in")
    actor = actor_of(attempt.person_id, today=day_of(now))
    life = session_life(functions_of(actor), own_phone=own_phone)
    for limit in attempt.limits:
        take_back_try(limit.bucket, window=TRIES_WINDOW, now=now)
    execute(
        delete(_session).where(
            _session.c.person_id == actor.person_id,
            _session.c.expires_at < now - FORGET_SESSIONS_AFTER,
        )
    )
    session_id: int = execute(
        insert(_session).returning(_session.c.id),
        id_hash=digest_of(secret),
        person_id=actor.person_id,
        device_hash=digest_of(device),
        own_phone=own_phone,
        started_at=now,
        expires_at=now + life,
    ).scalar_one()
    record(
        "signed_in",
        object_kind="session",
        object_id=session_id,
        actor_id=actor.person_id,
        now=now,
    )
    return SignedIn(session_id, actor, own_phone, now + life)


def sign_out(signed_in: SignedIn, *, now: datetime) -> None:
    """End this session; its cookie is worth nothing from now on."""
    _revoke(_session.c.id == signed_in.session_id, now)
    _record_sign_out("signed_out", signed_in, now)


def sign_out_everywhere(signed_in: SignedIn, *, now: datetime) -> None:
    """End all sessions of this person, this one included."""
    _revoke(_session.c.person_id == signed_in.actor.person_id, now)
    _record_sign_out("signed_out_everywhere", signed_in, now)


def end_sessions(person_id: int, *, now: datetime) -> None:
    """End whatever this person has open, on every device."""
    _revoke(_session.c.person_id == person_id, now)


def fit_sessions(person_id: int, *, now: datetime) -> None:
    """A heavier function makes a sign-in last shorter, also one that began before: no session outlives
    what it would be given now.
    """
    functions = functions_of(actor_of(person_id, today=day_of(now)))
    for own_phone in (True, False):
        latest = now + session_life(functions, own_phone=own_phone)
        execute(
            update(_session)
            .where(
                _session.c.person_id == person_id,
                _session.c.own_phone == own_phone,
                _session.c.expires_at > latest,
            )
            .values(expires_at=latest)
        )


def roll_session(signed_in: SignedIn, *, life: timedelta, now: datetime) -> None:
    """A phone that is used stays signed in. The later of two moments wins."""
    execute(
        update(_session)
        .where(_session.c.id == signed_in.session_id, _session.c.expires_at < now + life)
        .values(expires_at=now + life)
    )


def forget_old_sessions(before: datetime) -> int:
    """Remove sessions that expired before then; the number removed."""
    return execute(delete(_session).where(_session.c.expires_at < before)).rowcount


def functions_of(actor: Actor) -> frozenset[Function]:
    """Everything somebody does, wherever."""
    return frozenset(chain.from_iterable(actor.functions.values()))


def _revoke(which: ColumnElement[bool], now: datetime) -> None:
    execute(update(_session).where(which, _session.c.revoked_at.is_(None)).values(revoked_at=now))


def _record_sign_out(action: str, signed_in: SignedIn, now: datetime) -> None:
    record(
        action,
        object_kind="session",
        object_id=signed_in.session_id,
        actor_id=signed_in.actor.person_id,
        now=now,
    )
