"""The code on a key's tag: 28 signs that can be scanned or typed over.

The first ten are the public id of the copy; the others prove it. They are made with the token key of the
installation, so the database alone prints no tag, and a tag can be printed again.
"""

from __future__ import annotations

import hashlib
import hmac

from ontmoet.kernel.tokens import ALPHABET, CODE_LENGTH, PUBLIC_ID_LENGTH


def tag_code(public_id: str, edition: int, *, key: str) -> str:
    """What is on the tag of this copy. `key` is the token key."""
    made = hmac.new(key.encode(), f"key-tag/{public_id}/{edition}".encode(), hashlib.sha256).digest()
    proof = "".join(ALPHABET[byte % len(ALPHABET)] for byte in made[: CODE_LENGTH - PUBLIC_ID_LENGTH])
    return public_id + proof


def public_id_in(code: str) -> str:
    """Which copy a code says it is on."""
    return code[:PUBLIC_ID_LENGTH]


def is_tag(code: str, public_id: str, edition: int, *, key: str) -> bool:
    """Whether the code is that of the copy's present tag."""
    return hmac.compare_digest(tag_code(public_id, edition, key=key).encode(), code.encode())
