"""What goes along and what stays: decided for every column there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ontmoet.db import Base
from ontmoet.exports.tables import TABLES, meanings
from ontmoet.exports.told import LEFT_OUT
from ontmoet.exports.told_people import PEOPLE
from ontmoet.exports.told_rooms import ROOMS

if TYPE_CHECKING:
    from flask import Flask

SECRET = re.compile(r"hash|digest|sealed|secret|token|password|(?:^|_)(?:pin|code|session)(?:$|_(?!id))")
WHAT_TO_DO = (
    "Say in ontmoet/exports/told_*.py what {} holds, and it goes along with an export; or in LEFT_OUT of"
    " told.py why it stays."
)


def test_every_column_goes_along_or_stays_for_a_reason(app: Flask) -> None:
    there = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.c}
    goes = {(table, column) for table, told in TABLES.items() for column in told.columns}
    stays = {(table, column) for table, column in there if {table, f"{table}.{column}"} & LEFT_OUT.keys()}
    undecided = sorted(".".join(each) for each in there - goes - stays)
    assert undecided == [], WHAT_TO_DO.format(", ".join(undecided))
    assert goes <= there
    assert goes & stays == set()
    assert {left.partition(".")[0] for left in LEFT_OUT} <= Base.metadata.tables.keys()
    assert {tuple(left.split(".")) for left in LEFT_OUT if "." in left} <= there


def test_no_column_that_looks_like_a_secret_goes_along() -> None:
    assert [
        f"{name}.{column}"
        for name, told in TABLES.items()
        for column in told.columns
        if SECRET.search(column)
    ] == []


def test_words_for_secrets_are_known_when_they_are_seen() -> None:
    secrets = ("password_hash", "code_digest", "pin", "api_token", "session", "sealed", "pin_code")
    assert [name for name in secrets if not SECRET.search(name)] == []
    assert [name for name in ("code_id", "opening", "name") if SECRET.search(name)] == []


def test_every_table_and_column_has_words(app: Flask) -> None:
    assert not ROOMS.keys() & PEOPLE.keys()
    titles = [told.title for told in TABLES.values()]
    assert len(set(titles)) == len(titles)
    for name in TABLES:
        assert all(each.what and each.values for each in meanings(name)), name
    assert all(why.endswith(".") for why in LEFT_OUT.values())


def test_legend_says_which_codes_and_which_table(app: Flask) -> None:
    said = {each.column: each.values for each in meanings("booking")}
    assert said["status"] == "waiting, offered, requested, confirmed, declined, cancelled, lapsed"
    assert said["room_id"] == "id uit room"
    assert said["for_corporation"] == "ja of nee (in JSON: true of false)"
    assert said["starts_at"] == "tijdstip in Nederland, met het verschil met UTC"
