"""Nobody is ever sent off the site."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest

from ontmoet.web.redirects import LONGEST, safe_path

TRICKS = (
    "//kwaad.example",
    "////kwaad.example",
    "/\\kwaad.example",
    "\\\\kwaad.example",
    "/\\/kwaad.example",
    "\\/kwaad.example",
    "http:/kwaad.example",
    "https:kwaad.example",
    "https://kwaad.example",
    "HTTPS://kwaad.example",
    "//kwaad.example@localhost/",
    "https://localhost@kwaad.example/",
    "/\t/kwaad.example",
    "/\n/kwaad.example",
    "/\r\nLocation: //kwaad.example",
    "\t//kwaad.example",
    " //kwaad.example",
    "/ /kwaad.example",
    "/\x00/kwaad.example",
    "/\x7f/kwaad.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "kwaad.example",
    ".//kwaad.example",
    "?next=//kwaad.example",
    "#//kwaad.example",
    "",
    "/" + "a" * LONGEST,
)


@pytest.mark.parametrize("raw", TRICKS)
def test_trick_is_no_path(raw: str) -> None:
    assert safe_path(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        "/",
        "/mijn",
        "/r/de-linde/reserveren?van=2026-11-24T14:00&tot=2026-11-24T16:00",
        "/zoek?q=//geen.host",
        "/a/../b",
        "/%2F%2Fkwaad.example",
        "/" + "a" * (LONGEST - 1),
    ],
)
def test_path_of_this_site_is_taken_as_it_is_and_stays_here(raw: str) -> None:
    assert safe_path(raw) == raw
    assert urlsplit(urljoin("http://hier.example/inloggen", raw)).netloc == "hier.example"


def test_no_path_is_no_path() -> None:
    assert safe_path(None) is None
