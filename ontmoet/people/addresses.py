"""A new e-mail address counts once its owner gives the code that was sent there.

Whether an address belongs to somebody is never told: whoever asks for a taken one gets the same answer, and
only its owner gets a mail about it.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam, delete, func, insert, select, update

from ontmoet.db import Instant, execute, lock_row
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.outbox.actions import post as post_message
from ontmoet.rooms.queries import lock_corporation
from ontmoet.trail.actions import FormPost, count_try, earlier_or_refused, record, remember_answer

from .models import EmailChange, Person
from .rules import CODE_VALID_FOR, MOST_CODE_TRIES, TRIES_WINDOW, News, Reason

_person = Person.__table__
_change = EmailChange.__table__

_ASKED = select(_change.c.address, _change.c.asked_at).where(_change.c.person_id == bindparam("whose"))
_OWNER = select(_person.c.id).where(_person.c.email == bindparam("address"))
_FORGET = delete(_change).where(_change.c.person_id == bindparam("whose"))
_OLD = _change.c.asked_at < bindparam("before", type_=Instant())


def ask_for_address(person_id: int, address: str, *, now: datetime) -> None:
    """Remember the (folded) address, and mail its code there. The present address, if any, is told too."""
    lock_row(_person, person_id)
    execute(_FORGET, whose=person_id)
    execute(insert(_change), person_id=person_id, address=address, asked_at=now)
    for kind in (News.ADDRESS_CODE, News.ADDRESS_ASKED):
        post_message(
            kind,
            person_id=person_id,
            object_id=int(now.timestamp()),
            dedupe_key=f"{kind}:{person_id}:{int(now.timestamp())}",
            due_at=now,
            now=now,
            room_id=None,
            useful_until=now + CODE_VALID_FOR,
        )
    record("email_asked", object_kind="person", object_id=person_id, actor_id=person_id, now=now)


def count_address_try(deed: str, person_id: int, *, now: datetime) -> bool:
    """Count that somebody asks for a new address, or gives a code; whether that is within the limit."""
    tries = count_try(f"address/{deed}/{person_id}", window=TRIES_WINDOW, now=now)
    return tries <= MOST_CODE_TRIES


def prove_address(post: FormPost, code: str, *, secret_key: str, location: str, now: datetime) -> bool:
    """The address that was asked for is from now on that of who sends this form, which leads to `location`;
    sent again it changes nothing. Whether it did just now. Raises `Refused` (WRONG_CODE, FORM_REUSED).
    """
    # Two who take the same address at once wait for each other before they look whose it is.
    lock_corporation()
    if earlier_or_refused(post, Reason.FORM_REUSED) is not None:
        return False
    person_id = post.actor_id
    asked = asked_address(person_id, now=now)
    if asked is None or not _is_same(code, code_for(person_id, *asked, secret_key=secret_key)):
        raise Refused(Objection(Reason.WRONG_CODE, "code"))
    if owner_of(asked[0]) not in (None, person_id):
        raise Refused(Objection(Reason.WRONG_CODE, "code"))
    execute(update(_person).where(_person.c.id == person_id).values(email=asked[0]))
    execute(_FORGET, whose=person_id)
    record("email_changed", object_kind="person", object_id=person_id, actor_id=person_id, now=now)
    remember_answer(post, location, now=now)
    return True


def asked_address(person_id: int, *, now: datetime) -> tuple[str, datetime] | None:
    """The address somebody asked for and when, as long as its code is good."""
    row = execute(_ASKED, whose=person_id).one_or_none()
    if row is None or row.asked_at + CODE_VALID_FOR <= now:
        return None
    return row.address, row.asked_at


def owner_of(address: str) -> int | None:
    """Whose (folded) address this is."""
    found: int | None = execute(_OWNER, address=address).scalar()
    return found


def code_for(person_id: int, address: str, asked_at: datetime, *, secret_key: str) -> str:
    """The six digits that prove the address: always the same for one request, known only to the house."""
    said = f"{person_id}\n{address}\n{int(asked_at.timestamp())}".encode()
    number = int.from_bytes(
        hmac.new(f"e-mail address\n{secret_key}".encode(), said, sha256).digest()[:8], "big"
    )
    return f"{number % 1_000_000:06d}"


def count_old_changes(before: datetime) -> int:
    """How many addresses were asked for before then and never proven."""
    number: int = execute(select(func.count()).select_from(_change).where(_OLD), before=before).scalar_one()
    return number


def forget_old_changes(before: datetime) -> int:
    """Remove addresses that were asked for before then; the number removed."""
    return execute(delete(_change).where(_OLD), before=before).rowcount


def _is_same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
