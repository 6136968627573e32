"""What programs, mistakes and bad luck send: never a 5xx, always words, never anything stored."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontmoet.db import db
from ontmoet.kernel import clock
from ontmoet.kernel import text as parsers
from ontmoet.kernel.text import Malformed
from ontmoet.web.redirects import safe_path
from tests import builders as make
from tests.builders import new_key
from tests.cast import booking_form, sign_in, token_in
from tests.conftest import TUESDAY
from tests.real.world import World, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

RESERVE = "/r/de-linde/reserveren"
NIGHT = "/r/de-nacht/reserveren"
"""A room that never closes and can be booked a year ahead: there the clock changes at night."""

EMOJI_AND_ARABIC = 'Thee ☕ met <b>"Ömer"</b> & عائلة'


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[World]:
    """One world for all tests here; De Nacht is open to Ali's complex too."""
    data = tmp_path_factory.mktemp("house")
    url = f"sqlite:///{shutil.copy(migrated_sqlite, data / 'ontmoet.db')}"
    with clock.frozen(TUESDAY), opened(url, data, residents=0) as world:
        with world.hood.app.app_context():
            make.make_room(
                complex_id=world.number("select complex_id from room where slug = 'de-linde'"),
                slug="de-nacht",
                zones=(("grote-zaal", "Grote zaal", 40), ("keuken", "Keuken", 8)),
                opens=0,
                closes=24 * 60,
                horizon_days=400,
            )
            db.session.remove()
        yield world


@pytest.fixture
def world(house: World) -> Iterator[World]:
    """The world without bookings."""
    yield house
    house.empty()


@pytest.fixture
def stranger(world: World) -> FlaskClient:
    """A browser that nobody signed in on."""
    return world.hood.app.test_client()


@pytest.fixture(scope="module")
def signed_in_once(house: World) -> str:
    client = house.hood.app.test_client()
    sign_in(client, "ali")
    cookie = client.get_cookie("ontmoet")
    assert cookie is not None
    return cookie.value


@pytest.fixture
def ali(world: World, signed_in_once: str) -> FlaskClient:
    """Ali's browser, signed in."""
    client = world.hood.app.test_client()
    client.set_cookie("ontmoet", signed_in_once)
    return client


@dataclass
class Bad:
    """Fields that are wrong, where the words about it stand, and what of it must be shown again."""

    name: str
    fields: dict[str, str]
    at: str
    room: str = RESERVE
    kept: tuple[str, ...] = field(default=())


