"""What a form does not ask for changes nothing, whoever sends it and wherever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import sign_in, token_in
from tests.joining.deeds import a_letter
from tests.joining.test_views import send
from tests.journeys.test_sweep import ROOMS, Asker, book, guarded_routes, object_of
from tests.watching import rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

SMUGGLED = {
    "id": "1",
    "person_id": "6",
    "home_id": "4",
    "room_id": "2",
    "complex_id": "2",
    "organisation_id": "1",
    "function": "administrator",
    "functions": "administrator",
    "role": "administrator",
    "is_contact": "y",
    "is_admin": "1",
    "granted_by_id": "6",
    "guardian_id": "6",
    "merged_into_id": "6",
    "erased_at": "0",
    "live_at": "0",
    "access_policy": "hirers",
    "for_corporation": "1",
    "quota": "99",
    "uses_left": "99",
    "version": "99",
}
WHO_MAY_WHAT = {
    "role": "select person_id, room_id, organisation_id, function, is_contact, until from role order by id",
    "residency": "select person_id, home_id, since, until from residency order by id",
    "right_of_use": "select room_id, complex_id, home_id from right_of_use order by id",
    "home": "select complex_id, address_name from home order by id",
    "room": "select slug, access_policy, complex_id, live_at, key_plan from room order by id",
    "use_rule": "select room_id, kind, quota from use_rule order by id",
    "person": "select id, guardian_id, erased_at, merged_into_id from person order by id",
}


def standing(hood: Neighbourhood) -> dict[str, list[tuple[object, ...]]]:
    """All that decides who may what."""
    return {table: [tuple(row) for row in rows(hood.app, query)] for table, query in WHO_MAY_WHAT.items()}


@pytest.mark.parametrize("who", ["noor", "bram", "riet"])
def test_no_form_of_any_page_takes_more_than_it_asks(hood: Neighbourhood, who: str) -> None:
    booked = {slug: book(hood, booker, slug) for slug, booker in ROOMS.items()}
    browser = Asker(hood, who)
    before = standing(hood)
    for path, method, _permission in guarded_routes(hood):
        if method != "POST":
            continue
        for slug, booker in ROOMS.items():
            of_path = object_of(hood, path, booker=booker, booked=booked[slug])
            filled = path.replace("<slug:slug>", slug).replace("<public_id:public_id>", of_path)
            browser.ask(method, filled, **SMUGGLED)
    assert standing(hood) == before


def test_who_joins_gets_the_home_of_the_letter_and_nothing_else(hood: Neighbourhood) -> None:
    before = standing(hood)
    assert send(hood.app.test_client(), a_letter(hood), **SMUGGLED).status_code == 303
    after = standing(hood)
    new = {table: [row for row in after[table] if row not in before[table]] for table in WHO_MAY_WHAT}
    [(henk, guardian, erased, merged)] = new.pop("person")
    assert (guardian, erased, merged) == (None, None, None)
    [(who, home, _since, until)] = new.pop("residency")
    [(noors,)] = rows(hood.app, "select id from home where address_name = 'linde-14b'")
    assert (who, home, until) == (henk, noors, None)
    assert {table: found for table, found in new.items() if found} == {}


def test_who_books_or_corrects_their_data_stays_who_they_are(hood: Neighbourhood) -> None:
    client = hood.app.test_client()
    sign_in(client, "noor")
    before = standing(hood)
    token = token_in(client.get("/mijn").get_data(as_text=True))
    corrected = {"csrf_token": token, "name": "Noor Anders", "phone": "06 5550 0101", **SMUGGLED}
    assert client.post("/mijn/gegevens/wijzigen", data=corrected).status_code == 303
    wish = {
        "csrf_token": token,
        "idempotency_key": "k" * 20,
        "day": "2026-11-25",
        "starts": "14:00",
        "ends": "16:00",
        "zone": "grote-zaal",
        "people": "4",
        "purpose": "",
        **SMUGGLED,
    }
    assert client.post("/r/de-linde/reserveren", data=wish).status_code == 303
    assert standing(hood) == before
    [(person_id, home_id, for_corporation, entered_by)] = rows(
        hood.app, "select person_id, home_id, for_corporation, entered_by_id from booking"
    )
    assert (person_id, bool(for_corporation), entered_by) == (hood.people["noor"], False, hood.people["noor"])
    assert rows(hood.app, "select id from home where address_name = 'linde-14b'") == [(home_id,)]
