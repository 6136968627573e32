"""Asking the organisation's own place to sign in who somebody is (OpenID Connect).

The protocol is the library's: discovery, PKCE, state, nonce and signatures. Ours is what it leaves open: one
issuer and one audience, answers used once, and a place that does not answer is no fault of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import abort, current_app, request, session
from joserfc.errors import JoseError
from requests import RequestException

from ontmoet.db import let_go, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.gate import stepping_aside
from ontmoet.people.entering import network_of_request
from ontmoet.web.settings import current_config

from . import actions
from .rules import WAY_BACK_LIFE, subject_in

if TYPE_CHECKING:
    from flask import Flask, Response

    from ontmoet.config import OpenId

_NAME = "organisation"
_GOING = "going_to_organisation"
PATIENCE = 5
"""Seconds for each answer of the organisation."""

ALGORITHMS = ["RS256", "PS256", "ES256"]
_NO_ANSWER = (AuthlibBaseError, JoseError, RequestException, RuntimeError, ValueError, KeyError, TypeError)


class NotKnown(Exception):
    """The organisation did not say who it is, or not in a way that can be believed."""


@dataclass(frozen=True, slots=True)
class Known:
    """Who the organisation says it is, and what they were on their way to do. `account` is what people call
    such an account.
    """

    issuer: str
    account: str
    subject: str
    target: str
    links: bool


def client_of(app: Flask, openid: OpenId) -> Any:
    """What talks to the organisation; it remembers what the issuer tells about itself."""
    return OAuth(app).register(
        _NAME,
        client_id=openid.client_id,
        client_secret=openid.client_secret,
        server_metadata_url=f"{openid.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE,
        },
    )


def go_there(*, target: str, links: bool, again: bool) -> Response:
    """Off to the organisation, and back to `target` later; `again` asks it not to go by what it remembers.
    Raises `NotKnown` when it does not answer.
    """
    client, _openid = _organisation()
    _count()
    until = int((clock.now() + WAY_BACK_LIFE).timestamp())
    back = f"{current_config().base_url}/inloggen/organisatie/terug"
    let_go()
    _forget_earlier()
    try:
        with stepping_aside():
            response: Response = client.authorize_redirect(back, **({"prompt": "login"} if again else {}))
    except _NO_ANSWER as error:
        raise NotKnown from error
    session[_GOING] = [target, links, until]
    return response


def who_is_back() -> Known:
    """Who came back, once for each time somebody went. Raises `NotKnown`."""
    client, openid = _organisation()
    target, links, until = session.pop(_GOING, None) or ("", False, 0)
    state = request.args.get("state", "")
    if until < clock.now().timestamp() or not state:
        raise NotKnown
    with unit_of_work():
        is_first = actions.spend(f"organisation/{state}", until=clock.now() + WAY_BACK_LIFE)
    let_go()
    if not is_first:
        raise NotKnown
    try:
        with stepping_aside():
            client.load_server_metadata()
        # What an issuer says of the ways it signs is not for it to choose from all there are.
        client.server_metadata["id_token_signing_alg_values_supported"] = ALGORITHMS
        with stepping_aside():
            token = client.authorize_access_token(
                claims_options={
                    "iss": {"essential": True, "value": openid.issuer},
                    "aud": {"essential": True, "value": openid.client_id},
                }
            )
    except _NO_ANSWER as error:
        raise NotKnown from error
    subject = subject_in(token.get("userinfo") or {}, openid.issuer)
    if subject is None:
        raise NotKnown
    return Known(openid.issuer, openid.name, subject, target, links)


def _organisation() -> tuple[Any, OpenId]:
    """For an installation without one these pages are not there."""
    openid = current_config().openid
    if openid is None:
        abort(404)
    # Made when it is first needed, and again for another configuration, as tests have.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    kept = app.extensions.get("ontmoet_organisation")
    if kept is None or kept[1] != openid:
        kept = app.extensions["ontmoet_organisation"] = (client_of(app, openid), openid)
    return kept


def _count() -> None:
    """Raises `NotKnown` for who goes there again and again: each time somebody waits for an answer."""
    with unit_of_work():
        within = actions.may_answer(network=network_of_request(), now=clock.now())
    if not within:
        raise NotKnown


def _forget_earlier() -> None:
    """Whoever starts again and again does not fill the cookie."""
    for name in [name for name in session if name.startswith(f"_state_{_NAME}")]:
        session.pop(name)