OTHER_DIGITS = "\u0661\u0664:\u0660\u0660"
MANY = "9" * 5_000
BAD = [
    Bad("past day", {"day": "2026-11-23"}, "day", kept=("2026-11-23",)),
    Bad("past hour", {"day": "2026-11-24", "starts": "09:00", "ends": "10:00"}, "starts"),
    Bad("reversed", {"starts": "16:00", "ends": "14:00"}, "ends", kept=("16:00", "14:00")),
    Bad("no length", {"starts": "14:00", "ends": "14:00"}, "ends"),
    Bad("too short", {"starts": "14:00", "ends": "14:15"}, "ends"),
    Bad("too long", {"starts": "08:00", "ends": "22:00"}, "ends"),
    Bad("whole day", {"starts": "00:00", "ends": "24:00"}, "starts"),
    Bad("start at 24:00", {"starts": "24:00", "ends": "24:00"}, "ends"),
    Bad("before opening", {"starts": "06:00", "ends": "08:00"}, "starts"),
    Bad("too far ahead", {"day": "2027-11-25"}, "day", kept=("2027-11-25",)),
    Bad("skipped hour", {"day": "2027-03-28", "starts": "02:30", "ends": "04:00"}, "starts", NIGHT),
    Bad("ends in the skipped hour", {"day": "2027-03-28", "starts": "01:00", "ends": "02:30"}, "ends", NIGHT),
    Bad("year 9999", {"day": "9999-12-31"}, "day"),
    Bad("year 1", {"day": "0001-01-01"}, "day"),
    Bad("year 2100", {"day": "2100-01-01"}, "day", kept=("2100-01-01",)),
    Bad("30 February", {"day": "2027-02-30"}, "day", kept=("2027-02-30",)),
    Bad("day with letters", {"day": "morgen"}, "day", kept=("morgen",)),
    Bad("day with other digits", {"day": "\uff12\uff10\uff12\uff16-11-25"}, "day"),
    Bad("day with an instant", {"day": "2026-11-25T14:00"}, "day"),
    Bad("week as day", {"day": "2026-W48-3"}, "day"),
    Bad("hour 25", {"starts": "25:00"}, "starts", kept=("25:00",)),
    Bad("minute 60", {"ends": "15:60"}, "ends", kept=("15:60",)),
    Bad("negative time", {"starts": "-1:00"}, "starts", kept=("-1:00",)),
    Bad("time with other digits", {"starts": OTHER_DIGITS}, "starts", kept=(OTHER_DIGITS,)),
    Bad("time with seconds", {"starts": "14:00:00"}, "starts"),
    Bad("markup as time", {"starts": "<script>alert(1)</script>"}, "starts"),
    Bad("unknown zone", {"zone": "balzaal"}, "zone", kept=("balzaal",)),
    Bad("NUL as zone", {"zone": "\0"}, "zone"),
    Bad("very long zone", {"zone": "z" * 20_000}, "zone", kept=("z" * 40 + "…",)),
    Bad("a million people", {"people": "1000000"}, "people", kept=("1000000",)),
    Bad("nobody", {"people": "0"}, "people", kept=("0",)),
    Bad("minus one", {"people": "-1"}, "people", kept=("-1",)),
    Bad("four and a half", {"people": "4.5"}, "people", kept=("4.5",)),
    Bad("full-width digits", {"people": "\uff11\uff12"}, "people", kept=("\uff11\uff12",)),
    Bad("Arabic-Indic digits", {"people": "٣"}, "people", kept=("٣",)),
    Bad("underscore", {"people": "1_0"}, "people", kept=("1_0",)),
    Bad("plus", {"people": "+5"}, "people", kept=("+5",)),
    Bad("exponent", {"people": "1e1"}, "people", kept=("1e1",)),
    Bad("not a number", {"people": "NaN"}, "people", kept=("NaN",)),
    Bad("superscript", {"people": "²"}, "people", kept=("²",)),
    Bad("5,000 digits", {"people": MANY}, "people", kept=(MANY,)),
    Bad("2 to the 63rd", {"people": str(2**63)}, "people", kept=(str(2**63),)),
    Bad("10 to the 400th", {"people": "1" + "0" * 400}, "people"),
    Bad("no number", {"people": ""}, "people"),
    Bad("NUL in a number", {"people": "4\0"}, "people"),
    Bad("NUL in the purpose", {"purpose": "thee\0drinken"}, "purpose"),
    Bad("escape sequence", {"purpose": "\x1b[31mrood"}, "purpose"),
    Bad("purpose of 81", {"purpose": "x" * 81}, "purpose", kept=("x" * 81,)),
    Bad("purpose of 20,000", {"purpose": "y" * 20_000}, "purpose", kept=("y" * 20_000,)),
    Bad("combining marks", {"purpose": "a" + "\u0301" * 500}, "purpose"),
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_bad_input_is_refused_in_words_at_its_field(ali: FlaskClient, world: World, bad: Bad) -> None:
    fields = {**good_form(ali), **bad.fields}
    answer = ali.post(bad.room, data=fields)
    refused(answer, bad.at)
    for typed in bad.kept:
        assert typed in values_of(answer), "what was typed stays"
    # The rest of what was filled in is not lost either.
    rest = {name: fields[name] for name in ("purpose", "people") if name not in bad.fields}
    assert set(rest.values()) <= set(values_of(answer))
    assert world.number("select count(*) from booking") == 0
    assert world.number("select count(*) from idempotency") == 0
    # The same form, mended, still works: a refusal does not use its key up.
    mended = ali.post(RESERVE, data={**fields, **dict.fromkeys(bad.fields), **mended_fields(bad)})
    assert mended.status_code == 303, words(mended)


@pytest.mark.parametrize("name", ["day", "starts", "ends", "people", "idempotency_key"])
def test_missing_field_is_refused(ali: FlaskClient, world: World, name: str) -> None:
    fields = good_form(ali)
    del fields[name]
    refused(ali.post(RESERVE, data=fields), None if name == "idempotency_key" else name)
    assert world.number("select count(*) from booking") == 0


def test_without_zone_and_purpose_it_is_the_whole_room(ali: FlaskClient, world: World) -> None:
    fields = good_form(ali)
    del fields["zone"], fields["purpose"]
    assert ali.post(RESERVE, data=fields).status_code == 303
    assert world.number("select count(*) from occupancy") == 2


@pytest.mark.parametrize(
    "key",
    [
        "short",
        "x" * 65,
        "",
        "with space in the middle",
        "a" * 15 + "é",
        "a" * 16 + "\n",
        "../../etc/passwd123",
    ],
)
def test_key_of_another_shape_is_refused(ali: FlaskClient, world: World, key: str) -> None:
    refused(ali.post(RESERVE, data={**good_form(ali), "idempotency_key": key}), None)
    assert world.number("select count(*) from booking") == 0


def test_key_reused_with_other_fields_is_refused_and_with_the_same_gives_the_same(
    ali: FlaskClient, world: World
) -> None:
    fields = good_form(ali)
    first = ali.post(RESERVE, data=fields)
    assert ali.post(RESERVE, data=fields).location == first.location
    refused(ali.post(RESERVE, data={**fields, "day": "2026-11-26"}), None)
    assert world.number("select count(*) from booking") == 1


def test_hour_that_comes_twice_is_the_first(ali: FlaskClient, world: World) -> None:
    fields = {**good_form(ali), "day": "2027-10-31", "starts": "02:30", "ends": "04:00"}
    assert ali.post(NIGHT, data=fields).status_code == 303
    # From 02:30 summer time until 04:00 winter time is two and a half hours.
    assert world.number("select ends_at - starts_at from booking") == 2.5 * 3600
    agenda = ali.get("/r/de-nacht/agenda?dag=2027-10-31").get_data(as_text=True)
    assert 'data-starts="2027-10-31T00:30:00Z"' in agenda


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (EMOJI_AND_ARABIC, EMOJI_AND_ARABIC),
        ("İstanbul ß Ĳ e\u0301", "İstanbul ß Ĳ é"),
        ("  veel   ruimte\tertussen ", "veel ruimte ertussen"),
        ("rechts \u202eskniL\u2066 om", "rechts skniL om"),
        ("👩‍👩‍👧‍👦 familie", "👩‍👩‍👧‍👦 familie"),
        ("=1+1", "=1+1"),
        ("{{ 7*7 }}", "{{ 7*7 }}"),
        ("' or 1=1; --", "' or 1=1; --"),
        ("regel een\r\nBcc: x@y.example", "regel een Bcc: x@y.example"),
    ],
)
def test_purpose_keeps_its_letters_and_is_inert(
    ali: FlaskClient, world: World, typed: str, kept: str
) -> None:
    where = ali.post(RESERVE, data={**good_form(ali), "purpose": typed}).location
    assert world.rows("select purpose from booking") == [(kept,)]
    for path in (where, "/r/de-linde/agenda?dag=2026-11-25", f"{where}/wijzigen", "/mijn"):
        page = ali.get(path).get_data(as_text=True)
        assert "<b>" + '"' not in page
        assert "<script>alert" not in page
    assert kept in unescape(ali.get(where).get_data(as_text=True))
    assert ali.get(f"{where}/agenda.ics").status_code == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"purpose=%ff%fe",
        b"purpose=\xff\xfe",
        b"purpose=%ED%A0%80",
        b"purpose=%C0%AF",
        b"purpose=%",
        b"purpose=%zz%u1234",
        b"people=%FF",
        b"day=%ED%A0%80",
        b"starts=%ED%A0%80",
        b"zone=%ED%A0%80",
        b"=&=&&&;;",
        b"purpose[]=x&purpose[a]=y",
    ],
    ids=repr,
)
def test_bytes_that_are_no_text_never_break_anything(ali: FlaskClient, world: World, raw: bytes) -> None:
    fields = good_form(ali)
    name = raw.split(b"=", 1)[0].decode()
    fields.pop(name, None)
    rest = "&".join(f"{key}={quote(value)}" for key, value in fields.items()).encode()
    answer = ali.post(RESERVE, data=raw + b"&" + rest, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (303, 400, 422), words(answer)
    if answer.status_code == 422:
        refused(answer, name)
    for (purpose,) in world.rows("select purpose from booking"):
        assert re.fullmatch(r"[ -~]*", purpose), "at most the escapes themselves are stored"


def test_two_of_each_field_takes_the_first_and_300_do_not_break(ali: FlaskClient) -> None:
    fields = good_form(ali)
    twice = [(name, value) for name, value in fields.items()] + [("people", "99"), ("day", "x")]
    body = "&".join(f"{name}={quote(value)}" for name, value in twice)
    kind = "application/x-www-form-urlencoded"
    assert ali.post(RESERVE, data=body, content_type=kind).status_code == 303
    many = "&".join(f"{name}={quote(value)}" for name, value in good_form(ali).items())
    answer = ali.post(RESERVE, data=many + "&people=4" * 300, content_type=kind)
    assert answer.status_code in (303, 413, 422)
    parts = {**good_form(ali), **{f"extra{n}": "x" for n in range(300)}}
    assert ali.post(RESERVE, data=parts, content_type="multipart/form-data").status_code == 413


def test_fields_that_are_not_in_the_form_change_nothing(ali: FlaskClient, world: World) -> None:
    extra = {
        "person_id": "1",
        "home_id": "1",
        "organisation_id": "1",
        "for_corporation": "1",
        "status": "declined",
        "version": "7",
        "visibility": "open",
        "role": "admin",
        "_method": "DELETE",
    }
    assert ali.post(RESERVE, data={**good_form(ali), **extra}).status_code == 303
    assert world.number("select count(*) from booking where status = 'confirmed' and version = 1") == 1
    assert world.number("select count(*) from booking where visibility = 'closed'") == 1
    assert world.number("select person_id from booking") == world.number(
        "select id from person where email = 'ali@proef.example'"
    )


@pytest.mark.parametrize("path", [RESERVE, "/inloggen"])
def test_ten_megabytes_are_too_much(ali: FlaskClient, world: World, path: str) -> None:
    answer = ali.post(path, data={**good_form(ali), "purpose": "z" * 10_000_000})
    assert answer.status_code == 413
    assert "te veel tekst" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"people": 4}'),
        ("text/plain", b"people=4"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=people\r\n\r\n4"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"people=4"),
        ("\xff/\xff", b"people=4"),
        ("", b"people=4"),
        ("application/x-www-form-urlencoded", b""),
    ],
)
def test_other_content_type_is_malformed(ali: FlaskClient, kind: str, body: bytes) -> None:
    assert ali.post(RESERVE, data=body, content_type=kind).status_code == 400


