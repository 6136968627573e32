"""What the tests of garbage send when it is none, and how they read the page that comes back."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from tests.builders import new_key
from tests.cast import booking_form

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.real.world import World

RESERVE = "/r/de-linde/reserveren"
MANY = "9" * 5_000


def good_form(ali: FlaskClient) -> dict[str, str]:
    return booking_form(ali, purpose="Thee op woensdag", people="3", idempotency_key=new_key())


def every_path(world: World, method: str, booking: str) -> list[str]:
    """Every address that takes the method, with parts that exist."""
    return list(every_rule(world, method, booking).values())


def every_rule(world: World, method: str, booking: str) -> dict[str, str]:
    """The same, by the rule of the application that each follows."""
    values = {
        "slug": "de-linde",
        "public_id": booking,
        "other_id": booking,
        "code": "een-oude-code",
        "what": "mensen",
    }
    paths = {}
    with world.hood.app.test_request_context():
        for rule in world.hood.app.url_map.iter_rules():
            if method in (rule.methods or ()):
                _host, path = rule.build({name: values[name] for name in rule.arguments}) or ("", "")
                paths[rule.rule] = path
    return paths


class _Page(HTMLParser):
    """The ids of a page, what describes what, and every value in a control."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.described: dict[str, list[str]] = {}
        self.values: list[str] = []
        self.links: list[str] = []
        self.texts: dict[str, str] = {}
        self._inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("id")
        if name:
            self.ids.append(name)
            self.described[name] = (found.get("aria-describedby") or "").split()
            self.texts[name] = ""
            self._inside.append(name)
        if found.get("value") is not None:
            self.values.append(found["value"] or "")
        if tag == "a":
            self.links.append(found.get("href") or "")

    def handle_data(self, data: str) -> None:
        for name in self._inside[-3:]:
            self.texts[name] += data
        if data.strip():
            self.values.append(data)


def refused(answer: TestResponse, at: str | None) -> None:
    """422, in words, at the field: an element that the field says describes it, and on top of the page."""
    assert answer.status_code == 422, (answer.status_code, words(answer))
    page = _Page(answer.get_data(as_text=True))
    assert len(page.ids) == len(set(page.ids)), "ids occur once"
    assert 'role="alert"' in answer.get_data(as_text=True)
    if at is not None:
        assert f"{at}-error" in page.described[at], f"nothing is said at {at}: {words(answer)}"
        sentence = page.texts[f"{at}-error"].strip()
        assert re.match(r"[A-Z].{8,}[.!?]", sentence), sentence
        assert not re.search(r"Not a valid|This field|Invalid", sentence)
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids, f"{link} leads nowhere"


def values_of(answer: TestResponse) -> list[str]:
    return _Page(answer.get_data(as_text=True)).values


def words(answer: TestResponse) -> str:
    """The sentences of a page, for the message of a test that fails."""
    page = answer.get_data(as_text=True)
    found = re.findall(r'(?:-error"|om-error-summary).*?</(?:p|section)>', page, re.DOTALL)
    return f"{answer.status_code}: " + " | ".join(unescape(re.sub(r"<[^>]+>", " ", part)) for part in found)
