"""The call list of a room: who is on it, who sees it, what was told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.states import CancelReason
from ontmoet.db import execute, unit_of_work
from ontmoet.kernel import clock
from tests import builders as make
from tests.bookings.deeds import cancel
from tests.cast import sign_in, token_in
from tests.watching import rows, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

PATH = "/r/de-linde/bellijst"


@pytest.fixture
def called(hood: Neighbourhood) -> Neighbourhood:
    """Ali of De Linde has no e-mail but a phone; Fatma of Het Plein wants slips. Both were cancelled."""
    with hood.app.app_context(), unit_of_work():
        execute(
            text("update person set email = null, channel = 'call', phone = '06 1234 5678' where id = :id"),
            id=hood.people["ali"],
        )
        execute(text("update person set channel = 'print' where id = :id"), id=hood.people["fatma"])
    later = hood.book("ali", "2026-11-28 14:00", "2026-11-28 16:00")
    soon = hood.book("ali", "2026-11-24 19:00", "2026-11-24 21:00")
    plein = hood.book("fatma", "2026-11-26 10:00", "2026-11-26 12:00", room="plein", zone="")
    cancel(hood, "sanne", later, CancelReason.DEFECT)
    cancel(hood, "sanne", soon, CancelReason.NO_HOST)
    assert plein
    hood.work()
    return hood


def page_of(client: FlaskClient, path: str = PATH) -> str:
    return client.get(path).get_data(as_text=True)


def on_list(page: str) -> list[int]:
    """The numbers of the messages that are still to be told, in order."""
    return [int(number) for number in re.findall(r'data-message="(\d+)"', page.split('id="verteld"')[0])]


def press(client: FlaskClient, deed: str, number: int) -> TestResponse:
    token = token_in(page_of(client))
    return client.post(PATH, data={"csrf_token": token, "message": str(number), "deed": deed})


def test_list_says_whom_to_call_about_what_and_what_hurries_first(
    client: FlaskClient, called: Neighbourhood
) -> None:
    sign_in(client, "bram")
    page = page_of(client)
    said = " ".join(visible(page).split())
    assert "Ali de Proef" in said
    assert 'href="tel:0612345678"' in page
    first = said.index("dinsdag 24 november, 19:00–21:00 uur, gaat niet door. Er is geen gastheer.")
    second = said.index("zaterdag 28 november, 14:00–16:00 uur, gaat niet door. Er is iets kapot.")
    assert first < second
    assert said.count("haast") >= 1
    # What was overtaken by the cancelling is not told.
    assert "is van jou op" not in said


def test_slip_has_the_address_it_goes_to_and_no_other_line_has(
    client: FlaskClient, called: Neighbourhood
) -> None:
    sign_in(client, "bram")
    assert "Adres:" not in visible(page_of(client)), "Ali is called"
    with called.app.app_context(), unit_of_work():
        execute(text("update person set phone = null where id = :id"), id=called.people["ali"])
    (home,) = rows(
        called.app,
        "select address from home join residency on home_id = home.id where person_id = :id",
        id=called.people["ali"],
    )
    said = " ".join(visible(page_of(client)).split())
    assert f"Ga langs of doe een briefje in de bus. Adres: {home.address}" in said
    assert home.address in visible(page_of(client, f"{PATH}/briefjes"))
    with called.app.app_context(), unit_of_work():
        moved = text("update residency set until = '2026-11-24' where person_id = :id")
        execute(moved, id=called.people["ali"])
    said = " ".join(visible(page_of(client)).split())
    assert "Geen telefoonnummer. Vertel het als je elkaar ziet." in said
    assert home.address not in said


def test_people_of_another_room_never_appear(client: FlaskClient, called: Neighbourhood) -> None:
    sign_in(client, "bram")
    assert "Fatma" not in page_of(client)
    assert client.get("/r/het-plein/bellijst").status_code == 403
    (fatmas,) = rows(called.app, "select id from message where person_id = :id", id=called.people["fatma"])
    assert press(client, "told", fatmas.id).status_code == 404
    other = called.app.test_client()
    sign_in(other, "fatma")
    assert "Ali" not in page_of(other, "/r/het-plein/bellijst")
    assert "Fatma de Proef" in page_of(other, "/r/het-plein/bellijst")
    assert "Het Plein is van jou op donderdag 26 november" in page_of(other, "/r/het-plein/bellijst")


@pytest.mark.parametrize(("who", "status"), [("noor", 403), ("riet", 403), ("mo", 403), ("sanne", 200)])
def test_list_is_for_who_helps_people_of_the_room(
    client: FlaskClient, called: Neighbourhood, who: str, status: int
) -> None:
    sign_in(client, who)
    assert client.get(PATH).status_code == status
    assert client.get(f"{PATH}/briefjes").status_code == status


def test_told_and_not_reached_are_written_down_and_undone(client: FlaskClient, called: Neighbourhood) -> None:
    sign_in(client, "bram")
    first, second = on_list(page_of(client))
    assert press(client, "not_reached", first).location == PATH
    page = page_of(client)
    assert "Niet bereikt door Bram de Proef, vandaag om 14:05 uur." in visible(page)
    assert on_list(page) == [first, second]
    press(client, "told", first)
    page = page_of(client)
    assert on_list(page) == [second]
    assert "Verteld door Bram de Proef, vandaag om 14:05 uur." in visible(page)
    assert press(client, "told", first).location == PATH
    assert "Iemand was je net voor." in visible(page_of(client))
    press(client, "undo", first)
    assert on_list(page_of(client)) == [first, second]
    recorded = rows(called.app, "select action from audit where object_kind = 'message' order by id")
    assert [row.action for row in recorded] == [
        "message_not_reached",
        "message_told",
        "message_telling_undone",
    ]


def test_somebody_elses_deed_is_not_undone(client: FlaskClient, called: Neighbourhood) -> None:
    sign_in(client, "bram")
    first, second = on_list(page_of(client))
    press(client, "told", first)
    sanne = called.app.test_client()
    sign_in(sanne, "sanne")
    press(sanne, "undo", first)
    assert on_list(page_of(sanne)) == [second]


@pytest.mark.parametrize(
    "fields", [{"message": "x"}, {"message": "0"}, {"deed": "weg"}, {"message": "9" * 20}, {"message": "٣"}]
)
def test_deed_that_no_page_sends_is_refused(
    client: FlaskClient, called: Neighbourhood, fields: dict[str, str]
) -> None:
    sign_in(client, "bram")
    token = token_in(page_of(client))
    answer = client.post(PATH, data={"csrf_token": token, "message": "1", "deed": "told", **fields})
    assert answer.status_code == 400


def test_every_look_at_the_list_is_recorded(client: FlaskClient, called: Neighbourhood) -> None:
    sign_in(client, "bram")
    page_of(client)
    page_of(client, f"{PATH}/briefjes")
    seen = rows(called.app, "select room_id, actor_id from audit where action = 'call_list_seen'")
    assert [tuple(row) for row in seen] == [(called.linde, called.people["bram"])] * 2


def test_slips_are_for_one_or_for_all(client: FlaskClient, called: Neighbourhood) -> None:
    sign_in(client, "bram")
    first, _second = on_list(page_of(client))
    assert page_of(client, f"{PATH}/briefjes").count('class="om-slip"') == 2
    one = page_of(client, f"{PATH}/briefjes?bericht={first}")
    assert one.count('class="om-slip"') == 1
    assert "Voor Ali de Proef" in visible(one)
    assert page_of(client, f"{PATH}/briefjes?bericht=%00").count('class="om-slip"') == 0


def test_told_leaves_the_list_after_a_week_and_the_rest_when_it_is_over(
    client: FlaskClient, called: Neighbourhood, moment: Move
) -> None:
    sign_in(client, "bram")
    first, _second = on_list(page_of(client))
    press(client, "told", first)
    moment(timedelta(days=7, seconds=1))
    called.forget()
    left = rows(
        called.app, "select id from message where status in ('told', 'by_hand') and id = :id", id=first
    )
    assert left == []
    assert rows(called.app, "select count(*) from telling")[0][0] == 0
    other = called.app.test_client()
    sign_in(other, "bram")
    assert "Niemand om te bellen" in page_of(other)


def test_erased_person_is_gone_from_the_list(client: FlaskClient, called: Neighbourhood) -> None:
    with called.app.app_context(), unit_of_work():
        make.change_person(called.people["ali"], erased_at=clock.now())
    sign_in(client, "bram")
    assert on_list(page_of(client)) == []


def test_list_costs_few_statements_however_long_it_is(client: FlaskClient, called: Neighbourhood) -> None:
    sign_in(client, "bram")
    page_of(client)
    with statements(called.app) as seen:
        page_of(client)
    assert len(seen) <= 8, seen
