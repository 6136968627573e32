"""Secrets that are shown again, sealed: whoever reads the database reads none of them.

The key comes from the token key of the installation and from what the secret is for, so that a seal opens
for that only.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(secret: str, purpose: str, *, key: str) -> str:
    """The secret as it is stored; each time another text. `key` is the token key."""
    return _seal_for(purpose, key).encrypt(secret.encode()).decode()


def unseal(sealed: str, purpose: str, *, key: str) -> str | None:
    """The secret again; None when it was sealed with another token key, or for something else."""
    try:
        return _seal_for(purpose, key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _seal_for(purpose: str, key: str) -> Fernet:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return Fernet(base64.urlsafe_b64encode(made.derive(key.encode())))
