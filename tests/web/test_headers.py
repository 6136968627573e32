"""The security headers, on every answer there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ontmoet.web.headers import SECURITY_HEADERS, security_headers
from ontmoet.web.pages import html

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/inloggen", 200),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/mijn", 302),
        ("/niet-hier", 404),
        ("/static/niet-hier.css", 404),
        ("/static/dist/manifest.json", 200),
        ("/favicon.ico", 200),
    ],
)
def test_every_answer_carries_each_header_once(
    client: FlaskClient, hood: Neighbourhood, path: str, status: int
) -> None:
    answer = client.get(path)
    answer.close()
    assert answer.status_code == status
    assert {name: answer.headers.getlist(name) for name, _ in SECURITY_HEADERS} == {
        name: [value] for name, value in SECURITY_HEADERS
    }
    assert "Strict-Transport-Security" not in answer.headers


def test_errors_carry_them_too(app_of_its_own: Flask) -> None:
    @app_of_its_own.get("/fault")
    def fault() -> None:
        raise RuntimeError("a fault")

    fault.guarding = app_of_its_own.view_functions["portal.home"].guarding  # type: ignore[attr-defined]
    client = app_of_its_own.test_client()
    answers = {500: client.get("/fault"), 400: client.post("/inloggen"), 405: client.get("/uitloggen")}
    for status, answer in answers.items():
        assert answer.status_code == status
        assert {name: answer.headers[name] for name, _ in SECURITY_HEADERS} == dict(SECURITY_HEADERS)


def test_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = dict(security_headers(https=True))["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }


def test_transport_security_is_sent_where_there_is_https_only() -> None:
    names = [{name for name, _ in security_headers(https=https)} for https in (True, False)]
    assert names[0] - names[1] == {"Strict-Transport-Security"}


def test_html_is_never_without_a_cache_rule(app: Flask) -> None:
    with app.test_request_context():
        answer = html("errors/error.html", status=404, title="t", text="x")
    assert answer.headers["Cache-Control"] == "no-cache"
