"""Who is asking, and may they: default deny.

Every endpoint carries `@public` or `@requires(permission)`; one that carries neither is refused, and a
test walks the map of routes. A permission on a subject is settled in the view, by `ensure`.
"""

from __future__ import annotations

import json
from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import quote

from flask import Response, abort, current_app, g, request, session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from itsdangerous import BadData, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode

from ontmoet.kernel.permissions import WITHOUT_SUBJECT, Permission, allows

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask, Request
    from flask.sessions import SecureCookieSession, SessionMixin

    from ontmoet.kernel.actor import Actor

View = TypeVar("View", bound="Callable[..., Any]")

_UNREAD = object()


class Account(UserMixin):
    """What Flask-Login holds: the session's secret, and whose session it is."""

    def __init__(self, secret: str, signed_in: Any) -> None:
        self.secret = secret
        self.signed_in = signed_in

    def get_id(self) -> str:
        """The secret, so that a session that was ended in the database is worth nothing."""
        return self.secret


class Nobody(AnonymousUserMixin):
    """What Flask-Login holds when no session is named, or one that is not there (any more)."""

    signed_in = None


class Guarding(NamedTuple):
    """How an endpoint is guarded; without a permission it is public."""

    permission: Permission | None


class Logins(LoginManager):
    """Flask-Login without the protection that signs people out when their phone changes networks, and without
    a second cookie that signs people in again.
    """

    def init_app(self, app: Flask, add_context_processor: bool = False) -> None:
        """Theirs looks after each request whether that cookie is to be set, and names a user in templates."""
        app.login_manager = self  # type: ignore[attr-defined]

    def _session_protection_failed(self) -> bool:
        # Theirs works out a digest of who asks before it looks whether anybody wants to know.
        return False


class PlainJson(TaggedJSONSerializer):
    """What we keep in a session is text, numbers and lists of them: JSON as it is. What Flask would mark so
    that it comes back as it was (a date, a tuple) is read, but not written.
    """

    def dumps(self, value: Any) -> str:
        """In as few letters as there are."""
        return json.dumps(value, separators=(",", ":"))


class Uncompressed(URLSafeTimedSerializer):
    """What compressing saves of two secrets and a message is not worth its time. Compressed ones are read."""

    def dump_payload(self, obj: Any) -> bytes:
        """In letters that can stand in a cookie."""
        return base64_encode(self.serializer.dumps(obj).encode())


class CookieOfSecret(SecureCookieSessionInterface):
    """Flask's signed cookie, written only when something in it changed.

    What Flask asks of its settings for each cookie, and how it says that an answer varies by them, costs more
    than signing. A signature that was right stays right, and what it signed stays the same: neither is worked
    out anew for each page.
    """

    serializer = PlainJson()

    def __init__(self, app: Flask) -> None:
        if not app.secret_key:
            raise ValueError("cookies cannot be signed without a secret key")
        serializer = self._serializer = Uncompressed(
            app.secret_key,
            salt=self.salt,
            serializer=self.serializer,
            signer_kwargs={"key_derivation": self.key_derivation, "digest_method": self.digest_method},
        )
        signer = serializer.make_signer(serializer.salt)
        self._written, self._sign = serializer.dump_payload, signer.sign
        self._opened = lru_cache(maxsize=2000)(lambda cookie: serializer.load_payload(signer.unsign(cookie)))
        self._settings: dict[str, Any] = {
            "path": self.get_cookie_path(app),
            "secure": self.get_cookie_secure(app),
            "httponly": self.get_cookie_httponly(app),
            "samesite": self.get_cookie_samesite(app),
        }

    def get_signing_serializer(self, app: Flask) -> Uncompressed:
        """Made once: the secret key of a process does not change."""
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the cookie holds; nothing when it was not signed by us."""
        cookie = request.cookies.get(app.config["SESSION_COOKIE_NAME"])
        if not cookie:
            return self.session_class()
        try:
            # A request may write in it: in a copy, lists included.
            return self.session_class(deepcopy(self._opened(cookie)))
        except BadData:
            return self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Our pages say themselves that they vary by cookie; what sets one and is no page says so here."""
        if not session.modified:
            return
        name = app.config["SESSION_COOKIE_NAME"]
        response.headers.add("Vary", "Cookie")
        if session:
            expires = self.get_expiration_time(app, session)
            signed = self._sign(self._written(dict(session)))
            response.set_cookie(name, signed.decode(), expires=expires, **self._settings)
        else:
            response.delete_cookie(name, **self._settings)


