"""Codes of boxes, sealed: whoever reads the database reads no code.

The key comes from the token key of the installation and from the box, so that a seal opens at its own box
only.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(code: str, box_id: int, *, key: str) -> str:
    """The code as it is stored; each time another text. `key` is the token key."""
    return _seal_of(box_id, key).encrypt(code.encode()).decode()


def unseal(sealed: str, box_id: int, *, key: str) -> str | None:
    """The code again; None when it was sealed with another token key, or for another box."""
    try:
        return _seal_of(box_id, key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _seal_of(box_id: int, key: str) -> Fernet:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"code-box/{box_id}".encode())
    return Fernet(base64.urlsafe_b64encode(made.derive(key.encode())))
