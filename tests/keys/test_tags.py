"""The tag on a key: for a finder it says whom to call; for who may know it opens the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.db import unit_of_work
from ontmoet.kernel.tokens import CODE_LENGTH, code_in
from ontmoet.keys.register import renew_tag
from ontmoet.keys.tags import is_tag, tag_code
from tests.builders import at
from tests.cast import sign_in
from tests.fixtures import TUESDAY
from tests.keys.deeds import a_key
from tests.watching import rows, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood
    from tests.keys.deeds import Ring

TOKEN_KEY = "another secret that only tests use, only here"


def code_of(ring: Ring) -> str:
    return tag_code(ring.public_id, ring.copy.tag_edition, key=TOKEN_KEY)


def test_code_proves_one_edition_of_one_copy_and_no_other() -> None:
    code = tag_code("0123456789", 1, key=TOKEN_KEY)
    assert (len(code), code_in(code.upper())) == (CODE_LENGTH, code)
    assert is_tag(code, "0123456789", 1, key=TOKEN_KEY)
    for public_id, edition, key in (
        ("0123456788", 1, TOKEN_KEY),
        ("0123456789", 2, TOKEN_KEY),
        ("0123456789", 1, TOKEN_KEY + "!"),
    ):
        assert not is_tag(code, public_id, edition, key=key)


def test_finder_reads_whom_to_call_and_never_which_door(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    real = client.get(f"/s/{code_of(ring)}")
    page = real.get_data(as_text=True)
    assert real.status_code == 200
    assert "0800 555 00 00" in page
    secrets = ("Linde", "linde", "voordeur", "Bram", "Sanne", ring.public_id)
    shown = page.replace(f"/s/{code_of(ring)}", "")
    assert [word for word in secrets if word in shown] == []
    other_proof = code_of(ring)[:-1] + ("0" if code_of(ring)[-1] != "0" else "1")
    for code in ("0" * CODE_LENGTH, "onzin", other_proof):
        other = client.get(f"/s/{code}")
        assert (other.status_code, "0800 555 00 00" in other.get_data(as_text=True)) == (404, True)
        assert "/scan" not in other.get_data(as_text=True), "who found one has no label to read again"
    sign_in(client, "bram")
    again = client.get(f"/s/{other_proof}").get_data(as_text=True)
    assert 'href="/scan"' in again, "one letter of a long code is soon another"


def test_tag_opens_the_key_for_who_may_know_and_for_no_other_neighbour(hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=at("2026-11-24 18:00"))
    found = {}
    for name in ("noor", "bram", "sanne", "ali", "fatma", "mo"):
        browser = hood.app.test_client()
        sign_in(browser, name)
        answer = browser.get(f"/s/{code_of(ring)}")
        found[name] = (answer.status_code, answer.location)
    here = (303, f"/sleutels/{ring.public_id}")
    assert found == {
        "noor": here,
        "bram": here,
        "sanne": here,
        "ali": (200, None),
        "fatma": (200, None),
        "mo": (200, None),
    }


def test_old_tag_opens_nothing_any_more(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    old = code_of(ring)
    with hood.app.app_context(), unit_of_work():
        renew_tag(ring.copy, actor_id=hood.people["sanne"], now=TUESDAY)
    sign_in(client, "bram")
    assert client.get(f"/s/{old}").status_code == 404
    assert client.get(f"/s/{code_of(ring)}").status_code == 303


def test_without_keys_nothing_is_printed_and_the_way_to_them_is_shown(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    sign_in(client, "sanne")
    page = client.get("/r/de-linde/sleutels/labels").get_data(as_text=True)
    assert "Er staan nog geen sleutels in de lijst." in page
    assert 'href="/r/de-linde/sleutels/nieuw"' in page
    assert "Druk af" not in page


def test_sheet_has_a_tag_for_each_key_and_tells_no_door(client: FlaskClient, hood: Neighbourhood) -> None:
    rings = [a_key(hood), a_key(hood)]
    sign_in(client, "sanne")
    page = client.get("/r/de-linde/sleutels/labels").get_data(as_text=True)
    sheet = page.split('class="om-key-tags"', 1)[1].split("</ul>", 1)[0]
    assert sheet.count("<svg") == 2
    for ring in rings:
        assert code_of(ring).upper()[:4] in visible(sheet)
    assert "Linde" not in sheet
    assert "voordeur" not in sheet
    assert rows(hood.app, "select count(*) from key_copy where tag_edition = 1")[0][0] == 2
