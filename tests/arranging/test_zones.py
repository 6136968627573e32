"""Zones come and go, and what is booked stays right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.arranging import zones
from ontmoet.arranging.rules import Reason
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from ontmoet.kernel.objections import Refused
from ontmoet.portal.checking import faults
from ontmoet.rooms.queries import room_by_id
from tests.arranging.deeds import press
from tests.cast import sign_in
from tests.watching import inputs, rows, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

ZONES, ZONE = "/r/de-linde/inrichting/zones", "/r/de-linde/inrichting/zone?deel=keuken"
HELD = "select zone_id from occupancy where booking_id = (select id from booking where public_id = :booked)"


def add(hood: Neighbourhood, name: str = "Serre", capacity: int = 10) -> None:
    actor = hood.actor("sanne")
    with hood.app.app_context(), unit_of_work():
        zones.add_zone(hood.linde, name, capacity, actor=actor, now=clock.now())


def form_of(client: FlaskClient) -> dict[str, str]:
    """The form of the kitchen, as it stands."""
    return inputs(client.get(ZONE).get_data(as_text=True))


def test_new_zone_is_held_by_what_has_the_whole_room(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    whole = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", zone="")
    part = hood.book("noor", "2026-11-26 14:00", "2026-11-26 16:00", zone="keuken")
    add(hood)
    assert len(rows(hood.app, HELD, booked=whole)) == 3
    assert len(rows(hood.app, HELD, booked=part)) == 1
    with pytest.raises(Refused):
        hood.book("ali", "2026-11-25 15:00", "2026-11-25 17:00", zone="serre")
    hood.book("ali", "2026-11-26 15:00", "2026-11-26 17:00", zone="serre")
    with hood.app.app_context():
        assert faults() == []


def test_zone_that_is_booked_stays_and_the_page_says_what_stands_in_the_way(hood: Neighbourhood) -> None:
    booked = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", zone="keuken")
    client = hood.app.test_client()
    sign_in(client, "sanne")
    page = client.get(ZONE).get_data(as_text=True)
    assert f'href="/reserveringen/{booked}"' in page
    assert "Noor" not in visible(page)
    assert press(client, ZONE, step="remove").status_code == 422
    press(client, f"/reserveringen/{booked}/afzeggen", reason="defect")
    assert press(client, ZONE, step="remove").location == ZONES
    with hood.app.app_context():
        assert [zone.slug for zone in room_by_id(hood.linde).zones] == ["grote-zaal"]


def test_whole_room_does_without_the_zone_that_went(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    whole = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", zone="")
    actor = hood.actor("sanne")
    with hood.app.app_context():
        kitchen = next(zone for zone in room_by_id(hood.linde).zones if zone.slug == "keuken")
        with unit_of_work():
            zones.remove_zone(hood.linde, kitchen.zone_id, actor=actor, now=clock.now())
        with pytest.raises(Refused) as refused, unit_of_work():
            zones.remove_zone(
                hood.linde, room_by_id(hood.linde).zones[0].zone_id, actor=actor, now=clock.now()
            )
    assert refused.value.objections[0].reason is Reason.LAST_ZONE
    assert len(rows(hood.app, HELD, booked=whole)) == 1


def test_zone_too_large_without_a_name_or_with_one_that_is_there_is_refused(hood: Neighbourhood) -> None:
    for name, capacity, reason in (
        ("Serre", 99, Reason.LARGER_THAN_ROOM),
        ("keuken", 8, Reason.NAME_TAKEN),
        ("!!", 8, Reason.NO_NAME_IN_ADDRESS),
    ):
        with pytest.raises(Refused) as refused:
            add(hood, name, capacity)
        assert [objection.reason for objection in refused.value.objections] == [reason]


def test_booking_that_no_longer_fits_is_listed_and_goes_on(hood: Neighbourhood) -> None:
    booked = hood.book("noor", "2026-11-25 14:00", "2026-11-25 16:00", zone="keuken", people=8)
    client = hood.app.test_client()
    sign_in(client, "sanne")
    assert client.post(ZONE, data={**form_of(client), "capacity": "4"}).location == ZONES
    page = client.get(ZONES).get_data(as_text=True)
    assert f'href="/reserveringen/{booked}"' in page
    assert "te weinig plaats" in page
    assert rows(hood.app, "select status from booking")[0].status == "confirmed"


def test_agenda_still_shows_what_was_in_a_zone_that_went(hood: Neighbourhood) -> None:
    hood.book("noor", "2026-11-24 15:00", "2026-11-24 16:00", zone="keuken")
    client = hood.app.test_client()
    sign_in(client, "sanne")
    with hood.app.app_context(), unit_of_work():
        execute(text("update zone set ended_at = live_at from room where zone.slug = 'keuken'"))
    for view in ("?dag=2026-11-24", "?week=2026-W48", "?maand=2026-11", "?lijst="):
        assert client.get(f"/r/de-linde/agenda{view}").status_code == 200


def test_second_of_two_who_change_a_zone_sees_what_changed_and_decides(hood: Neighbourhood) -> None:
    first, second = hood.app.test_client(), hood.app.test_client()
    sign_in(first, "sanne")
    sign_in(second, "mo")
    begun = form_of(second)
    assert (
        first.post(ZONE, data={**form_of(first), "name": "Grote keuken", "capacity": "6"}).location == ZONES
    )
    refused = second.post(ZONE, data={**begun, "capacity": "5"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Een ander veranderde dit net. Hier staat nu wat die ander koos." in visible(page)
    assert "Een ander veranderde dit net in: ‘6’." in visible(page)
    again = inputs(page)
    assert (again["name"], again["capacity"]) == ("Grote keuken", "5")
    assert second.post(ZONE, data=again).location == ZONES
    assert rows(hood.app, "select name, capacity from zone where slug = 'keuken'") == [("Grote keuken", 5)]
