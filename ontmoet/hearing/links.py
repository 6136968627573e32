"""The signed link at the end of a message that is not necessary, with which it can be ended."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from ontmoet.web.settings import current_config

LONGEST = 500


def unsubscribe_link(person_public_id: str, kind: str) -> str:
    """Where one button ends messages of this kind to this person, without signing in."""
    base_url = current_config().base_url
    return f"{base_url}/afmelden?t={_serializer().dumps([person_public_id, kind])}"


def read_unsubscribe(token: str) -> tuple[str, str] | None:
    """The person's public id and the kind, if we signed this for that purpose."""
    try:
        person_public_id, kind = _serializer().loads(token[:LONGEST])
    except (BadData, TypeError, ValueError):
        return None
    return person_public_id, kind


def _serializer() -> URLSafeSerializer:
    # The salt makes a token that was signed for something else worth nothing here.
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="unsubscribe")
