"""What the tests of proving do again and again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.cast import token_in

from .authenticator import SITE, Authenticator

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

ACCESS = "/mijn/toegang"
STEP = "/inloggen/tweede-stap"


def set_up(app: Flask, **settings: Any) -> None:
    """Let the installation have these settings; a name for an address, since passkeys need one."""
    config = replace(app.extensions["ontmoet_config"], **{"base_url": SITE, **settings})
    app.extensions["ontmoet_config"] = config


def sent(client: FlaskClient, path: str, *, seen_on: str = "/mijn/toegang", **fields: str) -> TestResponse:
    """Post a form with the token of a page."""
    token = token_in(client.get(seen_on).get_data(as_text=True))
    return client.post(path, data={"csrf_token": token, **fields})


def with_passkey(client: FlaskClient, device: Authenticator | None = None) -> Authenticator:
    """Who is signed in makes a passkey."""
    device = device or Authenticator()
    question = client.get(f"{ACCESS}/sleutel/vraag").get_json()
    answer = sent(client, f"{ACCESS}/sleutel", answer=device.make(question))
    assert (answer.status_code, answer.location) == (303, ACCESS)
    return device


def come_in(client: FlaskClient, device: Authenticator, **fields: str) -> TestResponse:
    """Sign in with a passkey."""
    question = client.get("/inloggen/sleutel/vraag").get_json()
    return sent(client, "/inloggen/sleutel", seen_on="/inloggen", answer=device.show(question), **fields)
