"""The public pages about privacy and accessibility say what is so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.my_data.wording import term_in_words
from ontmoet.portal.about import kept_texts
from ontmoet.portal.retention import RETENTIONS
from tests.cast import sign_in
from tests.watching import statements, visible

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

PAGES = ("/privacy", "/toegankelijkheid")


def words_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return visible(answer.get_data(as_text=True))


@pytest.mark.parametrize(
    ("days", "words"), [(1, "1 dag"), (90, "90 dagen"), (365, "1 jaar"), (730, "2 jaar")]
)
def test_term_is_said_in_words(app: Flask, days: int, words: str) -> None:
    assert term_in_words(timedelta(days=days)) == words


def test_page_about_privacy_says_what_is_carried_out(client: FlaskClient, hood: Neighbourhood) -> None:
    words = words_of(client, "/privacy")
    for row, text in zip(RETENTIONS, kept_texts().values(), strict=True):
        assert term_in_words(row.term) in text.how_long
        assert text.what in words
        assert text.how_long in words
    assert "Woonstichting De Proef is verantwoordelijk voor je gegevens." in words
    assert "Bel 0800 555 00 00" in words


def test_names_of_retentions_differ() -> None:
    assert len({row.name for row in RETENTIONS}) == len(RETENTIONS)


def test_page_names_the_cookies_that_are_set(client: FlaskClient, hood: Neighbourhood) -> None:
    words = words_of(client, "/privacy")
    sign_in(client, "noor")
    names = {cookie.key for cookie in client._cookies.values()}
    assert len(names) == 2
    assert [name for name in names if name not in words] == []


@pytest.mark.parametrize("path", PAGES)
def test_page_is_there_before_the_house_is_filled(client: FlaskClient, path: str) -> None:
    assert "geen telefoonnummer ingevuld" in words_of(client, path)


@pytest.mark.parametrize("path", PAGES)
def test_page_asks_little_of_the_database(hood: Neighbourhood, client: FlaskClient, path: str) -> None:
    with statements(hood.app) as asked:
        client.get(path)
    assert len(asked) == 1


def test_every_page_leads_to_them(client: FlaskClient, hood: Neighbourhood) -> None:
    for path in ("/", "/r/de-linde", "/inloggen", "/bestaat-niet"):
        page = client.get(path).get_data(as_text=True)
        assert [there for there in PAGES if f'href="{there}"' not in page] == []


def test_page_about_accessibility_is_honest(client: FlaskClient, hood: Neighbourhood) -> None:
    words = words_of(client, "/toegankelijkheid")
    assert "C: eerste maatregelen genomen." in words
    assert "Een onafhankelijk bureau heeft nog niet gekeken." in words
    assert "Voor het laatst bekeken op 24 november 2026." in words
    assert "Bel 0800 555 00 00" in words
