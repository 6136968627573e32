"""A key that is taken from a code box by who booked, alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ontmoet.keys.rules import CABINET, person
from tests import builders as make
from tests.builders import at
from tests.cast import sign_in
from tests.keys import box_deeds
from tests.keys.box_deeds import set_box
from tests.keys.deeds import a_key, told
from tests.keys.test_key_views import page_of, press
from tests.watching import rows, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

BUTTON = "Ik heb de sleutel gepakt"


def test_booker_takes_a_key_from_the_box_alone_and_a_second_press_changes_nothing(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    set_box(hood)
    ring = a_key(hood)
    seen = ring.now.custody_id
    booked = hood.book("noor", "2026-11-24 14:30", "2026-11-24 17:00")
    sign_in(client, "noor")
    shown = box_deeds.press(client, f"/reserveringen/{booked}/code").text
    assert f'href="/sleutels/{ring.public_id}"' in shown
    assert BUTTON in visible(page_of(client, ring))
    for _ in range(2):
        answer = press(client, ring, "pak", seen=seen)
        assert (answer.status_code, answer.location) == (303, f"/sleutels/{ring.public_id}")
    held = ring.now
    assert (held.holder, held.due_at, held.booking_id) == (
        person(hood.people["noor"]),
        at("2026-11-24 18:00"),
        1,
    )
    assert (held.recorded_by_id, held.is_one_sided, told(hood)) == (hood.people["noor"], False, [])
    assert BUTTON not in visible(page_of(client, ring))
    assert len(ring.history) == 1
    other = a_key(hood)
    assert press(client, other, "pak").status_code == 404, "one booking takes one key"
    again = box_deeds.press(client, f"/reserveringen/{booked}/code").text
    assert "Welke sleutel pak je?" not in visible(again)


def test_key_is_taken_alone_only_around_a_booking_and_only_from_a_box(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    ring = a_key(hood)
    hood.book("noor", "2026-11-24 14:40", "2026-11-24 15:40")
    sign_in(client, "noor")
    moment(timedelta(minutes=5))
    assert BUTTON not in visible(page_of(client, ring))
    assert press(client, ring, "pak").status_code == 403, "there is no box"
    set_box(hood)
    moment(timedelta(seconds=-1))
    assert press(client, ring, "pak").status_code == 403, "too early"
    moment(timedelta(seconds=1))
    assert BUTTON in visible(page_of(client, ring))
    moment(timedelta(minutes=90))
    assert press(client, ring, "pak").status_code == 404, "it is over"
    assert ring.now.holder == CABINET


def test_key_in_a_box_is_not_for_other_neighbours_nor_taken_by_helpers_this_way(hood: Neighbourhood) -> None:
    set_box(hood)
    ring = a_key(hood)
    hood.book("noor", "2026-11-24 14:30", "2026-11-24 17:00")
    found = {}
    for who in ("ali", "fatma", "riet", "bram", "sanne"):
        browser = hood.app.test_client()
        sign_in(browser, who)
        found[who] = press(browser, ring, "pak").status_code
    assert found == {"ali": 404, "fatma": 404, "riet": 404, "bram": 403, "sanne": 403}
    assert ring.now.holder == CABINET


def test_who_is_second_at_the_box_is_told(client: FlaskClient, hood: Neighbourhood) -> None:
    set_box(hood)
    ring = a_key(hood)
    seen = ring.now.custody_id
    hood.book("noor", "2026-11-24 14:30", "2026-11-24 17:00")
    ring.give("ali", due_at=at("2026-11-24 18:00"))
    sign_in(client, "noor")
    for custody in (seen, ring.now.custody_id):
        answer = press(client, ring, "pak", seen=custody)
        assert (answer.status_code, "Kijk hoe het nu is." in visible(answer.text)) == (409, True)
    assert ring.now.holder == person(hood.people["ali"])


def test_who_does_not_go_along_with_the_rules_takes_no_key(client: FlaskClient, hood: Neighbourhood) -> None:
    set_box(hood)
    ring = a_key(hood)
    hood.book("noor", "2026-11-24 14:30", "2026-11-24 17:00")
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    sign_in(client, "noor")
    answer = press(client, ring, "pak")
    assert (answer.status_code, "Lees eerst de huisregels" in visible(answer.text)) == (422, True)
    assert ring.now.holder == CABINET
    assert rows(hood.app, "select count(*) from custody")[0][0] == 1