def test_json_with_a_token_is_refused_in_words(ali: FlaskClient) -> None:
    """With a valid token only what a form says counts."""
    token = good_form(ali)["csrf_token"]
    answer = ali.post(RESERVE, json={"people": 4}, headers={"X-CSRFToken": token})
    assert answer.status_code in (400, 422)


# Addresses


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


def every_get(world: World, booking: str) -> list[str]:
    """Every page that can be read, with parts that exist."""
    paths = []
    for rule in world.hood.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            values = {"slug": "de-linde", "public_id": booking}
            with world.hood.app.test_request_context():
                _host, path = rule.build({name: values[name] for name in rule.arguments}) or ("", "")
            paths.append(path)
    return paths


@pytest.mark.parametrize("value", GARBAGE)
def test_garbage_in_a_query_never_breaks_a_page(ali: FlaskClient, world: World, value: str) -> None:
    booking = world.hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    before = world.number("select count(*) from audit")
    everything = "&".join(f"{argument}={value}" for argument in ARGUMENTS)
    asked = [f"{path}?{everything}" for path in every_get(world, booking)]
    forms = (RESERVE, f"/reserveringen/{booking}/wijzigen")
    asked += [f"{form}?day=2026-11-25&{argument}={value}" for form in forms for argument in ARGUMENTS]
    asked += [f"/r/de-linde/agenda?{argument}={value}" for argument in ("dag", "week", "maand", "lijst")]
    asked += [f"{RESERVE}?van={value}", f"{RESERVE}?van=2026-11-25&tot={value}"]
    broken = {}
    for url in asked:
        for headers in ({}, {"HX-Request": "true"}):
            status = ali.get(url, headers=headers).status_code
            if status not in (200, 302, 303, 400):
                broken[url] = status
    assert broken == {}
    assert world.number("select count(*) from audit") == before, "looking changes nothing"


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


