"""Pieces of pages that many readers share: drawn once, and never for somebody they are not for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import render_template_string

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
