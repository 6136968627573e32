"""A host does it for a neighbour who has no phone, and the neighbour keeps the last word (GE-04)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests import builders as make
from tests.cast import sign_in, token_in
from tests.journeys.test_a_resident_books import follow, sent
from tests.watching import inputs, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

FIND, RESERVE = "/r/de-linde/namens", "/r/de-linde/reserveren"
PAPER = "/r/de-linde/huisregels/op-papier"


def test_ge_04_a_host_books_for_a_neighbour_who_signs_on_paper_and_cancels_later(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    sign_in(client, "bram")
    door = client.get("/r/de-linde").get_data(as_text=True)
    page = follow(client, door, "Regel iets voor een buur")
    page = sent(client, FIND, csrf_token=token_in(page), name="noor")
    form = follow(client, page, "Noor de Proef")
    assert "Noor doet nog niet mee met de huisregels." in form

    paper = follow(client, form, "Naar de huisregels om te tekenen")
    signed = paper.split(f'action="{PAPER}"', 1)[1]
    form = sent(client, PAPER, **inputs(f"novalidate>{signed}"))
    assert "Opgeschreven: Noor de Proef doet mee met de huisregels." in form
    assert "Voor Noor de Proef" in form
    booked = sent(client, RESERVE, **inputs(form))
    assert "Gelukt. Je hebt dit geregeld voor Noor de Proef." in booked
    assert "Voor Noor de Proef" in follow(client, booked, "Druk een briefje af")

    noor = hood.app.test_client()
    sign_in(noor, "noor")
    mine = noor.get("/mijn").get_data(as_text=True)
    assert "gedaan door Bram" in visible(mine)
    own = follow(noor, mine, "Vandaag")
    assert "Gedaan door Bram" in own
    [away] = re.findall(r'action="(/reserveringen/\w+/afzeggen)"', own)
    assert "Afgezegd. De tijd is weer vrij voor anderen." in sent(noor, away, csrf_token=token_in(own))
    # What she did last is hers, and no longer among what Bram did for others.
    assert "Noor" not in visible(client.get(FIND).get_data(as_text=True))
