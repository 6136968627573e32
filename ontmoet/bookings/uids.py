"""What bookings are called in calendars (UID of RFC 5545)."""

from __future__ import annotations

_OURS = "@ontmoet"


def uid_of(public_id: str) -> str:
    """The same in every calendar that has the booking."""
    return f"{public_id}{_OURS}"


def public_id_in(uid: str) -> str:
    """The booking that is called so; empty when it is none of ours."""
    return uid.removesuffix(_OURS) if uid.endswith(_OURS) else ""
