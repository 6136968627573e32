"""A resident reads the house rules before the first booking, and again after they changed (HR-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import builders as make
from tests.cast import sign_in
from tests.journeys.test_a_resident_books import follow, sent
from tests.watching import inputs

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

RESERVE = "/r/de-linde/reserveren"
HOUSE_RULES = "/r/de-linde/huisregels"


def fields_of(page: str) -> dict[str, str]:
    """What the form with the button on the page of house rules sends."""
    form = page.split(f'action="{HOUSE_RULES}"', 1)[1]
    return inputs(f"novalidate>{form}")


def test_hr_02_before_the_first_booking_and_again_after_a_change(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    sign_in(client, "noor")
    form = client.get(f"{RESERVE}?van=2026-11-26T10:00&tot=2026-11-26T11:30").get_data(as_text=True)
    assert "Lees eerst de huisregels." in form

    rules = follow(client, form, "Naar de huisregels")
    assert "Na 22:00 uur is het stil." in rules
    form = sent(client, HOUSE_RULES, **fields_of(rules))
    assert "Fijn dat je meedoet." in form
    assert "Lees eerst de huisregels." not in form
    fields = inputs(form)
    assert (fields["day"], fields["starts"], fields["ends"]) == ("2026-11-26", "10:00", "11:30")
    booked = sent(client, RESERVE, **fields)
    assert "Gelukt, Noor." in booked
    assert "Na 22:00 uur is het stil." in follow(client, booked, "Huisregels van 24 november 2026")

    with hood.app.app_context():
        make.make_rules(room_id=hood.linde, number=2, body="Na 21:30 uur is het stil.")
    form = client.get(RESERVE).get_data(as_text=True)
    rules = follow(client, form, "Naar de huisregels")
    assert "Dit is veranderd" in rules
    assert "Het is nu later stil. Dat wilden de buren." in rules
    form = sent(client, HOUSE_RULES, **fields_of(rules))
    assert "Gelukt, Noor." in sent(client, RESERVE, **inputs(form))
