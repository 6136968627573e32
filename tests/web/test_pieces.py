"""Pieces of pages that many readers share: drawn once, and never for somebody they are not for."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import render_template_string
from flask_wtf.csrf import generate_csrf

from ontmoet.web.pieces import Piece
from tests.cast import sign_in
from tests.watching import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

SOURCE = "{% call shared(piece) %}<b>{{ word }}</b>{% endcall %}"
PAGES = ("", "/agenda", "/agenda?dag=2026-11-24", "/agenda?maand=2026-11", "/agenda?lijst=")


def drawn(piece: Piece | None, word: str) -> str:
    return render_template_string(SOURCE, piece=piece, word=word)


@pytest.fixture
def asked(app: Flask):
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("asked")
def test_piece_is_drawn_once_per_version_and_key_and_stays_markup() -> None:
    assert drawn(Piece("a", 1), "een") == "<b>een</b>"
    assert drawn(Piece("a", 1), "twee") == "<b>een</b>"
    assert drawn(Piece("b", 1), "twee") == "<b>twee</b>"
    assert drawn(Piece("a", 2), "drie & vier") == "<b>drie &amp; vier</b>"


@pytest.mark.usefixtures("asked")
def test_piece_for_one_reader_is_drawn_each_time() -> None:
    assert [drawn(None, "een"), drawn(None, "twee")] == ["<b>een</b>", "<b>twee</b>"]


@pytest.mark.usefixtures("asked")
def test_form_in_a_piece_has_the_token_of_who_reads_it() -> None:
    source = "{% call shared(piece, token) %}<i>{{ own_token }}</i>{% endcall %}"
    for piece in (Piece("form", 1), None):
        found = [
            render_template_string(source, piece=piece, token=token) for token in ("van-noor", "van-ali")
        ]
        assert found == ["<i>van-noor</i>", "<i>van-ali</i>"]


@pytest.mark.usefixtures("asked")
def test_piece_with_the_token_of_one_reader_is_a_fault() -> None:
    theirs = generate_csrf()
    for source in (
        "{% call shared(piece, token) %}{{ token }}{% endcall %}",
        "{% call shared(piece) %}{{ own_token }}{% endcall %}",
    ):
        with pytest.raises(AssertionError):
            render_template_string(source, piece=Piece(source, 1), token=theirs)


def test_shared_form_is_sent_by_each_of_its_readers(hood: Neighbourhood) -> None:
    sent = []
    for name in ("sanne", "mo"):
        client = hood.app.test_client()
        sign_in(client, name)
        page = client.get("/r/de-linde/openingstijden/feestdagen").get_data(as_text=True)
        tokens = set(re.findall(r'name="csrf_token" value="([^"]+)"', page))
        assert len(tokens) == 1
        fields = {"csrf_token": tokens.pop(), "first": "2026-12-25", "how": "shut", "reason": name}
        sent.append(client.post("/r/de-linde/openingstijden/dagen", data=fields).status_code)
    assert 400 not in sent


def everything(client: FlaskClient) -> dict[str, str]:
    return {part: visible(client.get(f"/r/de-linde{part}").get_data(as_text=True)) for part in PAGES}


def test_own_booking_is_seen_by_its_booker_alone(app: Flask, hood: Neighbourhood) -> None:
    hood.book("ali", "2026-11-24 19:00", "2026-11-24 21:00", purpose="Lezing over bijen")
    readers = {"": app.test_client(), **{name: app.test_client() for name in ("noor", "ali", "bram")}}
    for name, client in readers.items():
        if name:
            sign_in(client, name)
    for order in (("", "ali", "noor", "bram"), ("bram", "noor", "ali", "")):
        seen = {
            name: {part for part, page in everything(readers[name]).items() if "Lezing over bijen" in page}
            for name in order
        }
        # The month counts; it tells nobody what for.
        told = {part for part in PAGES if "maand" not in part}
        assert {name: told <= seen[name] for name in order if seen[name]} == {"ali": True, "bram": True}


def test_what_changed_is_seen_at_once_and_time_goes_on(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    before = everything(client)
    assert everything(client) == before
    hood.book("ali", "2026-11-24 19:00", "2026-11-24 21:00")
    booked = everything(client)
    assert [part for part in PAGES if booked[part] == before[part]] == []
    assert "nu, 14:05" in booked[""]
    moment(timedelta(minutes=1))
    assert "nu, 14:06" in everything(client)[""]
