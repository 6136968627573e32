"""Signing in and out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, update

from ontmoet.db import Instant, execute, lock_row
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.text import folded, folded_name
from ontmoet.kernel.tokens import digest_of
from ontmoet.kernel.walltime import day_of
from ontmoet.trail.actions import count_try, record, take_back_try, tries_so_far

from .actor_queries import SignedIn, actor_of
from .feeds import end_feed
from .guardians import waits_for_guardian
from .models import Person, Session
from .queries import credentials_of, has_secret, knows_device, pin_of
from .rules import (
    HALFWAY,
    Limit,
    Reason,
    address_spellings,
    limits_on_pin,
    limits_on_trying,
    needs_second_proof,
    session_life,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from ontmoet.db import AnyRow
    from ontmoet.kernel.actor import Actor, Function

_session = Session.__table__

FORGET_SESSIONS_AFTER = timedelta(days=30)

_NOW = bindparam("now", type_=Instant())
_OF_SESSION = _session.c.id == bindparam("session_id")
_PROVE = (
    update(_session)
    .where(_OF_SESSION)
    .values(proven_at=_NOW, id_hash=bindparam("id_hash"), expires_at=bindparam("until", type_=Instant()))
)
_HURRY = update(_session).where(_OF_SESSION).values(expires_at=bindparam("until", type_=Instant()))
_START = insert(_session).returning(_session.c.id)
_FORGET_ENDED = delete(_session).where(
    _session.c.person_id == bindparam("whose"), _session.c.expires_at < bindparam("before", type_=Instant())
)
_NOTE_USE = update(_session).where(_OF_SESSION).values(used_at=_NOW, device_name=bindparam("name"))


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to sign in, counted; the password or PIN is still to be checked.

    `over` is the limit that was passed, if one was.
    """

    person_id: int | None
    secret_hash: str | None
    limits: tuple[Limit, ...]
    over: Limit | None


def begin_sign_in(email: str, *, network: str, device: str | None, now: datetime) -> Attempt:
    """Look the person up and count the try. Counting and judging is one statement per limit, so a
    limit of ten means ten, however many try at once.

    Commit before asking `refuse_if_over`, so that the count stays.
    """
    address = folded(email)
    found = credentials_of(address)
    known = None if found is None else _known_device(found.id, device)
    limits = limits_on_trying(digest_of(address), network, known)
    return _counted(found, limits, now)


def begin_pin_sign_in(
    address_name: str, nickname: str, *, network: str, device: str | None, now: datetime
) -> Attempt:
    """The same for who signs in with the address name, a nickname and a PIN."""
    spellings, kept = address_spellings(address_name), folded_name(nickname)
    found = pin_of(spellings, kept)
    known = None if found is None else _known_device(found.person_id, device)
    # However one home is spelled, its tries are counted together.
    home = digest_of(spellings[0].replace("-", ""))
    limits = limits_on_pin(home, digest_of(kept), network, known, is_there=found is not None)
    return _counted(found, limits, now)