def test_head_with_a_form_in_it_changes_nothing(ali: FlaskClient, world: World) -> None:
    """HEAD needs no form token, so it may do no more than GET."""
    booking = world.hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    form = {**good_form(ali), "version": "1"}
    del form["csrf_token"]
    kind = "application/x-www-form-urlencoded"
    found = {
        path: ali.head(path, data=form, content_type=kind).status_code for path in every_post(world, booking)
    }
    assert world.number("select count(*) from booking") == 1
    assert world.number("select count(*) from booking where version > 1") == 0
    assert set(found.values()) <= {200, 302, 303, 405}, found


def test_wrong_methods_are_refused(ali: FlaskClient, world: World) -> None:
    booking = world.hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    form = good_form(ali)
    for path in every_get(world, booking):
        for method in ("PUT", "PATCH", "DELETE", "PROPFIND", "BREW"):
            answer = ali.open(path, method=method, data={"csrf_token": form["csrf_token"]})
            assert answer.status_code == 405, (method, path)
            assert "GET" in answer.headers["Allow"]
        assert ali.head(path).status_code == ali.get(path).status_code
        assert ali.options(path).status_code in (200, 302), path
    assert ali.get(f"/reserveringen/{booking}/afzeggen").status_code == 405
    assert world.number("select count(*) from booking where status = 'cancelled'") == 0


