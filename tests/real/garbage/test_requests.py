"""Requests of another shape than a form's: bytes, sizes, types, headers and methods."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests import builders as make
from tests.cast import token_in
from tests.real.garbage.pages import RESERVE, every_path, good_form, refused, words

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.real.world import World


@pytest.mark.parametrize(
    "raw",
    [
        b"purpose=%ff%fe",
        b"purpose=\xff\xfe",
        b"purpose=%ED%A0%80",
        b"purpose=%C0%AF",
        b"purpose=%",
        b"purpose=%zz%u1234",
        b"people=%FF",
        b"day=%ED%A0%80",
        b"starts=%ED%A0%80",
        b"zone=%ED%A0%80",
        b"=&=&&&;;",
        b"purpose[]=x&purpose[a]=y",
    ],
    ids=repr,
)
def test_bytes_that_are_no_text_never_break_anything(ali: FlaskClient, world: World, raw: bytes) -> None:
    fields = good_form(ali)
    name = raw.split(b"=", 1)[0].decode()
    fields.pop(name, None)
    rest = "&".join(f"{key}={quote(value)}" for key, value in fields.items()).encode()
    answer = ali.post(RESERVE, data=raw + b"&" + rest, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (303, 400, 422), words(answer)
    if answer.status_code == 422:
        refused(answer, name)
    for (purpose,) in world.rows("select purpose from booking"):
        assert re.fullmatch(r"[ -~]*", purpose), "at most the escapes themselves are stored"


def test_two_of_each_field_takes_the_first_and_300_do_not_break(ali: FlaskClient) -> None:
    fields = good_form(ali)
    twice = [(name, value) for name, value in fields.items()] + [("people", "99"), ("day", "x")]
    body = "&".join(f"{name}={quote(value)}" for name, value in twice)
    kind = "application/x-www-form-urlencoded"
    assert ali.post(RESERVE, data=body, content_type=kind).status_code == 303
    many = "&".join(f"{name}={quote(value)}" for name, value in good_form(ali).items())
    answer = ali.post(RESERVE, data=many + "&people=4" * 300, content_type=kind)
    assert answer.status_code in (303, 413, 422)
    parts = {**good_form(ali), **{f"extra{n}": "x" for n in range(300)}}
    assert ali.post(RESERVE, data=parts, content_type="multipart/form-data").status_code == 413


def test_fields_that_are_not_in_the_form_change_nothing(ali: FlaskClient, world: World) -> None:
    extra = {
        "person_id": "1",
        "home_id": "1",
        "organisation_id": "1",
        "for_corporation": "1",
        "status": "declined",
        "version": "7",
        "visibility": "open",
        "role": "admin",
        "_method": "DELETE",
    }
    assert ali.post(RESERVE, data={**good_form(ali), **extra}).status_code == 303
    assert world.number("select count(*) from booking where status = 'confirmed' and version = 1") == 1
    assert world.number("select count(*) from booking where visibility = 'closed'") == 1
    assert world.number("select person_id from booking") == world.number(
        "select id from person where email = 'ali@proef.example'"
    )


@pytest.mark.parametrize("path", [RESERVE, "/inloggen"])
def test_ten_megabytes_are_too_much(ali: FlaskClient, world: World, path: str) -> None:
    answer = ali.post(path, data={**good_form(ali), "purpose": "z" * 10_000_000})
    assert answer.status_code == 413
    assert "Dit is te groot" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"people": 4}'),
        ("text/plain", b"people=4"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=people\r\n\r\n4"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"people=4"),
        ("\xff/\xff", b"people=4"),
        ("", b"people=4"),
        ("application/x-www-form-urlencoded", b""),
    ],
)
def test_other_content_type_is_malformed(ali: FlaskClient, kind: str, body: bytes) -> None:
    assert ali.post(RESERVE, data=body, content_type=kind).status_code == 400


def test_json_with_a_token_is_refused_in_words(ali: FlaskClient) -> None:
    """With a valid token only what a form says counts."""
    token = good_form(ali)["csrf_token"]
    answer = ali.post(RESERVE, json={"people": 4}, headers={"X-CSRFToken": token})
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "ontmoet=rubbish"},
        {"Cookie": "ontmoet="},
        {"Cookie": "ontmoet=" + "A" * 3_000 + ".x.y"},
        {"Cookie": "\xff=\xff; ontmoet-device=\xff\xfe; ; ="},
        {"Host": "evil.example"},
        {"Host": "["},
        {"Host": "localhost:99999999"},
        {"HX-Request": "true", "HX-Current-URL": "//evil.example/\\x"},
        {"HX-Request": "true", "HX-Current-URL": "\xff\xfe" * 100},
        {"HX-Request": "maybe", "HX-Target": "<script>", "HX-Trigger": "\xff"},
        {"Accept-Language": "xx-YY;q=nope,,,,"},
        {"Accept-Encoding": "*;q=-1"},
        {"If-None-Match": 'W/"'},
        {"If-Modified-Since": "yesterday"},
        {"Range": "bytes=9-1,-"},
        {"X-Forwarded-For": "1.2.3.4, ::x"},
        {"X-Forwarded-Host": "evil.example"},
        {"Authorization": "Basic \xff"},
        {"Content-Length": "-1"},
    ],
    ids=repr,
)
def test_garbage_in_headers_never_breaks_a_page(
    stranger: FlaskClient, world: World, answering: list[str], headers: dict[str, str]
) -> None:
    for path in answering:
        answer = world.hood.app.test_client(use_cookies=False).get(path, headers=headers)
        assert answer.status_code < 500, path
        assert "evil.example" not in answer.headers.get("Location", "").split("next=")[0]
    page = stranger.get("/inloggen").get_data(as_text=True)
    signing_in = {
        "csrf_token": token_in(page),
        "email": "ali@proef.example",
        "password": make.PASSWORD,
    }
    assert stranger.post("/inloggen", data=signing_in, headers=headers).status_code < 500


def test_head_with_a_form_in_it_changes_nothing(ali: FlaskClient, world: World) -> None:
    """HEAD needs no form token, so it may do no more than GET."""
    booking = world.hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    form = {**good_form(ali), "version": "1"}
    del form["csrf_token"]
    kind = "application/x-www-form-urlencoded"
    found = {
        path: ali.head(path, data=form, content_type=kind).status_code
        for path in every_path(world, "POST", booking)
    }
    assert world.number("select count(*) from booking") == 1
    assert world.number("select count(*) from booking where version > 1") == 0
    assert set(found.values()) <= {200, 302, 303, 403, 404, 405}, found


def test_wrong_methods_are_refused(ali: FlaskClient, world: World) -> None:
    booking = world.hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    form = good_form(ali)
    for path in every_path(world, "GET", booking):
        for method in ("PUT", "PATCH", "DELETE", "PROPFIND", "BREW"):
            answer = ali.open(path, method=method, data={"csrf_token": form["csrf_token"]})
            assert answer.status_code == 405, (method, path)
            assert "GET" in answer.headers["Allow"]
        assert ali.head(path).status_code == ali.get(path).status_code
        assert ali.options(path).status_code in (200, 302), path
    assert ali.get(f"/reserveringen/{booking}/afzeggen").status_code == 405
    assert world.number("select count(*) from booking where status = 'cancelled'") == 0
