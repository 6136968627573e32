"""Keys as a browser gets them: who sees which, and what the buttons do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.keys.rules import CABINET, LOST, Holder, HolderKind, person
from tests import builders as make
from tests.builders import at
from tests.cast import sign_in, token_in
from tests.keys.box_deeds import set_box
from tests.keys.deeds import a_key, numbers_of, told
from tests.watching import statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood
    from tests.keys.deeds import Ring

LIST = "/r/de-linde/sleutels"
DUE = at("2026-11-24 18:00")


def page_of(client: FlaskClient, ring: Ring) -> str:
    answer = client.get(f"/sleutels/{ring.public_id}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def before(client: FlaskClient, ring: Ring) -> str:
    """The page with who had it before."""
    answer = client.get(f"/sleutels/{ring.public_id}/hiervoor")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def press(
    client: FlaskClient, ring: Ring, deed: str, *, seen: int | None = None, **fields: str
) -> TestResponse:
    """A form of the key's page, as it stood when `seen` was the custody."""
    custody = ring.now.custody_id if seen is None else seen
    token = token_in(client.get("/mijn").get_data(as_text=True))
    return client.post(
        f"/sleutels/{ring.public_id}/{deed}", data={"csrf_token": token, "custody": str(custody), **fields}
    )


def test_keeper_gives_it_to_whose_turn_it_is_in_two_taps(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    booking = hood.book("noor", "2026-11-24 15:00", "2026-11-24 17:00")
    sign_in(client, "bram")
    listed = client.get(LIST).get_data(as_text=True)
    assert f'href="/sleutels/{ring.public_id}"' in listed
    shown = page_of(client, ring)
    assert f'name="turn" value="{booking}"' in shown
    assert "Geef aan Noor" in visible(shown)
    answer = press(client, ring, "geef", turn=booking)
    assert (answer.status_code, answer.location) == (303, f"/sleutels/{ring.public_id}")
    assert (ring.now.holder, ring.now.due_at) == (person(hood.people["noor"]), DUE)
    after = visible(page_of(client, ring))
    assert "Nu bij Noor de Proef" in " ".join(after.split())
    assert "Gegeven aan Noor de Proef, terug voor vandaag 18:00\u00a0uur." in after
    assert "Terug voor vandaag 18:00" in after
    assert "Te laat" not in visible(client.get(LIST).get_data(as_text=True))


def test_two_turns_of_one_person_are_told_apart_to_who_hears_them(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    hood.book("noor", "2026-11-24 15:00", "2026-11-24 17:00")
    sign_in(client, "bram")
    once = page_of(client, ring)
    assert '<span class="om-hidden-text"> vandaag' not in once
    hood.book("noor", "2026-11-25 10:00", "2026-11-25 12:00")
    twice = page_of(client, ring)
    for deed in ("Geef aan Noor", "Een andere tijd voor Noor"):
        for when in ("vandaag 15:00–17:00\u00a0uur", "morgen 10:00–12:00\u00a0uur"):
            assert twice.count(f'{deed}<span class="om-hidden-text"> {when}</span>') == 1


def test_late_key_stands_on_top_with_a_number_to_call(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    moment(timedelta(hours=5))
    sign_in(client, "bram")
    assert "Te laat" in visible(client.get(LIST).get_data(as_text=True))
    assert "te laat" in visible(page_of(client, ring))


def test_key_comes_back_with_how_the_room_was(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    sign_in(client, "bram")
    for fields, sentence in (
        ({}, "Kies hoe de ruimte is achtergelaten."),
        ({"condition": "vies"}, "Kies hoe de ruimte is achtergelaten."),
        ({"condition": "note"}, "Schrijf kort op wat er is."),
        ({"condition": "note", "note": "x" * 201}, "Gebruik hier hoogstens 200 tekens."),
    ):
        answer = press(client, ring, "neem", **fields)
        assert (answer.status_code, sentence in visible(answer.get_data(as_text=True))) == (422, True), fields
    assert ring.now.holder != CABINET
    assert press(client, ring, "neem", condition="note", note="Lamp stuk").status_code == 303
    assert "Teruggenomen." in visible(page_of(client, ring))
    assert "‘Lamp stuk’" in visible(before(client, ring))


def test_holder_says_it_is_so_brings_it_back_or_reports_it_lost(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    sign_in(client, "noor")
    shown = visible(page_of(client, ring))
    assert "Nu bij jou" in shown
    assert "Klopt dit?" in shown
    assert "hiervoor" not in shown, "who had it before is not for her"
    assert client.get(f"/sleutels/{ring.public_id}/hiervoor").status_code == 403
    assert press(client, ring, "klopt").status_code == 303
    assert "Klopt dit?" not in visible(page_of(client, ring))
    assert press(client, ring, "geef", who="Iemand", due="never").status_code == 400
    seen = ring.now.custody_id
    answer = press(client, ring, "kwijt", seen=seen)
    assert (answer.status_code, answer.location) == (303, "/mijn/sleutels"), "its page is not for her now"
    assert "Opgeschreven." in visible(client.get("/mijn/sleutels").get_data(as_text=True))
    assert press(client, ring, "kwijt", seen=seen).location == "/mijn/sleutels", "a second tap"
    assert ring.now.holder == LOST
    assert client.get(f"/sleutels/{ring.public_id}").status_code == 404, "she has it no more"


def test_who_says_not_to_have_it_reads_who_hears_so(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    sign_in(client, "noor")
    assert press(client, ring, "klopt-niet").status_code == 303
    shown = visible(page_of(client, ring))
    assert "Opgeschreven. Bram de Proef hoort dat dit niet klopt." in shown
    assert "Jij zei dat dit niet klopt." in shown
    bram = hood.app.test_client()
    sign_in(bram, "bram")
    assert "Volgens deze persoon klopt dit niet." in visible(page_of(bram, ring))


def test_holder_passes_it_on_without_learning_who_comes_next(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    booking = hood.book("ali", "2026-11-24 17:00", "2026-11-24 19:00")
    sign_in(client, "noor")
    shown = page_of(client, ring)
    assert "Ali" not in visible(shown)
    assert "Wie hierna komt: vandaag 17:00–19:00" in visible(shown)
    seen = ring.now.custody_id
    answer = press(client, ring, "geef", turn=booking, seen=seen)
    assert (answer.status_code, answer.location) == (303, "/mijn/sleutels"), "its page is not for her now"
    own = visible(client.get("/mijn/sleutels").get_data(as_text=True))
    assert "Opgeschreven." in own
    assert "Ali" not in own
    again = press(client, ring, "geef", turn=booking, seen=seen)
    assert (again.status_code, again.location) == (303, "/mijn/sleutels")
    assert ring.now.holder == person(hood.people["ali"])
    assert told(hood)[-1] == ("key_given", "ali")
    assert press(client, ring, "geef", turn=booking).status_code == 404, "this one she never had"


@pytest.mark.parametrize(
    ("who", "status"), [("ali", 404), ("fatma", 404), ("riet", 404), ("sanne", 200), ("mo", 404)]
)
def test_only_those_who_may_know_see_where_a_key_is(
    client: FlaskClient, hood: Neighbourhood, who: str, status: int
) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    sign_in(client, who)
    assert client.get(f"/sleutels/{ring.public_id}").status_code == status


def test_who_comes_next_may_know_from_a_day_before(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    hood.book("ali", "2026-11-25 19:00", "2026-11-25 20:00")
    sign_in(client, "ali")
    assert client.get(f"/sleutels/{ring.public_id}").status_code == 404
    moment(timedelta(hours=5))
    shown = visible(page_of(client, ring))
    assert "Nu bij Noor de Proef" in " ".join(shown.split())
    assert press(client, ring, "neem", condition="good").status_code == 403
    assert press(client, ring, "kwijt").status_code == 403
    assert press(client, ring, "klopt").status_code == 403


def test_second_tap_is_the_first_and_the_second_person_is_told(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    mine = hood.book("noor", "2026-11-24 15:00", "2026-11-24 17:00")
    other = hood.book("ali", "2026-11-24 17:00", "2026-11-24 19:00")
    seen = ring.now.custody_id
    sign_in(client, "bram")
    for _ in range(2):
        assert press(client, ring, "geef", turn=mine, seen=seen).status_code == 303
    assert press(client, ring, "geef", turn=other, seen=seen).status_code == 409
    colleague = hood.app.test_client()
    sign_in(colleague, "sanne")
    late = press(colleague, ring, "geef", turn=mine, seen=seen)
    assert (late.status_code, "geen sleutel meer te geven" in visible(late.get_data(as_text=True))) == (
        409,
        True,
    )
    answer = press(colleague, ring, "neem", seen=seen, condition="good")
    assert (answer.status_code, "Kijk hoe het nu is." in visible(answer.get_data(as_text=True))) == (
        409,
        True,
    )
    assert ring.now.holder == person(hood.people["noor"])
    seen = ring.now.custody_id
    assert [press(client, ring, "neem", seen=seen, condition="good").status_code for _ in range(2)] == [
        303,
        303,
    ]
    assert len(ring.history) == 2


def test_key_goes_to_somebody_found_by_name_or_written_down(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    sign_in(client, "bram")
    shown = press(client, ring, "aan-iemand-anders", name="Ali")
    assert shown.location == f"/sleutels/{ring.public_id}/aan-iemand-anders?gevonden"
    found = client.get(shown.location).get_data(as_text=True)
    assert f'name="person" value="{hood.public_id("ali")}"' in found
    assert "<title>1 persoon gevonden – " in found
    refused = press(client, ring, "geef", person=hood.public_id("ali"))
    assert "Kies wanneer de sleutel terug moet." in visible(refused.get_data(as_text=True))
    stranger = press(client, ring, "geef", person=hood.public_id("fatma"), due="tomorrow")
    assert (stranger.status_code, ring.now.holder) == (422, CABINET)
    assert press(client, ring, "geef", person=hood.public_id("ali"), due="never").status_code == 303
    assert (ring.now.holder, ring.now.due_at) == (person(hood.people["ali"]), None)
    nobody = press(client, a_key(hood), "geef", due="tonight")
    assert "schrijf een naam op" in visible(nobody.get_data(as_text=True))
    third = a_key(hood)
    assert press(client, third, "geef", who="Loodgieter", due="tonight").status_code == 303
    assert third.now.holder == Holder(HolderKind.OTHER, name="Loodgieter")


def test_who_was_chosen_is_still_chosen_when_the_time_has_to_be_mended(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    sign_in(client, "bram")
    press(client, ring, "aan-iemand-anders", name="proef")
    chosen = {"person": hood.public_id("ali"), "due": "other", "due_day": "2026-11-01", "due_time": "10:00"}
    page = press(client, ring, "geef", **chosen).get_data(as_text=True)
    assert "Die tijd is al voorbij." in visible(page)
    assert "<title>Fout: Sleutel" in page
    assert f'name="person" value="{hood.public_id("ali")}" checked' in page
    assert f'name="person" value="{hood.public_id("noor")}">' in page
    assert 'name="who"' not in page
    page = press(client, ring, "geef", due="tonight").get_data(as_text=True)
    assert "Kies wie de sleutel krijgt, of schrijf een naam op." in visible(page)
    assert f'name="person" value="{hood.public_id("noor")}">' in page
    assert 'name="who"' in page
    forged = {**chosen, "person": hood.public_id("fatma"), "due": "never"}
    assert "Fatma" not in visible(press(client, ring, "geef", **forged).get_data(as_text=True))


def test_who_owes_the_house_rules_is_one_tap_away_from_signing_them(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    booking = hood.book("noor", "2026-11-24 15:00", "2026-11-24 17:00")
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde)
    sign_in(client, "bram")
    path = f"/r/de-linde/huisregels/op-papier?voor={hood.public_id('noor')}"
    path += f"&next=%2Fsleutels%2F{ring.public_id}"
    by_turn = press(client, ring, "geef", turn=booking)
    by_name = press(client, ring, "geef", person=hood.public_id("noor"), due="tomorrow")
    for answer in (by_turn, by_name):
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert f'href="{path.replace("&", "&amp;")}"' in page
        assert "Naar de huisregels om te tekenen" in visible(page)
    sheet = client.get(path).get_data(as_text=True)
    form = {"csrf_token": token_in(sheet), "voor": hood.public_id("noor"), "number": "1"}
    assert f'name="next" value="/sleutels/{ring.public_id}"' in sheet
    form["next"] = f"/sleutels/{ring.public_id}"
    signed = client.post("/r/de-linde/huisregels/op-papier", data=form)
    assert (signed.status_code, signed.location) == (303, f"/sleutels/{ring.public_id}")
    assert press(client, ring, "geef", turn=booking).status_code == 303
    mine = press(client, a_key(hood), "geef", person=hood.public_id("bram"), due="tomorrow")
    assert "/r/de-linde/huisregels?next=" in mine.get_data(as_text=True), "one's own are read, not signed"


def test_register_is_for_who_keeps_keys_and_forged_fields_change_nothing(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    sign_in(client, "bram")
    assert client.get(f"{LIST}/nieuw").status_code == 403
    for custody in ("1" * 20, "٣", "", "-1"):
        assert press(client, ring, "neem", custody=custody, condition="good").status_code == 400, custody
    assert press(client, ring, "geef", turn="0000000000").status_code == 409
    staff = hood.app.test_client()
    sign_in(staff, "sanne")
    token = token_in(staff.get(f"{LIST}/nieuw").get_data(as_text=True))
    for fields in (
        {"opens": "", "how_many": "2"},
        {"opens": "Deur", "how_many": "0"},
        {"opens": "D", "how_many": "51"},
    ):
        new = {"csrf_token": token, "idempotency_key": make.new_key(), **fields}
        assert staff.post(f"{LIST}/nieuw", data=new).status_code == 422
    new |= {"opens": "Kelder", "how_many": "2"}
    for _ in range(2):
        answer = staff.post(f"{LIST}/nieuw", data=new)
        assert (answer.status_code, numbers_of(hood)) == (303, [1, 2, 3]), "a second tap is the first"
    other = staff.post(f"{LIST}/nieuw", data={**new, "how_many": "3"})
    page = other.get_data(as_text=True)
    assert (other.status_code, numbers_of(hood)) == (422, [1, 2, 3])
    assert "al gebruikt voor iets anders" in visible(page)
    assert new["idempotency_key"] not in page


def test_who_had_it_before_stands_on_a_page_of_its_own(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    sign_in(client, "bram")
    assert "lag tot nu toe in het kastje" in visible(before(client, ring))
    for _ in range(4):
        ring.give("noor", due_at=DUE)
        ring.take_back()
    assert "Wie had hem hiervoor" in visible(page_of(client, ring))
    assert before(client, ring).count("om-when") == 8
    assert "<title>Wie had sleutel 1 hiervoor? – " in before(client, ring)


def test_who_had_it_before_comes_in_leaves_the_latest_first(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    sign_in(client, "bram")
    for _ in range(10):
        ring.give("noor", due_at=DUE)
        ring.take_back()
    assert before(client, ring).count("om-when") == 20
    assert "Pagina’s" not in before(client, ring), "twenty need no leaves"
    ring.give("ali", due_at=DUE)
    ring.take_back()
    path = f"/sleutels/{ring.public_id}/hiervoor"
    first, second = before(client, ring), client.get(f"{path}?pagina=2").get_data(as_text=True)
    assert (first.count("om-when"), second.count("om-when")) == (20, 2)
    assert ("Ali" in first, "Ali" in second) == (True, False)
    assert ('href="?pagina=2#hiervoor" rel="next"' in first, "Vorige" in first) == (True, False)
    assert ('href="?pagina=1#hiervoor" rel="prev"' in second, "Volgende" in second) == (True, False)
    assert "<title>Wie had sleutel 1 hiervoor? Pagina 2 van 2 – " in second
    assert "Pagina 2 van 2" in client.get(f"{path}?pagina=9").get_data(as_text=True)
    with statements(hood.app) as seen:
        client.get(f"{path}?pagina=2")
    assert len(seen) == 3


def test_page_shows_whose_turn_it_is_and_all_who_come_after_when_asked(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    for hour in (15, 16, 17, 18):
        hood.book("noor", f"2026-11-24 {hour}:00", f"2026-11-24 {hour}:45")
    sign_in(client, "bram")
    assert page_of(client, ring).count('name="turn"') == 3
    everybody = client.get(f"/sleutels/{ring.public_id}?beurten=alle").get_data(as_text=True)
    assert everybody.count('name="turn"') == 4
    assert ("Wie daarna komt" in page_of(client, ring), "Wie daarna komt" in everybody) == (True, False)


def test_pages_of_keys_cost_the_same_few_statements(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    for _ in range(5):
        ring.give("noor", due_at=DUE)
        ring.take_back()
        a_key(hood)
    sign_in(client, "bram")
    client.get(LIST)
    counts = []
    for path in (LIST, f"/sleutels/{ring.public_id}", f"/sleutels/{ring.public_id}/hiervoor"):
        with statements(hood.app) as seen:
            assert client.get(path).status_code == 200
        counts.append(len(seen))
    assert counts == [3, 3, 3]


def test_deeds_cost_few_statements(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    with hood.app.app_context():
        version_id = make.make_rules(room_id=hood.linde)
        for who in ("noor", "ali"):
            make.make_acceptance(person_id=hood.people[who], rules_version_id=version_id)
    set_box(hood)
    ring = a_key(hood)
    first = hood.book("noor", "2026-11-24 14:30", "2026-11-24 15:30")
    second = hood.book("ali", "2026-11-24 15:30", "2026-11-24 17:00")
    people = {}
    for who in ("bram", "noor"):
        people[who] = hood.app.test_client()
        sign_in(people[who], who)
    people["bram"].get(LIST)
    confirming = 6 if hood.app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql") else 5
    for who, deed, fields, cost in (
        ("bram", "geef", {"turn": first}, 8),
        ("noor", "klopt", {}, confirming),
        ("noor", "neem", {"condition": "good"}, 6),
        ("noor", "pak", {}, 7),
        ("bram", "geef", {"turn": second}, 8),
        ("bram", "neem", {"condition": "good"}, 6),
        ("bram", "geef", {"who": "Loodgieter", "due": "tonight"}, 5),
        ("bram", "geef", {"person": hood.public_id("noor"), "due": "tomorrow"}, 7),
        ("bram", "kwijt", {}, 7),
        ("bram", "gevonden", {}, 5),
    ):
        token = token_in(people[who].get("/mijn").get_data(as_text=True))
        form = {"csrf_token": token, "custody": str(ring.now.custody_id), **fields}
        with statements(hood.app) as seen:
            answer = people[who].post(f"/sleutels/{ring.public_id}/{deed}", data=form)
        assert (answer.status_code, len(seen)) == (303, cost), (who, deed, fields, seen)
