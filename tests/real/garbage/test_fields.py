"""Fields of the booking form that are wrong: refused in words at the field, nothing stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.real.garbage.pages import MANY, RESERVE, good_form, refused, values_of, words

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.real.world import World

NIGHT = "/r/de-nacht/reserveren"
"""A room that never closes and can be booked a year ahead: there the clock changes at night."""

EMOJI_AND_ARABIC = 'Thee ☕ met <b>"Ömer"</b> & عائلة'


@dataclass
class Bad:
    """Fields that are wrong, where the words about it stand, and what of it must be shown again."""

    name: str
    fields: dict[str, str]
    at: str
    room: str = RESERVE
    kept: tuple[str, ...] = field(default=())


OTHER_DIGITS = "\u0661\u0664:\u0660\u0660"
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
