"""KB-01, KB-02: a key goes from the cabinet to one booker and the next, stays away, gets lost, is found."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.keys.reminding import remind_of_keys
from ontmoet.keys.rules import CABINET, LOST, person
from ontmoet.keys.tags import tag_code
from tests import builders as make
from tests.cast import sign_in, token_in
from tests.keys.deeds import Ring, told
from tests.watching import rows, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

LIST = "/r/de-linde/sleutels"


def seen(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(visible(answer.get_data(as_text=True)).split())


def press(client: FlaskClient, key: str, deed: str, **fields: str) -> str:
    """Press a button of the key's page as it stands now; the page after it."""
    page = client.get(f"/sleutels/{key}").get_data(as_text=True)
    custody = re.search(r'name="custody" value="(\d+)"', page)
    assert custody is not None
    sent = {"csrf_token": token_in(page), "custody": custody[1], **fields}
    answer = client.post(f"/sleutels/{key}/{deed}", data=sent)
    assert answer.status_code == 303, visible(answer.get_data(as_text=True))
    return answer.location


def browser_of(hood: Neighbourhood, name: str) -> FlaskClient:
    client = hood.app.test_client()
    sign_in(client, name)
    return client


def test_key_from_cabinet_to_two_bookers_to_overdue_to_lost_to_found(
    hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    sanne, bram, noor, ali = (browser_of(hood, name) for name in ("sanne", "bram", "noor", "ali"))

    # Staff put the key in the list and print its tag.
    new = {
        "csrf_token": token_in(sanne.get(f"{LIST}/nieuw").get_data(as_text=True)),
        "idempotency_key": make.new_key(),
    }
    sanne.post(f"{LIST}/nieuw", data={**new, "opens": "Voordeur", "how_many": "1"})
    [(key,)] = rows(hood.app, "select public_id from key_copy")
    ring = Ring(hood, key)
    code = tag_code(key, 1, key=hood.app.extensions["ontmoet_config"].token_key)
    assert code[:4].upper() in seen(sanne, f"{LIST}/labels")

    # Noor is first: Bram scans the tag and gives it in one tap. She says that it is so.
    first = hood.book("noor", "2026-11-24 15:00", "2026-11-24 17:00")
    second = hood.book("ali", "2026-11-24 17:00", "2026-11-24 19:00")
    assert bram.get(f"/s/{code}").location == f"/sleutels/{key}"
    press(bram, key, "geef", turn=first)
    assert "Sleutel 1 is bij jou" in seen(noor, f"/reserveringen/{first}")
    press(noor, key, "klopt")
    assert ring.now.is_one_sided is False

    # Ali comes next and may know where it is; Noor passes it on without learning who he is.
    moment(timedelta(hours=3))
    assert "Nu bij Noor de Proef" in seen(ali, f"/sleutels/{key}")
    assert "Ali" not in seen(noor, f"/sleutels/{key}")
    press(noor, key, "geef", turn=second)
    assert ring.now.holder == person(hood.people["ali"])
    assert noor.get(f"/sleutels/{key}").status_code == 404

    # It was due at 20:00. Ali is asked kindly, then Bram hears of it and sees it on top of his list.
    moment(timedelta(hours=8))
    with hood.app.app_context(), unit_of_work():
        remind_of_keys(clock.now())
    assert told(hood)[-2:] == [("key_late", "ali"), ("key_late_for_keeper", "bram")]
    keys = seen(bram, LIST)
    assert keys.index("Te laat") < keys.index("Sleutel 1")

    # Ali lost it. Whoever finds it reads whom to call, and nobody can take it back unseen.
    press(ali, key, "kwijt")
    assert ring.now.holder == LOST
    stranger = hood.app.test_client()
    found = seen(stranger, f"/s/{code}")
    assert "0800 555 00 00" in found
    assert "Linde" not in found
    assert "Neem terug" not in seen(bram, f"/sleutels/{key}")

    # The finder called. Bram puts it in the cabinet, and the whole way can be read.
    press(bram, key, "gevonden")
    assert ring.now.holder == CABINET
    assert ring.breaks() == []
    history = seen(bram, f"/sleutels/{key}/hiervoor")
    way = ["kwijt gemeld", "Uitgegeven aan Ali", "Uitgegeven aan Noor", "In het kastje gelegd"]
    places = [history.casefold().index(words.casefold()) for words in way]
    assert places == sorted(places), "the latest first"
