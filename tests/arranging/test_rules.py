"""What a room misses, names in addresses, streets, and two who edit at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ontmoet.arranging.rules import (
    Facts,
    Missing,
    Reason,
    Seen,
    Side,
    address_name_of,
    free_slug,
    in_order_of_streets,
    missing_from,
    numbers_of,
    slug_of,
)

WHOLE = Facts("Lindestraat 12", "Hofwijk", "sen", 118, zones=2, homes=64, days_open=7)


def test_room_with_everything_misses_nothing() -> None:
    assert missing_from(WHOLE) == ()


def test_each_field_that_is_empty_is_missing_in_the_order_of_the_pages() -> None:
    assert missing_from(Facts("", "", None, None, 0, 0, 0)) == tuple(Missing)
    assert missing_from(replace(WHOLE, area_m2=None, homes=0)) == (Missing.AREA, Missing.HOMES)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("De Linde", "de-linde"),
        ("’t Hoekje", "t-hoekje"),
        ("Café Één!", "cafe-een"),
        ("مرحبا", ""),
        ("a" * 60, "a" * 40),
    ],
)
def test_name_becomes_a_slug(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_slug_that_is_taken_gets_a_number() -> None:
    assert free_slug("zaal", {"keuken"}) == "zaal"
    assert free_slug("zaal", {"zaal", "zaal-2"}) == "zaal-3"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("Lindestraat 14b", "linde-14b"),
        ("Lindestraat 14 B", "linde-14-b"),
        ("Het Plein 3", "het-plein-3"),
        ("Straat 3", "straat-3"),
        ("Burgemeester de Vrieslaan 2-11", "burgemeester-de-vries-2-11"),
    ],
)
def test_address_gets_a_short_name(address: str, name: str) -> None:
    assert address_name_of(address) == name


@pytest.mark.parametrize(
    ("first", "last", "side", "numbers"),
    [
        (1, 7, Side.ODD, [1, 3, 5, 7]),
        (1, 7, Side.EVEN, [2, 4, 6]),
        (2, 4, Side.ALL, [2, 3, 4]),
        (2, 2, Side.ODD, []),
        (5, 4, Side.ALL, []),
    ],
)
def test_numbers_of_one_side_of_a_street(first: int, last: int, side: Side, numbers: list[int]) -> None:
    assert list(numbers_of(first, last, side)) == numbers


def test_addresses_stand_in_the_order_of_the_street() -> None:
    mixed = ["Lindestraat 14b", "Lindestraat 2", "Beukstraat 9", "Lindestraat 14a", "Zonder nummer"]
    assert sorted(mixed, key=in_order_of_streets) == [
        "Beukstraat 9",
        "Lindestraat 2",
        "Lindestraat 14a",
        "Lindestraat 14b",
        "Zonder nummer",
    ]
    inside = ["Kadeweg 18-10", "Kadeweg 18-2", "Kadeweg 18"]
    assert sorted(inside, key=in_order_of_streets) == ["Kadeweg 18", "Kadeweg 18-2", "Kadeweg 18-10"]


def test_what_nobody_else_changed_is_no_clash() -> None:
    seen = Seen.read(str(Seen.of({"name": "A", "town": "T"})))
    assert list(seen.clashes({"name": "A", "town": "T"}, {"name": "B", "town": "T"})) == []


def test_clash_says_whether_the_writer_changed_it_too() -> None:
    seen = Seen.of({"name": "A", "town": "T", "door": "x"})
    current = {"name": "B", "town": "U", "door": "y"}
    mine = {"name": "A", "town": "V", "door": "y"}
    assert list(seen.clashes(current, mine)) == [
        ("name", Reason.CHANGED_MEANWHILE),
        ("town", Reason.CHANGED_BY_BOTH),
    ]


def test_form_that_says_nothing_of_what_was_seen_overwrites_nothing() -> None:
    assert list(Seen.read("geen:woord").clashes({"name": "A"}, {"name": "B"})) == [
        ("name", Reason.CHANGED_BY_BOTH)
    ]
