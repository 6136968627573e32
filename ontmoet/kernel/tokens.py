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


def digest_of(secret: str) -> str:
    """SHA-256 in hex: enough for secrets with 128 bits or more, never for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()
