"""How bookings answer a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cast import Neighbourhood, booking_form, sign_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def test_resident_books_sees_it_in_the_agenda_and_cancels(client: FlaskClient, hood: Neighbourhood) -> None:
    sign_in(client, "noor")
    answer = client.post("/r/de-linde/reserveren", data=booking_form(client))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "is morgen van jou" in page.get_data(as_text=True)
    for query in ("week=2026-W48", "dag=2026-11-25", "maand=2026-11", "lijst="):
        agenda = client.get(f"/r/de-linde/agenda?{query}")
        assert agenda.status_code == 200
        public_id = answer.location.rsplit("/", 1)[1]
        assert f'data-booking="{public_id}"' in agenda.get_data(as_text=True), query
    for url in (
        "/",
        "/r/de-linde",
        "/mijn",
        f"{answer.location}/wijzigen",
        f"{answer.location}/agenda.ics",
    ):
        assert client.get(url).status_code == 200, url
