"""The crawl: whoever somebody is, every link they see leads to a page that is there and sound."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from ontmoet.people.personas import PASSWORD, PERSONAS, PIN_PERSONAS
from tests.cast import token_in

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.routing import MapAdapter

    Kind = tuple[str | None, ...]

MOST_OF_A_KIND, MOST_TURNED = 2, 1
"""Pages of one room that differ only in an id; and in what is asked of them, as the day of an agenda: turning
its pages has no end.
"""


TOLD = re.compile(
    r"<!--.*?-->"
    r"|<(?P<tag>[a-z][a-z0-9-]*)"
    r'|\s(?P<name>href|id|hx-target|for|aria-labelledby|aria-describedby|lang)="(?P<value>[^"]*)"',
    re.DOTALL,
)
"""All that a crawl needs to know of a page. Our pages put what they say in double quotes, and text has none;
to read them as a browser does took longer than to make them.
"""


class Links:
    """What a crawl needs to know of a page."""

    def __init__(self, page: str) -> None:
        self.links: list[str] = []
        self.ids: Counter[str] = Counter()
        self.targets: list[str] = []
        self.labels: list[str] = []
        self.headings = 0
        self.has_language = False
        tag = ""
        for found in TOLD.finditer(page):
            if found["tag"]:
                tag = found["tag"]
                self.headings += tag == "h1"
            elif found["name"]:
                self._told(tag, found["name"], unescape(found["value"]))

    def _told(self, tag: str, name: str, value: str) -> None:
        match name:
            case "id":
                self.ids[value] += 1
            case "href" if tag == "a":
                self.links.append(value)
            case "hx-target":
                self.targets.append(value)
            case "for" | "aria-labelledby":
                self.labels.append(value)
            case "aria-describedby":
                self.labels += value.split()
            case "lang" if tag == "html":
                self.has_language = value == "nl"

    def faults(self) -> list[str]:
        faults = [f"id {name} twice" for name, number in self.ids.items() if number > 1]
        faults += [f"no {name} to label" for name in self.labels if name not in self.ids]
        faults += [f"no target {name}" for name in self.targets if name.strip("#") not in self.ids]
        if self.headings != 1:
            faults.append(f"{self.headings} h1")
        if not self.has_language:
            faults.append("no language")
        return faults


class Waiting:
    """Where a crawl still goes: to every page once, and to a few of those that are of one kind."""

    def __init__(self, addresses: MapAdapter) -> None:
        self.paths = ["/"]
        self.kinds: Counter[Kind] = Counter()
        self._addresses = addresses
        self._met = {"/"}

    def add(self, link: str, on: str) -> None:
        # Most links stand on every page, as a whole path already.
        if link in self._met or (path := urldefrag(urljoin(on, link)).url) in self._met:
            return
        self._met.add(path)
        target = urlsplit(path)
        if target.scheme or target.netloc:
            return
        kind = self._kind(target)
        if self.kinds[kind] < (MOST_TURNED if target.query else MOST_OF_A_KIND):
            self.kinds[kind] += 1
            self.paths.append(path)

    def _kind(self, target: SplitResult) -> Kind:
        """The view, the room and the questions asked; a link that leads nowhere is a kind of its own."""
        try:
            view, named = self._addresses.match(target.path, method="GET")
        except HTTPException:
            return (target.path,)
        return view, named.get("slug"), *(part.split("=")[0] for part in target.query.split("&"))


def crawl(client: FlaskClient) -> dict[str, list[str]]:
    """The faults of every page that can be reached from the start, by path."""
    waiting, found = Waiting(client.application.url_map.bind("")), {}
    while waiting.paths:
        path = waiting.paths.pop(0)
        answer = client.get(path)
        if answer.status_code in (302, 303):
            waiting.add(answer.location, path)
            continue
        if answer.status_code != 200:
            found[path] = [f"status {answer.status_code}"]
            continue
        if answer.mimetype != "text/html":
            continue
        page = Links(answer.get_data(as_text=True))
        if faults := page.faults():
            found[path] = faults
        for link in page.links:
            waiting.add(link, path)
    assert waiting.kinds.total() > 15
    return found


@pytest.mark.parametrize("name", ["nobody", "Henk", *(persona.given_name for persona in PERSONAS)])
def test_every_link_leads_to_a_sound_page(demo_app: Flask, moment: object, name: str) -> None:
    client = demo_app.test_client()
    if name == "Henk":
        token = token_in(client.get("/inloggen/adres").get_data(as_text=True))
        henk = PIN_PERSONAS[0]
        by_pin = {"address_name": henk.address_name, "nickname": henk.nickname, "pin": henk.pin}
        answer = client.post("/inloggen/adres", data={"csrf_token": token, **by_pin})
        assert answer.status_code == 303
    elif name != "nobody":
        page = client.get("/inloggen").get_data(as_text=True)
        fields = {
            "csrf_token": token_in(page),
            "email": f"{name.lower()}@demo.example",
            "password": PASSWORD,
        }
        assert client.post("/inloggen", data=fields).status_code == 303
    assert crawl(client) == {}
