"""The pages on which a room is closed, and what everybody sees of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ontmoet.bookings.states import CancelReason, Status
from ontmoet.db import execute, unit_of_work
from tests import builders as make
from tests.bookings.deeds import cancel, close, close_over, held, seen
from tests.bookings.test_closing import ALL_WEDNESDAY, marks
from tests.cast import sign_in
from tests.keys.deeds import a_key
from tests.samples import span
from tests.watching import errors, inputs, row_counts, statements, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

    Move = Callable[[timedelta], None]

PATH = "/r/de-linde/sluitingen"
WEDNESDAY = ("2026-11-25 14:00", "2026-11-25 16:00")


@pytest.fixture
def sanne(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    sign_in(client, "sanne")
    return client


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def words_of(answer: TestResponse) -> str:
    return " ".join(visible(text_of(answer)).replace("\u00a0", " ").split())


def sent(client: FlaskClient, **typed: str) -> TestResponse:
    """The form for Wednesday as it is filled in."""
    form = inputs(text_of(client.get(f"{PATH}/nieuw")))
    return client.post(f"{PATH}/nieuw", data={**form, "reason": "De vloer wordt gelakt", **typed})


def test_closing_where_nobody_is_is_one_step(sanne: FlaskClient, hood: Neighbourhood) -> None:
    answer = sent(sanne)
    assert (answer.status_code, answer.headers["Location"]) == (303, PATH)
    assert held(hood) == [ALL_WEDNESDAY] * 2
    shown = words_of(sanne.get(PATH))
    assert "De vloer wordt gelakt Morgen, de hele dag Hele ruimte" in shown
    assert "Er was niemand die plaats moest maken." in shown


def test_form_starts_with_tomorrow_and_the_whole_room(sanne: FlaskClient, hood: Neighbourhood) -> None:
    form = inputs(text_of(sanne.get(f"{PATH}/nieuw")))
    chosen = {name: form[name] for name in ("first", "starts", "last", "ends", "zone", "reason")}
    assert chosen == {
        "first": "2026-11-25",
        "starts": "00:00",
        "last": "",
        "ends": "24:00",
        "zone": "",
        "reason": "",
    }


def test_who_has_the_room_is_shown_before_anything_happens(sanne: FlaskClient, hood: Neighbourhood) -> None:
    booked = hood.book("noor", *WEDNESDAY)
    hood.book("riet", "2026-11-25 09:00", "2026-11-25 11:00", zone="keuken")
    first = sent(sanne)
    assert first.status_code == 200
    words = words_of(first)
    assert "1 reservering en 1 aanvraag, van 1 adres en 1 organisatie" in words
    assert "Noor de Proef" in words
    assert text_of(first).count("<li>Do 26 nov") >= 2
    assert row_counts(hood.app, "closure") == {"closure": 0}
    second = sanne.post(f"{PATH}/nieuw", data={**inputs(text_of(first)), "step": "close"})
    assert second.status_code == 303
    assert seen(hood, booked).reason is CancelReason.CLOSED
    assert "1 reservering is afgezegd. 1 aanvraag gaat niet door. Iedereen hoort het." in words_of(
        sanne.get(PATH)
    )


def test_page_says_what_makes_place_and_after_that_what_became_of_it(
    sanne: FlaskClient, hood: Neighbourhood
) -> None:
    first = hood.book("noor", *WEDNESDAY)
    hood.book("ali", *WEDNESDAY, or_wait=True)
    cancel(hood, "noor", first)
    shown = sent(sanne)
    assert "1 vrijgekomen tijd, van 1 adres" in words_of(shown)
    hood.book("noor", "2026-11-25 18:00", "2026-11-25 19:00")
    hood.book("bram", "2026-11-25 19:00", "2026-11-25 20:00")
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, needs_approval=True)
    hood.book("noor", "2026-11-25 09:00", "2026-11-25 10:00")
    hood.book("bram", "2026-11-25 10:00", "2026-11-25 11:00")
    again = sanne.post(f"{PATH}/nieuw", data={**inputs(text_of(shown)), "step": "close"})
    assert "2 reserveringen, 2 aanvragen en 1 vrijgekomen tijd, van 3 adressen" in words_of(again)
    assert sanne.post(f"{PATH}/nieuw", data={**inputs(text_of(again)), "step": "close"}).status_code == 303
    assert (
        "De sluiting staat in de agenda. 2 reserveringen zijn afgezegd. 2 aanvragen gaan niet door."
        " 1 vrijgekomen tijd kan toch niet. Iedereen hoort het." in words_of(sanne.get(PATH))
    )


def test_booking_of_nobody_makes_place_too(sanne: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("noor", *WEDNESDAY)
    with hood.app.app_context(), unit_of_work():
        execute(text("update booking set person_id = null, home_id = null"))
    shown = sent(sanne)
    assert "Wie moet plaatsmaken? 1 reservering Morgen" in words_of(shown)
    assert sanne.post(f"{PATH}/nieuw", data={**inputs(text_of(shown)), "step": "close"}).status_code == 303
    assert "1 reservering is afgezegd. Wie het was, hoort het." in words_of(sanne.get(PATH))


def test_booking_that_came_in_meanwhile_is_marked_on_the_page_that_comes_again(
    sanne: FlaskClient, hood: Neighbourhood
) -> None:
    hood.book("noor", *WEDNESDAY)
    first = inputs(text_of(sent(sanne)))
    hood.book("ali", "2026-11-25 18:00", "2026-11-25 19:00")
    again = sanne.post(f"{PATH}/nieuw", data={**first, "step": "close"})
    assert again.status_code == 422
    assert "Intussen is er iets veranderd." in words_of(again)
    assert re.findall(r"<h2>(.*?)</h2>\s*<p>.*?nieuw", text_of(again)) == ["Morgen 18:00–19:00\u00a0uur"]
    assert row_counts(hood.app, "closure") == {"closure": 0}
    assert sanne.post(f"{PATH}/nieuw", data={**inputs(text_of(again)), "step": "close"}).status_code == 303


def test_one_can_go_back_to_the_form_with_what_was_typed(sanne: FlaskClient, hood: Neighbourhood) -> None:
    hood.book("noor", *WEDNESDAY)
    first = inputs(text_of(sent(sanne, starts="13:00", zone="grote-zaal")))
    back = sanne.post(f"{PATH}/nieuw", data={**first, "step": "write"})
    assert back.status_code == 200
    form = inputs(text_of(back))
    assert [form[name] for name in ("first", "starts", "zone", "reason")] == [
        "2026-11-25",
        "13:00",
        "grote-zaal",
        "De vloer wordt gelakt",
    ]


def test_administrator_who_does_not_know_the_neighbours_sees_no_names(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    hood.book("noor", *WEDNESDAY)
    sign_in(client, "mo")
    words = words_of(sent(client))
    assert "1 reservering, van 1 adres" in words
    assert "Noor" not in words


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 81}, "reason"),
        ({"first": ""}, "first"),
        ({"first": "2026-11-20", "last": "2026-11-30"}, "first"),
        ({"last": "2029-01-01"}, "last"),
        ({"first": "2026-11-20"}, "last"),
        ({"starts": "12:00", "ends": "12:00"}, "ends"),
        ({"zone": "zolder"}, "zone"),
    ],
)
def test_what_cannot_be_closed_is_said_at_its_field(
    sanne: FlaskClient, hood: Neighbourhood, typed: dict[str, str], field: str
) -> None:
    answer = sent(sanne, **typed)
    assert answer.status_code == 422
    assert list(errors(text_of(answer))) == [field]
    assert row_counts(hood.app, "closure") == {"closure": 0}


def test_form_without_its_fields_is_refused_in_words(sanne: FlaskClient, hood: Neighbourhood) -> None:
    token = inputs(text_of(sanne.get(f"{PATH}/nieuw")))["csrf_token"]
    for step in ("", "close", "write"):
        answer = sanne.post(f"{PATH}/nieuw", data={"csrf_token": token, "step": step})
        assert answer.status_code in (200, 422)
    assert row_counts(hood.app, "closure") == {"closure": 0}


def test_closure_is_changed_ended_and_taken_away(
    sanne: FlaskClient, hood: Neighbourhood, moment: Move
) -> None:
    public_id = close(hood, ALL_WEDNESDAY)
    form = inputs(text_of(sanne.get(f"{PATH}/{public_id}")))
    assert (form["first"], form["starts"], form["last"]) == ("2026-11-25", "00:00", "2026-11-25")
    assert sanne.post(f"{PATH}/{public_id}", data={**form, "ends": "12:00"}).status_code == 303
    assert held(hood) == [span("2026-11-25 00:00", "2026-11-25 12:00")] * 2
    again = sanne.post(f"{PATH}/{public_id}", data={**form, "idempotency_key": make.new_key()})
    assert again.status_code == 422
    assert "intussen veranderd" in words_of(again)
    assert inputs(text_of(again))["ends"] == "12:00"
    moment(timedelta(hours=11))
    running = inputs(text_of(sanne.get(f"{PATH}/{public_id}")))
    answer = sanne.post(f"{PATH}/{public_id}", data={**running, "first": "2026-11-27", "ends": "18:00"})
    assert answer.status_code == 303
    assert held(hood) == [span("2026-11-25 00:00", "2026-11-25 18:00")] * 2
    assert sanne.post(f"{PATH}/{public_id}/open", data=running).status_code == 303
    assert held(hood) == [span("2026-11-25 00:00", "2026-11-25 01:05")] * 2
    assert sanne.get(f"{PATH}/{public_id}").status_code == 303
    later = close(hood, span("2026-11-27 00:00", "2026-11-28 00:00"))
    assert sanne.post(f"{PATH}/{later}/open", data=running).status_code == 303
    words = words_of(sanne.get(PATH))
    assert "De sluiting is weggehaald." in words
    assert "Het afgelopen jaar Nieuwe vloer" in words
    assert sanne.get(f"{PATH}/{later}").status_code == 404


def test_time_that_another_closure_shuts_is_not_called_free(sanne: FlaskClient, hood: Neighbourhood) -> None:
    first = close(hood, ALL_WEDNESDAY)
    second = close(hood, span("2026-11-25 12:00", "2026-11-26 00:00"))
    form = inputs(text_of(sanne.get(f"{PATH}/{first}")))
    sanne.post(f"{PATH}/{first}/open", data=form)
    assert "De sluiting is weggehaald. Er is dan nog een andere sluiting. Kijk hieronder." in words_of(
        sanne.get(PATH)
    )
    sanne.post(f"{PATH}/{second}/open", data=form)
    assert "De sluiting is weggehaald. De tijd is weer vrij." in words_of(sanne.get(PATH))


def test_change_over_bookings_shows_them_first(sanne: FlaskClient, hood: Neighbourhood) -> None:
    public_id = close(hood, span("2026-11-25 08:00", "2026-11-25 12:00"))
    booked = hood.book("noor", *WEDNESDAY)
    form = inputs(text_of(sanne.get(f"{PATH}/{public_id}")))
    first = sanne.post(f"{PATH}/{public_id}", data={**form, "ends": "18:00"})
    assert first.status_code == 200
    assert seen(hood, booked).status is Status.CONFIRMED
    second = sanne.post(f"{PATH}/{public_id}", data={**inputs(text_of(first)), "step": "close"})
    assert second.status_code == 303
    assert seen(hood, booked).status is Status.CANCELLED


def test_closure_of_another_room_is_not_found(client: FlaskClient, hood: Neighbourhood) -> None:
    public_id = close(hood, ALL_WEDNESDAY)
    sign_in(client, "mo")
    assert client.get(f"/r/het-plein/sluitingen/{public_id}").status_code == 404
    form = inputs(text_of(client.get(f"{PATH}/{public_id}")))
    client.post(f"/r/het-plein/sluitingen/{public_id}/open", data=form)
    assert row_counts(hood.app, "closure") == {"closure": 1}


def test_pages_of_closures_ask_few_statements(sanne: FlaskClient, hood: Neighbourhood) -> None:
    public_id = close(hood, ALL_WEDNESDAY)
    counts = {}
    for path in ("", "/nieuw", f"/{public_id}"):
        sanne.get(f"{PATH}{path}")
        with statements(hood.app) as asked:
            sanne.get(f"{PATH}{path}")
        counts[path] = len(asked)
    assert counts == {"": 2, "/nieuw": 1, f"/{public_id}": 2}
    for hour in range(8, 20):
        hood.book("noor", f"2026-11-26 {hour}:00", f"2026-11-26 {hour + 1}:00")
    form = inputs(text_of(sanne.get(f"{PATH}/nieuw")))
    with statements(hood.app) as asked:
        page = sanne.post(f"{PATH}/nieuw", data={**form, "first": "2026-11-26", "reason": "Lekkage"})
    assert "12 reserveringen" in words_of(page)
    assert len(asked) == 7


def test_door_says_why_it_is_closed_and_until_when(client: FlaskClient, hood: Neighbourhood) -> None:
    close(hood, span("2026-11-24 14:05", "2026-11-30 00:00"))
    words = words_of(client.get("/r/de-linde"))
    assert "Nu dicht open ma 30 nov om 8:00 uur Gesloten tot en met zo 29 nov: Nieuwe vloer" in words


def test_door_at_night_does_not_speak_of_a_closure(
    client: FlaskClient, hood: Neighbourhood, moment: Move
) -> None:
    close(hood, span("2026-11-25 08:00", "2026-11-26 00:00"))
    moment(timedelta(hours=9))
    assert "Gesloten tot" not in words_of(client.get("/r/de-linde"))


def test_agenda_says_until_when_a_closure_goes_on(client: FlaskClient, hood: Neighbourhood) -> None:
    close(hood, span("2026-11-25 08:00", "2026-11-27 12:00"), "keuken")
    words = words_of(client.get("/r/de-linde/agenda?dag=2026-11-25"))
    assert "gesloten Keuken. Tot vr 27 nov 12:00 uur" in words
    last = words_of(client.get("/r/de-linde/agenda?dag=2026-11-27"))
    assert "gesloten Keuken Nog" not in last
    assert "Tot vr" not in last


def test_booker_finds_other_times_on_the_page_of_the_booking(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    booked = hood.book("noor", *WEDNESDAY, people=4)
    close_over(hood, ALL_WEDNESDAY, seen=marks(hood))
    sign_in(client, "noor")
    with statements(hood.app) as asked:
        page = client.get(f"/reserveringen/{booked}")
    assert len(asked) <= 8
    assert "De ruimte is dan dicht." in words_of(page)
    links = re.findall(r'href="(/r/de-linde/reserveren\?day=[^"]*)"', text_of(page))
    assert len(links) == 3
    first = client.get(links[0].replace("&amp;", "&"))
    form = inputs(text_of(first))
    assert (form["day"], form["starts"], form["ends"]) == ("2026-11-26", "14:00", "16:00")
    assert client.post("/r/de-linde/reserveren", data=form).status_code == 303


def test_who_is_displaced_for_months_is_offered_times_after_it(
    hood: Neighbourhood, sanne: FlaskClient
) -> None:
    hood.book("noor", *WEDNESDAY)
    shown = sent(sanne, last="2027-01-31")
    assert "Wo 3 feb 2027 14:00–16:00 uur" in words_of(shown)


def test_displaced_with_a_key_is_seen_before_closing(sanne: FlaskClient, hood: Neighbourhood) -> None:
    booked = seen(hood, hood.book("noor", *WEDNESDAY))
    a_key(hood).give("noor", due_at=make.at("2026-11-26 12:00"), booking_id=booked.booking_id)
    assert "Heeft nu een sleutel" in words_of(sent(sanne))


def test_room_that_is_not_open_yet_can_be_closed(sanne: FlaskClient, hood: Neighbourhood) -> None:
    with hood.app.app_context(), unit_of_work():
        execute(text("update room set live_at = null where slug = 'de-linde'"))
    assert sent(sanne).status_code == 303


@pytest.mark.parametrize("has_another", [True, False])
def test_who_was_displaced_is_offered_what_can_be_had(
    client: FlaskClient, hood: Neighbourhood, has_another: bool
) -> None:
    with hood.app.app_context():
        make.make_use_rule(room_id=hood.linde, quota=1)
    displaced = hood.book("noor", "2026-11-30 14:00", "2026-11-30 16:00")
    if has_another:
        hood.book("noor", "2026-12-15 14:00", "2026-12-15 16:00")
    closing = span("2026-11-26 00:00", "2026-11-30 24:00")
    close_over(hood, closing, seen=marks(hood, closing))
    sign_in(client, "noor")
    page = text_of(client.get(f"/reserveringen/{displaced}"))
    offered = re.findall(r'href="(/r/de-linde/reserveren\?day=2026-12[^"]*)"', page)
    assert len(offered) == (0 if has_another else 3)
    assert ("Deze tijden zijn vrij" in page) is not has_another
    assert ("Kies een andere tijd" in page) is has_another
    for way in offered:
        form = text_of(client.get(way.replace("&amp;", "&")))
        assert "om-notice" not in form.split("booking-preview", 1)[1].split("</form>", 1)[0]


def test_who_moved_out_is_not_sent_to_a_form_that_is_not_for_them(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    displaced = hood.book("noor", *WEDNESDAY)
    close_over(hood, ALL_WEDNESDAY, seen=marks(hood))
    given_back = hood.book("noor", "2026-11-27 14:00", "2026-11-27 16:00")
    cancel(hood, "noor", given_back)
    with hood.app.app_context(), unit_of_work():
        execute(
            text("update residency set until = '2026-11-24' where person_id = :id"), id=hood.people["noor"]
        )
    sign_in(client, "noor")
    for each in (displaced, given_back):
        page = text_of(client.get(f"/reserveringen/{each}"))
        assert "fgezegd" in page
        assert "/r/de-linde/reserveren" not in page
