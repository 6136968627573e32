"""What somebody chose is shown again when it is refused, also what is none of the choices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cast import booking_form, sign_in
from tests.watching import errors, inputs, row_counts, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.cast import Neighbourhood

URL = "/r/de-linde/reserveren"
TODAY = "2026-11-24"
LAST_DAY = "2027-05-23"
"""The horizon of De Linde is 180 days."""


@pytest.fixture
def noor(client: FlaskClient, hood: Neighbourhood) -> FlaskClient:
    sign_in(client, "noor")
    return client


def refused(client: FlaskClient, **fields: str) -> str:
    answer: TestResponse = client.post(URL, data=booking_form(client, **fields))
    assert answer.status_code == 422
    return answer.get_data(as_text=True)


def strip(page: str) -> list[str]:
    """The days that can be chosen."""
    return re.findall(r'<input type="radio" name="day" [^>]*value="([^"]*)"', page)


def label(page: str, day: str) -> str:
    return " ".join(visible(page.split(f'<label for="day-{day}">')[1].split("</label>")[0]).split())


@pytest.mark.parametrize(
    ("day", "words", "sentence"),
    [
        ("2026-11-23", "ma 23 nov", "Deze tijd is al voorbij. Kies een latere tijd."),
        ("2020-01-01", "wo 1 jan 2020", "Deze tijd is al voorbij. Kies een latere tijd."),
        (
            "2027-05-24",
            "ma 24 mei 2027",
            "Je kunt nu reserveren tot en met zo 23 mei 2027. Kies een eerdere dag.",
        ),
        (
            "2031-02-28",
            "vr 28 feb 2031",
            "Je kunt nu reserveren tot en met zo 23 mei 2027. Kies een eerdere dag.",
        ),
    ],
)
def test_day_outside_the_strip_stays_chosen_beside_days_that_can_be(
    noor: FlaskClient, day: str, words: str, sentence: str
) -> None:
    page = refused(noor, day=day)
    days = strip(page)
    assert inputs(page)["day"] == day
    assert label(page, day) == words
    assert errors(page) == {"day": sentence}
    assert days == sorted(set(days)), "once, and in its place"
    possible = [other for other in days if TODAY <= other <= LAST_DAY]
    assert len(possible) == len(days) - 1 >= 3
    assert noor.post(URL, data={**inputs(page), "day": possible[-1]}).status_code == 303


@pytest.mark.parametrize(
    ("day", "first", "last", "number"),
    [
        ("2026-12-07", TODAY, "2026-12-07", 14),
        ("2026-12-08", "2026-12-05", "2026-12-18", 14),
        (LAST_DAY, "2027-05-20", LAST_DAY, 4),
    ],
)
def test_strip_of_a_day_that_can_be_booked_has_no_other_day_beside_it(
    noor: FlaskClient, day: str, first: str, last: str, number: int
) -> None:
    page = refused(noor, day=day, people="0")
    assert inputs(page)["day"] == day
    assert (strip(page)[0], strip(page)[-1], len(strip(page))) == (first, last, number)


@pytest.mark.parametrize(
    ("field", "typed", "shown"),
    [
        ("day", "morgen", "morgen"),
        ("day", "2031-02-30", "2031-02-30"),
        ("day", "9999-12-31", "9999-12-31"),
        ("day", "<b>nu</b>", "&lt;b&gt;nu&lt;/b&gt;"),
        ("day", "d" * 5_000, f"{'d' * 40}…"),
        ("zone", "zolder", "zolder"),
        ("zone", "zal\u202e\0en", "zalen"),
        ("zone", "z" * 5_000, f"{'z' * 40}…"),
    ],
    ids=lambda value: value[:12],
)
def test_what_is_no_choice_is_shown_in_words_at_its_field(
    noor: FlaskClient, hood: Neighbourhood, field: str, typed: str, shown: str
) -> None:
    page = refused(noor, **{field: typed})
    assert list(errors(page)) == [field]
    assert f" Je vulde in: ‘<bdi>{shown}</bdi>’.</span>" in page
    # Without a part a form means the whole room; a day has to be chosen anew.
    assert inputs(page).get(field) == {"day": None, "zone": "grote-zaal"}[field]
    mended = {"day": "2026-11-25", "zone": "keuken"}[field]
    assert noor.post(URL, data={**inputs(page), field: mended}).status_code == 303
    assert row_counts(hood.app, "booking") == {"booking": 1}


@pytest.mark.parametrize(("field", "typed"), [("day", ""), ("day", "\0"), ("zone", "\0")])
def test_what_cannot_be_shown_is_not_quoted(noor: FlaskClient, field: str, typed: str) -> None:
    page = refused(noor, **{field: typed})
    assert list(errors(page)) == [field]
    assert "Je vulde in" not in page
    assert inputs(page)["zone"] == "grote-zaal"


def test_part_that_is_not_here_is_said_together_with_a_day_that_cannot_be_read(noor: FlaskClient) -> None:
    """Else it was forgotten by the time the day is mended, and no part is the whole room."""
    found = errors(refused(noor, day="morgen", zone="zolder"))
    assert found == {
        "day": "Kies een dag uit de lijst. Je vulde in: ‘<bdi>morgen</bdi>’.",
        "zone": "Dit deel is er niet in deze ruimte. Kies een deel uit de lijst. "
        "Je vulde in: ‘<bdi>zolder</bdi>’.",
    }
