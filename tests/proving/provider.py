"""An organisation where people sign in: a real OpenID provider, which lies where a test wants it to."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import RSAKey

if TYPE_CHECKING:
    from collections.abc import Mapping

TENANT = "t-1"
CLIENT, SECRET = "ontmoet", "a secret of client and provider"


@dataclass
class Provider:
    """The provider, and what it will say of whoever comes next."""

    app: Flask = field(default_factory=lambda: Flask("provider"))
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    other_key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    issuer: str = ""
    says: dict[str, object] = field(default_factory=dict)
    signs_with_other: bool = False
    algorithm: str = "RS256"
    is_away: bool = False
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        at = f"/{TENANT}"
        self.app.add_url_rule(f"{at}/.well-known/openid-configuration", "discovery", self._discovery)
        self.app.add_url_rule(f"{at}/token", "token", self._token, methods=["POST"])
        self.app.add_url_rule(f"{at}/keys", "keys", self._keys)

    def consent(self, location: str) -> str:
        """Somebody signs in there; the query with which the browser comes back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.asked[code] = asked
        return f"code={code}&state={asked['state']}"

    def _discovery(self) -> Any:
        if self.is_away:
            return Response(status=503)
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return jsonify(
            issuer=self.issuer,
            id_token_signing_alg_values_supported=["RS256", "HS256", "none"],
            **{name: f"{self.issuer}/{path}" for name, path in names.items()},
        )

    def _keys(self) -> Any:
        return jsonify(keys=[self.key.as_dict(private=False)])

    def _token(self) -> Any:
        asked = self.asked.pop(request.form["code"], None)
        verifier = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if asked is None or proof != asked["code_challenge"]:
            return jsonify(error="invalid_grant"), 400
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "sub-of-sanne",
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            **self.says,
        }
        return jsonify(access_token="a", token_type="Bearer", expires_in=300, id_token=self._signed(claims))

    def _signed(self, claims: Mapping[str, object]) -> str:
        if self.algorithm == "none":
            parts = ({"alg": "none"}, claims)
            coded = [
                base64.urlsafe_b64encode(self.app.json.dumps(part).encode()).rstrip(b"=").decode()
                for part in parts
            ]
            return ".".join([*coded, ""])
        key = self.other_key if self.signs_with_other else self.key
        return jwt.encode({"alg": self.algorithm, "kid": "one"}, dict(claims), key)
