"""Names for things that strangers may see, and secrets that they must not guess."""

import hashlib
import re
import secrets

# Crockford's base32: no i, l, o, u, so an id can be read aloud and typed over.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
PUBLIC_ID_LENGTH = 10
PUBLIC_ID = re.compile(f"[{ALPHABET}]{{{PUBLIC_ID_LENGTH}}}")


def new_public_id() -> str:
    """A random id for URLs: 50 bits, so that it can be neither counted nor guessed in passing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


def new_secret() -> str:
    """A secret of 256 bits that may stand in a URL or cookie. Store `digest_of` it, never itself."""
    return secrets.token_urlsafe(32)


def new_form_key() -> str:
    """What one form is known by, so that it counts once however often it is sent."""
    return secrets.token_urlsafe(16)


def digest_of(secret: str) -> str:
    """SHA-256 in hex: enough for secrets with 128 bits or more, never for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()


# 28 of 32 signs are 140 bits: more than 128, and seven groups that are equally long.
CODE_LENGTH, GROUP_LENGTH = 28, 4
_MISREAD = str.maketrans("oil", "011")
_CODE = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}")


def new_code() -> str:
    """A secret that can be typed over from paper. Store `digest_of` it, never itself."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def in_groups(code: str) -> tuple[str, ...]:
    """A code as it is printed: seven groups of four, in capitals."""
    return tuple(code[first : first + GROUP_LENGTH].upper() for first in range(0, CODE_LENGTH, GROUP_LENGTH))


def code_in(typed: str) -> str:
    """The code that somebody typed over: capitals, spaces and hyphens do not matter, nor an o for a 0 or
    an i or l for a 1, nor the address of the page in front of it. Empty when it cannot be a code.
    """
    last = typed[:500].rstrip("/ ").rsplit("/", 1)[-1]
    kept = "".join(filter(str.isalnum, last)).lower().translate(_MISREAD)
    return kept if _CODE.fullmatch(kept) else ""
