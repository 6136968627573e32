"""A link and a code by mail, and a new password. Runs inside a unit of work and commits nothing itself.

Whether a link or a code still works is decided by the statement that uses it up: of any number of people who
use it at the same moment one gets in.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from ontmoet.db import Instant, execute, lock_row
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.text import folded
from ontmoet.kernel.tokens import PUBLIC_ID_LENGTH, digest_of, new_public_id
from ontmoet.outbox.actions import post
from ontmoet.people.feeds import end_feed
from ontmoet.people.models import Person, Session
from ontmoet.people.pins import give_pin
from ontmoet.people.queries import credentials_of, knows_device
from ontmoet.trail.actions import count_try, record

from .ending import end_ways_in
from .models import SignInLink
from .queries import newest_link_on
from .rules import (
    LINK_LIFE,
    MOST_TRIES,
    WINDOW,
    Proof,
    Reason,
    limit_on_codes,
    limits_on_asking,
)

if TYPE_CHECKING:
    from ontmoet.people.actor_queries import SignedIn

NOBODY = 0
"""The number of no person, so that as much is done for an address that nobody has."""
MOST_OWN_TRIES = 10

_link = SignInLink.__table__
_person = Person.__table__
_session = Session.__table__

_NOW = bindparam("now", type_=Instant())
_USE_LINK = (
    update(_link)
    .where(
        _link.c.public_id == bindparam("which"),
        _link.c.used_at.is_(None),
        _link.c.expires_at > _NOW,
        _link.c.person_id.is_not(None),
    )
    .values(used_at=_NOW)
    .returning(_link.c.id, _link.c.person_id)
)
_END_OLDER = (
    update(_link)
    .where(
        _link.c.person_id == bindparam("whose"),
        _link.c.device_hash == bindparam("on_device"),
        _link.c.used_at.is_(None),
        _link.c.expires_at > _NOW,
    )
    .values(expires_at=_NOW)
)
_TRY_CODE = (
    update(_link)
    .where(_link.c.id == bindparam("link_id"), _link.c.tries < MOST_TRIES, _link.c.used_at.is_(None))
    .values(tries=_link.c.tries + 1)
)

_STILL_IN = select(_session.c.id).where(
    _session.c.id == bindparam("session_id"), _session.c.revoked_at.is_(None), _session.c.expires_at > _NOW
)


def may_ask(email: str, *, network: str, device: str, now: datetime) -> bool:
    """Count one request for a link, and tell whether it is within the limits. Commit before refusing."""
    address, device_hash = folded(email), digest_of(device)
    found = credentials_of(address)
    is_known = knows_device(NOBODY if found is None else found.id, device_hash)
    limits = limits_on_asking(digest_of(address), network, device_hash, is_known=is_known)
    return all(count_try(limit.bucket, window=WINDOW, now=now) <= limit.most for limit in limits)


def ask_for_link(email: str, *, device: str, now: datetime) -> None:
    """Somebody at this device forgot a password. What happens is the same when nobody has the address,
    except that no mail goes out. A new link ends those that were asked for here before it, and no other: a
    stranger can ask for a link too.
    """
    found = credentials_of(folded(email))
    person_id = None if found is None else found.id
    execute(_END_OLDER, whose=person_id, on_device=digest_of(device), now=now)
    link_id: int = execute(
        insert(_link).returning(_link.c.id),
        public_id=new_public_id(),
        person_id=person_id,
        device_hash=digest_of(device),
        asked_at=now,
        expires_at=now + LINK_LIFE,
        tries=0,
    ).scalar_one()
    record("sign_in_link_asked", object_kind="sign_in_link", object_id=link_id, actor_id=None, now=now)
    # A message to nobody is not sent: who sends finds no reader.
    post(
        "sign_in_link",
        person_id=NOBODY if person_id is None else person_id,
        object_id=link_id,
        dedupe_key=f"sign_in_link:{link_id}",
        due_at=now,
        now=now,
        room_id=None,
        useful_until=now + LINK_LIFE,
    )


def use_link(token: str, *, key: str, now: datetime) -> int | None:
    """Use a link up; whose it is, or None when it is not good any more."""
    proof = Proof(token[:PUBLIC_ID_LENGTH], key)
    return _used(proof.public_id, now) if proof.is_token(token) else None


def try_code(device: str, code: str, *, key: str, now: datetime) -> int | None:
    """Try a code on the device that asked for it; whose it is, or None. Counted before it is compared, so
    that five tries are five, however many come at once. Beyond the tries of a day none is right.
    """
    device_hash = digest_of(device)
    newest = newest_link_on(device_hash, now=now)
    if newest is None:
        return None
    link_id, public_id, person_id = newest
    if execute(_TRY_CODE, link_id=link_id).rowcount != 1:
        return None
    whose = NOBODY if person_id is None else person_id
    limit = limit_on_codes(whose, device_hash if knows_device(whose, device_hash) else None)
    if count_try(limit.bucket, window=limit.window, now=now) > limit.most:
        return None
    return _used(public_id, now) if Proof(public_id, key).is_code(code) else None


def may_try_own_password(person_id: int, *, now: datetime) -> bool:
    """Count one try at the present password by who is signed in already. Commit before refusing."""
    return count_try(f"own-password/{person_id}", window=WINDOW, now=now) <= MOST_OWN_TRIES


def set_password(signed_in: SignedIn, password_hash: str, *, end_others: bool, now: datetime) -> bool:
    """Somebody has a new password from now on, and hears so; other devices are signed out if they say so,
    links and slips that were under way end, and so does the address of their calendar: whether there was one.
    Raises `Refused` (SIGNED_OUT).
    """
    person_id = signed_in.actor.person_id
    _lock_who_is_in(signed_in, now)
    execute(update(_person).where(_person.c.id == person_id).values(password_hash=password_hash))
    return _changed("password_changed", signed_in, end_others=end_others, now=now)


def set_pin(
    signed_in: SignedIn, home_id: int, nickname: str, pin_hash: str, *, end_others: bool, now: datetime
) -> bool:
    """The same for a PIN, which works with this home and nickname. Raises `Refused` for the nickname too."""
    person_id = signed_in.actor.person_id
    _lock_who_is_in(signed_in, now)
    give_pin(person_id, home_id=home_id, nickname=nickname, pin_hash=pin_hash, actor_id=person_id, now=now)
    return _changed("pin_changed", signed_in, end_others=end_others, now=now)


def forget_old_links(before: datetime) -> int:
    """Remove requests for a link that were over before then; the number removed."""
    return execute(delete(_link).where(_link.c.expires_at < before)).rowcount


def _lock_who_is_in(signed_in: SignedIn, now: datetime) -> None:
    """Hashing takes a while, in which somebody may sign out everywhere to keep another out: who was signed
    out by that chooses no new secret any more.
    """
    lock_row(_person, signed_in.actor.person_id)
    if execute(_STILL_IN, session_id=signed_in.session_id, now=now).first() is None:
        raise Refused(Objection(Reason.SIGNED_OUT))


def _changed(what: str, signed_in: SignedIn, *, end_others: bool, now: datetime) -> bool:
    person_id, had_feed = signed_in.actor.person_id, False
    if end_others:
        had_feed = end_feed(person_id)
        end_ways_in(person_id, now=now)
        execute(
            update(_session)
            .where(
                _session.c.person_id == person_id,
                _session.c.id != signed_in.session_id,
                _session.c.revoked_at.is_(None),
            )
            .values(revoked_at=now)
        )
    record(
        what,
        object_kind="person",
        object_id=person_id,
        actor_id=person_id,
        now=now,
        changes={"ended_others": end_others},
    )
    post(
        what,
        person_id=person_id,
        object_id=person_id,
        dedupe_key=f"{what}:{person_id}:{now.isoformat()}",
        due_at=now,
        now=now,
        room_id=None,
        useful_until=now,
    )
    return had_feed


def _used(public_id: str, now: datetime) -> int | None:
    used = execute(_USE_LINK, which=public_id, now=now).one_or_none()
    if used is None:
        return None
    record(
        "sign_in_link_used",
        object_kind="sign_in_link",
        object_id=used.id,
        actor_id=used.person_id,
        now=now,
    )
    person_id: int = used.person_id
    return person_id
