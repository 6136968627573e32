"""A room that is never open, or on odd hours, still has all its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ontmoet.db import execute, unit_of_work
from ontmoet.rooms.models import Opening
from tests import builders as make
from tests.cast import booking_form, sign_in
from tests.watching import visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

PATHS = (
    "/r/de-linde",
    "/r/de-linde/agenda?week=2026-W48",
    "/r/de-linde/agenda?dag=2026-11-25",
    "/r/de-linde/agenda?maand=2026-11",
    "/r/de-linde/agenda?lijst=",
    "/r/de-linde/reserveren",
    "/r/de-linde/reserveren?van=2026-11-25T14:00&tot=2026-11-25T16:00",
    "/mijn",
)


def shut(hood: Neighbourhood) -> None:
    opening = Opening.__table__
    with hood.app.app_context(), unit_of_work():
        execute(opening.delete().where(opening.c.room_id == hood.linde))


@pytest.mark.parametrize("path", PATHS)
def test_room_that_is_never_open_has_its_pages(client: FlaskClient, hood: Neighbourhood, path: str) -> None:
    hood.book("noor", "2026-11-25 20:00", "2026-11-25 22:00")
    shut(hood)
    sign_in(client, "noor")
    assert client.get(path).status_code == 200


def test_booking_in_a_room_that_is_never_open_is_refused_in_words(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "noor")
    form = booking_form(client)
    shut(hood)
    answer = client.post("/r/de-linde/reserveren", data=form)
    assert answer.status_code == 422
    assert "Op wo 25 nov is de ruimte dicht." in visible(answer.get_data(as_text=True))


def test_day_with_longer_hours_offers_them(client: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context():
        day = make.at("2026-12-31 12:00").date()
        make.make_opening_exception(room_id=hood.linde, day=day, opens=360, closes=1440)
    sign_in(client, "noor")
    page = client.get("/r/de-linde/reserveren?van=2026-12-31T22:00&tot=2026-12-31T24:00").get_data(
        as_text=True
    )
    assert "<option selected>22:00" in page
    assert "<option selected>24:00" in page
    assert '<option value="06:00">6:00' in page
