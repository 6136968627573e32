"""The page with house rules and its button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import builders as make
from tests.cast import booking_form, sign_in, token_in
from tests.watching import row_counts, statements, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood

PATH = "/r/de-linde/huisregels"
BUTTON = "Ik doe mee met deze huisregels"


@pytest.fixture
def ruled(hood: Neighbourhood) -> Neighbourhood:
    """The neighbourhood, with house rules in De Linde."""
    with hood.app.app_context():
        make.make_rules(room_id=hood.linde, body="Muziek:\nNa 22:00 uur <b>stil</b> {{ 7 * 7 }}.\n")
    return hood


def page_at(client: FlaskClient, path: str = PATH) -> str:
    return client.get(path).get_data(as_text=True)


def pressed(client: FlaskClient, **fields: str) -> tuple[int, str]:
    """Status and target of the button; the token comes from a page that has one."""
    token = token_in(page_at(client, "/mijn"))
    answer = client.post(PATH, data={"csrf_token": token, "number": "1", **fields})
    return answer.status_code, answer.headers.get("Location", "")


def test_anybody_reads_the_rules_as_plain_text(client: FlaskClient, ruled: Neighbourhood) -> None:
    page = page_at(client)
    assert "Sinds 24 november 2026" in page
    assert ">Muziek</h2>" in page
    assert "<li>Na 22:00 uur &lt;b&gt;stil&lt;/b&gt; {{ 7 * 7 }}.</li>" in page
    assert BUTTON not in page
    assert f'href="{PATH}"' in page_at(client, "/r/de-linde")


def test_room_without_rules_says_so_and_its_door_has_no_link(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    assert "Hier zijn nog geen huisregels." in page_at(client)
    assert PATH not in page_at(client, "/r/de-linde")
    assert client.get("/r/nergens/huisregels").status_code == 404


def test_member_agrees_once_and_the_button_goes(client: FlaskClient, ruled: Neighbourhood) -> None:
    sign_in(client, "noor")
    assert BUTTON in page_at(client)
    assert pressed(client) == (303, PATH)
    assert pressed(client) == (303, PATH)
    page = page_at(client)
    assert BUTTON not in page
    assert "Je doet mee met deze huisregels." in page
    assert row_counts(ruled.app, "acceptance") == {"acceptance": 1}


@pytest.mark.parametrize("away", ["https://elders.example/", "//elders.example", "/\\elders.example", ""])
def test_next_cannot_leave_the_site(client: FlaskClient, ruled: Neighbourhood, away: str) -> None:
    sign_in(client, "noor")
    assert "elders.example" not in client.get(PATH, query_string={"next": away}).get_data(as_text=True)
    assert pressed(client, next=away) == (303, PATH)


def test_button_is_only_for_who_may_use_the_room(client: FlaskClient, ruled: Neighbourhood) -> None:
    assert client.post(PATH, data={"number": "1"}).status_code in (303, 400)
    sign_in(client, "fatma")
    assert BUTTON not in page_at(client)
    assert pressed(client)[0] == 403
    assert row_counts(ruled.app, "acceptance") == {"acceptance": 0}


def test_rules_that_changed_meanwhile_are_shown_first(client: FlaskClient, ruled: Neighbourhood) -> None:
    sign_in(client, "noor")
    pressed(client)
    with ruled.app.app_context():
        make.make_rules(room_id=ruled.linde, number=2, body="Na 21:30 uur is het stil.")
    token = token_in(page_at(client, "/mijn"))
    answer = client.post(PATH, data={"csrf_token": token, "number": "1"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "De huisregels zijn net veranderd." in page
    assert "Dit is veranderd" in page
    assert "Het is nu later stil." in page
    assert "Na 21:30 uur is het stil." in page
    assert pressed(client, number="2") == (303, PATH)


@pytest.mark.parametrize("number", ["", "0", "x", "-1", "1e3", "999999"])
def test_number_that_no_page_sends_is_refused(client: FlaskClient, ruled: Neighbourhood, number: str) -> None:
    sign_in(client, "noor")
    assert pressed(client, number=number)[0] == 400


def test_direct_post_of_a_booking_says_what_to_do(client: FlaskClient, ruled: Neighbourhood) -> None:
    sign_in(client, "noor")
    answer = client.post("/r/de-linde/reserveren", data=booking_form(client))
    page = visible(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "Lees eerst de huisregels. Doe je mee, dan kun je reserveren." in page
    assert "Naar de huisregels" in page
    assert row_counts(ruled.app, "booking", "occupancy") == {"booking": 0, "occupancy": 0}


def test_earlier_version_of_a_booking_can_still_be_read(client: FlaskClient, ruled: Neighbourhood) -> None:
    with ruled.app.app_context():
        make.make_rules(room_id=ruled.linde, number=2, body="Na 21:30 uur is het stil.")
    page = page_at(client, f"{PATH}?versie=1")
    assert "Dit zijn oude huisregels, van 24 november 2026." in page
    assert "Na 22:00 uur" in page
    assert "Na 21:30 uur" in page_at(client, f"{PATH}?versie=%00")


def test_pages_with_house_rules_stay_within_their_statements(
    client: FlaskClient, ruled: Neighbourhood
) -> None:
    sign_in(client, "noor")
    for path in (PATH, "/r/de-linde", "/r/de-linde/reserveren"):
        page_at(client, path)
        with statements(ruled.app) as seen:
            page_at(client, path)
        assert len(seen) <= 8, path