def init_app(app: Flask, load: Callable[[str], Any]) -> None:
    """`load` tells whose session a secret belongs to (something with `.actor`, and `.waits` when it is worth
    nothing before a second proof), or None.
    """
    app.session_interface = CookieOfSecret(app)
    logins = Logins(app)
    logins.anonymous_user = Nobody
    logins.user_loader(lambda secret: _account(secret, load(secret)))
    app.before_request(_guard)
    if app.testing:
        app.after_request(_check_that_subjects_were_asked)


def public(view: View) -> View:
    """Anybody may see this."""
    view.guarding = Guarding(None)  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Only for people signed in who have this permission; on a subject, the view asks `ensure`."""

    def mark(view: View) -> View:
        view.guarding = Guarding(permission)  # type: ignore[attr-defined]
        return view

    return mark


def guarding_of(app: Flask, endpoint: str) -> Guarding | None:
    """How an endpoint is guarded, None when somebody forgot."""
    return getattr(app.view_functions[endpoint], "guarding", None)


def current_session() -> Any:
    """Whose session this request has (see the loader), or None. Read once per request. One that waits for a
    second proof is nobody's yet: wherever one got in, nothing is seen or done before it is given.
    """
    signed_in = g.get("signed_in", _UNREAD)
    if signed_in is _UNREAD:
        found = current_user.signed_in
        signed_in = g.signed_in = None if found is None or found.waits else found
    return signed_in


_WHO = "_user_id"
"""Where Flask-Login keeps whose session it is."""


def seems_signed_in(app: Flask, request: Request) -> bool:
    """Whether this request comes with a cookie that we signed for somebody who got in. No statement: that
    session may be over.
    """
    return _WHO in (app.session_interface.open_session(app, request) or ())


def waiting_session() -> Any:
    """The session of this request when it waits for a second proof, else None."""
    found = current_user.signed_in
    return found if found is not None and found.waits else None


def current_actor() -> Actor | None:
    """Who is asking, None for somebody unknown."""
    signed_in = current_session()
    return None if signed_in is None else signed_in.actor


def known_actor() -> Actor:
    """Who is asking, in a view that requires a permission."""
    actor = current_actor()
    if actor is None:
        abort(401)
    return actor


def may(permission: Permission, subject: object) -> bool:
    """Whether the actor may, for a view that has its own answer to no."""
    g.setdefault("asked", set()).add(permission)
    return allows(current_actor(), permission, subject)


def ensure(permission: Permission, subject: object, *, hide: bool = False) -> None:
    """Stop with 403 unless the actor may; with 404 where even existing is private (`hide`)."""
    if not may(permission, subject):
        abort(404 if hide else 403)


def may_be_signed_in() -> bool:
    """Whether this browser was once given a session; whether that still holds, only the database knows."""
    return _WHO in session


def _account(secret: str, signed_in: Any) -> Account | None:
    return None if signed_in is None else Account(secret, signed_in)


def _guard() -> Response | None:
    if request.endpoint is None:
        return None
    guarding = guarding_of(current_app, request.endpoint)
    if guarding is None:
        abort(403)
    if guarding.permission is None:
        return None
    actor = current_actor()
    if actor is None:
        return _to_sign_in() if waiting_session() is None else to_second_proof(_way_back())
    if guarding.permission in WITHOUT_SUBJECT and not allows(actor, guarding.permission):
        abort(403)
    return None


def to_second_proof(back: str) -> Response:
    """On to the page that asks for a second proof, and back from there."""
    return _to(f"/inloggen/tweede-stap?next={quote(back)}")


def _to_sign_in() -> Response:
    return _to(f"/inloggen?next={quote(_way_back())}")


def _way_back() -> str:
    if request.headers.get("HX-Request") == "true":
        back = request.headers.get("HX-Current-URL", "")
        return "/" + back.split("/", 3)[3] if back.count("/") > 2 else "/"
    # The answer to a form cannot be asked again with GET; its page can.
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def _to(target: str) -> Response:
    if request.headers.get("HX-Request") == "true":
        return Response(status=401, headers={"HX-Redirect": target})
    return Response(status=303 if request.method != "GET" else 302, headers={"Location": target})


def _check_that_subjects_were_asked(response: Response) -> Response:
    """In tests: a view that answered without asking about its subject is a hole."""
    if request.endpoint is None or response.status_code >= 400 or request.method == "OPTIONS":
        return response
    guarding = guarding_of(current_app, request.endpoint)
    if guarding is None or guarding.permission is None or guarding.permission in WITHOUT_SUBJECT:
        return response
    if current_actor() is not None and guarding.permission not in g.get("asked", ()):
        raise AssertionError(f"{request.endpoint} did not ensure {guarding.permission}")
    return response
