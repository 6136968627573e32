"""The scanner: a page that may use the camera, and the code that can always be typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ontmoet.keys.tags import tag_code
from ontmoet.web.headers import SECURITY_HEADERS
from tests.cast import sign_in, token_in
from tests.keys.deeds import a_key
from tests.watching import statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood
    from tests.keys.deeds import Ring

CAMERA = {"Content-Security-Policy", "Permissions-Policy"}


def typed(client: FlaskClient, text: str) -> TestResponse:
    token = token_in(client.get("/scan").get_data(as_text=True))
    return client.post("/scan", data={"csrf_token": token, "code": text})


def label_of(ring: Ring) -> str:
    key = ring.app.extensions["ontmoet_config"].token_key
    return tag_code(ring.public_id, ring.copy.tag_edition, key=key)


def test_camera_and_webassembly_are_allowed_on_this_page_and_nowhere_else(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    assert client.get("/scan").location == "/inloggen?next=/scan"
    sign_in(client, "noor")
    for answer in (client.get("/scan"), typed(client, "onzin")):
        policy = dict(
            part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
        )
        assert policy.pop("media-src") == "mediastream:"
        assert policy.pop("script-src") == "'self' 'wasm-unsafe-eval'"
        usual = dict(SECURITY_HEADERS)
        strict = dict(part.strip().split(" ", 1) for part in usual["Content-Security-Policy"].split(";"))
        assert policy == {name: value for name, value in strict.items() if name != "script-src"}
        assert answer.headers["Permissions-Policy"] == "camera=(self), geolocation=(), microphone=()"
        for name, value in usual.items():
            assert answer.headers.getlist(name) == [value] or name in CAMERA
            assert len(answer.headers.getlist(name)) == 1
    for path in ("/mijn/sleutels", "/mijn", "/niet-hier"):
        answer = client.get(path)
        assert {name: answer.headers[name] for name in CAMERA} == {name: usual[name] for name in CAMERA}


@pytest.mark.parametrize("written", ["{}", " {} ", "https://evil.example/s/{}", "/s/{}/"])
def test_typed_code_opens_its_own_page_here(client: FlaskClient, hood: Neighbourhood, written: str) -> None:
    sign_in(client, "bram")
    label = label_of(a_key(hood))
    assert typed(client, written.format(label.upper())).location == f"/s/{label}"
    assert client.get(f"/s/{label}").status_code == 303


def test_label_of_another_room_opens_the_page_of_a_found_key(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "fatma")
    found = client.get(typed(client, label_of(a_key(hood))).location)
    assert (found.status_code, "Een sleutel gevonden?" in found.get_data(as_text=True)) == (200, True)


def test_whoever_finds_a_key_sees_first_whom_to_call(client: FlaskClient, hood: Neighbourhood) -> None:
    found = client.get(f"/s/{label_of(a_key(hood))}").get_data(as_text=True)
    assert "Is het jouw sleutel?" in found
    assert re.findall(r'<a class="[^"]*--primary-action[^>]* href="([^"]*)"', found) == ["tel:08005550000"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Vul dit in."),
        ("hallo?", "Dit is geen code van een label."),
        ("javascript:alert(1)", "Dit is geen code van een label."),
        ("https://ontmoet.example/k/abcdefgh", "Dit is een strippenkaart. Die werkt hier nog niet."),
        (f"/k/{'0' * 28}/", "Dit is een strippenkaart. Die werkt hier nog niet."),
        ("0" * 27, "Dit is geen code van een label."),
        ("u" * 28, "Dit is geen code van een label."),
        ("x" * 200_000, "Gebruik hier hoogstens 120 tekens."),
    ],
)
def test_what_can_be_no_code_stays_in_the_field_with_a_sentence(
    client: FlaskClient, hood: Neighbourhood, text: str, sentence: str
) -> None:
    sign_in(client, "noor")
    answer = typed(client, text)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in visible(page)
    assert f'value="{text}"' in page


def test_ten_megabytes_are_refused_before_they_are_read(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "noor")
    answer = typed(client, "x" * 10_000_000)
    assert (answer.status_code, "Maak de tekst korter" in answer.get_data(as_text=True)) == (413, True)


def test_scanner_is_found_where_keys_are_and_costs_one_statement(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    a_key(hood)
    sign_in(client, "bram")
    for path in ("/mijn/sleutels", "/r/de-linde/sleutels"):
        assert 'href="/scan"' in client.get(path).get_data(as_text=True)
    with statements(hood.app) as seen:
        client.get("/scan")
    assert len(seen) == 1
