"""What proves who somebody is, for how long, and how often one may try. Pure: no clock, no database."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pyotp

from ontmoet.people.rules import Limit

if TYPE_CHECKING:
    from collections.abc import Mapping

QUESTION_LIFE = timedelta(minutes=5)
"""How long a question to a passkey may wait for its answer."""

WAY_BACK_LIFE = timedelta(minutes=30)
"""How long somebody may be away to sign in with the account of their work."""

STEP = timedelta(seconds=30)
STEPS_ASIDE = 1
"""A clock may be half a minute off, or somebody slow."""

CODE_LENGTH = 6
SPARE_CODES = 8
SPARE_LENGTH = 12
"""Of 32 signs: 60 bits."""

MOST_PASSKEYS = 20
LONGEST_ANSWER = 8_000
"""Characters of what a device answers."""

TRIES_WINDOW = timedelta(minutes=15)


class Reason(StrEnum):
    """Why something proves nothing, or cannot be taken away."""

    TOO_MANY_TRIES = "too_many_tries"
    NO_PASSKEY = "no_passkey"
    PASSKEY_KNOWN = "passkey_known"
    ENOUGH_PASSKEYS = "enough_passkeys"
    WRONG_CODE = "wrong_code"
    USED_CODE = "used_code"
    LAST_ONE = "last_one"
    TAKEN = "taken"
    TOO_LATE = "too_late"
    NOT_FIRST = "not_first"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey as a device made it."""

    credential_id: str
    public_key: str
    sign_count: int


def step_at(moment: datetime) -> int:
    """The number of the half minute that a code belongs to."""
    return int(moment.timestamp()) // int(STEP.total_seconds())


def step_of_code(secret: str, code: str, *, now: datetime) -> int | None:
    """The half minute this code is of, if it is of now, or one aside; None when it is not."""
    app, present = pyotp.TOTP(secret), step_at(now)
    return next(
        (
            step
            for step in range(present - STEPS_ASIDE, present + STEPS_ASIDE + 1)
            if hmac.compare_digest(app.generate_otp(step).encode(), code.encode())
        ),
        None,
    )


def spare_code_in(typed: str) -> str:
    """A spare code as somebody typed it over: capitals, spaces and hyphens do not matter, nor letters that
    look like digits.
    """
    bare = re.sub(r"[\s-]", "", typed).lower()
    return bare.replace("o", "0").replace("i", "1").replace("l", "1")


def in_groups(code: str) -> str:
    """A spare code as it is printed."""
    return "-".join(code[first : first + 4].upper() for first in range(0, SPARE_LENGTH, 4))


def limit_on_proofs(person_id: int) -> Limit:
    """How often somebody who knows the password may try a second proof. Who does not know it gets no try,
    so a stranger cannot use these up.
    """
    return Limit(f"second-proof/{person_id}", 10, TRIES_WINDOW)


def limit_on_answers(network: str) -> Limit:
    """How often somebody at a network answers with a passkey, or goes to the organisation: that cannot be
    guessed, but each time costs work.
    """
    return Limit(f"proof/network/{network}", 120, TRIES_WINDOW)


def objection_to_passkey(number: int) -> Reason | None:
    """Why somebody who has so many gets no further one."""
    return Reason.ENOUGH_PASSKEYS if number >= MOST_PASSKEYS else None


def objection_to_adding(there: int, *, as_first: bool) -> Reason | None:
    """Why somebody who knows only a password adds no proof: there is one already, and that is asked."""
    return Reason.NOT_FIRST if as_first and there else None


def objection_to_removing(others: int, *, needs_one: bool) -> Reason | None:
    """Why somebody keeps what proves who they are: from whom a second proof is asked, one has to stay."""
    return Reason.LAST_ONE if needs_one and others == 0 else None


def subject_in(claims: Mapping[str, object], issuer: str) -> str | None:
    """What an issuer calls somebody for ever: `tid` and `oid` where it has them, else `sub`. None for
    somebody of another tenant than the one the issuer is of. An e-mail address is none of it: it may change
    hands.
    """
    tenant, number = claims.get("tid"), claims.get("oid")
    if tenant is not None and str(tenant) not in urlsplit(issuer).path.split("/"):
        return None
    if tenant is not None and number is not None:
        return f"{tenant}/{number}"
    subject = claims.get("sub")
    return str(subject) if subject else None
