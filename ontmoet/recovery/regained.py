"""Somebody who just got in again may choose a new password or PIN without the old one, for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import session

from .queries import secrets_of

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from datetime import datetime
    from typing import Any

REGAINED_FOR = timedelta(minutes=30)
_NAME = "regained_until"


def mark_regained(cookie: MutableMapping[str, Any], *, now: datetime) -> None:
    """Write it in the signed cookie, beside the secret of the session that just began."""
    cookie[_NAME] = int((now + REGAINED_FOR).timestamp())


def is_regained(*, now: datetime) -> bool:
    """Whether this session began by a link, a code or a slip, a while ago at most."""
    return int(session.get(_NAME, 0)) > now.timestamp()


def choose_path(person_id: int) -> str:
    """Where who just got in chooses a new secret: a password belongs to an address, a PIN to a home."""
    return secret_paths(person_id)[0]


def secret_paths(person_id: int) -> list[str]:
    """Where somebody changes each secret they have; for who has neither, where a PIN is explained."""
    has_mail, has_pin = secrets_of(person_id)
    paths = ["/mijn/wachtwoord"] if has_mail else []
    return [*paths, "/mijn/pincode"] if has_pin or not has_mail else paths