# Where people are sent


ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:/evil.example",
    "http://evil.example",
    "https:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "/%0d%0aLocation:%20//evil.example\r\n",
    " //evil.example",
    "evil.example",
    "@evil.example",
    "http://127.0.0.1@evil.example",
    "/\x00/evil.example",
    ".//evil.example",
    "?next=//evil.example",
    "/" + "x" * 600,
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_never_leaves_the_site(stranger: FlaskClient, world: World, target: str) -> None:
    assert safe_path(target) is None
    path = f"/inloggen?next={quote(target, safe='')}"
    form = {
        "csrf_token": token_in(stranger.get(path).get_data(as_text=True)),
        "email": "ali@proef.example",
        "password": make.PASSWORD,
    }
    answer = stranger.post(path, data=form)
    assert answer.location == "/mijn"
    assert stranger.get(path).location == "/mijn", "also for somebody who is signed in already"


@pytest.mark.parametrize("target", ["/r/de-linde", "/r/de-linde/agenda?week=2026-W48", "/a?b=//c", "/é€"])
def test_next_stays_on_the_site(ali: FlaskClient, target: str) -> None:
    where = ali.get(f"/inloggen?next={quote(target, safe='')}").location
    assert re.match(r"/(?!/)", where)
    assert where.isascii()
    to_htmx = ali.get(f"/inloggen?next={quote(target, safe='')}", headers={"HX-Request": "true"})
    assert to_htmx.headers["HX-Redirect"].isascii(), "a header that a server can send"


@given(st.text(alphabet=st.sampled_from("/\\:@.?#%\t\n\r \x00\x7fahttps0"), max_size=12))
def test_safe_path_never_gives_a_host(raw: str) -> None:
    found = safe_path(raw)
    if found is not None:
        as_browsers_read = re.sub(r"[\t\n\r]", "", found).replace("\\", "/")
        assert re.match(r"/(?!/)", as_browsers_read)


# Whose form it is


def test_without_a_token_nothing_is_taken(ali: FlaskClient, world: World) -> None:
    booking = world.hood.book("ali", "2026-11-26 14:00", "2026-11-26 16:00")
    form = good_form(ali)
    token = form["csrf_token"]
    stranger = world.hood.app.test_client()
    theirs = token_in(stranger.get("/inloggen").get_data(as_text=True))
    before = world.number("select count(*) from audit")
    forged = [None, "", "x", theirs, token[:-1], token + "x", token.swapcase(), "\0", "é" * 10, MANY]
    for path in every_post(world, booking):
        for value in forged:
            fields = {name: given for name, given in form.items() if name != "csrf_token"}
            if value is not None:
                fields["csrf_token"] = value
            assert ali.post(path, data=fields).status_code == 400, (path, value)
        assert ali.post(f"{path}?csrf_token={token}", data=fields).status_code == 400, path
    assert world.number("select count(*) from audit") == before
    assert world.number("select count(*) from session where revoked_at is not null") == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "nonsense"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "http://localhost@evil.example"},
        {"Origin": "evil"},
        {"Origin": "http://["},
        {"Origin": "http://[::1"},
        {"Origin": "http://[x]/"},
        {"Origin": "http://\u2100.example"},
    ],
    ids=repr,
)
def test_forms_of_another_site_are_refused(ali: FlaskClient, world: World, headers: dict[str, str]) -> None:
    raw = {name: value.encode("utf-8").decode("latin-1") for name, value in headers.items()}
    assert ali.post(RESERVE, data=good_form(ali), headers=raw).status_code == 400
    assert world.number("select count(*) from booking") == 0


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}],
    ids=repr,
)
def test_forms_of_ours_are_taken(ali: FlaskClient, headers: dict[str, str]) -> None:
    assert ali.post(RESERVE, data=good_form(ali), headers=headers).status_code == 303