def refuse_if_over(attempt: Attempt) -> None:
    """Raises `Refused` (TOO_MANY_TRIES) beyond the limits, whether or not the account exists."""
    if attempt.over is not None:
        seconds = int(attempt.over.window.total_seconds())
        facts = {"seconds": seconds, "minutes": seconds // 60}
        raise Refused(Objection(Reason.TOO_MANY_TRIES, facts=facts))


def is_still_right(attempt: Attempt) -> bool:
    """Whether the secret that was checked is theirs still: checking it takes a while, in which somebody may
    choose another one to keep others out, or leave. From here on none of that happens.
    """
    if attempt.person_id is None or attempt.secret_hash is None:
        return False
    lock_row(Person.__table__, attempt.person_id)
    return has_secret(attempt.person_id, attempt.secret_hash)


def finish_sign_in(
    attempt: Attempt,
    *,
    secret: str,
    device: str,
    own_phone: bool,
    now: datetime,
    device_name: str = "",
    asks_second: bool = False,
) -> SignedIn | None:
    """The password or PIN was right: start a session under the digest of `secret`; None for a child that
    does not take part, as long as no guardian agrees. `asks_second`: see `start_session`.
    """
    if attempt.person_id is None:
        raise ValueError("nobody to sign in")
    take_back(attempt, now=now)
    if waits_for_guardian(attempt.person_id):
        return None
    return start_session(
        attempt.person_id,
        secret=secret,
        device=device,
        own_phone=own_phone,
        device_name=device_name,
        asks_second=asks_second,
        now=now,
    )


def take_back(attempt: Attempt, *, now: datetime) -> None:
    """The password or PIN was right, so it was no guess."""
    for limit in attempt.limits:
        take_back_try(limit.bucket, window=limit.window, now=now)


def start_session(
    person_id: int,
    *,
    secret: str,
    device: str,
    own_phone: bool,
    now: datetime,
    device_name: str = "",
    proven: bool = False,
    asks_second: bool = False,
) -> SignedIn:
    """Somebody who showed who they are is signed in on this device, under the digest of `secret`. `proven`
    when what they showed is as good as a password and a second proof together. Where the installation
    `asks_second`, who owes a second proof has only a while to give it.
    """
    actor = actor_of(person_id, today=day_of(now))
    functions = functions_of(actor)
    is_halfway = asks_second and not proven and needs_second_proof(functions)
    life = HALFWAY if is_halfway else session_life(functions, own_phone=own_phone)
    execute(_FORGET_ENDED, whose=actor.person_id, before=now - FORGET_SESSIONS_AFTER)
    session_id: int = execute(
        _START,
        id_hash=digest_of(secret),
        person_id=actor.person_id,
        device_hash=digest_of(device),
        own_phone=own_phone,
        started_at=now,
        expires_at=now + life,
        device_name=device_name or None,
        used_at=now,
        proven_at=now if proven else None,
    ).scalar_one()
    record(
        "signed_in",
        object_kind="session",
        object_id=session_id,
        actor_id=actor.person_id,
        now=now,
    )
    return SignedIn(session_id, actor, own_phone, now + life, now, now if proven else None)


def prove_session(waiting: SignedIn, *, secret: str, now: datetime) -> SignedIn:
    """A second proof was given in this session: it goes on under another secret, as one that begins."""
    until = now + session_life(functions_of(waiting.actor), own_phone=waiting.own_phone)
    execute(_PROVE, session_id=waiting.session_id, id_hash=digest_of(secret), until=until, now=now)
    return replace(waiting, waits=False, proven_at=now, expires_at=until)


def hurry_session(session_id: int, *, now: datetime) -> None:
    """A second proof is asked in this session from now on, and there is only a while to give it."""
    execute(_HURRY, session_id=session_id, until=now + HALFWAY)


def note_use(session_id: int, *, name: str, now: datetime) -> None:
    """This session is used today, on a device of this name."""
    execute(_NOTE_USE, session_id=session_id, name=name or None, now=now)


def sign_out(signed_in: SignedIn, *, now: datetime) -> None:
    """End this session; its cookie is worth nothing from now on."""
    _revoke(_session.c.id == signed_in.session_id, now)
    _record_sign_out("signed_out", signed_in, now)


def sign_out_everywhere(signed_in: SignedIn, *, now: datetime) -> None:
    """End all sessions of this person, this one included, and the address of their calendar."""
    end_feed(signed_in.actor.person_id)
    _revoke(_session.c.person_id == signed_in.actor.person_id, now)
    _record_sign_out("signed_out_everywhere", signed_in, now)


def end_sessions(person_id: int, *, now: datetime) -> None:
    """End whatever this person has open, on every device, and the address of their calendar. Links and slips
    are of recovery, which ends all of it together.
    """
    end_feed(person_id)
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
        .values(expires_at=now + life, used_at=now)
    )


def forget_old_sessions(before: datetime) -> int:
    """Remove sessions that expired before then; the number removed."""
    return execute(delete(_session).where(_session.c.expires_at < before)).rowcount


def functions_of(actor: Actor) -> frozenset[Function]:
    """Everything somebody does, wherever."""
    return frozenset(chain.from_iterable(actor.functions.values()))


def _known_device(person_id: int, device: str | None) -> str | None:
    """The digest of a device on which this person signed in before."""
    digest = digest_of(device) if device is not None else None
    return digest if digest is not None and knows_device(person_id, digest) else None


def _counted(found: AnyRow | None, limits: tuple[Limit, ...], now: datetime) -> Attempt:
    # The first limit that is reached ends it: who hammers at one account must not use up the tries of
    # everybody on the same network.
    passed = (limit for limit in limits if _number_of(limit, now) > limit.most)
    person_id, secret_hash = found or (None, None)
    return Attempt(person_id, secret_hash, limits, next(passed, None))


def _number_of(limit: Limit, now: datetime) -> int:
    """Of this try: one more than before it."""
    if limit.counts:
        return count_try(limit.bucket, window=limit.window, now=now)
    return tries_so_far(limit.bucket, window=limit.window, now=now) + 1


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
