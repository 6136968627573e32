"""Letting somebody in by browser: from which device and network a request comes, and the cookies after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, request, session
from flask_login import login_user
from flask_wtf.csrf import generate_csrf

from ontmoet.kernel import clock
from ontmoet.kernel.networks import network_of
from ontmoet.kernel.tokens import new_secret
from ontmoet.web.access import Account
from ontmoet.web.pages import go_to
from ontmoet.web.settings import current_config

from .confirming import note_confirmed
from .rules import device_name

if TYPE_CHECKING:
    from flask import Response

    from .actor_queries import SignedIn

DEVICE_COOKIE = "ontmoet-device"
DEVICE_SECONDS = 400 * 24 * 3600


def device_of_request() -> str | None:
    """What the browser calls itself since somebody signed in on it."""
    return request.cookies.get(DEVICE_COOKIE)


def network_of_request() -> str:
    """The network somebody comes from."""
    return network_of(request.remote_addr or "")


def device_name_of_request() -> str:
    """What somebody calls the device a request comes from."""
    return device_name(request.user_agent.string)


def asks_second_proof() -> bool:
    """Whether this installation asks a second proof of who sees the data of all."""
    return current_config().second_factor


def new_cookies() -> tuple[str, str]:
    """The secret of a session to start, and the name of its device."""
    return new_secret(), device_of_request() or new_secret()


def enter(started: SignedIn, *, secret: str, device: str, target: str) -> Response:
    """The session was started: give the browser its cookies and send it on."""
    # A new session id and form token: what was known before signing in is worth nothing after it.
    session.clear()
    login_user(Account(secret, started))
    del session["_id"]  # a digest of network and browser, for a protection that we do not want (`Logins`)
    generate_csrf()  # else the first page with a form would have to set the cookie again
    session.permanent = started.own_phone
    note_confirmed(clock.now())
    return keep_device(go_to(target), device)


def keep_device(response: Response, device: str | None = None) -> Response:
    """Let the browser remember what it is called, so that it is known when it comes back."""
    response.set_cookie(
        DEVICE_COOKIE,
        device or device_of_request() or new_secret(),
        max_age=DEVICE_SECONDS,
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )
    return response
