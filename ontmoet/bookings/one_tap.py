"""The signed link in a reminder, with which its reader gives the slot back without signing in."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from ontmoet.web.settings import current_config

LONGEST = 500


def cancel_link(booking_id: str, person_id: str) -> str:
    """Where one button gives back the slot of this booking, as long as it is this person's. Public ids."""
    base_url = current_config().base_url
    return f"{base_url}/afzeggen?t={_serializer().dumps([booking_id, person_id])}"


def read_cancel(token: str) -> tuple[str, str] | None:
    """The public ids of the booking and the person, if we signed this for that purpose."""
    try:
        booking_id, person_id = _serializer().loads(token[:LONGEST])
    except (BadData, TypeError, ValueError):
        return None
    return booking_id, person_id


def _serializer() -> URLSafeSerializer:
    # The salt makes a token that was signed for something else worth nothing here.
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="cancel-booking")
