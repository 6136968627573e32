"""Whose form it is: without our token or from another site nothing is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import token_in
from tests.real.garbage.pages import MANY, RESERVE, every_path, good_form

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.real.world import World


def test_without_a_token_nothing_is_taken(ali: FlaskClient, world: World) -> None:
    booking = world.hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    form = good_form(ali)
    token = form["csrf_token"]
    stranger = world.hood.app.test_client()
    theirs = token_in(stranger.get("/inloggen").get_data(as_text=True))
    before = world.number("select count(*) from audit")
    without = {name: given for name, given in form.items() if name != "csrf_token"}
    for path in every_path(world, "POST", booking):
        # Mail programs end a kind of message by themselves: that link is signed, and this one is not.
        status = 404 if path == "/afmelden" else 400
        for fields in (without, {**without, "csrf_token": theirs}):
            assert ali.post(path, data=fields).status_code == status, (path, fields.get("csrf_token"))
    for forged in ("", "x", token[:-1], token + "x", token.swapcase(), "\0", "é" * 10, MANY):
        assert ali.post(RESERVE, data={**without, "csrf_token": forged}).status_code == 400, forged
    assert ali.post(f"{RESERVE}?csrf_token={token}", data=without).status_code == 400
    assert world.number("select count(*) from audit") == before
    assert world.number("select count(*) from session where revoked_at is not null") == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "nonsense"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "http://localhost@evil.example"},
        {"Origin": "evil"},
        {"Origin": "http://["},
        {"Origin": "http://[::1"},
        {"Origin": "http://[x]/"},
        {"Origin": "http://\u2100.example"},
    ],
    ids=repr,
)
def test_forms_of_another_site_are_refused(ali: FlaskClient, world: World, headers: dict[str, str]) -> None:
    raw = {name: value.encode("utf-8").decode("latin-1") for name, value in headers.items()}
    assert ali.post(RESERVE, data=good_form(ali), headers=raw).status_code == 400
    assert world.number("select count(*) from booking") == 0


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}],
    ids=repr,
)
def test_forms_of_ours_are_taken(ali: FlaskClient, headers: dict[str, str]) -> None:
    assert ali.post(RESERVE, data=good_form(ali), headers=headers).status_code == 303
