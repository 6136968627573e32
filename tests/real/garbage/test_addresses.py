"""Addresses and queries that programs make up: never a 5xx, never what is somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import sign_in
from tests.real.garbage.pages import RESERVE, every_path, good_form
from tests.watching import public_id_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.real.world import World

GARBAGE = (
    "",
    "x",
    "0",
    "-1",
    "%00",
    "%ff",
    "%ED%A0%80",
    "٣",
    "9" * 400,
    str(2**63),
    "2026-13-45",
    "0001-01-01",
    "9999-12-31",
    "2099-12-31",
    "2000-01-01",
    "2026-W00",
    "2026-W54",
    "2099-W53",
    "2000-W01",
    "2026-00",
    "2099-12",
    "2000-01",
    "2027-03-28T02:30",
    "2027-10-31T02:30",
    "2026-11-25T24:00",
    "2026-11-25T14:00:00Z",
    "2026-11-25 14:00",
    "T",
    "2026-11-25T",
    "<script>",
    "' or 1=1",
    "%0d%0aX-Evil:1",
    "🙂",
)
ARGUMENTS = (
    "bericht",
    "c",
    "code",
    "deel",
    "functie",
    "met",
    "naam",
    "t",
    "toon",
    "versie",
    "voor",
    "dag",
    "week",
    "maand",
    "lijst",
    "van",
    "tot",
    "day",
    "starts",
    "ends",
    "zone",
    "people",
    "purpose",
    "idempotency_key",
    "version",
    "offered",
    "people_step",
    "next",
)


@pytest.mark.parametrize("value", GARBAGE)
def test_garbage_in_a_query_never_breaks_a_page(ali: FlaskClient, world: World, value: str) -> None:
    booking = world.hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    before = world.number("select count(*) from audit")
    everything = "&".join(f"{argument}={value}" for argument in ARGUMENTS)
    pages = [f"{path}?{everything}" for path in every_path(world, "GET", booking)]
    forms = (RESERVE, f"/reserveringen/{booking}/wijzigen")
    asked = [f"{form}?day=2026-11-25&{argument}={value}" for form in forms for argument in ARGUMENTS]
    asked += [f"/r/de-linde/agenda?{argument}={value}" for argument in ("dag", "week", "maand", "lijst")]
    asked += [f"{RESERVE}?van={value}", f"{RESERVE}?van=2026-11-25&tot={value}"]
    statuses = {url: ali.get(url).status_code for url in (*pages, *asked)}
    # A fragment is a block of the same page, so it is asked for where a part is drawn anew as one types.
    statuses |= {f"{url} htmx": ali.get(url, headers={"HX-Request": "true"}).status_code for url in asked}
    # Figures for a monitor and pages for others are not there for Ali, whatever is asked.
    broken = {url: status for url, status in statuses.items() if status not in (200, 302, 303, 400, 403, 404)}
    assert broken == {}
    assert world.number("select count(*) from audit") == before, "looking changes nothing"


@pytest.mark.parametrize("value", GARBAGE)
def test_garbage_in_a_query_never_breaks_a_page_of_staff(world: World, value: str) -> None:
    booking = world.hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    sanne = world.hood.app.test_client()
    sign_in(sanne, "sanne")
    everything = "&".join(f"{argument}={value}" for argument in ARGUMENTS)
    person = public_id_of(world.hood.app, "person", world.hood.people["noor"])
    statuses = {
        path: sanne.get(f"{path}?{everything}").status_code
        for about in (booking, person)
        for path in every_path(world, "GET", about)
    }
    assert {path: status for path, status in statuses.items() if status >= 500} == {}
    assert statuses["/r/de-linde/mensen"] == 200


@pytest.mark.parametrize(
    "public_id",
    [
        "1",
        "0",
        "-1",
        str(2**63),
        "9" * 400,
        "٣٣٣٣٣٣٣٣٣٣",
        "aaaaaaaaa",
        "aaaaaaaaaa",
        "AAAAAAAAAA",
        "aaaaaaaaaaa",
        "iloiloiloi",
        "%00%00%00%00%00%00%00%00%00%00",
        "%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff",
        "../../../etc/passwd",
        "%2e%2e%2f%2e%2e",
        "aaaaaaaaaa%0a",
        "'or'1'='1'",
    ],
)
def test_garbage_as_id_is_not_there(ali: FlaskClient, public_id: str) -> None:
    for tail in ("", "/wijzigen", "/agenda.ics"):
        assert ali.get(f"/reserveringen/{public_id}{tail}").status_code == 404, tail
    data = {"csrf_token": good_form(ali)["csrf_token"]}
    for tail in ("/wijzigen", "/afzeggen"):
        assert ali.post(f"/reserveringen/{public_id}{tail}", data=data).status_code == 404, tail


@pytest.mark.parametrize(
    "slug", ["niet-hier", "De-Linde", "de--linde", "-", "%00", "%ff", "x" * 4_000, "de-linde%0a", "..", "٣"]
)
def test_garbage_as_room_is_not_there(ali: FlaskClient, slug: str) -> None:
    for tail in ("", "/agenda", "/reserveren"):
        assert ali.get(f"/r/{slug}{tail}").status_code == 404, tail


def test_a_booking_of_somebody_else_is_not_there(ali: FlaskClient, world: World) -> None:
    theirs = world.hood.book("noor", "2026-11-26 14:00", "2026-11-26 16:00")
    form = {**good_form(ali), "version": "1"}
    for tail in ("", "/wijzigen", "/agenda.ics"):
        assert ali.get(f"/reserveringen/{theirs}{tail}").status_code == 404
    for tail in ("/wijzigen", "/afzeggen"):
        assert ali.post(f"/reserveringen/{theirs}{tail}", data=form).status_code == 404
    assert world.number("select count(*) from booking where version > 1") == 0
