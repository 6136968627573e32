"""What of the form to reserve is drawn once for many: everybody sees what they would have seen alone."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from ontmoet.db import db, execute, unit_of_work
from ontmoet.rooms.models import Zone
from ontmoet.web import pieces
from tests import builders as make
from tests.cast import booking_form, sign_in
from tests.watching import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from markupsafe import Markup

    from tests.cast import Neighbourhood

URL = "/r/de-linde/reserveren"
SENT: dict[str, dict[str, str]] = {
    "taken": {},
    "taken, as others write it": {"starts": " 14:00", "people": " 4 ", "purpose": "  "},
    "with a purpose": {"purpose": "Verrassing voor Bets"},
    "a number, as others write it": {"people": " 4 "},
    "no time": {"starts": "kwart over acht"},
    "a time between": {"starts": "14:07"},
    "no number": {"people": "vier"},
    "no people": {"people": ""},
    "too many people": {"people": "400"},
    "another part": {"zone": "keuken"},
    "no such part": {"zone": "de zolder van Bets"},
    "past": {"day": "2026-11-20"},
    "in the evening": {"starts": "19:00", "ends": "21:00"},
    "long purpose": {"purpose": "x" * 81},
}
NEW_EACH_TIME = re.compile(r'(?<=csrf-token" content=")[^"]+|(?<=csrf_token" value=")[^"]+|[\w-]{22}(?=">)')
TYPED = ("Bets", "kwart over acht", "vier", "xxx", "> 14:00", '" 4', '"  "')
ASKED = (
    "",
    "?van=2026-11-25T14:00&tot=2026-11-25T16:00",
    "?day=2026-11-25&starts=15:00&ends=17:00&zone=keuken&people=2",
    "?day=2026-11-25&starts=kwart&ends=17:00&zone=zolder&people=veel",
)


@pytest.fixture
def readers(hood: Neighbourhood) -> dict[str, FlaskClient]:
    """Two neighbours; the afternoon and the evening that they want are taken."""
    for zone in ("grote-zaal", "keuken"):
        hood.book("bram", "2026-11-25 14:00", "2026-11-25 16:00", zone=zone)
    hood.book("bram", "2026-11-25 19:00", "2026-11-25 21:00")
    clients = {name: hood.app.test_client() for name in ("noor", "ali")}
    for name, client in clients.items():
        sign_in(client, name)
    return clients


def test_everybody_sees_what_they_would_have_seen_alone(
    readers: dict[str, FlaskClient], hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=2, quota_from=18 * 60)
    hood.book("ali", "2026-11-26 19:00", "2026-11-26 21:00")
    sent = {name: booking_form(client) for name, client in readers.items()}

    def seen() -> dict[tuple[str, str], str]:
        pages = {}
        for (what, fields), name in itertools.product(SENT.items(), readers):
            answer = readers[name].post(URL, data=sent[name] | fields)
            assert answer.status_code == 422, (what, name)
            pages[what, name] = answer.get_data(as_text=True)
        for query, name in itertools.product(ASKED, readers):
            pages[query, name] = readers[name].get(URL + query).get_data(as_text=True)
        return {asked: NEW_EACH_TIME.sub("", page) for asked, page in pages.items()}

    together, once_more = seen(), seen()
    monkeypatch.setattr(pieces._drawn, "recall", lambda _key, _version, read: read())
    alone = seen()
    assert together == alone
    assert once_more == alone
    assert alone["in the evening", "noor"] != alone["in the evening", "ali"]


def test_who_wants_the_same_sees_what_was_drawn_for_the_first(
    readers: dict[str, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = {name: booking_form(client) for name, client in readers.items()}
    drawn: list[str] = []
    recall = pieces._drawn.recall

    def noting(key: tuple[tuple[str, int], str], version: object, read: Callable[[], Markup]) -> Markup:
        (part, *_), _language = key
        return recall(key, version, lambda: drawn.append(part) or read())

    monkeypatch.setattr(pieces._drawn, "recall", noting)
    for name, parts in (("noor", ["days", "starts", "preview", "zone", "people"]), ("ali", [])):
        assert readers[name].post(URL, data=sent[name] | SENT["another part"]).status_code == 422
        assert drawn == parts
        drawn.clear()


def test_what_is_said_of_one_neighbour_is_not_said_of_the_next(
    readers: dict[str, FlaskClient], hood: Neighbourhood
) -> None:
    helper = hood.app.test_client()
    sign_in(helper, "bram")
    sent = booking_form(helper)
    for name, asks in (("noor", "Kan Noor alleen"), ("ali", "Kan Ali alleen"), ("noor", "Kan Noor alleen")):
        page = helper.post(URL, data=sent | {"voor": hood.public_id(name)}).get_data(as_text=True)
        assert re.findall(r"Kan \w+ alleen", page) == [asks]


def test_way_to_the_house_rules_and_back_is_that_of_ones_own_wish(
    readers: dict[str, FlaskClient], hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    for name, people in (("noor", "2"), ("ali", "3")):
        wish = {"day": "2026-11-30", "starts": "14:00", "ends": "16:00", "zone": "keuken", "people": people}
        page = readers[name].get(URL, query_string=wish).get_data(as_text=True)
        assert re.findall(r"huisregels\?next=[^\"]*people%3D(\d)", page) == [people]


def test_room_that_became_smaller_is_smaller_for_the_next(
    readers: dict[str, FlaskClient], hood: Neighbourhood
) -> None:
    assert "tot 8 mensen" in readers["noor"].get(URL).text
    with hood.app.app_context(), unit_of_work():
        execute(update(Zone.__table__).values(capacity=6).where(Zone.__table__.c.slug == "keuken"))
    assert re.findall(r"tot [68] mensen", readers["ali"].get(URL).text) == ["tot 6 mensen"]


def in_memory(hood: Neighbourhood) -> str:
    """All that is kept of pages of this neighbourhood, and what it is made of."""
    with hood.app.app_context():
        return repr(pieces._drawn._per_engine[db.engine])


def test_nothing_that_was_typed_stays_in_memory(readers: dict[str, FlaskClient], hood: Neighbourhood) -> None:
    sent = booking_form(readers["noor"])
    for what, fields in SENT.items():
        readers["noor"].post(URL, data=sent | fields)
        kept = in_memory(hood)
        assert "om-slotbar" in kept
        assert [word for word in TYPED if word in kept] == [], what


def test_nothing_that_is_said_of_somebody_stays_in_memory(hood: Neighbourhood) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=2, quota_from=18 * 60)
    noors = hood.book("noor", "2026-11-25 19:00", "2026-11-25 21:00")
    helper = hood.app.test_client()
    sign_in(helper, "bram")
    for page in (f"{URL}?voor={hood.public_id('noor')}", f"/reserveringen/{noors}/wijzigen"):
        assert "het adres van Noor" in visible(helper.get(page).text), page
    assert "om-field" in in_memory(hood)
    assert "Noor" not in in_memory(hood)