def test_without_signing_in_a_form_leads_to_signing_in(stranger: FlaskClient, world: World) -> None:
    fields = {"csrf_token": token_in(stranger.get("/inloggen").get_data(as_text=True)), "people": "4"}
    answer = stranger.post(RESERVE, data=fields)
    assert (answer.status_code, answer.location) == (303, f"/inloggen?next={RESERVE}")
    from_htmx = stranger.post(RESERVE, data=fields, headers={"HX-Request": "true"})
    assert from_htmx.headers["HX-Redirect"].startswith("/inloggen?next=")


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "ontmoet=rubbish"},
        {"Cookie": "ontmoet="},
        {"Cookie": "ontmoet=" + "A" * 3_000 + ".x.y"},
        {"Cookie": "\xff=\xff; ontmoet-device=\xff\xfe; ; ="},
        {"Host": "evil.example"},
        {"Host": "["},
        {"Host": "localhost:99999999"},
        {"HX-Request": "true", "HX-Current-URL": "//evil.example/\\x"},
        {"HX-Request": "true", "HX-Current-URL": "\xff\xfe" * 100},
        {"HX-Request": "maybe", "HX-Target": "<script>", "HX-Trigger": "\xff"},
        {"Accept-Language": "xx-YY;q=nope,,,,"},
        {"Accept-Encoding": "*;q=-1"},
        {"If-None-Match": 'W/"'},
        {"If-Modified-Since": "yesterday"},
        {"Range": "bytes=9-1,-"},
        {"X-Forwarded-For": "1.2.3.4, ::x"},
        {"X-Forwarded-Host": "evil.example"},
        {"Authorization": "Basic \xff"},
        {"Content-Length": "-1"},
    ],
    ids=repr,
)
def test_garbage_in_headers_never_breaks_a_page(
    stranger: FlaskClient, world: World, headers: dict[str, str]
) -> None:
    for path in every_get(world, "aaaaaaaaaa"):
        answer = world.hood.app.test_client(use_cookies=False).get(path, headers=headers)
        assert answer.status_code < 500, path
        assert "evil.example" not in answer.headers.get("Location", "").split("next=")[0]
    page = stranger.get("/inloggen").get_data(as_text=True)
    signing_in = {
        "csrf_token": token_in(page),
        "email": "ali@proef.example",
        "password": make.PASSWORD,
    }
    assert stranger.post("/inloggen", data=signing_in, headers=headers).status_code < 500


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("", ""),
        ("ali@proef.example", "\0"),
        ("ali@proef.example\0", make.PASSWORD),
        ("ali@proef.example", "p" * 200_000),
        ("a" * 200_000, "p"),
        ("ali@proef.example", "🙂" * 200),
        ("' or 1=1 --", "x"),
        ("\uff21\uff2c\uff29\uff20proef.example\u202e", "x"),
        ("ali@proef.example\r\nBcc: x@y.example", "x"),
    ],
)
def test_garbage_for_signing_in_is_refused(
    stranger: FlaskClient, world: World, email: str, password: str
) -> None:
    token = token_in(stranger.get("/inloggen").get_data(as_text=True))
    answer = stranger.post("/inloggen", data={"csrf_token": token, "email": email, "password": password})
    assert answer.status_code == 422
    assert stranger.get("/mijn").status_code == 302
    assert password not in answer.get_data(as_text=True) or not password or password in ("x", "p")


# The parsers


