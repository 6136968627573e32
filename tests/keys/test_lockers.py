"""Lockers of groups: who has which, who may write it down, and what is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.keys.lockers import Wanted, lockers_in
from ontmoet.keys.retention import RETENTIONS
from tests.cast import sign_in
from tests.keys.box_deeds import a_locker, press
from tests.keys.deeds import a_key
from tests.watching import errors, rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

LIST = "/r/de-linde/sleutels/kastjes"
CARDS = Wanted(1, "Kaartclub", note="De schaakclub wil het ook.")


def said(hood: Neighbourhood) -> list[Wanted]:
    with hood.app.app_context():
        return [locker.says for locker in lockers_in(hood.linde)]


def test_helpers_see_whose_each_locker_is_and_only_keepers_read_of_a_dispute(hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("riet")
    a_locker(hood, hood.linde, Wanted(1, "Kaartclub", ring.copy.copy_id, "De schaakclub wil het ook."))
    shown = {}
    for who in ("bram", "sanne"):
        browser = hood.app.test_client()
        sign_in(browser, who)
        page = browser.get(LIST).get_data(as_text=True)
        shown[who] = " ".join(visible(page).split())
        with statements(hood.app) as seen:
            browser.get(LIST)
        assert len(seen) == 3
    for page in shown.values():
        assert "Kastje 1 Kaartclub Sinds 24 november 2026. Sleutel 1, bij Riet de Proef" in page
    assert ["De schaakclub" in shown[who] for who in ("bram", "sanne")] == [False, True]
    stranger = hood.app.test_client()
    sign_in(stranger, "noor")
    assert stranger.get(LIST).status_code == 403


def test_keeper_adds_changes_and_ends_a_locker(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    sign_in(client, "sanne")
    for fields, wrong in (
        ({"number": "0", "group_name": "Kaartclub"}, {"number": "Vul een getal in van 1 of meer."}),
        ({"number": "1000", "group_name": "Kaartclub"}, {"number": "Vul een getal in van 999 of minder."}),
        ({"number": "1", "group_name": ""}, {"group_name": "Vul dit in."}),
        ({"number": "1", "group_name": "x" * 81}, {"group_name": "Gebruik hier hoogstens 80 tekens."}),
        (
            {"number": "1", "group_name": "Kaartclub", "key_number": "7"},
            {"key_number": "Deze sleutel staat niet in de lijst. Kijk op het label, of laat dit leeg."},
        ),
    ):
        answer = press(client, f"{LIST}/nieuw", **fields)
        assert (answer.status_code, errors(answer.get_data(as_text=True))) == (422, wrong), fields
    for _ in range(2):
        answer = press(client, f"{LIST}/nieuw", number="1", group_name="Kaartclub", key_number="1")
        assert (answer.status_code, answer.location) == (303, LIST)
    assert said(hood) == [Wanted(1, "Kaartclub", ring.copy.copy_id)]
    taken = press(client, f"{LIST}/nieuw", number="1", group_name="Schaakclub")
    assert errors(taken.get_data(as_text=True)) == {"number": "Dit nummer is er al. Kies een ander nummer."}
    other = a_locker(hood, hood.linde, Wanted(2, "Schaakclub"))
    shown = client.get(f"{LIST}/{other}").get_data(as_text=True)
    assert 'value="Schaakclub"' in shown
    taken = press(client, f"{LIST}/{other}", number="1", group_name="Schaakclub")
    assert errors(taken.get_data(as_text=True)) == {"number": "Dit nummer is er al. Kies een ander nummer."}
    changed = press(client, f"{LIST}/{other}", number="3", group_name="Damclub", note="Sleutel zoek")
    assert (changed.status_code, said(hood)[1]) == (303, Wanted(3, "Damclub", None, "Sleutel zoek"))
    for _ in range(2):
        assert press(client, f"{LIST}/{other}/vrij").location == LIST
    assert [each.number for each in said(hood)] == [1]
    assert client.get(f"{LIST}/{other}").location == LIST
    assert client.get(f"/r/het-plein/sleutels/kastjes/{other}").status_code == 403
    assert [
        row[0] for row in rows(hood.app, "select action from audit where object_kind = 'locker' order by id")
    ] == ["locker_added", "locker_added", "locker_changed", "locker_ended"]


def test_host_sees_lockers_and_changes_none(client: FlaskClient, hood: Neighbourhood) -> None:
    locker = a_locker(hood, hood.linde, CARDS)
    sign_in(client, "bram")
    assert client.get(f"{LIST}/nieuw").status_code == 403
    assert client.get(f"{LIST}/{locker}").status_code == 403
    assert press(client, f"{LIST}/{locker}/vrij").status_code == 403
    assert said(hood) == [CARDS]


def test_locker_of_another_room_is_not_reached_through_the_own_one(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    of_plein = a_locker(hood, hood.plein, CARDS)
    sign_in(client, "sanne")
    assert client.get(f"{LIST}/{of_plein}").status_code == 404
    assert press(client, f"{LIST}/{of_plein}/vrij").status_code == 404


def test_database_gives_a_locker_to_one_group_at_a_time(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    a_locker(hood, hood.linde, CARDS)
    twice = (
        "insert into locker (public_id, room_id, number, group_name, note, since)"
        " select '0000000000', room_id, number, 'Schaakclub', '', since from locker"
    )
    with hood.app.app_context(), pytest.raises(IntegrityError), unit_of_work():
        execute(text(twice))


def test_locker_is_forgotten_a_year_after_it_is_free_and_never_while_it_is_in_use(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    free = a_locker(hood, hood.linde, CARDS)
    a_locker(hood, hood.linde, Wanted(2, "Schaakclub"))
    sign_in(client, "sanne")
    press(client, f"{LIST}/{free}/vrij")
    row = RETENTIONS[2]

    def forget() -> tuple[int, int]:
        before = clock.now() - row.term
        with hood.app.app_context():
            counted = row.count(before)
            with unit_of_work():
                return counted, row.forget(before)

    moment(row.term)
    assert forget() == (0, 0)
    moment(timedelta(days=1))
    assert forget() == (1, 1)
    assert [each.number for each in said(hood)] == [2]
