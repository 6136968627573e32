"""Adding, using and taking away what proves who somebody is. Runs inside a unit of work and commits nothing
itself.

What works once is used up by the statement that decides: of any number of people who use it at the same
moment one gets through.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, text, update

from ontmoet.db import Instant, execute, lock_row
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.kernel.tokens import ALPHABET, digest_of
from ontmoet.outbox.actions import post
from ontmoet.people.models import Person, Session
from ontmoet.recovery.ending import end_access
from ontmoet.trail.actions import count_try, record, take_back_try

from .models import CodeApp, Passkey, SpareCode, SpentProof, WorkAccount
from .queries import proofs_of, whose_account
from .rules import (
    SPARE_CODES,
    SPARE_LENGTH,
    NewKey,
    Reason,
    limit_on_answers,
    limit_on_proofs,
    objection_to_adding,
    objection_to_passkey,
    objection_to_removing,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_passkey = Passkey.__table__
_app = CodeApp.__table__
_spare = SpareCode.__table__
_account = WorkAccount.__table__
_spent = SpentProof.__table__
_person = Person.__table__
_session = Session.__table__

_NOW = bindparam("now", type_=Instant())
_WHOSE: Any = bindparam("whose")
_SPEND = text(
    "insert into spent_proof (digest, valid_until) values (:digest, :until) on conflict (digest) do nothing"
).bindparams(bindparam("until", type_=Instant()))
_ADD_PASSKEY = insert(_passkey).returning(_passkey.c.id)
# A device that counts says more each time; one that does not says nought for ever.
_USE_PASSKEY = (
    update(_passkey)
    .where(
        _passkey.c.id == bindparam("which"),
        (_passkey.c.sign_count < bindparam("said"))
        | ((_passkey.c.sign_count == 0) & (bindparam("said") == 0)),
    )
    .values(sign_count=bindparam("said"), used_at=_NOW)
)
_REMOVE_PASSKEY = (
    delete(_passkey)
    .where(_passkey.c.public_id == bindparam("which"), _passkey.c.person_id == _WHOSE)
    .returning(_passkey.c.id)
)
_USE_STEP = (
    update(_app)
    .where(_app.c.person_id == _WHOSE, _app.c.last_step < bindparam("step"))
    .values(last_step=bindparam("step"))
)
_USE_SPARE = delete(_spare).where(_spare.c.person_id == _WHOSE, _spare.c.code_digest == bindparam("digest"))
_KNOWN = select(func.count()).where(_passkey.c.credential_id == bindparam("credential_id"))
_END_ONE = (
    update(_session)
    .where(
        _session.c.id == bindparam("session_id"),
        _session.c.person_id == _WHOSE,
        _session.c.revoked_at.is_(None),
    )
    .values(revoked_at=_NOW)
)
_USE_ACCOUNT = update(_account).where(_account.c.person_id == _WHOSE).values(used_at=_NOW)


def spend(proof: str, *, until: datetime) -> bool:
    """Use up what proves once; False when it was used before."""
    return execute(_SPEND, digest=digest_of(proof), until=until).rowcount == 1


def may_try_proof(person_id: int, *, now: datetime) -> bool:
    """Count one try of a second proof, and tell whether it is within the limit. Commit before refusing;
    until then whoever else tries for this person waits.
    """
    limit = limit_on_proofs(person_id)
    return count_try(limit.bucket, window=limit.window, now=now) <= limit.most


def was_no_guess(person_id: int, *, now: datetime) -> None:
    """The proof was right: its try is not counted."""
    limit = limit_on_proofs(person_id)
    take_back_try(limit.bucket, window=limit.window, now=now)


def may_answer(*, network: str, now: datetime) -> bool:
    """The same for who comes from a network and is not known yet."""
    limit = limit_on_answers(network)
    return count_try(limit.bucket, window=limit.window, now=now) <= limit.most


def add_passkey(person_id: int, made: NewKey, *, name: str, as_first: bool, now: datetime) -> None:
    """Somebody signs in with this passkey too, and hears so. `as_first` when they showed a password only.
    Raises `Refused`.
    """
    _lock_to_add(person_id, as_first=as_first)
    problem = objection_to_passkey(proofs_of(person_id).passkeys)
    if execute(_KNOWN, credential_id=made.credential_id).scalar_one():
        problem = Reason.PASSKEY_KNOWN
    if problem is not None:
        raise Refused(Objection(problem))
    passkey_id: int = execute(
        _ADD_PASSKEY,
        person_id=person_id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=name,
        added_at=now,
    ).scalar_one()
    _record("passkey_added", "passkey", passkey_id, person_id, now)
    _tell("passkey_added", person_id, f"{passkey_id}", now)


def use_passkey(passkey_id: int, *, sign_count: int, now: datetime) -> bool:
    """A device answered rightly with this passkey; False when it counts back: then there are two of it."""
    return execute(_USE_PASSKEY, which=passkey_id, said=sign_count, now=now).rowcount == 1


def remove_passkey(person_id: int, public_id: str, *, needs_one: bool, now: datetime) -> bool:
    """Somebody's passkey is worth nothing any more, and they hear so; False when there is none of this id.
    Raises `Refused` for the last proof of who needs one.
    """
    lock_row(_person, person_id)
    removed: int | None = execute(_REMOVE_PASSKEY, which=public_id, whose=person_id).scalar()
    if removed is None:
        return False
    _keep_one(person_id, needs_one=needs_one)
    _record("passkey_removed", "passkey", removed, person_id, now)
    _tell("proof_removed", person_id, f"passkey:{removed}", now)
    return True


def set_code_app(
    person_id: int, *, seal_id: str, sealed: str, step: int, as_first: bool, now: datetime
) -> None:
    """From now on this app shows the codes; one of before shows none any more. Raises `Refused` as
    `add_passkey`.
    """
    _lock_to_add(person_id, as_first=as_first)
    execute(delete(_app).where(_app.c.person_id == person_id))
    execute(insert(_app), person_id=person_id, seal_id=seal_id, sealed=sealed, last_step=step, added_at=now)
    _record("code_app_set", "person", person_id, person_id, now)
    _tell("code_app_set", person_id, seal_id, now)


def use_step(person_id: int, step: int) -> bool:
    """Use the code of this half minute up; False when it, or a later one, was used."""
    return execute(_USE_STEP, whose=person_id, step=step).rowcount == 1


def remove_code_app(person_id: int, *, needs_one: bool, now: datetime) -> bool:
    """The app shows no codes any more, and its owner hears so. Raises `Refused` as `remove_passkey`."""
    lock_row(_person, person_id)
    if not execute(delete(_app).where(_app.c.person_id == person_id)).rowcount:
        return False
    _keep_one(person_id, needs_one=needs_one)
    _record("code_app_removed", "person", person_id, person_id, now)
    _tell("proof_removed", person_id, f"app:{now.isoformat()}", now)
    return True


def make_spare_codes(person_id: int, *, digest: Callable[[str], str], now: datetime) -> list[str]:
    """New spare codes, shown once; those of before are worth nothing any more."""
    lock_row(_person, person_id)
    execute(delete(_spare).where(_spare.c.person_id == person_id))
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(SPARE_LENGTH)) for _ in range(SPARE_CODES)]
    for code in codes:
        execute(insert(_spare), person_id=person_id, code_digest=digest(code), made_at=now)
    _record("spare_codes_made", "person", person_id, person_id, now)
    return codes


def use_spare_code(person_id: int, digest: str, *, now: datetime) -> bool:
    """Use a spare code up; False when it is none, or was used."""
    if execute(_USE_SPARE, whose=person_id, digest=digest).rowcount != 1:
        return False
    _record("spare_code_used", "person", person_id, person_id, now)
    return True


def link_account(person_id: int, issuer: str, subject: str, *, as_first: bool, now: datetime) -> None:
    """Somebody signs in with this account of their work, and with no other. Raises `Refused`: TAKEN, and as
    `add_passkey`.
    """
    _lock_to_add(person_id, as_first=as_first)
    whose = whose_account(issuer, subject)
    if whose not in (None, person_id):
        raise Refused(Objection(Reason.TAKEN))
    execute(delete(_account).where(_account.c.person_id == person_id))
    execute(insert(_account), person_id=person_id, issuer=issuer, subject=subject, added_at=now, used_at=now)
    _record("account_linked", "person", person_id, person_id, now)
    _tell("account_linked", person_id, now.isoformat(), now)


def note_account_used(person_id: int, *, now: datetime) -> None:
    """Somebody signed in with the account of their work."""
    execute(_USE_ACCOUNT, whose=person_id, now=now)


def unlink_account(person_id: int, *, needs_one: bool, now: datetime) -> bool:
    """The account of work signs in nobody any more. Raises `Refused` as `remove_passkey`."""
    lock_row(_person, person_id)
    if not execute(delete(_account).where(_account.c.person_id == person_id)).rowcount:
        return False
    _keep_one(person_id, needs_one=needs_one)
    _record("account_unlinked", "person", person_id, person_id, now)
    _tell("proof_removed", person_id, f"account:{now.isoformat()}", now)
    return True


def drop_proofs(person_id: int) -> None:
    """Nothing proves any more that somebody is this person."""
    for table in (_passkey, _app, _spare, _account):
        execute(delete(table).where(table.c.person_id == person_id))


def reset(person_id: int, *, by: int, now: datetime) -> None:
    """A colleague lost all that proves who they are: everything goes, they are signed out everywhere, and
    begin anew after their password. They hear so, and it is written down who did it.
    """
    lock_row(_person, person_id)
    drop_proofs(person_id)
    end_access(person_id, now=now)
    record(
        "proofs_reset",
        object_kind="person",
        object_id=person_id,
        actor_id=by,
        on_behalf_of_id=person_id,
        now=now,
    )
    _tell("proof_removed", person_id, f"reset:{now.isoformat()}", now)


def end_device(person_id: int, session_ids: Collection[int], *, now: datetime) -> None:
    """Somebody signs out on these devices."""
    for session_id in session_ids:
        if execute(_END_ONE, session_id=session_id, whose=person_id, now=now).rowcount:
            _record("device_signed_out", "session", session_id, person_id, now)


def forget_spent(before: datetime) -> int:
    """Remove used proofs that were past their time before then; the number removed."""
    return execute(delete(_spent).where(_spent.c.valid_until < before)).rowcount


def _lock_to_add(person_id: int, *, as_first: bool) -> None:
    lock_row(_person, person_id)
    problem = objection_to_adding(proofs_of(person_id).lasting, as_first=as_first)
    if problem is not None:
        raise Refused(Objection(problem))


def _keep_one(person_id: int, *, needs_one: bool) -> None:
    problem = objection_to_removing(proofs_of(person_id).lasting, needs_one=needs_one)
    if problem is not None:
        raise Refused(Objection(problem))


def _record(action: str, kind: str, object_id: int, person_id: int, now: datetime) -> None:
    record(action, object_kind=kind, object_id=object_id, actor_id=person_id, now=now)


def _tell(kind: str, person_id: int, which: str, now: datetime) -> None:
    post(
        kind,
        person_id=person_id,
        object_id=person_id,
        dedupe_key=f"{kind}:{person_id}:{which}",
        due_at=now,
        now=now,
        room_id=None,
        useful_until=now,
    )
