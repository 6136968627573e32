"""Addresses and queries that programs make up: never a 5xx, never what is somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import sign_in
from tests.real.garbage.pages import RESERVE, every_rule, good_form
from tests.watching import public_id_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.real.garbage.reading import Readers
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
    "adres",
    "alles",
    "beurt",
    "beurten",
    "closes",
    "closes_2",
    "exception",
    "first",
    "gevonden",
    "gezocht",
    "hier",
    "how",
    "into",
    "koppel",
    "last",
    "opens",
    "opens_2",
    "opnieuw",
    "pagina",
    "reason",
    "regio",
    "responsible",
    "ruimte",
    "seen",
    "state",
    "step",
    "uit",
    "vanaf",
    "zoek",
)
"""Whatever a page reads of a query: the pages themselves tell when one is missing."""


def test_garbage_in_a_query_never_breaks_a_page(ali: FlaskClient, world: World, readers: Readers) -> None:
    """All values in one test, so that pages that read none of them are found out once."""
    booking = world.hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    before = world.number("select count(*) from audit")
    pages = every_rule(world, "GET", booking)
    forms = (RESERVE, f"/reserveringen/{booking}/wijzigen")
    for at, value in enumerate(GARBAGE):
        everything = "&".join(f"{argument}={value}" for argument in ARGUMENTS)
        whole = [(("ali", rule), f"{path}?{everything}") for rule, path in pages.items()]
        statuses = readers.statuses(ali, whole, ARGUMENTS)
        for number, argument in enumerate(ARGUMENTS, at):
            form, as_part = forms[number // 2 % 2], bool(number % 2)
            statuses |= _asked_alone(ali, readers, form, argument, value, as_part=as_part)
        # Figures for a monitor and pages for others are not there for Ali, whatever is asked.
        fine = (200, 302, 303, 400, 403, 404)
        assert {url: status for url, status in statuses.items() if status not in fine} == {}
        # Two that read most: this value was asked.
        assert f"/r/de-linde/agenda?dag={value}" in statuses
        assert not {f"{form}?day=2026-11-25&starts={value}" for form in forms}.isdisjoint(statuses)
    assert world.number("select count(*) from audit") == before, "looking changes nothing"
    assert readers.names <= set(ARGUMENTS)


def _asked_alone(
    ali: FlaskClient, readers: Readers, form: str, argument: str, value: str, *, as_part: bool
) -> dict[str, int]:
    """The same of pages that are given this argument, or of the part that is drawn anew as one types: a block
    of the same page. Each argument is asked with half of the values as either, and with half of both in the
    form for a new booking: that to change one reads it in the same way.
    """
    asked = [f"{form}?day=2026-11-25&{argument}={value}"]
    if argument in ("dag", "week", "maand", "lijst"):
        asked.append(f"/r/de-linde/agenda?{argument}={value}")
    if argument == "van":
        asked.append(f"{RESERVE}?van={value}")
    if argument == "tot":
        asked.append(f"{RESERVE}?van=2026-11-25&tot={value}")
    of_kind = [(("ali", form, number, argument, as_part), url) for number, url in enumerate(asked)]
    return readers.statuses(ali, of_kind, (argument,), **({"HX-Request": "true"} if as_part else {}))


def test_garbage_in_a_query_never_breaks_a_page_of_staff(world: World, readers: Readers) -> None:
    booking = world.hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    sanne = world.hood.app.test_client()
    sign_in(sanne, "sanne")
    person = public_id_of(world.hood.app, "person", world.hood.people["noor"])
    pages = [
        (("sanne", name, rule), path)
        for name, about in (("booking", booking), ("person", person))
        for rule, path in every_rule(world, "GET", about).items()
        if name == "booking" or about in path
    ]
    for value in GARBAGE:
        everything = "&".join(f"{argument}={value}" for argument in ARGUMENTS)
        asked = [(kind, f"{path}?{everything}") for kind, path in pages]
        statuses = readers.statuses(sanne, asked, ARGUMENTS)
        assert {url: status for url, status in statuses.items() if status >= 500} == {}
        assert statuses[f"/r/de-linde/mensen?{everything}"] == 200
    assert readers.names <= set(ARGUMENTS)


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
