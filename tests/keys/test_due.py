"""When a key has to be back is proposed, and a keeper can choose otherwise, also while it is out (KB-02)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ontmoet.db import unit_of_work
from ontmoet.kernel import clock
from ontmoet.keys.reminding import remind_of_keys
from ontmoet.keys.rules import CABINET, Holder, HolderKind, News
from tests.builders import at
from tests.cast import sign_in
from tests.keys.deeds import a_key, told
from tests.keys.test_key_views import press
from tests.keys.test_told import by_telephone
from tests.watching import errors, rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

DUE = at("2026-11-24 18:00")
OTHER = {"due": "other", "due_day": "2026-11-25", "due_time": "09:30"}
FORGED = [
    ({}, "due", "Kies wanneer de sleutel terug moet."),
    ({"due": "gisteren"}, "due", "Kies wanneer de sleutel terug moet."),
    ({**OTHER, "due_day": "2026-11-23"}, "due", "Die tijd is al voorbij."),
    ({**OTHER, "due_day": "2026-12-31"}, "due", "Dat is te ver weg."),
    ({**OTHER, "due_day": "2099-12-31", "due_time": "24:00"}, "due", "Dat is te ver weg."),
    ({**OTHER, "due_day": "9999-12-31"}, "due_day", "Deze dag kan niet. Kijk ook naar het jaar."),
    ({**OTHER, "due_day": ""}, "due_day", "Kies een dag."),
    ({**OTHER, "due_day": "2026-02-30"}, "due_day", "Deze dag kan niet. Kijk ook naar het jaar."),
    ({**OTHER, "due_day": "2027-03-28", "due_time": "02:30"}, "due_time", "Deze tijd bestaat niet"),
    ({**OTHER, "due_time": "half tien"}, "due_time", "Kies een tijd, zoals 14:00."),
    ({**OTHER, "due_time": "٠٩:٣٠"}, "due_time", "Kies een tijd, zoals 14:00."),
]
"""What no page of ours sends, at which field it is refused, and how that begins."""


def test_proposal_is_filled_in_and_another_time_takes_a_page_more(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    turn = hood.book("noor", "2026-11-24 15:00", "2026-11-24 17:00")
    sign_in(client, "bram")
    href = f"/sleutels/{ring.public_id}/op-een-andere-tijd?beurt={turn}"
    assert href in client.get(f"/sleutels/{ring.public_id}").get_data(as_text=True)
    page = client.get(href).get_data(as_text=True)
    assert 'value="after" checked' in page
    assert "Een uur na afloop vandaag 18:00" in " ".join(visible(page).split())
    assert 'value="2026-11-24"' in page
    assert "<option selected>18:00" in page
    assert press(client, ring, "op-een-andere-tijd", beurt=turn, **OTHER).status_code == 303
    assert (ring.now.due_at, ring.now.booking_id) == (at("2026-11-25 09:30"), 1)


def test_key_is_picked_up_the_evening_before_and_brought_back_the_morning_after(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    turn = hood.book("noor", "2026-11-25 10:00", "2026-11-25 12:00")
    sign_in(client, "bram")
    early = {**OTHER, "due_day": "2026-11-24", "due_time": "21:00"}
    refused = press(client, ring, "op-een-andere-tijd", beurt=turn, **early)
    assert refused.status_code == 422
    assert errors(refused.get_data(as_text=True))["due"].startswith("De reservering is dan nog niet begonnen")
    assert ring.now.holder == CABINET
    assert press(client, ring, "op-een-andere-tijd", beurt=turn, due="morning").status_code == 303
    assert ring.now.due_at == at("2026-11-26 10:00")


def test_key_of_a_late_booking_is_picked_up_the_evening_before_and_who_comes_waits_to_know_where_it_is(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    turn = hood.book("noor", "2026-11-25 20:00", "2026-11-25 21:30")
    later = hood.book("noor", "2026-11-26 08:00", "2026-11-26 09:00")
    noor = hood.app.test_client()
    sign_in(noor, "noor")
    assert noor.get(f"/sleutels/{ring.public_id}").status_code == 404
    sign_in(client, "bram")
    page = client.get(f"/sleutels/{ring.public_id}").get_data(as_text=True)
    assert [f'name="turn" value="{one}"' in page for one in (turn, later)] == [True, False]
    assert press(client, ring, "geef", turn=turn).status_code == 303
    assert ring.now.due_at == at("2026-11-26 10:00")


@pytest.mark.parametrize(("fields", "field", "sentence"), FORGED)
def test_forged_time_is_refused_in_words_wherever_it_is_sent(
    client: FlaskClient, hood: Neighbourhood, fields: dict[str, str], field: str, sentence: str
) -> None:
    ring, out = a_key(hood), a_key(hood)
    turn = hood.book("noor", "2026-11-24 15:00", "2026-11-24 17:00")
    out.give("ali", due_at=DUE)
    sign_in(client, "bram")
    for key, deed, more in (
        (ring, "op-een-andere-tijd", {"beurt": turn}),
        (ring, "geef", {"who": "Loodgieter"}),
        (out, "terug-voor", {}),
    ):
        answer = press(client, key, deed, **more, **fields)
        assert answer.status_code == 422, deed
        said = errors(answer.get_data(as_text=True))
        assert set(said) == {field}, deed
        assert said[field].startswith(sentence), deed
    assert (ring.now.holder, out.now.due_at) == (CABINET, DUE)


def test_somebody_without_an_account_gets_it_until_a_time_of_choice(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    ring = a_key(hood)
    sign_in(client, "bram")
    page = client.get(f"/sleutels/{ring.public_id}/aan-iemand-anders").get_data(as_text=True)
    assert 'value="tonight" checked' in page, "a key that never has to come back is no accident"
    assert press(client, ring, "geef", who="Loodgieter", **OTHER).status_code == 303
    assert ring.now.holder == Holder(HolderKind.OTHER, name="Loodgieter")
    assert ring.now.due_at == at("2026-11-25 09:30")
    page = visible(client.get(f"/sleutels/{ring.public_id}/terug-voor").get_data(as_text=True))
    assert ("Terug voor morgen 9:30" in page, "krijgt bericht" in page) == (True, False)


def test_who_keeps_it_longer_hears_and_is_asked_again_when_late_again(
    client: FlaskClient, hood: Neighbourhood, moment: Callable[[timedelta], None]
) -> None:
    ring = a_key(hood)
    hood.book("noor", "2026-11-24 15:00", "2026-11-24 17:00")
    ring.give("noor", due_at=DUE, booking_id=1)
    moment(timedelta(hours=4))
    remind(hood)
    sign_in(client, "bram")
    assert "Verander wanneer hij terug moet" in visible(
        client.get(f"/sleutels/{ring.public_id}").get_data(as_text=True)
    )
    for _ in range(2):  # a second tap is the first
        assert press(client, ring, "terug-voor", **OTHER).status_code == 303
    assert ring.now.due_at == at("2026-11-25 09:30")
    assert ring.now.booking_id == 1
    assert told(hood) == [("key_given", "noor"), ("key_late", "noor"), ("key_due_changed", "noor")]
    assert by_telephone(hood, News.DUE_CHANGED) == [
        "Er is iets veranderd: breng sleutel 1 van De Linde terug voor woensdag 25 november 9:30\xa0uur."
    ]
    [(changes,)] = rows(hood.app, "select changes from audit where action = 'key_due_changed'")
    assert "2026-11-24 17:00:00+00:00" in changes
    remind(hood)
    moment(timedelta(hours=16))
    remind(hood)
    remind(hood)
    assert told(hood)[3:] == [("key_late", "noor")]
    sign_in(client, "bram")  # twelve hours went by
    assert press(client, ring, "terug-voor", due="never").status_code == 303
    assert (ring.now.due_at, by_telephone(hood, News.DUE_CHANGED)[-1]) == (
        None,
        "Er is iets veranderd: je mag sleutel 1 van De Linde houden.",
    )


def remind(hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        remind_of_keys(clock.now())


def test_time_of_a_key_that_is_back_is_not_changed(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    ring.give("noor", due_at=DUE)
    seen = ring.now.custody_id
    ring.take_back()
    sign_in(client, "bram")
    assert client.get(f"/sleutels/{ring.public_id}/terug-voor").status_code == 303
    assert press(client, ring, "terug-voor", due="onzin").status_code == 303
    assert press(client, ring, "terug-voor", seen=seen, **OTHER).status_code == 409
    assert press(client, ring, "terug-voor", **OTHER).status_code == 409, "nor that of one in the cabinet"
    assert ring.now.due_at is None


def test_holder_and_who_comes_next_do_not_choose_the_time(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    turn = hood.book("ali", "2026-11-24 15:00", "2026-11-24 17:00")
    ring.give("noor", due_at=DUE)
    sign_in(client, "noor")
    page = client.get(f"/sleutels/{ring.public_id}").get_data(as_text=True)
    assert "andere tijd" not in page
    assert "Verander wanneer" not in page
    assert press(client, ring, "terug-voor", **OTHER).status_code == 403
    assert press(client, ring, "op-een-andere-tijd", beurt=turn, **OTHER).status_code == 403
    assert (ring.now.holder.person_id, ring.now.due_at) == (hood.people["noor"], DUE)


def test_pages_about_a_time_cost_few_statements(client: FlaskClient, hood: Neighbourhood) -> None:
    ring = a_key(hood)
    turn = hood.book("ali", "2026-11-24 15:00", "2026-11-24 17:00")
    ring.give("noor", due_at=DUE)
    sign_in(client, "bram")
    counts = []
    for path in (f"op-een-andere-tijd?beurt={turn}", "terug-voor"):
        client.get(f"/sleutels/{ring.public_id}/{path}")
        with statements(hood.app) as seen:
            assert client.get(f"/sleutels/{ring.public_id}/{path}").status_code == 200
        counts.append(len(seen))
    assert counts == [3, 2]
