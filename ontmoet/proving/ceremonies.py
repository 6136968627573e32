"""Asking a browser for a passkey, and reading its answer.

The question stands in the signed cookie, so that only the browser that was asked can answer; that it is
answered once, and in time, is for the server to say (`spend`). What a device answers is checked by the
library, with the address of the site from the configuration, never from the request.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ontmoet.db import let_go, unit_of_work
from ontmoet.kernel.objections import Objection, Refused
from ontmoet.people.entering import network_of_request
from ontmoet.web.settings import current_config

from . import actions
from .queries import key_by_credential
from .rules import LONGEST_ANSWER, QUESTION_LIFE, NewKey, Reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .queries import KnownKey, Named, PasskeyView

_MAKING, _SHOWING = "making", "showing"
# Whatever else a broken answer holds, it is no answer.
_NO_ANSWER = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


def question_to_make(whom: Named, known: list[PasskeyView], *, site_name: str, now: datetime) -> str:
    """What a browser is asked so that it makes a passkey, as JSON. It is kept on the device with the name,
    so that nothing has to be typed, and asks a finger, a face or a code before it is used.
    """
    made = generate_registration_options(
        rp_id=current_config().host,
        rp_name=site_name,
        user_id=whom.public_id.encode(),
        user_name=whom.email or whom.name,
        user_display_name=whom.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.credential_id)) for each in known
        ],
    )
    _remember(_MAKING, made.challenge, now)
    return options_to_json(made)


def question_to_show(*, now: datetime) -> str:
    """What a browser is asked so that somebody shows a passkey, as JSON; the same for everybody."""
    made = generate_authentication_options(
        rp_id=current_config().host, user_verification=UserVerificationRequirement.REQUIRED
    )
    _remember(_SHOWING, made.challenge, now)
    return options_to_json(made)


def read_made(answer: str, *, now: datetime) -> NewKey:
    """The passkey that a device made when asked. Raises `Refused` (NO_PASSKEY, TOO_MANY_TRIES)."""
    question = _asked(_MAKING, now)
    made = _checked(
        lambda credential: verify_registration_response(
            credential=credential,
            expected_challenge=question,
            expected_rp_id=current_config().host,
            expected_origin=current_config().origin,
            require_user_verification=True,
        ),
        answer,
    )
    return NewKey(
        bytes_to_base64url(made.credential_id),
        bytes_to_base64url(made.credential_public_key),
        made.sign_count,
    )


def read_shown(answer: str, *, now: datetime) -> KnownKey:
    """Whose passkey was shown. Raises `Refused` (NO_PASSKEY, TOO_MANY_TRIES): the same whatever was wrong,
    so that nobody learns which passkeys there are.
    """
    question = _asked(_SHOWING, now)
    known = key_by_credential(_credential_in(answer))
    let_go()
    if known is None:
        raise Refused(Objection(Reason.NO_PASSKEY))
    shown = _checked(
        lambda credential: verify_authentication_response(
            credential=credential,
            expected_challenge=question,
            expected_rp_id=current_config().host,
            expected_origin=current_config().origin,
            credential_public_key=base64url_to_bytes(known.public_key),
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        ),
        answer,
    )
    with unit_of_work():
        is_good = actions.use_passkey(known.passkey_id, sign_count=shown.new_sign_count, now=now)
    if not is_good:
        raise Refused(Objection(Reason.NO_PASSKEY))
    return known


def _remember(purpose: str, challenge: bytes, now: datetime) -> None:
    until = int((now + QUESTION_LIFE).timestamp())
    session[f"passkey_{purpose}"] = [bytes_to_base64url(challenge), until]


def _asked(purpose: str, now: datetime) -> bytes:
    """The question that this browser was asked last, for this purpose; used up with this."""
    with unit_of_work():
        within = actions.may_answer(network=network_of_request(), now=now)
    if not within:
        raise Refused(Objection(Reason.TOO_MANY_TRIES))
    challenge, until = session.pop(f"passkey_{purpose}", None) or ("", 0)
    if until < now.timestamp():
        raise Refused(Objection(Reason.NO_PASSKEY))
    with unit_of_work():
        is_first = actions.spend(challenge, until=now + QUESTION_LIFE)
    if not is_first:
        raise Refused(Objection(Reason.NO_PASSKEY))
    return base64url_to_bytes(challenge)


def _checked(check: Callable[[str], Any], answer: str) -> Any:
    try:
        return check(answer)
    except _NO_ANSWER as error:
        raise Refused(Objection(Reason.NO_PASSKEY)) from error


def _credential_in(answer: str) -> str:
    """By which id the device answers; empty when it cannot be read."""
    try:
        found = json.loads(answer[:LONGEST_ANSWER])["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return found if isinstance(found, str) and found.isascii() and "\0" not in found else ""
