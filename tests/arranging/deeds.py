"""What the tests of arranged rooms do again and again."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from tests import builders as make
from tests.cast import token_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

SHEET = "/r/de-linde/inrichting"


def sheet_fields(page: str) -> dict[str, str]:
    """What the form of a room would send as it stands."""
    fields = {"csrf_token": token_in(page)}
    form = page[page.index('name="seen"') - 400 :]
    for name in ("seen", "version", "address", "town", "area_m2", "capacity", "welcome", "key_note"):
        found = re.search(rf'<input[^>]*name="{name}"[^>]*>', form)
        if found:
            value = re.search(r'value="([^"]*)"', found[0])
            fields[name] = unescape(value[1]) if value else ""
    for name in ("emergency_door", "emergency_water", "emergency_power"):
        found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\s*([^<]*)</textarea>', form)
        fields[name] = unescape(found[1]) if found else ""
    for name in ("typology", "door", "access_policy", "key_plan", "contact"):
        found = re.search(rf'<input type="radio" name="{name}"[^>]*value="([^"]*)" checked>', form)
        if found:
            fields[name] = found[1]
    return fields


def save(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Open the form, change these fields and send it."""
    return client.post(path, data={**sheet_fields(client.get(path).get_data(as_text=True)), **fields})


def press(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form that has nothing but these fields."""
    return client.post(
        path, data={"csrf_token": token_in(client.get("/mijn").get_data(as_text=True)), **fields}
    )


def add_room(client: FlaskClient, **fields: str) -> TestResponse:
    """Add a room by its form, as somebody who tapped once unless a key is given."""
    return press(client, "/corporatie/beheer/ruimtes/nieuw", **{"idempotency_key": make.new_key(), **fields})
