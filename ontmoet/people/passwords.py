"""Passwords, hashed with argon2id."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ontmoet.kernel.gate import stepping_aside

# OWASP's second recommendation for argon2id (19 MiB, two passes): about 35 ms here.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# Each hash holds a core and 19 MiB. More at once would make everybody's booking wait.
_two_at_a_time = threading.BoundedSemaphore(2)

_NOBODYS_HASH = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    with stepping_aside(), _two_at_a_time:
        return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the hash. Takes as long when there is no hash at all, so the
    time tells nobody whether an account exists.
    """
    with stepping_aside(), _two_at_a_time:
        try:
            return _hasher.verify(stored or _NOBODYS_HASH, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False