PARSERS: list[Callable[[str], object]] = [
    lambda raw: parsers.line(raw, longest=80),
    lambda raw: parsers.whole_number(raw, least=1, most=99_999_999),
    parsers.day,
    parsers.week,
    parsers.month,
    parsers.minutes,
    parsers.form_key,
]
NEAR_MISSES = st.one_of(
    st.text(),
    st.text(alphabet=st.characters(codec=None)),
    st.text(alphabet="0123456789-:W. +_eT", max_size=20),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True),
    st.from_regex(r"[0-9]{4}-W?[0-9]{2}", fullmatch=True),
    st.from_regex(r"\d{1,2}:\d{2}", fullmatch=True),
    st.from_regex(r"\d{1,30}", fullmatch=True),
)


@pytest.mark.parametrize("number", range(len(PARSERS)))
@settings(max_examples=300, deadline=None)
@given(raw=NEAR_MISSES)
def test_a_parser_gives_a_value_or_malformed(number: int, raw: str) -> None:
    try:
        found = PARSERS[number](raw)
    except Malformed:
        return
    again = found if isinstance(found, str) else None
    if again is not None:
        assert len(again) <= 80
        again.encode("utf-8")
        assert PARSERS[number](again) == again, "reading it again changes nothing"
        assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069\r\n]", again)


@given(st.integers(min_value=-(10**30), max_value=10**30))
def test_whole_numbers_are_within_bounds(number: int) -> None:
    try:
        assert 1 <= parsers.whole_number(str(number), least=1, most=500) <= 500
    except Malformed:
        assert not 1 <= number <= 500


# What the tests look at


def good_form(ali: FlaskClient) -> dict[str, str]:
    return booking_form(ali, purpose="Thee op woensdag", people="3", idempotency_key=new_key())


def mended_fields(bad: Bad) -> dict[str, str]:
    good = {
        "day": "2026-11-25",
        "starts": "14:00",
        "ends": "16:00",
        "zone": "keuken",
        "people": "3",
        "purpose": "Thee",
    }
    return {name: good[name] for name in {*bad.fields, "day", "starts", "ends"}}


def every_post(world: World, booking: str) -> list[str]:
    paths = []
    for rule in world.hood.app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            values = {"slug": "de-linde", "public_id": booking}
            with world.hood.app.test_request_context():
                _host, path = rule.build({name: values[name] for name in rule.arguments}) or ("", "")
            paths.append(path)
    return paths


class _Page(HTMLParser):
    """The ids of a page, what describes what, and every value in a control."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.described: dict[str, list[str]] = {}
        self.values: list[str] = []
        self.links: list[str] = []
        self.texts: dict[str, str] = {}
        self._inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("id")
        if name:
            self.ids.append(name)
            self.described[name] = (found.get("aria-describedby") or "").split()
            self.texts[name] = ""
            self._inside.append(name)
        if found.get("value") is not None:
            self.values.append(found["value"] or "")
        if tag == "a":
            self.links.append(found.get("href") or "")

    def handle_data(self, data: str) -> None:
        for name in self._inside[-3:]:
            self.texts[name] += data
        if data.strip():
            self.values.append(data)


def refused(answer: TestResponse, at: str | None) -> None:
    """422, in words, at the field: an element that the field says describes it, and on top of the page."""
    assert answer.status_code == 422, (answer.status_code, words(answer))
    page = _Page(answer.get_data(as_text=True))
    assert len(page.ids) == len(set(page.ids)), "ids occur once"
    assert 'role="alert"' in answer.get_data(as_text=True)
    if at is not None:
        assert f"{at}-error" in page.described[at], f"nothing is said at {at}: {words(answer)}"
        sentence = page.texts[f"{at}-error"].strip()
        assert re.match(r"[A-Z].{8,}[.!?]", sentence), sentence
        assert not re.search(r"Not a valid|This field|Invalid", sentence)
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids, f"{link} leads nowhere"


def values_of(answer: TestResponse) -> list[str]:
    return _Page(answer.get_data(as_text=True)).values


def words(answer: TestResponse) -> str:
    """The sentences of a page, for the message of a test that fails."""
    page = answer.get_data(as_text=True)
    found = re.findall(r'(?:-error"|om-error-summary).*?</(?:p|section)>', page, re.DOTALL)
    return f"{answer.status_code}: " + " | ".join(unescape(re.sub(r"<[^>]+>", " ", part)) for part in found)
